"""Ask every case and score what comes back; a case that crashes is a row, not the end of the run."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from math import isfinite
from typing import Protocol

from eval.cases import Case
from eval.results import CaseResult, recorded
from eval.scores import Score, Scorer
from qa.domain import Answer, Turn

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


class Asked(Protocol):
    """What the runner needs of a `qa.Chatbot`; asked by several threads at a time when there are several workers."""

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), where: Mapping[str, str | Sequence[str]] | None = None
    ) -> Answer:
        """Answer a question, given the earlier turns, oldest first, of some documents or, with None, of all."""


class Done(Protocol):
    """Keeps results as they come, so that a killed run can go on."""

    def get(self, case_id: str) -> CaseResult | None:
        """Give what an earlier, unfinished run kept of a case; None when it did not come to it."""

    def keep(self, result: CaseResult) -> None:
        """Keep a result."""


def run_cases(
    cases: Sequence[Case],
    bot: Asked,
    scorers: Mapping[str, Scorer],
    progress: Progress,
    *,
    workers: int = 1,
    done: Done | None = None,
) -> list[CaseResult]:
    """Ask the cases, and give their results in the same order.

    Args:
        cases: Their ids must differ.
        bot: Who is asked.
        scorers: By the name of their metric.
        progress: Called from this thread as cases are done.
        workers: How many cases are asked at a time.
        done: Gives the cases that need not be asked again, and keeps the others' results.
    """
    results = {case.id: kept for case in cases if done is not None and (kept := done.get(case.id))}
    left = [case for case in cases if case.id not in results]
    progress("Asking", len(results), len(cases))
    for result in _asked(left, bot, scorers, workers):
        if done is not None:
            done.keep(result)
        results[result.case.id] = result
        progress("Asking", len(results), len(cases))
    return [results[case.id] for case in cases]


def _asked(cases: Sequence[Case], bot: Asked, scorers: Mapping[str, Scorer], workers: int) -> Iterator[CaseResult]:
    """Give results as they come; no more than twice `workers` cases are under way, so that memory stays flat."""
    if workers == 1:  # in this thread, where a debugger and an interrupt find it
        yield from (_run_case(case, bot, scorers) for case in cases)
        return
    waiting = iter(cases)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="eval")
    try:
        under_way: set[Future[CaseResult]] = {
            pool.submit(_run_case, case, bot, scorers) for case in islice(waiting, 2 * workers)
        }
        while under_way:
            ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            under_way |= {pool.submit(_run_case, case, bot, scorers) for case in islice(waiting, len(ended))}
            yield from (future.result() for future in ended)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _run_case(case: Case, bot: Asked, scorers: Mapping[str, Scorer]) -> CaseResult:
    started = time.perf_counter()
    where = {"document_id": case.documents} if case.documents else None
    try:
        answer = bot.ask(case.question, history=case.history, where=where)
    except Exception as error:  # whatever it is, the other cases must still be asked
        return CaseResult(case=case, answer=None, seconds=None, error=_in_words(error), scores={})
    seconds = time.perf_counter() - started
    scores = {name: _score(scorer, case, answer) for name, scorer in scorers.items()}
    return CaseResult(case=case, answer=recorded(answer), seconds=seconds, error=None, scores=scores)


def _score(scorer: Scorer, case: Case, answer: Answer) -> Score:
    try:
        score = scorer(case, answer)
    except Exception as error:  # a scorer of the user's own may raise anything; the run goes on without its word
        return Score(None, f"the scorer crashed: {_in_words(error)}", failed=True)
    if score.value is not None and not isfinite(score.value):  # a mean over it would be no number either
        return Score(None, f"the scorer gave {score.value}: {score.reason}", failed=True)
    return score


def _in_words(error: BaseException) -> str:
    """Give type and message; records travel, so the user's home folder in a path is "~"."""
    said, home = "".join(traceback.format_exception_only(error)).strip(), os.path.expanduser("~")
    return said.replace(home, "~") if len(home) > 1 else said
