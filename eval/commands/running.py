"""`qa eval run` and `qa eval gate`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.commands.options import (
    CasesOption,
    CorpusOption,
    DataDirOption,
    FreshOption,
    HtmlOption,
    JunitOption,
    LimitOption,
    MarkdownOption,
    MetricOption,
    TagOption,
    WorkersOption,
    quiet_stdout,
    settings_of,
    warn,
)
from eval.commands.reporting import Reports, compared, console, read_earlier, show, write_reports
from qa.errors import InputError

if TYPE_CHECKING:
    from eval.comparison import Comparison
    from eval.measuring import Request
    from eval.run_record import RunRecord
    from qa.settings import Settings


def run(
    context: typer.Context,
    cases: CasesOption = None,
    corpus: CorpusOption = None,
    data_dir: DataDirOption = None,
    metric: MetricOption = None,
    limit: LimitOption = None,
    tag: TagOption = None,
    workers: WorkersOption = None,
    judge: Annotated[bool, typer.Option("--judge", help="Let the chat model judge the answers as well.")] = False,
    judge_model: Annotated[
        str | None, typer.Option(help="The judge's model, better another than the one that answers.")
    ] = None,
    votes: Annotated[int, typer.Option(help="Replies of the judge to each question.", min=1, max=9)] = 1,
    fresh: FreshOption = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object with the metrics instead of tables.")
    ] = False,
    failures: Annotated[bool, typer.Option(help="List the cases that failed.")] = True,
    output: Annotated[Path | None, typer.Option(help="File of the run record; default: a new one in runs/.")] = None,
    against: Annotated[Path | None, typer.Option(help="Compare with this earlier run record.")] = None,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    junit: JunitOption = None,
) -> None:
    """Ask every case, score the answers, and write a record; exits with 1 when a case crashed."""
    from eval.case_files import SEED_CASES
    from eval.measuring import Request
    from eval.results import crashed
    from eval.run_record import default_output

    if votes > 1 and not (judge or judge_model):
        raise InputError("There is no judge to give --votes; add --judge.")
    reports = Reports(html=html, markdown=markdown, junit=junit)
    earlier = read_earlier(against)
    request = Request(
        cases=cases or SEED_CASES,
        output=output or default_output(),
        tag=tag,
        limit=limit,
        metrics=tuple(metric) if metric else None,
        workers=workers,
        fresh=fresh,
        earlier=earlier,
    )
    reports.prepare(request.output, inputs=(request.cases,))
    record = _measured(
        settings_of(context, corpus, data_dir), request, _Judging(votes, judge_model) if judge or judge_model else None
    )
    comparison = compared(earlier, record)
    if as_json:
        print(json.dumps(_summary(record, request.output, comparison)))
    else:
        show(record, comparison, failures=failures)
        console().print(f"\nRecord: {request.output}", style="dim", markup=False)
    write_reports(record, comparison, reports)
    if crashed(record.results):
        raise typer.Exit(1)


def gate(
    context: typer.Context,
    baseline: Annotated[Path | None, typer.Option(help="Record of the run that must not be fallen behind.")] = None,
    thresholds: Annotated[
        Path | None, typer.Option(help="TOML file of what metrics must reach; for seeds/ there is one.")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="Judge this record instead of asking the cases.")] = None,
    cases: CasesOption = None,
    corpus: CorpusOption = None,
    data_dir: DataDirOption = None,
    workers: WorkersOption = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write this run to --baseline, once it meets the thresholds.")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="File of the run record; default: a new one in runs/.")] = None,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
    junit: JunitOption = None,
) -> None:
    """Exit with 1 when answers got significantly worse than the baseline's, or a threshold is missed."""
    from eval.case_files import SEED_CASES
    from eval.gate import load_thresholds, problems_of
    from eval.measuring import Request
    from eval.reports.outcomes import case_set_of
    from eval.run_record import default_output, load_record, write_record

    if update and baseline is None:
        raise InputError("There is no file to update; name it with --baseline.")
    asking = {"--cases": cases, "--corpus": corpus, "--data-dir": data_dir, "--workers": workers, "--output": output}
    if record is not None and (idle := [name for name, value in asking.items() if value is not None]):
        raise InputError(f"A run that is over is judged as it is, so {idle[0]} says nothing; leave out it or --record.")
    done = None if record is None else load_record(record)
    if baseline is not None and not update and not baseline.exists():
        raise InputError(f"There is no baseline {baseline} yet; give --update as well, and this run becomes it.")
    earlier = None if update else read_earlier(baseline)
    of_seeds = cases is None and (done is None or case_set_of(done.provenance) == SEED_CASES.name)
    wanted = thresholds or (SEED_CASES.parent.parent / "thresholds.toml" if of_seeds else None)
    if wanted is None and baseline is None:
        raise InputError("There is nothing to hold the run against; give --baseline or --thresholds.")
    limits = load_thresholds(wanted) if wanted is not None else {}
    reports = Reports(html=html, markdown=markdown, junit=junit)
    request = Request(cases=cases or SEED_CASES, output=output or default_output(), workers=workers, earlier=earlier)
    written = (baseline if update else None, None if done is not None else request.output)
    reports.prepare(*written, inputs=(request.cases, wanted, record, None if update else baseline))
    if done is None:
        done = _measured(settings_of(context, corpus, data_dir), request, None)
    comparison = compared(earlier, done)
    show(done, comparison, failures=False)
    write_reports(done, comparison, reports)
    problems = problems_of(done, limits, comparison)
    for problem in problems:
        warn(f"{problem}.")
    if problems:
        raise typer.Exit(1)
    if update and baseline is not None:
        write_record(baseline, done)
        held = "The gate is passed" if limits else "There was nothing to hold this run against"
        console().print(f"\n{held}; {baseline} is the baseline from now on.", markup=False)
    else:
        console().print("\nThe gate is passed.")


@dataclass(frozen=True, slots=True)
class _Judging:
    """A judge that is wanted; `model` None takes the settings' one."""

    votes: int
    model: str | None


def _measured(settings: Settings, request: Request, judging: _Judging | None) -> RunRecord:
    from eval.measuring import measure

    if judging is None:
        with quiet_stdout() as progress:
            return measure(settings, request, progress, warn)
    from eval.judging.agreement import agreement
    from eval.judging.judge import open_judge

    judge = open_judge(settings, votes=judging.votes, model=judging.model)
    try:
        with quiet_stdout() as progress:
            record = measure(settings, request, progress, warn, more_scorers=judge.scorers(), judge=judge.provenance)
    finally:
        judge.close()
        warn(f"the judge's part: {judge.usage.in_words() or 'it was not asked'}")
    if (agreed := agreement(record.results)) is not None:
        kappa = "" if agreed.cohen_kappa is None else f", Cohen's kappa {agreed.cohen_kappa:.2f}"
        warn(f"judge and string comparison agree on {agreed.share:.0%} of {agreed.n} answers{kappa}")
    return record


def _summary(record: RunRecord, file: Path, comparison: Comparison | None) -> dict[str, object]:
    from eval.results import crashed

    changes = {} if comparison is None else {"changes": [asdict(change) for change in comparison.changes]}
    return {
        "metrics": {name: asdict(metric) for name, metric in record.metrics.items()},
        "cases": len(record.results),
        "crashed": len(crashed(record.results)),
        "record": str(file),
        **changes,
    }
