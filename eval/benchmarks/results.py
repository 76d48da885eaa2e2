"""`eval/RESULTS.md`: every benchmark measured, or its record taken where that still holds, and one page of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.benchmarks.benchmark import Benchmark, BenchmarkError
from eval.benchmarks.catalogue import BENCHMARKS, load_benchmark
from eval.benchmarks.checks import CHECKS, check_path, kept_check, run_check
from eval.benchmarks.page import NOT_MEASURED, Group, glossary, section, table
from eval.benchmarks.page_checks import check_section
from eval.benchmarks.page_metrics import cell, figure, label
from eval.benchmarks.running import last_record, measuring_code, run_benchmark
from eval.metrics import Metric
from eval.run_record import RunRecord, prepare_output, write_text
from eval.runner import Progress
from qa.settings import load_settings

if TYPE_CHECKING:
    from qa.settings import Settings

# The quick ones first, so that a run that is stopped has most of the page.
_ORDER = (
    *("gold-set", "chunking", "multihop", "clapnq", "clapnq-pooled", "xquad", "cranfield", "wice", "bipia"),
    *("nq-gold", "squad-2.0", "nq", "squad-1.1"),
)
NAMES = (*BENCHMARKS, *CHECKS)
"""All that the page has, in its order."""

# What to quote first of each benchmark.
_HEADLINES: Mapping[str, Sequence[str]] = {
    "squad-1.1": ("exact_match", "token_f1", "recall_at_1"),
    "squad-2.0": ("exact_match", "token_f1", "refusal_recall"),
    "xquad": ("answer_span", "citation_precision"),
    "nq": ("token_f1", "recall_at_1"),
    "nq-gold": ("token_f1", "subspan_15"),
    "clapnq": ("rouge_l", "refusal_recall"),
    "clapnq-pooled": ("rouge_l", "hit_at_10"),
    "chunking": ("range_recall", "range_iou"),
    "multihop": ("exact_match", "all_found_at_10"),
    "cranfield": ("graded_ndcg_at_10",),
    "gold-set": ("correct", "refusal_recall"),
}
_INTRODUCTION = """# Results on public benchmarks

Made by `uv run python -m eval results --bench PATH`; do not edit. The data is not part of this repository.

**Development split** means: every set here is the public side of a split of the published data, and was there to train
and tune on. The figures are for finding what is weak and for seeing whether a change helps. They are not results on
unseen test data, and the published figures beside them are of the full sets unless their source says otherwise.

