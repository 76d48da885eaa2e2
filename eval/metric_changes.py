"""One metric in two runs over the same cases → how it changed, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from eval.confidence import CONFIDENCE_METRICS
from eval.metrics import LATENCY_QUANTILES, Metric, latency_metrics, mean_metric, statistic_metric
from eval.results import CaseResult
from eval.scorers.descriptions import describe
from eval.scores import Score
from eval.statistics import (
    Difference,
    holm,
    mcnemar,
    paired_bootstrap,
    paired_quantile_bootstrap,
    paired_statistic_bootstrap,
    present,
    sign_flip,
)

Verdict = Literal["better", "worse", "no difference shown"]
Pair = tuple[CaseResult, CaseResult]
"""What became of one case before and after."""

_SIGNIFICANT = 0.05
_MACHINE_NOISE = 0.1
"""Medians of the same code on the same machine may differ by as much of themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricChange:
    """How a metric changed between two runs.

    Attributes:
        name: The metric's.
        before: Over the cases that both runs have, so it may differ from the run's own figure.
        after: As `before`.
        difference: Value after less value before, in the metric's unit.
        low: Lower end of the 95 % interval of the difference.
        high: Upper end of the 95 % interval of the difference.
        p_value: Two-sided, after Holm's correction for all changes that were judged together.
        n: Number of cases that count in one of the runs at least.
        verdict: Significant at 5 %, in the metric's own direction. The interval is not corrected, so it may leave out
            zero where no difference is shown.
        informative: The numbers are for information only, and the verdict says nothing: times of different machines.
    """

    name: str
    before: Metric
    after: Metric
    difference: float
    low: float
    high: float
    p_value: float
    n: int
    verdict: Verdict = "no difference shown"
    informative: bool = False


def changes_of(pairs: Sequence[Pair]) -> list[MetricChange]:
    """Give how the mean of each scorer changed, not judged yet; a metric that either run lacks is left out.

    Cases that a scorer failed on in either run are left out of its metric.
    """
    names = dict.fromkeys(name for pair in pairs for result in pair for name in result.scores)
    changes = (_change_of(name, pairs) for name in names)
    return [change for change in changes if change is not None]


def confidence_changes(pairs: Sequence[Pair]) -> list[MetricChange]:
    """Give how "aurc" and "ece" changed, not judged yet, each over the cases that have a part in it in its own run."""
    changes = []
    for name, (rows_of, statistic) in CONFIDENCE_METRICS.items():
        old, new = rows_of([old for old, _ in pairs]), rows_of([new for _, new in pairs])
        before, after = present(old), present(new)
        if len(before) and len(after):
            found = paired_statistic_bootstrap(old, new, statistic)
            n = int((~np.isnan(old[:, 0]) | ~np.isnan(new[:, 0])).sum())
            metrics = statistic_metric(before, statistic), statistic_metric(after, statistic)
            changes.append(_change(name, *metrics, found, n))
    return changes


def latency_changes(pairs: Sequence[Pair], *, same_machine: bool) -> list[MetricChange]:
    """Give how the latencies changed, not judged yet, over the cases that crashed in neither run."""
    timed = [(old.seconds, new.seconds) for old, new in pairs if old.seconds is not None and new.seconds is not None]
    if not timed:
        return []
    old, new = [seconds for seconds, _ in timed], [seconds for _, seconds in timed]
    before, after = latency_metrics(old), latency_metrics(new)
    changes = []
    for name, quantile in LATENCY_QUANTILES.items():
        found = paired_quantile_bootstrap(old, new, quantile)
        change = _change(name, before[name], after[name], found, len(timed))
        changes.append(replace(change, informative=not same_machine))
    return changes


def judged(changes: Iterable[MetricChange]) -> list[MetricChange]:
    """Give the changes with their p-values corrected for one another, and the verdicts."""
    changes = list(changes)
    corrected = iter(holm([change.p_value for change in changes if not change.informative]))
    return [change if change.informative else _judged(change, next(corrected)) for change in changes]


def score_in(result: CaseResult, name: str, other: CaseResult) -> Score | None:
    """Give a case's score as a comparison counts it; None when the run did not score it.

    A case that crashed has failed (0) where the metric is over every case of a kind (`MetricInfo.counts_crashes`) and
    the other run's score says that this case is of that kind. Otherwise it has no value, as if nothing was answered.
    """
    if result.error is None:
        return result.scores.get(name)
    theirs = other.scores.get(name)
    if describe(name).counts_crashes and theirs is not None and theirs.value is not None:
        return Score(0.0, f"crashed: {result.error}")
    return Score(None, f"crashed: {result.error}")


def _change_of(name: str, pairs: Sequence[Pair]) -> MetricChange | None:
    values = [value for old, new in pairs if (value := _values_of(name, old, new)) is not None]
    before, after = [old for old, _ in values], [new for _, new in values]
    old_values, new_values = ([value for value in side if value is not None] for side in (before, after))
    if not old_values or not new_values:
        return None
    found = paired_bootstrap(before, after)
    if {*before, *after} <= {0.0, 1.0}:  # every case has a plain right or wrong in both runs
        found = replace(found, p_value=mcnemar(old_values, new_values))
    elif len(old_values) == len(new_values) == len(values):
        found = replace(found, p_value=sign_flip(old_values, new_values))
    return _change(name, mean_metric(name, old_values), mean_metric(name, new_values), found, len(values))


def _values_of(name: str, old: CaseResult, new: CaseResult) -> tuple[float | None, float | None] | None:
    """Give the case's value in both runs; None when it counts in neither, or was not or could not be scored in one."""
    before, after = score_in(old, name, new), score_in(new, name, old)
    if before is None or after is None or before.failed or after.failed:
        return None
    return None if before.value is None and after.value is None else (before.value, after.value)


def _change(name: str, before: Metric, after: Metric, found: Difference, n: int) -> MetricChange:
    return MetricChange(
        name=name,
        before=before,
        after=after,
        difference=found.value,
        low=found.low,
        high=found.high,
        p_value=found.p_value,
        n=n,
    )


def _judged(change: MetricChange, p_value: float) -> MetricChange:
    if p_value >= _SIGNIFICANT or change.difference == 0 or _is_noise(change):
        return replace(change, p_value=p_value)
    more_is_better = describe(change.name).better == "higher"
    verdict: Verdict = "better" if (change.difference > 0) == more_is_better else "worse"
    return replace(change, p_value=p_value, verdict=verdict)


def _is_noise(change: MetricChange) -> bool:
    return change.name in LATENCY_QUANTILES and abs(change.difference) < _MACHINE_NOISE * change.before.value
