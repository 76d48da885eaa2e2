"""A stand-in for what the suite is about to offer: comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from eval.metrics import Metric
from eval.scores import Score

Verdict = Literal["better", "worse", "no difference shown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricChange:
    """How a metric differs between two runs."""

    name: str
    before: Metric
    after: Metric
    difference: float
    low: float
    high: float
    p_value: float
    n: int
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Flip:
    """A case that was right and is wrong now, or the reverse."""

    case_id: str
    question: str
    tags: tuple[str, ...]
    metric: str
    before: Score
    after: Score


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How two runs differ."""

    changes: tuple[MetricChange, ...]
    by_tag: Mapping[str, tuple[MetricChange, ...]]
    flips: tuple[Flip, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
