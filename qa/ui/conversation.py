"""One session of the chat page: what it shows, what the chatbot is told, how a question moves it on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

from qa.chatbot import Chatbot
from qa.domain import Answer, StatementReady, Turn
from qa.errors import QAError
from qa.ui.render import answer_html, error_html, question_html, searching_html, unfinished_html

_log = logging.getLogger(__name__)

_MAX_TURNS = 20
_MAX_HISTORY_CHARS = 32_000
# A session's memory is bounded; what is older than this is no longer on the page.
_MAX_MESSAGES = 100
_INTERNAL_ERROR = (
    "Something went wrong inside the program, and this question has no answer. Ask again; "
    "if it stays, report the lines that `qa chat` printed in its terminal."
)


class Message(TypedDict):
    """A message as Gradio's chat takes it; `content` comes from `qa.ui.render`."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of one session, oldest first.

    Attributes:
        turns: The last 20 that were answered, fewer when they have over 32,000 characters; at least the last.
        messages: At most 100, as shown.
    """

    turns: tuple[Turn, ...] = ()
    messages: tuple[Message, ...] = ()

    def showing(self, question: str, reply: str) -> Conversation:
        """Give the conversation with one more question on the page and its reply in HTML."""
        messages = list(self.messages)
        if question.strip():
            messages.append({"role": "user", "content": question_html(question)})
        messages.append({"role": "assistant", "content": reply})
        return replace(self, messages=tuple(messages[-_MAX_MESSAGES:]))

    def with_turn(self, turn: Turn) -> Conversation:
        """Give the conversation with one more turn; the oldest go when the history gets too long."""
        turns = (*self.turns, turn)[-_MAX_TURNS:]
        while len(turns) > 1 and _characters(turns) > _MAX_HISTORY_CHARS:
            turns = turns[1:]
        return replace(self, turns=turns)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a question has got to.

    Attributes:
        conversation: What to show now, and the state to keep.
        result: `Answer.to_dict()` once the answer is whole, `{"error": message}` when there is none; until
            then None.
    """

    conversation: Conversation
    result: dict[str, Any] | None = None


def exchange(bot: Chatbot, question: str | None, conversation: Conversation) -> Iterator[Step]:
    """Put a question and give a step whenever there is more to show; the last one has the result.

    A `QAError` becomes a message. So does any other exception, but that is a bug: its traceback is logged.
    """
    question = question or ""  # a caller of the API may send null
    yield Step(conversation.showing(question, searching_html()))
    try:
        ready: list[StatementReady] = []
        for event in bot.stream(question, history=conversation.turns):
            if isinstance(event, Answer):
                turn = Turn(question=event.question, answer=event.text)
                shown = conversation.with_turn(turn).showing(question, answer_html(event))
                yield Step(shown, event.to_dict())
            elif isinstance(event, StatementReady):
                ready.append(event)
                yield Step(conversation.showing(question, unfinished_html(ready)))
            else:
                yield Step(conversation.showing(question, unfinished_html(ready, event.text)))
    except QAError as error:
        yield _failed(question, conversation, str(error))
    except Exception:  # raised on, it would make Gradio cover the whole conversation with the word "Error"
        _log.exception("A question was not answered.")
        yield _failed(question, conversation, _INTERNAL_ERROR)


def _failed(question: str, conversation: Conversation, message: str) -> Step:
    return Step(conversation.showing(question, error_html(message)), {"error": message})


def _characters(turns: tuple[Turn, ...]) -> int:
    return sum(len(turn.question) + len(turn.answer) for turn in turns)
