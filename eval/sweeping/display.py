"""A comparison as a table on the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.sweeping.grid import written
from eval.sweeping.standing import Sweep, SweepRow

if TYPE_CHECKING:
    from rich.console import Console

_SETTINGS = {
    "passage_tokens": "size",
    "overlap_tokens": "overlap",
    "lexical_weight": "lexical",
    "passages_read": "read",
    "model_passages": "sent",
    "model_passage_tokens": "budget",
    "max_statements": "statements",
}
_METRICS = {
    "range_recall": "recall",
    "range_precision": "prec.",
    "range_iou": "IoU",
    "recall_at_1": "R@1",
    "recall_at_5": "R@5",
    "recall_at_10": "R@10",
    "mrr_at_10": "MRR",
    "correct": "correct",
    "refusal_recall": "refused",
}
_DROPPED_FIRST = (
    *("MB", "index s", "passages", "R@1", "R@10", "ms", "MRR", "IoU", "prec.", "answer ms", "R@5", "recall"),
    *("tokens", "refused", "correct"),
)
"""Columns that a narrow terminal goes without, in this order; never the settings or what the rows are judged by."""
_NOTES = (
    "★ best; = not told from it by these cases (paired bootstrap, Holm, 5 %); › the settings in use now.",
    "Metrics in %; recall, prec. and IoU in characters at five passages, R@k the share of evidence found.",
    "The best of many rows looks better than it is: confirm it on other cases.",
)
_CUT_OFF = (
    "The local embedder reads the first 256 tokens of a passage; larger ones are found by their words alone beyond."
)
_SHARED = "* less than alone: equal texts took their vectors from another row's index."


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    cell: Callable[[SweepRow], str]


def show_sweep(sweep: Sweep, console: Console | None = None) -> None:
    """Print one row a setup, what the signs mean, and how to use the best."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = console or Console(highlight=False)
    table = Table(title=_title(sweep), title_justify="left", padding=(0, 1, 0, 0), box=None, header_style="dim")
    columns = _fitting(sweep, console.width)
    for column in columns:
        table.add_column(column.name, justify="right", overflow="fold")
    for row in sweep.rows:
        table.add_row(*(Text(column.cell(row)) for column in columns), style="bold" if row.behind is None else "")
    console.print(table)
    if left_out := [column.name for column in _columns(sweep) if column.name not in {shown.name for shown in columns}]:
        note = f"Too narrow for: {', '.join(left_out)}; --markdown and --json have them."
        console.print(Text(note, style="dim"))
    for note in _notes(sweep):
        console.print(Text(note, style="dim"))
    for label, line in advice(sweep):
        console.print(Text.assemble((f"{label}: ", "dim"), line), soft_wrap=True)


def sweep_markdown(sweep: Sweep) -> str:
    """Give the same as Markdown."""
    columns = _columns(sweep)
    lines = [
        f"**{_title(sweep)}**",
        "",
        _markdown_row([column.name for column in columns]),
        _markdown_row(["---:"] * len(columns)),
        *(_markdown_row([column.cell(row) for column in columns]) for row in sweep.rows),
        "",
        *(f"{note}  " for note in _notes(sweep)),
        "",
        *(f"{label}: `{line}`  " for label, line in advice(sweep)),
    ]
    return "\n".join(lines) + "\n"


def advice(sweep: Sweep) -> list[tuple[str, str]]:
    """Give what to do: the best row's settings line and, where it is another, the thriftiest one's like it."""
    found = [("Best", sweep.best.line)]
    behind = sweep.thriftiest.behind
    if behind is not None:
        amount = f"{100 * behind.value:.1f} points of {_METRICS[sweep.judged]}"
        interval = f"{100 * behind.low:.1f} to {100 * behind.high:.1f}"
        found.append((f"Fewest tokens of those =, behind by {amount} ({interval})", sweep.thriftiest.line))
    return found


def _title(sweep: Sweep) -> str:
    cases = sweep.cases
    beside = f", {cases.without_evidence} without" if cases.without_evidence else ""
    return f"{len(sweep.rows)} setups, {cases.with_evidence} cases with evidence{beside}"


def _notes(sweep: Sweep) -> list[str]:
    notes = list(_NOTES)
    if any(row.cut_off for row in sweep.rows):
        notes.append(_CUT_OFF)
    if any(row.measured.index.shared for row in sweep.rows):
        notes.append(_SHARED)
    if crashed := max(row.measured.crashed for row in sweep.rows):
        notes.append(f"Up to {crashed} cases of a row could not be asked and are missing from its metrics.")
    return notes


def _columns(sweep: Sweep) -> list[_Column]:
    names = [name for name in sweep.rows[0].chosen if len({row.chosen[name] for row in sweep.rows}) > 1]
    metrics = [name for name in _METRICS if any(name in row.metrics for row in sweep.rows)]
    return [
        _Column("", _signs),
        *(_Column(_SETTINGS.get(name, name), _setting(name)) for name in names),
        *(_Column(_METRICS[name], _metric(name, interval=name == sweep.judged)) for name in metrics),
        _Column("passages", lambda row: f"{row.measured.index.passages:,}"),
        _Column("MB", lambda row: f"{row.measured.index.mb:.1f}"),
        _Column("index s", _index_seconds),
        _Column("ms", lambda row: f"{row.measured.search_ms:.0f}"),
        *(_answer_columns() if any(row.measured.answer_ms is not None for row in sweep.rows) else []),
        _Column("tokens", lambda row: f"{row.measured.tokens_sent:,.0f}"),
    ]


def _fitting(sweep: Sweep, width: int) -> list[_Column]:
    """Give the columns less those that there is no room for."""
    columns = _columns(sweep)
    kept = _METRICS[sweep.judged]
    for name in _DROPPED_FIRST:
        if sum(_width(column, sweep) + 1 for column in columns) <= width:
            break
        columns = [column for column in columns if column.name != name or name == kept]
    return columns


def _width(column: _Column, sweep: Sweep) -> int:
    return max(len(column.name), *(len(column.cell(row)) for row in sweep.rows))


def _answer_columns() -> Sequence[_Column]:
    return [
        _Column("answer ms", lambda row: "–" if row.measured.answer_ms is None else f"{row.measured.answer_ms:.0f}")
    ]


def _signs(row: SweepRow) -> str:
    standing = "★" if row.behind is None else "=" if row.like_best else ""
    return f"{'›' if row.present else ''}{standing}"


def _setting(name: str) -> Callable[[SweepRow], str]:
    return lambda row: written(row.chosen[name])


def _metric(name: str, *, interval: bool) -> Callable[[SweepRow], str]:
    def cell(row: SweepRow) -> str:
        metric = row.metrics.get(name)
        if metric is None:
            return "–"
        around = f" ({100 * metric.low:.1f}–{100 * metric.high:.1f})" if interval else ""
        return f"{100 * metric.value:.1f}{around}"

    return cell


def _index_seconds(row: SweepRow) -> str:
    index = row.measured.index
    if index.seconds is None:
        return "–"
    return f"{index.seconds:.1f}{'*' if index.shared else ''}"


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
