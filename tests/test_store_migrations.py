"""Every database gets the tables of this program, and keeps its rows on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import advisor
from advisor.problems import InputError
from advisor.store.cases import Cases
from advisor.store.database import Database
from advisor.store.migrating import VERSION_TABLE, configuration
from advisor.store.runs import Runs
from advisor.store.tables import Base

pytest_plugins = ["tests.store_fixtures"]

CASE, RUN, CODE = "case-" + "a" * 17, "run-" + "b" * 18, "code-" + "c" * 17
WHEN = "'2026-03-02 09:30:00.000000'"
DOCUMENT = {"children": [{"id": "wren"}]}

ROWS = {
    "0001": (
        f"INSERT INTO cases VALUES ('{CASE}', 'worker', 1, '{{}}', {WHEN}, {WHEN})",
        f"INSERT INTO case_revisions VALUES ('{CASE}', 1, '{json.dumps(DOCUMENT)}', {WHEN})",
        f"INSERT INTO runs VALUES ('{RUN}', 'trainer', 'jack', 'Tuesday', {WHEN}, {WHEN})",
        f"INSERT INTO run_groups VALUES ('{CODE}', '{RUN}', 1, 'Blue')",
        f"INSERT INTO run_decisions VALUES ('{CODE}', 1, 'assess', 'why', {WHEN})",
    ),
}
"""Rows as a database at each revision may hold them; a new revision is put in here."""


def revisions() -> list[str]:
    script = ScriptDirectory(str(Path(advisor.__file__).parent / "store" / "migrations"))
    return [each.revision for each in script.walk_revisions()]


def put_back(connection: Connection, revision: str) -> None:
    """Take the tables out of a database, and make those of an earlier revision."""
    Base.metadata.drop_all(connection)
    connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    command.upgrade(configuration(connection), revision)


def test_the_migrated_tables_are_those_of_the_program(database: Database) -> None:
    with database.reading() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, VERSION_TABLE}


def test_every_revision_has_rows_to_try_it_with() -> None:
    assert sorted(ROWS) == sorted(revisions())


@pytest.mark.parametrize("revision", sorted(ROWS))
def test_an_upgrade_from_any_revision_keeps_what_is_there(
    database: Database, database_url: str, revision: str
) -> None:
    with database.writing() as session:
        put_back(session.connection(), revision)
        for statement in ROWS[revision]:
            session.execute(text(statement.replace(":", "\\:")))
    upgraded = Database.open(database_url)
    cases, runs = Cases(upgraded, keep_days=3650), Runs(upgraded, keep_days=3650)
    kept = cases.get(CASE, "worker")
    assert (kept.revision, kept.document) == (1, DOCUMENT)
    assert kept.changed_at.isoformat() == "2026-03-02T09:30:00+00:00"
    run, group = runs.group(CODE)
    assert (run.name, group.name, group.decisions[0].reason) == ("Tuesday", "Blue", "why")
    upgraded.close()


def test_opening_again_changes_nothing(database: Database, database_url: str) -> None:
    kept = Cases(database, keep_days=7).create("worker", DOCUMENT)
    again = Database.open(database_url)
    assert Cases(again, keep_days=7).get(kept.id, "worker") == kept
    again.close()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(
    database: Database, database_url: str
) -> None:
    with database.writing() as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(InputError, match="made by a newer version of the advisor; use that"):
        Database.open(database_url)
    with database.reading() as session:
        assert session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == "9999"


def test_a_database_with_tables_of_another_program_is_refused_and_left_alone(
    database: Database, database_url: str
) -> None:
    with database.writing() as session:
        Base.metadata.drop_all(session.connection())
        session.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        session.execute(text("CREATE TABLE run_groups (theirs INTEGER)"))
    with pytest.raises(InputError, match="holds tables of another program; name an empty one"):
        Database.open(database_url)
    with database.reading() as session:
        assert inspect(session.connection()).get_table_names() == ["run_groups"]
