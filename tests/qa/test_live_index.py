"""Questions are searched in a whole index: mended, swapped, or done without, never wrong."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from qa.errors import EmbedderMismatch
from qa.indexing import Indexer
from qa.interfaces import PassageIndex
from qa.library import PreparedDocument
from qa.live_index import BEING_INDEXED, LiveIndex
from qa.writer_lock import WriterLock

OtherProcess = Callable[..., AbstractContextManager[Any]]
Prepare = Callable[..., PreparedDocument]
Put = Callable[..., None]
OpenBot = Callable[..., Any]


@pytest.fixture
def live(indexer: Indexer, put: Put, prepare: Prepare) -> Iterator[LiveIndex]:
    """The live index of a library with two documents, whole."""
    put(prepare("cat.txt", "Cats purr."), prepare("dog.txt", "Dogs bark."))
    indexer.repair()
    indexer.embedder.texts.clear()
    live = LiveIndex(indexer)
    yield live
    live.close()


def current(live: LiveIndex, indexer: Indexer) -> tuple[PassageIndex | None, tuple[str, ...]]:
    with indexer.library.snapshot() as snapshot:
        return live.current(snapshot)


def agrees(index: PassageIndex | None, indexer: Indexer) -> bool:
    with indexer.library.snapshot() as snapshot:
        return index is not None and index.ids() == snapshot.passage_ids()


def generation_folder(indexer: Indexer) -> Path:
    [folder] = (indexer.data_dir / "chroma").iterdir()
    return folder


def test_a_whole_index_stays_open(live: LiveIndex, indexer: Indexer) -> None:
    index, notices = current(live, indexer)
    assert agrees(index, indexer)
    assert current(live, indexer) == (index, ()) == (index, notices)


def test_a_sync_swaps_the_index(live: LiveIndex, indexer: Indexer, put: Put, prepare: Prepare) -> None:
    before, _ = current(live, indexer)
    put(prepare("wolf.txt", "Wolves howl."))
    indexer.repair()
    index, notices = current(live, indexer)
    assert (agrees(index, indexer), index is before, notices) == (True, False, ())


@pytest.mark.parametrize("damage", ["truncated", "flipped", "page", "no database", "no manifest", "no folder"])
def test_a_torn_index_is_mended_without_the_embedder(live: LiveIndex, indexer: Indexer, damage: str) -> None:
    tear(generation_folder(indexer), damage)
    index, notices = current(live, indexer)
    assert (agrees(index, indexer), notices, indexer.embedder.texts) == (True, (), [])


def test_an_index_behind_is_mended(live: LiveIndex, indexer: Indexer, put: Put, prepare: Prepare) -> None:
    current(live, indexer)
    put(prepare("wolf.txt", "Wolves howl."))  # and then the process that wrote it was killed
    index, notices = current(live, indexer)
    assert (agrees(index, indexer), notices) == (True, ())


@pytest.mark.parametrize("opened_before", [True, False])
def test_while_another_process_indexes_the_present_index_serves(
    live: LiveIndex, indexer: Indexer, put: Put, prepare: Prepare, other_process: OtherProcess, opened_before: bool
) -> None:
    before = current(live, indexer)[0] if opened_before else None
    with other_process("hold", indexer.data_dir) as holder:
        assert holder.stdout.readline() == "held\n"
        put(prepare("wolf.txt", "Wolves howl."))
        for _ in range(2):
            index, notices = current(live, indexer)
            assert (len(index.ids()), notices) == (2, (BEING_INDEXED,))
        assert before in (None, index)
    holder.wait()
    index, notices = current(live, indexer)
    assert (agrees(index, indexer), notices) == (True, ())


def test_a_torn_index_that_cannot_be_mended_now_is_done_without(live: LiveIndex, indexer: Indexer) -> None:
    tear(generation_folder(indexer), "truncated")
    with WriterLock(indexer.data_dir):
        index, [notice] = current(live, indexer)
    assert index is None
    assert notice.startswith("Searched by words alone: The vector index ")


def test_a_torn_index_on_a_full_disk_is_done_without(
    live: LiveIndex, indexer: Indexer, full_disk: Callable[[int], None]
) -> None:
    tear(generation_folder(indexer), "truncated")
    full_disk(100_000)
    index, [notice] = current(live, indexer)
    assert (index, "free space" in notice) == (None, True)
    full_disk(100_000_000)
    assert agrees(current(live, indexer)[0], indexer)


def test_an_index_that_another_embedder_has_replaced_is_refused(
    live: LiveIndex, indexer: Indexer, put: Put, prepare: Prepare
) -> None:
    current(live, indexer)
    with indexer.library.transaction():
        indexer.library.set_meta(embedder="other", index_embedder="other", index_generation="of the other")
    with pytest.raises(EmbedderMismatch, match="`qa index --rebuild`"):
        current(live, indexer)


def test_threads_share_it(live: LiveIndex, indexer: Indexer) -> None:
    found: list[tuple[PassageIndex | None, tuple[str, ...]]] = []
    threads = [threading.Thread(target=lambda: found.append(current(live, indexer))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [current(live, indexer)] * 8


def test_answers_are_right_after_the_whole_index_is_lost(open_bot: OpenBot, tmp_path: Path, new_embedder: Any) -> None:
    open_bot().sync()
    shutil.rmtree(tmp_path / "data" / "chroma")
    embedder = new_embedder()
    [first, *_] = open_bot(embedder=embedder).search("What does the otter eat?")
    assert (first.passage.document_id, first.dense_rank) == ("nature/otter.md", 1)
    assert embedder.texts == ["What does the otter eat?"]


def tear(folder: Path, damage: str) -> None:
    database = folder / "chroma.sqlite3"
    content = bytearray(database.read_bytes())
    if damage == "no folder":
        shutil.rmtree(folder)
    elif damage == "no manifest":
        (folder / "manifest.json").unlink()
    elif damage == "no database":
        database.unlink()
    elif damage == "truncated":
        os.truncate(database, len(content) // 2)
    else:
        content[8192:12288] = bytes(4096) if damage == "page" else content[8192:12287] + b"?"
        database.write_bytes(content)
