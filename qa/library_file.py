"""The SQLite file of a library: its schema, how it is opened, and what is said when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from qa.errors import LibraryError

_SCHEMA_VERSION = 1
NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_WRITE")
"""SQLite's names of the errors of a full disk."""
# What is wrong with the folder, the disk or another process, and not with the file.
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


def create_or_check(
    connection: sqlite3.Connection, path: Path, transaction: Callable[[], AbstractContextManager[None]]
) -> None:
    """Write the schema into an empty file; look at the version of another.

    Raises:
        LibraryError: It is another program's database, or was made by another version.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        with transaction():
            # Another process may have created it between the look and the lock.
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise LibraryError(
                        f"The file {path} is another program's database; index into another folder with --data-dir."
                    )
                for statement in _SCHEMA.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
    elif version != _SCHEMA_VERSION:
        raise LibraryError(
            f"The library {path} was made by another version of this program (schema {version}, "
            f"this one writes {_SCHEMA_VERSION}); index into another folder with --data-dir."
        )


@contextmanager
def damage_reported(path: Path) -> Iterator[None]:
    """Turn what SQLite raises in the block into a `LibraryError` that says what to do."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # ours: a closed library was used
    except sqlite3.OperationalError as error:
        if name_of(error).startswith(_PASSING):
            raise LibraryError(
                f"The library {path} cannot be used now ({error}); check that its folder can be read and "
                "written and that the disk has room, then run this again."
            ) from error
        raise damaged(path, error) from error
    except sqlite3.DatabaseError as error:
        raise damaged(path, error) from error


def name_of(error: sqlite3.Error) -> str:
    """Give SQLite's name for an error; empty where Python's module raised it ("Could not decode to UTF-8")."""
    return getattr(error, "sqlite_errorname", "")


def connected(path: Path) -> sqlite3.Connection:
    """Open the file, creating it when it is not there; writes are kept once they are committed."""
    connection = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def damaged(path: Path, error: sqlite3.DatabaseError) -> LibraryError:
    """Make the error that says that the file is damaged and how to make it anew."""
    return LibraryError(
        f"The library {path} cannot be read ({error}); move its folder away and run `qa index` to make it anew."
    )
