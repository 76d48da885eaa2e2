"""Scores and times → metrics with their 95 % intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eval.results import CaseResult

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
        failed: Number of cases that it should have been over, but that could not be scored.
    """

    value: float
    low: float
    high: float
    n: int
    failed: int = 0


def metrics_of(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """Give each metric by name; one that no case was scored on is absent.

    Returns:
        For each scorer the mean over the cases that it gave a value, then the latencies.
    """
    values: dict[str, list[float]] = {}
    failed: Counter[str] = Counter()
    for result in results:
        for name, score in result.scores.items():
            of_name = values.setdefault(name, [])
            failed[name] += score.failed
            if score.value is not None:
                of_name.append(score.value)
    metrics = {
        name: replace(bootstrap(of_name, _mean), failed=failed[name]) for name, of_name in values.items() if of_name
    }
    seconds = [result.seconds for result in results if result.seconds is not None]
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
