"""Reading the library: a view of one committed state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.domain import Passage
from qa.interfaces import IndexedPassage, Vector

_PASSAGE = (
    "SELECT p.id, p.document_id, d.title, d.source, p.text, p.start, p.end, p.page"
    " FROM passages p JOIN documents d ON d.id = p.document_id"
)
_BATCH = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentInfo:
    """What `qa status` shows of a document; `passages` counts them."""

    id: str
    title: str
    encoding: str
    characters: int
    passages: int


class Snapshot:
    """One committed state of the library; get it from `Library.snapshot()`.

    Every method raises `sqlite3.DatabaseError` on a damaged file, which `Library.snapshot()` turns into
    a `LibraryError`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def meta(self, key: str) -> str | None:
        """Give a recorded fact about the library; None when it was never recorded."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def passage_count(self) -> int:
        """Give the number of passages."""
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    def passage_ids(self) -> frozenset[str]:
        """Give the ids of all passages."""
        return frozenset(name for (name,) in self._connection.execute("SELECT id FROM passages"))

    def documents(self) -> list[DocumentInfo]:
        """Give what is known of each document, sorted by id."""
        rows = self._connection.execute(
            "SELECT d.id, d.title, d.encoding, length(d.text),"
            " (SELECT count(*) FROM passages WHERE document_id = d.id) FROM documents d ORDER BY d.id"
        )
        return [
            DocumentInfo(id=name, title=title, encoding=encoding, characters=characters, passages=passages)
            for name, title, encoding, characters, passages in rows
        ]

    def unknown_documents(self, document_ids: Sequence[str]) -> list[str]:
        """Give those of `document_ids` that the library does not hold, in their order."""
        rows = self._connection.execute(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM documents)",
            (json.dumps(list(document_ids)),),
        )
        return [name for (name,) in rows]

    def text_of(self, document_id: str, start: int, end: int) -> str | None:
        """Give the characters `start` to `end` of a document's text; None when there is no such document."""
        row = self._connection.execute(
            "SELECT substr(text, ? + 1, ?) FROM documents WHERE id = ?",
            (start, max(0, end - start), document_id),
        ).fetchone()
        return None if row is None else str(row[0])

    def page_starts(self, document_id: str) -> tuple[int, ...]:
        """Give the offsets at which a document's pages begin; empty when it has none or is unknown."""
        row = self._connection.execute("SELECT page_starts FROM documents WHERE id = ?", (document_id,)).fetchone()
        return () if row is None else tuple(json.loads(row[0]))

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Give passages by id; ids that the library does not know are left out."""
        rows = self._connection.execute(
            f"{_PASSAGE} WHERE p.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return {row[0]: _passage(row) for row in rows}

    def matching(
        self, expression: str, limit: int, document_ids: Sequence[str] | None, title_weight: float
    ) -> list[str]:
        """Give the ids of at most `limit` passages that match an FTS5 expression, best first, ties by id.

        Ranked by BM25; a word in the title counts `title_weight` times, one in the text once. None looks in
        all documents.
        """
        scope, values = "", []
        if document_ids is not None:
            scope = "AND p.document_id IN (SELECT value FROM json_each(?)) "
            values = [json.dumps(list(document_ids))]
        rows = self._connection.execute(
            "SELECT p.id FROM lexical JOIN passages p ON p.number = lexical.rowid"
            f" WHERE lexical MATCH ? {scope}ORDER BY bm25(lexical, ?, 1.0), p.id LIMIT ?",
            (expression, *values, title_weight, limit),
        )
        return [name for (name,) in rows]

    def vectors(self, embedder: str, ids: Sequence[str]) -> Iterator[IndexedPassage]:
        """Give passages with their stored vectors, in the order of `ids`; those without one are left out."""
        for first in range(0, len(ids), _BATCH):
            batch = ids[first : first + _BATCH]
            passages = self.passages(batch)
            rows = self._connection.execute(
                "SELECT p.id, v.vector FROM passages p JOIN vectors v"
                " ON v.key = p.vector_key AND v.embedder = ? WHERE p.id IN (SELECT value FROM json_each(?))",
                (embedder, json.dumps(batch)),
            )
            vectors = {name: _vector(blob) for name, blob in rows}
            for name in batch:
                if name in vectors:
                    yield IndexedPassage(passage=passages[name], vector=vectors[name])

    def check(self) -> list[str]:
        """Read the whole file and give what is wrong with it; empty when nothing is."""
        problems = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        wrong = self._connection.execute(
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
            " WHERE substr(d.text, p.start + 1, p.end - p.start) <> p.text"
        )
        problems += [f"passage {name} is not the text at its place in the document" for (name,) in wrong]
        lexical = self._connection.execute("SELECT count(*) FROM lexical").fetchone()[0]
        if lexical != self.passage_count():
            problems.append(f"the lexical index holds {lexical} passages, the library {self.passage_count()}")
        return problems


def _passage(row: tuple[str, str, str, str, str, int, int, int | None]) -> Passage:
    name, document_id, title, source, text, start, end, page = row
    return Passage(
        id=name,
        document_id=document_id,
        title=title,
        source=source,
        text=text,
        start=start,
        end=end,
        page=page,
    )


def _vector(blob: bytes) -> Vector:
    return np.frombuffer(blob, dtype="<f4").astype(np.float32, copy=False)
