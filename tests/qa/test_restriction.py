"""Which documents a question may be restricted to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.errors import QuestionError
from qa.library import Library, PreparedDocument
from qa.restriction import restricted_to


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (None, None),
        ({"document_id": "a.txt"}, ["a.txt"]),
        ({"document_id": ["b.txt", "a.txt"]}, ["b.txt", "a.txt"]),
    ],
)
def test_documents_that_are_indexed_can_be_named(
    library: Library,
    put: Callable[..., None],
    prepare: Callable[..., PreparedDocument],
    where: dict[str, str | list[str]] | None,
    ids: list[str] | None,
) -> None:
    put(prepare("a.txt", "Ada."), prepare("b.txt", "Bob."))
    with library.snapshot() as snapshot:
        assert restricted_to(snapshot, where) == ids


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"title": "A"}, "by document_id only, not by 'title'"),
        ({}, "not by nothing"),
        ({"document_id": []}, "names no document"),
        ({"document_id": ["a.txt"]}, "No document 'a.txt' is indexed"),
    ],
)
def test_anything_else_is_refused(library: Library, where: dict[str, str | list[str]], message: str) -> None:
    with library.snapshot() as snapshot, pytest.raises(QuestionError, match=message):
        restricted_to(snapshot, where)
