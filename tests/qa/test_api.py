"""`open_chatbot` puts the parts together, `ask` answers a single question, and neither needs a network."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa import api
from qa.adapters.hashing_embedder import HashingEmbedder
from qa.api import ask, open_chatbot
from qa.chatbot import Chatbot
from qa.domain import Turn
from qa.errors import DataDirError, QuestionError, SettingsError
from qa.settings import Settings

WITHOUT_NETWORK = Path(__file__).parent / "without_network.py"
QUESTION = "How much did SoftBank invest in WeWork in 2016?"
ASK_THE_SEEDS = f"""
import json
from qa import ask, open_chatbot
with open_chatbot() as bot:
    report = bot.sync()
answer = ask({QUESTION!r})
print(json.dumps([len(report.added), report.embedded > 0, answer.status, answer.short_answer]))
"""
Child = subprocess.CompletedProcess[str]


@pytest.fixture(autouse=True)
def forget_kept_chatbots() -> Iterator[None]:
    yield
    api._kept_chatbots = api._KeptChatbots()


def without_network(code: str, folder: Path) -> Child:
    environment = {**os.environ, "QA_DATA_DIR": str(folder / "data")}
    command = [sys.executable, str(WITHOUT_NETWORK), code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Child:
    """One run of index and ask on the seeds, by the embedded models, in a process without internet sockets."""
    return without_network(ASK_THE_SEEDS, tmp_path_factory.mktemp("offline"))


def test_indexing_and_asking_work_without_internet_sockets(offline: Child) -> None:
    assert offline.returncode == 0, offline.stderr
    assert json.loads(offline.stdout) == [1, True, "answered", "$4.4 billion"]


def test_indexing_and_asking_reach_for_no_address(offline: Child) -> None:
    assert offline.stderr.splitlines()[-1:] == ["[]"]


@pytest.mark.parametrize(
    ("code", "status", "reached_for"),
    [
        ("import socket; socket.socket()", -31, None),
        ("import ctypes; ctypes.CDLL(None).socket(2, 1, 0)", -31, None),
        ("import socket; socket.getaddrinfo('127.0.0.1', 80)", 0, "[\"('127.0.0.1', 80, 0, 0, 0)\"]"),
    ],
)
def test_the_process_without_network_would_notice(
    tmp_path: Path, code: str, status: int, reached_for: str | None
) -> None:
    child = without_network(code, tmp_path)
    assert (child.returncode, next(iter(child.stderr.splitlines()), None)) == (status, reached_for)


def test_the_first_question_to_the_seeds_is_answered_from_them(tmp_path: Path) -> None:
    answer = ask(QUESTION, settings=Settings(data_dir=tmp_path / "data"))
    (citation,) = answer.citations
    assert (answer.status, answer.short_answer, citation.verified) == ("answered", "$4.4 billion", True)
    assert "In 2016, SoftBank invested $4.4 billion in WeWork" in answer.text
    assert answer.notices == ()


def test_a_kept_chatbot_answers_the_next_question_and_follow_ups(corpus: Path) -> None:
    settings = Settings(corpus_dir=corpus)
    first = ask("How much did SoftBank invest in WeWork?", settings=settings)
    (corpus / "later.txt").write_text("Ada founded Acme.")
    history = [Turn(question=first.question, answer=first.text)]
    second = ask("And when?", history=history, settings=Settings(corpus_dir=corpus))
    assert "later.txt" not in {ranked.passage.document_id for ranked in second.passages}
    assert "WeWork" in second.standalone_question


def test_a_wrong_variable_is_named_before_anything_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QA_THREADS", "two")
    for call in (open_chatbot, lambda: ask("Who?")):
        with pytest.raises(SettingsError, match=r"threads \(QA_THREADS\)"):
            call()
    assert not (tmp_path / "data").exists()


def test_a_question_is_checked_before_anything_is_indexed(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        ask(" ", settings=Settings(corpus_dir=corpus))
    assert not (tmp_path / "data" / "chroma").exists()


def test_opening_makes_a_private_data_folder_and_indexes_nothing(
    open_bot: Callable[..., object], tmp_path: Path
) -> None:
    open_bot(corpus_dir=tmp_path / "missing", data_dir=tmp_path / "a" / "b")
    made = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    mode = stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode)
    assert (mode, {name for name in made if not name.startswith("library.sqlite3")}) == (0o700, set())


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("file", "File exists"),
        ("file/data", "Not a directory"),
        ("loop/data", "Too many levels of symbolic links"),
        ("d" * 300, "File name too long"),
        ("caf\udce9", "its path is not valid UTF-8"),
        ("nul\0", "its path is not valid UTF-8"),
    ],
)
def test_a_data_folder_that_cannot_be_written_says_why(tmp_path: Path, folder: str, reason: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DataDirError) as raised:
        open_chatbot(Settings(data_dir=tmp_path / folder), embedder=HashingEmbedder())
    assert str(raised.value) == (
        f"The data folder {tmp_path / folder} cannot be written ({reason}); "
        "choose another with --data-dir or QA_DATA_DIR."
    )


def test_a_read_only_data_folder_says_so() -> None:
    with pytest.raises(DataDirError, match=r"^The data folder /proc/self cannot be written \(.+\); choose another"):
        open_chatbot(Settings(data_dir=Path("/proc/self")), embedder=HashingEmbedder())


def test_the_settings_reach_the_parts(open_bot: Callable[..., object], corpus: Path) -> None:
    bot = open_bot(passage_tokens=64, overlap_tokens=8, max_file_bytes=9, refusal="eager", max_statements=2)
    sync, answerer = bot.corpus_sync, bot.answerer
    parts = (sync.splitter.fingerprint, sync.max_file_bytes, answerer.refusal, answerer.max_statements)
    assert parts == ("llama-sentence/6/64/8", 9, "eager", 2)
    assert (sync.corpus_dir, sync.indexer.embedder.fingerprint) == (corpus, "hashing/64")


def test_threads_that_ask_at_once_share_one_chatbot(corpus: Path) -> None:
    def first_passage(question: str) -> str:
        return ask(question, settings=Settings(corpus_dir=corpus)).passages[0].passage.document_id

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(first_passage, ["What does the otter eat?"] * 4))
    assert found == ["nature/otter.md"] * 4
    assert [kept.corpus_dir for kept in api._kept_chatbots._chatbots].count(corpus) == 1


def test_the_chatbots_of_older_settings_are_closed(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Chatbot] = []

    def keep(settings: Settings) -> Chatbot:
        opened.append(open_chatbot(settings, embedder=HashingEmbedder()))
        return opened[-1]

    monkeypatch.setattr(api, "open_chatbot", keep)
    kept = api._KeptChatbots()
    for candidates in range(1, 7):
        with kept.in_use(Settings(corpus_dir=corpus, candidates=candidates)) as bot:
            bot.ask("What does the otter eat?")
    with pytest.raises(sqlite3.ProgrammingError):
        opened[0].library.stamps()
    assert [settings.candidates for settings in kept._chatbots] == [3, 4, 5, 6]
    for bot in opened[2:]:
        bot.close()


def test_a_data_folder_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        ready = list(pool.map(api._ready, [tmp_path / "data"] * 400))
    assert set(ready) == {tmp_path / "data"}
