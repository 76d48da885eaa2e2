"""The options that several commands share, and how their values become requests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qa.settings import Settings
    from qa.syncing import Progress

CorpusOption = Annotated[Path | None, typer.Option(help="Folder of documents (QA_CORPUS_DIR); default: seeds/.")]
DataDirOption = Annotated[Path | None, typer.Option(help="Folder of the index (QA_DATA_DIR).")]
CasesOption = Annotated[
    Path | None,
    typer.Option(help="File of cases, JSON Lines or CSV; default: those for seeds/.", show_default=False),
]
LimitOption = Annotated[int | None, typer.Option(help="Ask only so many cases, the first ones.", min=1)]
TagOption = Annotated[str | None, typer.Option(help="Ask only the cases with this tag.")]
MetricOption = Annotated[
    list[str] | None, typer.Option("--metric", help="Compute this metric; may be repeated. Default: the usual ones.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option(help="Cases asked at a time; default: one a core (at most 8), with a chat model 8.", min=1, max=64),
]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Forget what a run that was killed has kept.")]
HtmlOption = Annotated[Path | None, typer.Option(help="Write a report as one HTML file.")]
MarkdownOption = Annotated[Path | None, typer.Option(help="Write a summary as Markdown, for a pull request.")]
JunitOption = Annotated[Path | None, typer.Option(help="Write JUnit XML, for a CI service.")]


def settings_of(context: typer.Context, corpus: Path | None = None, data_dir: Path | None = None) -> Settings:
    """Give the settings; a command's own folders win over those named before it.

    Raises:
        SettingsError: A value of the environment is out of its range.
    """
    from qa.settings import load_settings

    return load_settings(corpus_dir=corpus or context.obj["corpus_dir"], data_dir=data_dir or context.obj["data_dir"])


@contextmanager
def quiet_stdout() -> Iterator[Progress]:
    """Give a progress bar; whatever a library prints goes to stderr, for stdout belongs to the result."""
    from qa.cli_display import progress_bar

    with redirect_stdout(sys.stderr), progress_bar() as progress:
        yield progress


def warn(sentence: str) -> None:
    """Print a sentence that the user should see to stderr."""
    print(f"qa eval: {sentence}", file=sys.stderr)
