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
from qa.snapshot import Snapshot
from qa.splitting import searchable_title

_SCHEMA_VERSION = 1
# What is wrong with the folder, the disk or another process, and not with the file.
_NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_WRITE")
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_FULL")
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    page_starts TEXT NOT NULL, encoding TEXT NOT NULL, sha256 TEXT NOT NULL,
    size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, splitter TEXT NOT NULL
) STRICT;
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, page INTEGER, text TEXT NOT NULL, vector_key TEXT NOT NULL
) STRICT;
CREATE INDEX passages_by_document ON passages (document_id);
CREATE INDEX passages_by_vector ON passages (vector_key);
CREATE TABLE vectors (
    embedder TEXT NOT NULL, key TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (embedder, key)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE lexical USING fts5 (title, body, tokenize = 'porter unicode61 remove_diacritics 2');
"""


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
            self._connection = _connect(path)
        except sqlite3.OperationalError as error:
            raise DataDirError(
                f"The library {path} cannot be opened ({error}); choose another folder with --data-dir."
            ) from error
        except sqlite3.DatabaseError as error:
            raise _damaged(path, error) from error
        try:
            with self._damage_reported():
                self._create_or_check()
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
        with self._damage_reported(), closing(_connect(self._path)) as connection:
            connection.execute("BEGIN")
            yield Snapshot(connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block's writes as one: all of them are kept, or none.

        Raises:
            LibraryError: The disk is full, or the file is damaged; nothing has changed.
        """
        with self._damage_reported():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._connection.execute("COMMIT")
            except BaseException as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and _name_of(error) in _NO_ROOM:
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
        with self._damage_reported():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _damage_reported(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError:
            raise  # ours: a closed library was used
        except sqlite3.OperationalError as error:
            if _name_of(error).startswith(_PASSING):
                raise LibraryError(
                    f"The library {self._path} cannot be used now ({error}); check that its folder can be read and "
                    "written and that the disk has room, then run this again."
                ) from error
            raise _damaged(self._path, error) from error
        except sqlite3.DatabaseError as error:
            raise _damaged(self._path, error) from error

    def _create_or_check(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            with self.transaction():
                # Another process may have created it between the look and the lock.
                if self._connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    if self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                        raise LibraryError(
                            f"The file {self._path} is another program's database and was left as it is; index into "
                            "another folder with --data-dir."
                        )
                    for statement in _SCHEMA.split(";\n"):
                        self._connection.execute(statement)
                    self._connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
        elif version != _SCHEMA_VERSION:
            raise LibraryError(
                f"The library {self._path} was made by another version of this program (schema {version}, "
                f"this one writes {_SCHEMA_VERSION}); index into another folder with --data-dir."
            )


def _name_of(error: sqlite3.Error) -> str:
    """Give SQLite's name for an error; empty where Python's module raised it ("Could not decode to UTF-8")."""
    return getattr(error, "sqlite_errorname", "")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _damaged(path: Path, error: sqlite3.DatabaseError) -> LibraryError:
    return LibraryError(
        f"The library {path} cannot be read ({error}); move its folder away and run `qa index` to make it anew."
    )
