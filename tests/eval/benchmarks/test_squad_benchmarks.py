"""SQuAD 1.1, SQuAD 2.0 and XQuAD, and what of them the reader was trained on."""

import json
from pathlib import Path

import pytest

from eval.benchmarks import BenchmarkError, load_benchmark
from eval.benchmarks.seen import question_is_seen, unseen_articles
from eval.cases import Evidence
from tests.eval.benchmarks.conftest import PARAGRAPH, squad_article, write_json
from training import reader_data


def test_the_evidence_of_squad_is_the_whole_paragraph(bench):
    benchmark = load_benchmark("squad-1.1", bench)
    first = benchmark.cases[0]
    assert benchmark.documents["A/000.txt"] == PARAGRAPH
    assert first.evidence == (Evidence(document="A/000.txt", quote=PARAGRAPH, start=0, end=len(PARAGRAPH)),)
    assert (first.answers, first.documents, first.answerable) == (("fish", "fish."), (), True)
    assert "citation_precision" not in benchmark.metrics


def test_squad_2_asks_each_paragraph_alone_and_has_cases_without_an_answer(bench):
    cases = load_benchmark("squad-2.0", bench).cases
    assert [(case.answerable, case.documents, case.evidence == ()) for case in cases[:2]] == [
        (True, ("A/000.txt",), False),
        (False, ("A/000.txt",), True),
    ]
    assert [case.tags[0] for case in cases[:2]] == ["answerable", "unanswerable"]


def test_an_answer_without_a_word_is_none_for_a_refusal_would_equal_it(bench):
    article = squad_article("A", ("What do otters eat?", [("fish", 11), (".", 15)]))
    write_json(bench / "squad" / "dev-v1.1.public.json", {"data": [article]})
    assert load_benchmark("squad-1.1", bench).cases[0].answers == ("fish",)


def test_articles_are_seen_or_unseen(bench):
    cases = load_benchmark("squad-1.1", bench).cases
    assert {case.evidence[0].document[0]: case.tags[1] for case in cases} == {
        "A": "unseen",
        "B": "seen in training",
        "C": "seen in training",
        "D": "unseen",
        "E": "unseen",
    }


def test_unseen_is_what_training_leaves_out(bench):
    assert unseen_articles(bench) == reader_data.held_out_articles(bench)
    held_out = [item.held_out for item in reader_data.natural_questions(bench)]
    assert [not question_is_seen(number) for number in range(len(held_out))] == held_out


def test_the_model_card_agrees_on_clapnq():
    from eval.benchmarks.seen import READER_SAW_CLAPNQ
    from qa.bundled_files import reader_folder

    card = (reader_folder() / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert ("ClapNQ" in card) == READER_SAW_CLAPNQ, "the reader is another one; correct READER_SAW_CLAPNQ"


def test_the_evidence_of_xquad_is_the_answer_itself(bench):
    (case,) = load_benchmark("xquad", bench).cases
    assert case.evidence == (Evidence(document="A/000.txt", quote="May", start=20, end=23),)
    assert (case.documents, case.tags) == (("A/000.txt",), ("answerable", "unseen"))


def test_offsets_are_those_of_the_text_that_is_indexed(bench):
    article = squad_article("A", ("When?", [("May", 21)]))
    article["paragraphs"][0]["context"] = f"\u200b{PARAGRAPH}"
    write_json(bench / "xquad" / "xquad.en.public.json", {"data": [article]})
    benchmark = load_benchmark("xquad", bench)
    assert benchmark.documents == {"A/000.txt": PARAGRAPH}
    assert benchmark.cases[0].evidence[0].start == 20


def test_an_answer_beside_its_offset_is_an_error(bench):
    write_json(bench / "xquad" / "xquad.en.public.json", {"data": [squad_article("A", ("When?", [("May", 21)]))]})
    with pytest.raises(BenchmarkError, match=r"xquad\.en.*'A-0' is not at its offset"):
        load_benchmark("xquad", bench)


@pytest.mark.parametrize("content", [None, "no JSON", json.dumps({"data": [{"title": "x"}]}), "[]", '{"data": []}'])
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(bench: Path, content: str | None) -> None:
    path = bench / "squad" / "dev-v2.0.public.json"
    path.unlink()
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(BenchmarkError, match=r"dev-v2\.0\.public\.json .*(give the folder|fetch it again)"):
        load_benchmark("squad-2.0", bench)
