"""Serves a chatbot's page on loopback while a test looks at it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from page_samples import ScriptedBot

from qa.chatbot import Chatbot
from qa.ui.page import build_page
from qa.ui.server import Server, address, listen, page_server


@contextmanager
def served(bot: Chatbot | ScriptedBot) -> Iterator[str]:
    """Serve the page on a free port; gives its address."""
    with listen(0) as listener:
        server = asyncio.run(_page_server(bot))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield address(listener)
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            assert not thread.is_alive()


async def _page_server(bot: Chatbot | ScriptedBot) -> Server:
    """Build inside a running event loop: outside, Gradio opens several of its own and never closes them."""
    return page_server(build_page(bot), private=[])
