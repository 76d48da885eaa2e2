"""How the command line shows answers, reports and progress."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qa.answer_text import caveats
from qa.domain import Answer, Citation, SyncReport

if TYPE_CHECKING:
    from qa.health import Examination, LibraryStatus
    from qa.syncing import Progress

_SHOWN_NEAREST = 3
_NEAREST_CHARS = 200
# A sync shorter than this shows no bar.
_BAR_AFTER_SECONDS = 1.0

# Lines are left to the terminal to wrap, so that a quote can be copied, and found by grep, as it is.
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def show_answer(answer: Answer) -> None:
    """Print an answer, its citations with their quotes, and the notices."""
    if answer.standalone_question != answer.question:
        _out.print(Text(f"Searched for: {answer.standalone_question}", style="dim"))
    _out.print(Text(answer.text, style="bold" if answer.statements else ""))
    if answer.short_answer:
        _out.print(Text.assemble(("Short answer: ", "dim"), (answer.short_answer, "green")))
    for citation in answer.citations:
        _out.print()
        _out.print(Text(_place(citation), style="cyan"))
        _out.print(Text("    ") + _quote(citation))
    if answer.status == "not_found":
        _show_nearest(answer)
    for caveat in caveats(answer):
        _out.print(Text(f"\n{caveat}", style="yellow"))
    account = [answer.model, answer.usage.in_words(), f"{answer.seconds.total:.2f} s"]
    _out.print(Text("\n" + ", ".join(filter(None, account)), style="dim"))
    for notice in answer.notices:
        _err.print(Text(f"Note: {notice}", style="yellow"))


def show_report(report: SyncReport) -> None:
    """Print what a sync did; failed files with their reasons go to stderr."""
    counts = {
        "added": report.added,
        "updated": report.updated,
        "renamed": report.renamed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "failed": report.failed,
    }
    summary = ", ".join(f"{len(names)} {what}" for what, names in counts.items() if names)
    _out.print(Text(f"{summary or 'nothing to do'}; {report.passages} passages, {report.seconds:.1f} s"))
    for file in report.failed:
        _err.print(Text(f"Not indexed: {file.path}: {file.reason}", style="yellow"))


def show_status(status: LibraryStatus) -> None:
    """Print what is indexed, and where."""
    facts = {
        "Corpus": str(status.corpus_dir),
        "Data folder": str(status.data_dir),
        "Documents": str(len(status.documents)),
        "Passages": str(status.passages),
        "Embedder": status.embedder or "(nothing indexed yet)",
        "Library": f"{status.library_bytes / 1e6:.1f} MB",
        "Vector index": f"{status.index_bytes / 1e6:.1f} MB",
        "Last change": status.last_sync or "never",
    }
    for name, value in facts.items():
        _out.print(Text.assemble((f"{name:<13}", "dim"), value))
    if status.documents:
        table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
        for column in ("Document", "Title", "Encoding", "Characters", "Passages"):
            table.add_column(column, justify="right" if column in ("Characters", "Passages") else "left")
        for document in status.documents:
            table.add_row(
                Text(document.id),
                Text(document.title),
                document.encoding,
                f"{document.characters:,}",
                str(document.passages),
            )
        _out.print(table)


def show_examination(examination: Examination) -> None:
    """Print what `qa doctor` checked, found and mended."""
    for finding in examination.findings:
        mark, style = ("ok", "green") if finding.ok else ("mended", "yellow") if finding.mended else ("BAD", "red")
        _out.print(Text.assemble((f"{mark:<7}", style), finding.what))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a callback that shows a bar on the terminal's stderr once the work takes long enough to wait for."""
    started = time.perf_counter()
    shown = ExitStack()
    show: Progress | None = None

    def progress(label: str, done: int, total: int) -> None:
        nonlocal show
        if show is None and _err.is_terminal and time.perf_counter() - started > _BAR_AFTER_SECONDS:
            show = shown.enter_context(_bar())
        if show is not None:
            show(label, done, total)

    with shown:
        yield progress


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=_err, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda label, done, total: bar.update(task, description=label, completed=done, total=total)


def _place(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page is not None else ""
    warning = "" if citation.verified else "  NOT VERIFIED"
    return f"[{citation.number}] {citation.document_id}{page}, characters {citation.start}–{citation.end}{warning}"


def _quote(citation: Citation) -> Text:
    text = Text(f"“{citation.quote}”")
    if citation.answer_start is not None and citation.answer_end is not None:
        text.stylize("bold green", 1 + citation.answer_start - citation.start, 1 + citation.answer_end - citation.start)
    return text


def _show_nearest(answer: Answer) -> None:
    if not answer.passages:
        return
    _out.print(Text("\nNearest passages:", style="dim"))
    for ranked in answer.passages[:_SHOWN_NEAREST]:
        passage = ranked.passage
        words = " ".join(passage.text.split())
        shown = words if len(words) <= _NEAREST_CHARS else words[: _NEAREST_CHARS - 1].rstrip() + "…"
        _out.print(Text(f"  {passage.document_id}, characters {passage.start}–{passage.end}", style="cyan"))
        _out.print(Text(f"    {shown}"))
