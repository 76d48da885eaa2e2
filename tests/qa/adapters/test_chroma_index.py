"""Generations of the vector index: complete or absent, never changed, never half read."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from qa.adapters.chroma_index import ChromaIndex, ChromaStore
from qa.domain import Passage
from qa.errors import VectorIndexError
from qa.interfaces import IndexedPassage, Neighbour

# From 1,000 records on, Chroma keeps vectors in files of their own.
MANY = 1200
DIMENSIONS = 8


def item(number: int, document_id: str = "a.txt", vector: object = None) -> IndexedPassage:
    if vector is None:
        vector = np.random.default_rng(number).normal(size=DIMENSIONS)
    vector = np.asarray(vector, dtype=np.float32)
    passage = Passage(
        id=f"{number:032x}",
        document_id=document_id,
        title="Title",
        source="source",
        text=f"Text {number}.",
        start=0,
        end=7,
        page=None,
    )
    return IndexedPassage(passage=passage, vector=vector / np.linalg.norm(vector))


def ids(*numbers: int) -> set[str]:
    return {f"{number:032x}" for number in numbers}


def files(folder: Path) -> dict[str, str]:
    """Give each file's hash by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Folders with one generation each, by the number of passages that it holds."""
    folders = {}
    for count in (3, MANY):
        folders[count] = tmp_path_factory.mktemp("built") / "chroma"
        ChromaStore(folders[count]).build(None, [], (item(number) for number in range(count)))
    return folders


@pytest.fixture
def copied(built: dict[int, Path], tmp_path: Path) -> Callable[[int], tuple[ChromaStore, str]]:
    """Give a store that holds one generation of so many passages, and the generation's name."""

    def copy(count: int) -> tuple[ChromaStore, str]:
        shutil.copytree(built[count], tmp_path / "chroma", dirs_exist_ok=True)
        [generation] = [path.name for path in (tmp_path / "chroma").iterdir()]
        return ChromaStore(tmp_path / "chroma"), generation

    return copy


@pytest.fixture
def opened(store: ChromaStore) -> Iterator[Callable[[str], ChromaIndex]]:
    """Open a generation of `store` that is closed after the test."""
    indexes: list[ChromaIndex] = []

    def open_it(generation: str) -> ChromaIndex:
        indexes.append(store.open(generation))
        return indexes[-1]

    yield open_it
    for index in indexes:
        index.close()


Copied = Callable[[int], tuple[ChromaStore, str]]
Opened = Callable[[str], ChromaIndex]


def test_the_nearest_come_first_with_their_cosine(store: ChromaStore, opened: Opened) -> None:
    index = opened(store.build(None, [], [item(1, vector=[1, 0]), item(2, vector=[3, 4]), item(3, vector=[-1, 0])]))
    found = index.nearest(item(0, vector=[1, 0]).vector, 5)
    assert [neighbour.passage_id for neighbour in found] == [f"{number:032x}" for number in (1, 2, 3)]
    assert [neighbour.similarity for neighbour in found] == pytest.approx([1.0, 0.6, -1.0], abs=1e-6)


def test_ties_go_by_id(store: ChromaStore, opened: Opened) -> None:
    index = opened(store.build(None, [], [item(number, vector=[3, 4]) for number in (7, 2, 9, 4)]))
    found = index.nearest(item(0, vector=[3, 4]).vector, 3)
    assert found == sorted(found, key=lambda neighbour: neighbour.passage_id)
    assert {round(neighbour.similarity, 6) for neighbour in found} == {1.0}


def test_no_more_than_the_limit_are_found(store: ChromaStore, opened: Opened) -> None:
    index = opened(store.build(None, [], [item(number) for number in range(9)]))
    assert [len(index.nearest(item(0).vector, limit)) for limit in (1, 4, 50)] == [1, 4, 9]


