"""What 1,000 cases cost the eval suite in time and memory, and how many to ask at a time.

Usage: `uv run python -m bench.suite [--bench ../shared/bench] [--cases N] [--json] [--strict]`

The suite runs as `qa eval run` does, offline, in a process of its own. Without `--bench` the documents and cases are
made from templates; with it they are SQuAD 1.1's, spread evenly. The speeds of several workers and threads are taken
in turn, round after round, and compared as ratios within a round: other work on the machine then slows all alike.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from bench.child import ChildRun, run_python
from bench.figures import Figure
from bench.suite_worker import SuiteRun, SuiteTask
from bench.synthetic import Material, synthetic
from eval.benchmarks.benchmark import evenly
from eval.benchmarks.corpus_files import write_documents
from eval.case_files import as_line
from qa.errors import QAError

_LIMIT_SECONDS = 180
# What we call flat: four times the cases may take so many percent more memory, for the results that are kept.
_FLAT_PERCENT = 15
_EARLY_SHARE = 4
# The first is what `qa eval run` does by itself on two cores.
_NOW = (2, 1)
_CHOICES = (_NOW, (1, 0), (1, 1))
# A default that others must beat by so much before it is given up: less is noise.
_WORTH_IT = 1.10
# Beside other jobs, whoever runs more threads is given more of the cores, which says nothing of a quiet machine.
_QUIET_LOAD_PER_CORE = 0.5

Choice = tuple[int, int]
"""Workers, and `Settings.threads` (0 means one a core)."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finished:
    """A run of the suite: what it says of itself, and what its process cost."""

    told: SuiteRun
    process: ChildRun

    @property
    def rate(self) -> float:
        """Cases a second."""
        return self.told.timed / self.told.seconds


