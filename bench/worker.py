"""The work that `bench.cost` measures from outside, each in a process of its own.

`python -m bench.worker sync CORPUS DATA` prints what the sync did, and
`python -m bench.worker ask CORPUS DATA < questions.json` how long each answer took.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from qa.api import open_chatbot
from qa.chatbot import Chatbot
from qa.domain import Turn
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
    """Answer the questions on stdin, each once, and give the seconds of each: wall-clock and CPU."""
    questions = json.load(sys.stdin)
    for question in _WARM_UP:
        bot.ask(question)
    return [_seconds(bot, item["question"], [Turn(**turn) for turn in item["history"]]) for item in questions]


def _seconds(bot: Chatbot, question: str, history: list[Turn]) -> dict[str, float]:
    started = time.process_time()
    answer = bot.ask(question, history=history)
    return {**asdict(answer.seconds), "cpu": time.process_time() - started}


def main() -> None:
    """Do the task named by the first argument on the corpus and data folders that follow."""
    task, corpus, data = sys.argv[1:]
    with open_chatbot(load_settings(corpus_dir=Path(corpus), data_dir=Path(data))) as bot:
        print(json.dumps({"sync": sync, "ask": ask}[task](bot)))


if __name__ == "__main__":
    main()
