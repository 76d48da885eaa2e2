"""The sentences of the retrieved passages that are worth a comparison with the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.answering.reading import UNREAD, ReadSpan, best_span
from qa.answering.terms import Token, same_word, tokenize
from qa.domain import RankedPassage, Span
from qa.interfaces import Embedder, Reading, SpanReader
from qa.splitting import sentence_spans

# Sentences whose vectors are compared; the rest share too few words with the question to win.
_KEPT_BY_WORDS = 10
_KEPT_BY_READING = 5
# A line without a full stop and of so few words is a heading or a label, not a sentence.
_LONGEST_LABEL = 4
_TERMINAL = (".", "!", "…", ";")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage.

    Attributes:
        span: Its place in the document.
        rank: 0-based rank of its passage.
        lead: The words of the question or heading right before it, which it answers or belongs to.
        cosine: Cosine of its vector and the question's, -1 to 1.
        read: The reader's best span in it.
    """

    ranked: RankedPassage
    rank: int
    span: Span
    text: str
    tokens: tuple[Token, ...]
    cosine: float
    read: ReadSpan
    lead: tuple[Token, ...] = ()

    @property
    def words(self) -> tuple[Token, ...]:
        """Its words and those that lead to it; offsets of the latter are not in `text`."""
        return (*self.lead, *self.tokens)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences in the order of their passages, and their unit vectors, shape (sentences, dimensions)."""

    sentences: list[Sentence]
    vectors: NDArray[np.float32]


def candidate_sentences(
    embedder: Embedder, reader: SpanReader, question: str, passages: Sequence[RankedPassage]
) -> Candidates:
    """Give at most 15 sentences of `passages`: those that share most words with the question, and the reader's best."""
    drafts = _all_sentences(passages)
    readings = reader.read(question, [ranked.passage.text for ranked in passages])
    reads = [_read(readings[draft.rank], draft) for draft in drafts]
    stems = [token.stem for token in tokenize(question) if not token.is_stop_word]
    shared = [_shared(stems, (*draft.lead, *draft.tokens)) for draft in drafts]
    by_words = sorted(range(len(drafts)), key=lambda at: (-shared[at], drafts[at].rank, at))
    by_reading = sorted(range(len(drafts)), key=lambda at: (-reads[at].score, at))
    places = sorted({*by_words[:_KEPT_BY_WORDS], *by_reading[:_KEPT_BY_READING]})
    vectors = embedder.embed([question, *(drafts[at].text for at in places)])
    cosines = vectors[1:] @ vectors[0]
    sentences = [
        Sentence(
            drafts[at].ranked,
            drafts[at].rank,
            drafts[at].span,
            drafts[at].text,
            drafts[at].tokens,
            float(cosine),
            reads[at],
            drafts[at].lead,
        )
        for at, cosine in zip(places, cosines, strict=True)
    ]
    return Candidates(sentences, vectors[1:])


def document_sentences(embedder: Embedder, passages: Sequence[RankedPassage]) -> Candidates:
    """Give all sentences of the best passage's document that `passages` hold, in document order, unread."""
    best = passages[0].passage.document_id if passages else None
    drafts = _all_sentences([ranked for ranked in passages if ranked.passage.document_id == best])
    drafts.sort(key=lambda draft: draft.span.start)
    sentences = [
        Sentence(draft.ranked, draft.rank, draft.span, draft.text, draft.tokens, 0.0, ReadSpan(UNREAD, None))
        for draft in drafts
    ]
    return Candidates(sentences, embedder.embed([draft.text for draft in drafts]))


@dataclass(frozen=True, slots=True)
class _Draft:
    ranked: RankedPassage
    rank: int
    span: Span
    text: str
    tokens: tuple[Token, ...]
    lead: tuple[Token, ...]


def _all_sentences(passages: Sequence[RankedPassage]) -> list[_Draft]:
    """Give the sentences that can answer: a question or heading cannot, it leads to the sentence after it."""
    drafts: dict[tuple[str, int], _Draft] = {}
    for rank, ranked in enumerate(passages):
        passage, lead = ranked.passage, tuple[Token, ...]()
        for span in sentence_spans(passage.text):
            place = Span(start=passage.start + span.start, end=passage.start + span.end)
            text = span.of(passage.text)
            tokens = tuple(tokenize(text))
            if _leads(text, tokens):
                lead = (*lead, *tokens)
                continue
            # Overlapping passages share sentences; the better passage keeps them.
            drafts.setdefault((passage.document_id, place.start), _Draft(ranked, rank, place, text, tokens, lead))
            lead = ()
    return list(drafts.values())


def _leads(text: str, tokens: Sequence[Token]) -> bool:
    """Tell whether a line is a question, a heading or a label."""
    end = text.rstrip("*_\"'”’)] \n")[-1:]
    if end == "?" or text.startswith("#"):
        return True
    return len(tokens) <= (_LONGEST_LABEL if end not in _TERMINAL else 1) and not any(
        token.is_number for token in tokens
    )


def _read(reading: Reading, draft: _Draft) -> ReadSpan:
    offset = draft.ranked.passage.start
    return best_span(reading, Span(start=draft.span.start - offset, end=draft.span.end - offset))


def _shared(stems: Sequence[str], tokens: Sequence[Token]) -> int:
    words = {token.stem for token in tokens}
    return sum(stem in words or any(same_word(stem, word) for word in words) for stem in stems)
