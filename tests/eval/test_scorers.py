import pytest

from eval.scorers import (
    Score,
    score_citation_precision,
    score_citation_recall,
    score_correct,
    score_refusal_precision,
    score_refusal_recall,
    score_short_answer,
    score_verified,
    scorers_for,
)

FOUNDED = "Ada founded Acme in 2016."  # 25 characters
PAID = "Acme paid $6.5 billion for Ampere."  # 34 characters
RUNS = "Bob runs Acme."  # 14 characters


def test_an_answer_with_a_gold_alternative_is_correct(make_case, make_answer):
    case = make_case(answers=("Ada Lovelace", "Ada"))
    assert score_correct(case, make_answer("It was Ada. [1]")) == Score(1.0, "has “Ada”")


def test_an_answer_without_a_gold_alternative_is_wrong(make_case, make_answer):
    case = make_case(answers=("$5 billion", "5 billion dollars"))
    score = score_correct(case, make_answer("Acme paid $6.5 billion. [1]"))
    assert score == Score(0.0, "lacks “$5 billion” or “5 billion dollars”")


def test_every_part_of_an_answer_is_needed(make_case, make_answer):
    case = make_case(answers=(), answers_all=(("Ada",), ("Bob", "Robert")))
    assert score_correct(case, make_answer("Ada and Robert.")) == Score(1.0, "has “Ada” and “Robert”")
    assert score_correct(case, make_answer("Ada.")) == Score(0.0, "lacks “Bob” or “Robert”")


def test_citation_markers_are_no_part_of_the_answer(make_case, make_answer):
    split = make_answer("Ada [1] Lovelace [2] [3].")
    assert score_correct(make_case(answers=("Ada Lovelace",)), split).value == 1.0
    assert score_correct(make_case(answers=("2",)), split).value == 0.0


def test_a_refusal_of_an_answerable_case_is_not_correct(make_case, refusal):
    case = make_case(answers=("documents",))
    assert score_correct(case, refusal) == Score(0.0, "refused, though the documents answer")


def test_a_partial_answer_can_be_correct(make_case, make_answer):
    assert score_correct(make_case(), make_answer(status="partial")).value == 1.0


def test_correctness_of_an_unanswerable_case_is_not_scored(make_unanswerable, make_answer):
    assert score_correct(make_unanswerable(), make_answer()).value is None


def test_the_short_answer_is_scored_against_its_best_alternative(make_case, make_answer):
    # against "Ada Lovelace": precision 1/2, recall 1/2; against "Ada": precision 1/2, recall 1, F1 = 2/3
    case, answer = make_case(answers=("Ada Lovelace", "Ada")), make_answer(short_answer="Ada Byron")
    assert score_short_answer(case, answer) == Score(2 / 3, "“Ada Byron” against “Ada”")


def test_a_short_answer_is_not_scored_where_either_side_has_none(make_case, make_answer):
    assert score_short_answer(make_case(), make_answer()).value is None
    parts = make_case(answers=(), answers_all=(("Ada",), ("Bob",)))
    assert score_short_answer(parts, make_answer(short_answer="Ada")).value is None


def test_a_citation_of_the_evidence_is_precise(make_case, make_answer, cite):
    answer = make_answer(citations=(cite(FOUNDED),))
    assert score_citation_precision(make_case(), answer) == Score(1.0, "every citation is on the point")


def test_a_citation_of_something_else_is_not_precise(make_case, make_answer, cite):
    answer = make_answer(citations=(cite(FOUNDED), cite(RUNS, number=2)))
    assert score_citation_precision(make_case(), answer) == Score(0.5, "beside the point: [2]")


def test_a_citation_elsewhere_that_holds_the_gold_answer_is_precise(make_case, make_answer, cite):
    elsewhere = cite("Ada began it", document_id="b.txt", start=500, end=512)
    assert score_citation_precision(make_case(), make_answer(citations=(elsewhere,))).value == 1.0


@pytest.mark.parametrize(
    ("start", "end", "value"),
    [
        (13, 37, 1.0),  # 12 of its 24 characters: half of the citation
        (13, 38, 0.0),  # 12 of its 25, and 12 of the evidence's 25
        (12, 75, 1.0),  # 13 of the evidence's 25: half of the evidence
        (25, 40, 0.0),  # it begins where the evidence ends
    ],
)
def test_half_of_the_citation_or_of_the_evidence_must_be_shared(
    make_case, make_answer, cite, document, start, end, value
):
    case = make_case(answers=("Nobody",))
    answer = make_answer(citations=(cite(document[start:end]),))
    assert answer.citations[0].start == start
    assert score_citation_precision(case, answer).value == value


def test_the_same_place_of_another_document_is_not_precise(make_case, make_answer, cite):
    case = make_case(answers=("Nobody",))
    other = make_answer(citations=(cite(FOUNDED, document_id="b.txt"),))
    assert score_citation_precision(case, other).value == 0.0
    assert score_citation_recall(case, other).value == 0.0


