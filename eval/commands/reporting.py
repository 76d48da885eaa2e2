"""`qa eval report` and `qa eval compare`, and what every command shows of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.commands.options import HtmlOption, JunitOption, MarkdownOption

if TYPE_CHECKING:
    from rich.console import Console

    from eval.comparison import Comparison
    from eval.run_record import RunRecord

RecordArgument = Annotated[Path, typer.Argument(help="Record of a run, as `qa eval run` writes it.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reports:
    """Files to write besides the record; None stands for one that is not wanted."""

    html: Path | None = None
    markdown: Path | None = None
    junit: Path | None = None

    @property
    def wanted(self) -> bool:
        """Tell whether any is."""
        return any((self.html, self.markdown, self.junit))

    def prepare(self, *others: Path | None, inputs: Sequence[Path | None] = ()) -> None:
        """Make sure that each can be written, so that no run is lost at its end, and that none takes another's place.

        Args:
            others: Files that the same command writes.
            inputs: Files that it reads and must leave as they are.

        Raises:
            OutputError: One cannot be written, or is named twice.
        """
        from eval.run_record import prepare_outputs

        prepare_outputs((*others, self.html, self.markdown, self.junit), inputs)


def report(
    record: RecordArgument,
    against: Annotated[Path | None, typer.Option(help="Compare with this earlier run record.")] = None,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    junit: JunitOption = None,
    failures: Annotated[bool, typer.Option(help="List the cases that failed.")] = True,
) -> None:
    """Show a run that is over, or write it as HTML, Markdown or JUnit XML."""
    from eval.run_record import load_record

    reports = Reports(html=html, markdown=markdown, junit=junit)
    done, earlier = load_record(record), read_earlier(against)
    reports.prepare(inputs=(record, against))
    comparison = compared(earlier, done)
    if reports.wanted:
        write_reports(done, comparison, reports)
    else:
        show(done, comparison, failures=failures)


def compare(
    before: RecordArgument,
    after: RecordArgument,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
) -> None:
    """Say which metrics of the second run are better or worse, and which cases flipped."""
    from eval.comparison import compare_runs
    from eval.reports.terminal import show_comparison
    from eval.run_record import load_record

    reports = Reports(html=html, markdown=markdown)
    earlier, later = load_record(before), load_record(after)
    reports.prepare(inputs=(before, after))
    comparison = compare_runs(earlier, later)
    show_comparison(comparison, console())
    write_reports(later, comparison, reports)


def console() -> Console:
    """Give the terminal that results are shown on."""
    from rich.console import Console

    return Console(highlight=False)


def read_earlier(path: Path | None) -> RunRecord | None:
    """Give an earlier run; None when none is named.

    Raises:
        RecordError: The file is no record of a run.
    """
    from eval.run_record import load_record

    return None if path is None else load_record(path)


def compared(earlier: RunRecord | None, record: RunRecord) -> Comparison | None:
    """Give how a run compares with an earlier one; None when there is none.

    Raises:
        ComparisonError: They share no case.
    """
    from eval.comparison import compare_runs

    return None if earlier is None else compare_runs(earlier, record)


def show(record: RunRecord, comparison: Comparison | None, *, failures: bool) -> None:
    """Print a run and, where it is compared, what changed."""
    from eval.reports.terminal import show_report

    show_report(record, console(), comparison=comparison, failures=failures)


def write_reports(record: RunRecord, comparison: Comparison | None, reports: Reports) -> None:
    """Write the reports that are wanted.

    Raises:
        OutputError: A file cannot be written.
    """
    if not reports.wanted:
        return
    from eval.reports.html import html_report
    from eval.reports.junit import junit_report
    from eval.reports.markdown import markdown_report
    from eval.run_record import write_text

    if reports.html is not None:
        write_text(reports.html, html_report(record, comparison))
    if reports.markdown is not None:
        write_text(reports.markdown, markdown_report(record, comparison))
    if reports.junit is not None:
        write_text(reports.junit, junit_report(record))
