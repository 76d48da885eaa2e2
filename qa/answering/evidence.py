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
from difflib import get_close_matches
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
from qa.domain import RankedPassage, Span
from qa.errors import LibraryError
from qa.settings import Refusal
from qa.splitting import sentence_spans

FEATURES = (
    "coverage",
    "coverage_in_passage",
    "names",
    "names_nearby",
    "all_names_nearby",
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


# A name of so many letters is taken for a misspelt word of the passages when they are so much alike (0 to 1).
_SHORTEST_MISSPELT = 5
_ALIKE = 0.8
_TOLD_BY_FORM = (Kind.MONEY, Kind.DATE, Kind.NUMBER)
# Set by hand on the gold set for seeds/, which therefore is a development set for them.
_LACKS_FORM, _LACKS_NAME = 3.0, 2.0
# The reader looks for words that answer; a question for yes or no has none, so it is not asked about those.
_NOT_READ = (0.0, 0.0, 0.0)
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
    """A logistic model over `FEATURES`: probability = 1 / (1 + exp(-(bias + weights · features - penalties))).

    Attributes:
        thresholds: Probability of the best sentence under which each refusal setting says "not found".
    """

    weights: NDArray[np.float64]
    bias: float
    thresholds: Mapping[Refusal, float]

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
        )
    except (OSError, ValueError, KeyError) as error:
        raise LibraryError(f"The model file {evidence_file()} is damaged; install the package again.") from error


def weigh(question: Question, sentences: Sequence[Sentence], model: EvidenceModel) -> list[Evidence]:
    """Give each sentence's evidence, in the order of `sentences`."""
    if not sentences:
        return []
    probabilities = model.probabilities(features_of(question, sentences), penalties_of(question, sentences))
    return [
        Evidence(
            sentence=sentence,
            probability=float(probability),
            answer=_answer(question, sentence),
        )
        for sentence, probability in zip(sentences, probabilities, strict=True)
    ]


def penalties_of(question: Question, sentences: Sequence[Sentence]) -> NDArray[np.float64]:
    """Give what each sentence loses, in log-odds, by what it lacks: shape (len(sentences),).

    A sentence without an amount, date or number does not say how much, when or how many; and one that is far from
    a name or number of the question is mostly about another. As with `unmentioned_names`, SQuAD cannot teach it.
    """
    contexts = _contexts(sentences)
    names = [term for term in question.terms if term.is_name]
    penalties = np.zeros(len(sentences))
    for at, sentence in enumerate(sentences):
        nearby = contexts[sentence.ranked.passage.id].around(sentence)
        if question.kind in _TOLD_BY_FORM and not answer_spans(question, sentence.text):
            penalties[at] += _LACKS_FORM
        # What is compared mostly stands in sentences of its own.
        if not question.compares and not all(_has(nearby, name) for name in names):
            penalties[at] += _LACKS_NAME
    return penalties


def unmentioned_names(question: Question, passages: Sequence[RankedPassage]) -> list[str]:
    """Give the question's names and numbers that no passage mentions, in order; a slip of the pen is forgiven.

    What is asked about something that is nowhere named has no answer here, however alike the rest is. The model
    cannot learn it: SQuAD's questions, the unanswerable ones too, were written by people who saw the paragraph.
    """
    words = {token.stem for ranked in passages for token in tokenize(f"{ranked.passage.title}\n{ranked.passage.text}")}
    return [
        term.token.surface
        for term in question.terms
        if term.is_name and not _has(words, term) and not _is_misspelt(term, words)
    ]


def _is_misspelt(term: Term, words: set[str]) -> bool:
    spelling = term.token.stem
    long_enough = len(spelling) >= _SHORTEST_MISSPELT and not term.token.is_number
    return long_enough and bool(get_close_matches(spelling, words, n=1, cutoff=_ALIKE))


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
    contexts = _contexts(sentences)
    coverages = [_coverage(question.terms, {token.stem for token in sentence.tokens}) for sentence in sentences]
    most = max(coverages, default=0.0)
    cosines = [sentence.cosine for sentence in sentences]
    mean, best = float(np.mean(cosines)), max(cosines)
    # Passages of one document are equally near; it is between documents that retrieval's order tells.
    documents = dict.fromkeys(sentence.ranked.passage.document_id for sentence in sentences)
    document_ranks = {name: rank for rank, name in enumerate(documents)}
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
                *_lexical(question.terms, words, context.around(sentence), context.stems, coverage),
                _neighbours_kept(question.terms, sentence.tokens),
                sentence.cosine,
                sentence.ranked.similarity if sentence.ranked.similarity is not None else mean,
                sentence.cosine - mean,
                best - sentence.cosine,
                *_kind_features(question, sentence),
                most - coverage,
                1.0 / (1 + document_ranks[sentence.ranked.passage.document_id]),
                1.0 if len(sentence.tokens) < 6 else 0.0,
                1.0 / (1 + len(question.terms)),
                coverage * sentence.cosine,
                *(
                    (
                        _squashed(sentence.read.score),
                        _squashed(best_read) - _squashed(sentence.read.score),
                        _squashed(best_read_there[sentence.rank]) - _squashed(sentence.read.score),
                    )
                    if question.kind is not Kind.YES_NO
                    else _NOT_READ
                ),
            )
        )
    return np.array(rows, dtype=np.float64)


def _squashed(score: float) -> float:
    """Bring a reader's log-odds to about -1 to 1, so that one very sure reading does not outweigh all else."""
    return math.tanh(score / 8)


def _lexical(
    terms: Sequence[Term], words: set[str], nearby: set[str], passage: set[str], coverage: float
) -> tuple[float, ...]:
    names = [term for term in terms if term.is_name]
    missing_here = [term.weight for term in terms if not _has(words, term)]
    missing_there = [term.weight for term in terms if not _has(passage, term)]
    return (
        coverage,
        _coverage(terms, passage),
        _coverage(names, words),
        _coverage(names, nearby),
        1.0 if all(_has(nearby, name) for name in names) else 0.0,
        _coverage(names, passage),
        1.0 if any(not _has(passage, name) for name in names) else 0.0,
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


@dataclass(frozen=True, slots=True)
class _Context:
    """The words of a passage and its title; `sentences` has those of each sentence by where it starts."""

    stems: set[str]
    sentences: dict[int, set[str]]

    def around(self, sentence: Sentence) -> set[str]:
        """Give the words of a sentence, the one before and the one after."""
        starts = list(self.sentences)
        at = starts.index(sentence.span.start - sentence.ranked.passage.start)
        return set().union(*(self.sentences[start] for start in starts[max(0, at - 1) : at + 2]))


def _contexts(sentences: Sequence[Sentence]) -> dict[str, _Context]:
    """Give each passage's words by passage id."""
    contexts: dict[str, _Context] = {}
    for sentence in sentences:
        passage = sentence.ranked.passage
        if passage.id not in contexts:
            stems = {
                span.start: {token.stem for token in tokenize(span.of(passage.text))}
                for span in sentence_spans(passage.text)
            }
            title = {token.stem for token in tokenize(passage.title)}
            contexts[passage.id] = _Context(title.union(*stems.values()), stems)
    return contexts
