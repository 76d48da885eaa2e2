"""What it costs to read and verify a chat model's statements while they stream.

Usage: `uv run python -m bench.statements [--runs N] [--json]`

A scripted model writes eight statements, four characters at a time, over eight passages of the bundled seeds; what is
measured is everything but the model: reading the JSON as it grows, the gate, finding each quote, comparing numbers,
dates and names, and looking the quote up in the library.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench.figures import percentile
from qa.adapters.scripted_model import ScriptedModel, passages_in
from qa.api import open_chatbot
from qa.bundled_files import bundled
from qa.domain import Answer, StatementReady
from qa.interfaces import Message
from qa.settings import Settings

_STATEMENTS = 8
_PIECE = 4
_LIMIT_MS = 5.0


@dataclass(frozen=True, slots=True)
class StatementCost:
    """Milliseconds a statement, over all runs, and when the first was shown, as a share of the reply's characters."""

    p50_ms: float
    p95_ms: float
    limit_ms: float
    first_shown_at: float
    verified: float


def measure(runs: int) -> StatementCost:
    """Answer `runs` times and time what is not the model."""
    script = _Script()
    milliseconds: list[float] = []
    shown: list[float] = []
    verified: list[bool] = []
    with TemporaryDirectory() as folder:
        settings = Settings(corpus_dir=bundled("seeds"), data_dir=Path(folder), passage_tokens=96, overlap_tokens=16)
        model = ScriptedModel(script.reply, piece=_PIECE)
        with open_chatbot(settings, chat_model=model) as bot:
            bot.ask("What does SoftBank plan?")
            for _ in range(runs):
                started, first = time.perf_counter(), None
                for event in bot.stream("What does SoftBank plan?"):
                    if isinstance(event, StatementReady) and first is None:
                        first = time.perf_counter()
                    if isinstance(event, Answer):
                        took = event.seconds.answer
                        milliseconds.append(1000 * took / max(1, len(event.statements)))
                        verified += [statement.verified for statement in event.statements]
                        answering = time.perf_counter() - started - event.seconds.retrieve
                        shown.append(((first or started) - started - event.seconds.retrieve) / answering)
    return StatementCost(
        p50_ms=statistics.median(milliseconds),
        p95_ms=percentile(milliseconds, 95),
        limit_ms=_LIMIT_MS,
        first_shown_at=statistics.median(shown),
        verified=sum(verified) / len(verified),
    )


class _Script:
    def reply(self, messages: Sequence[Message]) -> str:
        blocks = passages_in(messages[-1].text)
        statements = []
        for turn in range(_STATEMENTS):
            number, text = blocks[turn % len(blocks)]
            sentence = text.split(". ")[turn // len(blocks) % (text.count(". ") + 1)].strip()
            statements.append({"text": sentence, "quotes": [{"passage": number, "quote": sentence}]})
        return json.dumps({"statements": statements, "short_answer": None, "status": "answered"})


def main(
    runs: Annotated[int, typer.Option(help="Answers to time.", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Time the reading and verifying of statements."""
    cost = measure(runs)
    if as_json:
        typer.echo(json.dumps(asdict(cost)))
        return
    typer.echo(f"a statement, read and verified: p50 {cost.p50_ms:.2f} ms, p95 {cost.p95_ms:.2f} ms (limit p50 5 ms)")
    typer.echo(f"the first statement is shown after {cost.first_shown_at:.0%} of the answer's time")
    typer.echo(f"statements verified: {cost.verified:.0%}")


if __name__ == "__main__":
    typer.run(main)
