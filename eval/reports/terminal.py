"""A run on the screen: what changed, the metrics, each kind of case, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from eval.comparison import Comparison, Flip
from eval.metrics import Metric
from eval.reports import numbers
from eval.reports.outcomes import (
    SHORT_ANSWER_REMARK,
    expected_of,
    failure_of,
    got_of,
    outcome_of,
    remark_on,
    unscored_counts,
    unscored_reason,
    was_refused,
)
from eval.reports.summary import CHANGES_NOTE, verdict_words
from eval.reports.texts import shortened
from eval.results import CaseResult, crashed
from eval.run_record import RunRecord

_SHOWN_CHARS = 240
_VERDICT_STYLES = {"better": "green", "worse": "bold red", "no difference shown": "dim"}


def show_report(
    record: RunRecord, console: Console, *, comparison: Comparison | None = None, failures: bool = True
) -> None:
    """Print the metrics with their intervals, then the tags, then, with `failures`, the failed cases.

    With a comparison the changes and the cases that came out otherwise stand first.
    """
    if comparison is not None:
        show_comparison(comparison, console)
    console.print(_metrics_table(record.metrics, unscored_counts(record.results)))
    if any(result.case.tags for result in record.results):
        console.print(_tags_table(record.results))
    failed = [result for result in record.results if failure_of(result) is not None]
    console.print(Text(f"\n{_account(record.results, len(failed))}"))
    if failures:
        for result in failed:
            console.print(_failed_case(result))
        _show_remarks(record.results, console)
        _show_unscored(record.results, console)


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Print how each metric changed, and the cases that came out otherwise."""
    console.print(_changes_table(comparison))
    if comparison.changes:
        console.print(Text(f"{CHANGES_NOTE}.", style="dim"))
    for text in (_only(comparison.only_before, "before"), _only(comparison.only_after, "after")):
        if text:
            console.print(Text(text, style="dim"))
    broken = [flip for flip in comparison.flips if not flip.improved]
    mended = [flip for flip in comparison.flips if flip.improved]
    for heading, flips in (("Worse now", broken), ("Better now", mended)):
        if flips:
            console.print(Text(f"\n{heading}: {len(flips)}", style="bold"))
            console.print(_flips_table(flips))


def _table(title: str, first: str, *others: str) -> Table:
    """Give an empty table: the first column is words, the others are numbers."""
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold")
    table.box, table.show_edge, table.pad_edge, table.padding = box.SIMPLE_HEAD, False, False, (0, 1, 0, 0)
    table.add_column(first, overflow="fold")
    for column in others:
        table.add_column(column, justify="right", overflow="fold")
    return table


def _changes_table(comparison: Comparison) -> Table:
    table = _table("Against the run before", "Metric", "Before", "After", "Difference (95 %)", "n")
    table.columns[0].min_width = max((min(len(change.name), 20) for change in comparison.changes), default=None)
    table.add_column("Verdict", min_width=13, overflow="fold")
    for change in comparison.changes:
        name = change.name
        table.add_row(
            _plain(name),
            numbers.number(name, change.before.value),
            numbers.number(name, change.after.value),
            f"{numbers.difference(name, change.difference)}\n({numbers.difference_interval(change).rstrip(' ps')})",
            str(change.n),
            Text(verdict_words(change), style=_VERDICT_STYLES[change.verdict]),
        )
    return table


def _only(case_ids: Sequence[str], when: str) -> str:
    if not case_ids:
        return ""
    cases = "1 case was" if len(case_ids) == 1 else f"{len(case_ids)} cases were"
    return f"{cases} asked only {when} and not compared."


