"""The gold set for the documents that come with the package, beside the public benchmarks."""

from __future__ import annotations

from eval.benchmarks.benchmark import Benchmark
from eval.benchmarks.own_scorers import score_answered
from eval.case_files import SEED_CASES, load_cases
from eval.corpus_texts import CorpusTexts
from eval.scorers import DEFAULT_METRICS
from qa.bundled_files import bundled

_MAX_FILE_BYTES = 20_000_000
_COSTS = {"input_tokens", "output_tokens", "cost_usd"}


def gold_set() -> Benchmark:
    """Give the cases for `seeds/`.

    Raises:
        CaseError: The file of cases is damaged.
    """
    texts = CorpusTexts(bundled("seeds"), max_file_bytes=_MAX_FILE_BYTES)
    return Benchmark(
        name="gold-set",
        title="The gold set, for the documents that come with the package",
        cases=tuple(load_cases(SEED_CASES, texts)),
        documents=dict(texts),
        metrics=tuple(name for name in DEFAULT_METRICS if name not in _COSTS),
        own_scorers={"answered": score_answered},
        notes=(
            "Written for this project and looked at while the answerer was made: the figures flatter. Many of its "
            "unanswerable cases are near misses.",
        ),
    )
