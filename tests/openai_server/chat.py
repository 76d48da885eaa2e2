"""Chat completions as OpenAI writes them, as one object or the events of a stream; and its list of models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .recorded import prompt_text
from .steps import Reply, sent_first
from .wire import json_bytes

CREATED = 1_750_000_000
"""The time of every reply, so that two runs agree."""

DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The body of a response in the order it goes out: what comes before the tokens, the tokens, what follows."""

    lead: Sequence[bytes] = ()
    tokens: Sequence[bytes]
    tail: Sequence[bytes] = ()
    is_stream: bool = False


def tokens_of(text: str, reply: Reply, piece: int) -> list[str]:
    """Cut a text into the tokens that the reply sends, `piece` characters each."""
    tokens = [text[start : start + piece] for start in range(0, len(text), piece)]
    return tokens[: sent_first(reply.upto, len(tokens))]


def completion(body: Mapping[str, Any], reply: Reply, tokens: Sequence[str], number: int) -> dict[str, Any]:
    """The reply as one object."""
    text = "".join(tokens)
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if reply.refusal else text,
        "refusal": text if reply.refusal else None,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish_reason}
    whole = {**_envelope(body, number, "chat.completion"), "choices": [choice]}
    return whole | {"usage": usage(body, tokens)} if reply.usage else whole


def stream(body: Mapping[str, Any], reply: Reply, tokens: Sequence[str], number: int) -> Parts:
    """The reply as the events of a stream."""
    wants_usage = reply.usage and bool((body.get("stream_options") or {}).get("include_usage"))
    envelope = _envelope(body, number, "chat.completion.chunk") | ({"usage": None} if wants_usage else {})
    field = "refusal" if reply.refusal else "content"

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return event({**envelope, "choices": [choice]})

    counted = event({**envelope, "choices": [], "usage": usage(body, tokens)})
    return Parts(
        lead=[chunk({"role": "assistant", "content": None if reply.refusal else "", "refusal": None})],
        tokens=[chunk({field: token}) for token in tokens],
        tail=[chunk({}, reply.finish_reason), *([counted] if wants_usage else []), DONE],
        is_stream=True,
    )


def model_list(names: Sequence[str]) -> dict[str, Any]:
    """What `GET /v1/models` gives."""
    models = [{"id": name, "object": "model", "created": CREATED, "owned_by": "system"} for name in names]
    return {"object": "list", "data": models}


def event(value: Any) -> bytes:
    """A server-sent event with a JSON value."""
    return b"data: %s\n\n" % json_bytes(value)


def usage(body: Mapping[str, Any], tokens: Sequence[str]) -> dict[str, Any]:
    """What is billed: the words of the prompt, and the tokens of the reply."""
    prompt = len(prompt_text(body).split())
    return {
        "prompt_tokens": prompt,
        "completion_tokens": len(tokens),
        "total_tokens": prompt + len(tokens),
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def _envelope(body: Mapping[str, Any], number: int, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number}", "object": kind, "created": CREATED, "model": body["model"]}