@pytest.mark.parametrize(
    ("document_ids", "expected"),
    [(["b.txt"], [2]), (["a.txt", "b.txt"], [1, 2]), (["z.txt"], []), ([], []), (None, [1, 2, 3])],
)
def test_a_search_can_be_kept_to_some_documents(
    store: ChromaStore, opened: Opened, document_ids: list[str] | None, expected: list[int]
) -> None:
    documents = {1: "a.txt", 2: "b.txt", 3: "c.txt"}
    index = opened(store.build(None, [], [item(number, name) for number, name in documents.items()]))
    found = index.nearest(item(0).vector, 5, document_ids)
    assert {neighbour.passage_id for neighbour in found} == ids(*expected)


def test_an_empty_generation_finds_nothing(store: ChromaStore, opened: Opened) -> None:
    index = opened(store.build(None, [], []))
    assert (index.ids(), index.nearest(item(0).vector, 5)) == (set(), [])


@pytest.mark.parametrize("count", [3, MANY])
def test_a_generation_made_from_another_holds_what_was_asked(copied: Copied, count: int) -> None:
    store, base = copied(count)
    before = files(store_folder(store) / base)
    generation = store.build(base, sorted(ids(1)), [item(count), item(count + 1)])
    index = store.open(generation)
    assert index.ids() == ids(0, *range(2, count + 2))
    assert index.nearest(item(count).vector, 1)[0].similarity == pytest.approx(1.0, abs=1e-5)
    assert ids(1).isdisjoint(neighbour.passage_id for neighbour in index.nearest(item(1).vector, 5))
    index.close()
    assert files(store_folder(store) / base) == before


@pytest.mark.parametrize("count", [3, MANY])
def test_readers_leave_a_generation_whole(copied: Copied, count: int) -> None:
    store, generation = copied(count)
    for _ in range(3):
        index = store.open(generation)
        assert index.ids() == ids(*range(count))
        assert index.nearest(item(2).vector, 1)[0].passage_id == f"{2:032x}"
        index.close()


def test_more_passages_than_chroma_takes_at_once(store: ChromaStore, opened: Opened) -> None:
    index = opened(store.build(None, [], (item(number) for number in range(5500))))
    assert index.ids() == ids(*range(5500))
    found = [index.nearest(item(number).vector, 1)[0].passage_id for number in (0, 2750, 5499)]
    assert found == [f"{number:032x}" for number in (0, 2750, 5499)]


def test_a_build_that_fails_half_way_leaves_nothing(copied: Copied) -> None:
    store, base = copied(3)
    before = files(store_folder(store))

    def items() -> Iterator[IndexedPassage]:
        yield from (item(number) for number in range(10, 500))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.build(base, [], items())
    assert files(store_folder(store)) == before


def test_a_vector_of_other_length_is_refused(copied: Copied) -> None:
    store, base = copied(3)
    with pytest.raises(VectorIndexError, match="dimension"):
        store.build(base, [], [item(9, vector=[1, 2, 3])])


def torn_files(count: int) -> list[tuple[int, str, str]]:
    names = ["chroma.sqlite3", "manifest.json"]
    if count == MANY:
        names += [f"*/{name}.bin" for name in ("data_level0", "header", "length", "link_lists")]
        names += ["*/index_metadata.pickle"]
    return [(count, name, how) for name in names for how in ("truncated", "flipped", "deleted", "emptied")]


@pytest.mark.parametrize(("count", "name", "how"), torn_files(3) + torn_files(MANY))
def test_a_torn_file_never_reaches_chroma(copied: Copied, count: int, name: str, how: str) -> None:
    store, generation = copied(count)
    [path] = (store_folder(store) / generation).glob(name)
    tear(path, how)
    with pytest.raises(VectorIndexError, match=r"torn; run `qa doctor`"):
        store.open(generation)


def test_any_flipped_byte_of_the_database_is_noticed(copied: Copied) -> None:
    store, generation = copied(3)
    path = store_folder(store) / generation / "chroma.sqlite3"
    whole = path.read_bytes()
    for position in range(0, len(whole), 9973):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises(VectorIndexError):
            store.open(generation)


def test_a_deleted_folder_is_reported(copied: Copied) -> None:
    store, generation = copied(3)
    shutil.rmtree(store_folder(store))
    with pytest.raises(VectorIndexError, match="missing"):
        store.open(generation)


