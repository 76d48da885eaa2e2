"""One run from beginning to end: check all that can be checked beforehand, ask, score, record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.case_files import load_cases
from eval.cases import check_evidence, select_cases
from eval.corpus_texts import CorpusTexts
from eval.journal import journal_for
from eval.metrics import metrics_of
from eval.provenance import provenance_of, run_key
from eval.run_record import RunRecord, prepare_output, write_record
from eval.runner import Progress, run_cases
from eval.scorers import scorers_for
from eval.scores import Scorer
from qa.api import open_chatbot
from qa.corpus import sha256_of

if TYPE_CHECKING:
    from qa.chatbot import Chatbot
    from qa.settings import Settings

# Several questions to a chat service are under way at a time; without one, the reader has the cores to itself.
_SERVICE_WORKERS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What to measure.

    Attributes:
        cases: File of cases.
        output: File of the record.
        tag: Only the cases with this tag; None means all.
        limit: Only so many cases, the first ones; None means all.
        metrics: Names of the metrics wanted; None means the usual ones.
        workers: Cases that are asked at a time; None lets the answerer decide.
        fresh: Ask every case again, whatever an earlier run that was killed has kept.
    """

    cases: Path
    output: Path
    tag: str | None = None
    limit: int | None = None
    metrics: tuple[str, ...] | None = None
    workers: int | None = None
    fresh: bool = False


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
        QAError: Cases, corpus, metrics or output cannot be used, or the corpus cannot be indexed.
    """
    texts = CorpusTexts.of(settings)
    cases = select_cases(load_cases(request.cases, texts), tag=request.tag, limit=request.limit)
    check_evidence(cases, texts)
    scorers = {**scorers_for(texts, request.metrics), **(more_scorers or {})}
    prepare_output(request.output)
    with open_bot(settings) as bot:
        for file in bot.sync(progress=progress).failed:  # even when settings say not to: the record names this corpus
            warn(f"not indexed: {file.path}: {file.reason}")
        workers = request.workers or (_SERVICE_WORKERS if bot.chat_model is not None else 1)
        source = {"name": request.cases.name, "sha256": sha256_of(request.cases.read_bytes())}
        provenance = provenance_of(bot, texts, source, workers=workers, metrics=list(scorers), **more)
        key = run_key({**provenance, "asked": [case.id for case in cases]})
        with journal_for(request.output.parent, key, fresh=request.fresh) as journal:
            if len(journal):
                warn(f"going on with a run that was not finished: {len(journal)} of {len(cases)} cases are done")
            results = run_cases(cases, bot, scorers, progress, workers=workers, done=journal)
            record = RunRecord(provenance=provenance, metrics=metrics_of(results), results=results)
            write_record(request.output, record)
    return record
