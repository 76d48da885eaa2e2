"""The sentences of the retrieved passages that are worth a comparison with the question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qa.answering.likeness import ALIKE, UNLIKE, word_vector
from qa.answering.lines import Line, answering_lines, as_shown
from qa.answering.reading import UNREAD, ReadSpan, best_span, within
from qa.answering.rows import in_place
from qa.answering.terms import Token, same_word, tokenize
from qa.domain import RankedPassage, Span
from qa.interfaces import Embedder, Reading, SpanReader

# Sentences whose vectors are compared; the rest share too few words with the question to win.
_KEPT_BY_WORDS = 10
_KEPT_BY_READING = 5
# What it is worth to a cell, in log-odds, that the question has a word of its column's name: the reader hardly tells
# "first response" from "target for repair". Set by hand on the office documents, a development set.
_NAMED_COLUMN = 4.0
# Lines that are read by themselves, which takes some 3 ms for each.
_READ_ALONE = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage.

    Attributes:
        span: Its place in the document.
        rank: 0-based rank of its passage.
        shown: What the user sees: its text on one line without Markdown's marks; of a table's row the words.
        header: Place in the document of the header row that names a row's columns; None for other sentences.
        lead: The words of the question or heading before it, which it answers or belongs to, and of its header.
        cosine: Cosine of its vector and the question's, -1 to 1.
        read: The reader's best span in it.
        reading: What the reader makes of its tokens in its passage; None for lines that can be read by
            themselves: rows, entries, answers below a question.
    """

    ranked: RankedPassage
    rank: int
    span: Span
    text: str
    shown: str
    header: Span | None
    tokens: tuple[Token, ...]
    lead: tuple[Token, ...]
    cosine: float
    read: ReadSpan
    reading: Reading | None = field(default=None, compare=False)

    @property
    def header_text(self) -> str:
        """The header row as it stands; empty where there is none."""
        start, passage = self.ranked.passage.start, self.ranked.passage.text
        return "" if self.header is None else passage[self.header.start - start : self.header.end - start]

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
    stems = [token.stem for token in tokenize(question) if not token.is_stop_word]
    shared = [_shared(stems, draft.words) for draft in drafts]
    by_words = sorted(range(len(drafts)), key=lambda at: (-shared[at], drafts[at].rank, at))
    readings = reader.read(question, [ranked.passage.text for ranked in passages])
    reads = [best_span(readings[draft.rank], draft.line.span) for draft in drafts]
    reads = _read_alone(reader, question, drafts, by_words, reads)
    by_reading = sorted(range(len(drafts)), key=lambda at: (-reads[at].score, at))
    places = sorted({*by_words[:_KEPT_BY_WORDS], *by_reading[:_KEPT_BY_READING]})
    vectors = embedder.embed([question, *(drafts[at].compared for at in places)])
    cosines = vectors[1:] @ vectors[0]
    sentences = [
        drafts[at].sentence(float(cosine), reads[at], readings[drafts[at].rank])
        for at, cosine in zip(places, cosines, strict=True)
    ]
    return Candidates(sentences, vectors[1:])


def document_sentences(embedder: Embedder, passages: Sequence[RankedPassage]) -> Candidates:
    """Give all sentences of the best passage's document that `passages` hold, in document order, unread."""
    best = passages[0].passage.document_id if passages else None
    drafts = _all_sentences([ranked for ranked in passages if ranked.passage.document_id == best])
    drafts.sort(key=lambda draft: draft.span.start)
    sentences = [draft.sentence(0.0, ReadSpan(UNREAD, None)) for draft in drafts]
    return Candidates(sentences, embedder.embed([draft.shown for draft in drafts]))


def every_sentence(passages: Sequence[RankedPassage]) -> list[Sentence]:
    """Give all sentences that `passages` hold, unread: the best one's document first, each document in its order."""
    places = {name: at for at, name in enumerate(dict.fromkeys(ranked.passage.document_id for ranked in passages))}
    drafts = _all_sentences(passages)
    drafts.sort(key=lambda draft: (places[draft.ranked.passage.document_id], draft.span.start))
    return [draft.sentence(0.0, ReadSpan(UNREAD, None)) for draft in drafts]


