"""The library: one SQLite file that holds the truth.

Documents, their passages, the lexical index and every passage's vector. A document is indexed when the
transaction that wrote it has committed, and not before; the vector index can always be made again from here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.domain import Document, Passage
from qa.errors import DataDirError, LibraryError
from qa.interfaces import Vector
from qa.library_file import NO_ROOM, connected, create_or_check, damage_reported, damaged, name_of
from qa.snapshot import Snapshot
from qa.splitting import searchable_title


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """How a document's file looked when it was indexed, to see later whether it has changed."""

    size: int
    modified_ns: int
    sha256: str
    splitter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedDocument:
    """A document ready to be written: its passages and the stamp of its file."""

    document: Document
    passages: tuple[Passage, ...]
    stamp: Stamp


def embedded_text(passage: Passage) -> str:
    """Give the text that a passage's vector is made from: its title, if that adds something, and its own."""
    title = searchable_title(passage.title, passage.text)
    return f"{title}\n{passage.text}" if title else passage.text


def vector_key(passage: Passage) -> str:
    """Give the key under which a passage's vector is stored; equal texts share one vector."""
    return hashlib.sha256(embedded_text(passage).encode()).hexdigest()[:32]


class Library:
    """Writes to the library and hands out snapshots for reading.

    One writer at a time (the caller holds the lock file); any number of readers, each on its own snapshot.
    """

    def __init__(self, path: Path) -> None:
        """Open the library, creating it when it is not there.

        Raises:
            DataDirError: The file cannot be created or written.
            LibraryError: The file is no library, is damaged, or is from another version.
        """
        self._path = path
        try:
            self._connection = connected(path)
        except sqlite3.OperationalError as error:
            raise DataDirError(
                f"The library {path} cannot be opened ({error}); choose another folder with --data-dir."
            ) from error
        except sqlite3.DatabaseError as error:
            raise damaged(path, error) from error
        try:
            with damage_reported(self._path):
                create_or_check(self._connection, self._path, self.transaction)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file; a closed library is not used again."""
        self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Give a view of the last committed state that does not change while it is open.

        Raises:
            LibraryError: The file is damaged.
        """
        with damage_reported(self._path), closing(connected(self._path)) as connection:
            connection.execute("BEGIN")
            yield Snapshot(connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block's writes as one: all of them are kept, or none.

        Raises:
            LibraryError: The disk is full, or the file is damaged; nothing has changed.
        """
        with damage_reported(self._path):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._connection.execute("COMMIT")
            except BaseException as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and name_of(error) in NO_ROOM:
                    raise LibraryError(
                        f"The library {self._path} could not be written ({error}); nothing was changed. "
                        "Check the disk's free space and run the command again."
                    ) from error
                raise

    def stamps(self) -> dict[str, Stamp]:
        """Give each document's stamp by document id.

        Raises:
            LibraryError: The file is damaged.
        """
        rows = self._rows("SELECT id, size, modified_ns, sha256, splitter FROM documents")
        return {
            name: Stamp(size=size, modified_ns=modified_ns, sha256=sha256, splitter=splitter)
            for name, size, modified_ns, sha256, splitter in rows
        }

    def missing_vectors(self, embedder: str) -> list[str]:
        """Give the ids of passages that have no vector of this embedder, sorted.

        Raises:
            LibraryError: The file is damaged.
        """
        rows = self._rows(
            "SELECT id FROM passages WHERE NOT EXISTS"
            " (SELECT 1 FROM vectors WHERE embedder = ? AND key = vector_key) ORDER BY id",
            embedder,
        )
        return [name for (name,) in rows]

    def known_vectors(self, embedder: str, keys: Sequence[str]) -> set[str]:
        """Give those of `keys` under which a vector of this embedder is stored.

        Raises:
            LibraryError: The file is damaged.
        """
        rows = self._rows(
            "SELECT key FROM vectors WHERE embedder = ? AND key IN (SELECT value FROM json_each(?))",
            embedder,
            json.dumps(list(keys)),
        )
        return {key for (key,) in rows}

    def put_document(self, prepared: PreparedDocument) -> None:
        """Write a document and its passages in place of an earlier version. Call inside a transaction."""
        self.remove_documents([prepared.document.id])
        document, stamp = prepared.document, prepared.stamp
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.source,
                document.title,
                document.text,
                json.dumps(document.page_starts),
                document.encoding,
                stamp.sha256,
                stamp.size,
                stamp.modified_ns,
                stamp.splitter,
            ),
        )
        for passage in prepared.passages:
            self._put_passage(passage)

    def put_vectors(self, embedder: str, vectors: Iterable[tuple[str, Vector]]) -> None:
        """Store vectors by key, in place of an earlier one. Call inside a transaction."""
        for key, vector in vectors:
            blob = np.ascontiguousarray(vector, dtype="<f4").tobytes()
            self._connection.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", (embedder, key, blob))

    def restamp(self, document_id: str, stamp: Stamp) -> None:
        """Record that a file was touched but its bytes are the same. Call inside a transaction."""
        self._connection.execute(
            "UPDATE documents SET size = ?, modified_ns = ? WHERE id = ?",
            (stamp.size, stamp.modified_ns, document_id),
        )

    def remove_documents(self, document_ids: Sequence[str]) -> None:
        """Delete documents and their passages; unknown ids are ignored. Call inside a transaction."""
        for name in document_ids:
            self._connection.execute(
                "DELETE FROM lexical WHERE rowid IN (SELECT number FROM passages WHERE document_id = ?)",
                (name,),
            )
            self._connection.execute("DELETE FROM documents WHERE id = ?", (name,))

    def forget_unused_vectors(self, embedder: str) -> None:
        """Delete vectors of other embedders and of texts that no passage has. Call inside a transaction."""
        self._connection.execute(
            "DELETE FROM vectors WHERE embedder <> ? OR key NOT IN (SELECT vector_key FROM passages)",
            (embedder,),
        )

    def set_meta(self, **values: str) -> None:
        """Record facts about the whole library by name. Call inside a transaction."""
        self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def _put_passage(self, passage: Passage) -> None:
        cursor = self._connection.execute(
            "INSERT INTO passages (id, document_id, start, end, page, text, vector_key) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                passage.id,
                passage.document_id,
                passage.start,
                passage.end,
                passage.page,
                passage.text,
                vector_key(passage),
            ),
        )
        self._connection.execute(
            "INSERT INTO lexical (rowid, title, body) VALUES (?, ?, ?)",
            (cursor.lastrowid, searchable_title(passage.title, passage.text), passage.text),
        )

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with damage_reported(self._path):
            return self._connection.execute(query, values).fetchall()
