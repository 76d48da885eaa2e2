"""The small Protocols between the parts: who implements one can be exchanged without touching the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.domain import NO_USAGE, Passage, RankedPassage, Span, Status, Usage

Vector = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def fingerprint(self) -> str:
        """Name and version; vectors of different fingerprints are never compared."""

    @property
    def dimensions(self) -> int:
        """Length of each vector."""

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give one unit vector a text: float32, shape (len(texts), dimensions), in the order of `texts`."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's length in tokens, special tokens not counted, never cut off."""


class Splitter(Protocol):
    """Cuts a document's text into the spans that become passages."""

    @property
    def fingerprint(self) -> str:
        """Name and settings; documents split with another fingerprint are split anew at the next sync."""

    def split(self, text: str) -> list[Span]:
        """Give the spans in order. They cover every character that is not white space; none is empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexedPassage:
    """What the vector index holds of one passage; `vector` has unit length and shape (dimensions,)."""

    passage: Passage
    vector: Vector


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """A passage near a vector; `similarity` is the cosine, -1 to 1, higher is nearer."""

    passage_id: str
    similarity: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a span reader makes of one passage, token by token; all arrays have shape (tokens,).

    Attributes:
        begins: Offset of each token's first character in the passage's text, ascending.
        ends: Offset after each token's last character.
        start_scores: Log-odds that an answer begins with the token against its not being in the passage.
        end_scores: The same for its end; a span's score is the sum of both, over 0 where it is likelier than none.
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    start_scores: NDArray[np.float32]
    end_scores: NDArray[np.float32]


class SpanReader(Protocol):
    """Reads passages for the few words that answer a question."""

    @property
    def fingerprint(self) -> str:
        """Name and version."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Give one reading a text, in the order of `texts`; the end of a very long text may be left out."""


class PassageIndex(Protocol):
    """One opened generation of the vector index, read only."""

    @property
    def generation(self) -> str:
        """The generation's name."""

    def nearest(self, vector: Vector, limit: int, document_ids: Sequence[str] | None = None) -> list[Neighbour]:
        """Give at most `limit` passages, nearest first, ties by id; None looks in all documents.

        Raises:
            VectorIndexError: The index cannot be read.
        """

    def ids(self) -> frozenset[str]:
        """Give the ids of all passages held."""

    def close(self) -> None:
        """Let go of files and memory; a closed index is not used again."""


class IndexStore(Protocol):
    """The generations of the vector index; each is complete before it is named, and never changed after."""

    def open(self, generation: str) -> PassageIndex:
        """Open a generation for reading.

        Raises:
            VectorIndexError: It is missing or its files are not what was written.
        """

    def ids(self, generation: str) -> frozenset[str]:
        """Give the ids of all passages that a generation holds, without opening it for searches.

        Raises:
            VectorIndexError: It is missing or its files are not what was written.
        """

    def build(self, base: str | None, remove: Sequence[str], add: Iterable[IndexedPassage]) -> str:
        """Write a new generation and give its name.

        Args:
            base: Generation to start from; None starts empty.
            remove: Ids of the base's passages to leave out.
            add: Passages to add; an id that the base holds must not be among them.

        Raises:
            VectorIndexError: It could not be written; nothing that existed has changed.
        """

    def discard_all_but(self, generation: str | None) -> None:
        """Delete every other generation, whole or torn; one that is in use may stay until the next call."""

    def size_bytes(self) -> int:
        """Give the size on disk of all generations."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message to a chat model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyEnd:
    """How a chat model's reply ended.

    Attributes:
        finish: "stop" when the model came to its end; "length" at its limit of tokens; "filter" when the service
            withheld the rest; "cut" when the connection closed without a word.
        input_tokens: None when the service did not say.
        output_tokens: None when the service did not say.
    """

    finish: Literal["stop", "length", "filter", "cut"]
    input_tokens: int | None
    output_tokens: int | None


class ChatModel(Protocol):
    """Writes replies; safe to share between threads."""

    @property
    def name(self) -> str:
        """The model's name, shown to the user as who answered."""

    def stream(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None, seconds: float | None = None
    ) -> Iterator[str | ReplyEnd]:
        """Give the reply in pieces as it is written and, last, exactly one `ReplyEnd`.

        Args:
            messages: Oldest first.
            schema: JSON schema that the reply should follow; a service that cannot enforce it may not.
            seconds: Most time for the whole reply; None takes the model's own limit.

        Raises:
            ModelError: There is no reply, or no more of it.
        """

    def close(self) -> None:
        """Let go of connections; a closed model is not used again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftQuote:
    """Words that an answerer says are in a passage.

    Attributes:
        passage: None when it names a passage that it was not given.
        start: Offset in the document where it says they begin; None when it does not know.
        answer: The few words that answer, as a span of the document; None when they cannot be told.
    """

    passage: Passage | None
    text: str
    start: int | None
    answer: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftStatement:
    """A sentence of an answer, before its quotes have been checked."""

    text: str
    quotes: tuple[DraftQuote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftText:
    """The statement that is being written, as far as it is."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftEnd:
    """How an answerer sums up after its last statement.

    Attributes:
        status: What it says of the whole; "not_found" when it gave no statement.
        short_answer: A few words out of its quotes; None when there are none.
        confidence: Probability, 0 to 1, that the passages answer the question; None when it has no estimate.
        model: Who wrote the answer, when it was not the answerer by whose name it goes.
    """

    status: Status
    short_answer: str | None
    confidence: float | None
    notices: tuple[str, ...] = ()
    usage: Usage = NO_USAGE
    model: str | None = None


Draft = DraftText | DraftStatement | DraftEnd


class Answerer(Protocol):
    """Writes an answer from passages alone."""

    @property
    def name(self) -> str:
        """Shown to the user as who answered."""

    @property
    def passages_wanted(self) -> int:
        """How many passages it is given at most; it may read fewer of them."""

    def answer(self, question: str, passages: Sequence[RankedPassage]) -> Iterator[Draft]:
        """Give the statements as they are ready and, last, exactly one `DraftEnd`."""
