"""`qa eval benchmark` and `qa eval results`: public data that the user has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.commands.options import HtmlOption, JunitOption, MarkdownOption, quiet_stdout
from eval.commands.reporting import Reports, console, show, write_reports

BenchOption = Annotated[Path, typer.Option(help="Folder of the public benchmark data.")]
WorkOption = Annotated[Path, typer.Option(help="Folder of corpora, indexes and records, kept for a next run.")]
CasesLimit = Annotated[int | None, typer.Option(help="Ask only so many cases, spread over all of them.", min=1)]
Workers = Annotated[int, typer.Option(help="Cases asked at a time, one thread each.", min=1, max=64)]
WORK = Path("runs/benchmarks")


def benchmark(
    name: Annotated[str, typer.Argument(help="Which one; an unknown name lists them.")],
    bench: BenchOption,
    work: WorkOption = WORK,
    limit: CasesLimit = None,
    workers: Workers = 2,
    failures: Annotated[bool, typer.Option(help="List the cases that failed.")] = False,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    junit: JunitOption = None,
) -> None:
    """Ask the questions of one public benchmark of its own documents, and score the answers."""
    from eval.benchmarks import load_benchmark
    from eval.benchmarks.running import record_path, run_benchmark
    from qa.settings import load_settings

    reports = Reports(html=html, markdown=markdown, junit=junit)
    reports.prepare()
    chosen = load_benchmark(name, bench)
    with quiet_stdout() as progress:
        record = run_benchmark(chosen, work, load_settings(threads=1), limit=limit, workers=workers, progress=progress)
    show(record, None, failures=failures)
    console().print(f"\nRecord: {record_path(chosen, work, limit)}", style="dim", markup=False)
    write_reports(record, None, reports)


def results(
    bench: BenchOption,
    output: Annotated[Path, typer.Option(help="The page.")] = Path("eval/RESULTS.md"),
    only: Annotated[
        list[str] | None, typer.Option(help="Measure only this benchmark; may be repeated. Default: all.")
    ] = None,
    work: WorkOption = WORK,
    limit: CasesLimit = None,
    workers: Workers = 2,
) -> None:
    """Measure the embedded answerer on every public benchmark, and write one page of tables."""
    from eval.benchmarks.results import make_results

    with quiet_stdout() as progress:
        make_results(bench, work, output, names=only or None, limit=limit, workers=workers, progress=progress)
    console().print(f"Written: {output}", markup=False)
