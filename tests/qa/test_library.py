"""The library keeps documents whole, changes them all or not at all, and says in one line when it cannot."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from qa.errors import DataDirError, LibraryError, QAError
from qa.interfaces import Vector
from qa.library import Library, PreparedDocument, Stamp, embedded_text, vector_key

Prepare = Callable[..., PreparedDocument]
Put = Callable[..., None]


def unit(*values: float) -> Vector:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def one_line(error: pytest.ExceptionInfo[QAError]) -> bool:
    return "\n" not in str(error.value) and "`qa index`" in str(error.value)


def test_a_document_comes_back_as_it_was_written(library: Library, put: Put, prepare: Prepare) -> None:
    written = prepare("a.txt", "Cats purr.", "Dögs 犬 bark. 🐕", pages=True)
    put(written)
    with library.snapshot() as snapshot:
        found = snapshot.passages([passage.id for passage in written.passages])
        text = snapshot.text_of("a.txt", 0, 10_000)
        pages = snapshot.page_starts("a.txt")
    assert found == {passage.id: passage for passage in written.passages}
    assert (text, pages) == (written.document.text, (0, 11))
    assert library.stamps() == {"a.txt": written.stamp}


def test_a_new_version_leaves_nothing_of_the_old_one(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "Cats purr.", "Cats sleep."))
    new = prepare("a.txt", "Dogs bark.")
    put(new)
    with library.snapshot() as snapshot:
        assert snapshot.passage_ids() == {passage.id for passage in new.passages}
        assert snapshot.matching('"cats"', 9, None, 1.0) == []
        assert snapshot.check() == []


def test_a_removed_document_is_gone_whole(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "Cats purr."), prepare("b.txt", "Cats sleep."))
    with library.transaction():
        library.remove_documents(["a.txt", "never-there.txt"])
    with library.snapshot() as snapshot:
        assert [document.id for document in snapshot.documents()] == ["b.txt"]
        assert len(snapshot.matching('"cats"', 9, None, 1.0)) == snapshot.passage_count() == 1


def test_a_failed_transaction_changes_nothing(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "Cats purr."))
    with pytest.raises(ZeroDivisionError), library.transaction():
        library.put_document(prepare("a.txt", "Dogs bark."))
        library.set_meta(embedder="another")
        raise ZeroDivisionError
    with library.snapshot() as snapshot:
        assert snapshot.text_of("a.txt", 0, 99) == "Cats purr."
        assert snapshot.meta("embedder") is None


def test_equal_texts_share_a_vector(library: Library, put: Put, prepare: Prepare) -> None:
    one, other = prepare("a.txt", "Cats purr."), prepare("b.txt", "Cats purr.")
    put(one, other)
    with library.transaction():
        library.put_vectors("test", [(vector_key(one.passages[0]), unit(3, 4))])
    assert library.missing_vectors("test") == []
    assert one.passages[0].id != other.passages[0].id


def test_a_title_that_the_text_begins_with_is_embedded_once(prepare: Prepare) -> None:
    passages = prepare("a.txt", "Cats", "Cats purr.", "They sleep.", title="Cats").passages
    assert [embedded_text(passage) for passage in passages] == ["Cats", "Cats purr.", "Cats\nThey sleep."]


def test_missing_vectors_are_told_by_embedder(library: Library, put: Put, prepare: Prepare) -> None:
    document = prepare("a.txt", "Cats purr.", "Dogs bark.")
    put(document)
    first, second = document.passages
    with library.transaction():
        library.put_vectors("one", [(vector_key(first), unit(1, 2))])
    assert library.missing_vectors("one") == [second.id]
    assert library.missing_vectors("other") == sorted([first.id, second.id])
    assert library.known_vectors("one", [vector_key(first), vector_key(second), "?"]) == {vector_key(first)}


def test_unused_vectors_are_forgotten(library: Library, put: Put, prepare: Prepare) -> None:
    document = prepare("a.txt", "Cats purr.")
    key = vector_key(document.passages[0])
    put(document)
    with library.transaction():
        library.put_vectors("old", [(key, unit(1, 2))])
        library.put_vectors("new", [(key, unit(1, 2)), ("unused", unit(3, 4))])
        library.forget_unused_vectors("new")
    assert library.known_vectors("old", [key]) == set()
    assert library.known_vectors("new", [key, "unused"]) == {key}


def test_a_new_stamp_changes_nothing_else(library: Library, put: Put, prepare: Prepare) -> None:
    document = prepare("a.txt", "Cats purr.")
    put(document)
    with library.transaction():
        library.restamp("a.txt", Stamp(size=10, modified_ns=77, sha256="not written", splitter="not written"))
    expected = Stamp(size=10, modified_ns=77, sha256=document.stamp.sha256, splitter="test")
    assert library.stamps() == {"a.txt": expected}


@pytest.mark.parametrize("bytes_kept", [600, 4096, 20_000])
def test_a_truncated_file_is_refused_in_one_line(
    tmp_path: Path, library: Library, put: Put, prepare: Prepare, bytes_kept: int
) -> None:
    put(*(prepare(f"{number}.txt", "Cats purr. " * 40) for number in range(50)))
    library.close()
    os.truncate(tmp_path / "library.sqlite3", bytes_kept)
    with pytest.raises(LibraryError) as error, opened(tmp_path / "library.sqlite3") as library:
        library.stamps()
    assert one_line(error)


@pytest.mark.parametrize("content", [b"not a database", b"\x00" * 9000, os.urandom(50_000)])
def test_garbage_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbage.sqlite3"
    path.write_bytes(content)
    with pytest.raises(LibraryError) as error:
        Library(path)
    assert one_line(error)


def test_a_page_of_zeros_anywhere_is_reported_or_harmless(
    tmp_path: Path, library: Library, put: Put, prepare: Prepare
) -> None:
    document = prepare("a.txt", "Cats purr.")
    put(document, *(prepare(f"{number}.txt", "Dogs bark. " * 99) for number in range(20)))
    library.close()
    whole = (tmp_path / "library.sqlite3").read_bytes()
    reported = 0
    for start in range(0, len(whole), 4096):
        damaged = tmp_path / f"{start}.sqlite3"
        damaged.write_bytes(whole[:start] + bytes(4096) + whole[start + 4096 :])
        try:
            use(damaged, document)
        except LibraryError:
            reported += 1
    assert reported > len(whole) // 4096 // 2


def test_a_library_of_a_newer_version_is_left_alone(tmp_path: Path, library: Library) -> None:
    library.close()
    path = tmp_path / "library.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=r"another version .*schema 99.*--data-dir"):
        Library(path)
    assert path.read_bytes() == before


def test_a_folder_in_its_place_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DataDirError, match="--data-dir"):
        Library(tmp_path)


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()
    library = Library(tmp_path / "empty.sqlite3")
    assert library.stamps() == {}
    library.close()


def test_another_programs_database_gets_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE birds (name TEXT)")
    with pytest.raises(LibraryError, match="another program's database"):
        Library(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("birds",)]


def test_a_locked_library_is_no_full_disk(library: Library, put: Put, prepare: Prepare, tmp_path: Path) -> None:
    put(prepare("a.txt", "Cats purr."))
    [(_, _, path)] = library._connection.execute("PRAGMA database_list").fetchall()
    library._connection.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="cannot be used now") as caught:
            put(prepare("b.txt", "Dogs bark."))
    assert "free space" not in str(caught.value)
    assert list(library.stamps()) == ["a.txt"]


def test_an_id_that_is_no_text_is_damage(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "Cats purr."))
    library._connection.execute("PRAGMA foreign_keys = OFF")
    library._connection.execute("UPDATE documents SET id = CAST(x'ff' AS TEXT)")
    with pytest.raises(LibraryError) as caught:
        library.stamps()
    assert one_line(caught)


def test_a_full_disk_is_reported_and_loses_nothing(
    library: Library, put: Put, prepare: Prepare, full_disk: Callable[[int], None]
) -> None:
    put(prepare("a.txt", "Cats purr."))
    full_disk(200_000)
    with pytest.raises(LibraryError, match=r"nothing was changed.*free space"):
        put(prepare("a.txt", "Dogs bark."), prepare("b.txt", "Dogs bark. " * 50_000))
    with library.snapshot() as snapshot:
        assert snapshot.text_of("a.txt", 0, 99) == "Cats purr."
        assert snapshot.check() == []


def test_it_can_be_written_again_when_there_is_room(
    library: Library, put: Put, prepare: Prepare, full_disk: Callable[[int], None]
) -> None:
    full_disk(200_000)
    with pytest.raises(LibraryError):
        put(prepare("a.txt", "Dogs bark. " * 50_000))
    full_disk(10_000_000)
    put(prepare("a.txt", "Dogs bark. " * 50_000))
    assert list(library.stamps()) == ["a.txt"]


def opened(path: Path) -> closing[Library]:
    return closing(Library(path))


def use(path: Path, document: PreparedDocument) -> None:
    """Read and write everything that a library holds."""
    with opened(path) as library:
        library.stamps()
        library.missing_vectors("test")
        library.known_vectors("test", ["key"])
        with library.snapshot() as snapshot:
            snapshot.documents()
            snapshot.passages(sorted(snapshot.passage_ids()))
            snapshot.matching('"dogs"', 9, None, 1.0)
            list(snapshot.vectors("test", sorted(snapshot.passage_ids())))
            snapshot.check()
        with library.transaction():
            library.put_document(document)
            library.set_meta(fact="value")
            library.forget_unused_vectors("test")
