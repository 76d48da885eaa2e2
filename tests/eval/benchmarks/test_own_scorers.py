"""Scorers that only benchmarks have."""

import pytest

from eval.benchmarks.own_scorers import (
    score_all_found,
    score_answer_characters,
    score_answer_place,
    score_answer_span,
    score_answered,
    score_shared_word,
    score_subspan,
)
from qa.domain import Passage, RankedPassage


def marking(cite, start, end):
    return (cite("Ada founded Acme in 2016.", answer_start=start, answer_end=end),)


@pytest.mark.parametrize(
    ("start", "end", "exact", "near"),
    [(20, 24, 1.0, 1.0), (17, 24, 0.0, 1.0), (0, 3, 0.0, 0.0), (None, None, 0.0, 0.0)],
)
def test_the_gold_characters_must_be_marked(start, end, exact, near, make_case, make_answer, cite, evidence_for):
    case, answer = make_case(evidence=(evidence_for("2016"),)), make_answer(citations=marking(cite, start, end))
    assert (score_answer_span(case, answer).value, score_answer_place(case, answer).value) == (exact, near)


def test_a_refusal_marks_nothing_and_an_unanswerable_case_has_no_place(make_case, make_unanswerable, refusal):
    for score in (score_answer_span, score_answer_place):
        assert (score(make_case(), refusal).value, score(make_unanswerable(), refusal).value) == (0.0, None)


@pytest.mark.parametrize(
    ("text", "short", "value"),
    [
        ("It was Ada. [1]", None, 1.0),
        ("It was Ada. [1]", "Bob", 0.0),
        ("word " * 15 + "Ada [1]", None, 0.0),
        ("word " * 14 + "Ada [1]", None, 1.0),
        ("Adams did. [1]", None, 1.0),  # characters, as published
    ],
)
def test_the_first_fifteen_words_of_the_reply_count(text, short, value, make_case, make_answer):
    assert score_subspan(make_case(), make_answer(text, short_answer=short)).value == value


def test_a_gold_answer_without_a_word_is_in_no_reply(make_case, make_answer):
    assert score_subspan(make_case(answers=("the",)), make_answer()).value == 0.0


@pytest.mark.parametrize(
    ("text", "value"), [("yes no", 1.0), ("Yes, they do. [1]", 0.0), ("Yes [1]", 1.0), ("Both do. [1]", 0.0)]
)
def test_one_shared_word_is_enough(text, value, make_case, make_answer):
    assert score_shared_word(make_case(answers=("Yes",)), make_answer(text)).value == value


def test_a_refusal_shares_the_words_of_a_null_query(make_case, make_unanswerable, refusal):
    assert score_shared_word(make_unanswerable(), refusal).value == 1.0
    assert score_shared_word(make_case(), refusal).value == 0.0


def test_all_evidence_must_be_among_the_first_ten(make_case, make_unanswerable, make_answer, evidence_for):
    both = make_case(answers=(), evidence=(evidence_for("Ada founded Acme in 2016."), evidence_for("Bob runs Acme.")))
    elsewhere = [ranked(200, 201)] * 9
    near, far = (make_answer(passages=(ranked(0, 25), *elsewhere[:n], ranked(62, 76))) for n in (8, 9))
    values = [score_all_found(both, near).value, score_all_found(both, far).value]
    assert (values, score_all_found(make_unanswerable(), near).value) == ([1.0, 0.0], None)


def test_length_is_without_citation_numbers_and_not_of_refusals(make_case, make_answer, refusal):
    assert score_answer_characters(make_case(), make_answer("Ada did. [1]")).value == 8.0
    assert score_answer_characters(make_case(), refusal).value is None
    assert [score_answered(make_case(), answer).value for answer in (make_answer(), refusal)] == [1.0, 0.0]


def ranked(start, end):
    passage = Passage(id="p", document_id="a.txt", title="", source="", text="", start=start, end=end, page=None)
    return RankedPassage(passage=passage, score=1.0, lexical_rank=None, dense_rank=None, similarity=None)
