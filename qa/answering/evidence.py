"""How strongly a sentence is evidence that it answers a question.

Each sentence gets a handful of features: how much of the question it repeats, how near its vector is to the
question's, whether it holds a span of the asked kind. A logistic model turns them into a probability; its
weights were fitted by `scripts/fit_evidence.py` and lie beside the other models, with their provenance.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.answering.candidates import Sentence
from qa.answering.questions import Kind, Question, Term
from qa.answering.reading import UNREAD
from qa.answering.spans import answer_spans, has_kind, nearest_span
from qa.answering.terms import Token, same_word, tokenize
from qa.bundled_files import evidence_file
from qa.domain import Span
from qa.errors import LibraryError
from qa.settings import Refusal

FEATURES = (
    "coverage",
    "coverage_in_passage",
    "names",
    "names_in_passage",
    "a_name_is_missing",
    "rarest_missing",
    "rarest_missing_in_passage",
    "neighbours_kept",
    "cosine",
    "cosine_of_passage",
    "cosine_over_mean",
    "cosine_is_best",
    "holds_kind",
    "lacks_kind",
    "kind_nearness",
    "coverage_is_best",
    "rank",
    "short",
    "few_terms",
    "coverage_times_cosine",
    "read",
    "read_is_best",
    "read_is_best_in_passage",
)


# Log-odds of the reader's span against none, from which on its words are taken before those of the right form.
_READER_IS_SURE = -2.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence with its probability, 0 to 1, of answering the question, and the span that would answer."""

    sentence: Sentence
    probability: float
    answer: Span | None


@dataclass(frozen=True, slots=True)
class EvidenceModel:
    """A logistic model over `FEATURES`: probability = 1 / (1 + exp(-(bias + weights · features))).

    Attributes:
        thresholds: Probability of the best sentence under which each refusal setting says "not found".
    """

    weights: NDArray[np.float64]
    bias: float
    thresholds: Mapping[Refusal, float]

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give one probability a row of `features`, which has shape (sentences, len(FEATURES))."""
        logits = features @ self.weights + self.bias
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
        )
    except (OSError, ValueError, KeyError) as error:
        raise LibraryError(f"The model file {evidence_file()} is damaged; install the package again.") from error


def weigh(question: Question, sentences: Sequence[Sentence], model: EvidenceModel) -> list[Evidence]:
    """Give each sentence's evidence, in the order of `sentences`."""
    if not sentences:
        return []
    probabilities = model.probabilities(features_of(question, sentences))
    return [
        Evidence(
            sentence=sentence,
            probability=float(probability),
            answer=_answer(question, sentence),
        )
        for sentence, probability in zip(sentences, probabilities, strict=True)
    ]


def _answer(question: Question, sentence: Sentence) -> Span | None:
    """Give the words of the sentence that answer: the reader's where it is sure enough, else by their form."""
    if question.kind in (Kind.YES_NO, Kind.WHY, Kind.SUMMARY):
        return None
    if sentence.read.span is not None and sentence.read.score > _READER_IS_SURE:
        offset = sentence.span.start - sentence.ranked.passage.start
        return Span(start=sentence.read.span.start - offset, end=sentence.read.span.end - offset)
    return nearest_span(question, sentence.text, answer_spans(question, sentence.text))