def test_a_generation_that_was_never_finished_is_refused(copied: Copied) -> None:
    store, generation = copied(3)
    (store_folder(store) / generation / "manifest.json").unlink()
    with pytest.raises(VectorIndexError, match="missing or torn"):
        store.open(generation)


def test_a_panic_of_chroma_is_translated(copied: Copied) -> None:
    store, generation = copied(3)
    folder = store_folder(store) / generation
    zero_first_page_of(folder / "chroma.sqlite3", "migrations")
    with pytest.raises(VectorIndexError, match="malformed") as error:
        ChromaIndex(folder, [])  # past the comparison of hashes
    assert not isinstance(error.value.__cause__, Exception), "this no longer shows what it should: no panic"


def test_an_index_that_chroma_cannot_search_is_reported(copied: Copied) -> None:
    store, generation = copied(3)
    folder = store_folder(store) / generation
    zero_first_page_of(folder / "chroma.sqlite3", "embeddings_queue")
    index = ChromaIndex(folder, [])
    with pytest.raises(VectorIndexError, match="`qa doctor`"):
        index.nearest(item(0).vector, 1)
    index.close()


@pytest.mark.parametrize("largest", [100_000, 250_000, 1_000_000])
def test_a_full_disk_is_reported_and_leaves_nothing(
    store: ChromaStore, full_disk: Callable[[int], None], largest: int
) -> None:
    base = store.build(None, [], [item(1, vector=np.arange(384))])
    before = files(store_folder(store))
    full_disk(largest)
    many = (item(number, vector=np.random.default_rng(number).normal(size=384)) for number in range(2, 1500))
    with pytest.raises(VectorIndexError, match=r"could not be written .*free space"):
        store.build(base, [], many)
    assert files(store_folder(store)) == before
    index = store.open(base)
    assert index.ids() == ids(1)
    index.close()


def test_a_short_vector_file_is_not_accepted(store: ChromaStore, full_disk: Callable[[int], None]) -> None:
    # hnswlib does not look whether it could write: of all files, only that of the vectors is over the limit here.
    wide = [item(number, vector=np.random.default_rng(number).normal(size=384)) for number in range(3000)]
    full_disk(4_600_000)
    with pytest.raises(VectorIndexError, match=r"was not written whole.*free space"):
        store.build(None, [], wide)


def test_only_the_named_generation_is_kept(copied: Copied) -> None:
    store, generation = copied(3)
    store.build(None, [], [item(1)])
    (store_folder(store) / "torn").mkdir()
    store.discard_all_but(generation)
    assert [path.name for path in store_folder(store).iterdir()] == [generation]
    store.discard_all_but(None)
    assert list(store_folder(store).iterdir()) == []


def test_the_size_is_that_of_all_files(tmp_path: Path, copied: Copied) -> None:
    store, _ = copied(3)
    expected = sum(path.stat().st_size for path in (tmp_path / "chroma").rglob("*") if path.is_file())
    assert store.size_bytes() == expected > 0
    assert ChromaStore(tmp_path / "nowhere").size_bytes() == 0


def test_two_readers_share_a_generation(copied: Copied) -> None:
    store, generation = copied(MANY)
    one, other = store.open(generation), store.open(generation)
    expected = [Neighbour(passage_id=f"{5:032x}", similarity=pytest.approx(1.0, abs=1e-5))]  # type: ignore[arg-type]
    assert one.nearest(item(5).vector, 1) == other.nearest(item(5).vector, 1) == expected
    one.close()
    assert other.nearest(item(5).vector, 1) == expected
    other.close()


def store_folder(store: ChromaStore) -> Path:
    return store._folder


def tear(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "deleted":
        path.unlink()
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "truncated":
        os.truncate(path, len(content) // 2)
    else:
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])


def zero_first_page_of(database: Path, table: str) -> None:
    connection = sqlite3.connect(database)
    [[page]] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
    [[size]] = connection.execute("PRAGMA page_size")
    connection.close()
    with database.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(bytes(size))
