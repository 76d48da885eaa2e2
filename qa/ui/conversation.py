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


Mark = Literal["Like", "Dislike"]
"""A rating by the name that Gradio gives it."""


class Message(TypedDict):
    """A message as Gradio's chat takes it; `content` comes from `qa.ui.render`."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(slots=True)
class GivenAnswer:
    """An answer on the page, and the turns that it was given with, oldest first.

    Attributes:
        mark: What the user said of it last; None when nothing, or when that was taken back. All states of a session
            share it, so that a rating is not lost that comes while the next answer is being written.
    """

    answer: Answer
    history: tuple[Turn, ...]
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of one session, oldest first.

    Attributes:
        turns: The last 20 that were answered, fewer when they have over 32,000 characters; at least the last.
        messages: At most 100, as shown.
        given: For each message its answer, without the passages; None for questions, errors and what is unfinished.
    """

    turns: tuple[Turn, ...] = ()
    messages: tuple[Message, ...] = ()
    given: tuple[GivenAnswer | None, ...] = ()

    def showing(self, question: str, reply: str, answer: Answer | None = None) -> Conversation:
        """Give the conversation with one more question on the page and its reply in HTML; of `answer`, once whole."""
        messages, given = list(self.messages), list(self.given)
        if question.strip():
            messages.append({"role": "user", "content": question_html(question)})
            given.append(None)
        messages.append({"role": "assistant", "content": reply})
        given.append(None if answer is None else GivenAnswer(replace(answer, passages=()), self.turns))
        return replace(self, messages=tuple(messages[-_MAX_MESSAGES:]), given=tuple(given[-_MAX_MESSAGES:]))

    @property
    def marks(self) -> list[Mark | None]:
        """What the user said of each reply, the only messages that Gradio counts here."""
        return [
            None if given is None else given.mark
            for message, given in zip(self.messages, self.given, strict=True)
            if message["role"] == "assistant"
        ]

    def given_at(self, index: object) -> GivenAnswer | None:
        """Give the answer that the message with this index shows; None when it shows none, or is not there."""
        return self.given[index] if isinstance(index, int) and 0 <= index < len(self.given) else None

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
                shown = conversation.showing(question, answer_html(event), event).with_turn(turn)
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
