"""Scores and times → metrics with their 95 % intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.scorers import Score

_RESAMPLES = 2000
_SEED = 20240229
_LATENCY_QUANTILES = {"latency_p50_seconds": 0.5, "latency_p95_seconds": 0.95}

Statistic = Callable[[NDArray[np.float64]], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number over some cases.

    Attributes:
        value: 0 to 1 for a share, seconds for a latency.
        low: Lower end of the 95 % interval.
        high: Upper end of the 95 % interval.
        n: Number of cases that the number is over; at least 1.
    """

    value: float
    low: float
    high: float
    n: int


def metrics_of(scores: Iterable[Mapping[str, Score]], seconds: Sequence[float]) -> dict[str, Metric]:
    """Give each metric by name; one that no case was scored on is absent.

    Args:
        scores: The scores of each case by name, all in the same order of names.
        seconds: How long each answer took.

    Returns:
        For each name the mean over the cases that have a value, then the latencies.
    """
    values: dict[str, list[float]] = {}
    for of_case in scores:
        for name, score in of_case.items():
            of_name = values.setdefault(name, [])
            if score.value is not None:
                of_name.append(score.value)
    metrics = {name: bootstrap(of_name, _mean) for name, of_name in values.items() if of_name}
    return {**metrics, **_latencies(seconds)}


def bootstrap(values: Sequence[float], statistic: Statistic) -> Metric:
    """Give a statistic of `values` with its percentile bootstrap interval (Efron 1979), reproducibly.

    The interval says how much the number would move on other cases of the same sort. With few cases it is too
    narrow, and when all values are equal it has no width, which is no proof.

    Args:
        values: One a case; at least one.
        statistic: What to compute of them, such as their mean.
    """
    sample = np.asarray(values, dtype=np.float64)
    random = np.random.default_rng(_SEED)
    resampled = [statistic(random.choice(sample, size=len(sample))) for _ in range(_RESAMPLES)]
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Metric(value=statistic(sample), low=float(low), high=float(high), n=len(sample))


def _latencies(seconds: Sequence[float]) -> dict[str, Metric]:
    if not seconds:
        return {}
    return {name: bootstrap(seconds, _quantile(share)) for name, share in _LATENCY_QUANTILES.items()}


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean())


def _quantile(share: float) -> Statistic:
    return lambda values: float(np.quantile(values, share))
