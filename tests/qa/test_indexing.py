"""The vector index follows the library, and no vector is computed twice or mixed with another embedder's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from qa.errors import EmbedderMismatch, LibraryError, LockedError, VectorIndexError
from qa.indexing import Indexer
from qa.interfaces import Vector
from qa.library import PreparedDocument, embedded_text
from qa.writer_lock import WriterLock

Prepare = Callable[..., PreparedDocument]
Put = Callable[..., None]


def held(indexer: Indexer) -> set[str]:
    index = indexer.open_index()
    ids = index.ids()
    index.close()
    return ids


def passage_ids(indexer: Indexer) -> set[str]:
    with indexer.library.snapshot() as snapshot:
        return snapshot.passage_ids()


def generations(indexer: Indexer) -> set[str]:
    return {path.name for path in (indexer.data_dir / "chroma").iterdir()}


@pytest.fixture
def three_documents(put: Put, prepare: Prepare) -> list[PreparedDocument]:
    documents = [prepare(f"{name}.txt", f"{name} purrs.", f"{name} sleeps.") for name in ("cat", "lion", "lynx")]
    put(*documents)
    return documents


def test_the_index_holds_what_the_library_holds(indexer: Indexer, three_documents: object) -> None:
    indexer.embed_missing()
    assert indexer.update_index()
    assert held(indexer) == passage_ids(indexer)
    assert len(held(indexer)) == 6


def test_nothing_to_do_writes_nothing(indexer: Indexer, three_documents: object) -> None:
    assert indexer.repair()
    before = generations(indexer)
    assert not indexer.repair()
    assert generations(indexer) == before


@pytest.mark.parametrize("removed", [["cat.txt"], ["cat.txt", "lion.txt"], ["cat.txt", "lion.txt", "lynx.txt"]])
def test_the_index_follows_small_and_large_changes(
    indexer: Indexer, three_documents: object, put: Put, prepare: Prepare, removed: list[str]
) -> None:
    indexer.repair()
    with indexer.library.transaction():
        indexer.library.remove_documents(removed)
    put(prepare("wolf.txt", "Wolves howl."))
    assert indexer.repair()
    assert held(indexer) == passage_ids(indexer)


def test_an_emptied_library_has_an_empty_index(indexer: Indexer, three_documents: object) -> None:
    indexer.repair()
    with indexer.library.transaction():
        indexer.library.remove_documents(["cat.txt", "lion.txt", "lynx.txt"])
    assert indexer.repair()
    assert held(indexer) == set()
    assert not indexer.repair()


def test_only_missing_vectors_are_computed(
    indexer: Indexer, three_documents: list[PreparedDocument], put: Put, prepare: Prepare
) -> None:
    indexer.repair()
    put(prepare("wolf.txt", "Wolves howl."))
    indexer.embedder.texts.clear()
    assert indexer.repair()
    assert indexer.embedder.texts == ["Title\nWolves howl."]


def test_many_missing_vectors_are_each_stored_with_their_passage(indexer: Indexer, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", *(f"Sentence {number}." for number in range(600))))
    assert indexer.embed_missing() == 600
    with indexer.library.snapshot() as snapshot:
        items = list(snapshot.vectors(indexer.embedder.fingerprint, sorted(snapshot.passage_ids())))
    expected = indexer.embedder.embed([embedded_text(item.passage) for item in items])
    assert np.array_equal([item.vector for item in items], expected)


def test_before_the_first_build_there_is_no_index(indexer: Indexer) -> None:
    with pytest.raises(VectorIndexError, match="`qa index`"):
        indexer.open_index()


def test_an_index_behind_the_library_is_told_unless_that_is_allowed(
    indexer: Indexer, three_documents: object, put: Put, prepare: Prepare
) -> None:
    indexer.repair()
    put(prepare("wolf.txt", "Wolves howl."), prepare("cat.txt", "cat purrs."))
    with pytest.raises(VectorIndexError, match="lacks 1 passages and has 1 too many"):
        indexer.open_index()
    index = indexer.open_index(exact=False)
    assert len(index.ids()) == 6
    index.close()


@pytest.mark.parametrize("damage", ["manifest.json", "chroma.sqlite3"])
def test_a_torn_index_is_made_anew_without_the_embedder(indexer: Indexer, three_documents: object, damage: str) -> None:
    indexer.repair()
    [torn] = generations(indexer)
    (indexer.data_dir / "chroma" / torn / damage).write_bytes(b"torn")
    indexer.embedder.texts.clear()
    assert indexer.repair()
    assert (held(indexer), indexer.embedder.texts) == (passage_ids(indexer), [])
    assert torn not in generations(indexer)


def test_torn_generations_are_swept_up_though_nothing_changed(indexer: Indexer, three_documents: object) -> None:
    indexer.repair()
    before = generations(indexer)
    (indexer.data_dir / "chroma" / "torn").mkdir()
    assert not indexer.repair()
    assert generations(indexer) == before


def test_another_embedder_is_refused_with_the_way_out(
    indexer: Indexer, three_documents: object, new_embedder: type
) -> None:
    with indexer.library.transaction():
        indexer.library.set_meta(embedder=indexer.embedder.fingerprint)
    other = dataclasses.replace(indexer, embedder=new_embedder(accent="é"))
    with pytest.raises(EmbedderMismatch, match=r"hashing/64, now hashing/64é.*`qa index --rebuild`"):
        other.repair()
    assert other.embedder.texts == []


def test_an_index_of_another_embedder_is_never_used(
    indexer: Indexer, three_documents: object, new_embedder: type
) -> None:
    indexer.repair()
    other = dataclasses.replace(indexer, embedder=new_embedder(accent="é"))
    other.embed_missing()
    with pytest.raises(VectorIndexError):  # though the ids of its passages are the library's
        other.open_index()
    assert other.update_index()
    index = other.open_index()
    assert index.nearest(other.embedder.embed(["Title\ncat purrs."])[0], 1)[0].similarity > 0.99
    index.close()


class Faulty:
    """Gives the same vectors whatever it is asked."""

    fingerprint, dimensions = "faulty", 2

    def __init__(self, vectors: Sequence[Sequence[float]]) -> None:
        self._vectors = np.array(vectors, dtype=np.float32)

    def embed(self, texts: Sequence[str]) -> Vector:
        return self._vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]


@pytest.mark.parametrize(
    "vectors",
    [
        [[1, 0], [float("nan"), 0]],
        [[1, 0], [float("inf"), 0]],
        [[1, 0], [0, 0]],
        [[1, 0], [3, 4]],
        [[1, 0, 0], [1, 0, 0]],
        [[1, 0]],
        [[1, 0], [1, 0], [1, 0]],
    ],
)
def test_vectors_that_cannot_be_used_are_not_stored(
    indexer: Indexer, put: Put, prepare: Prepare, vectors: list[list[float]]
) -> None:
    document = prepare("a.txt", "Cats purr.", "Dogs bark.")
    put(document)
    faulty = dataclasses.replace(indexer, embedder=Faulty(vectors))
    with pytest.raises(LibraryError, match="check its model"):
        faulty.repair()
    assert indexer.library.missing_vectors("faulty") == sorted(passage.id for passage in document.passages)


def test_repair_is_refused_while_another_writes(indexer: Indexer, three_documents: object) -> None:
    with WriterLock(indexer.data_dir), pytest.raises(LockedError):
        indexer.repair()
    assert indexer.repair()


def test_a_full_disk_leaves_the_index_that_was(
    indexer: Indexer,
    three_documents: object,
    put: Put,
    prepare: Prepare,
    full_disk: Callable[[int], None],
) -> None:
    indexer.repair()
    before = held(indexer)
    put(*(prepare(f"{number}.txt", "Wolves howl.") for number in range(2)))
    indexer.embed_missing()
    full_disk(150_000)
    with pytest.raises(VectorIndexError, match="free space"):
        indexer.repair()
    index = indexer.open_index(exact=False)
    assert index.ids() == before
    index.close()
