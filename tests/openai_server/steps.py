"""How the server can behave: each step is what one request gets."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, Literal

After = int | Literal["nothing", "headers", "half", "all but one", "all", "finish"]
"""How much of a response goes out first. A number counts tokens: 0 is the headers and the chunk with the role.

"all" is every token without the finish reason, "finish" is with it and without usage and `[DONE]`.

A response that is not a stream has no tokens; its body counts as `BODY_PARTS` equal parts.
"""

How = Literal["stall", "reset", "end", "tear", "bad json", "error event", "pings"]

BODY_PARTS = 8


@dataclass(frozen=True)
class Reply:
    """A reply in good order; for embeddings, the vectors."""

    content: str | None = None
    """`None`: ask the server's brain."""
    _: KW_ONLY
    finish_reason: str = "stop"
    upto: After = "all"
    """Stop after so many tokens, in good order; for `finish_reason="length"`."""
    refusal: str | None = None
    """The model declines: this text in `refusal`, and no content."""
    usage: bool = True
    """False: leave usage out although it was asked for, as some servers do."""
    piece: int | None = None
    """Characters per token; `None`: the server's."""
    delay: float = 0
    """Seconds before the headers."""
    pause: float = 0
    """Seconds before each token."""


WHOLE = Reply()
"""The brain's reply, in good order."""


@dataclass(frozen=True, kw_only=True)
class Canned:
    """One and the same response, whatever was asked."""

    status: int
    body: Any
    """A JSON value; or a text, sent as HTML."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A reply that goes wrong after a while."""

    how: How
    after: After
    reply: Reply = WHOLE

    def __post_init__(self) -> None:
        if self.after == "nothing" and self.how in ("bad json", "error event", "pings"):
            raise ValueError(f"{self.how} needs the headers first")


@dataclass(frozen=True)
class Altered:
    """A response that is not a stream, changed on its way out: `Altered(lambda body: body | {"data": []})`."""

    change: Callable[[dict[str, Any]], Any]


Step = Reply | Canned | Cut | Altered


def sent_first(after: After, total: int) -> int:
    """How many of `total` tokens go out first."""
    if isinstance(after, int):
        return min(after, total)
    counts = {"nothing": 0, "headers": 0, "half": total // 2, "all but one": max(total - 1, 0)}
    return counts.get(after, total)


# Broken off on the way.


def stalled(after: After, reply: Reply = WHOLE) -> Cut:
    """Nothing more comes, and the connection stays open; `after="nothing"`: not even the headers."""
    return Cut(how="stall", after=after, reply=reply)


def reset(after: After, reply: Reply = WHOLE) -> Cut:
    """A TCP reset."""
    return Cut(how="reset", after=after, reply=reply)


def ended(after: After, reply: Reply = WHOLE) -> Cut:
    """A clean end of the response, with no finish reason and no `[DONE]`."""
    return Cut(how="end", after=after, reply=reply)


def torn(after: After, reply: Reply = WHOLE) -> Cut:
    """The connection closes without the terminator of the chunked body."""
    return Cut(how="tear", after=after, reply=reply)


def bad_json(after: After, reply: Reply = WHOLE) -> Cut:
    """An event that is not JSON; after it the stream finishes as if nothing were missing."""
    return Cut(how="bad json", after=after, reply=reply)


def error_event(after: After, reply: Reply = WHOLE) -> Cut:
    """`data: {"error": …}` in the stream, then `[DONE]`; status 200 and an error body where there is no stream."""
    return Cut(how="error event", after=after, reply=reply)


def pings_only(after: After = "headers", reply: Reply = WHOLE) -> Cut:
    """SSE comments for ever; blank lines where there is no stream (DeepSeek's and OpenRouter's keep-alive)."""
    return Cut(how="pings", after=after, reply=reply)


# Whole, and wrong.


def empty_reply() -> Reply:
    return Reply("")


def huge_reply(characters: int = 5_000_000) -> Reply:
    return Reply(("otter " * (characters // 6 + 1))[:characters], piece=65_536)


def wrong_schema() -> Reply:
    return Reply('{"reply": ["The otter eats fish."], "confidence": 0.9}')


def not_json() -> Reply:
    return Reply("Sure! The otter eats fish.")


def length_limited(after: After = "half", reply: Reply = WHOLE) -> Reply:
    """The token limit cuts the reply off."""
    return replace(reply, upto=after, finish_reason="length")


def content_filtered(after: After = "half", reply: Reply = WHOLE) -> Reply:
    """The content filter cuts the reply off."""
    return replace(reply, upto=after, finish_reason="content_filter")


def declined(text: str = "I'm sorry, I cannot help with that.") -> Reply:
    """The model declines, in the field that structured outputs have for it."""
    return Reply(refusal=text)


def dripped(pause: float, reply: Reply = WHOLE) -> Reply:
    """A whole reply, `pause` seconds before each token."""
    return replace(reply, pause=pause)


def missing_vector() -> Altered:
    """One vector fewer than texts."""
    return Altered(lambda body: body | {"data": body["data"][:-1]})


def vectors_out_of_order() -> Altered:
    """The last text's vector first; each still has its `index`."""
    return Altered(lambda body: body | {"data": body["data"][::-1]})


def shorter_vectors() -> Altered:
    """Vectors of half the length."""
    return Altered(
        lambda body: body | {"data": [item | {"embedding": _half(item["embedding"])} for item in body["data"]]}
    )


def _half(vector: list[float] | str) -> list[float] | str:
    if isinstance(vector, list):
        return vector[: len(vector) // 2]
    floats = base64.b64decode(vector)
    return base64.b64encode(floats[: len(floats) // 8 * 4]).decode()
