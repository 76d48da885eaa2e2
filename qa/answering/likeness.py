"""How alike two words are in meaning, by the word vectors that come with the package."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.answering.terms import vocabulary
from qa.bundled_files import word_vectors_file
from qa.errors import LibraryError

# Cosines of word vectors at which words count as nothing alike, and as much alike as a synonym is.
UNLIKE, ALIKE = 0.2, 0.6


@lru_cache(maxsize=65536)
def word_vector(word: str) -> NDArray[np.float32]:
    """Give a word's unit vector, shape (64,): the mean of those of its pieces; zeros when it has none.

    Raises:
        LibraryError: The package's file of vectors is damaged.
    """
    numbers = [number for piece in pieces(word) if (number := vocabulary().get(piece)) is not None]
    if not numbers:
        return np.zeros(_vectors().shape[1], dtype=np.float32)
    mean = _vectors()[numbers].astype(np.float32).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def pieces(word: str) -> list[str]:
    """Give the longest pieces of the embedder's vocabulary that make up a word, first to last; [] when none do.

    Greedy, as WordPiece does it (Wu et al., 2016).
    """
    left, found = word.lower().replace(".", "").replace("’", "'"), list[str]()
    while left:
        prefix = "##" if found else ""
        length = next((end for end in range(len(left), 0, -1) if prefix + left[:end] in vocabulary()), 0)
        if length == 0:
            return []
        found.append(prefix + left[:length])
        left = left[length:]
    return found


@cache
def _vectors() -> NDArray[np.int8]:
    try:
        vectors: NDArray[np.int8] = np.load(word_vectors_file(), allow_pickle=False)
    except (OSError, ValueError) as error:
        raise LibraryError(f"The file {word_vectors_file()} is damaged; install the package again.") from error
    return vectors
