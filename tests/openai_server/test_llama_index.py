"""The server through llama-index's chat models and embeddings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import openai
import pytest
from llama_index.core.llms import ChatMessage
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI
from llama_index.llms.openai_like import OpenAILike

from . import (
    Cut,
    OpenAIServer,
    Reply,
    Step,
    declined,
    ended,
    error_event,
    length_limited,
    missing_vector,
    quota_exhausted,
    reset,
    stalled,
    torn,
    web_page,
)

HOSTED = (OpenAI, {"model": "gpt-4o-mini"})
LIKE = (OpenAILike, {"model": "some-model", "is_chat_model": True})
WITH_USAGE = {"stream_options": {"include_usage": True}}


@dataclass
class Heard:
    """What `astream_chat` gave: the text, the finish reason, the tokens billed, the exception's class."""

    text: str = ""
    finish_reason: str | None = None
    tokens: int | None = None
    error: type[Exception] | None = None


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def hear(server: OpenAIServer, model: Any, timeout: float = 10) -> Heard:
    heard = Heard()

    async def read() -> None:
        # Its own client: the one that llama-index makes is never closed.
        async with httpx.AsyncClient() as http_client:
            kind, options = model
            llm = kind(
                **options,
                api_base=server.url,
                api_key="sk-test",
                max_retries=0,
                timeout=timeout,
                async_http_client=http_client,
                additional_kwargs=WITH_USAGE,
            )
            async for part in await llm.astream_chat([ChatMessage(role="user", content="What does the otter eat?")]):
                heard.text += part.delta or ""
                heard.tokens = part.additional_kwargs.get("total_tokens")
                for choice in part.raw.choices:
                    heard.finish_reason = choice.finish_reason

    try:
        asyncio.run(read())
    except Exception as error:
        heard.error = type(error)
    return heard


@pytest.mark.parametrize("model", [HOSTED, LIKE])
@pytest.mark.parametrize(
    ("step", "heard"),
    [
        (Reply(), Heard("The otter eats fish.", "stop", 10)),
        (length_limited(), Heard("The otte", "length", 7)),
        (declined("No."), Heard("", "stop", 6)),  # the refusal's text is dropped
        (ended("half"), Heard("The otte", None)),
        (web_page(), Heard()),
        (reset("half"), Heard("The otte", error=httpx.ReadError)),
        (torn("half"), Heard("The otte", error=httpx.RemoteProtocolError)),
        (stalled("half"), Heard("The otte", error=httpx.ReadTimeout)),
        (stalled("nothing"), Heard(error=openai.APITimeoutError)),
        (error_event("half"), Heard("The otte", error=openai.APIError)),
        (quota_exhausted(), Heard(error=openai.RateLimitError)),
    ],
)
def test_a_chat_model_hears_what_the_sdk_does(server: OpenAIServer, model: Any, step: Step, heard: Heard) -> None:
    server.script([step])
    stalls = isinstance(step, Cut) and step.how == "stall"
    assert hear(server, model, timeout=0.4 if stalls else 10) == heard


def test_embeddings_come_in_batches(server: OpenAIServer) -> None:
    with httpx.Client() as http_client:
        embedder = OpenAIEmbedding(
            model_name="m", api_base=server.url, api_key="sk-test", embed_batch_size=2, http_client=http_client
        )
        assert [len(vector) for vector in embedder.get_text_embedding_batch(["a", "b", "c"])] == [64, 64, 64]
        server.script([missing_vector()], endpoint="embeddings")
        assert len(embedder.get_text_embedding_batch(["a", "b"])) == 1
    assert server.embedding_batches == [["a", "b"], ["c"], ["a", "b"]]
