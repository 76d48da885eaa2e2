"""A chat model that stays within its time: one more try where that may help, and none while the service is down."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from qa.errors import ModelBusyError, ModelError, ModelRefusedError
from qa.interfaces import ChatModel, Message, ReplyEnd

_PAUSE = 0.5  # seconds before another try, when the service names none
_LONGEST_PAUSE = 5.0  # a service that wants a longer one is not asked again
_FAILURES, _WITHIN, _OPEN_FOR = 5, 30.0, 30.0  # failures, seconds, seconds
_WAITED = 5.0  # seconds


@dataclass
class CircuitBreaker:
    """Lets nothing through for 30 seconds once a service failed too often within 30; shared between threads.

    Too often is five times, or as often as it takes to keep callers waiting for five seconds.

    Attributes:
        service: Begins the message of what is not let through.
    """

    clock: Callable[[], float] = time.monotonic
    service: str = "The chat model"
    _failures: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_FAILURES))
    _open_until: float = 0.0
    _why: str = ""
    _lock: Lock = field(default_factory=Lock)

    def check(self) -> None:
        """Pass, or not.

        Raises:
            ModelBusyError: The service failed too often just now.
        """
        with self._lock:
            left = self._open_until - self.clock()
        if left > 0:
            told = f"{self.service} {self._why}; it is asked again in {left:.0f} s."
            raise ModelBusyError(told, left).using(0, 0)

    def failed(self, waited: float = 0.0) -> None:
        """Count a failure, for which a caller waited so many seconds."""
        with self._lock:
            now = self.clock()
            self._failures.append((now, waited))
            recent = [seconds for at, seconds in self._failures if now - at <= _WITHIN]
            if len(recent) == _FAILURES or sum(recent) >= _WAITED:
                self._why = f"failed {_FAILURES} times" if len(recent) == _FAILURES else "did not answer in time"
                self._open_until = now + _OPEN_FOR
                self._failures.clear()

    def succeeded(self) -> None:
        """Forget the failures."""
        with self._lock:
            self._failures.clear()


@dataclass(frozen=True, kw_only=True)
class SteadyModel:
    """Asks another chat model, a second time where the first try failed before its first word and may yet succeed.

    Attributes:
        seconds: Most time for both tries and the pause between them.
    """

    model: ChatModel
    seconds: float
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def stream(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None, seconds: float | None = None
    ) -> Iterator[str | ReplyEnd]:
        """Give the reply as `ChatModel.stream` does; see there. Its tokens are those of both tries."""
        self.breaker.check()
        deadline = self.clock() + (self.seconds if seconds is None else min(self.seconds, seconds))
        try:
            yield from self._tries(messages, schema, deadline)
        except ModelRefusedError:
            raise  # the service is there; it is this request, or the key, that is wrong
        except ModelError:
            self.breaker.failed()
            raise
        self.breaker.succeeded()

    def close(self) -> None:
        """Let go of the model's connections."""
        self.model.close()

    def _tries(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, deadline: float
    ) -> Iterator[str | ReplyEnd]:
        begun = False
        try:
            for piece in self.model.stream(messages, schema=schema, seconds=deadline - self.clock()):
                begun = True
                yield piece
            return
        except ModelBusyError as error:
            pause = _PAUSE if error.retry_after is None else error.retry_after
            if begun or pause > _LONGEST_PAUSE or self.clock() + pause >= deadline:
                raise
            first = broken_off(error)
        self.sleep(pause)
        try:
            for piece in self.model.stream(messages, schema=schema, seconds=deadline - self.clock()):
                yield _together(first, piece) if isinstance(piece, ReplyEnd) else piece
        except ModelError as error:
            both = _together(first, broken_off(error))
            error.using(both.input_tokens, both.output_tokens)
            raise


def broken_off(error: ModelError) -> ReplyEnd:
    """Give the end of a reply that an error broke off, for its tokens."""
    return ReplyEnd(finish="cut", input_tokens=error.input_tokens, output_tokens=error.output_tokens)


def _together(first: ReplyEnd, last: ReplyEnd) -> ReplyEnd:
    """Give the last try's end with the tokens of both; unknown where those of one are."""
    return replace(
        last,
        input_tokens=_sum(first.input_tokens, last.input_tokens),
        output_tokens=_sum(first.output_tokens, last.output_tokens),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
