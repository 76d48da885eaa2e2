"""A sync does what has changed, nothing else, and survives whatever happens to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import qa.syncing
from qa.adapters.hashing_embedder import HashingEmbedder
from qa.api import open_chatbot
from qa.chatbot import Chatbot
from qa.corpus import list_corpus, parse_document, read_bytes
from qa.domain import FailedFile, Passage, SyncReport
from qa.errors import CorpusError, EmbedderMismatch, LibraryError, VectorIndexError
from qa.settings import Settings
from qa.splitting import make_passages

OpenBot = Callable[..., Chatbot]
OtherProcess = Callable[..., AbstractContextManager[Any]]

NAMES = ("company/wework.txt", "nature/otter.md", "nature/volcano.txt")


def report(found: SyncReport) -> dict[str, Any]:
    """Give what a report says, but for the time and what is empty."""
    names = ("added", "updated", "removed", "renamed", "unchanged", "failed", "passages", "embedded")
    return {name: value for name in names if (value := getattr(found, name))}


def texts(bot: Chatbot) -> dict[str, str | None]:
    with bot.library.snapshot() as snapshot:
        return {document.id: snapshot.text_of(document.id, 0, 10_000) for document in snapshot.documents()}


def indexed(bot: Chatbot) -> set[str]:
    """Give the ids that the index holds; fails when they are not the library's."""
    with closing(bot.corpus_sync.indexer.open_index()) as index:
        return index.ids()


def storage(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Give every stored file's bytes and time of change; locks and SQLite's shared memory are no storage."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("writer.lock", "library.sqlite3-shm")
    }


def test_the_first_sync_adds_every_document(bot: Chatbot) -> None:
    assert report(bot.sync()) == {"added": NAMES, "passages": 3, "embedded": 3}
    assert len(indexed(bot)) == 3


def test_nothing_changed_means_nothing_written(tmp_path: Path, open_bot: OpenBot, new_embedder: Any) -> None:
    open_bot().sync()
    before, bot = storage(tmp_path / "data"), open_bot(embedder=new_embedder())
    for _ in range(2):
        assert report(bot.sync()) == {"unchanged": NAMES, "passages": 3}
    assert (storage(tmp_path / "data"), bot.corpus_sync.indexer.embedder.calls) == (before, 0)


def test_asking_writes_nothing_to_the_library_and_the_index(tmp_path: Path, open_bot: OpenBot) -> None:
    open_bot().sync()
    before = storage(tmp_path / "data")
    open_bot().ask("What does the otter eat?")
    after = storage(tmp_path / "data")
    # Chroma writes the vector files of a small index anew, and never reads them.
    assert {name for name in before if before[name] != after[name] and not name.endswith(".bin")} == set()


def test_a_touched_file_with_the_same_bytes_is_unchanged(
    tmp_path: Path, open_bot: OpenBot, corpus: Path, new_embedder: Any
) -> None:
    open_bot().sync()
    chroma = storage(tmp_path / "data" / "chroma")
    os.utime(corpus / NAMES[0], ns=(1, 1))
    bot = open_bot(embedder=new_embedder())
    assert report(bot.sync()) == {"unchanged": NAMES, "passages": 3}
    assert (storage(tmp_path / "data" / "chroma"), bot.corpus_sync.indexer.embedder.calls) == (chroma, 0)
    assert bot.library.stamps()[NAMES[0]].modified_ns == 1


def test_a_renamed_file_keeps_its_vectors(open_bot: OpenBot, corpus: Path, new_embedder: Any) -> None:
    open_bot().sync()
    (corpus / "nature/otter.md").rename(corpus / "nature/sea.md")
    bot = open_bot(embedder=new_embedder())
    assert report(bot.sync()) == {
        "renamed": (("nature/otter.md", "nature/sea.md"),),
        "unchanged": (NAMES[0], NAMES[2]),
        "passages": 3,
    }
    assert bot.corpus_sync.indexer.embedder.calls == 0
    assert [ranked.passage.document_id for ranked in bot.search("kelp", limit=1)] == ["nature/sea.md"]


