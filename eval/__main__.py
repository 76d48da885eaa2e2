"""The eval suite's command line: `python -m eval run`, also reached as `qa eval run`."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import QAError

if TYPE_CHECKING:
    from eval.run_record import RunRecord
    from qa.settings import Settings

SEED_CASES = Path(__file__).resolve().parent / "cases" / "seeds.jsonl"

app = typer.Typer(
    name="qa eval",
    help="Measure how right the answers are, and how often the chatbot rightly says that it does not know.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes 0.1 s to import, and help needs no colours
)

CorpusOption = Annotated[Path | None, typer.Option(help="Folder of documents (QA_CORPUS_DIR); default: seeds/.")]
DataDirOption = Annotated[Path | None, typer.Option(help="Folder of the index (QA_DATA_DIR).")]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """A run that is over, and where its record lies."""

    record: RunRecord
    file: Path


@app.callback()
def _choose_folders(context: typer.Context, corpus: CorpusOption = None, data_dir: DataDirOption = None) -> None:
    context.obj = {"corpus_dir": corpus, "data_dir": data_dir}


@app.command()
def run(
    context: typer.Context,
    cases: Annotated[
        Path, typer.Option(help="JSON Lines file of cases; default: those for seeds/.", show_default=False)
    ] = SEED_CASES,
    corpus: CorpusOption = None,
    data_dir: DataDirOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object with the metrics instead of tables.")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="File of the run record; default: a new one in runs/.")] = None,
    limit: Annotated[int | None, typer.Option(help="Ask only so many cases, the first ones.", min=1)] = None,
    tag: Annotated[str | None, typer.Option(help="Ask only the cases with this tag.")] = None,
    failures: Annotated[bool, typer.Option(help="List the cases that failed.")] = True,
) -> None:
    """Ask every case, score the answers, and write a record; exits with 1 when a case crashed."""
    from eval.results import crashed
    from eval.run_record import default_output
    from qa.settings import load_settings

    folders = {
        "corpus_dir": corpus or context.obj["corpus_dir"],
        "data_dir": data_dir or context.obj["data_dir"],
    }
    with redirect_stdout(sys.stderr):  # whatever a library prints, stdout belongs to the result
        done = _measure(load_settings(**folders), cases, output or default_output(), tag=tag, limit=limit)
    if as_json:
        print(json.dumps(_summary(done)))
    else:
        _show(done, failures=failures)
    if crashed(done.record.results):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage or bad input, 1 for a failure."""
    try:
        app(prog_name="qa eval")
    except QAError as error:
        print(f"qa eval: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def _measure(settings: Settings, cases_file: Path, output: Path, *, tag: str | None, limit: int | None) -> _Run:
    """Check all that can be checked beforehand, then ask, score and write the record."""
    from eval.case_files import load_cases
    from eval.cases import check_evidence, select_cases
    from eval.corpus_texts import CorpusTexts
    from eval.journal import journal_for
    from eval.metrics import metrics_of
    from eval.provenance import provenance_of, run_key
    from eval.run_record import RunRecord, prepare_output, write_record
    from eval.runner import run_cases
    from eval.scorers import scorers_for
    from qa.api import open_chatbot
    from qa.cli_display import progress_bar
    from qa.corpus import sha256_of

    texts = CorpusTexts(settings.corpus_dir.expanduser(), max_file_bytes=settings.max_file_bytes)
    chosen = select_cases(load_cases(cases_file, texts), tag=tag, limit=limit)
    check_evidence(chosen, texts)
    prepare_output(output)
    with open_chatbot(settings) as bot, progress_bar() as progress:
        synced = bot.sync(progress=progress)  # even when settings say not to: the record names this corpus
        for file in synced.failed:
            print(f"qa eval: not indexed: {file.path}: {file.reason}", file=sys.stderr)
        source = {"name": cases_file.name, "sha256": sha256_of(cases_file.read_bytes())}
        provenance = provenance_of(bot, texts, source)
        with journal_for(output.parent, run_key({**provenance, "asked": [case.id for case in chosen]})) as journal:
            results = run_cases(chosen, bot, scorers_for(texts), progress, done=journal)
            record = RunRecord(provenance=provenance, metrics=metrics_of(results), results=results)
            write_record(output, record)
    return _Run(record=record, file=output)


def _summary(done: _Run) -> dict[str, object]:
    from eval.results import crashed

    return {
        "metrics": {name: asdict(metric) for name, metric in done.record.metrics.items()},
        "cases": len(done.record.results),
        "crashed": len(crashed(done.record.results)),
        "record": str(done.file),
    }


def _show(done: _Run, *, failures: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from eval.report import show_report

    console = Console(highlight=False)
    show_report(done.record.results, done.record.metrics, console, failures=failures)
    console.print(Text(f"\nRecord: {done.file}", style="dim"))


if __name__ == "__main__":
    main()
