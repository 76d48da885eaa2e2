"""A chat model whose replies are written beforehand: for tests, demonstrations and benchmarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qa.interfaces import Message, ReplyEnd

_BLOCK = re.compile(r'<passage-\w+ number="(\d+)"[^>]*>\n(.*?)\n</passage-', re.DOTALL)


def passages_in(prompt: str) -> list[tuple[int, str]]:
    """Give number and text of each passage that a prompt of `GenerativeAnswerer` holds, for a script to quote from."""
    return [(int(number), text) for number, text in _BLOCK.findall(prompt)]


class ScriptedModel:
    """Replies with what a function makes of the messages, a few characters at a time."""

    def __init__(self, reply: Callable[[Sequence[Message]], str], *, name: str = "scripted", piece: int = 16) -> None:
        """Take the script.

        Args:
            reply: Gives the whole reply to the messages.
            name: Shown to the user as who answered.
            piece: Characters given at once, at least 1.
        """
        self._reply = reply
        self._name = name
        self._piece = piece

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    def stream(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None, seconds: float | None = None
    ) -> Iterator[str | ReplyEnd]:
        """Give the reply as `ChatModel.stream` does; a script follows no schema and takes no time."""
        text = self._reply(messages)
        for at in range(0, len(text), self._piece):
            yield text[at : at + self._piece]
        yield ReplyEnd(finish="stop", input_tokens=0, output_tokens=0)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""
