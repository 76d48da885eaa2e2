"""What every test gets: no network but loopback, no real settings, data folders of its own; and ready parts."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from qa.adapters.hashing_embedder import HashingEmbedder
from qa.api import open_chatbot
from qa.chatbot import Chatbot
from qa.settings import Settings

# A busy machine must not fail a test; speed is measured in bench/.
hypothesis.settings.register_profile("without deadline", deadline=None)
hypothesis.settings.load_profile("without deadline")

CORPUS = {
    "company/wework.txt": "WeWork\n\nSoftBank invested $4.4 billion in WeWork in 2017. WeWork rents out desks.",
    "nature/otter.md": "# Otters\n\nThe otter eats fish. A sea otter sleeps on its back in the kelp.",
    "nature/volcano.txt": "Volcanoes\n\nMount Etna is the highest volcano of Europe. It erupted in 2021.",
}
"""Three short documents on three subjects."""

MakeCorpus = Callable[..., Path]
OpenBot = Callable[..., Chatbot]


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that reaches for the network; loopback and Unix sockets are fine."""
    look_up = socket.getaddrinfo

    def check(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in (None, "", "localhost") and not _is_loopback(str(name)):
            pytest.fail(f"the test reached for the network: {name}")

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return look_up(host, *args, **kwargs)

    def guard(method: str) -> Callable[[socket.socket, Any], Any]:
        real = getattr(socket.socket, method)

        def guarded(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                check(address[0])
            return real(self, address)

        return guarded

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    for method in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, method, guard(method))


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take this machine's settings and keys away, and give each test a data folder of its own."""
    for name in [name for name in os.environ if name.startswith(("QA_", "OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))


@pytest.fixture
def make_corpus(tmp_path: Path) -> MakeCorpus:
    """Write files into a corpus folder: `make_corpus({"a.txt": "…"}, folder="corpus")` gives its path."""

    def make(texts: Mapping[str, str | bytes], folder: str = "corpus") -> Path:
        root = tmp_path / folder
        root.mkdir(exist_ok=True)
        for name, text in texts.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return root

    return make


@pytest.fixture
def corpus(make_corpus: MakeCorpus) -> Path:
    """A corpus folder that holds `CORPUS`."""
    return make_corpus(CORPUS)


@pytest.fixture
def open_bot(corpus: Path, tmp_path: Path) -> Iterator[OpenBot]:
    """Open chatbots with the hashing embedder; by default all on the same corpus and data folder.

    `open_bot(embedder=…, corpus_dir=…, data_dir=…, …)` takes any setting; each is closed after the test.
    """
    opened: list[Chatbot] = []

    def make(*, embedder: Any = None, **settings: Any) -> Chatbot:
        chosen = {"corpus_dir": corpus, "data_dir": tmp_path / "data", **settings}
        bot = open_chatbot(Settings(**chosen), embedder=embedder or HashingEmbedder())
        opened.append(bot)
        return bot

    yield make
    for bot in opened:
        bot.close()


@pytest.fixture
def bot(open_bot: OpenBot) -> Chatbot:
    """A chatbot on `corpus`, with the hashing embedder; nothing is indexed yet."""
    return open_bot()


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
