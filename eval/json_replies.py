"""Ask a chat model for a JSON object of a given form: what cannot be read is asked for once more, then an error."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from qa.answering.reply import LONGEST_REPLY
from qa.domain import NO_USAGE, Usage
from qa.errors import ModelBusyError, ModelError, SettingsError, UnreadableReply
from qa.interfaces import ChatModel, Message, ReplyEnd
from qa.pricing import PriceTable
from qa.prompts import Prompts
from qa.settings import Settings

_T = TypeVar("_T")
_PAUSE, _LONGEST_PAUSE = 1.0, 35.0  # seconds; the longer one outlasts an open circuit breaker
_PATIENCE = 6  # as many calls in a row that fail say that the service is down, and are not worth a wait
_ENDINGS = {
    "length": "it reached the limit of tokens before its end.",
    "filter": "the service withheld a part of it.",
    "cut": "the connection closed before its end.",
}


def new_nonce() -> str:
    """Give 12 random hexadecimal digits: who wrote the material cannot have written a tag that ends in them."""
    return secrets.token_hex(6)


def tagged(tag: str, nonce: str, text: str, **attributes: object) -> str:
    """Give material between tags that end in the nonce: `<answer-1f… number="1">`, the text, `</answer-1f…>`."""
    told = "".join(f' {name}="{_in_quotes(value)}"' for name, value in attributes.items())
    return f"<{tag}-{nonce}{told}>\n{text}\n</{tag}-{nonce}>"


@dataclass
class JsonAsker:
    """Has a chat model write JSON objects, and sums up what it costs; safe to share between threads.

    Attributes:
        prompts: Must hold "repair".
        sleep: Waits so many seconds.
    """

    model: ChatModel
    prompts: Prompts
    prices: PriceTable
    sleep: Callable[[float], None] = time.sleep
    _usage: Usage = field(default=NO_USAGE, init=False)
    _failures: int = field(default=0, init=False)  # calls in a row
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    @property
    def usage(self) -> Usage:
        """Tokens and dollars of all calls so far; unknown where the service did not say them of one."""
        with self._lock:
            return self._usage

    def ask(
        self, messages: Sequence[Message], schema: Mapping[str, Any], read: Callable[[Mapping[str, Any]], _T]
    ) -> _T:
        """Give what `read` makes of the model's reply.

        A reply that cannot be read, or that breaks off, is asked for once more, with what was wrong with it; so is a
        service that is busy, after a pause of at most 35 seconds, unless its last six calls failed.

        Args:
            messages: What is asked.
            schema: JSON schema of the reply, strict in OpenAI's sense.
            read: Raises `UnreadableReply` when the object is not of the form asked for.

        Raises:
            UnreadableReply: The second reply cannot be read either.
            ModelError: The service did not answer.
        """
        written: list[str] = []
        try:
            return read(_object(self._written(messages, schema, written)))
        except UnreadableReply as error:
            messages = [
                *messages,
                Message(role="assistant", text="".join(written)[:4000] or "(nothing)"),
                Message(role="user", text=self.prompts.fill("repair", problem=str(error))),
            ]
        except ModelBusyError as error:
            pause = _PAUSE if error.retry_after is None else max(error.retry_after, _PAUSE)
            if self._failures >= _PATIENCE or pause > _LONGEST_PAUSE:
                raise
            self.sleep(pause)
        return read(_object(self._written(messages, schema, [])))

    def _written(self, messages: Sequence[Message], schema: Mapping[str, Any], pieces: list[str]) -> str:
        """Give the whole reply; `pieces` gets it as it comes, so that what broke off is known too."""
        end: ReplyEnd | None = None
        try:
            for piece in self.model.stream(messages, schema=schema):
                if isinstance(piece, ReplyEnd):
                    end = piece
                else:
                    pieces.append(piece)
        except ModelError:
            self._count(self.prices.usage(self.model.name, [None] if pieces else []), failed=True)
            raise
        self._count(self.prices.usage(self.model.name, [end]), failed=False)
        if end is not None and end.finish != "stop":
            raise UnreadableReply(_ENDINGS[end.finish])
        return "".join(pieces)

    def _count(self, usage: Usage, *, failed: bool) -> None:
        with self._lock:
            self._usage = self._usage.plus(usage)
            self._failures = self._failures + 1 if failed else 0


def chat_model_of(settings: Settings, who: str, model: str | None = None) -> ChatModel:
    """Give the settings' chat model, within its time limits.

    Args:
        settings: Whoever answers, extractive or not, the service's key or address must be set.
        who: Who needs it, to begin the message when there is none.
        model: Its name; None takes `settings.model`.

    Raises:
        SettingsError: There is no chat service.
    """
    if not (settings.openai_api_key or settings.openai_base_url):
        raise SettingsError(f"{who} needs a chat model; set OPENAI_API_KEY, or OPENAI_BASE_URL for another service.")
    from qa.adapters.llama_models import openai_chat_model
    from qa.model_calls import SteadyModel

    chosen = settings if model is None else settings.model_copy(update={"model": model})
    return SteadyModel(model=openai_chat_model(chosen), seconds=chosen.total_seconds)


def _object(text: str) -> Mapping[str, Any]:
    """Read the object from its first brace to its last: some models put a fence or a word around it.

    Raises:
        UnreadableReply: There is none.
    """
    if len(text) > LONGEST_REPLY:
        raise UnreadableReply(f"it is longer than {LONGEST_REPLY:,} characters.")
    start, end = text.find("{"), text.rfind("}")
    try:
        whole = json.loads(text[start : end + 1] if 0 <= start < end else text)
    except (ValueError, RecursionError) as error:
        raise UnreadableReply(f"it is not one JSON object ({error}).") from error
    if not isinstance(whole, dict):
        raise UnreadableReply("it is not a JSON object.")
    return whole


def _in_quotes(value: object) -> str:
    return " ".join(str(value).split()).replace('"', "'")
