"""Whatever the chat service does, an answer comes: right, marked as partial, or extractive and labelled as such."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openai_server import (
    OpenAIServer,
    Reply,
    Step,
    bad_json,
    content_filtered,
    declined,
    dripped,
    empty_reply,
    ended,
    error_event,
    huge_reply,
    length_limited,
    not_json,
    pings_only,
    refusals,
    refused_url,
    reset,
    stalled,
    torn,
    wrong_schema,
)

from qa.adapters.background_loop import shared_loop
from qa.adapters.hashing_embedder import HashingEmbedder
from qa.adapters.scripted_model import passages_in
from qa.api import open_chatbot
from qa.chatbot import Chatbot
from qa.domain import NO_USAGE, Answer, StatementGrowing, StatementReady, Turn, Usage
from qa.settings import Settings

OpenBot = Callable[..., Chatbot]
QUESTION = "How much did SoftBank invest in WeWork?"
INVESTED = "SoftBank invested $4.4 billion in WeWork in 2017."
RENTS = "WeWork rents out desks."
UNTOLD = Usage(input_tokens=None, output_tokens=None, cost_usd=None)
KEY = "sk-secret-0123456789"
LIMITS = {"connect_seconds": 2.0, "first_token_seconds": 2.0, "between_tokens_seconds": 2.0, "total_seconds": 4.0}


def passage_with(words: str, body: dict[str, Any]) -> int:
    """Give the number of the passage in a request that holds these words."""
    for number, text in passages_in(body["messages"][-1]["content"]):
        if words in text:
            return number
    raise AssertionError(f"no passage holds {words!r}")


def statement(text: str, number: int, quote: str | None = None) -> dict[str, Any]:
    return {"text": text, "quotes": [{"passage": number, "quote": quote or text}]}


def reply(*statements: dict[str, Any], status: str = "answered", short: str | None = None) -> str:
    return json.dumps({"statements": statements, "short_answer": short, "status": status})


def honest(body: dict[str, Any]) -> str:
    """Answer as a good model would: two statements, each with its quote."""
    if not any("<passage-" in message["content"] for message in body["messages"]):
        return "How much did SoftBank invest in WeWork in 2017?"
    number = passage_with(INVESTED, {"messages": body["messages"][:2]})
    return reply(statement(INVESTED, number), statement(RENTS, number), short="$4.4 billion")


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        server.brain = honest
        yield server


@pytest.fixture
def ask(server: OpenAIServer, open_bot: OpenBot) -> Callable[..., Answer]:
    """Ask a chatbot that has the server for its chat model; every answer comes within 15 seconds."""
    import llama_index.llms.openai_like  # noqa: F401 - takes seconds, which are not the service's

    bot = open_bot(openai_base_url=server.url, openai_api_key=KEY, model="gpt-4.1-mini", **LIMITS)
    bot.open()

    def ask(question: str = QUESTION, **options: Any) -> Answer:
        started = time.monotonic()
        answer = bot.ask(question, **options)
        assert time.monotonic() - started < 15
        assert KEY not in repr(answer)
        return answer

    return ask


def test_a_good_reply_is_cited_and_verified(ask: Callable[..., Answer]) -> None:
    answer = ask()
    assert answer.notices == ()
    assert (answer.text, answer.status, answer.model) == (f"{INVESTED} [1] {RENTS} [2]", "answered", "gpt-4.1-mini")
    assert (answer.short_answer, answer.notices) == ("$4.4 billion", ())
    assert all(citation.verified for citation in answer.citations)
    assert answer.usage.input_tokens and answer.usage.output_tokens and answer.usage.cost_usd


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set when the test is over: what stalls goes on then."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def open_foreign(corpus: Path) -> Iterator[Callable[..., Chatbot]]:
    """Open a chatbot with a plain blocking LLM of llama-index, which calls `before(n)` before its n-th piece.

    The first piece is empty, as that of many services is. What `before` gives is told as the tokens read so far.
    """
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

    class Canned(CustomLLM):
        before: Callable[[int], Any]

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(model_name="canned-1")

        def complete(self, prompt: str, formatted: bool = False, **options: Any) -> Any:
            raise NotImplementedError

        def stream_complete(self, prompt: str, formatted: bool = False, **options: Any) -> Any:
            text = honest({"messages": [{"content": prompt}] * 2})
            for number, end in enumerate(range(0, len(text) + 10, 10)):
                read = self.before(number)
                used = SimpleNamespace(usage=SimpleNamespace(prompt_tokens=read, completion_tokens=1)) if read else None
                yield CompletionResponse(text=text[:end], delta=text[max(0, end - 10) : end], raw=used)

    with ExitStack() as opened:

        def open_foreign(before: Callable[[int], Any]) -> Chatbot:
            settings = Settings(corpus_dir=corpus, **LIMITS)
            return opened.enter_context(open_chatbot(settings, embedder=HashingEmbedder(), llm=Canned(before=before)))

        yield open_foreign


EXTRACTIVE: dict[str, list[Step]] = {
    "429 that wants a long pause": [refusals.rate_limited(120)],
    "429 again": [refusals.rate_limited(0)],
    "quota": [refusals.quota_exhausted()],
    "401": [refusals.unauthorized()],
    "403": [refusals.forbidden()],
    "404": [refusals.model_not_found()],
    "500": [refusals.server_error()],
    "503": [refusals.unavailable()],
    "silent before the headers": [stalled("nothing")],
    "silent before the first token": [stalled("headers")],
    "silent after the role": [stalled(0)],
    "pings for ever": [pings_only()],
    "reset at once": [reset("nothing")],
    "reset at token 0": [reset(0)],
    "reset at token 1": [reset(1)],
    "end at token 0": [ended(0)],
    "error event at once": [error_event(0)],
    "bad JSON at once": [bad_json(0)],
    "empty": [empty_reply()],
    "5 MB": [huge_reply()],
    "wrong schema": [wrong_schema()],
    "not JSON": [not_json()],
    "declined": [declined()],
    "length at once": [length_limited(1)],
    "filter at once": [content_filtered(1)],
}


@pytest.mark.parametrize("steps", EXTRACTIVE.values(), ids=EXTRACTIVE)
def test_where_the_model_gives_no_statement_the_extractive_answerer_answers(
    server: OpenAIServer, ask: Callable[..., Answer], steps: list[Step]
) -> None:
    server.script(steps)
    answer = ask()
    assert answer.model == "extractive"
    assert answer.notices[0].endswith("The extractive answerer answered instead.")
    assert len(server.chat_requests) <= 2


# The first statement is complete and the second is not.
BROKEN: dict[str, list[Step]] = {
    "silent in the middle": [stalled(60)],
    "end in the middle": [ended(60)],
    "torn in the middle": [torn(60)],
    "error event in the middle": [error_event(60)],
    "bad JSON in the middle": [bad_json(60)],
    "length in the middle": [length_limited(60)],
    "filter in the middle": [content_filtered(60)],
    "too slow": [dripped(0.06)],
}


@pytest.mark.parametrize("steps", BROKEN.values(), ids=BROKEN)
def test_a_reply_that_breaks_off_is_kept_as_far_as_it_is_whole_and_marked(
    server: OpenAIServer, ask: Callable[..., Answer], steps: list[Step]
) -> None:
    server.script(steps)
    answer = ask()
    assert (answer.status, answer.model, len(answer.notices)) == ("partial", "gpt-4.1-mini", 1)
    assert [each.text for each in answer.statements] == [INVESTED]
    assert all(each.verified for each in answer.statements)


@pytest.mark.parametrize("after", ["all but one", "all"])
@pytest.mark.parametrize("fault", [ended, torn])
def test_a_reply_without_its_end_is_never_shown_as_complete(
    server: OpenAIServer, ask: Callable[..., Answer], fault: Callable[[Any], Step], after: str
) -> None:
    server.script([fault(after)])
    answer = ask()
    assert (answer.status, len(answer.notices)) == ("partial", 1)


@pytest.mark.parametrize("after", [60, "all but one", "all"])
def test_a_reset_loses_at_most_what_had_not_been_read(
    server: OpenAIServer, ask: Callable[..., Answer], after: Any
) -> None:
    server.script([reset(after)])  # the system drops what it has received and not handed over
    answer = ask()
    assert (answer.status, answer.model) in [("partial", "gpt-4.1-mini"), ("answered", "extractive")]
    assert len(answer.notices) == 1


@pytest.mark.parametrize(
    "first", [refusals.rate_limited(1), refusals.server_error(), refusals.conflict(), reset("nothing"), not_json()]
)
def test_a_second_try_may_help(server: OpenAIServer, ask: Callable[..., Answer], first: Step) -> None:
    server.script([first, Reply()])
    answer = ask()
    assert (answer.status, answer.model, answer.notices) == ("answered", "gpt-4.1-mini", ())
    assert len(server.chat_requests) == 2


@pytest.mark.parametrize("refused", [refusals.quota_exhausted(), refusals.unauthorized(), refusals.rate_limited(120)])
def test_what_will_not_help_is_not_tried_again(server: OpenAIServer, ask: Callable[..., Answer], refused: Step) -> None:
    server.script([refused])
    ask()
    assert len(server.chat_requests) == 1


def test_a_refused_connection_is_answered_extractively(open_bot: OpenBot) -> None:
    with refused_url() as url:
        answer = open_bot(openai_base_url=url, **LIMITS).ask(QUESTION)
    assert (answer.model, "could not be reached" in answer.notices[0]) == ("extractive", True)
    assert (answer.usage, answer.usage.in_words()) == (NO_USAGE, "")


@pytest.mark.parametrize(
    ("step", "usage"),
    [
        (refusals.unauthorized(), NO_USAGE),
        (refusals.unavailable(), NO_USAGE),
        (stalled("headers"), UNTOLD),
        (reset("nothing"), UNTOLD),
    ],
)
def test_usage_is_none_where_nothing_was_taken_on_and_untold_where_it_is_not_known(
    server: OpenAIServer, ask: Callable[..., Answer], step: Step, usage: Usage
) -> None:
    server.script([step])
    assert ask().usage == usage


def test_a_follow_up_to_a_service_that_is_not_there_uses_nothing(open_bot: OpenBot) -> None:
    with refused_url() as url:
        answer = open_bot(openai_base_url=url, **LIMITS).ask(
            "And in 2017?", history=[Turn(question=QUESTION, answer=INVESTED)]
        )
    assert (answer.usage, len(answer.notices)) == (NO_USAGE, 2)


def test_a_refused_try_adds_no_tokens_to_the_next_and_a_broken_one_makes_them_unknown(
    server: OpenAIServer, ask: Callable[..., Answer]
) -> None:
    first = ask()
    server.script([refusals.rate_limited(0), Reply()])
    second = ask()
    server.script([reset("headers"), Reply()])
    assert (second.usage, ask().usage) == (first.usage, UNTOLD)


def test_the_tokens_of_both_tries_are_told(open_foreign: Callable[..., Chatbot]) -> None:
    tries: list[int] = []

    def before(piece: int) -> int | None:
        """Tell of 100 tokens read in the first piece, and break off the first try after it."""
        if piece == 0:
            tries.append(piece)
            return 100
        if piece == 1 and len(tries) == 1:
            raise ConnectionResetError
        return None

    answer = open_foreign(before).ask(QUESTION)
    assert (answer.notices, len(tries)) == ((), 2)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (200, 2)


def test_after_five_failures_the_service_is_left_alone(server: OpenAIServer, ask: Callable[..., Answer]) -> None:
    server.script([refusals.server_error()])
    answers = [ask() for _ in range(6)]
    assert {answer.model for answer in answers} == {"extractive"}
    assert answers[-1].notices[0].startswith("The chat model failed 5 times; it is asked again in")
    assert len(server.chat_requests) == 10


@pytest.mark.parametrize(
    "unknown",
    [{"json_schema"}, {"json_schema", "json_object"}, {"stream_options"}, {"temperature"}, {"max_completion_tokens"}],
    ids=" ".join,
)
def test_a_service_that_knows_less_is_spoken_to_more_simply(
    server: OpenAIServer, ask: Callable[..., Answer], unknown: set[str]
) -> None:
    server.unsupported = unknown
    answers = [ask(), ask()]
    assert [(answer.status, answer.model, answer.notices) for answer in answers] == [
        ("answered", "gpt-4.1-mini", ())
    ] * 2
    assert len(server.chat_requests) == 2 + len(unknown)


def test_statements_come_while_the_reply_is_written(server: OpenAIServer, open_bot: OpenBot) -> None:
    server.script([dripped(0.002)])
    bot = open_bot(openai_base_url=server.url, **LIMITS)
    events = list(bot.stream(QUESTION))
    kinds = [type(event) for event in events]
    grown = [event.text for event in events if isinstance(event, StatementGrowing)]
    assert (kinds.count(StatementReady), kinds[-1]) == (2, Answer)
    assert len(grown) > 4 and all(text in (INVESTED + RENTS) or INVESTED.startswith(text) for text in grown)
    assert kinds.index(StatementReady) < len(kinds) - 1 - kinds[::-1].index(StatementGrowing)


def test_a_stream_that_is_left_early_leaves_the_service(server: OpenAIServer, open_bot: OpenBot) -> None:
    server.script([dripped(0.05)])
    bot = open_bot(openai_base_url=server.url, **LIMITS)
    events = bot.stream(QUESTION)
    next(events)
    assert not server.chat_requests[0].hung_up.is_set()
    events.close()
    assert server.chat_requests[0].hung_up.wait(1)  # the whole reply takes some three seconds more


def test_a_follow_up_is_condensed_by_the_model_and_counted(server: OpenAIServer, ask: Callable[..., Answer]) -> None:
    first = ask()
    history = [Turn(question=first.question, answer=first.text)]
    second = ask("And in 2017?", history=history)
    assert second.standalone_question == "How much did SoftBank invest in WeWork in 2017?"
    assert second.usage.input_tokens > first.usage.input_tokens


def test_a_fresh_question_is_not_sent_to_be_condensed(server: OpenAIServer, ask: Callable[..., Answer]) -> None:
    ask(history=[Turn(question="What does the otter eat?", answer="Fish.")])
    assert len(server.chat_requests) == 1


def test_a_condenser_that_fails_leaves_it_to_the_rules(server: OpenAIServer, ask: Callable[..., Answer]) -> None:
    server.script([refusals.unauthorized(), Reply()])
    answer = ask("And in 2017?", history=[Turn(question=QUESTION, answer=INVESTED)])
    assert (answer.standalone_question, answer.model) == (
        "How much did SoftBank invest in WeWork in 2017?",
        "gpt-4.1-mini",
    )


def test_any_llama_index_llm_writes_answers(open_foreign: Callable[..., Chatbot]) -> None:
    answer = open_foreign(lambda piece: None).ask(QUESTION)
    assert (answer.text, answer.model) == (f"{INVESTED} [1] {RENTS} [2]", "canned-1")
    assert (answer.notices, answer.usage.input_tokens) == ((), None)


@pytest.mark.parametrize(("stalls_at", "model", "status"), [(0, "extractive", "answered"), (25, "canned-1", "partial")])
def test_a_blocking_llm_that_stalls_is_left_in_time_and_holds_up_nobody(
    ask: Callable[..., Answer],
    open_foreign: Callable[..., Chatbot],
    released: threading.Event,
    stalls_at: int,
    model: str,
    status: str,
) -> None:
    stalled = threading.Event()

    def stall(piece: int) -> None:
        if piece == stalls_at:
            stalled.set()
            released.wait()

    bot = open_foreign(stall)
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        asked = pool.submit(bot.ask, QUESTION)
        assert stalled.wait(10)
        assert ask().notices == ()  # of another model, meanwhile
        answer = asked.result(timeout=15)
    assert time.monotonic() - started < 10
    assert (answer.model, answer.status, len(answer.notices)) == (model, status, 1)
    assert "kept silent too long" in answer.notices[0]


def test_a_blocking_llm_that_never_ends_is_left_when_the_time_is_up(open_foreign: Callable[..., Chatbot]) -> None:
    answer = open_foreign(lambda piece: time.sleep(0.5)).ask(QUESTION)
    assert (answer.model, len(answer.notices)) == ("extractive", 1)


def test_a_blocking_llm_that_fails_is_answered_for(open_foreign: Callable[..., Chatbot]) -> None:
    answer = open_foreign(lambda piece: 1 // 0).ask(QUESTION)
    assert (answer.model, "ZeroDivisionError" in answer.notices[0]) == ("extractive", True)


def test_an_llm_that_is_asynchronous_only_writes_answers(corpus: Path) -> None:
    from llama_index.core.llms import MockLLM
    from llama_index.core.llms.callbacks import llm_chat_callback

    class Asynchronous(MockLLM):
        def stream_chat(self, messages: Any, **options: Any) -> Any:
            raise NotImplementedError

        @llm_chat_callback()
        async def astream_chat(self, messages: Any, **options: Any) -> Any:
            from llama_index.core.llms import ChatMessage, ChatResponse

            body = {"messages": [{"content": message.content} for message in messages]}

            async def chunks() -> Any:
                yield ChatResponse(message=ChatMessage(content=honest(body)), delta=honest(body))

            return chunks()

    with open_chatbot(Settings(corpus_dir=corpus), embedder=HashingEmbedder(), llm=Asynchronous()) as bot:
        assert bot.ask(QUESTION).text == f"{INVESTED} [1] {RENTS} [2]"


def test_an_llm_that_fails_in_the_midst_of_a_reply_is_not_asked_again_another_way(corpus: Path) -> None:
    from llama_index.core.llms import ChatMessage, ChatResponse, MockLLM

    class Breaking(MockLLM):
        def stream_chat(self, messages: Any, **options: Any) -> Any:
            yield ChatResponse(message=ChatMessage(content="{"), delta="{")
            raise NotImplementedError("no tool calls")

        async def astream_chat(self, messages: Any, **options: Any) -> Any:
            raise AssertionError("the reply had begun")

    with open_chatbot(Settings(corpus_dir=corpus), embedder=HashingEmbedder(), llm=Breaking()) as bot:
        answer = bot.ask(QUESTION)
    assert answer.model == "extractive"
    assert answer.notices


def test_the_key_is_sent_and_shown_nowhere(
    server: OpenAIServer, ask: Callable[..., Answer], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    server.script([refusals.unauthorized(f"Incorrect API key provided: {KEY}.")])
    with caplog.at_level(0):
        answer = ask()
    assert server.chat_requests[0].headers["authorization"] == f"Bearer {KEY}"
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert (KEY in repr(answer), KEY in caplog.text, KEY.encode() in kept) == (False, False, False)


def test_the_prompt_holds_the_question_and_whole_passages_within_a_nonce(
    server: OpenAIServer, ask: Callable[..., Answer]
) -> None:
    ask()
    ask()
    sent = [[message["content"] for message in request.body["messages"]] for request in server.chat_requests]
    systems, users = zip(*sent, strict=True)
    nonces = [set(re.findall(r"passage-(\w{12})", text)) for text in users]
    assert [len(found) for found in nonces] == [1, 1] and nonces[0] != nonces[1]
    assert QUESTION in users[0] and INVESTED in users[0]
    assert all(next(iter(found)) in text for found, text in zip(nonces, systems, strict=True))


@pytest.mark.parametrize(
    ("short", "shown"), [("$4.4 billion", "$4.4 billion"), ("4 billion", None), ("$9 billion", None)]
)
def test_a_short_answer_is_shown_only_where_a_verified_quote_has_its_words(
    server: OpenAIServer, ask: Callable[..., Answer], short: str, shown: str | None
) -> None:
    server.brain = lambda body: reply(
        statement(INVESTED, passage_with(INVESTED, body), f"SoftBank invested {short} in WeWork in 2017."), short=short
    )
    answer = ask()
    assert (answer.statements[0].verified, answer.short_answer) == (True, shown)


def test_a_statement_of_which_the_gate_leaves_nothing_is_none(server: OpenAIServer, ask: Callable[..., Answer]) -> None:
    server.brain = lambda body: reply(statement("![x](http://e.test/x.png)", passage_with(RENTS, body), RENTS))
    assert ask().model == "extractive" or ask().status == "not_found"


def test_an_llm_that_was_handed_in_stays_open(server: OpenAIServer, corpus: Path) -> None:
    from llama_index.llms.openai_like import OpenAILike

    llm = OpenAILike(model="m", api_base=server.url, api_key=KEY, is_chat_model=True, max_retries=0)
    for _ in range(2):
        with open_chatbot(Settings(corpus_dir=corpus), embedder=HashingEmbedder(), llm=llm) as bot:
            assert bot.ask(QUESTION).notices == ()
    shared_loop.run(llm._aclient.close(), 5.0)
