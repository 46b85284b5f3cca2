"""The browser on this machine, and the application served to it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from advisor.sheets import BROWSERS
from advisor.web.app import AdvisorApp

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser that asks nobody else anything."""


def program() -> str | None:
    """Where the browser is; None if this machine has none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def listening() -> tuple[socket.socket, str]:
    """A free port of this machine, and the address of what is served there."""
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found, f"http://127.0.0.1:{found.getsockname()[1]}"


@contextmanager
def serving(app: AdvisorApp, port: socket.socket) -> Iterator[None]:
    """Serve an application by a thread of this process, while the body runs."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
