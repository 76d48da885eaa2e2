"""What is measured of the cost, and the limits. Everything heavy runs in processes of its own."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.child import ChildRun, run_python
from bench.figures import Figure, percentile
from bench.squad import Squad, evenly, write_corpus
from eval.cases import Case

QUESTION = "How much did SoftBank invest in WeWork in 2016?"
# What every program with these two parts pays; `qa ask` may take 1.3 times as long and half a second more.
_BASE = "import chromadb, fastembed"
_BASE_FACTOR, _BASE_EXTRA = 1.3, 0.5
_HELP_LIMIT = 0.5
_PEAK_LIMIT_MB = 600
_SYNC_AGAIN_LIMIT = 1.0
_SEEDS_LIMIT_MS, _PARAGRAPHS_LIMIT_MS = 100, 350
_WARM_P95_LIMIT_MS, _WARM_PEAK_LIMIT_MB = 700, 800
_PARTS = {
    "read": "reading passages",
    "retrieve": "the rest of retrieval",
    "answer": "the rest of answering",
}

Say = Callable[[str], None]


def start_up_figures(corpus: Path, data: Path, runs: int) -> list[Figure]:
    """Measure `qa --help` and a cold `qa ask` on an indexed corpus beside the bare imports, turn about.

    Args:
        corpus: Indexed here first, so that no run pays for it.
        data: Data folder for that.
        runs: Runs of each; the figures are medians, the memory the highest.
    """
    ask = ["-m", "qa", "--corpus", str(corpus), "--data-dir", str(data), "ask", QUESTION]
    commands = {"help": ["-m", "qa", "--help"], "base": ["-c", _BASE], "ask": ask}
    _worker("sync", corpus, data)
    for arguments in commands.values():
        run_python(arguments)  # files not read before would count against the first
    done: dict[str, list[ChildRun]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, arguments in commands.items():
            done[name].append(run_python(arguments))
    return start_up_of(done)


def warm_figures(
    corpus: Path, data: Path, questions: Iterable[Case | str], *, name: str, limit_ms: float
) -> list[Figure]:
    """Measure `ask()` in a process that has answered before, on an indexed corpus.

    Args:
        corpus: The corpus folder.
        data: Its data folder.
        questions: Each asked once.
        name: What the corpus is called in the figures.
        limit_ms: Limit of the median.
    """
    asked = json.dumps([_plain(question) for question in questions])
    run = _worker("ask", corpus, data, stdin=asked)
    seconds: list[Mapping[str, float]] = json.loads(run.stdout)
    totals = [1000 * item["total"] for item in seconds]
    key, label = f"warm_ask_{name}", f"Warm ask() on the {name}"
    return [
        _ms(f"{key}_p50", f"{label}, p50", percentile(totals, 50), limit_ms),
        _ms(f"{key}_p95", f"{label}, p95", percentile(totals, 95), _WARM_P95_LIMIT_MS),
        _ms(f"{key}_cpu_p50", "  CPU time, p50", percentile([1000 * item["cpu"] for item in seconds], 50)),
        *(
            Figure(
                name=f"{key}_{part}_share",
                label=f"  of it {words}",
                value=100 * sum(item[part] for item in seconds) / sum(item["total"] for item in seconds),
                unit="%",
            )
            for part, words in _PARTS.items()
        ),
        Figure(
            name=f"{key}_peak",
            label="  peak memory of that process",
            value=run.peak_mb,
            unit="MB",
            limit=_WARM_PEAK_LIMIT_MB,
        ),
    ]


def sync_figures(squad: Squad, corpus: Path, data: Path) -> list[Figure]:
    """Measure a first sync of all paragraphs into an empty data folder, and a second with nothing changed."""
    write_corpus(squad, corpus)
    first_run, again_run = _worker("sync", corpus, data), _worker("sync", corpus, data)
    first, again = json.loads(first_run.stdout), json.loads(again_run.stdout)
    return [
        Figure(name="first_sync", label="First sync of the paragraphs", value=first["seconds"], unit="s"),
        Figure(name="first_sync_cpu", label="  CPU time", value=first["cpu"], unit="s"),
        Figure(
            name="first_sync_rate",
            label="  passages a second",
            value=first["passages"] / first["seconds"],
            unit="passages/s",
        ),
        Figure(name="first_sync_peak", label="  peak memory", value=first_run.peak_mb, unit="MB"),
        Figure(
            name="second_sync",
            label="Second sync, nothing changed",
            value=again["seconds"],
            unit="s",
            limit=_SYNC_AGAIN_LIMIT,
        ),
        Figure(name="second_sync_cpu", label="  CPU time", value=again["cpu"], unit="s"),
        Figure(name="second_sync_warm", label="  once more in that process", value=again["again"], unit="s"),
        Figure(name="second_sync_embedded", label="  texts embedded", value=again["embedded"], unit="", limit=0),
    ]


def all_figures(
    *,
    seeds: Path,
    cases: Sequence[Case],
    squad: Squad | None,
    questions: int,
    work: Path,
    runs: int,
    say: Say,
) -> list[Figure]:
    """Measure everything.

    Args:
        seeds: The seeds' folder.
        cases: Questions about the seeds.
        squad: Paragraphs for the larger corpus; None measures on the seeds alone.
        questions: Questions asked of the paragraphs.
        work: An empty folder for what is written.
        runs: Cold runs of each command.
        say: Called with what is measured next.
    """
    say(f"cold start, {runs} runs")
    figures = start_up_figures(seeds, work / "seeds", runs)
    say("warm questions on the seeds")
    figures += warm_figures(seeds, work / "seeds", cases, name="seeds", limit_ms=_SEEDS_LIMIT_MS)
    if squad is not None:
        corpus, data = work / "paragraphs", work / "paragraphs-data"
        say("first and second sync of the paragraphs (a minute or more)")
        figures += sync_figures(squad, corpus, data)
        say("warm questions on the paragraphs")
        asked = [question.text for question in evenly(squad.questions, questions)]
        figures += warm_figures(corpus, data, asked, name="paragraphs", limit_ms=_PARAGRAPHS_LIMIT_MS)
    return figures


def start_up_of(done: Mapping[str, Sequence[ChildRun]]) -> list[Figure]:
    """Turn the runs of "help", "base" and "ask" into figures; "base" makes the limit of a cold start."""
    wall = {name: statistics.median(run.wall for run in runs) for name, runs in done.items()}
    cpu = {name: statistics.median(run.cpu for run in runs) for name, runs in done.items()}
    limit = _BASE_FACTOR * wall["base"] + _BASE_EXTRA
    peak = max(run.peak_mb for run in done["ask"])
    return [
        Figure(name="help", label="qa --help", value=wall["help"], unit="s", limit=_HELP_LIMIT),
        Figure(name="cold_ask", label="Cold qa ask on the seeds", value=wall["ask"], unit="s", limit=limit),
        Figure(name="cold_base", label=f'  python -c "{_BASE}"', value=wall["base"], unit="s"),
        Figure(name="cold_ratio", label="  ratio of the two", value=wall["ask"] / wall["base"], unit="x"),
        Figure(name="cold_ask_cpu", label="  CPU time of qa ask", value=cpu["ask"], unit="s"),
        Figure(name="cold_base_cpu", label="  CPU time of the imports", value=cpu["base"], unit="s"),
        Figure(name="cold_peak", label="  peak memory", value=peak, unit="MB", limit=_PEAK_LIMIT_MB),
    ]


def _ms(name: str, label: str, value: float, limit: float | None = None) -> Figure:
    return Figure(name=name, label=label, value=value, unit="ms", limit=limit)


def _worker(task: str, corpus: Path, data: Path, *, stdin: str = "") -> ChildRun:
    return run_python(["-m", "bench.worker", task, str(corpus), str(data)], stdin=stdin)


def _plain(question: Case | str) -> dict[str, Any]:
    if isinstance(question, str):
        return {"question": question, "history": []}
    return {"question": question.question, "history": [asdict(turn) for turn in question.history]}