**Seen in training** are questions whose article, or which themselves, the shipped reader was trained on; **unseen** are
the others, and theirs are the figures to quote. Shares are in percent. Under each figure is its 95 % interval
(bootstrap; of whole articles, where a set has articles) and, where it is not over all cases of the column, the number
of cases `n`. The answers are those of the embedded answerer, without any chat model. Latencies are of several questions
at a time, on one thread each: `bench/` measures them alone.
"""
_GLANCE = """\
A floor is what the simplest method reaches; what is below it has a mistake, or a weakness, somewhere. The published
figures are of other systems, on the full sets; each section says what else differs."""


def make_results(
    bench: Path,
    work: Path,
    output: Path,
    *,
    names: Sequence[str] | None = None,
    limit: int | None = None,
    workers: int = 2,
    progress: Progress = lambda *_: None,
) -> None:
    """Measure benchmarks and write the page; it is written anew after each of them.

    A measurement is taken up where it was stopped, and is not repeated while data, settings and code are the same.
    Benchmarks that are not named are shown as they were last measured, whatever code that was; the page says which.

    Args:
        bench: Folder of the public benchmark data.
        work: Folder of corpora, indexes and records.
        output: The page.
        names: Which to measure, of `NAMES`; None measures all, but for those whose data is not there; empty, none.
        limit: Cases at most of each; None asks all. Records of some cases are shown until there is one of all.
        workers: Cases asked at a time.
        progress: Called as the work goes on.

    Raises:
        BenchmarkError: A name is unknown, or data of one that was named cannot be read.
        OutputError: The page cannot be written.
    """
    if unknown := [name for name in names or () if name not in NAMES]:
        raise BenchmarkError(f"There is no benchmark {unknown[0]!r}; choose among: {', '.join(NAMES)}.")
    prepare_output(output)
    measuring_code()  # of what runs now, not of what is on disk when its turn comes
    page = _Page(bench, work, limit)
    # One thread a question: two questions at a time are quicker so than one on two threads.
    settings = load_settings(answerer="extractive", threads=1)
    write_text(output, page.text())
    for name in sorted(NAMES if names is None else names, key=_ORDER.index):
        try:
            page.measure(name, settings, workers, _under(name, progress))
        except BenchmarkError:
            if names is not None:
                raise
            # Not the error's own words: they name a folder of this machine.
            page.sections[name] = f"## {name}\n\nNot measured: its files are missing or damaged; name it to see why.\n"
        write_text(output, page.text())


class _Page:
    """The sections as they are by now."""

    def __init__(self, bench: Path, work: Path, limit: int | None) -> None:
        """Take what was measured before."""
        self._bench, self._work, self._limit = bench, work, limit
        self.sections: dict[str, str] = {}
        self._first: dict[str, tuple[Benchmark, Group]] = {}
        for name in NAMES:
            try:
                self._take(name)
            except BenchmarkError:
                self.sections[name] = f"## {name}\n\n{NOT_MEASURED}\n"

    def measure(self, name: str, settings: Settings, workers: int, progress: Progress) -> None:
        """Bring one section up to date.

        Raises:
            BenchmarkError: Its data cannot be used.
        """
        if name in CHECKS:
            run_check(name, self._bench, self._work, limit=self._limit, progress=progress)
            self._take(name)
            return
        benchmark = load_benchmark(name, self._bench)
        record = run_benchmark(benchmark, self._work, settings, limit=self._limit, workers=workers, progress=progress)
        self._set(benchmark, record)

    def text(self) -> str:
        """Give the whole page."""
        metrics = dict.fromkeys(name for _, group in self._first.values() for name in group.metrics)
        parts = [_INTRODUCTION, self._glance(), *(self.sections[name] for name in NAMES), glossary(list(metrics))]
        return "\n".join(parts)

    def _take(self, name: str) -> None:
        if name in CHECKS:
            self.sections[name] = check_section(name, kept_check(check_path(name, self._work, self._limit)))
            return
        benchmark = load_benchmark(name, self._bench)
        self._set(benchmark, last_record(benchmark, self._work, self._limit))

    def _set(self, benchmark: Benchmark, record: RunRecord | None) -> None:
        self.sections[benchmark.name], first = section(benchmark, record)
        if first is not None:
            self._first[benchmark.name] = benchmark, first

    def _glance(self) -> str:
        rows = []
        for name in BENCHMARKS:
            if name not in self._first:
                rows.append([name, "", "not measured yet", "", ""])
                continue
            benchmark, group = self._first[name]
            for metric in _HEADLINES[name]:
                shown = cell(metric, group.metrics.get(metric), group.cases).replace("<br>", " · ")
                best, floor = (_best(benchmark, metric, floor=floor) for floor in (False, True))
                if _is_below(group.metrics.get(metric), metric, benchmark):
                    floor += ": **not reached**"
                rows.append([f"{name}, {group.name}", label(metric), shown, best, floor])
        head = ("set", "metric", "ours", "best published", "floor")
        return f"## At a glance\n\n{_GLANCE}\n\n{table(head, rows)}\n"


def _best(benchmark: Benchmark, metric: str, *, floor: bool) -> str:
    known = [item for item in benchmark.published if metric in item.figures and item.floor == floor]
    if not known:
        return ""
    best = max(known, key=lambda item: item.figures[metric])
    return f"{figure(metric, best.figures[metric])} ({best.name})"


def _is_below(ours: Metric | None, metric: str, benchmark: Benchmark) -> bool:
    """Tell whether the whole interval lies below every floor there is."""
    floors = [item.figures[metric] for item in benchmark.published if item.floor and metric in item.figures]
    return ours is not None and bool(floors) and ours.high < min(floors)


def _under(name: str, progress: Progress) -> Progress:
    return lambda label, done, total: progress(f"{name}: {label.lower()}", done, total)
