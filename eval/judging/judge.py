"""The judge: a chat model that gives a verdict and a reason, and nothing that it writes is more than that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from eval.cases import Case
from eval.json_replies import JsonAsker, chat_model_of
from eval.judging.material import Claim, claims_of, correctness_messages, faithfulness_messages, is_verbatim
from eval.judging.verdicts import CORRECTNESS_SCHEMA, FAITHFULNESS_SCHEMA, Judged, read_supported, read_verdict
from eval.scorers.refusals import is_refused
from eval.scores import Score, Scorer
from qa.domain import Answer, Usage
from qa.errors import ModelError, SettingsError
from qa.interfaces import ChatModel
from qa.pricing import PriceTable, load_prices
from qa.prompts import Prompts, load_prompts
from qa.settings import Settings

JUDGING = ("judge_correctness", "judge_faithfulness", "repair")
"""The prompts that a judge sends."""

_T = TypeVar("_T")
_VALUES = {"correct": 1.0, "partly": 0.5, "wrong": 0.0}
_MOST_VOTES = 9


@dataclass(frozen=True)
class Judge:
    """Scores answers with a chat model; safe to share between threads.

    Attributes:
        prompts: Must hold those named in `JUDGING`.
        votes: How often each answer is judged, 1 to 9; the majority counts and, of equals, the lower. Each vote sees
            the material in another order, since a model without chance says the same to the same.
    """

    model: ChatModel
    prompts: Prompts
    prices: PriceTable
    votes: int = 1
    _asker: JsonAsker = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.votes <= _MOST_VOTES:
            raise SettingsError(f"A judge votes 1 to {_MOST_VOTES} times, not {self.votes}; choose with --votes.")
        object.__setattr__(self, "_asker", JsonAsker(self.model, self.prompts, self.prices))

    @property
    def usage(self) -> Usage:
        """Tokens and dollars so far; unknown where the service did not say them of a call."""
        return self._asker.usage

    @property
    def provenance(self) -> dict[str, Any]:
        """What its scores depend on, ready for JSON: the model, the votes, and each prompt's hash."""
        return {"model": self.model.name, "votes": self.votes, "prompts": self.prompts.hashes}

    def close(self) -> None:
        """Let go of the model's connections."""
        self.model.close()

    def scorers(self) -> dict[str, Scorer]:
        """Give its scorers by the name of their metric."""
        return {"judged_correct": self.judged_correct, "judged_faithful": self.judged_faithful}

    def judged_correct(self, case: Case, answer: Answer) -> Score:
        """Give 1 when the answer means the known one, 0.5 when it has a part of it, else 0; a refusal is 0.

        Not scored: unanswerable cases, of which the refusal metrics tell.
        """
        if not case.answerable:
            return Score(None, "the documents do not answer this case")
        if is_refused(answer):
            return Score(0.0, "refused, though the documents answer")

        def vote(number: int) -> Judged:
            messages = correctness_messages(self.prompts, case, answer, turn=number)
            return self._asker.ask(messages, CORRECTNESS_SCHEMA, read_verdict)

        given = self._given(vote)
        if isinstance(given, Score):
            return given
        verdict = _majority([each.verdict for each in given], lowest_first=("wrong", "partly", "correct"))
        reason = next(each.reason for each in given if each.verdict == verdict)
        return Score(_VALUES[verdict], f"{verdict}: {reason}{self._split([each.verdict for each in given])}")

    def judged_faithful(self, case: Case, answer: Answer) -> Score:
        """Give the share of the answer's statements, 0 to 1, that their own quotes support.

        A statement without a quote is not supported, one that is a quote word for word is; the judge is asked of the
        others. Not scored: refusals.
        """
        claims = claims_of(answer)
        if is_refused(answer) or not claims:
            return Score(None, "there is no statement to judge")
        asked = [claim for claim in claims if claim.quotes and not is_verbatim(claim)]
        unsupported = {claim.number: "it has no quote" for claim in claims if not claim.quotes}
        split = ""
        if asked:

            def vote(number: int) -> dict[int, Judged]:
                messages = faithfulness_messages(self.prompts, asked, turn=number)
                return self._asker.ask(
                    messages, FAITHFULNESS_SCHEMA, lambda reply: read_supported(reply, [each.number for each in asked])
                )

            given = self._given(vote)
            if isinstance(given, Score):
                return given
            for claim in asked:
                verdicts = [each[claim.number].verdict for each in given]
                if _majority(verdicts, lowest_first=("unsupported", "supported")) == "unsupported":
                    why = next(each[claim.number] for each in given if each[claim.number].verdict == "unsupported")
                    unsupported[claim.number] = why.reason + self._split(verdicts)
            split = f" (judged: {len(asked)} of {len(claims)})"
        return _share(claims, unsupported, split)

    def _given(self, vote: Callable[[int], _T]) -> list[_T] | Score:
        """Give the votes that could be had; a failed score when none could."""
        given: list[_T] = []
        problem = ""
        for number in range(self.votes):
            try:
                given.append(vote(number))
            except ModelError as error:
                problem = str(error)
        return given or Score(None, f"could not be scored: {problem}", failed=True)

    def _split(self, verdicts: Sequence[str]) -> str:
        """Tell how the votes fell: " (2 × correct, 1 × failed)"; empty where there is but one."""
        if self.votes == 1:
            return ""
        counted = {**Counter(sorted(verdicts)), "failed": self.votes - len(verdicts)}
        return f" ({', '.join(f'{times} × {verdict}' for verdict, times in counted.items() if times)})"


def open_judge(settings: Settings, *, votes: int = 1, model: str | None = None) -> Judge:
    """Give a judge that asks the settings' chat service; close its model when it is done.

    Args:
        settings: Whoever answers, extractive or not, the service's key or address must be set.
        votes: How often each answer is judged, 1 to 9.
        model: The judge's model, better another than the one it judges; None takes `settings.model`.

    Raises:
        SettingsError: There is no chat service, or `votes` is out of its range.
        PromptError: A prompt cannot be used.
    """
    return Judge(
        chat_model_of(settings, "A judge", model),
        load_prompts(settings.prompts_dir, JUDGING),
        load_prices(settings.prices_file),
        votes,
    )


def _majority(verdicts: Sequence[str], *, lowest_first: Sequence[str]) -> str:
    """Give the most frequent verdict; of equals, the lowest."""
    counted = Counter(verdicts)
    return max(lowest_first, key=lambda verdict: (counted[verdict], -lowest_first.index(verdict)))


def _share(claims: Sequence[Claim], unsupported: dict[int, str], split: str) -> Score:
    share = (len(claims) - len(unsupported)) / len(claims)
    if not unsupported:
        return Score(share, f"every statement is supported by its quotes{split}")
    listed = "; ".join(f"statement {number}: {reason}" for number, reason in sorted(unsupported.items()))
    return Score(share, f"not supported: {listed}{split}")