def test_a_removed_document_is_not_found_any_more(bot: Chatbot, corpus: Path) -> None:
    bot.sync()
    (corpus / "nature/otter.md").unlink()
    expected = {"removed": ("nature/otter.md",), "unchanged": (NAMES[0], NAMES[2]), "passages": 2}
    assert report(bot.sync()) == expected
    assert "nature/otter.md" not in {found.passage.document_id for found in bot.search("otter kelp")}
    assert len(indexed(bot)) == 2


def test_an_updated_document_is_found_by_its_new_words_only(bot: Chatbot, corpus: Path) -> None:
    bot.sync()
    (corpus / "nature/otter.md").write_text("# Otters\n\nThe otter juggles pebbles.", "utf-8")
    expected = {"updated": ("nature/otter.md",), "unchanged": (NAMES[0], NAMES[2]), "passages": 3, "embedded": 1}
    assert report(bot.sync()) == expected
    assert bot.ask("What does the otter juggle?").status == "answered"
    assert "fish" not in " ".join(found.passage.text for found in bot.search("otter"))


def test_of_two_files_with_the_same_content_only_the_removed_one_goes(bot: Chatbot, corpus: Path) -> None:
    shutil.copy(corpus / "nature/otter.md", corpus / "copy.md")
    assert report(bot.sync())["embedded"] == 3
    (corpus / "nature/otter.md").unlink()
    assert report(bot.sync())["removed"] == ("nature/otter.md",)
    assert [ranked.passage.document_id for ranked in bot.search("kelp", limit=1)] == ["copy.md"]
    assert indexed(bot) == {found.passage.id for found in bot.search("fish SoftBank Etna")}


def test_a_file_that_becomes_unreadable_keeps_its_last_version(bot: Chatbot, corpus: Path) -> None:
    bot.sync()
    (corpus / "nature/otter.md").write_bytes(b"\x00\x01\x02")
    expected = FailedFile(path="nature/otter.md", reason="it is not text (it holds NUL bytes)")
    assert report(bot.sync())["failed"] == (expected,)
    assert bot.ask("What does the otter eat?").status == "answered"


def test_an_emptied_corpus_folder_removes_nothing(bot: Chatbot, corpus: Path) -> None:
    bot.sync()
    shutil.rmtree(corpus)
    corpus.mkdir()  # like a mount that is gone
    with pytest.raises(CorpusError, match="holds no documents"):
        bot.sync()
    assert len(texts(bot)) == 3


def test_a_change_of_the_splitter_splits_anew(open_bot: OpenBot, corpus: Path) -> None:
    (corpus / "long.txt").write_text("The otter eats fish. " * 30, "utf-8")
    before = open_bot().sync().passages
    found = open_bot(passage_tokens=32, overlap_tokens=0).sync()
    assert found.passages > before
    assert found.updated == (NAMES[0], "long.txt", *NAMES[1:])


def test_another_corpus_is_refused_and_rebuild_accepts_it(open_bot: OpenBot, make_corpus: Any) -> None:
    open_bot().sync()
    other = open_bot(corpus_dir=make_corpus({"a.txt": "Cats purr."}, folder="other"))
    with pytest.raises(CorpusError, match=r"belongs to the corpus .*/corpus;.*`qa index --rebuild`"):
        other.sync()
    assert len(texts(other)) == 3
    assert report(other.sync(rebuild=True)) == {"added": ("a.txt",), "removed": NAMES, "passages": 1, "embedded": 1}
    assert report(other.sync()) == {"unchanged": ("a.txt",), "passages": 1}


def test_another_embedder_is_refused_and_rebuild_mends_it(open_bot: OpenBot, new_embedder: Any) -> None:
    open_bot().sync()
    other = open_bot(embedder=new_embedder(accent="é"))
    for use in (other.sync, lambda: other.ask("What does the otter eat?")):
        with pytest.raises(EmbedderMismatch, match="Run `qa index --rebuild`"):
            use()
    assert report(other.sync(rebuild=True)) == {"updated": NAMES, "passages": 3, "embedded": 3}
    [best, *_] = other.search("What does the otter eat? otter eats fish")
    assert (best.passage.document_id, other.library.known_vectors("hashing/64", vector_keys(other))) == (
        NAMES[1],
        set(),
    )


