"""Drafts without a model: exact, sound, reproducible, spread over the documents."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.case_files import as_line, load_cases
from eval.cases import check_evidence
from eval.drafting.cloze import draft_cases
from eval.drafting.drafts import Draft, case_of
from eval.drafting.near_misses import NearMisses
from eval.drafting.sentences import names_in
from eval.matching import contains
from qa.errors import InputError

TEXTS = {
    "acme.txt": (
        "Acme\n\nAda Voss founded Acme in 1999. In 2016, Acme invested $4.4 billion in WeWork, which rents out desks. "
        "It lost money. This was a surprise. The company moved to Riga in 2004. Acme hired 250 engineers in Tallinn."
    ),
    "etna.txt": (
        "Mount Etna is the highest volcano of Europe. Mount Etna erupted twice in 2021. He saw Mount Etna in 1950. "
        "About 12% of Sicily lies within 40 km of Mount Etna. Who climbed Mount Etna in 1787?"
    ),
}

ONE_DATE = {"a.txt": "Nordic Rail opened the longest line of Finland on 31 May."}


def plain_drafts(texts: Mapping[str, str], **options: object) -> list[Draft]:
    return list(draft_cases(texts, unanswerable=0, **options))


def test_easy_sentences_become_plain_questions_of_their_amount_date_number_or_name() -> None:
    possible = {
        ("Who founded Acme in 1999?", "Ada Voss"),
        ("In which year did Ada Voss found Acme?", "1999"),
        ("How much did Acme invest in WeWork in 2016?", "$4.4 billion"),
        ("In which year did Acme invest $4.4 billion in WeWork?", "2016"),
        ("How many engineers did Acme hire in Tallinn?", "250"),
        ("Who or what hired 250 engineers in Tallinn?", "Acme"),
        ("What is the highest volcano of Europe?", "Mount Etna"),
        ("In which year did Mount Etna erupt twice?", "2021"),
        ("Fill in: About ____ of Sicily lies within 40 km of Mount Etna.", "12%"),
        ("Fill in: About 12% of Sicily lies within ____ km of Mount Etna.", "40"),
    }
    found = {(draft.question, draft.answers[0]) for seed in range(20) for draft in plain_drafts(TEXTS, seed=seed)}
    assert found == possible


def test_quotes_are_exact_and_drafts_load_as_cases(tmp_path) -> None:
    drafts = [draft for seed in range(5) for draft in draft_cases(TEXTS, seed=seed)]
    unique = {draft.fingerprint: case_of(draft, draft.fingerprint) for draft in drafts}
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(f"{as_line(case)}\n" for case in unique.values()), encoding="utf-8")
    cases = load_cases(path)
    check_evidence(cases, TEXTS)
    assert cases == list(unique.values())


def test_each_sentence_is_proposed_once_and_documents_take_turns() -> None:
    drafts = plain_drafts(TEXTS)
    quotes = [draft.evidence[0].quote for draft in drafts]
    assert len(set(quotes)) == len(quotes) == 6
    assert [draft.evidence[0].document for draft in drafts[:4]].count("etna.txt") == 2


def test_what_two_documents_say_is_proposed_once() -> None:
    assert len(plain_drafts({**TEXTS, "copy.txt": TEXTS["etna.txt"]})) == 6


def test_the_seed_decides_everything() -> None:
    assert list(draft_cases(TEXTS, seed=7)) == list(draft_cases(TEXTS, seed=7))
    assert plain_drafts(TEXTS, seed=7) != plain_drafts(TEXTS, seed=8)


def test_near_misses_are_unanswerable_and_flagged() -> None:
    texts = {f"{year}.txt": f"Acme sold {year % 97} ships to Norway in {year}." for year in range(1960, 1990)}
    drafts = list(draft_cases(texts, unanswerable=0.5))
    misses = [draft for draft in drafts if not draft.answerable]
    assert len(misses) >= 10
    for miss in misses:
        assert (miss.answers, miss.evidence, miss.tags) == ((), (), ("cloze", "near-miss"))
        assert miss.check.endswith("accept it only if no document answers this.")
        assert miss.source is not None and miss.is_complete
        assert not any(contains(text, miss.question.removeprefix("Fill in: ")) for text in texts.values())


def test_an_answer_does_not_carry_the_full_stop() -> None:
    found = {draft.answers[0] for seed in range(20) for draft in plain_drafts(ONE_DATE, seed=seed)}
    assert "31 May" in found and not any(answer.endswith(".") for answer in found)


def test_a_name_is_exchanged_for_a_whole_name_of_the_same_form_alone() -> None:
    misses = NearMisses()
    text = "He met Edmund J. Lane LLP of Oslo. He saw Ada Voss, the Red Cross and the Blue Star. It lies in Bergen."
    misses.learn((), names_in(text), text)
    for asked, allowed in {
        "Who paid Ada Voss?": set(),
        "Who paid the Red Cross?": {"Who paid the Blue Star?"},
        "Who lives in Bergen?": set(),
    }.items():
        draft = Draft(question=asked, answers=("Bob",))
        found = {misses.of(draft, text, random.Random(seed)) for seed in range(10)}
        assert {miss.question for miss in found if miss is not None} == allowed


def test_the_share_of_unanswerable_drafts_is_kept_or_refused() -> None:
    assert [draft for draft in draft_cases(TEXTS, unanswerable=0) if not draft.answerable] == []
    with pytest.raises(InputError, match=r"0 to 0\.9, not 1; choose another"):
        draft_cases(TEXTS, unanswerable=1)


def test_a_document_that_cannot_be_read_is_passed_over() -> None:
    class Torn(dict[str, str]):
        def __getitem__(self, document: str) -> str:
            if document == "etna.txt":
                raise KeyError(document)
            return super().__getitem__(document)

    assert {draft.evidence[0].document for draft in plain_drafts(Torn(TEXTS))} == {"acme.txt"}


def test_documents_are_read_only_as_they_are_come_to() -> None:
    read: list[str] = []

    class Watched(dict[str, str]):
        def __getitem__(self, document: str) -> str:
            read.append(document)
            return super().__getitem__(document)

    texts = Watched({f"{number}.txt": f"Acme opened {number + 20} shops in Norway." for number in range(50)})
    list(itertools.islice(draft_cases(texts, unanswerable=0), 3))
    assert len(set(read)) == 3


WORDS = st.sampled_from(
    [
        *("Acme", "SoftBank", "Riga", "the", "of", "in", "in 1999", "$5", "12%", "was", "founded", "It", "\n", "\\1"),
        *("3 May 2020", "sold", "40 shops", '"', "(", "____", "é", "company", "a", ", ", ". ", "! ", "? ", "’s"),
    ]
)


@given(st.lists(WORDS, max_size=60))
def test_whatever_the_text_quotes_are_exact_and_answers_are_not_given_away(words: list[str]) -> None:
    texts = {"a.txt": " ".join(words)}
    for draft in draft_cases(texts, unanswerable=0.5):
        assert "\n" not in draft.question
        for place in draft.evidence:
            assert texts["a.txt"][place.start : place.end] == place.quote
            assert contains(place.quote, draft.answers[0]) and not contains(draft.question, draft.answers[0])


def test_drafts_come_one_by_one() -> None:
    assert isinstance(draft_cases(TEXTS), Iterator)
