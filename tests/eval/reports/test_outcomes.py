import pytest

from eval.reports.outcomes import (
    counts_sentence,
    expected_of,
    failure_of,
    outcome_of,
    remark_on,
    run_title,
    unscored_counts,
    unscored_reason,
)
from eval.scores import Score

FAILED = Score(None, "no reply", failed=True)


def test_each_case_has_one_outcome(record):
    assert [outcome_of(result) for result in record.results] == ["passed", "failed", "passed", "crashed", "not scored"]
    assert counts_sentence(record.results) == "5 cases: 2 passed, 1 not scored, 1 crashed, 1 failed"


def test_a_failure_names_each_score_below_one(make_case, make_answer, make_result):
    result = make_result(make_case(), make_answer(), correct=0.0, citation_recall=0.0, verified=0.5)
    assert failure_of(result) == "correct: reason for correct; verified: reason for verified"


def test_a_case_that_failed_stays_failed_when_another_score_is_missing(make_case, make_answer, make_result):
    assert outcome_of(make_result(make_case(), make_answer(), correct=0.0, verified=FAILED)) == "failed"


def test_a_case_that_nothing_decides_is_not_scored(make_case, make_answer, make_result):
    result = make_result(make_case(), make_answer(), rouge_l=0.4)
    assert (outcome_of(result), unscored_reason(result)) == ("not scored", "nothing decides whether this case is right")


def test_a_case_whose_judge_failed_is_still_right_where_that_does_not_decide(make_case, make_answer, make_result):
    result = make_result(make_case(), make_answer(), correct=1.0, faithful=FAILED)
    assert (outcome_of(result), unscored_counts([result])) == ("passed", {"faithful": 1})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"answers": ("Ada", "Ada L.")}, "“Ada” or “Ada L.”"),
        ({"answers": (), "answers_all": (("Ada",), ("Bob", "Robert"))}, "“Ada”; and “Bob” or “Robert”"),
        ({"answers": (), "references": ("It was Ada.",)}, "“It was Ada.”"),
        ({"answers": ()}, "an answer"),
        ({"answerable": False}, "a refusal: the documents do not say"),
    ],
)
def test_what_was_expected_is_said_in_words(make_case, changes, expected):
    assert expected_of(make_case(**changes)) == expected


@pytest.mark.parametrize(
    ("provenance", "title"),
    [
        ({"cases": {"name": "seeds.jsonl"}, "answerer": "extractive"}, "seeds.jsonl, answered by extractive"),
        ({"cases": {"name": "seeds.jsonl"}}, "seeds.jsonl"),
        ({"cases": None}, "cases"),
        ({}, "cases"),
    ],
)
def test_a_run_has_a_title_whatever_is_recorded_of_it(provenance, title):
    assert run_title(provenance) == title


def test_a_gold_answer_that_decides_nothing_leaves_a_case_open(make_case, make_answer, make_result):
    result = make_result(make_case(answers=("no",)), make_answer(), correct=None, verified=1.0)
    assert (outcome_of(result), unscored_reason(result)) == ("not scored", "correct: reason for correct")
    whole = make_result(make_case(answers=(), references=("It was Ada.",)), make_answer(), correct=None, verified=1.0)
    assert outcome_of(whole) == "passed"


def test_a_right_sentence_with_a_wrong_short_answer_is_remarked_on(make_case, make_answer, make_result):
    answer = make_answer(short_answer="£96,000")
    result = make_result(make_case(), answer, correct=1.0, short_answer_right=0.0)
    assert remark_on(result) == "right sentence, wrong short answer: “£96,000”"
    assert outcome_of(result) == "passed"
    for scores in ({"correct": 0.0, "short_answer_right": 0.0}, {"correct": 1.0, "short_answer_right": 1.0}, {}):
        assert remark_on(make_result(make_case(), answer, **scores)) is None
