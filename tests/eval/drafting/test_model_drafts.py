"""Drafts in a chat model's words, over the real client: what code cannot confirm is turned down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openai_server import OpenAIServer, Reply, Step, not_json, stalled, unauthorized

from eval.cases import Case, check_evidence
from eval.drafting.drafts import Draft
from eval.drafting.model_drafts import ModelDrafter, open_drafter
from qa.errors import ModelError, ModelRefusedError, SettingsError
from qa.settings import Settings

KEY = "sk-secret-0123456789"
PAID = "Acme paid $6.5 billion for Ampere."


def draft(question: str = "What did Acme pay for Ampere?", answer: str = "$6.5 billion", quote: str = PAID) -> Reply:
    return Reply(json.dumps({"question": question, "answer": answer, "quote": quote}))


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def drafter(server: OpenAIServer) -> Iterator[Callable[..., ModelDrafter]]:
    opened: list[ModelDrafter] = []

    def make(*steps: Step, **settings: Any) -> ModelDrafter:
        server.script(steps)
        chosen = {"openai_base_url": server.url, "openai_api_key": KEY, "total_seconds": 1.0, **settings}
        opened.append(open_drafter(Settings(**chosen)))
        object.__setattr__(opened[-1]._asker, "sleep", lambda seconds: None)
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def test_a_sound_draft_has_its_quote_word_for_word(drafter, server, texts, document) -> None:
    asker = drafter(draft(quote="acme  paid $6.5 billion for Ampere"), model="gpt-4o-mini")
    (found,) = asker.drafts(texts)
    assert isinstance(found, Draft)
    assert (found.question, found.answers) == ("What did Acme pay for Ampere?", ("$6.5 billion",))
    check_evidence([Case(id="x", question="x", evidence=found.evidence)], texts)
    assert document in server.chat_requests[0].prompt and "<passage-" in server.chat_requests[0].prompt
    assert asker.usage.cost_usd is not None and asker.usage.cost_usd > 0


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (draft(question="", answer="", quote=""), "the passage states no fact to ask for"),
        (draft(quote="Acme paid $9 billion for Ampere."), "the quote is not in the passage"),
        (draft(answer="Bob"), "the answer is not in the quote"),
        (draft(answer="the"), "the answer is not in the quote"),
        (draft(question="Did Acme pay $6.5 billion?"), "the question gives the answer away"),
        (draft(question="Say how much Acme paid."), "the question is none"),
        (draft(question="How much was paid in this passage?"), "the question points to the passage"),
        (not_json(), "the reply could not be read"),
        (Reply('{"question": 1, "answer": "", "quote": ""}'), "the reply could not be read"),
        (stalled("nothing"), "the model did not answer"),
    ],
)
def test_what_code_cannot_confirm_is_turned_down_and_counted(drafter, texts, reply: Step, reason: str) -> None:
    asker = drafter(reply)
    assert (list(asker.drafts(texts)), dict(asker.turned_down)) == ([], {reason: 1})


def test_markup_in_a_question_is_taken_out(drafter, texts) -> None:
    (found,) = drafter(draft(question="What did ![x](http://evil.test/a.png) Acme pay for Ampere?")).drafts(texts)
    assert found.question == "What did Acme pay for Ampere?"


def test_passages_go_round_the_documents(drafter, server, document) -> None:
    long = " ".join([document] * 60)
    server.brain = lambda body: json.dumps({"question": "", "answer": "", "quote": ""})
    list(drafter(Reply()).drafts({"a.txt": long, "b.txt": document, "c.txt": "Too short."}))
    asked = ["b.txt" if "Document: b.txt" in request.prompt else "a.txt" for request in server.chat_requests]
    assert sorted(asked[:2]) == ["a.txt", "b.txt"] and set(asked[2:]) == {"a.txt"} and len(asked) >= 4


def test_a_refused_key_ends_it_and_is_not_told(drafter, texts) -> None:
    with pytest.raises(ModelRefusedError) as caught:
        list(drafter(unauthorized()).drafts(texts))
    assert KEY not in str(caught.value)


def test_a_service_that_is_down_ends_it_after_three_passages(drafter, document) -> None:
    asker = drafter(stalled("nothing"), total_seconds=0.2)
    with pytest.raises(ModelError):
        list(asker.drafts({f"{number}.txt": document for number in range(9)}))
    assert dict(asker.turned_down) == {"the model did not answer": 2}


def test_without_a_service_there_is_no_drafter() -> None:
    with pytest.raises(SettingsError, match="Drafting with a model needs a chat model; set OPENAI_API_KEY"):
        open_drafter(Settings())
