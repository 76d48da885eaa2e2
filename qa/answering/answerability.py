"""Whether the documents answer at all, from the best sentence: a probability.

The probability that a sentence answers is not that: the best of many was picked for it. And it means something else
where several passages compete, found for the question, than where one passage is all there is: somebody gave it, so
that it speaks of what was asked, whether it answers or not. That one is read closely.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import Any

from qa.answering.close_reading import CloseReading
from qa.answering.kinds import Kind
from qa.answering.questions import Question
from qa.domain import RankedPassage
from qa.settings import Refusal

# A paragraph that was somewhat too long for one passage is cut into two.
_MOST_GIVEN = 2
_GIVEN_WEIGHTS = 8


class Scope(StrEnum):
    """Where the answer was looked for: among passages that were found, or in a paragraph that was given."""

    FOUND = "found"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class AnswerabilityModel:
    """Two logistic models: confidence = 1 / (1 + exp(-(bias + weight · feature + …))).

    Attributes:
        found: Weight of the best sentence's log-odds, and bias (Platt scaling), fitted on questions asked in all ways.
        given: Weights of `given_features`, and bias.
        thresholds: Confidence under which each refusal setting says "not found".
    """

    found: tuple[float, float]
    given: tuple[float, ...]
    thresholds: Mapping[Scope, Mapping[Refusal, float]]

    def confidence(self, log_odds: Sequence[float], closely: CloseReading | None) -> float:
        """Give the probability, 0 to 1, that the documents answer.

        Args:
            log_odds: Those of all candidate sentences, in any order; at least one.
            closely: That which is answered from, mostly the likeliest, read again; None among passages that were found.
        """
        if closely is None:
            weight, bias = self.found
            return _sigmoid(weight * max(log_odds) + bias)
        return _sigmoid(sum(map(operator.mul, self.given, (*given_features(log_odds, closely), 1.0))))


def given_features(log_odds: Sequence[float], closely: CloseReading) -> tuple[float, ...]:
    """Give what tells whether a paragraph that was given answers: seven numbers.

    `log_odds` are those of all candidate sentences. Who types as into a search box asks about a subject more than for a
    fact: whether the paragraph as a whole speaks of it then counts as well, by the mean odds of its sentences.
    """
    best, lower = max(log_odds), float(closely.in_lower_case)
    overall = math.log(fmean(math.exp(value) for value in log_odds))
    opposite = float(closely.says_opposite)
    return best, closely.mean, closely.titled, lower, lower * best, lower * overall, opposite


def read_answerability(fitted: Mapping[str, Any]) -> AnswerabilityModel:
    """Make the model from the part of the model file that `scripts/fit_evidence.py` writes for it.

    Raises:
        KeyError: A part is missing.
        ValueError: A number is none, or there are too few or too many.
    """
    weight, bias = map(float, fitted["found"])
    given = tuple(map(float, fitted["given"]))
    if len(given) != _GIVEN_WEIGHTS:
        raise ValueError(f"{len(given)} weights for a given paragraph, not {_GIVEN_WEIGHTS}")
    return AnswerabilityModel(
        found=(weight, bias),
        given=given,
        thresholds={scope: fitted["thresholds"][scope] for scope in Scope},
    )


def scope_of(question: Question, passages: Sequence[RankedPassage]) -> Scope:
    """Tell how the passages are to be taken; the reader has nothing to say of questions for yes or no."""
    given = len(passages) <= _MOST_GIVEN and len({ranked.passage.document_id for ranked in passages}) == 1
    return Scope.GIVEN if given and question.kind is not Kind.YES_NO else Scope.FOUND


def _sigmoid(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))
