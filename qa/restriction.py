"""The restriction of a question to some documents, checked against those that are indexed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.errors import QuestionError
from qa.snapshot import Snapshot

Where = Mapping[str, str | Sequence[str]]
"""Restricts a question to some documents: {"document_id": "a.txt"} or {"document_id": ["a.txt", "b.txt"]}."""


def restricted_to(snapshot: Snapshot, where: Where | None) -> list[str] | None:
    """Give the ids of the documents that a question is restricted to; None means all.

    Raises:
        QuestionError: It restricts by something else, or names no indexed document.
    """
    if where is None:
        return None
    if set(where) != {"document_id"}:
        given = ", ".join(map(repr, where)) or "nothing"
        raise QuestionError(f"`where` can restrict by document_id only, not by {given}.")
    value = where["document_id"]
    names = [value] if isinstance(value, str) else value or ()
    # A name from the command line may hold bytes that are not UTF-8; no document is called so.
    document_ids = [str(name).encode("utf-8", "replace").decode() for name in names]
    if not document_ids:
        raise QuestionError("`where` names no document; leave it out to search in all of them.")
    if unknown := snapshot.unknown_documents(document_ids):
        raise QuestionError(f"No document {unknown[0]!r} is indexed; `qa status` lists those that are.")
    return document_ids
