"""The records that everyone shares, in the order in which a question meets them.

Offsets are 0-based and half-open, in characters of `Document.text`:
`document.text[start:end]` equals `passage.text` and `citation.quote`, always.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeVar

_Number = TypeVar("_Number", int, float)

Status = Literal["answered", "partial", "not_found"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of a document's text.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last character; never less than `start`.
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Give the characters of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One file of the corpus, as text.

    Attributes:
        id: POSIX path relative to the corpus folder.
        title: First heading or first line, at most 120 characters; never empty.
        source: Where a reader finds the document: the file's path.
        text: The text as extracted: line ends are single newlines, control and invisible characters are gone.
        page_starts: Offset of each page's first character, ascending; empty when the format has no pages.
        encoding: Name of the encoding that the file's bytes were read with.
        sha256: Hash of the file's bytes, in hexadecimal.
    """

    id: str
    title: str
    source: str
    text: str
    page_starts: tuple[int, ...]
    encoding: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A stretch of a document that is indexed and found as one.

    Attributes:
        id: Content-addressed: the same document, span, text and splitter give the same id.
        page: 1-based page on which the passage starts; None when the format has no pages.
    """

    id: str
    document_id: str
    title: str
    source: str
    text: str
    start: int
    end: int
    page: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RankedPassage:
    """A passage that retrieval found.

    Attributes:
        score: Reciprocal rank fusion score, and what reading the passage adds to it; higher is better; comparable
            within one question, among the passages that were read and among those that were not.
        lexical_rank: 1-based rank in the lexical list; None when it was not in it.
        dense_rank: 1-based rank in the vector list; None when it was not in it.
        similarity: Cosine of question and passage vectors, -1 to 1; None when not in the vector list.
        reading: Log-odds, -6 to 12, that the passage holds the answer, by the span reader; None when it was not read.
    """

    passage: Passage
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    similarity: float | None
    reading: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """A quote and the place where code has found it.

    Attributes:
        number: 1, 2, 3 … in order of first use in the answer.
        page: 1-based page on which the quote starts; None when the format has no pages.
        start: Offset of the quote in `Document.text`.
        end: Offset after the quote's last character.
        verified: True when `Document.text[start:end] == quote` was checked against the library.
        answer_start: Offset in `Document.text` of the few words that answer; None when they cannot be told.
        answer_end: Offset after those words; None together with `answer_start`.
    """

    number: int
    document_id: str
    title: str
    source: str
    page: int | None
    start: int
    end: int
    quote: str
    verified: bool
    answer_start: int | None = None
    answer_end: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One sentence of an answer.

    Attributes:
        citations: Numbers of the citations that support it, ascending; empty when none does.
        verified: True when at least one citation is, and every citation of the statement is.
    """

    text: str
    citations: tuple[int, ...]
    verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementGrowing:
    """A stream event: the statement that a chat model is writing, as far as it is; nothing of it is checked yet."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementReady:
    """A stream event: one statement is complete and its quotes have been checked.

    Attributes:
        citations: The citations that this statement is the first to use.
    """

    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What a chat model was paid for; all zero when none was called.

    Attributes:
        input_tokens: Of all calls for the answer; None when the service does not say.
        output_tokens: As `input_tokens`.
        cost_usd: US dollars; None when the model's price, or the tokens, are not known.
    """

    input_tokens: int | None = 0
    output_tokens: int | None = 0
    cost_usd: float | None = 0.0

    def in_words(self) -> str:
        """Give "2,134 tokens read, 62 written, $0.0009"; empty when no chat model was called."""
        if self == NO_USAGE:
            return ""
        if self.input_tokens is None or self.output_tokens is None:
            return "tokens not told"
        price = "price not known" if self.cost_usd is None else f"${self.cost_usd:.4f}"
        return f"{self.input_tokens:,} tokens read, {self.output_tokens:,} written, {price}"

    def plus(self, other: Usage) -> Usage:
        """Give both together; unknown where one of them is."""
        return Usage(
            input_tokens=_sum(self.input_tokens, other.input_tokens),
            output_tokens=_sum(self.output_tokens, other.output_tokens),
            cost_usd=_sum(self.cost_usd, other.cost_usd),
        )


NO_USAGE = Usage()
"""No chat model was called."""


def _sum(one: _Number | None, other: _Number | None) -> _Number | None:
    return None if one is None or other is None else one + other


@dataclass(frozen=True, kw_only=True, slots=True)
class Seconds:
    """Wall-clock time of one question, in seconds; `total` covers the other two and the rest.

    Indexing before the first question is not in it, nor what the caller does between the events of a stream.
    """

    retrieve: float
    answer: float
    total: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the chatbot says to a question.

    Attributes:
        standalone_question: The question as it was searched for, with what a follow-up left out filled in.
        status: "answered"; "partial" when one of several asked things was not found, or when more may be named than
            was found or a chat model's answer broke off (then a notice says so); "not_found".
        text: The statements with their citation numbers, or a sentence that says nothing was found.
        short_answer: A few words, verbatim from the documents, where the question has such an answer.
        confidence: Probability, 0 to 1, that the documents answer the question, as the extractive answerer
            estimates; None when a chat model answered, which gives no such estimate.
        statements: In the order in which they are shown; empty when the status is "not_found".
        citations: By number, ascending.
        passages: What was retrieved, best first, whether cited or not.
        model: Name of the chat model that wrote the answer, or "extractive".
        notices: Sentences the user should see beside the answer; mostly empty.
    """

    question: str
    standalone_question: str
    status: Status
    text: str
    short_answer: str | None
    confidence: float | None
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[RankedPassage, ...]
    model: str
    usage: Usage
    seconds: Seconds
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as plain JSON-ready values, the object that `qa ask --json` prints."""
        plain = asdict(self)
        plain["passages"] = [
            {
                "document_id": ranked.passage.document_id,
                "start": ranked.passage.start,
                "end": ranked.passage.end,
                "text": ranked.passage.text,
                "score": ranked.score,
            }
            for ranked in self.passages
        ]
        return plain


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedFile:
    """A file of the corpus that was not indexed, and why."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncReport:
    """What one `sync` did. Lists of documents hold their ids; all lists are sorted.

    Attributes:
        renamed: Pairs of old and new id of documents whose content only moved.
        failed: Files that could not be indexed. An earlier version of such a file stays searchable.
        passages: Number of passages in the library afterwards.
        embedded: Number of vectors that had to be computed; passages of equal text and title share one.
        seconds: Wall-clock time.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: tuple[str, ...]
    failed: tuple[FailedFile, ...]
    passages: int
    embedded: int
    seconds: float

    @property
    def changed(self) -> bool:
        """Tell whether the sync wrote anything."""
        return bool(self.added or self.updated or self.removed or self.renamed)
