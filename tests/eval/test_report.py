import io

import pytest
from rich.console import Console

from eval.metrics import Metric
from eval.report import failure_of, show_report
from eval.results import CaseResult
from eval.scorers import scorers_for


@pytest.fixture
def make_result(document):
    def make(case, answer):
        scores = {name: scorer(case, answer) for name, scorer in scorers_for({"a.txt": document}).items()}
        return CaseResult(case=case, answer=answer, seconds=0.1, error=None, scores=scores)

    return make


def shown(results, metrics=None, **options):
    """Give the report's lines with their white space and frames squeezed."""
    page = io.StringIO()
    show_report(results, metrics or {}, Console(file=page, width=120), **options)
    return [" ".join(line.replace("│", " ").split()) for line in page.getvalue().splitlines()]


def test_metrics_are_shown_with_interval_and_n():
    metrics = {"correct": Metric(0.875, 0.5, 1.0, 8), "latency_p50_seconds": Metric(0.0123, 0.01, 0.02, 9)}
    lines = shown([], metrics)
    assert "correct 87.5 % 50.0 % – 100.0 % 8" in lines
    assert "latency_p50_seconds 0.012 s 0.010 s – 0.020 s 9" in lines


def test_tags_show_what_was_correct_and_what_was_refused(
    make_case, make_unanswerable, make_answer, refusal, make_result
):
    results = [
        make_result(make_case(tags=("fact", "person")), make_answer()),
        make_result(make_case(tags=("fact",)), refusal),
        make_result(make_unanswerable(tags=("near-miss",)), refusal),
    ]
    lines = shown(results)
    assert [line for line in lines if "/" in line] == [
        *("fact 2 1 / 2 1 / 2", "near-miss 1 – 1 / 1", "person 1 1 / 1 0 / 1"),
    ]


def test_a_failed_case_shows_question_expected_and_got(make_case, make_answer, make_result):
    lines = shown([make_result(make_case(answers=("Ada", "Ada L.")), make_answer("It was [Bob]."))])
    assert "1 of 1 cases failed." in lines
    at = lines.index("Who founded Acme? (founder)")
    assert lines[at + 1 :] == [
        *("Expected Ada or Ada L.", "Got It was [Bob].", "Why correct: lacks “Ada” or “Ada L.”"),
    ]


def test_an_answer_to_an_unanswerable_case_has_failed(make_unanswerable, make_answer, make_result):
    lines = shown([make_result(make_unanswerable(), make_answer())])
    assert "Expected a refusal: the documents do not say" in lines


def test_failures_can_be_left_out(make_case, make_answer, make_result):
    lines = shown([make_result(make_case(), make_answer("It was Bob."))], failures=False)
    assert "1 of 1 cases failed." in lines
    assert not any("Expected" in line for line in lines)


def test_crashed_cases_are_told_apart(make_case):
    result = CaseResult(case=make_case(), answer=None, seconds=None, error="OSError: gone", scores={})
    lines = shown([result])
    assert "1 of 1 cases failed; 1 crashed and could not be scored." in lines
    assert "Why crashed: OSError: gone" in lines
    assert "fact 1 – –" in lines


def test_a_misplaced_quote_is_a_failure(make_case, make_answer, cite, make_result):
    answer = make_answer(citations=(cite("Ada", start=5, end=8),))
    assert failure_of(make_result(make_case(), answer)) == "verified: not at their place: [1]"


def test_a_right_answer_has_not_failed(make_case, make_answer, make_result):
    assert failure_of(make_result(make_case(), make_answer())) is None


def test_a_long_answer_is_shortened(make_case, make_answer, make_result):
    lines = shown([make_result(make_case(), make_answer("word " * 500))])
    assert sum(line.count("word") for line in lines) < 60
