"""The server: a thread with an event loop, a script for each endpoint, and a record of every request."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Literal, Self

from .chat import Parts, completion, model_list, stream, tokens_of
from .embeddings import embedding_list, texts_of
from .playing import play, send_canned
from .recorded import RecordedRequest
from .refusals import server_error, unknown_endpoint
from .rules import objection
from .steps import WHOLE, Canned, Cut, Reply, Step
from .wire import Connection, HungUp, RawRequest

Brain = Callable[[dict[str, Any]], str]
"""Gives the content of a reply from the body of its request; runs in a thread of its own, and may wait."""

Endpoint = Literal["chat", "embeddings", "models"]

ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("POST", "/v1/chat/completions"): "chat",
    ("POST", "/v1/embeddings"): "embeddings",
    ("GET", "/v1/models"): "models",
}


class OpenAIServer:
    """Serves the OpenAI protocol on a free loopback port, from construction until `close`.

    Every attribute may be changed while it serves. A brain that fails, or a bug in here, answers 500 and is raised
    again when the `with` block ends.
    """

    def __init__(self) -> None:
        self.brain: Brain = lambda body: "The otter eats fish."
        self.piece = 4
        """Characters per token."""
        self.dimensions = 64
        """Length of a vector where the request asks for none."""
        self.models = ["gpt-4o-mini", "text-embedding-3-small"]
        self.unsupported: set[str] = set()
        """What it refuses with a 400, without using up a step: "json_schema", "json_object", or a parameter's name."""
        self.most_at_once = 0
        """The most requests that were in work at the same time."""
        self._steps: dict[Endpoint, deque[Step]] = {name: deque([WHOLE]) for name in ENDPOINTS.values()}
        self._requests: list[RecordedRequest] = []
        self._failures: list[Exception] = []
        self._in_work = 0
        self._lock = threading.Lock()
        self._closing = threading.Lock()
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._port: int = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="openai-server", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The base URL for clients, with `/v1`."""
        return f"http://127.0.0.1:{self._port}/v1"

    def script(self, steps: Sequence[Step], endpoint: Endpoint = "chat") -> None:
        """Behave so, one step per request; the last one repeats."""
        if not steps:
            raise ValueError("a script needs a step")
        with self._lock:
            self._steps[endpoint] = deque(steps)

    def reply_with(self, content: str) -> None:
        """Answer every chat request with this text."""
        self.script([Reply(content)])

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """Every request so far, in the order in which they came."""
        with self._lock:
            return tuple(self._requests)

    @property
    def chat_requests(self) -> tuple[RecordedRequest, ...]:
        """The chat requests so far."""
        return tuple(request for request in self.requests if request.path == "/v1/chat/completions")

    @property
    def embedding_batches(self) -> list[list[str]]:
        """The texts of each embeddings request so far."""
        return [texts_of(request.body) for request in self.requests if request.path == "/v1/embeddings"]

    def close(self) -> None:
        """Drop every connection, and stop; nothing is left running. A second call does nothing."""
        with self._closing:
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._stopping.set)
                self._thread.join()  # its runner closes the loop

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self._failures and error is None:
            raise self._failures[0]

    # Everything below runs in the server's thread.

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve_until_stopped())

    async def _serve_until_stopped(self) -> None:
        brains = ThreadPoolExecutor(max_workers=64)  # the default has 6 on this machine: a test of 20 users needs more
        asyncio.get_running_loop().set_default_executor(brains)
        server = await asyncio.start_server(self._accept, sock=self._listener)
        await self._stopping.wait()
        server.close()
        for _ in range(3):  # the steps in which asyncio accepts: a connection on its way in appears
            await asyncio.sleep(0)
        for connection in self._connections:
            connection.abort()
        await asyncio.gather(*self._connections.values())

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer)
        self._connections[connection] = asyncio.create_task(self._serve(connection))

    async def _serve(self, connection: Connection) -> None:
        try:
            while (raw := await connection.read_request()) is not None:
                if not await self._answer(connection, raw):
                    break
        finally:
            del self._connections[connection]
            await connection.close()

    async def _answer(self, connection: Connection, raw: RawRequest) -> bool:
        """Answer a request; gives whether the connection is in good order afterwards."""
        request = self._record(raw)
        self._in_work += 1
        self.most_at_once = max(self.most_at_once, self._in_work)
        try:
            return await self._respond(connection, request)
        except HungUp:
            if not self._stopping.is_set():
                request.hung_up.set()
        except Exception as error:
            self._failures.append(error)
            with suppress(HungUp):
                await send_canned(connection, server_error(), {})
        finally:
            self._in_work -= 1
        return False

    def _record(self, raw: RawRequest) -> RecordedRequest:
        try:
            body = json.loads(raw.content)
        except ValueError:  # a GET has none, and the rules refuse any other
            body = {}
        with self._lock:
            number = len(self._requests) + 1
            request = RecordedRequest(number=number, method=raw.method, path=raw.path, headers=raw.headers, body=body)
            self._requests.append(request)
        return request

    async def _respond(self, connection: Connection, request: RecordedRequest) -> bool:
        headers = {"x-request-id": f"req_{request.number}"}
        endpoint = ENDPOINTS.get((request.method, request.path))
        if endpoint is None:
            await send_canned(connection, unknown_endpoint(request.method, request.path), headers)
            return True
        step = self._step(endpoint, request.body)
        if isinstance(step, Canned):
            await send_canned(connection, step, headers)
            return True
        reply = step.reply if isinstance(step, Cut) else step if isinstance(step, Reply) else WHOLE
        return await play(connection, step, await self._response(endpoint, request, reply), headers)

    def _step(self, endpoint: Endpoint, body: dict[str, Any]) -> Step:
        if endpoint != "models" and (refusal := objection(endpoint, body, self.unsupported)):
            return refusal
        with self._lock:
            steps = self._steps[endpoint]
            return steps.popleft() if len(steps) > 1 else steps[0]

    async def _response(self, endpoint: Endpoint, request: RecordedRequest, reply: Reply) -> Parts | dict[str, Any]:
        if endpoint == "models":
            return model_list(self.models)
        if endpoint == "embeddings":
            return embedding_list(request.body, self.dimensions)
        text = reply.refusal or reply.content
        if text is None:
            text = await asyncio.to_thread(self.brain, request.body)
        tokens = tokens_of(text, reply, reply.piece or self.piece)
        write = stream if request.body.get("stream") else completion
        return write(request.body, reply, tokens, request.number)


@contextmanager
def refused_url() -> Iterator[str]:
    """Give a base URL on which every connection is refused."""
    with socket.socket() as bound:  # bound and not listening: nobody else can take the port meanwhile
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/v1"
