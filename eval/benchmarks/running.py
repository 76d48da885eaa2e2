"""One benchmark from its documents to its record; a killed run goes on, and a record that still holds is kept."""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.benchmarks.benchmark import Benchmark, BenchmarkError
from eval.benchmarks.corpus_files import write_documents
from eval.cases import Case, check_evidence
from eval.corpus_texts import CorpusTexts
from eval.journal import journal_for
from eval.metrics import metrics_of
from eval.provenance import provenance_of
from eval.run_record import RecordError, RunRecord, load_record, write_record
from eval.runner import Progress, run_cases
from eval.scorers import scorers_for
from qa.api import open_chatbot
from qa.chatbot import NOT_FOUND
from qa.corpus import sha256_of
from qa.domain import NO_USAGE, Answer, Seconds, Turn

if TYPE_CHECKING:
    from qa.chatbot import Chatbot
    from qa.settings import Settings

_ROOT = Path(__file__).resolve().parent.parent.parent
_SEED = 20240229
_SEARCHED = 50  # passages of a question that is searched only: ten documents, though some are split
# What a run's numbers do not depend on: when and how it was made, and code that only shows, judges or compares.
_PASSING = {"date", "workers", "git", "code_sha256", "load_before"}
_SHOWING = (
    *("eval/adapters/", "eval/asking.py", "eval/commands/", "eval/comparison.py", "eval/drafting/", "eval/gate.py"),
    *("eval/judging/", "eval/measuring.py", "eval/metric_changes.py", "eval/pytest_plugin.py", "eval/report"),
    *("eval/sweeping/", "eval/benchmarks/checks.py", "eval/benchmarks/page", "eval/benchmarks/results.py"),
    *("qa/cli", "qa/ui/"),
)


def run_benchmark(
    benchmark: Benchmark,
    work: Path,
    settings: Settings,
    *,
    limit: int | None = None,
    workers: int = 1,
    progress: Progress = lambda *_: None,
) -> RunRecord:
    """Ask a benchmark's cases and score the answers; what is done already is not done again.

    Documents, index and record lie under `work`, in a folder of their own for each set of documents. Code that was
    changed makes the record anew, unless it only shows numbers.

    Args:
        benchmark: What is asked.
        work: Folder of corpora, indexes and records.
        settings: Of the chatbot; corpus and data folder are replaced.
        limit: Cases at most, spread over all of them, always the same ones; None asks all.
        workers: Cases asked at a time.
        progress: Called as the work goes on.

    Raises:
        BenchmarkError: A document cannot be indexed.
        CaseError: An evidence is not at its place.
        QAError: The corpus cannot be indexed, or the record not be written.
    """
    folder = work_folder(benchmark, work)
    write_documents(benchmark.documents, folder / "corpus")
    settings = settings.model_copy(
        update={**benchmark.settings, "corpus_dir": folder / "corpus", "data_dir": folder / "data"}
    )
    texts = CorpusTexts.of(settings)
    cases = spread(benchmark.cases, limit)
    check_evidence(cases, texts)
    scorers = {**scorers_for(texts, benchmark.metrics), **benchmark.own_scorers}
    with open_chatbot(settings) as bot:
        if failed := bot.sync(progress=progress).failed:
            raise BenchmarkError(f"{benchmark.name}: {failed[0].path} cannot be indexed ({failed[0].reason}).")
        source = {"name": benchmark.name, "sha256": benchmark.cases_hash}
        more = {
            "workers": workers,
            "metrics": list(scorers),
            "load_before": _load(),
            "search_only": benchmark.search_only,
        }
        provenance = provenance_of(bot, texts, source, **more)
        provenance["key"] = _key(provenance, cases)
        path = record_path(benchmark, work, limit)
        if (kept := _kept(path, provenance["key"])) is not None:
            return kept
        asked = _Searching(bot) if benchmark.search_only else bot
        with journal_for(folder, provenance["key"]) as journal:
            results = run_cases(cases, asked, scorers, progress, workers=workers, done=journal)
            metrics = metrics_of(results, clusters_of(cases))
            record = RunRecord(provenance=provenance, metrics=metrics, results=results)
            write_record(path, record)
    return record


