"""An embedder that remembers: the sentences of a corpus are compared with one question after another."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from qa.interfaces import Embedder, Vector


class CachingEmbedder:
    """Another embedder, with the vectors of the last `capacity` texts kept. Safe to share between threads."""

    def __init__(self, embedder: Embedder, capacity: int) -> None:
        self._embedder = embedder
        self._capacity = capacity
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    @property
    def fingerprint(self) -> str:
        """As the embedder's: a vector does not depend on when it was computed."""
        return self._embedder.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give one unit vector a text: float32, shape (len(texts), dimensions), in the order of `texts`."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            # Copies: a row of the array would keep the whole array.
            vectors = (vector.copy() for vector in self._embedder.embed(new))
            found.update(zip(new, vectors, strict=True))
        with self._lock:
            for text in texts:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        return np.stack([found[text] for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's length in tokens, as the embedder counts them."""
        return self._embedder.count_tokens(texts)
