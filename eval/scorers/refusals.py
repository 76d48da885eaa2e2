"""Did the chatbot refuse what the documents do not answer, and nothing else?"""

from __future__ import annotations

from eval.cases import Case
from eval.scores import Score
from qa.domain import Answer


def is_refused(answer: Answer) -> bool:
    """Tell whether the chatbot said that the documents do not answer; "partial" is an answer."""
    return answer.status == "not_found"


def score_refusal_precision(case: Case, answer: Answer) -> Score:
    """Give 1 for a refusal that is right, 0 for one of an answerable case. Not scored: what was answered."""
    if not is_refused(answer):
        return Score(None, "it was not refused")
    if case.answerable:
        return Score(0.0, "refused, though the documents answer")
    return Score(1.0, "rightly refused")


def score_refusal_recall(case: Case, answer: Answer) -> Score:
    """Give 1 when an unanswerable case was refused, 0 when it was answered. Not scored: answerable cases."""
    if case.answerable:
        return Score(None, "the documents answer this case")
    if is_refused(answer):
        return Score(1.0, "rightly refused")
    return Score(0.0, "answered, though the documents do not say")
