"""An embedder without a model: words hashed into a vector. For tests and a quick look, not for quality."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from qa.interfaces import Vector

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Counts a text's words in `dimensions` buckets; texts that share words are near each other."""

    def __init__(self, dimensions: int = 64) -> None:
        self._dimensions = dimensions

    @property
    def fingerprint(self) -> str:
        """Name and dimensions."""
        return f"hashing/{self._dimensions}"

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give one unit vector a text: float32, shape (len(texts), dimensions)."""
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.lower()) or [""]:
                row[zlib.crc32(word.encode()) % self._dimensions] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's number of words."""
        return [len(_WORD.findall(text)) for text in texts]