def measure(material: Material, work: Path, *, speed_cases: int, rounds: int, say: Say) -> list[Figure]:
    """Index the documents under `work`, run all cases once, and a part of them with each number of workers and threads.

    Args:
        material: Documents and cases.
        work: Folder for corpus, index and records.
        speed_cases: Cases of each timed run, spread evenly over all.
        rounds: Timed runs of each choice.
        say: Called with what is measured next.

    Raises:
        BenchError: A run failed.
    """
    say(f"indexing {len(material.documents):,} documents")
    write_documents(material.documents, work / "corpus")
    run_python(["-m", "bench.worker", "sync", str(work / "corpus"), str(work / "data")])
    everything, few = work / "cases.jsonl", work / "few.jsonl"
    everything.write_text("".join(f"{as_line(case)}\n" for case in material.cases), encoding="utf-8")
    few.write_text("".join(f"{as_line(case)}\n" for case in evenly(material.cases, speed_cases)), encoding="utf-8")
    total = len(material.cases)
    say(f"{total:,} cases")
    whole = _run(work, everything, _NOW, marks=(max(1, total // _EARLY_SHARE), total))
    timed: dict[Choice, list[Finished]] = {choice: [] for choice in _CHOICES}
    for turn in range(rounds):
        for choice in _CHOICES if turn % 2 == 0 else reversed(_CHOICES):
            say(f"round {turn + 1} of {rounds}: {_in_words(choice)}")
            timed[choice].append(_run(work, few, choice))
    return [*figures_of_whole(whole), *figures_of_speed(timed)]


def figures_of_whole(whole: Finished) -> list[Figure]:
    """Turn the run of all cases into figures."""
    told, process = whole.told, whole.process
    early = min(told.peaks_mb)
    return [
        Figure(
            name="suite_seconds",
            label=f"The suite, {told.cases:,} cases, start to record",
            value=process.wall,
            unit="s",
            limit=_LIMIT_SECONDS,
        ),
        Figure(name="suite_rate", label="  cases a second", value=whole.rate, unit="1/s"),
        Figure(name="suite_cpu", label="  CPU time a case", value=1000 * told.cpu / told.timed, unit="ms"),
        Figure(name="suite_peak_early", label=f"  peak memory at {early:,}", value=told.peaks_mb[early], unit="MB"),
        Figure(
            name="suite_peak_asked", label="  when all were asked", value=told.peaks_mb[max(told.peaks_mb)], unit="MB"
        ),
        Figure(name="suite_peak", label="  when the record was written", value=process.peak_mb, unit="MB"),
        Figure(
            name="suite_growth",
            label=f"  growth from {early:,} cases to the record",
            value=100 * (process.peak_mb / told.peaks_mb[early] - 1),
            unit="%",
            limit=_FLAT_PERCENT,
        ),
        Figure(name="suite_correct", label="  answered rightly", value=100 * told.correct, unit="%"),
        Figure(name="suite_crashed", label="  crashed", value=told.crashed, unit="", limit=0),
    ]


def figures_of_speed(timed: Mapping[Choice, Sequence[Finished]]) -> list[Figure]:
    """Turn the rounds into figures: medians, and the median of each round's ratio to the present default."""
    figures = []
    for choice, runs in timed.items():
        key = f"suite_workers_{choice[0]}_threads_{choice[1]}"
        rate = statistics.median(run.rate for run in runs)
        cpu = statistics.median(1000 * run.told.cpu / run.told.timed for run in runs)
        peak = max(run.process.peak_mb for run in runs)
        figures += [
            Figure(name=f"{key}_rate", label=f"{_in_words(choice)}, cases a second", value=rate, unit="1/s"),
            Figure(name=f"{key}_ratio", label="  as ratio", value=speed_ratio(timed, choice), unit="x"),
            Figure(name=f"{key}_cpu", label="  CPU time a case", value=cpu, unit="ms"),
            Figure(name=f"{key}_peak", label="  peak memory", value=peak, unit="MB"),
        ]
    return figures


def speed_ratio(timed: Mapping[Choice, Sequence[Finished]], choice: Choice) -> float:
    """Give how many times as fast as the present default a choice is, as the median over rounds."""
    return statistics.median(run.rate / now.rate for run, now in zip(timed[choice], timed[_NOW], strict=True))


def recommended(figures: Sequence[Figure]) -> Choice:
    """Give the fastest workers and threads; the present default unless another is a tenth faster."""
    ratios = {figure.name: figure.value for figure in figures if figure.name.endswith("_ratio")}
    by_choice = {choice: ratios[f"suite_workers_{choice[0]}_threads_{choice[1]}_ratio"] for choice in _CHOICES}
    fastest = max(by_choice, key=lambda choice: by_choice[choice])
    return fastest if by_choice[fastest] >= _WORTH_IT else _NOW


def _run(work: Path, cases: Path, choice: Choice, *, marks: tuple[int, ...] = ()) -> Finished:
    workers, threads = choice
    task = SuiteTask(
        corpus=str(work / "corpus"),
        data=str(work / "data"),
        cases=str(cases),
        output=str(work / "record.json"),
        workers=workers,
        threads=threads,
        marks=marks,
    )
    process = run_python(["-m", "bench.suite_worker"], stdin=json.dumps(asdict(task)))
    told = json.loads(process.stdout)
    return Finished(SuiteRun(**{**told, "peaks_mb": {int(at): mb for at, mb in told["peaks_mb"].items()}}), process)


def _in_words(choice: Choice) -> str:
    workers, threads = choice
    return f"{workers} worker{'s' if workers > 1 else ''}, threads {threads}"


def _material(bench: Path | None, cases: int) -> Material:
    if bench is None:
        return synthetic(cases)
    from eval.benchmarks import load_benchmark

    squad = load_benchmark("squad-1.1", bench)
    return Material(dict(squad.documents), tuple(evenly(squad.cases, cases)))


def command(
    bench: Annotated[
        Path | None, typer.Option(help="Folder of the public benchmark data; without it the cases are made up.")
    ] = None,
    cases: Annotated[int, typer.Option(help="Cases of the whole run.", min=20)] = 1000,
    speed_cases: Annotated[int, typer.Option(help="Cases of each timed run.", min=20)] = 150,
    rounds: Annotated[int, typer.Option(help="Timed runs of each number of workers and threads.", min=1)] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, not a table.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a limit is missed.")] = False,
) -> None:
    """Measure time and memory of the eval suite, and how many cases to ask at a time."""
    load = round(os.getloadavg()[0], 2)
    material = _material(bench, cases)
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as work:
        figures = measure(
            material,
            Path(work),
            speed_cases=speed_cases,
            rounds=rounds,
            say=lambda what: print(f"bench.suite: {what} …", file=sys.stderr),
        )
    quiet = load <= _QUIET_LOAD_PER_CORE * (os.cpu_count() or 1)
    advice = _in_words(recommended(figures)) if quiet else None
    machine = {"cores": os.cpu_count(), "load_before": load}
    if as_json:
        plain = {"machine": machine, "figures": [figure.to_dict() for figure in figures], "recommended": advice}
        print(json.dumps(plain, indent=2))
    else:
        from bench.tables import show_cost

        show_cost(figures, title="The eval suite")
        print(f"Recommended: {advice or 'nothing, since other jobs ran; measure on a quiet machine'}.")
        print(", ".join(f"{name} {value}" for name, value in machine.items()))
    if strict and any(figure.met is False for figure in figures):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage, 1 for a failure."""
    try:
        typer.run(command)
    except QAError as error:
        print(f"bench.suite: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