def work_folder(benchmark: Benchmark, work: Path) -> Path:
    """Give the folder of a benchmark's corpus, index and records."""
    return work / f"{benchmark.name}-{benchmark.documents_key}"


def record_path(benchmark: Benchmark, work: Path, limit: int | None) -> Path:
    """Give the file of a benchmark's record."""
    return work_folder(benchmark, work) / ("record.json" if limit is None else f"record-{limit}.json")


def last_record(benchmark: Benchmark, work: Path, limit: int | None) -> RunRecord | None:
    """Give the record of a benchmark, whatever code made it; None when there is none.

    Args:
        benchmark: What was asked.
        work: Folder of records.
        limit: That of the run; None takes the run of all cases, else the largest of some that there is.
    """
    if (record := kept_record(record_path(benchmark, work, limit))) is not None or limit is not None:
        return record
    limits = [path.stem.removeprefix("record-") for path in work_folder(benchmark, work).glob("record-*.json")]
    known = sorted((int(digits) for digits in limits if digits.isdecimal()), reverse=True)
    records = (kept_record(record_path(benchmark, work, some)) for some in known)
    return next((record for record in records if record is not None), None)


def kept_record(path: Path) -> RunRecord | None:
    """Give the record in a file, whatever code made it; None when there is none, or this code cannot read it."""
    try:
        return load_record(path) if path.exists() else None
    except RecordError:
        return None


def spread(cases: Sequence[Case], most: int | None) -> list[Case]:
    """Give at most `most` cases, one at a place drawn with a fixed seed from each of as many equal stretches, in order.

    Not every n-th, which would be all of one kind where a data set's kinds come in turn.
    """
    if most is None or most >= len(cases):
        return list(cases)
    generator, count = random.Random(_SEED), len(cases)
    return [cases[generator.randrange(turn * count // most, (turn + 1) * count // most)] for turn in range(most)]


def clusters_of(cases: Sequence[Case]) -> dict[str, str] | None:
    """Give each case's article by its id, for intervals; None where documents are not of articles.

    The article is the folder of the document that the case is asked of, or has its evidence in.
    """
    articles = {}
    for case in cases:
        documents = [*case.documents, *(evidence.document for evidence in case.evidence)]
        article = documents[0].rpartition("/")[0] if documents else ""
        if not article:
            return None
        articles[case.id] = article
    return articles


class _Searching:
    """Searches what it is asked, and answers nothing."""

    def __init__(self, bot: Chatbot) -> None:
        self._bot = bot

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), where: Mapping[str, str | Sequence[str]] | None = None
    ) -> Answer:
        """Give an answer that says nothing, with the passages that were found."""
        started = time.perf_counter()
        passages = self._bot.search(question, limit=_SEARCHED, where=where)
        seconds = time.perf_counter() - started
        return Answer(
            question=question,
            standalone_question=question,
            status="not_found",
            text=NOT_FOUND,
            short_answer=None,
            confidence=None,
            statements=(),
            citations=(),
            passages=tuple(passages),
            model="search only",
            usage=NO_USAGE,
            seconds=Seconds(retrieve=seconds, answer=0.0, total=seconds),
        )


def _kept(path: Path, key: str) -> RunRecord | None:
    """Give the record of the very same run; None when there is none."""
    record = kept_record(path)
    return record if record is not None and record.provenance.get("key") == key else None


def _key(provenance: Mapping[str, Any], cases: Sequence[Case]) -> str:
    """Give a hash over all that the results depend on; so a commit that only shows them otherwise keeps them."""
    lasting = {name: value for name, value in provenance.items() if name not in _PASSING}
    lasting |= {"code": measuring_code(), "asked": [case.id for case in cases]}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()


@cache
def measuring_code() -> str:
    """Give one SHA-256 over the Python files of `qa` and `eval`, without those that only show numbers.

    The first call counts: what is changed on disk later is not what this process runs.
    """
    digest = hashlib.sha256()
    for path in sorted(path for package in ("qa", "eval") for path in (_ROOT / package).rglob("*.py")):
        name = path.relative_to(_ROOT).as_posix()
        if not name.startswith(_SHOWING):
            digest.update(f"{name}\0{sha256_of(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def _load() -> float | None:
    """Give the load of the machine over the last minute, for those who read the latencies; None on Windows."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