def test_rebuild_with_the_same_embedder_computes_every_vector(open_bot: OpenBot, new_embedder: Any) -> None:
    open_bot().sync()
    bot = open_bot(embedder=new_embedder())
    with bot.library.transaction():  # as if they had been damaged
        bot.library.put_vectors("hashing/64", ((key, new_embedder().embed(["?"])[0]) for key in vector_keys(bot)))
    assert report(bot.sync(rebuild=True)) == {"updated": NAMES, "passages": 3, "embedded": 3}
    assert bot.search("# Otters The otter eats fish.")[0].similarity > 0.7


def test_progress_goes_from_none_to_all(bot: Chatbot) -> None:
    seen: list[tuple[str, int, int]] = []
    bot.sync(progress=lambda *step: seen.append(step))
    counts = [done for _, done, _ in seen]
    assert (counts[0], counts[-1], counts) == (0, 3, sorted(counts))
    assert {(label, total) for label, _, total in seen} == {("Indexing", 3)}


@pytest.fixture
def one_document_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.syncing, "GROUP_PASSAGES", 1)


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_an_embedder_that_fails_leaves_the_last_versions(
    open_bot: OpenBot, corpus: Path, new_embedder: Any, one_document_at_a_time: None, fails_at: int
) -> None:
    open_bot().sync()
    before, after = texts(open_bot()), {name: f"New text of {name}." for name in NAMES}
    for name, text in after.items():
        (corpus / name).write_text(text, "utf-8")
    bot = open_bot(embedder=new_embedder(fails_at=fails_at))
    with pytest.raises(RuntimeError, match="the embedder failed"):
        bot.sync()
    done = NAMES[: fails_at - 1]
    assert texts(bot) == {name: after[name] if name in done else before[name] for name in NAMES}
    assert report(open_bot().sync())["updated"] == NAMES[fails_at - 1 :]
    assert texts(bot) == after


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_rebuild_that_fails_still_answers_with_the_old_embedder(
    open_bot: OpenBot, new_embedder: Any, one_document_at_a_time: None, fails_at: int
) -> None:
    open_bot().sync()
    with pytest.raises(RuntimeError):
        open_bot(embedder=new_embedder(accent="é", fails_at=fails_at)).sync(rebuild=True)
    old = open_bot(embedder=new_embedder())
    answer = old.ask("What does the otter eat?")
    assert (answer.status, answer.notices, answer.passages[0].dense_rank) == ("answered", (), 1)
    assert old.corpus_sync.indexer.embedder.texts.count("What does the otter eat?") >= 1
    assert not [text for text in old.corpus_sync.indexer.embedder.texts if "\n" in text], "a document was embedded"
    # What the rebuild has computed already is not computed again.
    again = open_bot(embedder=new_embedder(accent="é")).sync(rebuild=True)
    assert again.embedded == 3 - (fails_at - 1)


def test_a_first_sync_that_fails_leaves_a_library_that_knows_its_owner(
    open_bot: OpenBot, make_corpus: Any, new_embedder: Any, one_document_at_a_time: None
) -> None:
    with pytest.raises(RuntimeError):
        open_bot(embedder=new_embedder(fails_at=3)).sync()
    with pytest.raises(EmbedderMismatch):
        open_bot(embedder=new_embedder(accent="é")).sync()
    with pytest.raises(CorpusError):
        open_bot(corpus_dir=make_corpus({"a.txt": "Cats purr."}, folder="other")).sync()
    assert report(open_bot().sync()) == {
        "added": NAMES[2:],
        "unchanged": NAMES[:2],
        "passages": 3,
        "embedded": 1,
    }


