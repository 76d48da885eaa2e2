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
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from qa.errors import QAError, VectorIndexError
from qa.interfaces import IndexedPassage, Neighbour, Vector

_COLLECTION = "passages"
_MANIFEST = "manifest.json"
# Changes whenever a reader opens it; SQLite and the comparison of ids watch over it instead of a hash.
_SELF_CHECKED = "chroma.sqlite3"
_BATCH = 200
# Chroma asks HNSW for this many candidates; well over the 50 we take, for a recall near that of a full scan.
_EF_SEARCH = 200

_Item = TypeVar("_Item")


class ChromaIndex:
    """One opened generation."""

    def __init__(self, folder: Path) -> None:
        """Open it.

        Raises:
            VectorIndexError: Chroma cannot read the folder.
        """
        with _chroma_errors(folder):
            self._folder = folder
            self._client = _client(folder)
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def nearest(
        self, vector: Vector, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[Neighbour]:
        """Give at most `limit` passages, nearest first, ties by id; None looks in all documents.

        Raises:
            VectorIndexError: The index cannot be read.
        """
        where: dict[str, Any] | None = None
        if document_ids is not None:
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

    def ids(self) -> set[str]:
        """Give the ids of all passages held.

        Raises:
            VectorIndexError: The index cannot be read.
        """
        with _chroma_errors(self._folder):
            return set(self._collection.get(include=[])["ids"])

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
        folder = self._folder / generation
        try:
            written = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            torn = written != _hashes(folder) or not (folder / _SELF_CHECKED).is_file()
        except (OSError, ValueError) as error:
            raise VectorIndexError(f"The vector index {folder} is missing or torn; run `qa doctor`.") from error
        if torn:
            raise VectorIndexError(f"The vector index {folder} is torn; run `qa doctor` to make it anew.")
        return ChromaIndex(folder)

    def build(self, base: str | None, remove: Sequence[str], add: Iterable[IndexedPassage]) -> str:
        """Write a new generation and give its name.

        Raises:
            VectorIndexError: It could not be written; nothing that existed has changed.
        """
        generation = uuid.uuid4().hex[:12]
        folder = self._folder / generation
        try:
            with _chroma_errors(folder):
                if base is not None:
                    shutil.copytree(self._folder / base, folder)
                    (folder / _MANIFEST).unlink()
                folder.mkdir(parents=True, exist_ok=True)
                _write(folder, remove, add)
                (folder / _MANIFEST).write_text(json.dumps(_hashes(folder)), encoding="utf-8")
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
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())


def _write(folder: Path, remove: Sequence[str], add: Iterable[IndexedPassage]) -> None:
    client = _client(folder)
    try:
        collection = client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
        )
        for ids in _batches(remove):
            collection.delete(ids=ids)
        for batch in _batches(add):
            collection.add(
                ids=[item.passage.id for item in batch],
                embeddings=[item.vector for item in batch],
                metadatas=[{"document_id": item.passage.document_id} for item in batch],
                documents=[item.passage.text for item in batch],
            )
    finally:
        client.close()


def _client(folder: Path) -> Any:
    import chromadb  # takes 1.6 s to import
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


@contextmanager
def _chroma_errors(folder: Path) -> Iterator[None]:
    """Translate what Chroma raises: its own tree, its Rust core's bare errors, and the disk's."""
    try:
        yield
    except QAError:
        raise
    except Exception as error:
        raise VectorIndexError(
            f"The vector index {folder} cannot be used ({error}); run `qa doctor` to make it anew."
        ) from error


def _hashes(folder: Path) -> dict[str, str]:
    hashes = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != _MANIFEST and not path.name.startswith(_SELF_CHECKED):
            with path.open("rb") as opened:
                hashes[path.relative_to(folder).as_posix()] = hashlib.file_digest(opened, "sha256").hexdigest()
    return hashes


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, _BATCH)):
        yield batch
