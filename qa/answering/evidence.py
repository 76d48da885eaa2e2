"""How strongly a sentence is evidence that it answers a question.

A logistic model turns a sentence's features into a probability; its weights were fitted by `scripts/fit_evidence.py`
and lie beside the other models, with their provenance.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qa.answering.answerability import AnswerabilityModel, read_answerability
from qa.answering.candidates import Sentence
from qa.answering.contexts import contexts_of, has_word
from qa.answering.features import FEATURES, features_of
from qa.answering.kinds import Kind
from qa.answering.questions import Question
from qa.answering.rows import cells_of
from qa.answering.rules import penalties_of
from qa.answering.short_answers import short_answer_span
from qa.answering.terms import same_word, tokenize
from qa.bundled_files import evidence_file
from qa.domain import Span
from qa.errors import LibraryError
from qa.settings import Refusal

# A sentence at least so likely, as a share of the likeliest one's probability, may take its place.
_RIVALS = 0.5
# Which sentence decides yes or no, the reader tells a little though no words answer: log-odds for one of its own, which
# count from -8 to 4. By hand: of 42 such questions on own documents, a development set, the right sentence comes first
# for 36 instead of 32. As a feature it would also tell whether any decides, and worse.
_READING_DECIDES, _LEAST_READ, _MOST_READ = 0.3, -8.0, 4.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence with its probability, 0 to 1, of answering the question, and the span that would answer."""

    sentence: Sentence
    probability: float
    answer: Span | None

    @property
    def log_odds(self) -> float:
        """The same as log-odds, -21 to 21."""
        probability = min(max(self.probability, 1e-9), 1 - 1e-9)
        return math.log(probability / (1 - probability))


@dataclass(frozen=True, slots=True)
class EvidenceModel:
    """A logistic model over `FEATURES`: probability = 1 / (1 + exp(-(bias + weights · features - penalties))).

    Attributes:
        answerability: Tells from the best sentence whether the documents answer.
        further: Probability, 0 to 1, that a sentence beside the best one must have, by refusal setting.
    """

    weights: NDArray[np.float64]
    bias: float
    answerability: AnswerabilityModel
    further: Mapping[Refusal, float]

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
            answerability=read_answerability(fitted["answerability"]),
            further=fitted["further"],
        )
    except (OSError, ValueError, KeyError) as error:
        raise LibraryError(f"The model file {evidence_file()} is damaged; install the package again.") from error


def likeliest_first(question: Question, weighed: Sequence[Evidence]) -> list[Evidence]:
    """Give the evidence by falling probability, but one that has more of the question's words before the likeliest.

    That is one at least half as likely which has all telling words of the question that the likeliest has, and others
    too: of "It starts on 1 March" and "It is made on 3 February" the first for "When does it start?". Words that stand
    in the same places, "monthly" and "annual", are too much alike for their vectors to tell. Of two rows of tables with
    the same words, that whose first cell has fewer others: "Confidential" before "Strictly confidential".
    """
    reading_counts = _READING_DECIDES if question.kind is Kind.YES_NO else 0.0

    def strength(item: Evidence) -> float:
        return item.log_odds + reading_counts * min(max(item.sentence.read.score, _LEAST_READ), _MOST_READ)

    ordered = sorted(weighed, key=lambda item: (-strength(item), item.sentence.rank, item.sentence.span.start))
    if not ordered:
        return []
    likeliest = ordered[0]
    known = _words_of(question, likeliest)
    for at, rival in enumerate(ordered):
        if rival.probability < _RIVALS * likeliest.probability:
            break
        has = _words_of(question, rival)
        are_rows = rival.sentence.header is not None and likeliest.sentence.header is not None
        closer = are_rows and has == known and _other_words(question, rival) < _other_words(question, likeliest)
        if has > known or closer:
            return [rival, *ordered[:at], *ordered[at + 1 :]]
    return ordered


def _other_words(question: Question, evidence: Evidence) -> int:
    """Count the telling words of a row's first cell that the question has not."""
    first = next((cell.of(evidence.sentence.text) for cell in cells_of(evidence.sentence.text)), "")
    asked = {term.token.stem for term in question.terms}
    stems = [token.stem for token in tokenize(first) if not token.is_stop_word]
    return sum(not any(same_word(stem, word) for word in asked) for stem in stems)


def _words_of(question: Question, evidence: Evidence) -> set[str]:
    """Give the stems of the question's telling words that a sentence has and its document's title has not."""
    words = {token.stem for token in evidence.sentence.words}
    title = {token.stem for token in tokenize(evidence.sentence.ranked.passage.title)}
    return {term.token.stem for term in question.terms if has_word(words, term) and not has_word(title, term)}


def with_words(question: Question, evidence: Evidence, words: Span | None) -> Evidence:
    """Give the evidence with the reader's `words`, a span of the sentence, as what answers; as it is where None."""
    if words is None:
        return evidence
    sentence = evidence.sentence
    offset = sentence.span.start - sentence.ranked.passage.start
    read = replace(sentence.read, span=Span(start=words.start + offset, end=words.end + offset))
    return replace(evidence, answer=short_answer_span(question, replace(sentence, read=read)))


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
