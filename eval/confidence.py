"""Is the chatbot's confidence worth something: does it know when it may be wrong?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.results import CaseResult
from eval.scorers.refusals import is_refused
from eval.statistics import Floats, Statistic, present

_BINS = 10


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What would have come of answering only with a confidence of `threshold` or more.

    Attributes:
        coverage: Share of the answered cases, above 0 to 1, that would still be answered.
        risk: Share of those, 0 to 1, that are wrong.
        threshold: A confidence, 0 to 1.
    """

    coverage: float
    risk: float
    threshold: float


def risk_coverage(results: Sequence[CaseResult]) -> list[CoveragePoint]:
    """Give the risk-coverage curve, a point for each confidence, the highest first; empty when there are no cases.

    Source: El-Yaniv and Wiener 2010, "On the foundations of noise-free selective classification", JMLR 11.
    """
    rows = present(risk_rows(results))
    points = []
    for threshold in sorted(set(rows[:, 0].tolist()), reverse=True):
        risks = rows[rows[:, 0] >= threshold, 1]
        points.append(CoveragePoint(len(risks) / len(rows), float(risks.mean()), threshold))
    return points


def risk_rows(results: Sequence[CaseResult]) -> Floats:
    """Give a row for each case: its confidence and its risk; not-a-numbers for a case that has no part in risk.

    The risk is 1 less `correct`, and 1 for an answer to an unanswerable case. Refusals, crashes, answers without a
    confidence and answers whose correctness was not scored have no part; where no case was scored on `correct`, none.
    """
    if not any(_correct(result) is not None for result in results):
        return _rows([None] * len(results))
    return _rows([_confidence_and_risk(result) for result in results])


def answerable_rows(results: Sequence[CaseResult]) -> Floats:
    """Give a row for each case, answered or not: its confidence, and 1 when it is answerable, else 0.

    Not-a-numbers for a case without a confidence; for all where not both kinds of case have one.
    """
    rows = [_confidence_and_answerable(result) for result in results]
    both = {row[1] for row in rows if row is not None} == {0.0, 1.0}
    return _rows(rows if both else [None] * len(rows))


def aurc(rows: Floats) -> float:
    """Give the area under the risk-coverage curve, 0 to 1, lower is better: the mean risk of the first 1, 2 … n cases.

    Cases come by falling confidence; those of equal confidence in no order, each with the mean risk of them all.

    Source: Geifman, Uziel and El-Yaniv 2019, "Bias-reduced uncertainty estimation for deep neural classifiers".

    Args:
        rows: The present ones of `risk_rows`; at least one.
    """
    risks = _even_in_ties(rows)[::-1, 1]
    return float((np.cumsum(risks) / np.arange(1, len(risks) + 1)).mean())


def calibration_error(rows: Floats) -> float:
    """Give the expected calibration error, 0 to 1, lower is better, of confidence as "the documents answer this".

    Cases are sorted by confidence into 10 bins of equal size; the error is the mean over cases of how far their bin's
    mean confidence is from its share of answerable cases. Those of equal confidence come in no order, each with the
    share of them all, whichever bins they fall into. It leans high when bins are small.

    Source: Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning", with
    the equal-mass bins of Nixon et al. 2019, "Measuring calibration in deep learning".

    Args:
        rows: The present ones of `answerable_rows`; at least one.
    """
    ordered = _even_in_ties(rows)
    bins = np.array_split(ordered, min(_BINS, len(ordered)))
    return float(sum(len(part) * abs(part[:, 0].mean() - part[:, 1].mean()) for part in bins) / len(ordered))


CONFIDENCE_METRICS: Mapping[str, tuple[Callable[[Sequence[CaseResult]], Floats], Statistic]] = {
    "aurc": (risk_rows, aurc),
    "ece": (answerable_rows, calibration_error),
}
"""By name: what gives a row for each case, and what is computed of the rows that are present."""


def _even_in_ties(rows: Floats) -> Floats:
    """Give the rows by rising confidence; where that is equal, each with the mean of them all as its second value."""
    confidences, ties, sizes = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    means = np.bincount(ties, weights=rows[:, 1]) / sizes
    return np.column_stack([np.repeat(confidences, sizes), np.repeat(means, sizes)])


def _rows(rows: Sequence[tuple[float, float] | None]) -> Floats:
    return np.array([row or (np.nan, np.nan) for row in rows], dtype=np.float64).reshape(-1, 2)


def _confidence_and_risk(result: CaseResult) -> tuple[float, float] | None:
    if result.answer is None or result.answer.confidence is None or is_refused(result.answer):
        return None
    if not result.case.answerable:
        return result.answer.confidence, 1.0
    correct = _correct(result)
    return None if correct is None else (result.answer.confidence, 1.0 - correct)


def _confidence_and_answerable(result: CaseResult) -> tuple[float, float] | None:
    if result.answer is None or result.answer.confidence is None:
        return None
    return result.answer.confidence, float(result.case.answerable)


def _correct(result: CaseResult) -> float | None:
    score = result.scores.get("correct")
    return None if score is None else score.value
