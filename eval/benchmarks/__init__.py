"""Public benchmarks: read from files that the user has, asked and scored as any cases are."""

from eval.benchmarks.benchmark import Benchmark, BenchmarkError, Published
from eval.benchmarks.catalogue import BENCHMARKS, load_benchmark

__all__ = ["BENCHMARKS", "Benchmark", "BenchmarkError", "Published", "load_benchmark"]
