"""Plays a step: sends a response, or as much of it as the step lets through."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .chat import DONE, Parts, event
from .refusals import error_body
from .steps import BODY_PARTS, WHOLE, Altered, Canned, Cut, Reply, sent_first
from .wire import Connection, json_bytes

Headers = Mapping[str, str]

PING_SECONDS = 0.02

BROKEN_JSON = b'{"id": "chatcmpl-0", "choi'


async def send_canned(connection: Connection, canned: Canned, headers: Headers) -> None:
    """Send a canned response, a text as a web page."""
    page = isinstance(canned.body, str)
    kind = {"content-type": "text/html" if page else "application/json"}
    content = canned.body.encode() if page else json_bytes(canned.body)
    await connection.send_whole(canned.status, content, {**headers, **kind, **canned.headers})


async def play(
    connection: Connection, step: Reply | Cut | Altered, response: Parts | dict[str, Any], headers: Headers
) -> bool:
    """Send the response as the step wants it.

    Returns:
        Whether the connection is in good order afterwards.
    """
    if isinstance(step, Altered):
        if isinstance(response, Parts):
            raise ValueError("a stream cannot be altered")
        response = step.change(response)
    parts = response if isinstance(response, Parts) else _split(response)
    kind = {"content-type": "text/event-stream; charset=utf-8" if parts.is_stream else "application/json"}
    if isinstance(step, Cut):
        await _send_first(connection, step, parts, {**headers, **kind})
        return await _break_off(connection, step, parts)
    await _send_all(connection, step if isinstance(step, Reply) else WHOLE, parts, {**headers, **kind})
    return True


async def _send_all(connection: Connection, reply: Reply, parts: Parts, headers: Headers) -> None:
    await _wait(connection, reply.delay)
    await connection.start_chunks(headers)
    await connection.send_chunks(parts.lead)
    for token in parts.tokens:
        await _wait(connection, reply.pause)
        await connection.send_chunks([token])
    await connection.send_chunks(parts.tail)
    await connection.end_chunks()


async def _send_first(connection: Connection, cut: Cut, parts: Parts, headers: Headers) -> None:
    await _wait(connection, cut.reply.delay)
    if cut.after == "nothing":
        return
    await connection.start_chunks(headers)
    if cut.after == "headers" or (cut.how == "error event" and not parts.is_stream):
        return
    tokens = parts.tokens[: sent_first(cut.after, len(parts.tokens))]
    await connection.send_chunks([*parts.lead, *tokens, *(parts.tail[:1] if cut.after == "finish" else ())])


async def _break_off(connection: Connection, cut: Cut, parts: Parts) -> bool:
    match cut.how:
        case "stall":
            await connection.pause(None)
        case "pings":
            while True:
                await connection.send_chunks([b": keep-alive\n\n" if parts.is_stream else b"\n"])
                await connection.pause(PING_SECONDS)
        case "reset":
            connection.reset()
            return False
        case "bad json":
            await connection.send_chunks([b"data: %s\n\n" % BROKEN_JSON if parts.is_stream else BROKEN_JSON])
            await connection.send_chunks(parts.tail)
        case "error event":
            error = error_body("The server had an error while processing your request.", "server_error")
            await connection.send_chunks([event(error), DONE] if parts.is_stream else [json_bytes(error)])
    if cut.how == "tear" or cut.after == "nothing":
        return False
    await connection.end_chunks()
    return True


async def _wait(connection: Connection, seconds: float) -> None:
    if seconds > 0:
        await connection.pause(seconds)


def _split(value: Any) -> Parts:
    content = json_bytes(value)
    size = math.ceil(len(content) / BODY_PARTS)
    return Parts(tokens=[content[start : start + size] for start in range(0, len(content), size)])