@dataclass(frozen=True, slots=True)
class _Draft:
    ranked: RankedPassage
    rank: int
    line: Line
    tokens: tuple[Token, ...]

    @property
    def span(self) -> Span:
        return self._in_document(self.line.span)

    @property
    def text(self) -> str:
        return self.line.span.of(self.ranked.passage.text)

    @property
    def shown(self) -> str:
        return as_shown(self.text if self.line.said is None else self.line.said.text)

    @property
    def compared(self) -> str:
        """What is compared with the question: the line, after the question that it answers where it follows one."""
        return self.shown if self.line.asked is None else self.introduction + self.shown

    @property
    def introduction(self) -> str:
        """What a line that is read alone is read under: the question that it follows, else its document's title."""
        passage = self.ranked.passage
        return f"{passage.title}. " if self.line.asked is None else f"{as_shown(self.line.asked.of(passage.text))} "

    @property
    def words(self) -> tuple[Token, ...]:
        return (*self.line.lead, *self.tokens)

    def sentence(self, cosine: float, read: ReadSpan, reading: Reading | None = None) -> Sentence:
        return Sentence(
            ranked=self.ranked,
            rank=self.rank,
            span=self.span,
            text=self.text,
            shown=self.shown,
            header=None if self.line.header is None else self._in_document(self.line.header),
            tokens=self.tokens,
            lead=self.line.lead,
            cosine=cosine,
            read=read,
            reading=within(reading, self.line.span) if reading is not None and self.line.said is None else None,
        )

    def _in_document(self, span: Span) -> Span:
        start = self.ranked.passage.start
        return Span(start=start + span.start, end=start + span.end)


def _all_sentences(passages: Sequence[RankedPassage]) -> list[_Draft]:
    """Give the sentences that can answer, each once: the better one of overlapping passages keeps what they share."""
    drafts: dict[tuple[str, int], _Draft] = {}
    for rank, ranked in enumerate(passages):
        for line in answering_lines(ranked.passage.text):
            draft = _Draft(ranked, rank, line, tuple(tokenize(line.span.of(ranked.passage.text))))
            drafts.setdefault((ranked.passage.document_id, draft.span.start), draft)
    return list(drafts.values())


def _read_alone(
    reader: SpanReader, question: str, drafts: Sequence[_Draft], best: Sequence[int], reads: Sequence[ReadSpan]
) -> list[ReadSpan]:
    """Read by itself, under its title, each of the `best` lines that tell something by its name; give all spans.

    Amid others of its kind such a line is easily taken for another: a start date for an end date.
    """
    reads = list(reads)
    alone = [(at, said) for at in best if (said := drafts[at].line.said) is not None][:_READ_ALONE]
    titles = [drafts[at].introduction for at, _ in alone]
    texts = [title + said.text for title, (_, said) in zip(titles, alone, strict=True)]
    asked = _named(question, {name for _, said in alone for name in said.columns})
    for (at, said), title, reading in zip(alone, titles, reader.read(question, texts) if texts else [], strict=True):
        start = drafts[at].line.span.start
        placed = in_place(reading, said, read_at=len(title), stands_at=start)
        cells = [Span(start=start + cell.start, end=start + cell.end) for _, cell in said.cells]
        found = [best_span(placed, cell) for cell in cells]
        if found:
            reads[at] = _of_row(found, [asked.get(name, 0.0) for name in said.columns])
    return reads


def _of_row(cells: Sequence[ReadSpan], named: Sequence[float]) -> ReadSpan:
    """Give what was read in a row: the score of the best cell, and the span of the one whose column was asked for."""
    worth = [cell.score + _NAMED_COLUMN * share for cell, share in zip(cells, named, strict=True)]
    return ReadSpan(max(cell.score for cell in cells), cells[int(np.argmax(worth))].span)


def _named(question: str, names: Iterable[str]) -> dict[str, float]:
    """Give for each column's name how like a word of it is to one of the question, 0 to 1; nothing for empty names."""
    asked = [word_vector(token.surface) for token in tokenize(question) if not token.is_stop_word]
    shares = {}
    for name in names:
        words = [word_vector(token.surface) for token in tokenize(name) if not token.is_stop_word]
        if words and asked:
            likest = float((np.stack(words) @ np.stack(asked).T).max())
            shares[name] = min(1.0, max(0.0, (likest - UNLIKE) / (ALIKE - UNLIKE)))
    return shares


def _shared(stems: Sequence[str], tokens: Sequence[Token]) -> int:
    words = {token.stem for token in tokens}
    return sum(stem in words or any(same_word(stem, word) for word in words) for stem in stems)
