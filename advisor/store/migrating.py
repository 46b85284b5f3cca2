"""Bringing a database to the newest revision, once, however many processes open it together."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from advisor.store.address import Address

VERSION_TABLE = "advisor_schema"
"""The table that holds the revision: a name of our own, as a server may hold other programs'."""

_SERVER_LOCK = 5_283_017_446_119
"""A number of our own, under which one process at a time migrates a PostgreSQL database."""

_ONE_AT_A_TIME = threading.Lock()
_WAL_SECONDS = 30.0


def configuration(connection: Connection) -> Config:
    """Alembic's settings for one connection; there is no file of them."""
    config = Config()
    config.set_main_option("script_location", "advisor.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(engine: Engine, address: Address) -> None:
    """Migrate in one transaction; raises InputError, in one sentence, if that cannot be done.

    ``engine`` begins its transactions as a writer.
    """
    try:
        with _ONE_AT_A_TIME:  # Alembic's context is one for the whole process
            if address.file is not None:
                _write_ahead(engine)
            with engine.begin() as connection:
                if address.file is None:
                    _wait_for_turn(connection, address)
                _migrate(connection, address)
    except SQLAlchemyError as error:
        raise address.fault(_sentence(error, address)) from None


def _write_ahead(engine: Engine) -> None:
    """Have the file keep a log of changes. SQLite does not wait here for another that does so."""
    until = time.monotonic() + _WAL_SECONDS
    while True:
        try:
            with contextlib.closing(engine.raw_connection()) as pooled:
                pooled.cursor().execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.Error as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise SQLAlchemyError(str(error)) from None
        time.sleep(0.02)


def _wait_for_turn(connection: Connection, address: Address) -> None:
    if connection.scalar(text("SHOW transaction_read_only")) == "on":
        raise address.fault("the database can only be read; name one that can be written")
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SERVER_LOCK})


def _migrate(connection: Connection, address: Address) -> None:
    config = configuration(connection)
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    if set(context.get_current_heads()) - known:
        raise address.fault(
            "the database was made by a newer version of the advisor; use that version, or name "
            "another database"
        )
    command.upgrade(config, "head")


_KNOWN_FAULTS = (
    ("password authentication failed", "the server refuses this user name or password; correct it"),
    ("no password supplied", "the server wants a password; put it after the user name"),
    ("permission denied", "this user may not make tables there; ask whoever runs the server"),
    ("already exists", "the database holds tables of another program; name an empty one"),
    ("not a database", "this is not a SQLite database; name another file"),
    ("malformed", "the file is damaged; bring it back from a copy, or name another file"),
    ("readonly", "it cannot be written; change who may write to it and its folder"),
    ("disk is full", "the disk is full; make room on it"),
    ("locked", "another program is holding the database; end that program and try again"),
)


def _sentence(error: SQLAlchemyError, address: Address) -> str:
    """What is wrong and what to do; the driver's own words are read, but not shown."""
    said = str(getattr(error, "orig", error))
    for sign, sentence in _KNOWN_FAULTS:
        if sign in said:
            return sentence
    if address.file is None and isinstance(error, OperationalError):
        if "database" in said and "does not exist" in said:
            return "there is no such database on the server; have it made, or correct the name"
        return (
            f"the server at {address.shown} cannot be reached; see that it is running and that "
            "its name and port are right"
        )
    return f"the database cannot be used ({type(error).__name__}); see that it is one of ours"
