"""The commands of `qa eval`, also reached as `python -m eval`."""

from __future__ import annotations

import io
import sys

import typer

from eval.commands import benchmarks, drafting, reporting, running, sweeping
from eval.commands.options import CorpusOption, DataDirOption
from qa.errors import QAError

_INTERRUPTED = 130

app = typer.Typer(
    name="qa eval",
    help="Measure how right the answers are, and how often the chatbot rightly says that it does not know.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes 0.1 s to import, and help needs no colours
)


@app.callback()
def _choose_folders(context: typer.Context, corpus: CorpusOption = None, data_dir: DataDirOption = None) -> None:
    context.obj = {"corpus_dir": corpus, "data_dir": data_dir}
    if context.invoked_subcommand is None:
        context.invoke(running.run, context=context)


app.command()(running.run)
app.command()(running.gate)
app.command()(reporting.report)
app.command()(reporting.compare)
app.command()(drafting.new)
app.command(name="compare-chunking")(sweeping.compare_chunking)
app.command()(benchmarks.benchmark)
app.command()(benchmarks.results)


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage or bad input, 1 for a failure."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows "?" for it
    try:
        app(prog_name="qa eval")
    except SystemExit as stop:
        if stop.code == _INTERRUPTED:  # how Typer ends on Ctrl-C
            print("qa eval: interrupted; the same command goes on where it stopped.", file=sys.stderr)
        raise
    except QAError as error:
        print(f"qa eval: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
