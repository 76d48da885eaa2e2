"""Figures on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bench.figures import Figure
    from bench.retrieval import RetrievalResult
    from bench.tuning import Row
    from eval.metrics import Metric

_HOW_TO_READ = (
    "Under each figure its 95 % interval (bootstrap, resampling articles). "
    "ms each: wall-clock time of one search, the question's vector known beforehand."
)
_MARKS = {True: ("met", "green"), False: ("MISSED", "red"), None: ("", "")}


def show_retrieval(result: RetrievalResult, console: Console | None = None) -> None:
    """Print one row a ranking, each figure with its 95 % interval."""
    console = console or Console(highlight=False)
    title = f"{result.split}: {result.paragraphs:,} paragraphs, {result.questions:,} questions"
    table = Table("Ranking", title=title, title_justify="left", show_lines=True)
    for name in ("Recall@1", "Recall@5", "Recall@10", "MRR@10", "ms each"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, metrics in result.rankings.items():
        figures = [_metric(metrics[key]) for key in ("recall@1", "recall@5", "recall@10", "mrr@10")]
        table.add_row(name, *figures, f"{1000 * result.seconds[name] / result.questions:.1f}")
    console.print(table)
    console.print(Text(_HOW_TO_READ, style="dim"))


def show_tuning(rows: Sequence[Row], questions: int, console: Console | None = None) -> None:
    """Print one row for each setting that was tried."""
    console = console or Console(highlight=False)
    table = Table("Settings", title=f"SQuAD 1.1, unseen articles, {questions:,} questions", title_justify="left")
    for name in ("Recall@1", "Recall@5", "Recall@10", "MRR@10"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        figures = [f"{row.figures[key].value:.3f}" for key in ("recall@1", "recall@5", "recall@10", "mrr@10")]
        table.add_row(row.differs, *figures)
    console.print(table)


def show_cost(figures: Sequence[Figure], console: Console | None = None, *, title: str = "Cost") -> None:
    """Print one row a figure, with its limit and whether it was met."""
    console = console or Console(highlight=False)
    table = Table("Figure", title=title, title_justify="left")
    for name in ("Value", "Limit", ""):
        table.add_column(name, justify="right")
    for figure in figures:
        limit = "" if figure.limit is None else f"≤ {_number(figure.limit)} {figure.unit}"
        word, style = _MARKS[figure.met]
        table.add_row(figure.label, f"{_number(figure.value)} {figure.unit}", limit, Text(word, style=style))
    console.print(table)


def _metric(metric: Metric) -> str:
    return f"{metric.value:.3f}\n{metric.low:.3f}–{metric.high:.3f}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
