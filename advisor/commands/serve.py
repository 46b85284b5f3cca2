"""The command that runs the web application, on this machine only."""

from __future__ import annotations

import ipaddress
import socket
from argparse import Namespace

from advisor.commands.shared import DONE, OUR_FAULT, complain
from advisor.pack import load
from advisor.problems import fault


def serve(options: Namespace) -> int:
    """Serve the web application until interrupted; refuses any address but this machine's own."""
    host = loopback(options.host)
    if not 1 <= options.port <= 65535:
        raise fault("--port", "a port is a number from 1 to 65535")
    listening = _listening(host, options.port)
    with listening:
        load()  # a fault in the rules is told here, and not in the log of a server
        return _run(listening, f"[{host}]" if ":" in host else host, options.port)


def _run(listening: socket.socket, shown: str, port: int) -> int:
    import uvicorn

    complain(f"The advisor is at http://{shown}:{port} (Ctrl+C stops it)")
    # Paths and queries may hold ids of cases: nothing of a request is logged.
    settings = uvicorn.Config(
        "advisor.web.app:app",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
    )
    try:
        uvicorn.Server(settings).run(sockets=[listening])
    except SystemExit:  # the server could not start, and has said why
        return OUR_FAULT
    return DONE


def loopback(host: str) -> str:
    """The address itself if it is one of this machine's own; otherwise raises InputError."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise fault(
            "--host",
            "cases must not leave this machine, so only its own address is served: use 127.0.0.1, "
            "or leave --host out. To share it, put your organisation's own sign-in in front of it",
        )
    return str(address)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        reason = error.strerror or "it cannot be used"
        raise fault("--port", f"port {port}: {reason}; choose another with --port") from None
    return listening
