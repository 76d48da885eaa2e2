"""Is the chatbot's confidence worth something: does it know when it may be wrong?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.results import CaseResult
from eval.scorers.refusals import is_refused
from eval.statistics import Floats

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
    rows = confidences_and_risks(results)
    points = []
    for threshold in sorted(set(rows[:, 0].tolist()), reverse=True):
        risks = rows[rows[:, 0] >= threshold, 1]
        points.append(CoveragePoint(len(risks) / len(rows), float(risks.mean()), threshold))
    return points


def confidences_and_risks(results: Sequence[CaseResult]) -> Floats:
    """Give a row for each answered case: its confidence and its risk; none when no case was scored on `correct`.

    The risk is 1 less `correct`, and 1 for an answer to an unanswerable case. Refusals, answers without a confidence
    and answers whose correctness was not scored are not in it.
    """
    if not any(_correct(result) is not None for result in results):
        return np.empty((0, 2))
    rows = [
        (result.answer.confidence, risk)
        for result in results
        if result.answer is not None
        and result.answer.confidence is not None
        and not is_refused(result.answer)
        and (risk := _risk(result)) is not None
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def aurc(rows: Floats) -> float:
    """Give the area under the risk-coverage curve, 0 to 1, lower is better: the mean risk of the first 1, 2 … n cases.

    Cases come by falling confidence; those of equal confidence in no order, each with the mean risk of them all.

    Source: Geifman, Uziel and El-Yaniv 2019, "Bias-reduced uncertainty estimation for deep neural classifiers".

    Args:
        rows: As `confidences_and_risks` gives them; at least one.
    """
    _, ties = np.unique(-rows[:, 0], return_inverse=True)
    sizes = np.bincount(ties)
    risks = np.repeat(np.bincount(ties, weights=rows[:, 1]) / sizes, sizes)
    return float((np.cumsum(risks) / np.arange(1, len(risks) + 1)).mean())


def confidences_and_answerable(results: Sequence[CaseResult]) -> Floats:
    """Give a row for each case with a confidence, answered or not: the confidence, and 1 when it is answerable, else 0.

    None when not both kinds of case are among them.
    """
    rows = [
        (result.answer.confidence, float(result.case.answerable))
        for result in results
        if result.answer is not None and result.answer.confidence is not None
    ]
    if len({answerable for _, answerable in rows}) < 2:
        return np.empty((0, 2))
    return np.array(rows, dtype=np.float64)


def calibration_error(rows: Floats) -> float:
    """Give the expected calibration error, 0 to 1, lower is better, of confidence as "the documents answer this".

    Cases are sorted by confidence into 10 bins of equal size; the error is the mean over cases of how far their bin's
    mean confidence is from its share of answerable cases. It leans high when bins are small.

    Source: Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning", with
    the equal-mass bins of Nixon et al. 2019, "Measuring calibration in deep learning".

    Args:
        rows: As `confidences_and_answerable` gives them; at least one.
    """
    ordered = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    bins = np.array_split(ordered, min(_BINS, len(ordered)))
    return float(sum(len(part) * abs(part[:, 0].mean() - part[:, 1].mean()) for part in bins) / len(ordered))


def _risk(result: CaseResult) -> float | None:
    if not result.case.answerable:
        return 1.0
    correct = _correct(result)
    return None if correct is None else 1.0 - correct


def _correct(result: CaseResult) -> float | None:
    score = result.scores.get("correct")
    return None if score is None else score.value
