"""The work that `bench.cost` measures from outside, each in a process of its own.

`python -m bench.worker sync CORPUS DATA` prints what the sync did, and
`python -m bench.worker ask CORPUS DATA < questions.json` how long each answer took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qa.answering.extractive import ExtractiveAnswerer
from qa.api import open_chatbot
from qa.chatbot import Chatbot
from qa.domain import Turn
from qa.interfaces import Reading, SpanReader
from qa.settings import load_settings

# Asked before the measured ones: the first answer loads the model and opens the index.
_WARM_UP = ("What is this about?", "Who is named, and when did it happen?")


def sync(bot: Chatbot) -> dict[str, float]:
    """Sync, and give its seconds and counts; `again` are the seconds of another sync right after it."""
    started = time.process_time()
    report = bot.sync()
    return {
        "seconds": report.seconds,
        "cpu": time.process_time() - started,
        "again": bot.sync().seconds,
        "passages": report.passages,
        "embedded": report.embedded,
        "failed": len(report.failed),
    }


def ask(bot: Chatbot) -> list[dict[str, float]]:
    """Answer the questions on stdin, each once, and give the seconds of each: wall-clock, its parts, and CPU."""
    questions = json.load(sys.stdin)
    clocks = _timed_readers(bot)
    for question in _WARM_UP:
        bot.ask(question)
    return [_seconds(bot, clocks, item["question"], [Turn(**turn) for turn in item["history"]]) for item in questions]


class _TimedReader:
    """A span reader that adds up the seconds it takes."""

    def __init__(self, inner: SpanReader) -> None:
        self._inner = inner
        self.fingerprint = inner.fingerprint
        self.seconds = 0.0

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Read as the reader within does."""
        started = time.perf_counter()
        readings = self._inner.read(question, texts)
        self.seconds += time.perf_counter() - started
        return readings


def _timed_readers(bot: Chatbot) -> tuple[_TimedReader, _TimedReader]:
    """Put a clock on the reader that reranks, and on the one that answers; they share what was read."""
    assert bot.reranker is not None and isinstance(bot.answerer, ExtractiveAnswerer)
    reranking, answering = _TimedReader(bot.reranker.reader), _TimedReader(bot.answerer.reader)
    bot.reranker = replace(bot.reranker, reader=reranking)
    bot.answerer = replace(bot.answerer, reader=answering)
    return reranking, answering


def _seconds(
    bot: Chatbot, clocks: tuple[_TimedReader, _TimedReader], question: str, history: list[Turn]
) -> dict[str, float]:
    reranking, answering = clocks
    reranking.seconds = answering.seconds = 0.0
    started = time.process_time()
    seconds = bot.ask(question, history=history).seconds
    return {
        "total": seconds.total,
        "read": reranking.seconds + answering.seconds,
        "retrieve": seconds.retrieve - reranking.seconds,
        "answer": seconds.answer - answering.seconds,
        "cpu": time.process_time() - started,
    }


def main() -> None:
    """Do the task named by the first argument on the corpus and data folders that follow."""
    task, corpus, data = sys.argv[1:]
    with open_chatbot(load_settings(corpus_dir=Path(corpus), data_dir=Path(data), answerer="extractive")) as bot:
        print(json.dumps({"sync": sync, "ask": ask}[task](bot)))


if __name__ == "__main__":
    main()
