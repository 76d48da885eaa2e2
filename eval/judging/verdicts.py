"""A judge's reply: of a verdict one of the words asked for, of a reason plain text, and nothing else of either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.errors import UnreadableReply
from qa.gate import plain

_LONGEST_REASON = 300
_VERDICTS = ("correct", "partly", "wrong")

CORRECTNESS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "verdict": {"type": "string", "enum": list(_VERDICTS)}},
    "required": ["reason", "verdict"],
    "additionalProperties": False,
}

FAITHFULNESS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "reason": {"type": "string"},
                    "supported": {"type": "boolean"},
                },
                "required": ["number", "reason", "supported"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["statements"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge says of one thing; the reason is one line that can do nothing, wherever it is shown."""

    verdict: str
    reason: str


def read_verdict(reply: Mapping[str, Any]) -> Judged:
    """Read a verdict on correctness: "correct", "partly" or "wrong".

    Raises:
        UnreadableReply: It is not of the form asked for.
    """
    verdict = reply.get("verdict")
    if verdict not in _VERDICTS:
        raise UnreadableReply(f'"verdict" is none of {", ".join(_VERDICTS)}.')
    return Judged(str(verdict), _reason(reply))


def read_supported(reply: Mapping[str, Any], numbers: Sequence[int]) -> dict[int, Judged]:
    """Read "supported" or "unsupported" for each statement, by its number.

    Raises:
        UnreadableReply: It is not of the form asked for, or has not each of `numbers` just once.
    """
    items = reply.get("statements")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnreadableReply('it has no list "statements" of objects.')
    found = [item.get("number") for item in items]
    if sorted(map(repr, found)) != sorted(map(repr, numbers)):  # by repr, for which 1 and true differ
        wanted = ", ".join(map(str, sorted(numbers)))
        raise UnreadableReply(f'"statements" must have each of these numbers once, and no other: {wanted}.')
    if not all(isinstance(item.get("supported"), bool) for item in items):
        raise UnreadableReply('"supported" is neither true nor false.')
    return {
        item["number"]: Judged("supported" if item["supported"] else "unsupported", _reason(item)) for item in items
    }


def _reason(item: Mapping[str, Any]) -> str:
    reason = item.get("reason")
    if not isinstance(reason, str):
        raise UnreadableReply('a "reason" is no text.')
    shown = plain(reason)
    return f"{shown[:_LONGEST_REASON]}…" if len(shown) > _LONGEST_REASON else shown or "no reason was given"
