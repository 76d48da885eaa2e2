"""llama-index's own evaluators as scorers: `llama_index_scorer(FaithfulnessEvaluator(llm=llm))`."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from eval.cases import Case
from eval.scorers.refusals import is_refused
from eval.scores import Score, Scorer
from qa.adapters.background_loop import shared_loop
from qa.domain import Answer
from qa.gate import plain

_LONGEST_REASON = 300
_GRACE = 1.0  # seconds more for an evaluator that blocks the loop and so cannot be stopped in it
# What llama-index's query engine answers when the model said nothing, which its evaluators take for a no.
_NOTHING = ("", "Empty Response")


def llama_index_scorer(
    evaluator: Any, *, seconds: float = 60.0, scale: tuple[float, float] | None = None, secret: str | None = None
) -> Scorer:
    """Give a scorer that asks an evaluator; its scores are brought to 0 (worst) to 1 (best).

    It gets the question as it was understood, the answer's statements, their quotes as contexts and, where it takes
    a reference, the known answer. Not scored: refusals, answers without quotes and, with a reference, cases that have
    none. An evaluator that raises, takes too long, or gives no score, is a failed score.

    Faithfulness and Relevancy look for "yes" anywhere in the model's reply ("No, yesterday …" passes), and put the
    answer into their prompts without delimiters; `eval.judging` does neither.

    Args:
        evaluator: A llama-index `BaseEvaluator` whose model waits without blocking, as those of OpenAI's protocol do.
        seconds: Longest time for one score.
        scale: Its lowest and highest score; None takes 1 to 5 for a `CorrectnessEvaluator`, else 0 to 1.
        secret: The model's key, which no reason may repeat; None when there is none.
    """
    lowest, highest = scale or _scale(evaluator)
    wants_reference = "reference" in inspect.signature(evaluator.aevaluate).parameters

    def score(case: Case, answer: Answer) -> Score:
        if is_refused(answer):
            return Score(None, "refused: there is no answer to evaluate")
        if not answer.citations and not wants_reference:
            return Score(None, "nothing was cited")
        asked: dict[str, Any] = {
            "query": answer.standalone_question,
            "response": " ".join(statement.text for statement in answer.statements) or answer.text,
            "contexts": [citation.quote for citation in answer.citations],
        }
        if wants_reference:
            if not (reference := _reference(case)):
                return Score(None, "the case has no known answer")
            asked["reference"] = reference
        try:
            result = _evaluated(evaluator, asked, seconds)
        except TimeoutError:
            return _failed(f"the evaluator took longer than {seconds:g} s")
        except Exception as error:  # evaluators, their parsers and their models raise anything
            said = f"{type(error).__name__}: {error}"
            return _failed(said.replace(secret, "…") if secret else said)
        return _score_of(result, lowest, highest)

    return score


def _scale(evaluator: Any) -> tuple[float, float]:
    """Tell by the class's name: importing llama-index's takes seconds."""
    names = {kind.__name__ for kind in type(evaluator).__mro__}
    return (1.0, 5.0) if "CorrectnessEvaluator" in names else (0.0, 1.0)


def _reference(case: Case) -> str:
    """Give a known answer in one text: a whole one, else the first alternative of each part; "" when there is none."""
    return case.references[0] if case.references else "; ".join(group[0] for group in case.answer_groups)


def _evaluated(evaluator: Any, asked: dict[str, Any], seconds: float) -> Any:
    """Evaluate in the process's one event loop, where the clients of chat models keep their connections."""
    results: list[Any] = []

    async def evaluate() -> None:
        async with asyncio.timeout(seconds):
            results.append(await evaluator.aevaluate(**asked))

    shared_loop.run(evaluate(), seconds + _GRACE)
    return results[0]


def _score_of(result: Any, lowest: float, highest: float) -> Score:
    said = plain(str(result.feedback or ""))[:_LONGEST_REASON]
    if result.invalid_result:
        return _failed(f"the evaluator calls its result invalid ({plain(str(result.invalid_reason or said))})")
    if said in _NOTHING:
        return _failed("the evaluator's model said nothing")
    if result.score is None:
        return _failed(f"the evaluator gave no score (“{said}”)")
    if not lowest <= result.score <= highest:  # nor is a NaN
        return _failed(f"the evaluator's score {result.score:g} is outside {lowest:g} to {highest:g}")
    return Score((float(result.score) - lowest) / (highest - lowest), said)


def _failed(problem: str) -> Score:
    return Score(None, f"could not be scored: {' '.join(problem.split())[:_LONGEST_REASON]}", failed=True)
