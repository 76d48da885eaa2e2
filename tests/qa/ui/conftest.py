"""A scripted chatbot, and a way to serve a chatbot's page."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from page_samples import ScriptedBot
from served_page import served

from qa.chatbot import Chatbot
from qa.settings import Settings


@pytest.fixture
def scripted_bot(tmp_path) -> ScriptedBot:
    return ScriptedBot(settings=Settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data"))


@pytest.fixture
def serving() -> Iterator[Callable[[Chatbot | ScriptedBot], str]]:
    """Give a function that serves a bot's page until the test ends and gives its address."""
    with ExitStack() as stack:
        yield lambda bot: stack.enter_context(served(bot))
