"""What an answer cost: the tokens and dollars of its chat model."""

from __future__ import annotations

from eval.cases import Case
from eval.scores import Score, Scorer
from qa.domain import NO_USAGE, Answer


def usage_scorer(field: str, unit: str) -> Scorer:
    """Make the scorer of a field of `Usage`.

    Not scored: answers for which no chat model was called, so that no table shows zeros for the extractive answerer,
    and those whose tokens or price are not known.
    """

    def score(case: Case, answer: Answer) -> Score:
        if answer.usage == NO_USAGE:
            return Score(None, "no chat model was called")
        value = getattr(answer.usage, field)
        if value is None:
            return Score(None, f"the {unit} are not known")
        return Score(float(value), f"{value:,} {unit}")

    return score
