"""One event loop in a thread of its own, so that plain code can use asynchronous clients with exact time limits."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

_Item = TypeVar("_Item")


class BackgroundLoop:
    """Runs coroutines for threads that wait for them; started at first use, ends with the process."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def iterate(self, source: Callable[[], AsyncIterator[_Item]]) -> Iterator[_Item]:
        """Give what an asynchronous iterator gives; it is cancelled when the caller stops early.

        The whole iteration runs in one task: libraries that keep context variables between steps need that.
        """
        items: SimpleQueue[_Ended | _Given[_Item]] = SimpleQueue()

        async def pump() -> None:
            try:
                async for item in source():
                    items.put(_Given(item))
                items.put(_Ended(None))
            except BaseException as error:  # handed to the waiting thread, which raises it
                items.put(_Ended(error))
                if not isinstance(error, Exception):
                    raise

        running: Future[None] = asyncio.run_coroutine_threadsafe(pump(), self._started())
        try:
            while isinstance(got := items.get(), _Given):
                yield got.item
            if got.error is not None:
                raise got.error
        finally:
            running.cancel()

    def run(self, job: Coroutine[Any, Any, None], seconds: float) -> None:
        """Wait for a coroutine to end.

        Raises:
            TimeoutError: It did not within `seconds`.
        """
        asyncio.run_coroutine_threadsafe(job, self._started()).result(seconds)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="qa-background-loop", daemon=True).start()
            return self._loop


async def in_thread(source: Callable[[], Iterator[_Item]]) -> AsyncGenerator[_Item, None]:
    """Give what a blocking iterator gives, from a thread of its own: the loop and its time limits are not held up.

    A thread cannot be stopped from outside: one that is left early ends with the step that it is at, and does not keep
    the process from ending.
    """
    loop = asyncio.get_running_loop()
    items: asyncio.Queue[_Ended | _Given[_Item]] = asyncio.Queue()
    left = threading.Event()

    def put(item: _Ended | _Given[_Item]) -> None:
        loop.call_soon_threadsafe(items.put_nowait, item)

    def work() -> None:
        try:
            steps = source()
            for item in steps:
                put(_Given(item))
                if left.is_set():
                    break
            if isinstance(steps, Generator):
                steps.close()  # here, not where its last reference happens to go
        except BaseException as error:  # handed to the waiting task, which raises it
            put(_Ended(error))
        else:
            put(_Ended(None))

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name="qa-blocking-source", daemon=True).start()
    try:
        while isinstance(got := await items.get(), _Given):
            yield got.item
        if got.error is not None:
            raise got.error
    finally:
        left.set()


def in_time(call: Callable[[], _Item], seconds: float) -> _Item:
    """Give what a blocking call gives, from a thread of its own, which is left to itself when the time is up.

    Raises:
        TimeoutError: It did not end within `seconds`.
    """
    given: Future[_Item] = Future()

    def work() -> None:
        try:
            given.set_result(call())
        except BaseException as error:  # handed to the waiting thread, which raises it
            given.set_exception(error)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name="qa-blocking-call", daemon=True).start()
    return given.result(seconds)


@dataclass(frozen=True, slots=True)
class _Given(Generic[_Item]):
    item: _Item


@dataclass(frozen=True, slots=True)
class _Ended:
    error: BaseException | None


shared_loop = BackgroundLoop()
"""The one loop of the process: asynchronous clients keep their connections in the loop that opened them."""
