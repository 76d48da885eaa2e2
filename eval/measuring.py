"""One run from beginning to end: check all that can be checked beforehand, ask, score, record."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.case_files import load_cases
from eval.cases import Case, check_evidence, select_cases
from eval.comparison import ComparisonError
from eval.confidence import CONFIDENCE_METRICS
from eval.corpus_texts import CorpusTexts
from eval.journal import journal_for
from eval.metrics import LATENCY_QUANTILES, Metric, metrics_of
from eval.provenance import provenance_of, run_key
from eval.run_record import RunRecord, prepare_output, write_record
from eval.runner import Progress, run_cases
from eval.scorers import UnknownMetric, scorers_for
from eval.scores import Scorer
from qa.api import open_chatbot
from qa.corpus import sha256_of

if TYPE_CHECKING:
    from qa.chatbot import Chatbot
    from qa.settings import Settings

_OF_THE_RUN = (*CONFIDENCE_METRICS, *LATENCY_QUANTILES)
"""Metrics that no scorer gives: they are computed from all results together."""

# Several questions to a chat service are under way at a time. Without one it is a question a core, each on one thread:
# 1,000 cases took 174 s so on two cores, and 220 s one after another on two threads.
_SERVICE_WORKERS = 8
_MOST_CORES = 8  # all workers share one Python interpreter; more were not measured


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What to measure.

    Attributes:
        cases: File of cases.
        output: File of the record.
        tag: Only the cases with this tag; None means all.
        limit: Only so many cases, the first ones; None means all.
        metrics: Names of the metrics wanted; None means the usual ones.
        workers: Cases that are asked at a time; None means 8 with a chat model, else one a core, at most 8.
        fresh: Ask every case again, whatever an earlier run that was killed has kept.
        earlier: A run that this one will be compared with; None when there is none.
    """

    cases: Path
    output: Path
    tag: str | None = None
    limit: int | None = None
    metrics: tuple[str, ...] | None = None
    workers: int | None = None
    fresh: bool = False
    earlier: RunRecord | None = None


def measure(
    settings: Settings,
    request: Request,
    progress: Progress,
    warn: Callable[[str], None],
    *,
    open_bot: Callable[[Settings], Chatbot] = open_chatbot,
    more_scorers: Mapping[str, Scorer] | None = None,
    **more: Any,
) -> RunRecord:
    """Ask every case, score the answers, and write the record.

    A run that is killed keeps what it has in the folder of `output`; the same request goes on from there.

    Args:
        settings: Of the chatbot that is asked.
        request: What to measure.
        progress: Called as the work goes on.
        warn: Called with each sentence the user should see.
        open_bot: Gives the chatbot.
        more_scorers: Besides those that the request names.
        more: What else the record says of the run, ready for JSON.

    Raises:
        QAError: Cases, corpus, metrics or output cannot be used, the cases have none in common with the earlier run,
            or the corpus cannot be indexed.
    """
    texts = CorpusTexts.of(settings)
    cases = select_cases(load_cases(request.cases, texts), tag=request.tag, limit=request.limit)
    check_evidence(cases, texts)
    if request.earlier is not None:
        _check_shared(request.earlier, cases)
    scorers = {**_scorers(texts, request.metrics), **(more_scorers or {})}
    prepare_output(request.output)
    workers = request.workers or (
        _SERVICE_WORKERS if settings.uses_chat_model else min(os.cpu_count() or 1, _MOST_CORES)
    )
    if workers > 1 and not settings.threads:
        settings = settings.model_copy(update={"threads": 1})
    with open_bot(settings) as bot:
        for file in bot.sync(progress=progress).failed:  # even when settings say not to: the record names this corpus
            warn(f"not indexed: {file.path}: {file.reason}")
        source = {"name": request.cases.name, "sha256": sha256_of(request.cases.read_bytes())}
        provenance = provenance_of(bot, texts, source, workers=workers, metrics=list(scorers), **more)
        key = run_key({**provenance, "asked": [case.id for case in cases]})
        with journal_for(request.output.parent, key, fresh=request.fresh) as journal:
            if len(journal):
                warn(f"going on with a run that was not finished: {len(journal)} of {len(cases)} cases are done")
            results = run_cases(cases, bot, scorers, progress, workers=workers, done=journal)
            metrics = _wanted(metrics_of(results), request.metrics)
            record = RunRecord(provenance=provenance, metrics=metrics, results=results)
            write_record(request.output, record)
    return record


def _check_shared(earlier: RunRecord, cases: Sequence[Case]) -> None:
    theirs = {result.case.id: result.case for result in earlier.results}
    if not any(theirs.get(case.id) == case for case in cases):
        raise ComparisonError(
            "The earlier run has no case in common with these; choose its case file with --cases, or make a new "
            "baseline with `gate --update`."
        )


def _scorers(texts: Mapping[str, str], names: tuple[str, ...] | None) -> dict[str, Scorer]:
    """Give the scorers of the metrics that are wanted, and what those of the whole run are computed from."""
    if names is None:
        return scorers_for(texts)
    scored = [name for name in names if name not in _OF_THE_RUN]
    if "aurc" in names and "correct" not in names:
        scored.append("correct")
    try:
        return scorers_for(texts, scored)
    except UnknownMetric as error:
        raise UnknownMetric(f"{error} Of the whole run, there are also: {', '.join(_OF_THE_RUN)}.") from error


def _wanted(metrics: dict[str, Metric], names: tuple[str, ...] | None) -> dict[str, Metric]:
    """Leave out metrics of the whole run that are not wanted where others of them are, and what they alone needed."""
    if names is None or not set(names) & set(_OF_THE_RUN):
        return metrics
    left_out = {*_OF_THE_RUN, "correct"} - set(names)
    return {name: metric for name, metric in metrics.items() if name not in left_out}
