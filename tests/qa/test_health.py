"""Status tells what is indexed; the doctor finds what is wrong and mends the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.chatbot import Chatbot
from qa.errors import EmbedderMismatch, LockedError
from qa.health import Examination, Finding, examine, status_of
from qa.interfaces import IndexedPassage
from qa.snapshot import DocumentInfo
from qa.writer_lock import WriterLock

OpenBot = Callable[..., Chatbot]

WHOLE = Finding(what="The library is whole; its passages (3) are the text at their place.", ok=True)
AGREES = Finding(what="The vector index holds the library's passages, and each one looked up is found.", ok=True)


def test_before_the_first_sync_nothing_is_indexed(bot: Chatbot) -> None:
    status = status_of(bot)
    assert (status.documents, status.passages, status.embedder, status.last_sync) == ((), 0, None, None)
    assert examine(bot).healthy
    assert "`qa index`" in examine(bot).findings[-1].what


def test_status_tells_what_is_indexed(bot: Chatbot, corpus: Path, tmp_path: Path) -> None:
    bot.sync()
    status = status_of(bot)
    assert (status.corpus_dir, status.data_dir) == (corpus, tmp_path / "data")
    assert status.documents[1] == DocumentInfo(
        id="nature/otter.md", title="Otters", encoding="utf-8", characters=74, passages=1
    )
    assert (len(status.documents), status.passages, status.embedder) == (3, 3, "hashing/64")
    assert min(status.library_bytes, status.index_bytes) > 10_000
    assert status.last_sync is not None and status.last_sync.endswith("Z")


def test_what_is_whole_is_healthy(bot: Chatbot) -> None:
    bot.sync()
    assert examine(bot) == Examination(findings=(WHOLE, AGREES))
    assert examine(bot).healthy


def test_a_torn_index_is_mended(bot: Chatbot, tmp_path: Path) -> None:
    bot.sync()
    [database] = (tmp_path / "data").glob("chroma/*/chroma.sqlite3")
    database.write_bytes(b"torn")
    examination = examine(bot)
    assert examination.healthy
    [library, index] = examination.findings
    assert (library, index.ok, index.mended) == (WHOLE, False, True)
    assert index.what.startswith("The vector index ") and index.what.endswith("Made anew from the library.")
    assert examine(bot) == Examination(findings=(WHOLE, AGREES))


def test_a_wrong_vector_in_the_index_is_found_and_mended(bot: Chatbot) -> None:
    bot.sync()
    indexer = bot.corpus_sync.indexer
    with bot.library.snapshot() as snapshot:
        items = list(snapshot.vectors("hashing/64", sorted(snapshot.passage_ids())))
    wrong = np.eye(1, 64, dtype=np.float32)[0]
    generation = indexer.store.build(None, [], [IndexedPassage(passage=items[0].passage, vector=wrong), *items[1:]])
    with bot.library.transaction():
        bot.library.set_meta(index_generation=generation)
    finding = examine(bot).findings[-1]
    passage = items[0].passage.id
    expected = f"The vector index does not find passage {passage} by its own vector. Made anew from the library."
    assert finding == Finding(what=expected, ok=False, mended=True)
    assert examine(bot) == Examination(findings=(WHOLE, AGREES))


def test_a_damaged_library_is_told_and_not_touched(bot: Chatbot, tmp_path: Path) -> None:
    bot.sync()
    connection = sqlite3.connect(tmp_path / "data" / "library.sqlite3", isolation_level=None)
    connection.execute('UPDATE passages SET start = start + 1, "end" = "end" + 1 WHERE number = 1')
    connection.close()
    [finding] = examine(bot).findings
    assert (finding.ok, finding.mended, examine(bot).healthy) == (False, False, False)
    assert finding.what.endswith("Move the data folder away and run `qa index`.")


def test_mending_is_refused_while_another_writes(bot: Chatbot, tmp_path: Path) -> None:
    bot.sync()
    [manifest] = (tmp_path / "data").glob("chroma/*/manifest.json")
    manifest.unlink()
    with WriterLock(tmp_path / "data"), pytest.raises(LockedError):
        examine(bot)
    assert examine(bot).healthy


def test_another_embedder_is_told(open_bot: OpenBot, new_embedder: Any) -> None:
    open_bot().sync()
    with pytest.raises(EmbedderMismatch, match="`qa index --rebuild`"):
        examine(open_bot(embedder=new_embedder(accent="é")))
