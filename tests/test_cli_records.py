"""The commands about records: how much is kept, until when, and deleting it; never contents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.store.cases import Cases
from advisor.store.database import Database
from advisor.store.keeping import utcnow
from advisor.store.runs import Runs
from advisor.store.sessions import Sessions
from tests.command_line import Run

pytest_plugins = ["tests.store_fixtures"]

DOCUMENT = {"children": [{"id": "wren"}]}


@pytest.fixture
def records(
    run: Run, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs a command on the records of a database, which the environment names."""
    monkeypatch.setenv("ADVISOR_DATABASE_URL", database_url)
    monkeypatch.delenv("ADVISOR_KEEP_DAYS", raising=False)
    assert Cases(database, keep_days=7).dates() == []
    return lambda *arguments: run("records", *arguments, pack=False)


def kept(database: Database, days_ago: int) -> str:
    """The id of a case that last changed that many days ago."""

    def then() -> dt.datetime:
        return utcnow() - dt.timedelta(days=days_ago)

    return Cases(database, keep_days=7, now=then).create("worker", DOCUMENT).id


def run_of(database: Database) -> str:
    return Runs(database, keep_days=7).create("trainer", "jack", "Wren's run", ["Wren"]).id


def test_status_tells_where_how_many_and_how_long(records: Run, database: Database) -> None:
    for days in (0, 3, 8):
        kept(database, days)
    run_of(database)
    assert records("status") == (
        0,
        f"Kept in: {database.where}\n"
        "Cases: 3, of these overdue: 1, which `advisor records purge` deletes\n"
        "Exercise runs: 1, of these overdue: 0\n"
        "Kept for: 7 days after the last change\n",
        "",
    )


def test_the_days_come_from_the_option_or_the_environment(
    records: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(database, 3)
    monkeypatch.setenv("ADVISOR_KEEP_DAYS", "2")
    assert "overdue: 1" in records("status")[1]
    assert "Cases: 1, of these overdue: 0\n" in records("status", "--keep-days", "30")[1]
    monkeypatch.setenv("ADVISOR_KEEP_DAYS", "soon")
    code, _, err = records("status")
    assert code == 2
    assert err == "ADVISOR_KEEP_DAYS: write a whole number of days from 1 to 3650\n"
    assert records("purge", "--keep-days", "0")[2].startswith("--keep-days: write a whole number")


def test_list_gives_ids_and_dates_and_nothing_else(records: Run, database: Database) -> None:
    old, new, run = kept(database, 8), kept(database, 0), run_of(database)
    code, out, err = records("list")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [each.split()[:2] for each in lines] == [["case", old], ["case", new], ["run", run]]
    assert lines[0].endswith("(overdue)")
    assert f"delete on {utcnow().date() + dt.timedelta(days=7)}" in lines[1]
    for secret in ("wren", "Wren", "worker", "trainer", "jack"):
        assert secret not in out


def test_purge_deletes_what_is_overdue(records: Run, database: Database) -> None:
    kept(database, 8)
    new, run = kept(database, 0), run_of(database)
    said = "Deleted: 1 case, 0 exercise runs, 0 old sessions and unsent forms\n"
    assert records("purge") == (0, said, "")
    assert [each.id for each in Cases(database, keep_days=7).dates()] == [new]
    assert [each.id for each in Runs(database, keep_days=7).dates()] == [run]


def test_purge_takes_all_before_a_day(records: Run, database: Database) -> None:
    kept(database, 3), kept(database, 0), run_of(database)
    Sessions(database, idle_minutes=30).hold("worker", "/cases", [("a", "b")])
    first = records("purge", "--all-before", str(utcnow().date() - dt.timedelta(days=2)))
    assert first[1].startswith("Deleted: 1 case, 0 exercise runs, 0 old")
    second = records("purge", "--all-before", str(utcnow().date() + dt.timedelta(days=1)))
    assert second[1] == "Deleted: 1 case, 1 exercise run, 1 old session or unsent form\n"
    assert Cases(database, keep_days=7).dates() == []
    code, _, err = records("purge", "--all-before", "Monday")
    assert (code, err) == (2, "--all-before: write the day as YYYY-MM-DD, such as 2026-03-27\n")


def test_delete_takes_one_case_or_run(records: Run, database: Database) -> None:
    case, other, run = kept(database, 0), kept(database, 0), run_of(database)
    assert records("delete", case) == (0, f"Deleted: the case {case}\n", "")
    assert records("delete", run) == (0, f"Deleted: the exercise run {run}\n", "")
    assert [each.id for each in Cases(database, keep_days=7).dates()] == [other]
    code, out, err = records("delete", case)
    assert (code, out) == (2, "")
    assert err.startswith("ID: no case or run has this id; `advisor records list` shows")


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("ADVISOR_DATABASE_URL", raising=False)
    yield tmp_path / "none" / "advisor.sqlite3"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["status", "list", "purge"])
def test_where_nothing_is_kept_yet_nothing_is_made(run: Run, nothing: Path, command: str) -> None:
    code, out, err = run("records", command, "--database", f"sqlite:///{nothing}", pack=False)
    assert (code, err) == (0, "")
    assert out == f"Nothing is kept yet: {nothing} does not exist\n"


def test_where_nothing_is_kept_nothing_can_be_deleted(run: Run, nothing: Path) -> None:
    options = ["--database", f"sqlite:///{nothing}"]
    assert run("records", "delete", "x", *options, pack=False)[0] == 2


def test_a_fault_names_the_option_or_the_variable_and_shows_no_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://advisor:not-a-secret@127.0.0.1:1/cases"
    code, out, err = run("records", "status", "--database", url, pack=False)
    assert (code, out) == (2, "")
    assert err.startswith("--database: the server at postgresql://127.0.0.1:1/cases cannot be")
    monkeypatch.setenv("ADVISOR_DATABASE_URL", url)
    assert run("records", "status", pack=False)[2].startswith("ADVISOR_DATABASE_URL: the server")
    assert "not-a-secret" not in err
