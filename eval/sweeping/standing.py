"""Measured rows → metrics with intervals, the best row, and the rows that cannot be told from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

from eval.metrics import Metric
from eval.statistics import Difference, holm, mean_interval, paired_bootstrap
from eval.sweeping.grid import Setup
from eval.sweeping.searching import ANSWER_METRICS, RETRIEVAL_METRICS, Measured
from qa.errors import InputError

COSTS = ("passages", "index_mb", "search_ms", "answer_ms", "tokens_sent")
"""Columns that are better when lower."""

_CERTAIN = 0.05
_LOCAL_TOKENS = 256  # what qa.adapters.local_embedder.LocalEmbedder reads of a text


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCounts:
    """How many cases there are; those without evidence count for the answer score alone."""

    all: int
    with_evidence: int
    without_evidence: int
    unanswerable: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepRow:
    """One setup and how it did.

    Attributes:
        chosen: The compared settings by name.
        line: The environment variables that choose it.
        present: Whether it is in use now.
        cut_off: Whether its embedder does not read the end of its longest passages.
        metrics: By name; one that is over no cases is absent.
        measured: Costs, and the values case by case.
        behind: How much the best row is ahead on the judged metric, over the same cases, with a p-value corrected for
            the number of rows (Holm); None for the best row.
        like_best: Whether these cases do not tell it from the best row: that p-value is 5 % or more.
    """

    chosen: Mapping[str, Any]
    line: str
    present: bool
    cut_off: bool
    metrics: Mapping[str, Metric]
    measured: Measured
    behind: Difference | None
    like_best: bool

    def cost(self, name: str) -> float | None:
        """Give one of `COSTS`; None when it is not known."""
        index = self.measured.index
        costs = {
            "passages": float(index.passages),
            "index_mb": index.mb,
            "search_ms": self.measured.search_ms,
            "answer_ms": self.measured.answer_ms,
            "tokens_sent": self.measured.tokens_sent,
        }
        return costs[name]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sweep:
    """A whole comparison.

    Attributes:
        rows: Sorted, the best of the column `sort` first.
        sort: Column that the rows are sorted by.
        judged: Metric that the best row is best of.
        provenance: What the numbers depend on.
    """

    rows: Sequence[SweepRow]
    sort: str
    judged: str
    cases: CaseCounts
    provenance: Mapping[str, Any]

    @property
    def best(self) -> SweepRow:
        """The best row on the judged metric."""
        return next(row for row in self.rows if row.behind is None)

    @property
    def thriftiest(self) -> SweepRow:
        """Of the best row and those like it, the one that would send a chat model the fewest tokens."""
        like = [row for row in self.rows if row.like_best]
        return min(like, key=lambda row: (row.measured.tokens_sent, -row.metrics[self.judged].value))

    def to_dict(self) -> dict[str, Any]:
        """Give the comparison as plain JSON-ready values, the values case by case left out."""
        return {
            "sort": self.sort,
            "judged": self.judged,
            "cases": asdict(self.cases),
            "best": self.best.line,
            "thriftiest": self.thriftiest.line,
            "rows": [_plain(row) for row in self.rows],
            "provenance": dict(self.provenance),
        }


def check_sort(sort: str | None, *, answers: bool) -> str:
    """Give the column to sort by; None means `correct`, or `range_recall` where no answers are scored.

    Raises:
        InputError: There is no such column.
    """
    columns = [*RETRIEVAL_METRICS, *(ANSWER_METRICS if answers else ()), *COSTS]
    if not answers:
        columns.remove("answer_ms")
    if sort is None:
        return "correct" if answers else "range_recall"
    if sort not in columns:
        raise InputError(f"There is no column {sort!r} to sort by; choose among: {', '.join(columns)}.")
    return sort


def ranked(
    measured: Sequence[tuple[Setup, Measured]], *, sort: str, cases: CaseCounts, provenance: Mapping[str, Any]
) -> Sweep:
    """Compare the rows.

    Args:
        measured: At least one row, all over the same cases.
        sort: As `check_sort` gave it.
        cases: What the cases are.
        provenance: What the numbers depend on.

    Raises:
        InputError: No case gave a value for the column.
    """
    metrics = [{name: mean_of(list(of.values())) for name, of in row.values.items()} for _, row in measured]
    judged = sort if sort not in COSTS else _judged(metrics[0])
    if any(judged not in of_row for of_row in metrics):
        raise InputError(f"No case has a value of {judged}; sort by another column.")
    best = max(range(len(measured)), key=lambda at: (metrics[at][judged].value, -measured[at][1].tokens_sent, -at))
    behind = _behind([of_row.values[judged] for _, of_row in measured], best)
    rows = [
        SweepRow(
            chosen=setup.chosen,
            line=setup.line,
            present=setup.present,
            cut_off=setup.settings.embedding == "local" and setup.settings.passage_tokens > _LOCAL_TOKENS,
            metrics=metrics[at],
            measured=of_row,
            behind=behind[at],
            like_best=_is_like(behind[at]),
        )
        for at, (setup, of_row) in enumerate(measured)
    ]
    rows.sort(key=lambda row: _place(row, sort))
    return Sweep(rows=rows, sort=sort, judged=judged, cases=cases, provenance=provenance)


def mean_of(values: Sequence[float]) -> Metric:
    """Give the mean of shares, 0 to 1, with its interval; at least one value."""
    interval = mean_interval(values, share=True)
    return Metric(value=fmean(values), low=interval.low, high=interval.high, n=len(values))


def _behind(values: Sequence[Mapping[str, float]], best: int) -> list[Difference | None]:
    """Give for each row how much the best is ahead of it; None for the best itself."""
    others = [at for at in range(len(values)) if at != best]
    differences = [_difference(values[at], values[best]) for at in others]
    corrected = holm([each.p_value for each in differences])
    behind: list[Difference | None] = [None] * len(values)
    for at, each, p_value in zip(others, differences, corrected, strict=True):
        behind[at] = replace(each, p_value=p_value)
    return behind


def _difference(row: Mapping[str, float], best: Mapping[str, float]) -> Difference:
    names = sorted(row.keys() | best.keys())
    return paired_bootstrap([row.get(name) for name in names], [best.get(name) for name in names])


def _is_like(behind: Difference | None) -> bool:
    return behind is None or behind.p_value >= _CERTAIN


def _judged(metrics: Mapping[str, Metric]) -> str:
    return next(name for name in ("correct", *RETRIEVAL_METRICS, *ANSWER_METRICS) if name in metrics)


def _place(row: SweepRow, sort: str) -> tuple[float, float, str]:
    cost = row.cost(sort) if sort in COSTS else None
    first = -row.metrics[sort].value if sort not in COSTS else float("inf") if cost is None else cost
    return first, row.measured.tokens_sent, row.line


def _plain(row: SweepRow) -> dict[str, Any]:
    index = row.measured.index
    return {
        "settings": dict(row.chosen),
        "line": row.line,
        "present": row.present,
        "like_best": row.like_best,
        "behind": None if row.behind is None else asdict(row.behind),
        "metrics": {name: asdict(metric) for name, metric in row.metrics.items()},
        "costs": {
            **{name: row.cost(name) for name in COSTS},
            "index_seconds": index.seconds,
            "shared_vectors": index.shared,
        },
        "crashed": row.measured.crashed,
    }
