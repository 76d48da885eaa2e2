"""What a scorer says, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eval.cases import Case
from qa.domain import Answer


@dataclass(frozen=True, slots=True)
class Score:
    """What a scorer says of one answer.

    Attributes:
        value: Mostly 0 (wrong) to 1 (right), else in the metric's unit; None when the score does not apply to this
            case and answer, or could not be given.
        reason: Why, for a reader; never empty.
        failed: The score applies and could not be given, as when a judge's reply made no sense; `value` is None.
            Such scores are counted apart, never as zero.
    """

    value: float | None
    reason: str
    failed: bool = False


Scorer = Callable[[Case, Answer], Score]
"""Scores one answer; raises nothing: what could not be scored is a `Score` that says so."""