@pytest.mark.parametrize("largest", [60_000, 150_000, 185_000])
def test_a_full_disk_is_reported_and_the_old_state_answers(
    open_bot: OpenBot, corpus: Path, full_disk: Callable[[int], None], largest: int
) -> None:
    bot = open_bot()
    bot.sync()
    (corpus / "new.txt").write_text("Wolves howl. " * (20_000 if largest == 150_000 else 1), "utf-8")
    full_disk(largest)
    with pytest.raises((LibraryError, VectorIndexError), match="free space"):
        bot.sync()
    assert bot.ask("What does the otter eat?").text.startswith("The otter eats fish.")
    full_disk(100_000_000)
    assert bot.sync().passages > 3
    assert len(indexed(bot)) == bot.sync().passages


def test_readers_see_one_whole_edition_while_a_writer_commits(
    open_bot: OpenBot, make_corpus: Any, other_process: OtherProcess, tmp_path: Path
) -> None:
    root = make_corpus({f"{number}.txt": f"Edition 1 of {number}.txt." for number in range(4)}, folder="editions")
    open_bot(corpus_dir=root).sync()
    readers = [open_bot(corpus_dir=root, auto_sync=False) for _ in range(2)]
    seen: list[set[str]] = []
    with other_process("write", root, tmp_path / "data") as writer:
        finished = threading.Event()

        def read(bot: Chatbot) -> None:
            while not finished.is_set():
                seen.append({found.passage.text.split()[1] for found in bot.search("edition")})

        writer.stdout.readline()  # it has started
        threads = [threading.Thread(target=read, args=[bot]) for bot in readers]
        for thread in threads:
            thread.start()
        for _ in range(200):
            writer.stdout.readline()
            if len(set().union(*seen)) > 3:
                break
        finished.set()
        for thread in threads:
            thread.join()
    assert {len(editions) for editions in seen} == {1}
    assert len(set.union(*seen)) > 3


