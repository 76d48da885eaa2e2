"""An embedder for benchmarks that ask the same texts again and again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.interfaces import Embedder, Vector


class RememberingEmbedder:
    """The embedder, with each text embedded once: paragraphs are read by many questions."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vector] = {}

    @property
    def fingerprint(self) -> str:
        """As the embedder's."""
        return self._embedder.fingerprint

    @property
    def dimensions(self) -> int:
        """As the embedder's."""
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vector:
        """As the embedder's."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._embedder.embed(new), strict=True))
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the embedder's."""
        return self._embedder.count_tokens(texts)
