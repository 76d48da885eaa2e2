"""The loopback OpenAI server through the real SDK: what a client gets in good order and under each fault."""

from __future__ import annotations

import asyncio
import json
import math
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import httpx
import openai
import pydantic
import pytest
from openai_server import (
    After,
    Canned,
    Cut,
    OpenAIServer,
    Reply,
    Step,
    bad_gateway,
    bad_json,
    bad_request,
    conflict,
    content_filtered,
    declined,
    dripped,
    empty_reply,
    ended,
    error_event,
    forbidden,
    huge_reply,
    length_limited,
    missing_vector,
    model_not_found,
    not_json,
    overloaded,
    pings_only,
    prompt_too_long,
    quota_exhausted,
    rate_limited,
    refused_url,
    request_timed_out,
    reset,
    server_error,
    shorter_vectors,
    stalled,
    torn,
    unauthorized,
    unavailable,
    unknown_endpoint,
    vectors_out_of_order,
    web_page,
    wrong_schema,
)

TEXT = "The otter eats fish."
MESSAGES: Any = [{"role": "user", "content": "What does the otter eat?"}]
IMPATIENT = httpx.Timeout(10, read=0.3)
CERTIFICATES = ssl.create_default_context()
"""Shared: a client that loads its own takes 30 ms."""


class Animal(pydantic.BaseModel):
    name: str
    eats: list[str]


OTTER = '{"name": "otter", "eats": ["fish"]}'


@dataclass(frozen=True)
class Seen:
    """What a client got: the text, why it ended, and the class of the exception that came instead of an end."""

    text: str | None
    finish_reason: str | None
    error: type[Exception] | None = None


@dataclass
class Exchange:
    """A request in the making; keeps what came before an exception."""

    text: str | None = ""
    finish_reason: str | None = None
    error: Any = None

    def take(self, chunk: Any) -> None:
        for choice in chunk.choices:
            self.text = (self.text or "") + (choice.delta.content or "")
            self.finish_reason = choice.finish_reason or self.finish_reason

    def take_whole(self, completion: Any) -> None:
        (choice,) = completion.choices
        self.text, self.finish_reason = choice.message.content, choice.finish_reason

    @property
    def seen(self) -> Seen:
        return Seen(self.text, self.finish_reason, None if self.error is None else type(self.error))


Ask = Callable[..., Exchange]


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def client(url: str, **options: Any) -> openai.OpenAI:
    http_client = openai.DefaultHttpxClient(verify=CERTIFICATES)
    defaults = {"api_key": "sk-test", "max_retries": 0, "timeout": 10}
    return openai.OpenAI(base_url=url, http_client=http_client, **(defaults | options))


def async_client(url: str, **options: Any) -> openai.AsyncOpenAI:
    http_client = openai.DefaultAsyncHttpxClient(verify=CERTIFICATES)
    defaults = {"api_key": "sk-test", "max_retries": 0, "timeout": 10}
    return openai.AsyncOpenAI(base_url=url, http_client=http_client, **(defaults | options))


def stream(url: str, **options: Any) -> Exchange:
    got = Exchange()
    with client(url, **options) as openai_client:
        try:
            for chunk in openai_client.chat.completions.create(model="m", messages=MESSAGES, stream=True):
                got.take(chunk)
        except Exception as error:
            got.error = error
    return got


def async_stream(url: str, **options: Any) -> Exchange:
    got = Exchange()

    async def read() -> None:
        async with async_client(url, **options) as openai_client:
            async for chunk in await openai_client.chat.completions.create(model="m", messages=MESSAGES, stream=True):
                got.take(chunk)

    try:
        asyncio.run(read())
    except Exception as error:
        got.error = error
    return got


def whole(url: str, **options: Any) -> Exchange:
    got = Exchange()
    with client(url, **options) as openai_client:
        try:
            got.take_whole(openai_client.chat.completions.create(model="m", messages=MESSAGES))
        except Exception as error:
            got.error = error
    return got


def async_whole(url: str, **options: Any) -> Exchange:
    got = Exchange()

    async def read() -> None:
        async with async_client(url, **options) as openai_client:
            got.take_whole(await openai_client.chat.completions.create(model="m", messages=MESSAGES))

    try:
        asyncio.run(read())
    except Exception as error:
        got.error = error
    return got


