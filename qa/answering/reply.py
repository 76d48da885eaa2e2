"""A chat model's reply, read while it is being written: JSON text → statements, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jiter

from qa.domain import Passage, Status
from qa.errors import UnreadableReply
from qa.interfaces import DraftQuote, DraftStatement, DraftText

# What a model may write at most, in characters; an answer has one or two thousand.
LONGEST_REPLY = 32_000
# So many new characters are worth another look at the statement that is being written.
_LOOK_EVERY = 12
_STATUSES: dict[str, Status] = {"answered": "answered", "partial": "partial", "not_found": "not_found"}

REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "quotes": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"passage": {"type": "integer"}, "quote": {"type": "string"}},
                            "required": ["passage", "quote"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["text", "quotes"],
                "additionalProperties": False,
            },
        },
        "short_answer": {"type": ["string", "null"]},
        "status": {"type": "string", "enum": ["answered", "partial", "not_found"]},
    },
    "required": ["statements", "short_answer", "status"],
    "additionalProperties": False,
}
"""What a reply looks like; strict in OpenAI's sense: every property required, no others."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply's own account of itself."""

    status: Status
    short_answer: str | None


@dataclass
class ReplyReader:
    """Reads one reply; `passages` are those that were sent, the first of which is number 1."""

    passages: Sequence[Passage]
    _text: str = ""
    _scanned: int = 0
    _looked: int = 0
    _depth: int = 0
    _in_string: bool = False
    _escaped: bool = False
    _closed: int = 0
    _given: int = 0
    _shown: str = ""

    @property
    def begun(self) -> bool:
        """Tell whether a statement is complete."""
        return self._given > 0

    @property
    def text(self) -> str:
        """The reply so far."""
        return self._text

    def feed(self, piece: str) -> Iterator[DraftText | DraftStatement]:
        """Take the next piece of the reply; give the statements it completes, and how far the next one is.

        Raises:
            UnreadableReply: The reply is too long, or what it has so far is no statement.
        """
        self._text += piece
        if len(self._text) > LONGEST_REPLY:
            raise UnreadableReply(f"it is longer than {LONGEST_REPLY:,} characters.")
        before = self._closed
        self._scan()
        if self._closed > before or len(self._text) - self._looked >= _LOOK_EVERY:
            self._looked = len(self._text)
            yield from self._look()

    def finish(self) -> Reply:
        """Give what the whole reply says of itself.

        Raises:
            UnreadableReply: It is no JSON object of the form asked for.
        """
        try:
            whole = jiter.from_json(self._json().encode())
        except ValueError as error:
            raise UnreadableReply(f"it is not one JSON object ({error}).") from error
        if not isinstance(whole, dict) or not isinstance(whole.get("statements"), list):
            raise UnreadableReply('it has no list "statements".')
        for item in whole["statements"]:
            self._draft(item)
        short = whole.get("short_answer")
        status = _STATUSES.get(str(whole.get("status")), "answered" if whole["statements"] else "not_found")
        return Reply(status, short if isinstance(short, str) and short.strip() else None)

    def _json(self) -> str:
        """Give the reply from its first brace to its last: some models put a fence or a word around it."""
        start, end = self._text.find("{"), self._text.rfind("}")
        return self._text[start : end + 1] if 0 <= start < end else self._text

    def _scan(self) -> None:
        """Count the objects that closed within the outermost list, character by character."""
        for character in self._text[self._scanned :]:
            if self._in_string:
                if self._escaped:
                    self._escaped = False
                elif character == "\\":
                    self._escaped = True
                elif character == '"':
                    self._in_string = False
            elif character == '"':
                self._in_string = self._depth > 0
            elif character == "{" or (character == "[" and self._depth > 0):
                self._depth += 1
            elif character in "]}" and self._depth > 0:
                self._depth -= 1
                self._closed += character == "}" and self._depth == 2
        self._scanned = len(self._text)

    def _look(self) -> Iterator[DraftText | DraftStatement]:
        start = self._text.find("{")
        if start < 0:
            return
        try:
            partial = jiter.from_json(self._text[start:].encode(), partial_mode="trailing-strings")
        except ValueError as error:
            raise UnreadableReply(f"it is not one JSON object ({error}).") from error
        items = partial.get("statements") if isinstance(partial, dict) else None
        if not isinstance(items, list):
            return
        while self._given < min(self._closed, len(items)):
            draft = self._draft(items[self._given])
            self._given += 1
            self._shown = ""
            yield draft
        if len(items) > self._given and isinstance(items[self._given], dict):
            text = items[self._given].get("text")
            if isinstance(text, str) and text != self._shown:
                self._shown = text
                yield DraftText(text=text)

    def _draft(self, item: Any) -> DraftStatement:
        if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"].strip():
            raise UnreadableReply('a statement has no "text".')
        quotes = item.get("quotes")
        if not isinstance(quotes, list):
            raise UnreadableReply('a statement has no list "quotes".')
        return DraftStatement(text=item["text"], quotes=tuple(self._quotes(quotes)))

    def _quotes(self, quotes: Sequence[Any]) -> Iterator[DraftQuote]:
        for quote in quotes:
            if not isinstance(quote, dict) or not isinstance(quote.get("quote"), str):
                raise UnreadableReply('a quote has no "quote".')
            number = quote.get("passage")
            # A number that was not sent names no passage, so nothing can be checked: the statement stays unverified.
            sent = isinstance(number, int) and 1 <= number <= len(self.passages)
            passage = self.passages[int(number) - 1] if sent and number is not None else None
            yield DraftQuote(passage=passage, text=quote["quote"], start=None)
