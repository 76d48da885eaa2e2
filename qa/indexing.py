"""Keep the vector index in agreement with the library: compare, mend, rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.errors import EmbedderMismatch, LibraryError, VectorIndexError
from qa.interfaces import Embedder, IndexStore, PassageIndex, Vector
from qa.library import Library, embedded_text, vector_key
from qa.snapshot import Snapshot
from qa.writer_lock import WriterLock

# Passages are embedded and written in groups of about this many: a second or two, which is what a kill can lose.
GROUP_PASSAGES = 64
# With more changes than this share of all passages, an index from nothing is cheaper than a changed copy.
_REBUILD_SHARE = 0.5
# So far may a vector's length be from 1; models that compute in half precision are off by less.
_UNIT_LENGTH = 0.01


@dataclass(frozen=True, kw_only=True)
class Indexer:
    """The vector index of one data folder."""

    data_dir: Path
    library: Library
    store: IndexStore
    embedder: Embedder

    def repair(self, *, from_nothing: bool = False, patient: bool = True) -> bool:
        """Make the vector index agree with the library again, from the library's own vectors.

        The embedder is called only for passages that a cut-off rebuild left without a vector.

        Args:
            from_nothing: Do not start from the index that is there, and make a new one in any case.
            patient: Wait a moment for a process that is writing, before giving up.

        Returns:
            True when something had to be mended.

        Raises:
            LockedError: Another process is writing.
        """
        with WriterLock(self.data_dir, patient=patient):
            self.check_embedder()
            embedded = self.embed_missing()
            return self.update_index(from_nothing=from_nothing) or embedded > 0

    def open_index(self, *, exact: bool = True) -> PassageIndex:
        """Open the vector index, if its files are whole.

        Args:
            exact: Also demand that it holds exactly the library's passages; while another process is
                indexing, it does not yet.

        Raises:
            VectorIndexError: It is missing, torn, or does not agree with the library; `repair` mends it.
        """
        with self.library.snapshot() as snapshot:
            generation, expected = self._usable_generation(snapshot), snapshot.passage_ids()
        if generation is None:
            raise VectorIndexError("There is no vector index yet; run `qa index`.")
        index = self.store.open(generation)
        if exact and (held := index.ids()) != expected:
            index.close()
            raise VectorIndexError(
                f"The vector index lacks {len(expected - held)} passages and has {len(held - expected)} "
                "too many; run `qa doctor` to mend it."
            )
        return index

    def generation(self) -> str | None:
        """Give the name of the library's present generation; None when it has none of this embedder."""
        with self.library.snapshot() as snapshot:
            return self._usable_generation(snapshot)

    def check_embedder(self) -> None:
        """Make sure that the library's vectors come from the embedder in use.

        Raises:
            EmbedderMismatch: They come from another one.
        """
        with self.library.snapshot() as snapshot:
            recorded = snapshot.meta("embedder")
        if recorded not in (None, self.embedder.fingerprint):
            raise EmbedderMismatch(
                f"The index was built with another embedder ({recorded}, now {self.embedder.fingerprint}). "
                "Run `qa index --rebuild`."
            )

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give one vector a text: shape (len(texts), dimensions), in the order of `texts`.

        Raises:
            LibraryError: The embedder gave something else than one finite vector of unit length a text.
        """
        vectors = self.embedder.embed(texts)
        fits = vectors.shape == (len(texts), self.embedder.dimensions)
        # Also False for a vector with a value that is not a number.
        if not fits or not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=_UNIT_LENGTH):
            raise LibraryError(
                f"The embedder {self.embedder.fingerprint} gave vectors that cannot be used; check its model."
            )
        return vectors

    def update_index(self, *, from_nothing: bool = False) -> bool:
        """Write a generation that holds exactly the library's passages; False when there was nothing to do.

        Call with the lock held.
        """
        with self.library.snapshot() as snapshot:
            base = None if from_nothing else self._usable_generation(snapshot)
            expected, held = snapshot.passage_ids(), self._held(base)
            if held == expected:
                self.store.discard_all_but(base)  # what a kill may have left
                return False
            missing, surplus = sorted(expected - (held or set())), sorted((held or set()) - expected)
            if held is None or len(missing) + len(surplus) > _REBUILD_SHARE * len(expected):
                base, missing, surplus = None, sorted(expected), []
            add = snapshot.vectors(self.embedder.fingerprint, missing)
            generation = self.store.build(base, surplus, add)
        with self.library.transaction():
            self.library.set_meta(index_generation=generation, index_embedder=self.embedder.fingerprint)
        self.store.discard_all_but(generation)
        return True

    def embed_missing(self) -> int:
        """Compute the vectors that passages lack after a cut-off or partial rebuild; give how many.

        Call with the lock held.
        """
        fingerprint = self.embedder.fingerprint
        missing = self.library.missing_vectors(fingerprint)
        for first in range(0, len(missing), GROUP_PASSAGES):
            with self.library.snapshot() as snapshot:
                passages = list(snapshot.passages(missing[first : first + GROUP_PASSAGES]).values())
            vectors = self.embed([embedded_text(passage) for passage in passages])
            with self.library.transaction():
                self.library.put_vectors(fingerprint, zip(map(vector_key, passages), vectors, strict=True))
        return len(missing)

    def _usable_generation(self, snapshot: Snapshot) -> str | None:
        """Give the named generation; None when there is none, or when its vectors are another embedder's."""
        same = snapshot.meta("index_embedder") == self.embedder.fingerprint
        return snapshot.meta("index_generation") if same else None

    def _held(self, generation: str | None) -> frozenset[str] | None:
        """Give what a generation holds; None when there is none, or a torn one, which is as good."""
        if generation is None:
            return None
        try:
            return self.store.ids(generation)
        except VectorIndexError:
            return None
