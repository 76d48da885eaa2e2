"""What the evidence model knows of a sentence: one row of numbers.

How much of the question it repeats, how near its vector is to the question's, whether it holds a span of the asked
kind, and what the reader makes of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.answering.candidates import Sentence
from qa.answering.contexts import Context, has_word
from qa.answering.questions import Kind, Question, Term
from qa.answering.reading import UNREAD
from qa.answering.spans import answer_spans, has_kind, nearest_span
from qa.answering.terms import Token, same_word

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
# The reader looks for words that answer; a question for yes or no has none, so it is not asked about those.
_NOT_READ = (0.0, 0.0, 0.0)


def features_of(
    question: Question, sentences: Sequence[Sentence], contexts: Mapping[str, Context]
) -> NDArray[np.float64]:
    """Give the features of sentences that answer the same question: shape (len(sentences), len(FEATURES)).

    `contexts` are those of the same sentences, by `contexts_of`.
    """
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
    missing_here = [term.weight for term in terms if not has_word(words, term)]
    missing_there = [term.weight for term in terms if not has_word(passage, term)]
    return (
        coverage,
        _coverage(terms, passage),
        _coverage(names, words),
        _coverage(names, nearby),
        1.0 if all(has_word(nearby, name) for name in names) else 0.0,
        _coverage(names, passage),
        1.0 if any(not has_word(passage, name) for name in names) else 0.0,
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
    return sum(term.weight for term in terms if has_word(words, term)) / total if total else 1.0


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