def test_recall_is_the_covered_share_of_the_evidence(make_case, make_answer, cite):
    # characters 0 to 11 twice and 4 to 16 once cover 16 of 25
    citations = (cite("Ada founded"), cite("Ada founded", number=2), cite("founded Acme", number=3))
    case = make_case(answers=("Nobody",))
    score = score_citation_recall(case, make_answer(citations=citations))
    assert score == Score(16 / 25, "16 of 25 evidence characters are covered")


def test_several_evidences_count_by_their_length(make_case, make_answer, cite, evidence_for):
    case = make_case(answers=("Nobody",), evidence=(evidence_for(FOUNDED), evidence_for(RUNS)))
    assert score_citation_recall(case, make_answer(citations=(cite(FOUNDED),))).value == 25 / 39


def test_evidence_counts_as_covered_when_the_same_answer_is_cited_elsewhere(make_case, make_answer, cite):
    elsewhere = cite("Ada began it", document_id="b.txt", start=500, end=512)
    assert score_citation_recall(make_case(), make_answer(citations=(elsewhere,))).value == 1.0


def test_an_alternative_that_the_evidence_does_not_give_covers_nothing(make_case, make_answer, cite):
    case = make_case(answers=("Ada", "Lovelace"))
    elsewhere = cite("Lovelace began it", document_id="b.txt", start=500, end=517)
    assert score_citation_recall(case, make_answer(citations=(elsewhere,))).value == 0.0


def test_every_part_that_the_evidence_gives_must_be_cited(make_case, make_answer, cite):
    case = make_case(answers=(), answers_all=(("Ada",), ("2016",)))
    ada = cite("Ada began it", document_id="b.txt", start=500, end=512)
    year = cite("It was 2016", number=2, document_id="b.txt", start=600, end=611)
    assert score_citation_recall(case, make_answer(citations=(ada,))).value == 0.0
    assert score_citation_recall(case, make_answer(citations=(ada, year))).value == 1.0


def test_a_refusal_recalls_no_evidence_and_has_no_precision(make_case, refusal):
    assert score_citation_recall(make_case(), refusal).value == 0.0
    assert score_citation_precision(make_case(), refusal).value is None


@pytest.mark.parametrize("score", [score_citation_precision, score_citation_recall])
def test_citations_of_summaries_are_not_scored(score, make_case, make_answer, cite):
    answer = make_answer(citations=(cite(FOUNDED),))
    assert score(make_case(tags=("summary",)), answer).value is None
    assert score(make_case(evidence=()), answer).value is None


def test_a_right_refusal(make_unanswerable, refusal):
    assert score_refusal_precision(make_unanswerable(), refusal).value == 1.0
    assert score_refusal_recall(make_unanswerable(), refusal).value == 1.0


def test_a_wrong_refusal_costs_precision_only(make_case, refusal):
    assert score_refusal_precision(make_case(), refusal).value == 0.0
    assert score_refusal_recall(make_case(), refusal).value is None


def test_an_answer_to_an_unanswerable_case_costs_recall_only(make_unanswerable, make_answer):
    assert score_refusal_precision(make_unanswerable(), make_answer()).value is None
    assert score_refusal_recall(make_unanswerable(), make_answer()).value == 0.0


def test_quotes_are_checked_again_whatever_the_flag_says(make_answer, cite, document):
    true, moved = cite(FOUNDED, verified=False), cite(RUNS, number=2, start=60, end=74)
    score = score_verified(make_answer(citations=(true, moved)), {"a.txt": document})
    assert score == Score(0.5, "not at their place: [2]")


def test_a_quote_from_no_document_or_from_a_negative_place_is_not_verified(make_answer, cite, document):
    citations = (cite(RUNS, document_id="b.txt"), cite("Acme", number=2, start=-5, end=-1))
    assert score_verified(make_answer(citations=citations), {"a.txt": document}).value == 0.0


def test_verification_is_not_scored_without_citations(refusal, document):
    assert score_verified(refusal, {"a.txt": document}) == Score(None, "nothing was cited")


def test_every_scorer_gives_a_reason(make_case, make_answer, cite, document):
    scorers = scorers_for({"a.txt": document})
    answer = make_answer(citations=(cite(FOUNDED),), short_answer="Ada")
    scores = {name: scorer(make_case(), answer) for name, scorer in scorers.items()}
    assert all(score.reason for score in scores.values())
    assert {name: score.value for name, score in scores.items()} == {
        "correct": 1.0,
        "short_answer_f1": 1.0,
        "citation_precision": 1.0,
        "citation_recall": 1.0,
        "refusal_precision": None,
        "refusal_recall": None,
        "verified": 1.0,
    }