def at_once(asks: Sequence[Ask], url: str, **options: Any) -> list[Seen]:
    """Ask in several ways side by side: each has to wait for its timeout."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda ask: ask(url, **options).seen, asks))


STREAMED = pytest.mark.parametrize("ask", [stream, async_stream])
WHOLE = pytest.mark.parametrize("ask", [whole, async_whole])
BOTH_KINDS = pytest.mark.parametrize("ask", [stream, async_whole])
EVERY_WAY = pytest.mark.parametrize("ask", [stream, async_stream, whole, async_whole])


# In good order.


@EVERY_WAY
def test_a_reply_arrives_whole(server: OpenAIServer, ask: Ask) -> None:
    assert ask(server.url).seen == Seen(TEXT, "stop")


def test_tokens_are_pieces_of_the_reply(server: OpenAIServer) -> None:
    server.piece = 7
    with client(server.url) as openai_client:
        chunks = list(openai_client.chat.completions.create(model="m", messages=MESSAGES, stream=True))
    assert [chunk.choices[0].delta.content for chunk in chunks] == ["", "The ott", "er eats", " fish.", None]


def test_usage_is_a_last_chunk_without_choices_where_asked_for(server: OpenAIServer) -> None:
    with client(server.url) as openai_client:
        *others, last = openai_client.chat.completions.create(
            model="m", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
        unasked = list(openai_client.chat.completions.create(model="m", messages=MESSAGES, stream=True))
    assert (last.choices, last.usage.prompt_tokens, last.usage.completion_tokens) == ([], 5, 5)
    assert [chunk.usage for chunk in (*others, *unasked)] == [None] * 14
    assert len(unasked) == len(others) == 7


def test_a_whole_reply_carries_its_usage(server: OpenAIServer) -> None:
    with client(server.url) as openai_client:
        completion = openai_client.chat.completions.create(model="m", messages=MESSAGES)
    assert completion.usage is not None
    assert (completion.usage.prompt_tokens, completion.usage.total_tokens) == (5, 10)


def test_models_are_listed(server: OpenAIServer) -> None:
    with client(server.url) as openai_client:
        assert [model.id for model in openai_client.models.list()] == server.models


def test_requests_are_recorded(server: OpenAIServer) -> None:
    stream(server.url)
    (request,) = server.chat_requests
    assert (request.number, request.path) == (1, "/v1/chat/completions")
    assert request.headers["authorization"] == "Bearer sk-test"
    assert (request.body["stream"], request.prompt) == (True, "What does the otter eat?")


def test_the_brain_answers_from_the_request(server: OpenAIServer) -> None:
    server.brain = lambda body: body["messages"][-1]["content"].upper()
    assert stream(server.url).text == "WHAT DOES THE OTTER EAT?"


def test_a_failing_brain_fails_the_test() -> None:
    server = OpenAIServer()
    server.brain = lambda body: body["no such key"]
    with pytest.raises(KeyError, match="no such key"), server:
        assert whole(server.url).seen == Seen("", None, openai.InternalServerError)


def test_a_script_gives_one_step_per_request_and_repeats_its_last(server: OpenAIServer) -> None:
    server.script([Reply("one"), Reply("two")])
    assert [whole(server.url).text for _ in range(3)] == ["one", "two", "two"]


def test_requests_are_answered_side_by_side(server: OpenAIServer) -> None:
    together = threading.Barrier(3)
    server.brain = lambda body: f"{together.wait(timeout=10)}"

    async def ask() -> list[Any]:
        async with async_client(server.url) as openai_client:
            create = openai_client.chat.completions.create
            return await asyncio.gather(*(create(model="m", messages=MESSAGES) for _ in range(3)))

    assert {completion.choices[0].message.content for completion in asyncio.run(ask())} == {"0", "1", "2"}
    assert server.most_at_once == 3


# Structured outputs.


def test_a_reply_is_parsed_by_its_schema(server: OpenAIServer) -> None:
    server.reply_with(OTTER)
    with client(server.url) as openai_client:
        parsed = openai_client.chat.completions.parse(model="m", messages=MESSAGES, response_format=Animal)
        with openai_client.chat.completions.stream(model="m", messages=MESSAGES, response_format=Animal) as events:
            streamed = events.get_final_completion()
    assert parsed.choices[0].message.parsed == streamed.choices[0].message.parsed == Animal(name="otter", eats=["fish"])
    assert server.chat_requests[0].body["response_format"]["json_schema"]["strict"] is True


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (wrong_schema(), pydantic.ValidationError),
        (not_json(), pydantic.ValidationError),
        (length_limited("half", Reply(OTTER)), openai.LengthFinishReasonError),
        (content_filtered("half", Reply(OTTER)), openai.ContentFilterFinishReasonError),
    ],
)
def test_the_parser_raises_on_a_reply_that_does_not_fit(server: OpenAIServer, step: Step, error: Any) -> None:
    server.script([step])
    with client(server.url) as openai_client, pytest.raises(error):
        openai_client.chat.completions.parse(model="m", messages=MESSAGES, response_format=Animal)


def test_the_parser_takes_an_empty_reply_for_no_object(server: OpenAIServer) -> None:
    server.script([empty_reply()])
    with client(server.url) as openai_client:
        completion = openai_client.chat.completions.parse(model="m", messages=MESSAGES, response_format=Animal)
    assert completion.choices[0].message.parsed is None


def test_a_model_that_declines_says_so_in_refusal(server: OpenAIServer) -> None:
    server.script([declined("No.")])
    with client(server.url) as openai_client:
        chunks = list(openai_client.chat.completions.create(model="m", messages=MESSAGES, stream=True))
        completion = openai_client.chat.completions.create(model="m", messages=MESSAGES)
    assert "".join(chunk.choices[0].delta.refusal or "" for chunk in chunks) == "No."
    assert not any(chunk.choices[0].delta.content for chunk in chunks)
    message = completion.choices[0].message
    assert (message.content, message.refusal) == (None, "No.")


def schema(**changes: Any) -> dict[str, Any]:
    strict = {"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": strict | changes}}


@pytest.mark.parametrize(
    ("unsupported", "options", "message"),
    [
        ("", {"response_format": schema(additionalProperties=True)}, "'additionalProperties' is required"),
        ("", {"response_format": schema(required=[])}, "Missing 'a'"),
        ("", {"response_format": schema(type="array")}, "must be a JSON Schema of"),
        ("", {"response_format": {"type": "json_object"}}, "must contain the word 'json'"),
        ("", {"stream": False, "stream_options": {"include_usage": True}}, "only allowed when 'stream'"),
        ("json_schema", {"response_format": schema()}, "'response_format' of type 'json_schema' is not supported"),
        ("json_object", {"response_format": {"type": "json_object"}}, "'response_format' of type 'json_object'"),
        ("stream_options", {"stream": True, "stream_options": {}}, "Extra inputs are not permitted"),
        ("temperature", {"temperature": 0}, "'temperature' does not support 0"),
        ("max_tokens", {"max_tokens": 9}, "Unsupported parameter: 'max_tokens'"),
    ],
)
def test_what_the_service_does_not_take_is_a_bad_request(
    server: OpenAIServer, unsupported: str, options: dict[str, Any], message: str
) -> None:
    server.unsupported = {unsupported}
    with client(server.url) as openai_client, pytest.raises(openai.BadRequestError) as caught:
        openai_client.chat.completions.create(model="m", messages=MESSAGES, **options)
    assert message in caught.value.message


def test_a_request_against_the_rules_uses_up_no_step(server: OpenAIServer) -> None:
    server.script([Reply("one"), Reply("two")])
    server.unsupported = {"json_schema", "json_object"}
    with client(server.url) as openai_client, pytest.raises(openai.BadRequestError):
        openai_client.chat.completions.create(model="m", messages=MESSAGES, response_format=schema())
    assert whole(server.url).text == "one"


def test_the_default_server_takes_both_response_formats(server: OpenAIServer) -> None:
    asking_for_json: Any = [{"role": "user", "content": "As JSON: what does the otter eat?"}]
    with client(server.url) as openai_client:
        for response_format in (schema(), {"type": "json_object"}):
            openai_client.chat.completions.create(model="m", messages=asking_for_json, response_format=response_format)
    assert len(server.chat_requests) == 2


# Refused.


@BOTH_KINDS
@pytest.mark.parametrize(
    ("step", "error", "status", "code"),
    [
        (bad_request(), openai.BadRequestError, 400, None),
        (prompt_too_long(), openai.BadRequestError, 400, "context_length_exceeded"),
        (unauthorized(), openai.AuthenticationError, 401, "invalid_api_key"),
        (forbidden(), openai.PermissionDeniedError, 403, "unsupported_country_region_territory"),
        (model_not_found(), openai.NotFoundError, 404, "model_not_found"),
        (unknown_endpoint(), openai.NotFoundError, 404, None),
        (request_timed_out(), openai.APIStatusError, 408, None),
        (conflict(), openai.ConflictError, 409, None),
        (rate_limited(1), openai.RateLimitError, 429, "rate_limit_exceeded"),
        (rate_limited(120), openai.RateLimitError, 429, "rate_limit_exceeded"),
        (quota_exhausted(), openai.RateLimitError, 429, "insufficient_quota"),
        (server_error(), openai.InternalServerError, 500, None),
        (bad_gateway(), openai.InternalServerError, 502, None),
        (unavailable(), openai.InternalServerError, 503, None),
        (overloaded(), openai.InternalServerError, 529, None),
    ],
)
def test_a_refusal_is_the_sdk_error_of_its_status(
    server: OpenAIServer, ask: Ask, step: Canned, error: type[Exception], status: int, code: str | None
) -> None:
    server.script([step])
    got = ask(server.url)
    assert got.seen == Seen("", None, error)
    assert (got.error.status_code, got.error.code, got.error.request_id) == (status, code, "req_1")
    assert got.error.response.headers.get("retry-after") == step.headers.get("retry-after")


def test_a_base_url_without_its_path_is_not_found(server: OpenAIServer) -> None:
    assert whole(server.url.removesuffix("/v1")).seen == Seen("", None, openai.NotFoundError)


def test_sdk_retries_count_as_requests(server: OpenAIServer) -> None:
    server.script([rate_limited(0.01), replace(server_error(), headers={"retry-after": "0.01"}), Reply("at last")])
    assert stream(server.url, max_retries=2).text == "at last"
    assert len(server.requests) == 3


def test_the_sdk_retries_even_a_quota_that_is_gone(server: OpenAIServer) -> None:
    server.script([replace(quota_exhausted(), headers={"retry-after": "0.01"})])
    assert stream(server.url, max_retries=2).error.code == "insufficient_quota"
    assert len(server.requests) == 3


def test_the_sdk_gives_up_at_once_when_told_to_wait_for_more_than_two_minutes(server: OpenAIServer) -> None:
    server.script([rate_limited(121)])
    assert stream(server.url, max_retries=2).seen == Seen("", None, openai.RateLimitError)
    assert len(server.requests) == 1


@EVERY_WAY
def test_a_refused_connection_is_a_connection_error(ask: Ask) -> None:
    with refused_url() as url:
        got = ask(url)
    assert got.seen == Seen("", None, openai.APIConnectionError)
    assert isinstance(got.error.__cause__, httpx.ConnectError)


# Broken off.


@EVERY_WAY
@pytest.mark.parametrize(
    ("fault", "cause"),
    [(reset, httpx.ReadError), (ended, httpx.RemoteProtocolError), (torn, httpx.RemoteProtocolError)],
)
def test_a_break_before_the_headers_is_a_connection_error(
    server: OpenAIServer, ask: Ask, fault: Callable[[After], Cut], cause: type[Exception]
) -> None:
    server.script([fault("nothing")])
    got = ask(server.url)
    assert (got.seen, type(got.error.__cause__)) == (Seen("", None, openai.APIConnectionError), cause)


@STREAMED
@pytest.mark.parametrize(
    ("after", "text"), [("headers", ""), (0, ""), (1, "The "), ("half", "The otte"), ("all but one", TEXT[:-4])]
)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (reset, httpx.ReadError),
        (ended, None),  # a client that does not look at the finish reason takes this for a whole reply
        (torn, httpx.RemoteProtocolError),
        (bad_json, json.JSONDecodeError),
        (error_event, openai.APIError),
    ],
)
def test_a_break_in_the_stream_is_raised_bare(
    server: OpenAIServer, ask: Ask, fault: Callable[[After], Cut], error: type[Exception], after: After, text: str
) -> None:
    server.script([fault(after)])
    assert ask(server.url).seen == Seen(text, None, error)


@pytest.mark.parametrize(("after", "text"), [("headers", ""), (0, ""), ("half", "The otte"), ("all", TEXT)])
def test_a_stall_in_the_stream_is_a_bare_read_timeout(server: OpenAIServer, after: After, text: str) -> None:
    server.script([stalled(after)])
    seen = at_once([stream, async_stream], server.url, timeout=IMPATIENT)
    assert seen == [Seen(text, None, httpx.ReadTimeout)] * 2


def test_a_stall_before_the_headers_is_an_sdk_timeout(server: OpenAIServer) -> None:
    server.script([stalled("nothing")])
    seen = at_once([stream, async_stream, whole, async_whole], server.url, timeout=IMPATIENT)
    assert seen == [Seen("", None, openai.APITimeoutError)] * 4


def test_a_stall_in_a_whole_reply_is_an_sdk_timeout(server: OpenAIServer) -> None:
    server.script([stalled("half")])
    seen = at_once([whole, async_whole], server.url, timeout=IMPATIENT)
    assert seen == [Seen("", None, openai.APITimeoutError)] * 2


@STREAMED
@pytest.mark.parametrize(("fault", "error"), [(reset, httpx.ReadError), (ended, None)])
def test_a_break_after_the_last_token_leaves_all_text_and_maybe_a_finish_reason(
    server: OpenAIServer, ask: Ask, fault: Callable[[After], Cut], error: type[Exception] | None
) -> None:
    server.script([fault("all"), fault("finish")])
    assert [ask(server.url).seen for _ in range(2)] == [Seen(TEXT, None, error), Seen(TEXT, "stop", error)]


@WHOLE
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (reset, openai.APIConnectionError),
        (ended, json.JSONDecodeError),
        (torn, openai.APIConnectionError),
        (bad_json, json.JSONDecodeError),
        (error_event, TypeError),  # status 200 and no `choices`: the SDK gives a completion whose `choices` is None
    ],
)
def test_a_break_in_a_whole_reply_is_an_error(
    server: OpenAIServer, ask: Ask, fault: Callable[[After], Cut], error: type[Exception]
) -> None:
    server.script([fault("half")])
    assert ask(server.url).seen == Seen("", None, error)


def test_an_error_event_carries_the_servers_error(server: OpenAIServer) -> None:
    server.script([error_event(1)])
    error = stream(server.url).error
    assert (error.message, error.type) == ("The server had an error while processing your request.", "server_error")


def test_pings_outlast_every_read_timeout(server: OpenAIServer) -> None:
    server.script([pings_only()])
    asks = [stream, async_stream, whole, async_whole]
    threading.Timer(0.6, server.close).start()
    seen = at_once(asks, server.url, timeout=IMPATIENT)
    bare, wrapped = httpx.RemoteProtocolError, openai.APIConnectionError  # not a timeout: it took the server's end
    assert seen == [Seen("", None, error) for error in (bare, bare, wrapped, wrapped)]


def test_a_drip_outlasts_the_read_timeout(server: OpenAIServer) -> None:
    server.piece = 1
    server.script([dripped(0.025)])
    start = time.monotonic()
    assert stream(server.url, timeout=IMPATIENT).seen == Seen(TEXT, "stop")
    assert time.monotonic() - start > 0.3


def test_a_client_that_hangs_up_is_noticed(server: OpenAIServer) -> None:
    server.script([stalled(1), dripped(0.02, Reply(TEXT * 99)), pings_only()])
    for _ in range(3):
        with client(server.url) as openai_client:
            openai_client.chat.completions.create(model="m", messages=MESSAGES, stream=True).close()
    assert [request.hung_up.wait(timeout=10) for request in server.requests] == [True] * 3


def test_a_client_that_reads_to_the_end_has_not_hung_up(server: OpenAIServer) -> None:
    server.script([Reply(), torn("half")])
    for _ in range(2):
        stream(server.url)
    server.close()
    assert [request.hung_up.is_set() for request in server.requests] == [False, False]


# Whole, and wrong.


@EVERY_WAY
@pytest.mark.parametrize(
    ("step", "seen"),
    [
        (empty_reply(), Seen("", "stop")),
        (wrong_schema(), Seen('{"reply": ["The otter eats fish."], "confidence": 0.9}', "stop")),
        (not_json(), Seen("Sure! The otter eats fish.", "stop")),
        (length_limited(), Seen("The otte", "length")),
        (content_filtered(), Seen("The otte", "content_filter")),
    ],
)
def test_a_wrong_reply_is_no_error_to_the_sdk(server: OpenAIServer, ask: Ask, step: Step, seen: Seen) -> None:
    server.script([step])
    assert ask(server.url).seen == seen


@BOTH_KINDS
def test_a_huge_reply_arrives_whole(server: OpenAIServer, ask: Ask) -> None:
    server.script([huge_reply()])
    assert len(ask(server.url).text or "") == 5_000_000


def test_a_web_page_is_an_empty_stream_and_a_text_instead_of_a_completion(server: OpenAIServer) -> None:
    server.script([web_page()])
    assert stream(server.url).seen == Seen("", None)
    assert whole(server.url).seen == Seen("", None, AttributeError)


# Embeddings.


def embed(url: str, *texts: str, timeout: Any = 10, **options: Any) -> list[list[float]]:
    with client(url, timeout=timeout) as openai_client:
        response = openai_client.embeddings.create(model="m", input=list(texts), **options)
    return [item.embedding for item in response.data]


def test_texts_that_share_words_get_vectors_that_point_the_same_way(server: OpenAIServer) -> None:
    otter, same, like, other = embed(
        server.url, "An otter eats fish", "an Otter eats fish!", "otter fish", "Mount Etna"
    )
    assert otter == same
    assert [math.hypot(*vector) for vector in (otter, like, other)] == pytest.approx([1, 1, 1])
    assert _dot(otter, like) > 0.5 > abs(_dot(otter, other))


def test_vectors_are_alike_as_base64_and_as_floats(server: OpenAIServer) -> None:
    (packed,) = embed(server.url, "An otter eats fish")
    (plain,) = embed(server.url, "An otter eats fish", encoding_format="float")
    assert packed == pytest.approx(plain)
    assert [request.body["encoding_format"] for request in server.requests] == ["base64", "float"]


def test_dimensions_are_the_servers_unless_asked_for(server: OpenAIServer) -> None:
    assert [len(embed(server.url, "otter", **asked)[0]) for asked in ({}, {"dimensions": 8})] == [64, 8]


def test_embedding_batches_and_usage_are_recorded(server: OpenAIServer) -> None:
    with client(server.url) as openai_client:
        openai_client.embeddings.create(model="m", input="one")
        response = openai_client.embeddings.create(model="m", input=["two words", "three"])
    assert server.embedding_batches == [["one"], ["two words", "three"]]
    assert response.usage.prompt_tokens == 3


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (unauthorized(), openai.AuthenticationError),
        (rate_limited(120), openai.RateLimitError),
        (quota_exhausted(), openai.RateLimitError),
        (server_error(), openai.InternalServerError),
        (reset("half"), openai.APIConnectionError),
        (ended("half"), json.JSONDecodeError),
        (torn("half"), openai.APIConnectionError),
        (bad_json("half"), json.JSONDecodeError),
        (error_event(0), ValueError),
        (web_page(), AttributeError),
    ],
)
def test_embeddings_break_as_whole_replies_do(server: OpenAIServer, step: Step, error: type[Exception]) -> None:
    server.script([step], endpoint="embeddings")
    with pytest.raises(error) as caught:
        embed(server.url, "otter", "volcano")
    assert caught.type is error
    assert whole(server.url).seen == Seen(TEXT, "stop")


def test_embeddings_that_stall_are_an_sdk_timeout(server: OpenAIServer) -> None:
    server.script([stalled("half")], endpoint="embeddings")
    with pytest.raises(openai.APITimeoutError):
        embed(server.url, "otter", timeout=IMPATIENT)


@pytest.mark.parametrize("texts", [[], [""], ["otter", ""], ["otter"] * 2049])
def test_texts_that_the_service_cannot_embed_are_a_bad_request(server: OpenAIServer, texts: list[str]) -> None:
    with pytest.raises(openai.BadRequestError, match="input"):
        embed(server.url, *texts)


def test_dimensions_can_be_unknown_to_a_server(server: OpenAIServer) -> None:
    server.unsupported = {"dimensions"}
    with pytest.raises(openai.BadRequestError, match="does not support specifying dimensions"):
        embed(server.url, "otter", dimensions=8)


def test_vectors_that_do_not_match_their_texts_pass_through_the_sdk(server: OpenAIServer) -> None:
    server.script([Reply(), missing_vector(), vectors_out_of_order(), shorter_vectors()], endpoint="embeddings")
    right, fewer, swapped, shorter = (embed(server.url, "otter", "volcano") for _ in range(4))
    assert (fewer, swapped) == (right[:1], right[::-1])
    assert shorter == [vector[:32] for vector in right]


# Closing.


def test_closing_drops_a_stalled_client_and_leaves_no_thread(server: OpenAIServer) -> None:
    server.script([stalled(1)])
    with client(server.url) as openai_client:
        chunks = openai_client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        threading.Timer(0.05, server.close).start()
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            list(chunks)
    server.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "openai-server"]


def _dot(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
