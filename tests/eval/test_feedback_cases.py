import json
import logging
from dataclasses import asdict

import pytest

from eval.cases import CaseError
from eval.drafting.drafts import Draft
from eval.feedback import feedback_cases
from qa.domain import Turn
from qa.ui.feedback import FeedbackLog, feedback_on

FOUNDED = "Ada founded Acme in 2016."
EARLIER = (Turn(question="What is Acme?", answer="A firm."),)


@pytest.fixture
def log(tmp_path):
    return FeedbackLog(tmp_path / "feedback.jsonl")


@pytest.fixture
def texts(document):
    return {"a.txt": document}


@pytest.fixture
def rated(log, make_answer, cite, texts):
    """Rate an answer; gives the drafts of all ratings so far."""

    def rate(verdict, history=(), **changes):
        answer = make_answer(**{"citations": (cite(FOUNDED),), "short_answer": "Ada", **changes})
        log.append(feedback_on(answer, history, verdict))
        return feedback_cases(log.path, texts)

    return rate


def test_a_liked_answer_is_a_draft_with_its_quotes_as_evidence(rated, evidence_for):
    place = evidence_for(FOUNDED)
    assert rated("liked", EARLIER) == [
        Draft(
            question="Who founded Acme?",
            history=EARLIER,
            answers=("Ada",),
            evidence=(place,),
            source=place,
            tags=("feedback", "liked"),
            check="A user liked this answer: is it right?",
        )
    ]


def test_without_a_short_answer_the_text_is_a_reference(rated):
    (draft,) = rated("liked", short_answer=None)
    assert (draft.answers, draft.references, draft.is_complete) == ((), ("Ada founded Acme in 2016.",), True)


def test_a_liked_refusal_is_an_unanswerable_draft(rated):
    (draft,) = rated("liked", status="not_found", short_answer=None, citations=(), text="Not there.")
    assert (draft.answerable, draft.answers, draft.references, draft.is_complete) == (False, (), (), True)


def test_a_disliked_answer_is_a_draft_that_a_person_must_complete(rated, evidence_for):
    (draft,) = rated("disliked")
    assert (draft.answers, draft.evidence, draft.source) == ((), (), evidence_for(FOUNDED))
    assert not draft.is_complete
    assert draft.check == "A user disliked the answer “Ada founded Acme in 2016.”. Say what is right."


def test_the_last_rating_of_an_answer_counts(rated):
    rated("liked")
    assert [draft.tags[1] for draft in rated("disliked")] == ["disliked"]
    assert rated("withdrawn") == []
    assert [draft.history for draft in rated("liked", EARLIER)] == [EARLIER]


def test_a_quote_that_has_moved_is_found_again_and_one_that_is_gone_is_told(rated, log, texts, document):
    rated("liked")
    (moved,) = feedback_cases(log.path, {"a.txt": f"New. {document}"})
    assert (moved.evidence[0].start, moved.evidence[0].end) == (5, 30)
    for gone in ({}, {"a.txt": "Other."}, {"a.txt": f"x {FOUNDED} {FOUNDED}"}):
        (draft,) = feedback_cases(log.path, gone)
        assert draft.evidence == () and draft.check.endswith("Some of its quotes are no longer in the documents.")


def test_lines_that_are_no_ratings_are_passed_over_and_told(rated, log, texts, make_answer, caplog):
    rated("liked")
    plain = asdict(feedback_on(make_answer(), (), "liked"))
    with log.path.open("ab") as file:
        for wrong in (b'{"verdict": "li', b"\xff", json.dumps({**plain, "verdict": "loved"}).encode(), b"[]"):
            file.write(wrong + b"\n")
    with caplog.at_level(logging.WARNING):
        assert len(feedback_cases(log.path, texts)) == 1
    assert len(caplog.messages) == 4 and "line 2, is no rating" in caplog.messages[0]


def test_ratings_that_are_not_there_are_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(CaseError, match=r"\(No such file or directory\); rate answers on the page of `qa chat` first"):
        feedback_cases(tmp_path / "none.jsonl", {})
