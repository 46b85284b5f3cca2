"""The command that runs the web application: on this machine only, unless people sign in."""

from __future__ import annotations

import ipaddress
import os
import socket
from argparse import Namespace
from typing import TYPE_CHECKING

from advisor.commands.shared import DONE, OUR_FAULT, complain
from advisor.pack import load
from advisor.problems import fault

if TYPE_CHECKING:
    from advisor.web.app import AdvisorApp
    from advisor.web.settings import Settings


def serve(options: Namespace) -> int:
    """Serve the web application until interrupted.

    What would keep it from answering is told before it starts: an address that is refused, a fault
    in the settings or the rules, a database that cannot be opened.
    """
    from advisor.web.settings import Settings

    settings = Settings.read(_environment(options))
    host = listening_address(options.host, settings)
    if not 1 <= options.port <= 65535:
        raise fault("--port", "a port is a number from 1 to 65535")
    with _listening(host, options.port) as listening:
        return _run(listening, _application(settings), _shown(host, options.port, settings))


def _environment(options: Namespace) -> dict[str, str]:
    """The environment, with what the options say otherwise."""
    from advisor.store.address import DATABASE_SETTING
    from advisor.store.keeping import KEEP_DAYS_SETTING

    given = {DATABASE_SETTING: options.database, KEEP_DAYS_SETTING: options.keep_days}
    return {**os.environ, **{name: value for name, value in given.items() if value is not None}}


def _application(settings: Settings) -> AdvisorApp:
    """The application over the shipped rules, with its stores open and tidied."""
    from advisor.web.app import create_app

    app = create_app(load(), settings)
    try:
        app.state.keeping.stores.purge()
    except BaseException:
        app.state.keeping.close()
        raise
    return app


def _run(listening: socket.socket, app: AdvisorApp, shown: str) -> int:
    import uvicorn

    complain(f"The advisor is at {shown} (Ctrl+C stops it)")
    config = uvicorn.Config(
        app,
        # Paths and queries may hold ids of cases: nothing of a request is logged.
        access_log=False,
        log_level="warning",
        # What a request says of itself is believed by nobody: its own address is in the settings.
        proxy_headers=False,
        server_header=False,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except SystemExit:  # the server could not start, and has said why
        return OUR_FAULT
    finally:
        app.state.keeping.close()
    return DONE


def listening_address(host: str, settings: Settings) -> str:
    """The address to listen on: one of this machine's own, or any where people sign in.

    Raises:
        InputError: it is no such address.
    """
    from advisor.web.settings import CLIENT, ISSUER, PUBLIC, SECRET

    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if settings.sign_in is not None and address is None:
        raise fault("--host", "write an IP address of this machine, such as 127.0.0.1 or 0.0.0.0")
    if settings.sign_in is None and (address is None or not address.is_loopback):
        raise fault(
            "--host",
            "cases must not leave this machine unless people sign in: use 127.0.0.1, or leave "
            f"--host out. To share it, set {PUBLIC}, {ISSUER}, {CLIENT}, {SECRET} and at least "
            "ADVISOR_ROLE_WORKER; docs/sign-in.md tells how",
        )
    return str(address)


def _shown(host: str, port: int, settings: Settings) -> str:
    """The address that people open."""
    return settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"


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
