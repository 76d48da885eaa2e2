"""A llama-index LLM as a chat model: one of its OpenAI classes, or any other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, Literal

from qa.adapters.background_loop import in_thread, shared_loop
from qa.adapters.openai_dialect import Dialect
from qa.adapters.openai_errors import model_error
from qa.answering.reply import LONGEST_REPLY
from qa.errors import ModelBusyError
from qa.interfaces import Message, ReplyEnd

_CLOSE_SECONDS = 5.0
Finish = Literal["stop", "length", "filter", "cut"]
_FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "filter",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How long to wait, in seconds: for a connection, the first words, the next words, the whole reply."""

    connect: float = 5.0
    first_token: float = 20.0
    between_tokens: float = 15.0
    total: float = 60.0


class LlamaChatModel:
    """A llama-index LLM as a `ChatModel`, with time limits of our own and its retries off."""

    def __init__(
        self,
        make: Callable[[], Any],
        *,
        name: str,
        limits: Limits,
        max_tokens: int,
        speaks_openai: bool,
        secret: str | None,
        closes: bool,
    ) -> None:
        """Wrap an LLM.

        Args:
            make: Gives the object with llama-index's `astream_chat`, at the first question: its import takes seconds.
            name: The model's name, as the service knows it.
            limits: In seconds.
            max_tokens: Most tokens of a reply.
            speaks_openai: The LLM passes options of OpenAI's protocol on to the service.
            secret: The key, which no message may repeat; None when there is none.
            closes: Close the LLM's connections together with this; not for an LLM that belongs to somebody else.
        """
        self._closes = closes
        self._make = make
        self._name = name
        self._limits = limits
        self._max_tokens = max_tokens
        self._speaks_openai = speaks_openai
        self._secret = secret
        self._dialect = Dialect()
        self._making = Lock()

    @property
    def name(self) -> str:
        """The model's name, as the service knows it."""
        return self._name

    @cached_property
    def _llm(self) -> Any:
        return self._make()

    def stream(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None, seconds: float | None = None
    ) -> Iterator[str | ReplyEnd]:
        """Give the reply as `ChatModel.stream` does; see there."""
        try:
            with self._making:  # two threads that ask first at once share one client
                _ = self._llm
        except Exception as error:
            raise model_error(error, self.name, self._secret).using(0, 0) from error
        total = min(self._limits.total, self._limits.total if seconds is None else max(seconds, 0.0))
        yield from shared_loop.iterate(lambda: self._pieces(messages, schema, total))

    def close(self) -> None:
        """Close the connections that are kept for the next question; a closed model is not used again."""
        client = getattr(self.__dict__.get("_llm"), "_aclient", None)  # llama-index has no way to close it
        if client is not None and self._closes:
            with suppress(TimeoutError):  # then the process's end closes them
                shared_loop.run(client.close(), _CLOSE_SECONDS)

    async def _pieces(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, total: float
    ) -> AsyncIterator[str | ReplyEnd]:
        deadline = asyncio.get_running_loop().time() + total
        finish: Finish | None = None
        tokens: tuple[int | None, int | None] = (None, None)
        written = 0
        try:
            chunks, chunk = await self._opened(messages, schema, deadline)
            try:
                while chunk is not None:
                    finish, tokens = _finish(chunk) or finish, _tokens(chunk) or tokens
                    if chunk.delta:
                        written += len(chunk.delta)
                        yield chunk.delta
                    if written > LONGEST_REPLY:
                        finish = "length"
                        break
                    chunk = await self._next(chunks, deadline, begun=written > 0)
            finally:
                await _closed(chunks)
        except Exception as error:
            failure = model_error(error, self.name, self._secret)
            raise (failure if tokens == (None, None) else failure.using(*tokens)) from error
        # Other services do not say why they end; whether the JSON is whole then tells.
        complete: Finish = "cut" if self._speaks_openai else "stop"
        yield ReplyEnd(finish=finish or complete, input_tokens=tokens[0], output_tokens=tokens[1])

    async def _opened(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, deadline: float
    ) -> tuple[Any, Any]:
        """Give the stream and its first chunk, in the richest dialect that the service understands."""
        dialect = self._dialect
        while True:
            try:
                async with asyncio.timeout_at(self._until(deadline, self._limits.first_token)):
                    chunks = await self._asked(messages, schema, dialect)
                chunk = await self._next(chunks, deadline, begun=False)
                self._dialect = dialect  # only what was understood is remembered
                return chunks, chunk
            except TimeoutError as error:
                raise self._silent("its first words") from error
            except Exception as error:
                simpler = dialect.simpler(error)
                if simpler is None or not self._speaks_openai:
                    raise
                dialect = simpler

    async def _asked(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, dialect: Dialect
    ) -> AsyncIterator[Any]:
        """Give the reply's chunks."""
        if not self._speaks_openai:
            return _foreign_chunks(self._llm, _llama_messages(messages))
        limits = self._limits
        options = dialect.options(schema, connect=limits.connect, total=limits.total, max_tokens=self._max_tokens)
        chunks: AsyncIterator[Any] = await self._llm.astream_chat(_llama_messages(messages), **options)
        return chunks

    async def _next(self, chunks: Any, deadline: float, *, begun: bool) -> Any:
        longest = self._limits.between_tokens if begun else self._limits.first_token
        try:
            async with asyncio.timeout_at(self._until(deadline, longest)):
                return await anext(chunks, None)
        except TimeoutError as error:
            raise self._silent("its next words" if begun else "its first words") from error

    def _until(self, deadline: float, longest: float) -> float:
        return min(deadline, asyncio.get_running_loop().time() + longest)

    def _silent(self, what: str) -> ModelBusyError:
        return ModelBusyError(f"The chat model {self.name} kept silent too long before {what}; ask again later.")


def _llama_messages(messages: Sequence[Message]) -> list[Any]:
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    return [ChatMessage(role=MessageRole(message.role), content=message.text) for message in messages]


async def _foreign_chunks(llm: Any, messages: list[Any]) -> AsyncIterator[Any]:
    """Give the chunks of an LLM that is not one of OpenAI's classes.

    Of those only is it known that they wait without blocking: the `astream_chat` of `CustomLLM`, of `LangChainLLM` and
    of others runs their `stream_chat` in the event loop, where one that stalls would hold up every question.
    """
    begun = False
    try:
        async with aclosing(in_thread(lambda: llm.stream_chat(messages))) as chunks:
            async for chunk in chunks:
                begun = True
                yield chunk
    except NotImplementedError:  # how an LLM says that it has no `stream_chat`; in the midst of a reply it is a fault
        if begun:
            raise
        async for chunk in await llm.astream_chat(messages):
            yield chunk


def _finish(chunk: Any) -> Finish | None:
    """Give why the service ended, which llama-index hands on in the raw chunk only."""
    choices = getattr(chunk.raw, "choices", None)
    reason = getattr(choices[0], "finish_reason", None) if choices else None
    return None if reason is None else _FINISHES.get(reason, "stop")


def _tokens(chunk: Any) -> tuple[int, int] | None:
    usage = getattr(chunk.raw, "usage", None)
    read, written = (getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens"))
    return (read, written) if isinstance(read, int) and isinstance(written, int) else None


async def _closed(chunks: Any) -> None:
    close: Callable[[], Any] | None = getattr(chunks, "aclose", None)
    if close is not None:
        await close()
