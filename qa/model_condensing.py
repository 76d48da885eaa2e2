"""A follow-up → a question that stands alone, in a chat model's words."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from qa.condensing import Standalone, leans, standalone_question
from qa.domain import Turn
from qa.errors import ModelError
from qa.gate import plain
from qa.interfaces import ChatModel, Message, ReplyEnd
from qa.model_calls import broken_off
from qa.pricing import PriceTable
from qa.prompts import Prompts

_SECONDS = 10.0
# The newest turns that together have so many characters are shown; about 2,000 tokens.
_HISTORY_CHARS = 8_000
_ANSWER_CHARS = 1_000


@dataclass(frozen=True, kw_only=True)
class ModelCondenser:
    """Has a chat model fill in what a follow-up leaves out; where it cannot, the offline rules do.

    Attributes:
        longest: Most characters of a question; a longer rewriting is not used.
    """

    model: ChatModel
    prompts: Prompts
    prices: PriceTable
    longest: int

    def __call__(self, question: str, history: Sequence[Turn]) -> Standalone:
        """Give the question that stands alone; one that names its own subject is given back as it is."""
        if not history or not leans(question):
            return Standalone(question)
        written, end = "", None
        try:
            for piece in self.model.stream(self._messages(question, history), seconds=_SECONDS):
                if isinstance(piece, ReplyEnd):
                    end = piece
                else:
                    written += piece
        except ModelError as error:
            usage = self.prices.usage(self.model.name, [broken_off(error)])
            return Standalone(standalone_question(question, history), usage, (str(error),))
        usage = self.prices.usage(self.model.name, [end])
        rewritten = plain(written).strip()
        if end is None or end.finish != "stop" or not 0 < len(rewritten) <= self.longest:
            return Standalone(standalone_question(question, history), usage)
        return Standalone(rewritten, usage)

    def _messages(self, question: str, history: Sequence[Turn]) -> list[Message]:
        nonce = secrets.token_hex(6)
        filled = self.prompts.fill("conversation", nonce=nonce, turns=_shown(history), question=question)
        return [
            Message(role="system", text=self.prompts.fill("condense")),
            Message(role="user", text=filled),
        ]


def _shown(history: Sequence[Turn]) -> str:
    """Give the newest turns that fit, oldest first."""
    shown: list[str] = []
    left = _HISTORY_CHARS
    for turn in reversed(history):
        text = f"Question: {turn.question}\nAnswer: {turn.answer[:_ANSWER_CHARS]}"
        if len(text) > left:
            break
        shown.append(text)
        left -= len(text)
    return "\n\n".join(reversed(shown))
