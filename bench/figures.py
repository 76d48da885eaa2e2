"""One measured figure and its limit."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A measured figure.

    Attributes:
        name: Key in `--json`.
        label: What a reader sees.
        unit: "s", "ms", "MB" (10⁶ bytes) and so on; empty for a bare number.
        limit: The figure should not be higher; None when it is for information.
    """

    name: str
    label: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def met(self) -> bool | None:
        """Tell whether the limit is kept; None when there is none."""
        return None if self.limit is None else self.value <= self.limit

    def to_dict(self) -> dict[str, Any]:
        """Give the figure as plain JSON-ready values."""
        return {**asdict(self), "met": self.met}


def percentile(values: Sequence[float], percent: int) -> float:
    """Give a percentile by linear interpolation, as `numpy.quantile` does; `values` must not be empty."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
