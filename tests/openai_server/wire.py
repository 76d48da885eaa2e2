"""HTTP/1.1 as far as the server needs it: read a request, answer it whole or in chunks, break off like a network."""

from __future__ import annotations

import asyncio
import http
import json
import socket
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


class HungUp(Exception):
    """The client closed the connection while it was being answered."""


@dataclass(frozen=True, kw_only=True)
class RawRequest:
    """A request before anything is made of its body."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes


class Connection:
    """A client's connection; serves one request after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        # `drain` then waits until the kernel has every byte, so that a reset cannot overtake what was sent before it.
        writer.transport.set_write_buffer_limits(0)

    async def read_request(self) -> RawRequest | None:
        """Read the next request; `None` when the client has no more."""
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip("\r\n").split("\r\n")
            fields = (line.partition(":") for line in lines)
            headers = {name.lower(): value.strip() for name, _, value in fields}
            content = await self._reader.readexactly(int(headers.get("content-length", 0)))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        method, path, _ = first.split(" ")
        return RawRequest(method=method, path=path, headers=headers, content=content)

    async def send_whole(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        """Answer in one piece, with its length."""
        await self._write(_head(status, {**headers, "content-length": str(len(content))}) + content)

    async def start_chunks(self, headers: Mapping[str, str]) -> None:
        """Send the headers of a response that comes in chunks."""
        await self._write(_head(200, {**headers, "transfer-encoding": "chunked"}))

    async def send_chunks(self, contents: Iterable[bytes]) -> None:
        """Send chunks that are not empty: an empty one would end the response."""
        for content in contents:
            await self._write(b"%x\r\n%s\r\n" % (len(content), content))

    async def end_chunks(self) -> None:
        """Send the terminator: the client knows that the response is whole."""
        await self._write(b"0\r\n\r\n")

    async def pause(self, seconds: float | None) -> None:
        """Wait, for ever if `None`.

        Raises:
            HungUp: The client closed the connection meanwhile.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._reader.read(1)  # a client sends nothing before it has its response: this waits for its end
        except TimeoutError:
            return
        except ConnectionError:
            pass
        raise HungUp

    def reset(self) -> None:
        """Cut the connection with a TCP reset."""
        linger_0_seconds = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_0_seconds)
        self.abort()

    def abort(self) -> None:
        """Drop the connection; whatever waits on it wakes up."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """Close the connection, in good order if it still stands."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _write(self, content: bytes) -> None:
        try:
            self._writer.write(content)
            await self._writer.drain()
        except ConnectionError as error:
            raise HungUp from error


def json_bytes(value: Any) -> bytes:
    """Give compact JSON in UTF-8, unescaped, as OpenAI sends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    known = {code.value: code.phrase for code in http.HTTPStatus}
    lines = [f"HTTP/1.1 {status} {known.get(status, 'Unknown')}", *(f"{name}: {headers[name]}" for name in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
