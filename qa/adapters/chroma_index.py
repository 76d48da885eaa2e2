"""The vector index in Chroma, kept as generations that are written once and then only read.

Chroma writes its files in place without syncing them, and drops its queue once applied, so a kill can tear
them (https://github.com/chroma-core/chroma/issues/7678), and two processes must not share a folder when one
writes. So a change goes into a new folder, a copy of the last one, which the library names when it is
complete; readers keep the folder that they opened. A torn folder is one that nobody named.

We speak to Chroma itself and not through llama-index's `ChromaVectorStore`: it batches up to 41,665 records
where Chroma takes 5,461 (https://github.com/run-llama/llama_index/issues/20142), reports exp(-distance), and
would cost each cold `qa ask` 3 s of imports.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import sqlite3
import struct
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from qa.errors import QAError, VectorIndexError
from qa.interfaces import IndexedPassage, Neighbour, Vector

_COLLECTION = "passages"
_MANIFEST = "manifest.json"
_DATABASE = "chroma.sqlite3"
# Each opening inserts a row into this table, of which nothing ever reads one. Without that, a reader leaves
# the file as it was written, so that its hash can be checked, and readers do not write at the same time.
_READERS_LEAVE_NO_TRACE = (
    "CREATE TRIGGER IF NOT EXISTS readers_leave_no_trace BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END"
)
# While fewer than 1,000 records were added, Chroma keeps them all in the database; its HNSW index has no such
# file then, and what it has is not read, and written anew, with other bytes, at each first query.
_HNSW_IN_USE = "index_metadata.pickle"
_BATCH = 200
# Chroma asks HNSW for this many candidates; well over the 50 we take, for a recall near that of a full scan.
_EF_SEARCH = 200
# With Chroma's 16, one small index in 70 of much alike texts had passages that no search reached; with 32, one
# in 1,000, and recall at 50 of 10,000 vectors rose from .990 to .997. Building takes a fifth longer.
_MAX_NEIGHBOURS = 32

_Item = TypeVar("_Item")


class ChromaIndex:
    """One opened generation."""

    def __init__(self, folder: Path, ids: Iterable[str]) -> None:
        """Open it.

        Args:
            folder: Where its files are; they must be whole.
            ids: What it holds; asking Chroma takes a second for 100,000 passages.

        Raises:
            VectorIndexError: Chroma cannot read the folder.
        """
        self._folder = folder
        self._ids = frozenset(ids)
        with _chroma_errors(folder):
            self._client = _client(folder)
            try:
                self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            except BaseException:
                self._client.close()
                raise

    @property
    def generation(self) -> str:
        """The generation's name, which is its folder's."""
        return self._folder.name

    def nearest(self, vector: Vector, limit: int, document_ids: Sequence[str] | None = None) -> list[Neighbour]:
        """Give at most `limit` passages, nearest first, ties by id; None looks in all documents.

        Raises:
            VectorIndexError: The index cannot be read.
        """
        where: dict[str, Any] | None = None
        if document_ids is not None:
            if not document_ids:
                return []  # Chroma takes no empty list
            where = {"document_id": {"$in": list(document_ids)}}
        with _chroma_errors(self._folder):
            found = self._collection.query(
                query_embeddings=[vector.tolist()], n_results=limit, where=where, include=["distances"]
            )
        neighbours = [
            # Chroma reports the cosine distance, lower is nearer.
            Neighbour(passage_id=name, similarity=1.0 - distance)
            for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]
        return sorted(neighbours, key=lambda neighbour: (-neighbour.similarity, neighbour.passage_id))

    def ids(self) -> frozenset[str]:
        """Give the ids of all passages held."""
        return self._ids

    def close(self) -> None:
        """Let go of files and memory."""
        self._client.close()


class ChromaStore:
    """The folder that holds the generations, one sub-folder each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, generation: str) -> ChromaIndex:
        """Open a generation after comparing its files with what was written.

        Chroma's native code reads these files without checks, so a torn one must not reach it.

        Raises:
            VectorIndexError: It is missing, or its files are not what was written.
        """
        return ChromaIndex(self._folder / generation, self.ids(generation))

    def ids(self, generation: str) -> frozenset[str]:
        """Give the ids of all passages that a generation holds, after comparing its files; Chroma is not opened.

        Raises:
            VectorIndexError: It is missing, or its files are not what was written.
        """
        folder = self._folder / generation
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            torn = manifest["files"] != _hashes(folder)
            ids = frozenset(manifest["ids"])
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise VectorIndexError(f"The vector index {folder} is missing or torn; run `qa doctor`.") from error
        if torn:
            raise VectorIndexError(f"The vector index {folder} is torn; run `qa doctor` to make it anew.")
        return ids

    def build(self, base: str | None, remove: Sequence[str], add: Iterable[IndexedPassage]) -> str:
        """Write a new generation and give its name.

        Raises:
            VectorIndexError: It could not be written; nothing that existed has changed.
        """
        generation = uuid.uuid4().hex[:12]
        folder = self._folder / generation
        try:
            with _chroma_errors(folder, writing=True):
                if base is not None:
                    shutil.copytree(self._folder / base, folder)
                    (folder / _MANIFEST).unlink()
                folder.mkdir(parents=True, exist_ok=True)
            ids = _write(folder, remove, add)
            with _chroma_errors(folder, writing=True):
                _check_complete(folder)
                with closing(sqlite3.connect(folder / _DATABASE)) as database:
                    database.execute(_READERS_LEAVE_NO_TRACE)
                manifest = {"files": _hashes(folder), "ids": sorted(ids)}
                (folder / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)  # what stays is removed by the next `discard_all_but`
            raise
        return generation

    def discard_all_but(self, generation: str | None) -> None:
        """Delete every other generation, whole or torn; one in use may stay until the next call (Windows)."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if folder.name != generation:
                shutil.rmtree(folder, ignore_errors=True)

    def size_bytes(self) -> int:
        """Give the size on disk of all generations."""
        size = 0
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with suppress(FileNotFoundError):  # a writer in another process has just discarded it
                    size += os.stat(os.path.join(folder, name)).st_size
        return size


def _write(folder: Path, remove: Sequence[str], add: Iterable[IndexedPassage]) -> Sequence[str]:
    """Take passages out of a generation and put others in; give the ids that Chroma then says it holds."""
    with _chroma_errors(folder, writing=True):
        client = _client(folder)
    try:
        with _chroma_errors(folder, writing=True):
            hnsw = {"space": "cosine", "ef_search": _EF_SEARCH, "max_neighbors": _MAX_NEIGHBOURS}
            collection = client.get_or_create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
            )
            for ids in _batches(remove):
                collection.delete(ids=ids)
        for batch in _batches(add):  # what `add` raises is not Chroma's, and stays as it is
            with _chroma_errors(folder, writing=True):
                # Without the text: the library has it, and Chroma's word index of it would double the time and
                # take five times the space.
                collection.add(
                    ids=[item.passage.id for item in batch],
                    embeddings=[item.vector for item in batch],
                    metadatas=[{"document_id": item.passage.document_id} for item in batch],
                )
        with _chroma_errors(folder, writing=True):
            held: Sequence[str] = collection.get(include=[])["ids"]
            return held
    finally:
        client.close()


def _client(folder: Path) -> Any:
    import chromadb  # takes 1.6 s to import
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _check_complete(folder: Path) -> None:
    """Make sure that the HNSW file has all its records.

    Chroma's hnswlib does not look whether its writes succeed: on a full disk the file is short, nobody
    is told, and a reader of it may crash.
    """
    for in_use in folder.glob(f"*/{_HNSW_IN_USE}"):
        header = (in_use.parent / "header.bin").read_bytes()
        _, _, _, records, record_bytes = struct.unpack_from("<iQQQQ", header)
        if (in_use.parent / "data_level0.bin").stat().st_size != records * record_bytes:
            raise OSError(f"{in_use.parent} was not written whole")


@contextmanager
def _chroma_errors(folder: Path, *, writing: bool = False) -> Iterator[None]:
    """Translate what Chroma raises: its own tree, its Rust core's bare errors and panics, and the disk's."""
    try:
        yield
    except QAError:
        raise
    except BaseException as error:
        # A panic (pyo3's PanicException, which cannot be imported) is no `Exception`.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if writing:
            advice = "could not be written ({}); check the disk's free space and run the command again."
        else:
            advice = "cannot be used ({}); run `qa doctor` to make it anew."
        raise VectorIndexError(f"The vector index {folder} {advice.format(error)}") from error


def _hashes(folder: Path) -> dict[str, str]:
    """Give the hash of each file that a reader depends on, by its path in the folder."""
    hashes = {}
    for path in [folder / _DATABASE, *sorted(folder.glob("*/*"))]:
        if path.parent == folder or (path.parent / _HNSW_IN_USE).exists():
            with path.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256")
            hashes[path.relative_to(folder).as_posix()] = digest.hexdigest()
    return hashes


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, _BATCH)):
        yield batch
