"""What became of a case, and its form in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from eval.cases import Case
from eval.scores import Score
from qa.domain import Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """What became of one case.

    Attributes:
        answer: None when asking crashed. As `recorded` gives it, once it was scored.
        seconds: Wall-clock time of the question; None when asking crashed.
        error: Type and message of what the question crashed with; None when it did not.
        scores: By the scorer's name; empty when asking crashed, for such a case could not be scored.
    """

    case: Case
    answer: Answer | None
    seconds: float | None
    error: str | None
    scores: Mapping[str, Score]


RESULT = TypeAdapter(CaseResult)
"""Turns results into JSON and back."""


def crashed(results: Iterable[CaseResult]) -> list[CaseResult]:
    """Give the results of the cases that could not be scored because asking crashed."""
    return [result for result in results if result.error is not None]


def recorded(answer: Answer) -> Answer:
    """Give an answer as records hold it: its passages without their texts, and no place on this machine."""
    passages = [
        replace(ranked, passage=replace(ranked.passage, text="", source=ranked.passage.document_id))
        for ranked in answer.passages
    ]
    citations = [replace(citation, source=citation.document_id) for citation in answer.citations]
    return replace(answer, passages=tuple(passages), citations=tuple(citations))
