"""A real PostgreSQL server on this machine, to test with.

Where no server program is installed, tests on PostgreSQL are skipped; they fail instead with
``ADVISOR_TEST_POSTGRESQL=required``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

REQUIRED = os.environ.get("ADVISOR_TEST_POSTGRESQL") == "required"
USER, PASSWORD = "advisor", "not-a-secret"
_START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server on loopback that asks for a password."""

    port: int

    def url(self, database: str, *, user: str = USER, password: str = PASSWORD) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def emptied(self) -> str:
        """The URL of a database with nothing in it: one for all tests, as making one takes long."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url("postgres")


def programs() -> Path | None:
    """The folder with server programs that run: a name on the path may have nothing behind it."""
    named = [Path(found).resolve().parent for name in ("initdb",) if (found := shutil.which(name))]
    shipped = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(shipped, key=lambda folder: _number(folder.parent.name), reverse=True)
    for folder in [*named, *newest]:
        if all(_runs(folder / name) for name in ("initdb", "postgres")):
            return folder
    return None


def _number(name: str) -> float:
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


def _runs(program: Path) -> bool:
    if not program.is_file():
        return False
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "PostgreSQL" in done.stdout


def _unprivileged() -> dict[str, Any]:
    """For subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {each.pw_name: each for each in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def served() -> Iterator[Server]:
    """A server, until the iterator is closed; skips or fails the test where there is none."""
    folder = programs()
    if folder is None:
        why = "no PostgreSQL server program is installed (on Debian: apt-get install postgresql)"
        if REQUIRED:
            pytest.fail(why)
        pytest.skip(why)
    home = Path(tempfile.mkdtemp(prefix="advisor-postgresql-"))
    try:
        yield from _served(folder, home)
    finally:
        shutil.rmtree(home)


def _served(folder: Path, home: Path) -> Iterator[Server]:
    as_whom = _unprivileged()
    if as_whom:
        os.chown(home, as_whom["user"], as_whom["group"])
    secret = home / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o644)
    settings: dict[str, Any] = {"cwd": home, "env": {"LC_ALL": "C", "PATH": os.defpath}, **as_whom}
    options = ["--auth=scram-sha-256", f"--username={USER}", f"--pwfile={secret}"]
    options += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [folder / "initdb", "-D", home / "data", *options],
        capture_output=True,
        text=True,
        check=False,
        **settings,
    )
    assert made.returncode == 0, made.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # No test pulls the plug of this machine: the server need not wait for the disk.
    command = [str(folder / "postgres"), "-D", str(home / "data"), "-F", "-p", str(port)]
    command += ["-h", "127.0.0.1", "-c", "unix_socket_directories="]
    with (home / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdout=log, stderr=log, **settings
        )
    try:
        server = Server(port)
        _wait(server, process, home / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # ends its connections and stops
        process.wait(timeout=_START_SECONDS)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            ended = process.poll() is not None or time.monotonic() > until
            assert not ended, log.read_text(encoding="utf-8", errors="replace")
        time.sleep(0.05)