def test_a_killed_writer_loses_nothing_that_was_indexed(tmp_path: Path) -> None:
    """Kills a writer at random moments; see `child_processes.kill` for what is compared."""
    script = Path(__file__).parent / "child_processes.py"
    command = [sys.executable, str(script), "kill", str(tmp_path), os.environ.get("KILLS", "8")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert (done.stdout, done.stderr, done.returncode) == ("nothing\n", "", 0)


files = st.sampled_from(["a.txt", "b.md", "folder/c.txt", "folder/d.txt"])
contents = st.sampled_from(
    [
        "Cats purr.",
        "# Dogs\n\nDogs bark. " * 20,
        "Otters eat fish.\n\n" * 30,
        "Zürich 東京 🦦.",
        "Cats purr. Cats sleep.",
    ]
)


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens to the corpus, in whatever order: a sync makes of it what it would make from nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        (self.corpus / "folder").mkdir(parents=True)
        self.present: dict[str, str] = {}
        self.synced: dict[str, str] = {}
        self.bot = self.open()

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    def open(self, embedder: HashingEmbedder | None = None) -> Chatbot:
        chosen = Settings(corpus_dir=self.corpus, data_dir=self.folder / "data", passage_tokens=32, overlap_tokens=4)
        return open_chatbot(chosen, embedder=embedder or HashingEmbedder())

    @initialize(written=st.dictionaries(files, contents, min_size=2))
    def start(self, written: dict[str, str]) -> None:
        for name, text in written.items():
            self.write(name, text)

    @rule(name=files, text=contents)
    def write(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text, "utf-8")
        self.present[name] = text

    @precondition(lambda self: self.present)
    @rule(number=st.integers(0, 3))
    def remove(self, number: int) -> None:
        name = sorted(self.present)[number % len(self.present)]
        (self.corpus / name).unlink()
        del self.present[name]

    @precondition(lambda self: self.present)
    @rule(number=st.integers(0, 3), new=files)
    def rename(self, number: int, new: str) -> None:
        old = sorted(self.present)[number % len(self.present)]
        (self.corpus / old).replace(self.corpus / new)
        self.present[new] = self.present.pop(old)

    @precondition(lambda self: self.present)
    @rule(number=st.integers(0, 3), new=files)
    def copy(self, number: int, new: str) -> None:
        self.write(new, self.present[sorted(self.present)[number % len(self.present)]])

    @precondition(lambda self: self.present)
    @rule()
    def sync(self) -> None:
        found = self.bot.sync()
        gone, came = self.synced.keys() - self.present.keys(), self.present.keys() - self.synced.keys()
        assert {*found.removed, *(old for old, _ in found.renamed)} == gone
        assert {*found.added, *(new for _, new in found.renamed)} == came
        assert all(self.synced[old] == self.present[new] for old, new in found.renamed)
        stayed = self.synced.keys() & self.present.keys()
        assert set(found.updated) == {name for name in stayed if self.synced[name] != self.present[name]}
        assert set(found.unchanged) == stayed - set(found.updated)
        self.synced = dict(self.present)

    @precondition(lambda self: self.present)
    @rule(fails_at=st.integers(1, 3))
    def fail_and_reopen(self, fails_at: int) -> None:
        self.bot.close()
        failing = self.open(FailingEmbedder(fails_at))
        try:
            failing.sync()
        except RuntimeError:
            pass
        finally:
            failing.close()
        self.bot = self.open()
        self.synced = {name: text or "" for name, text in texts(self.bot).items()}

    @rule()
    def tear_index(self) -> None:
        for path in (self.folder / "data").glob("chroma/*/chroma.sqlite3"):
            os.truncate(path, path.stat().st_size // 2)

    @invariant()
    def library_is_what_was_synced(self) -> None:
        if self.synced == self.present and self.present:
            assert library_of(self.bot) == from_nothing(self.bot)

    @precondition(lambda self: self.synced == self.present and self.present)
    @rule()
    def index_agrees(self) -> None:
        self.bot.corpus_sync.indexer.repair()
        assert indexed(self.bot) == {passage.id for passages in library_of(self.bot).values() for passage in passages}

    def teardown(self) -> None:
        if self.present:
            self.sync()
            self.index_agrees()
        self.bot.close()
        shutil.rmtree(self.folder)


class FailingEmbedder(HashingEmbedder):
    """Fails at its k-th call."""

    def __init__(self, fails_at: int) -> None:
        super().__init__()
        self._left = fails_at

    def embed(self, texts: Any) -> Any:
        self._left -= 1
        if not self._left:
            raise RuntimeError("the embedder failed")
        return super().embed(texts)


def library_of(bot: Chatbot) -> dict[str, list[Passage]]:
    with bot.library.snapshot() as snapshot:
        assert snapshot.check() == []
        passages = snapshot.passages(sorted(snapshot.passage_ids())).values()
        assert len(list(snapshot.vectors("hashing/64", [passage.id for passage in passages]))) == len(passages)
        return {
            document.id: sorted(
                (passage for passage in passages if passage.document_id == document.id), key=lambda one: one.start
            )
            for document in snapshot.documents()
        }


def from_nothing(bot: Chatbot) -> dict[str, list[Passage]]:
    """Give what a library made from the present corpus holds."""
    splitter = bot.corpus_sync.splitter
    documents = [
        parse_document(file, read_bytes(file)) for file in list_corpus(bot.corpus_sync.corpus_dir, 10_000).files
    ]
    return {
        document.id: make_passages(document, splitter.split(document.text), splitter.fingerprint)
        for document in documents
    }


@pytest.fixture(scope="module", autouse=True)
def several_transactions_a_sync() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(qa.syncing, "GROUP_PASSAGES", 4)
        yield


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=int(os.environ.get("EXAMPLES", "25")),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def vector_keys(bot: Chatbot) -> list[str]:
    from qa.library import vector_key

    with bot.library.snapshot() as snapshot:
        return [vector_key(passage) for passage in snapshot.passages(sorted(snapshot.passage_ids())).values()]


def test_a_corpus_of_which_nothing_can_be_read_says_so(open_bot: OpenBot, make_corpus: Any) -> None:
    bot = open_bot(corpus_dir=make_corpus({"a.txt": "", "b.txt": b"\x00\x01"}, folder="bad"))
    for call in (bot.sync, lambda: bot.ask("Who?")):
        with pytest.raises(CorpusError, match=r"^No file in .* can be indexed \(a\.txt: .*\); mend one, or add others"):
            call()