def _flips_table(flips: Sequence[Flip]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim")
    table.add_column()
    for flip in flips:
        table.add_row("•", _asked(flip.question, flip.case_id))
        for when, score in (("before", flip.before), ("now", flip.after)):
            table.add_row("", Text.assemble(_plain(flip.metric), f", {when}: ", _plain(score.reason)))
    return table


def _metrics_table(metrics: Mapping[str, Metric], unscored: Counter[str]) -> Table:
    """Give the metrics; the last column only where something could not be scored."""
    names = [*metrics, *(name for name in unscored if name not in metrics)]
    columns = ("Value", "95 % interval", "n", *(("Not scored",) if unscored else ()))
    table = _table("Metrics", "Metric", *columns)
    for name in names:
        missed = [str(unscored[name] or "–")] if unscored else []
        if name in metrics:
            metric = metrics[name]
            shown = (numbers.number(name, metric.value), numbers.interval(name, metric), str(metric.n))
        else:
            shown = ("–", "–", "0")
        table.add_row(_plain(name), *shown, *missed)
    return table


def _tags_table(results: Sequence[CaseResult]) -> Table:
    table = _table("By tag", "Tag", "Cases", "Correct", "Refused")
    by_tag: dict[str, list[CaseResult]] = {}
    for result in results:
        for tag in result.case.tags:
            by_tag.setdefault(tag, []).append(result)
    for tag, of_tag in sorted(by_tag.items()):
        table.add_row(_plain(tag), str(len(of_tag)), _correct(of_tag), _refused(of_tag))
    return table


def _correct(results: Sequence[CaseResult]) -> str:
    """Give "right / scored"; a dash when none was scored."""
    values = [
        score.value
        for result in results
        if (score := result.scores.get("correct")) is not None and score.value is not None
    ]
    return f"{sum(value == 1 for value in values)} / {len(values)}" if values else "–"


def _refused(results: Sequence[CaseResult]) -> str:
    answered = [result for result in results if result.answer is not None]
    return f"{sum(map(was_refused, answered))} / {len(answered)}" if answered else "–"


def _account(results: Sequence[CaseResult], failed: int) -> str:
    gone = len(crashed(results))
    crashes = f"; {gone} crashed and could not be scored" if gone else ""
    undecided = sum(outcome_of(result) == "not scored" for result in results)
    others = f"; {undecided} could not be told right from wrong" if undecided else ""
    remarked = sum(remark_on(result) is not None for result in results)
    remarks = f"; {remarked} with a {SHORT_ANSWER_REMARK.replace(', ', ' but a ')}" if remarked else ""
    return f"{failed} of {len(results)} cases failed{crashes}{others}{remarks}."


def _failed_case(result: CaseResult) -> Group:
    lines = Table.grid(padding=(0, 1))
    lines.add_column(style="dim")
    lines.add_column()
    lines.add_row("  Expected", _plain(expected_of(result.case)))
    lines.add_row("  Got", _plain(got_of(result)))
    lines.add_row("  Why", _plain(failure_of(result) or ""))
    if remark := remark_on(result):
        lines.add_row("  Also", _plain(remark))
    return Group(Text("\n").append_text(_asked(result.case.question, result.case.id)), lines)


def _asked(question: str, case_id: str) -> Text:
    return Text.assemble(
        (shortened(question, _SHOWN_CHARS), "bold"), (f"  ({shortened(case_id, _SHOWN_CHARS)})", "dim")
    )


def _is_missed(result: CaseResult) -> bool:
    """Tell whether a score could not be given, or the gold answer decided nothing."""
    undecided = outcome_of(result) == "not scored" and bool(result.case.answer_groups) and "correct" in result.scores
    return undecided or any(score.failed for score in result.scores.values())


def _plain(text: str) -> Text:
    """Give a text of the run on one line, without markup and with nothing that commands a terminal."""
    return Text(shortened(text, _SHOWN_CHARS))


def _show_remarks(results: Sequence[CaseResult], console: Console) -> None:
    """Print the cases that have not failed, with what is wrong with them all the same."""
    remarks = [(result, remark_on(result)) for result in results if failure_of(result) is None]
    remarked = [(result, remark) for result, remark in remarks if remark is not None]
    if remarked:
        console.print(Text(f"\nPassed, but the short answer is wrong: {len(remarked)}", style="bold"))
    for result, remark in remarked:
        console.print(_asked(result.case.question, result.case.id))
        console.print(Text.assemble("  ", _plain(remark)))


def _show_unscored(results: Sequence[CaseResult], console: Console) -> None:
    """Print the cases of which some score could not be given, with the reason."""
    missed = [result for result in results if _is_missed(result)]
    if missed:
        console.print(Text(f"\nCould not be scored: {len(missed)}", style="bold"))
    for result in missed:
        console.print(_asked(result.case.question, result.case.id))
        console.print(Text.assemble("  ", _plain(unscored_reason(result))))
