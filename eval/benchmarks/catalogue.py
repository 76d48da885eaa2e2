"""Every benchmark by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from eval.benchmarks.benchmark import Benchmark, BenchmarkError
from eval.benchmarks.chunking import chunking
from eval.benchmarks.clapnq import clapnq, clapnq_pooled
from eval.benchmarks.cranfield import cranfield
from eval.benchmarks.gold_set import gold_set
from eval.benchmarks.multihop import multihop
from eval.benchmarks.natural_questions import nq, nq_gold
from eval.benchmarks.squad import squad_1_1, squad_2_0
from eval.benchmarks.xquad import xquad

GOLD_SET = "gold-set"
"""The cases for the documents that come with the package: the one set that needs no data."""

BENCHMARKS: Mapping[str, Callable[[Path], Benchmark]] = {
    "squad-1.1": squad_1_1,
    "squad-2.0": squad_2_0,
    "xquad": xquad,
    "nq": nq,
    "nq-gold": nq_gold,
    "clapnq": clapnq,
    "clapnq-pooled": clapnq_pooled,
    "chunking": chunking,
    "multihop": multihop,
    "cranfield": cranfield,
    GOLD_SET: lambda folder: gold_set(),
}
"""What reads a benchmark from the folder of benchmark data, by its name."""


def load_benchmark(name: str, folder: Path) -> Benchmark:
    """Read a benchmark from the folder of benchmark data, laid out as its publishers give it.

    Raises:
        BenchmarkError: There is no such benchmark, or a file cannot be used.
    """
    if name not in BENCHMARKS:
        raise BenchmarkError(f"There is no benchmark {name!r}; choose one of: {', '.join(BENCHMARKS)}.")
    return BENCHMARKS[name](folder)
