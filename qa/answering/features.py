"""What the evidence model knows of a sentence: one row of numbers.

Whether it has the question's names and words like its others, how near its vector is to the question's, whether it
holds a span of the asked kind, what the reader makes of it, and whether it says the opposite of what is asked or counts
something else. How many of the question's words it repeats is not among them: with the reader there, that taught the
model to mistrust a question in other words than the text's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.answering.candidates import Sentence
from qa.answering.contexts import Context, has_word
from qa.answering.counting import counted, counts_something_else
from qa.answering.kinds import Kind
from qa.answering.likeness import ALIKE, UNLIKE, word_vector
from qa.answering.opposites import says_opposite
from qa.answering.questions import Question, Term
from qa.answering.reading import UNREAD, squashed
from qa.answering.spans import answer_spans, has_kind, nearest_span
from qa.answering.terms import Token, same_word

FEATURES = (
    "names",
    "names_nearby",
    "all_names_nearby",
    "names_in_passage",
    "a_name_is_missing",
    "cosine",
    "cosine_of_passage",
    "cosine_over_mean",
    "cosine_is_best",
    "holds_kind",
    "lacks_kind",
    "kind_nearness",
    "rank",
    "short",
    "read",
    "read_is_best",
    "read_is_best_in_passage",
    "likeness",
    "likeness_nearby",
    "least_alike",
    "amount_of_something_else",
    "says_opposite",
    "counts_something_else",
)
# The reader looks for words that answer; a question for yes or no has none, so it is not asked about those.
_NOT_READ = (0.0, 0.0, 0.0)
# A paragraph has many amounts and dates: that of which the sentence speaks must be the one that was asked for.
_AMOUNTS = (Kind.MONEY, Kind.DATE, Kind.NUMBER)


def features_of(
    question: Question, sentences: Sequence[Sentence], contexts: Mapping[str, Context]
) -> NDArray[np.float64]:
    """Give the features of sentences that answer the same question: shape (len(sentences), len(FEATURES)).

    `contexts` are those of the same sentences, by `contexts_of`.
    """
    cosines = [sentence.cosine for sentence in sentences]
    mean, best = float(np.mean(cosines)), max(cosines)
    # Passages of one document are equally near; it is between documents that retrieval's order tells.
    documents = dict.fromkeys(sentence.ranked.passage.document_id for sentence in sentences)
    document_ranks = {name: rank for rank, name in enumerate(documents)}
    best_read = max(sentence.read.score for sentence in sentences)
    best_read_there: dict[int, float] = {}
    for sentence in sentences:
        best_read_there[sentence.rank] = max(best_read_there.get(sentence.rank, UNREAD), sentence.read.score)
    thing = counted(question.text)
    likeness = _Likeness(question.terms, contexts.values())
    rows = []
    for sentence in sentences:
        words = {token.stem for token in sentence.words}
        context = contexts[sentence.ranked.passage.id]
        rows.append(
            (
                *_named(question.terms, words, context.around(sentence), context.stems),
                sentence.cosine,
                sentence.ranked.similarity if sentence.ranked.similarity is not None else mean,
                sentence.cosine - mean,
                best - sentence.cosine,
                *_kind_features(question, sentence),
                1.0 / (1 + document_ranks[sentence.ranked.passage.document_id]),
                1.0 if len(sentence.tokens) < 6 else 0.0,
                *(
                    (
                        squashed(sentence.read.score),
                        squashed(best_read) - squashed(sentence.read.score),
                        squashed(best_read_there[sentence.rank]) - squashed(sentence.read.score),
                    )
                    if question.kind is not Kind.YES_NO
                    else _NOT_READ
                ),
                *likeness.features(sentence, context),
                likeness.worst_miss(sentence) if question.kind in _AMOUNTS else 0.0,
                # "Smoking is prohibited" does decide "Is smoking allowed?".
                1.0 if question.kind is not Kind.YES_NO and says_opposite(question.text, sentence) else 0.0,
                _counts_something_else(thing, question, sentence) if thing is not None else 0.0,
            )
        )
    return np.array(rows, dtype=np.float64)


class _Likeness:
    """How like the words of sentences are to those of a question.

    A name or number is only ever like itself: among word vectors, one company is like another.
    """

    def __init__(self, terms: Sequence[Term], contexts: Iterable[Context]) -> None:
        self._terms = terms
        words = sorted({token.surface for context in contexts for token in context.telling_tokens()})
        self._rows = {word: row for row, word in enumerate(words)}
        self._shares = np.zeros((len(words), len(terms)))
        if words and terms:
            asked = np.stack([word_vector(term.token.surface) for term in terms])
            cosines = np.stack([word_vector(word) for word in words]) @ asked.T
            self._shares = np.clip((cosines - UNLIKE) / (ALIKE - UNLIKE), 0.0, 1.0)
            self._shares[:, [at for at, term in enumerate(terms) if term.is_name]] = 0.0

    def features(self, sentence: Sentence, context: Context) -> tuple[float, float, float]:
        """Give how well the sentence, and it with its neighbours, covers the question, and the worst miss."""
        weights = np.array([term.weight for term in self._terms])
        if not weights.sum():
            return 1.0, 1.0, 0.0
        here = self._covered([token for token in sentence.words if not token.is_stop_word])
        nearby = self._covered(context.telling_tokens_around(sentence))
        total = float(weights.sum())
        return (
            float(weights @ here) / total,
            float(weights @ nearby) / total,
            float((weights * (1.0 - nearby)).max()),
        )

    def worst_miss(self, sentence: Sentence) -> float:
        """Give how telling the word is that the sentence itself is least like, 0 to 1."""
        weights = np.array([0.0 if term.is_name else term.weight for term in self._terms])
        here = self._covered([token for token in sentence.words if not token.is_stop_word])
        return float((weights * (1.0 - here)).max(initial=0.0))

    def _covered(self, tokens: Sequence[Token]) -> NDArray[np.float64]:
        """Give for each term 1 when it is there, else how like it is to the likest word, 0 to 1."""
        stems = {token.stem for token in tokens}
        there = np.array([1.0 if has_word(stems, term) else 0.0 for term in self._terms])
        if not tokens:
            return there
        rows = [self._rows[token.surface] for token in tokens]
        return np.asarray(np.maximum(there, self._shares[rows].max(axis=0)))


def _named(terms: Sequence[Term], words: set[str], nearby: set[str], passage: set[str]) -> tuple[float, ...]:
    names = [term for term in terms if term.is_name]
    return (
        _coverage(names, words),
        _coverage(names, nearby),
        1.0 if all(has_word(nearby, name) for name in names) else 0.0,
        _coverage(names, passage),
        1.0 if any(not has_word(passage, name) for name in names) else 0.0,
    )


def _counts_something_else(thing: Token, question: Question, sentence: Sentence) -> float:
    return counts_something_else(thing, sentence.tokens, answer_spans(question, sentence.text))


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
