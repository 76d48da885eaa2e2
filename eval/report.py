"""A run on the screen: the metrics, each kind of case, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from eval.cases import Case
from eval.metrics import Metric
from eval.results import CaseResult, crashed
from eval.scorers import is_refused

# A case has failed when it scores below 1 on one of these.
_DECISIVE = ("correct", "refusal_recall", "verified")
_SHOWN_CHARS = 240


def show_report(
    results: Sequence[CaseResult], metrics: Mapping[str, Metric], console: Console, *, failures: bool = True
) -> None:
    """Print the metrics with their intervals, then the tags, then, with `failures`, the failed cases."""
    console.print(_metrics_table(metrics))
    console.print(_tags_table(results))
    failed = [result for result in results if failure_of(result) is not None]
    unscored = len(crashed(results))
    crashes = f"; {unscored} crashed and could not be scored" if unscored else ""
    console.print(Text(f"\n{len(failed)} of {len(results)} cases failed{crashes}."))
    if failures:
        for result in failed:
            console.print(_failed_case(result))


def failure_of(result: CaseResult) -> str | None:
    """Give why a case has failed, in words; None when it has not."""
    if result.error is not None:
        return f"crashed: {result.error}"
    scores = [(name, result.scores[name]) for name in _DECISIVE if name in result.scores]
    wrong = [f"{name}: {score.reason}" for name, score in scores if score.value is not None and score.value < 1]
    return "; ".join(wrong) or None


def _metrics_table(metrics: Mapping[str, Metric]) -> Table:
    table = Table("Metric", title="Metrics", title_justify="left")
    for column in ("Value", "95 % interval", "n"):
        table.add_column(column, justify="right")
    for name, metric in metrics.items():
        value, low, high = (_shown(name, number) for number in (metric.value, metric.low, metric.high))
        table.add_row(name, value, f"{low} – {high}", str(metric.n))
    return table


def _tags_table(results: Iterable[CaseResult]) -> Table:
    table = Table("Tag", title="By tag", title_justify="left")
    for column in ("Cases", "Correct", "Refused"):
        table.add_column(column, justify="right")
    by_tag: dict[str, list[CaseResult]] = {}
    for result in results:
        for tag in result.case.tags:
            by_tag.setdefault(tag, []).append(result)
    for tag, of_tag in sorted(by_tag.items()):
        table.add_row(Text(tag), str(len(of_tag)), _correct(of_tag), _refused(of_tag))
    return table


def _correct(results: Iterable[CaseResult]) -> str:
    """Give "right / scored"; a dash when none was scored."""
    values = [
        result.scores["correct"].value
        for result in results
        if "correct" in result.scores and result.scores["correct"].value is not None
    ]
    return f"{sum(value == 1 for value in values)} / {len(values)}" if values else "–"


def _refused(results: Iterable[CaseResult]) -> str:
    answers = [result.answer for result in results if result.answer is not None]
    return f"{sum(map(is_refused, answers))} / {len(answers)}" if answers else "–"


def _failed_case(result: CaseResult) -> Group:
    lines = Table.grid(padding=(0, 1))
    lines.add_column(style="dim")
    lines.add_column()
    lines.add_row("  Expected", Text(_shortened(_expected(result.case))))
    lines.add_row("  Got", Text(_shortened(_got(result))))
    lines.add_row("  Why", Text(_shortened(failure_of(result) or "")))
    return Group(Text.assemble((f"\n{result.case.question}", "bold"), (f"  ({result.case.id})", "dim")), lines)


def _expected(case: Case) -> str:
    if not case.answerable:
        return "a refusal: the documents do not say"
    return "; and ".join(" or ".join(group) for group in case.answer_groups)


def _got(result: CaseResult) -> str:
    return "nothing" if result.answer is None else result.answer.text


def _shown(name: str, value: float) -> str:
    return f"{value:.3f} s" if name.endswith("_seconds") else f"{100 * value:.1f} %"


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1].rstrip()}…"
