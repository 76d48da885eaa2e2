"""Other processes for the tests: one that holds the lock, one that writes, and one that kills writers.

python child_processes.py hold DATA_DIR            says "held", and holds the lock until it is killed
python child_processes.py write CORPUS DATA_DIR    writes edition after edition until it is killed
python child_processes.py kill FOLDER TIMES        kills writers; says what was lost, "nothing" when nothing was
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path

from qa.writer_lock import WriterLock


def hold(data_dir: Path) -> None:
    with WriterLock(data_dir):
        print("held", flush=True)
        time.sleep(600)


def write(corpus: Path, data_dir: Path) -> None:
    """Write editions: in each, every document of the corpus carries the edition's number."""
    bot = _open(corpus, data_dir)
    for edition in count(2):
        for path in sorted(corpus.glob("*.txt")):
            _write_whole(path, f"Edition {edition} of {path.name}.")
        bot.sync()
        print(edition, flush=True)


def kill(folder: Path, times: int) -> None:
    """Kill a writer so many times, each time at a random moment, and look what is left.

    This process imports everything and opens nothing, so that forks of it start at once.
    """
    import chromadb  # noqa: F401
    import llama_index.core.node_parser  # noqa: F401

    import qa.api  # noqa: F401

    rng = random.Random(os.environ.get("KILL_SEED", "1"))
    folder.joinpath("corpus").mkdir()
    lost = [line for turn in range(times) if (line := _killed_once(folder, rng, turn))]
    print("; ".join(lost) or "nothing")


def _killed_once(folder: Path, rng: random.Random, turn: int) -> str:
    events, sign = os.pipe()
    writer = _fork(lambda: _write_at_random(folder, random.Random(rng.random()), sign))
    os.close(sign)
    # At a random event, so that the moment is as random on a slow machine, and a moment after it.
    for _ in range(rng.randrange(1, 90)):
        os.read(events, 1)
    time.sleep(rng.uniform(0, 0.15))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    os.close(events)
    _, status = os.waitpid(_fork(lambda: _check(folder)), 0)
    return "" if status == 0 else f"kill {turn}: status {status}"


def _fork(work: object) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()  # type: ignore[operator]
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def _write_at_random(folder: Path, rng: random.Random, sign: int) -> None:
    """Change a few files, sync, and note down what the sync has acknowledged; again and again.

    Writes a byte to `sign` for each file that a sync looks at.
    """
    bot = _open(folder / "corpus", folder / "data")
    for turn in count():
        for number in rng.sample(range(30), 8):
            path = folder / "corpus" / f"{number}.txt"
            if path.exists() and rng.random() < 0.3:
                path.unlink()
            else:
                words = (f"Document {number}, version {turn} {rng.random()}, part {part}." for part in range(20))
                _write_whole(path, "\n\n".join(words))
        bot.sync(progress=lambda *_: os.write(sign, b"."))
        _write_whole(folder / "acknowledged.json", json.dumps(_files(folder)))


def _check(folder: Path) -> None:
    """Make sure that what was acknowledged is there, and that the index is mended without the embedder."""
    noted = folder / "acknowledged.json"
    acknowledged = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {}
    present = _files(folder)
    bot = _open(folder / "corpus", folder / "data", auto_sync=False)
    indexer = bot.corpus_sync.indexer
    held = _library_texts(bot)
    for name in acknowledged.keys() | held.keys():
        versions = [acknowledged.get(name), present.get(name)]
        assert held.get(name) in versions, f"{name} is {held.get(name)!r}, not one of {versions}"
    if held:
        print("MENDED" if indexer.repair() else "WHOLE", len(list((folder/"data"/"chroma").glob("*"))), acknowledged!=held, held!=present, flush=True)
        assert indexer.embedder.texts == [], "the embedder was called"  # type: ignore[attr-defined]
        _check_searchable(bot)
    if present:
        bot.sync()
        assert _library_texts(bot) == present, "the next sync does not make up for it"
        _check_searchable(bot)
    assert len(list((folder / "data" / "chroma").glob("*"))) <= 1, "torn generations are left"
    noted.write_text(json.dumps(_library_texts(bot)), encoding="utf-8")


def _check_searchable(bot: object) -> None:
    indexer = bot.corpus_sync.indexer  # type: ignore[attr-defined]
    index = indexer.open_index()  # compares ids
    with indexer.library.snapshot() as snapshot:
        assert snapshot.check() == []
        items = list(snapshot.vectors(indexer.embedder.fingerprint, sorted(snapshot.passage_ids())))
        words = [f'"Document {item.passage.document_id.removesuffix(".txt")}"' for item in items]
        by_words = [snapshot.matching(word, 9999, None, 1.0) for word in words]
    by_vector = [index.nearest(item.vector, 1)[0].similarity > 0.999 for item in items]
    index.close()
    assert all(item.passage.id in found for item, found in zip(items, by_words, strict=True))
    # The search is approximate: rarely, of texts as alike as these, it does not reach a few.
    assert sum(by_vector) >= 0.9 * len(items), f"{sum(by_vector)} of {len(items)} found by their vector"


def _library_texts(bot: object) -> dict[str, str]:
    with bot.library.snapshot() as snapshot:  # type: ignore[attr-defined]
        return {
            document.id: snapshot.text_of(document.id, 0, document.characters) or ""
            for document in snapshot.documents()
        }


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.joinpath("corpus").glob("*.txt")}


def _write_whole(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)


def _open(corpus: Path, data_dir: Path, **settings: object):  # type: ignore[no-untyped-def]
    from conftest import WatchedEmbedder

    import qa.syncing
    from qa.api import open_chatbot
    from qa.settings import Settings

    qa.syncing.GROUP_PASSAGES = 4  # several transactions a sync
    chosen = Settings(corpus_dir=corpus, data_dir=data_dir, passage_tokens=32, overlap_tokens=0, **settings)  # type: ignore[arg-type]
    return open_chatbot(chosen, embedder=WatchedEmbedder())


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    if task == "hold":
        hold(Path(arguments[0]))
    elif task == "write":
        write(Path(arguments[0]), Path(arguments[1]))
    else:
        kill(Path(arguments[0]), int(arguments[1]))
