"""Passages hold whole sentences, keep their exact place, and stay within the limit."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from text_samples import texts

from qa.adapters.hashing_embedder import HashingEmbedder
from qa.adapters.llama_splitter import LlamaSentenceSplitter
from qa.adapters.local_embedder import LocalEmbedder
from qa.bundled_files import bundled, embedder_folder
from qa.domain import Span
from qa.splitting import sentence_spans

CHARS_PER_TOKEN = 8
limits = st.integers(8, 64).flatmap(lambda limit: st.tuples(st.just(limit), st.integers(0, limit // 2)))


def splitter(passage_tokens: int, overlap_tokens: int = 0) -> LlamaSentenceSplitter:
    count = HashingEmbedder().count_tokens
    return LlamaSentenceSplitter(passage_tokens=passage_tokens, overlap_tokens=overlap_tokens, count_tokens=count)


def uncovered(text: str, spans: Sequence[Span]) -> str:
    left = list(text)
    for span in spans:
        left[span.start : span.end] = " " * (span.end - span.start)
    return "".join(left).strip()


@given(texts, limits)
@example("字" * 10_000, (32, 8))
@example("x" * 10_000, (32, 8))
@example("One. Two. " * 500, (8, 4))
@example("a\r\n\r\nb\r\n" * 50, (8, 0))
def test_passages_cover_every_visible_character(text: str, limit: tuple[int, int]) -> None:
    assert uncovered(text, splitter(*limit).split(text)) == ""


@given(texts, limits)
def test_passages_are_in_order_and_none_repeats_another(text: str, limit: tuple[int, int]) -> None:
    spans = splitter(*limit).split(text)
    ordered = all(one.start < other.start and one.end < other.end for one, other in itertools.pairwise(spans))
    assert (ordered, [span for span in spans if span.of(text) != span.of(text).strip()]) == (True, [])


@given(texts, limits)
def test_no_passage_is_larger_than_the_limit(text: str, limit: tuple[int, int]) -> None:
    spans = splitter(*limit).split(text)
    sizes = HashingEmbedder().count_tokens([span.of(text) for span in spans])
    assert [size for size in sizes if size > limit[0]] == []


@given(texts)
@example("0:0:0:0:0:0:0:0:0:0:0:0:0\n:\n0:0:0:0")  # a sentence without a word
def test_without_overlap_no_character_is_in_two_passages(text: str) -> None:
    spans = splitter(16).split(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


@pytest.mark.parametrize("text", ["x" * 10_000, "สวัสดี" * 2_000, "/" * 9_999])
def test_a_word_without_end_is_cut_by_characters(text: str) -> None:
    spans = splitter(32).split(text)
    longest = max(span.end - span.start for span in spans)
    assert (uncovered(text, spans), longest < (32 + 1) * CHARS_PER_TOKEN) == ("", True)


def test_a_passage_begins_and_ends_with_whole_sentences() -> None:
    text = "One two three four. Five six seven. Eight nine ten eleven. Twelve."
    starts = {span.start for span in sentence_spans(text)}
    ends = {span.end for span in sentence_spans(text)}
    spans = splitter(8, 4).split(text)
    assert [span.of(text) for span in spans] == [
        "One two three four. Five six seven.",
        "Five six seven. Eight nine ten eleven. Twelve.",
    ]
    assert all(span.start in starts and span.end in ends for span in spans)


def test_a_repeated_sentence_keeps_its_own_place() -> None:
    text = "Same here. " * 9
    starts = [span.start for span in splitter(6).split(text)]
    assert starts == [0, 33, 66]


def test_paragraphs_stay_together_where_they_fit() -> None:
    text = "One two. Three four.\n\nFive six. Seven eight.\n\nNine ten."
    assert [span.of(text) for span in splitter(5).split(text)] == [
        "One two. Three four.",
        "Five six. Seven eight.",
        "Nine ten.",
    ]


def test_a_sentence_over_the_limit_is_cut_between_words() -> None:
    text = "one two three four five six seven eight nine ten"
    parts = [span.of(text) for span in splitter(4).split(text)]
    assert parts == ["one two three four", "five six seven eight", "nine ten"]


def test_a_character_of_more_tokens_than_a_passage_does_not_hang() -> None:
    greedy = LlamaSentenceSplitter(passage_tokens=8, overlap_tokens=0, count_tokens=lambda texts: [99] * len(texts))
    assert [span.of("ab") for span in greedy.split("ab")] == ["a", "b"]


def test_text_without_visible_characters_has_no_passage() -> None:
    assert splitter(8).split(" \n\n\t ") == []


def test_more_sentences_than_are_packed_at_once_are_all_there() -> None:
    text = "\n".join(f"Line {number}." for number in range(9_000))
    assert uncovered(text, splitter(64).split(text)) == ""


def test_the_fingerprint_names_every_setting() -> None:
    prints = {splitter(64).fingerprint, splitter(64, 8).fingerprint, splitter(32).fingerprint}
    assert (len(prints), splitter(64, 8).fingerprint) == (3, "llama-sentence/6/64/8")


def test_with_the_real_tokenizer_no_passage_is_cut_off_by_the_embedder() -> None:
    embedder = LocalEmbedder(embedder_folder())
    seeds = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(bundled("seeds")).glob("*.txt")))
    text = seeds + "\n\n" + "日本の会社です。" * 300 + "\n\n" + "antidisestablishmentarianism " * 300
    spans = LlamaSentenceSplitter(passage_tokens=254, overlap_tokens=48, count_tokens=embedder.count_tokens).split(text)
    assert uncovered(text, spans) == ""
    assert max(embedder.count_tokens([span.of(text) for span in spans])) <= 254
