"""A page served on loopback, and a scripted chatbot to serve."""

import threading
from collections.abc import Callable, Iterator

import pytest
from page_samples import ScriptedBot

from qa.settings import Settings
from qa.ui.page import build_page
from qa.ui.server import address, listen, page_server


@pytest.fixture
def scripted_bot(tmp_path) -> ScriptedBot:
    return ScriptedBot(settings=Settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data"))


@pytest.fixture
def serving() -> Iterator[Callable[..., str]]:
    """Give a function that serves a bot's page on a free port and gives its address."""
    running = []

    def serve(bot) -> str:
        listener = listen(0)
        server = page_server(build_page(bot), private=[])
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        running.append((server, thread, listener))
        return address(listener)

    yield serve
    for server, thread, listener in running:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
        assert not thread.is_alive()
