import pytest

from eval.scorers import Score, score_citation_precision, score_citation_recall, score_grounded, score_verified
from qa.domain import Statement

FOUNDED = "Ada founded Acme in 2016."  # 25 characters
RUNS = "Bob runs Acme."  # 14 characters


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


def test_quotes_are_checked_again_whatever_the_flag_says(make_answer, cite, document):
    true, moved = cite(FOUNDED, verified=False), cite(RUNS, number=2, start=60, end=74)
    score = score_verified(make_answer(citations=(true, moved)), {"a.txt": document})
    assert score == Score(0.5, "not at their place: [2]")


def test_a_quote_from_no_document_or_from_a_negative_place_is_not_verified(make_answer, cite, document):
    citations = (cite(RUNS, document_id="b.txt"), cite("Acme", number=2, start=-5, end=-1))
    assert score_verified(make_answer(citations=citations), {"a.txt": document}).value == 0.0


def test_verification_is_not_scored_without_citations(refusal, document):
    assert score_verified(refusal, {"a.txt": document}) == Score(None, "nothing was cited")


def test_grounded_is_the_share_of_verified_statements(make_case, make_answer, refusal):
    statements = tuple(Statement(text="…", citations=(), verified=verified) for verified in (True, True, False))
    score = score_grounded(make_case(), make_answer(statements=statements))
    assert score == Score(2 / 3, "2 of 3 statements are verified")
    assert score_grounded(make_case(), refusal) == Score(None, "nothing was stated")
