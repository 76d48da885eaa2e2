"""Serves a Gradio page on this machine only; all that Gradio would offer beyond the page is switched off."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.routing import Mount

from qa.errors import InputError
from qa.ui.guard import Guard

_HOST = "127.0.0.1"
_SHUTDOWN_SECONDS = 5
_MAX_SESSIONS = 500


class Server(uvicorn.Server):
    """A uvicorn server that ends Gradio's heartbeat streams first: each open tab holds one, without end."""

    def __init__(self, config: uvicorn.Config, gradio_app: gr.routes.App) -> None:
        super().__init__(config)
        self._gradio_app = gradio_app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking requests, and wait a few seconds for those that run."""
        self._gradio_app.stop_event.set()
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """Open a socket on the loopback address; port 0 takes a free one.

    Raises:
        InputError: The port is in use or may not be used.
    """
    listener = socket.socket()
    if os.name == "posix":  # a restart gets the port at once; on Windows this would steal it from a server
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise InputError(f"Port {port} {why}; choose another with --port, or --port 0 for any free one.") from error
    return listener


def address(listener: socket.socket) -> str:
    """Give what to type into the browser."""
    return f"http://{_HOST}:{listener.getsockname()[1]}"


def page_server(page: gr.Blocks, *, private: Sequence[Path]) -> Server:
    """Give a server of the page, to be run on a socket of `listen`.

    Args:
        page: From `qa.ui.page.build_page`.
        private: Folders whose files must never be served.
    """
    page.state_session_capacity = _MAX_SESSIONS
    app = gr.mount_gradio_app(
        FastAPI(openapi_url=None, docs_url=None, redoc_url=None),
        page,
        path="/",
        server_name=_HOST,
        footer_links=[],
        run_history=False,
        blocked_paths=[str(folder.expanduser().absolute()) for folder in private],
        show_error=False,
        max_file_size="1b",  # the page takes no files, and `Guard` refuses the upload route
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        # Named fonts would be loaded from another host; these come with the operating system.
        theme=gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        css_paths=Path(__file__).with_name("page.css"),
    )
    config = uvicorn.Config(
        Guard(app),
        log_level="warning",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    return Server(config, _mounted(app))


def _mounted(app: FastAPI) -> gr.routes.App:
    return next(route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, gr.routes.App))
