"""llama-index's own evaluators over its own OpenAI client and the loopback server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from llama_index.core.evaluation import (
    AnswerRelevancyEvaluator,
    CorrectnessEvaluator,
    FaithfulnessEvaluator,
    GuidelineEvaluator,
    PairwiseComparisonEvaluator,
    RelevancyEvaluator,
)
from llama_index.llms.openai import OpenAI
from openai_server import OpenAIServer, Reply, Step, empty_reply, stalled, unauthorized

from eval.adapters.llama_evaluators import llama_index_scorer
from eval.scores import Score, Scorer
from qa.adapters.background_loop import shared_loop
from qa.domain import Statement

KEY = "sk-secret-0123456789"
FOUNDED = "Ada founded Acme in 2016."


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def scorer(server: OpenAIServer) -> Iterator[Callable[..., Scorer]]:
    """Give a scorer of an evaluator class whose model replies as scripted."""
    clients: list[httpx.AsyncClient] = []

    def make(kind: Any, *steps: Step, **options: Any) -> Scorer:
        server.script(steps)
        clients.append(httpx.AsyncClient())
        llm = OpenAI(
            model="gpt-4o-mini", api_base=server.url, api_key=KEY, max_retries=0, async_http_client=clients[-1]
        )
        return llama_index_scorer(kind(llm=llm), **{"secret": KEY, **options})

    yield make
    for client in clients:
        shared_loop.run(client.aclose(), 5)


@pytest.fixture
def answer(make_answer, cite):
    statement = Statement(text="Ada began Acme in 2016.", citations=(1,), verified=True)
    return make_answer(statements=(statement,), citations=(cite(FOUNDED),))


@pytest.mark.parametrize("kind", [FaithfulnessEvaluator, RelevancyEvaluator])
@pytest.mark.parametrize(("reply", "value"), [("YES", 1.0), ("NO, it is not.", 0.0)])
def test_a_yes_or_no_is_one_or_zero(scorer, make_case, answer, kind: Any, reply: str, value: float) -> None:
    assert scorer(kind, Reply(reply))(make_case(), answer) == Score(value, reply)


def test_quotes_are_the_contexts_and_statements_the_response(scorer, server, make_case, answer) -> None:
    scorer(FaithfulnessEvaluator, Reply("YES"))(make_case(), answer)
    prompt = server.chat_requests[0].prompt
    assert "Information: Ada began Acme in 2016.\nContext: Ada founded Acme in 2016." in prompt


@pytest.mark.parametrize(("points", "value"), [("1", 0.0), ("4.0", 0.75), ("5", 1.0)])
def test_correctness_points_from_one_to_five_are_normalised(scorer, make_case, answer, points: str, value: float):
    score = scorer(CorrectnessEvaluator, Reply(f"{points}\nIt has the same name."))(make_case(), answer)
    assert score == Score(value, "It has the same name.")


def test_the_known_answer_is_the_reference(scorer, server, make_case, answer) -> None:
    score = scorer(CorrectnessEvaluator, Reply("5\nFine."))
    score(make_case(answers=(), answers_all=(("Ada", "A."), ("2016",))), answer)
    score(make_case(references=("Ada founded it.",)), answer)
    first, second = (request.prompt for request in server.chat_requests)
    assert "## Reference Answer\nAda; 2016\n" in first and "## Reference Answer\nAda founded it.\n" in second


def test_other_evaluators_are_scorers_too(scorer, make_case, answer) -> None:
    relevancy = scorer(AnswerRelevancyEvaluator, Reply("1. Yes.\n\n[RESULT] 2"))
    assert relevancy(make_case(), answer).value == 1.0
    guideline = scorer(GuidelineEvaluator, Reply('{"passing": false, "feedback": "Too short."}'))
    assert guideline(make_case(), answer) == Score(0.0, "Too short.")


def test_what_has_nothing_to_evaluate_costs_no_call(scorer, server, make_case, make_unanswerable, make_answer, refusal):
    faithful, correct = scorer(FaithfulnessEvaluator, Reply("YES")), scorer(CorrectnessEvaluator, Reply("5\nFine."))
    scores = [
        faithful(make_case(), refusal),
        faithful(make_case(), make_answer()),
        correct(make_unanswerable(), make_answer()),
    ]
    assert [(score.value, score.failed) for score in scores] == [(None, False)] * 3
    assert server.chat_requests == ()


@pytest.mark.parametrize(
    ("kind", "step", "problem"),
    [
        (CorrectnessEvaluator, Reply("9\nSuperb."), "the evaluator's score 9 is outside 1 to 5"),
        (CorrectnessEvaluator, Reply("good\nFine."), "the evaluator gave no score (“Fine.”)"),
        (CorrectnessEvaluator, Reply("5"), "ValueError: not enough values to unpack"),
        (AnswerRelevancyEvaluator, Reply("Hm."), "the evaluator calls its result invalid"),
        (GuidelineEvaluator, Reply("Fine."), "ValueError: "),
        (FaithfulnessEvaluator, empty_reply(), "the evaluator's model said nothing"),
        (FaithfulnessEvaluator, unauthorized(), "AuthenticationError: "),
        (PairwiseComparisonEvaluator, Reply("x"), "ValueError: "),
    ],
)
def test_what_gives_no_sound_score_is_failed_and_names_no_key(
    scorer, make_case, answer, kind: Any, step: Step, problem: str
) -> None:
    score = scorer(kind, step)(make_case(), answer)
    assert (score.value, score.failed) == (None, True)
    assert score.reason.startswith(f"could not be scored: {problem}") and KEY not in score.reason


def test_an_evaluator_that_takes_too_long_is_failed(scorer, make_case, answer) -> None:
    score = scorer(FaithfulnessEvaluator, stalled("nothing"), seconds=0.5)(make_case(), answer)
    assert score == Score(None, "could not be scored: the evaluator took longer than 0.5 s", failed=True)


def test_markup_in_the_feedback_stays_out_of_the_reason(scorer, make_case, answer) -> None:
    score = scorer(CorrectnessEvaluator, Reply("5\n![x](http://evil.test/a.png) Fine."))(make_case(), answer)
    assert score == Score(1.0, "Fine.")
