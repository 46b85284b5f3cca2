"""What `advisor serve` refuses, opens and tells before it serves."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from tests.command_line import Run

SIGN_IN = {
    "ADVISOR_PUBLIC_URL": "https://advisor.example",
    "ADVISOR_OIDC_ISSUER": "https://login.example",
    "ADVISOR_OIDC_CLIENT_ID": "client",
    "ADVISOR_OIDC_CLIENT_SECRET": "zzsecretzz",
    "ADVISOR_ROLE_WORKER": "mash",
}

Serve = Callable[..., tuple[int, str, list[Any]]]


@pytest.fixture
def serve(run: Run, small_pack: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Runs the command up to the point where it would serve: code, errors, what would serve."""
    (small_pack.parent / "rules").symlink_to(small_pack)
    monkeypatch.setenv("ADVISOR_DATA", str(small_pack.parent))
    seen: list[Any] = []

    def ran(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        app: Any = server.config.app
        opened = app.state.keeping.opened
        seen.extend([server.config, sockets[0].getsockname(), opened and opened.database.where])

    monkeypatch.setattr(uvicorn.Server, "run", ran)

    def served(*options: str) -> tuple[int, str, list[Any]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        code, _, err = run("serve", "--port", str(port), *options, pack=False)
        return code, err, seen

    return served


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "council.example", ""])
def test_without_sign_in_other_machines_are_not_served_and_the_settings_are_named(
    serve: Serve, host: str
) -> None:
    code, err, seen = serve("--host", host)
    assert (code, seen) == (2, [])
    assert err.startswith("--host: cases must not leave this machine unless people sign in")
    for name in SIGN_IN:
        assert name in err


def test_with_sign_in_other_machines_are_served_under_the_public_address(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SIGN_IN.items():
        monkeypatch.setenv(name, value)
    code, err, seen = serve("--host", "0.0.0.0")
    assert code == 0
    assert err == "The advisor is at https://advisor.example (Ctrl+C stops it)\n"
    config, address, _ = seen
    assert address[0] == "0.0.0.0"
    assert (config.proxy_headers, config.access_log) == (False, False)
    assert config.app.state.settings.sign_in.client_id == "client"
    code, err, _ = serve("--host", "council.example")
    assert code == 2
    assert err.startswith("--host: write an IP address of this machine")


def test_half_a_sign_in_does_not_start(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_OIDC_ISSUER", "https://login.example")
    code, err, seen = serve()
    assert (code, seen) == (2, [])
    assert err.startswith("ADVISOR_OIDC_ISSUER: sign-in needs these too: ADVISOR_PUBLIC_URL")
    assert err.count("\n") == 1


def test_options_stand_over_the_environment(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_KEEP_DAYS", "3")
    path = tmp_path / "cases" / "kept.sqlite3"
    path.parent.mkdir(mode=0o700)
    code, err, seen = serve("--database", f"sqlite:///{path}", "--keep-days", "30")
    assert (code, err.startswith("The advisor is at http://127.0.0.1:")) == (0, True)
    config, _, where = seen
    assert isinstance(config.app, FastAPI)
    assert config.app.state.settings.keep_days == 30
    assert path.exists()
    assert str(path) in where
    assert config.app.state.keeping.opened is None  # closed when serving is over


def test_a_database_that_cannot_be_opened_is_told_in_one_line_before_serving(
    serve: Serve, tmp_path: Path
) -> None:
    path = tmp_path / "cases.sqlite3"
    path.write_text("no database at all, but something else that somebody keeps here")
    code, err, seen = serve("--database", f"sqlite:///{path}")
    assert (code, seen) == (2, [])
    assert err.count("\n") == 1
    assert "The advisor is at" not in err


def test_a_number_of_days_that_is_none_does_not_start(serve: Serve) -> None:
    code, err, seen = serve("--keep-days", "0")
    assert (code, seen) == (2, [])
    assert err == "ADVISOR_KEEP_DAYS: write a whole number of days from 1 to 3650\n"


def test_what_is_overdue_is_deleted_before_serving(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite3"
    url = f"sqlite:///{path}"
    assert serve("--database", url)[0] == 0
    long_ago = "2001-01-01 00:00:00.000000"
    with sqlite3.connect(path) as kept:
        values = ("r", "local", "e", "n", long_ago, long_ago)
        columns = "id, owner, exercise, name, created_at, changed_at"
        kept.execute(f"INSERT INTO runs ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)
    kept.close()
    assert serve("--database", url)[0] == 0
    with sqlite3.connect(path) as kept:
        assert kept.execute("SELECT count(*) FROM runs").fetchone() == (0,)
    kept.close()