def features_of(question: Question, sentences: Sequence[Sentence]) -> NDArray[np.float64]:
    """Give the features of sentences that answer the same question: shape (len(sentences), len(FEATURES))."""
    contexts = _context_stems(sentences)
    coverages = [_coverage(question.terms, {token.stem for token in sentence.tokens}) for sentence in sentences]
    most = max(coverages, default=0.0)
    cosines = [sentence.cosine for sentence in sentences]
    mean, best = float(np.mean(cosines)), max(cosines)
    best_read = max(sentence.read.score for sentence in sentences)
    best_read_there: dict[int, float] = {}
    for sentence in sentences:
        best_read_there[sentence.rank] = max(best_read_there.get(sentence.rank, UNREAD), sentence.read.score)
    rows = []
    for sentence, coverage in zip(sentences, coverages, strict=True):
        words = {token.stem for token in sentence.tokens}
        context = contexts[sentence.ranked.passage.id]
        rows.append(
            (
                *_lexical(question.terms, words, context, coverage),
                _neighbours_kept(question.terms, sentence.tokens),
                sentence.cosine,
                sentence.ranked.similarity if sentence.ranked.similarity is not None else mean,
                sentence.cosine - mean,
                best - sentence.cosine,
                *_kind_features(question, sentence),
                most - coverage,
                1.0 / (1 + sentence.rank),
                1.0 if len(sentence.tokens) < 6 else 0.0,
                1.0 / (1 + len(question.terms)),
                coverage * sentence.cosine,
                _squashed(sentence.read.score),
                _squashed(best_read) - _squashed(sentence.read.score),
                _squashed(best_read_there[sentence.rank]) - _squashed(sentence.read.score),
            )
        )
    return np.array(rows, dtype=np.float64)


def _squashed(score: float) -> float:
    """Bring a reader's log-odds to about -1 to 1, so that one very sure reading does not outweigh all else."""
    return math.tanh(score / 8)


def _lexical(terms: Sequence[Term], words: set[str], context: set[str], coverage: float) -> tuple[float, ...]:
    names = [term for term in terms if term.is_name]
    missing_here = [term.weight for term in terms if not _has(words, term)]
    missing_there = [term.weight for term in terms if not _has(context, term)]
    return (
        coverage,
        _coverage(terms, context),
        _coverage(names, words),
        _coverage(names, context),
        1.0 if any(not _has(context, name) for name in names) else 0.0,
        max(missing_here, default=0.0),
        max(missing_there, default=0.0),
    )


def _kind_features(question: Question, sentence: Sentence) -> tuple[float, float, float]:
    if not has_kind(question.kind):
        return 0.0, 0.0, 0.0
    span = nearest_span(question, sentence.text, answer_spans(question, sentence.text))
    if span is None:
        return 0.0, 1.0, 0.0
    places = [position for position, token in enumerate(sentence.tokens) if span.start <= token.start < span.end]
    matched = [
        position
        for position, token in enumerate(sentence.tokens)
        if any(same_word(token.stem, term.token.stem) for term in question.terms)
    ]
    distance = min((abs(one - other) for one in places for other in matched), default=20)
    return 1.0, 0.0, 1.0 / (1 + distance)


def _coverage(terms: Sequence[Term], words: set[str]) -> float:
    total = sum(term.weight for term in terms)
    return sum(term.weight for term in terms if _has(words, term)) / total if total else 1.0


def _has(words: set[str], term: Term) -> bool:
    stem = term.token.stem
    return stem in words or any(same_word(stem, word) for word in words)


def _neighbours_kept(terms: Sequence[Term], tokens: Sequence[Token]) -> float:
    """Give the share of the question's neighbouring words that stand within three words of each other here."""
    pairs = list(pairwise(terms))
    if not pairs:
        return 0.0
    places = {
        term.token.stem: [at for at, token in enumerate(tokens) if same_word(token.stem, term.token.stem)]
        for term in terms
    }
    kept = sum(
        any(abs(one - other) <= 3 for one in places[left.token.stem] for other in places[right.token.stem])
        for left, right in pairs
    )
    return kept / len(pairs)


def _context_stems(sentences: Sequence[Sentence]) -> dict[str, set[str]]:
    """Give the words of each passage and its title, by passage id."""
    stems: dict[str, set[str]] = {}
    for sentence in sentences:
        passage = sentence.ranked.passage
        if passage.id not in stems:
            stems[passage.id] = {token.stem for token in tokenize(f"{passage.title}\n{passage.text}")}
    return stems
