"""What stands before Gradio: it lets through what the page needs and nothing else.

Gradio has routes that fetch any address for the caller (`/gradio_api/file=https://…`), take uploads and serve
files, and it downloads any "file" that a caller puts in the place of a text. None of them is needed here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOSTS = {"127.0.0.1", "localhost"}
_API = "/gradio_api"
_PATHS = {
    "",  # the page itself
    "/config",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    "/theme.css",
    *(f"{_API}/{name}" for name in ("info", "startup-events", "queue/join", "queue/data", "cancel", "reset")),
    f"{_API}/call/ask",
}
_FOLDERS = ("/assets/", "/static/", f"{_API}/heartbeat/", f"{_API}/call/ask/")
_MAX_BODY_BYTES = 256 * 1024

_HEADERS = {
    # Gradio's page has inline scripts and styles; that nothing loads from or connects elsewhere stops a leak.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """An ASGI application that answers for `app` when a request is not one of the page's own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it; every response gets the security headers."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(scope)
        if refusal is None and scope["method"] == "POST":
            body = await _body(receive)
            refusal = _body_refusal(body)
            receive = _replay(body or b"", receive)
        await (refusal or self.app)(scope, receive, send)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    headers, path = Headers(scope=scope), scope["path"]
    host, origin = headers.get("host", ""), headers.get("origin")
    if _split(f"//{host}").hostname not in _HOSTS:  # a foreign name that was made to point here
        return PlainTextResponse("Open the page as http://127.0.0.1 or http://localhost.", status_code=400)
    if origin is not None and _split(origin).netloc != host:
        return PlainTextResponse("Requests from other pages are refused.", status_code=403)
    if path.rstrip("/") not in _PATHS and not path.startswith(_FOLDERS):
        return PlainTextResponse("Not found.", status_code=404)
    return None


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # no address at all, such as "["
        return urlsplit("")


async def _body(receive: Receive) -> bytes | None:
    """Read a request's whole body; None when it is larger than any question."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _body_refusal(body: bytes | None) -> PlainTextResponse | None:
    if body is None:
        return PlainTextResponse("The request is too large.", status_code=413)
    try:
        content: Any = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return PlainTextResponse("The request is not JSON.", status_code=400)
    data = content.get("data") or [] if isinstance(content, Mapping) else None
    if not isinstance(data, list) or not all(value is None or isinstance(value, str) for value in data):
        return PlainTextResponse("The request's data must be a list of texts.", status_code=400)
    return None


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return sending
