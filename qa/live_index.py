"""The vector index that questions are searched in: opened when needed, mended, swapped after a sync."""

from __future__ import annotations

from threading import Lock

from qa.errors import DataDirError, EmbedderMismatch, LibraryError, LockedError, VectorIndexError
from qa.indexing import Indexer
from qa.interfaces import PassageIndex
from qa.snapshot import Snapshot

BEING_INDEXED = "Another process is indexing this corpus; the answer may miss what it has not finished."


class LiveIndex:
    """Keeps one generation open. Safe to share between threads."""

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._lock = Lock()
        self._index: PassageIndex | None = None
        # A search in another thread may still use the generation before; it is closed at the next swap.
        self._retired: PassageIndex | None = None

    def current(self, snapshot: Snapshot) -> tuple[PassageIndex | None, tuple[str, ...]]:
        """Give the index of the library's present generation, and what the user should know about it.

        None, with a notice that says why, when there is no usable index: the search then goes by words alone.

        Raises:
            EmbedderMismatch: Another process has rebuilt the library with another embedder.
        """
        with self._lock:
            present = self._index
            if present is not None and present.generation != snapshot.meta("index_generation"):
                if present.generation == self._indexer.generation():
                    return present, ()  # the snapshot is an older one; what it lacks, retrieval leaves out
                present = None
            # Fewer or more passages: a sync is at work, or was cut off before it came to the index.
            if present is not None and len(present.ids()) == snapshot.passage_count():
                return present, ()
            try:
                index, notices = self._opened(present)
            except VectorIndexError as error:
                return None, (f"Searched by words alone: {error}",)
            if index is not present:
                self._swap(index)
            return index, notices

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            self._swap(None)
            self._swap(None)

    def _opened(self, present: PassageIndex | None) -> tuple[PassageIndex, tuple[str, ...]]:
        """Open the index, mended from the library when it is torn or behind; while that cannot be, keep `present`."""
        try:
            return self._indexer.open_index(), ()
        except VectorIndexError:
            try:
                self._indexer.repair(patient=False)  # a question is waiting
            except LockedError:
                return present or self._indexer.open_index(exact=False), (BEING_INDEXED,)
            except EmbedderMismatch:
                raise
            except (LibraryError, DataDirError) as error:  # no room to mend it, or not allowed to
                raise VectorIndexError(str(error)) from error
            return self._indexer.open_index(), ()

    def _swap(self, index: PassageIndex | None) -> None:
        if self._retired is not None:
            self._retired.close()
        self._retired, self._index = self._index, index
