"""The embedder for questions: a service has one short try, since passages are found by words alone otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.adapters.llama_embedder import LlamaEmbedder
from qa.interfaces import Embedder, Vector
from qa.settings import Settings


@dataclass(frozen=True, kw_only=True)
class QuestionEmbedder:
    """A `LlamaEmbedder` that is asked once, and not at all while it is known to be down.

    Attributes:
        connect: Most seconds for the connection.
        seconds: Most seconds altogether.
    """

    embedder: LlamaEmbedder
    connect: float
    seconds: float

    @property
    def fingerprint(self) -> str:
        """As the embedder's."""
        return self.embedder.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self.embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give one unit vector a text: float32, shape (len(texts), dimensions), in the order of `texts`.

        Raises:
            ModelError: The service did not give the vectors in time, or failed too often just now.
        """
        return self.embedder.embed_at_once(texts, connect=self.connect, seconds=self.seconds)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's length in tokens of about the model's size."""
        return self.embedder.count_tokens(texts)


def question_embedder(embedder: Embedder, settings: Settings) -> Embedder:
    """Give the embedder for questions: the same one, but with little patience where it asks a service."""
    if not isinstance(embedder, LlamaEmbedder):
        return embedder
    return QuestionEmbedder(embedder=embedder, connect=settings.connect_seconds, seconds=settings.first_token_seconds)
