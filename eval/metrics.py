"""Scores and times → metrics with their 95 % intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.confidence import CONFIDENCE_METRICS, CoveragePoint, risk_coverage
from eval.results import CaseResult
from eval.scorers.descriptions import describe
from eval.statistics import (
    FEWER_RESAMPLES,
    Floats,
    Interval,
    Statistic,
    bootstrap_interval,
    mean_interval,
    present,
    quantile_interval,
)

__all__ = [
    "LATENCY_QUANTILES",
    "CoveragePoint",
    "Metric",
    "bootstrap",
    "latency_metrics",
    "mean_metric",
    "metrics_by_tag",
    "metrics_of",
    "risk_coverage",
    "statistic_metric",
]

LATENCY_QUANTILES = {"latency_p50_seconds": 0.5, "latency_p95_seconds": 0.95}


@dataclass(frozen=True, slots=True)
class Metric:
    """A number over some cases.

    Attributes:
        value: 0 to 1 for a share, else in the metric's unit (`eval.scorers.describe`).
        low: Lower end of the 95 % interval.
        high: Upper end of the 95 % interval.
        n: Number of cases that the number is over; at least 1.
        failed: Number of cases that it should have been over, but that could not be scored.
    """

    value: float
    low: float
    high: float
    n: int
    failed: int = 0


def metrics_of(results: Sequence[CaseResult], clusters: Mapping[str, Hashable] | None = None) -> dict[str, Metric]:
    """Give each metric by name; one that no case was scored on is absent.

    Args:
        results: Cases that crashed count in none.
        clusters: By case id, what cases that succeed and fail together share, such as their document; their intervals
            are wider. None when each case stands alone.

    Returns:
        For each scorer the mean over the cases that it gave a value; then, where cases have a confidence, "aurc" and
        "ece" (see `eval.confidence`; "ece" needs answerable and unanswerable cases); then the latencies.
    """
    values: dict[str, list[float]] = {}
    ids: dict[str, list[str]] = {}
    failed: Counter[str] = Counter()
    for result in results:
        for name, score in result.scores.items():
            failed[name] += score.failed
            if score.value is not None:
                values.setdefault(name, []).append(score.value)
                ids.setdefault(name, []).append(result.case.id)
    means = {
        name: replace(mean_metric(name, of_name, _clusters_of(ids[name], clusters)), failed=failed[name])
        for name, of_name in values.items()
    }
    order = [name for name in failed if name in means]  # as the scorers came, whichever case was first to have a value
    seconds = [result.seconds for result in results if result.seconds is not None]
    return {**{name: means[name] for name in order}, **_of_confidence(results), **latency_metrics(seconds)}


def metrics_by_tag(results: Sequence[CaseResult]) -> dict[str, dict[str, Metric]]:
    """Give the metrics over the cases of each tag; tags in alphabetical order, a case with several in each of them."""
    tags = sorted({tag for result in results for tag in result.case.tags})
    return {tag: metrics_of([result for result in results if tag in result.case.tags]) for tag in tags}


def mean_metric(name: str, values: Sequence[float], clusters: Sequence[Hashable] | None = None) -> Metric:
    """Give the mean of a metric's values, one a case and at least one, with the interval that suits its unit."""
    interval = mean_interval(values, share=describe(name).unit == "share", clusters=clusters)
    return _metric(float(np.mean(values)), interval, len(values))


def latency_metrics(seconds: Sequence[float]) -> dict[str, Metric]:
    """Give the latency quantiles by name; none when there are no seconds."""
    if not seconds:
        return {}
    return {
        name: _metric(float(np.quantile(seconds, quantile)), quantile_interval(seconds, quantile), len(seconds))
        for name, quantile in LATENCY_QUANTILES.items()
    }


def statistic_metric(rows: Floats, statistic: Statistic) -> Metric:
    """Give a statistic of rows, one a case and at least one, with its interval; it is called for each resample."""
    return _metric(statistic(rows), bootstrap_interval(rows, statistic, resamples=FEWER_RESAMPLES), len(rows))


def bootstrap(values: Sequence[float], statistic: Statistic) -> Metric:
    """Give a statistic of `values`, one a case, with its bootstrap interval; at least one value."""
    sample = np.asarray(values, dtype=np.float64)
    return _metric(statistic(sample), bootstrap_interval(sample, statistic), len(sample))


def _clusters_of(ids: Sequence[str], clusters: Mapping[str, Hashable] | None) -> list[Hashable] | None:
    return None if clusters is None else [clusters[case_id] for case_id in ids]


def _of_confidence(results: Sequence[CaseResult]) -> dict[str, Metric]:
    return {
        name: statistic_metric(rows, statistic)
        for name, (rows_of, statistic) in CONFIDENCE_METRICS.items()
        if len(rows := present(rows_of(results)))
    }


def _metric(value: float, interval: Interval, n: int) -> Metric:
    """Give a metric whose interval holds its value; resampling makes a calibration error larger, never smaller."""
    return Metric(value=value, low=min(interval.low, value), high=max(interval.high, value), n=n)
