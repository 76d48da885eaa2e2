"""Ask every case and score what comes back; a case that crashes is a row, not the end of the run."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.cases import Case
from eval.scorers import Score, Scorer
from qa.domain import Answer, Turn

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


class Asked(Protocol):
    """What the runner needs of a `qa.Chatbot`."""

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question, given the earlier turns, oldest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """What became of one case.

    Attributes:
        answer: None when asking crashed.
        seconds: Wall-clock time of the question; None when asking crashed.
        error: Type and message of what the question crashed with; None when it did not.
        scores: By the scorer's name; empty when asking crashed, for such a case could not be scored.
    """

    case: Case
    answer: Answer | None
    seconds: float | None
    error: str | None
    scores: Mapping[str, Score]


def run_cases(cases: Sequence[Case], bot: Asked, scorers: Mapping[str, Scorer], progress: Progress) -> list[CaseResult]:
    """Ask the cases one after another, and give their results in the same order."""
    results = []
    for done, case in enumerate(cases):
        progress("Asking", done, len(cases))
        results.append(_run_case(case, bot, scorers))
    progress("Asking", len(cases), len(cases))
    return results


def crashed(results: Iterable[CaseResult]) -> list[CaseResult]:
    """Give the results of the cases that could not be scored because asking crashed."""
    return [result for result in results if result.error is not None]


def _run_case(case: Case, bot: Asked, scorers: Mapping[str, Scorer]) -> CaseResult:
    started = time.perf_counter()
    try:
        answer = bot.ask(case.question, history=case.history)
    except Exception as error:  # whatever it is, the other cases must still be asked
        words = "".join(traceback.format_exception_only(error)).strip()
        return CaseResult(case=case, answer=None, seconds=None, error=words, scores={})
    seconds = time.perf_counter() - started
    scores = {name: scorer(case, answer) for name, scorer in scorers.items()}
    return CaseResult(case=case, answer=answer, seconds=seconds, error=None, scores=scores)
