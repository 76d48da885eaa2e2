"""One row of a comparison: every case searched, and asked where answers are wanted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.cases import Case
from eval.runner import run_cases
from eval.scores import Scorer
from eval.sweeping.indexes import IndexCost
from qa.chatbot import Chatbot
from qa.condensing import condense_offline
from qa.domain import NO_USAGE, Answer, RankedPassage, Seconds
from qa.syncing import Progress

RETRIEVAL_METRICS = (
    "range_recall",
    "range_precision",
    "range_iou",
    "recall_at_1",
    "recall_at_5",
    "recall_at_10",
    "mrr_at_10",
)
"""Of the passages alone; the first three in characters, at five passages."""
ANSWER_METRICS = ("correct", "refusal_recall")
"""Of the answers."""

_DEPTH = 10

CountTokens = Callable[[Sequence[str]], list[int]]
Values = dict[str, dict[str, float]]
"""By metric, then by case id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What was measured of one row.

    Attributes:
        values: By metric, then by case id; a case that a metric does not apply to is absent.
        search_ms: Median time of a search, the question's vector computed anew.
        answer_ms: Median time of an answer; None when none was asked for.
        tokens_sent: Mean tokens of passages that a chat model would be sent with a question, by the embedder's
            tokenizer; the prompt comes on top. None when no case was searched.
        crashed: Cases that could not be asked.
    """

    values: Values
    search_ms: float
    answer_ms: float | None
    tokens_sent: float
    crashed: int
    index: IndexCost


def measure_row(
    bot: Chatbot,
    cases: Sequence[Case],
    scorers: Mapping[str, Scorer],
    *,
    answers: bool,
    workers: int,
    count_tokens: CountTokens,
    index: IndexCost,
    progress: Progress,
) -> Measured:
    """Search every case and, with `answers`, ask it.

    Args:
        bot: On an index that is up to date.
        cases: At least one.
        scorers: By metric: those of `RETRIEVAL_METRICS` and, for answers, of `ANSWER_METRICS`.
        answers: Whether to ask.
        workers: Cases asked at a time.
        count_tokens: Tells how long texts are.
        index: What the index cost.
        progress: Called as cases are done.
    """
    values: Values = {}
    milliseconds, sent = [], []
    counter = _Counter(count_tokens)
    _search(bot, cases[0])  # the first search loads the embedder and opens the index
    for done, case in enumerate(cases, start=1):
        started = time.perf_counter()
        found = _search(bot, case)
        milliseconds.append(1000 * (time.perf_counter() - started))
        sent.append(counter.sent(found, bot.settings.model_passages, bot.settings.model_passage_tokens))
        _keep(values, case, _as_answer(case, found[:_DEPTH]), {name: scorers[name] for name in RETRIEVAL_METRICS})
        progress("Searching", done, len(cases))
    answer_ms, crashed = None, 0
    if answers:
        results = run_cases(cases, bot, {name: scorers[name] for name in ANSWER_METRICS}, progress, workers=workers)
        for result in results:
            for name, score in result.scores.items():
                if score.value is not None:
                    values.setdefault(name, {})[result.case.id] = score.value
        seconds = [result.seconds for result in results if result.seconds is not None]
        answer_ms = 1000 * statistics.median(seconds) if seconds else None
        crashed = len(results) - len(seconds)
    return Measured(
        values=values,
        search_ms=statistics.median(milliseconds),
        answer_ms=answer_ms,
        tokens_sent=statistics.fmean(sent),
        crashed=crashed,
        index=index,
    )


class _Counter:
    """Counts the tokens of passages, of each once."""

    def __init__(self, count_tokens: CountTokens) -> None:
        self._count_tokens = count_tokens
        self._known: dict[str, int] = {}

    def sent(self, found: Sequence[RankedPassage], most: int, budget: int) -> int:
        """Give the tokens of the passages that a chat model would be sent, chosen as `GenerativeAnswerer` does."""
        new = {ranked.passage.id: ranked.passage.text for ranked in found if ranked.passage.id not in self._known}
        self._known.update(zip(new, self._count_tokens(list(new.values())), strict=True))
        sent = 0
        for turn, ranked in enumerate(found[:most]):
            tokens = self._known[ranked.passage.id]
            if turn == 0 or sent + tokens <= budget:
                sent += tokens
        return sent


def _search(bot: Chatbot, case: Case) -> list[RankedPassage]:
    question = condense_offline(case.question, case.history).question
    where = {"document_id": case.documents} if case.documents else None
    return bot.search(question, limit=max(_DEPTH, bot.settings.model_passages), where=where)


def _as_answer(case: Case, found: Sequence[RankedPassage]) -> Answer:
    """Give what was found in the form that scorers look at."""
    return Answer(
        question=case.question,
        standalone_question=case.question,
        status="not_found",
        text="",
        short_answer=None,
        confidence=None,
        statements=(),
        citations=(),
        passages=tuple(found),
        model="search",
        usage=NO_USAGE,
        seconds=Seconds(retrieve=0.0, answer=0.0, total=0.0),
    )


def _keep(values: Values, case: Case, answer: Answer, scorers: Mapping[str, Scorer]) -> None:
    for name, scorer in scorers.items():
        value = scorer(case, answer).value
        if value is not None:
            values.setdefault(name, {})[case.id] = value
