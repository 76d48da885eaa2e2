"""How strongly a sentence is evidence that it answers a question.

A logistic model turns a sentence's features into a probability; its weights were fitted by `scripts/fit_evidence.py`
and lie beside the other models, with their provenance.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qa.answering.candidates import Sentence
from qa.answering.contexts import contexts_of
from qa.answering.features import FEATURES, features_of
from qa.answering.questions import Question
from qa.answering.rules import penalties_of
from qa.answering.short_answers import short_answer_span
from qa.bundled_files import evidence_file
from qa.domain import Span
from qa.errors import LibraryError
from qa.settings import Refusal


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence with its probability, 0 to 1, of answering the question, and the span that would answer."""

    sentence: Sentence
    probability: float
    answer: Span | None


@dataclass(frozen=True, slots=True)
class EvidenceModel:
    """A logistic model over `FEATURES`: probability = 1 / (1 + exp(-(bias + weights · features - penalties))).

    Attributes:
        thresholds: Probability of the best sentence under which each refusal setting says "not found".
        slope: Of the best sentence's log-odds in those that the documents answer (Platt scaling).
        offset: Added to these.
    """

    weights: NDArray[np.float64]
    bias: float
    thresholds: Mapping[Refusal, float]
    slope: float = 1.0
    offset: float = 0.0

    def confidence(self, probability: float) -> float:
        """Give the probability that the documents answer, 0 to 1, from that of the best sentence.

        The best of many sentences is picked for its probability, which therefore says too much; and where the
        passage answers, it mostly does so in one of several sentences, of which each has a share. Scaled on
        questions of which no part of the answerer had seen the article.
        """
        log_odds = math.log(max(probability, 1e-9) / max(1 - probability, 1e-9))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.slope * log_odds + self.offset))))

    def probabilities(self, features: NDArray[np.float64], penalties: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give one probability a row of `features`, shape (sentences, len(FEATURES)), less its penalty."""
        logits = features @ self.weights + self.bias - penalties
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))))


@cache
def shipped_model() -> EvidenceModel:
    """Load the fitted model.

    Raises:
        LibraryError: The package's model file is damaged or was fitted for other features.
    """
    try:
        fitted = json.loads(evidence_file().read_text(encoding="utf-8"))
        return EvidenceModel(
            weights=np.array([fitted["weights"][name] for name in FEATURES]),
            bias=float(fitted["bias"]),
            thresholds=fitted["thresholds"],
            slope=float(fitted["confidence"]["slope"]),
            offset=float(fitted["confidence"]["offset"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise LibraryError(f"The model file {evidence_file()} is damaged; install the package again.") from error


def weigh(question: Question, sentences: Sequence[Sentence], model: EvidenceModel) -> list[Evidence]:
    """Give each sentence's evidence, in the order of `sentences`."""
    if not sentences:
        return []
    contexts = contexts_of(sentences)
    probabilities = model.probabilities(
        features_of(question, sentences, contexts), penalties_of(question, sentences, contexts)
    )
    return [
        Evidence(
            sentence=sentence,
            probability=float(probability),
            answer=short_answer_span(question, sentence),
        )
        for sentence, probability in zip(sentences, probabilities, strict=True)
    ]
