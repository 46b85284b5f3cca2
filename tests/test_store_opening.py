"""A database is opened safely, brought up to date, or refused with one sentence."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from advisor.problems import InputError
from advisor.store.address import address_of
from advisor.store.cases import Cases
from advisor.store.database import Database, StoreError
from tests.postgresql import PASSWORD, Server
from tests.store_making import FIRST

pytest_plugins = ["tests.store_fixtures"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refused(url: str | None, **more: str) -> str:
    with pytest.raises(InputError) as raised:
        Database.open(url, **more)
    said = str(raised.value)
    assert PASSWORD not in said
    assert "\n" not in said
    return said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records" / "advisor.sqlite3"


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_the_file_and_its_folder_are_for_their_user_alone(file: Path) -> None:
    database = Database.open(f"sqlite:///{file}")
    Cases(database, keep_days=7).create("worker", FIRST)
    assert mode(file.parent) == 0o700
    found = {path.name: mode(path) for path in file.parent.iterdir()}
    assert found == {f"advisor.sqlite3{more}": 0o600 for more in ("", "-wal", "-shm")}
    database.close()


@pytest.mark.usefixtures("open_umask")
def test_a_file_open_to_others_is_closed_to_them_and_a_shared_folder_stays_as_it_was(
    file: Path,
) -> None:
    file.parent.mkdir(mode=0o755)
    file.touch(mode=0o666)
    Database.open(f"sqlite:///{file}").close()
    assert (mode(file), mode(file.parent)) == (0o600, 0o755)


def test_without_a_setting_the_file_is_in_a_folder_of_this_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "referral-triage-advisor"
    folder.mkdir(mode=0o755)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: folder)
    for unset in (None, "", " "):
        database = Database.open(unset)
        assert database.where == str(folder / "advisor.sqlite3")
        database.close()
    assert mode(folder) == 0o700


def test_a_file_is_set_to_keep_and_to_forget(file: Path) -> None:
    database = Database.open(f"sqlite:///{file}")
    with database.reading() as first, database.writing() as second:
        for session in (first, second):
            found = {
                name: session.scalar(text(f"PRAGMA {name}"))
                for name in (
                    "journal_mode",
                    "synchronous",
                    "foreign_keys",
                    "secure_delete",
                    "busy_timeout",
                )
            }
            assert found == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "secure_delete": 1,
                "busy_timeout": 30_000,
            }
    database.close()


@pytest.mark.parametrize("by_hand", [True, False])
def test_nothing_of_a_deleted_case_is_left_in_the_files(file: Path, by_hand: bool) -> None:
    database = Database.open(f"sqlite:///{file}")
    cases = Cases(database, keep_days=7)
    kept = cases.create("worker", {"note": "Wren-was-here" * 1000})
    cases.save(kept.id, "worker", {"note": "Wren-was-there" * 1000}, expected=1)

    def holding() -> list[str]:
        return [path.name for path in file.parent.iterdir() if b"Wren-was" in path.read_bytes()]

    assert holding()
    if by_hand:
        cases.delete(kept.id, "worker")
    else:
        assert cases.purge(kept.delete_on) == 1
    assert holding() == []
    assert Path(f"{file}-wal").stat().st_size == 0
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "postgresql://advisor:not-a-secret@host:port/x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "sqlite:///x.sqlite3?mode=ro",
        "mysql://advisor:not-a-secret@host/x",
        "postgresql+psycopg2://advisor:not-a-secret@host/x",
        "postgresql://advisor:not-a-secret@host/x?nonsense=not-a-secret",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(url: str) -> None:
    assert refused(url).startswith("ADVISOR_DATABASE_URL: ")
    assert refused(url, setting="--database").startswith("--database: ")


def test_an_address_is_shown_without_user_password_or_options() -> None:
    url = "postgres://advisor:not-a-secret@db.example:5433/cases?sslpassword=not-a-secret"
    address = address_of(url)
    assert address.shown == "postgresql://db.example:5433/cases"
    assert address.url.drivername == "postgresql+psycopg"
    assert PASSWORD not in repr(address)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: file.mkdir(parents=True), "this is not a file"),
        (lambda file: file.parent.touch(), "name a file in a folder that you may write to"),
        (
            lambda file: (file.parent.mkdir(), file.write_text("Wren's notes " * 500)),
            "this is not a SQLite database",
        ),
    ],
)
def test_a_place_that_cannot_hold_the_file_is_told(
    file: Path, make: Callable[[Path], object], said: str
) -> None:
    make(file)
    told = refused(f"sqlite:///{file}")
    assert told.startswith(f"ADVISOR_DATABASE_URL: {file}: ")
    assert said in told
    assert "Wren" not in told


@pytest.fixture
def not_root() -> Iterator[Path]:
    """A folder to write in, by somebody who is not root: root may write to any file."""
    folder = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_file_that_cannot_be_written_is_told(not_root: Path, which: str) -> None:
    file = not_root / "advisor.sqlite3"
    Database.open(f"sqlite:///{file}").close()
    if which == "file":
        file.chmod(0o400)
    else:
        not_root.chmod(0o500)
    assert "it cannot be written; change who may write to it" in refused(f"sqlite:///{file}")


def test_a_file_that_another_program_holds_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database.open(f"sqlite:///{file}").close()
    monkeypatch.setattr("advisor.store.database.BUSY_SECONDS", 0)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert "another program is holding the database" in refused(f"sqlite:///{file}")
    holder.close()


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    told = refused("postgresql://advisor:not-a-secret@127.0.0.1:1/cases")
    assert "install this program with its extra postgresql" in told


def test_a_server_that_does_not_answer_is_told() -> None:
    told = refused("postgresql://advisor:not-a-secret@127.0.0.1:1/cases")
    assert told == (
        "ADVISOR_DATABASE_URL: the server at postgresql://127.0.0.1:1/cases cannot be reached; see "
        "that it is running and that its name and port are right"
    )


def test_a_server_that_refuses_is_told(postgresql_server: Server) -> None:
    for url, said in (
        (postgresql_server.url("postgres", password="wrong"), "refuses this user name or password"),
        (postgresql_server.url("postgres", user="nobody"), "refuses this user name or password"),
        (postgresql_server.url("absent"), "there is no such database on the server"),
    ):
        assert said in refused(url)


def test_a_server_that_can_only_be_read_is_told(postgresql_server: Server) -> None:
    url = postgresql_server.emptied()
    assert "can only be read" in refused(f"{url}?options=-cdefault_transaction_read_only%3Don")


def test_a_database_that_fails_in_use_is_told_without_what_was_kept(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    cases = Cases(database, keep_days=7)
    with database.writing() as session:
        session.execute(text("DROP TABLE case_responses"))
        session.execute(text("DROP TABLE case_revisions"))
    with pytest.raises(StoreError, match="the database could not be used") as raised:
        cases.create("worker", {"note": "Wren"})
    assert "Wren" not in str(raised.value) + caplog.text


def test_no_log_shows_what_is_kept_even_when_all_is_logged(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")
    database = Database.open(database_url)
    cases = Cases(database, keep_days=7)
    kept = cases.create("worker", {"note": "Wren"})
    assert cases.get(kept.id, "worker").document == {"note": "Wren"}
    database.close()
    assert "SELECT" in caplog.text
    assert "Wren" not in caplog.text
