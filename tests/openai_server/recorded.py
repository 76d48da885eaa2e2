"""What the server remembers of each request."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class RecordedRequest:
    """One request, as it came in."""

    number: int
    """Counts from 1, over all endpoints."""
    method: str
    path: str
    headers: Mapping[str, str]
    """By lower-case name; `headers["authorization"] == "Bearer sk-…"`."""
    body: dict[str, Any]
    """The JSON body; empty for a GET."""
    hung_up: threading.Event = field(default_factory=threading.Event, compare=False)
    """Set when the client closed the connection before it had the whole response: `hung_up.wait(5)`."""

    @property
    def prompt(self) -> str:
        """The text of all its messages."""
        return prompt_text(self.body)


def prompt_text(body: Mapping[str, Any]) -> str:
    """Give the text of a chat request's messages, a blank line between them; other parts (images) are left out."""
    return "\n\n".join(_message_text(message.get("content")) for message in body.get("messages", []))


def _message_text(content: str | list[dict[str, Any]] | None) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""
