"""The database behind the web application: opened, brought up to date, and used in transactions."""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from advisor.store.address import DATABASE_SETTING, Address, address_of
from advisor.store.migrating import bring_up_to_date

BUSY_SECONDS = 30
"""How long one writer of a file waits for another."""

_CONNECT_SECONDS = 10
_WRITING = "advisor_writing"


class _NoRows(logging.Filter):
    """Keeps rows, which SQLAlchemy logs when asked for everything, out of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line may be logged."""
        return record.levelno > logging.DEBUG


logging.getLogger("sqlalchemy.engine.Engine").addFilter(_NoRows())


class StoreError(RuntimeError):
    """The database failed while it was in use. Its message holds nothing of what was kept."""


class Database:
    """An open database at the newest revision. Safe to use from several threads."""

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine
        self._writers = engine.execution_options(**{_WRITING: True})
        self.where = address.shown
        """Where it is, for people to read: a file, or a server without user name and password."""

    @classmethod
    def open(cls, url: str | None = None, *, setting: str = DATABASE_SETTING) -> Self:
        """Open a database, making or migrating it if need be.

        None is a file of this user's own. Raises InputError, which names ``setting``, if the
        database cannot be reached or written, or is newer than this program.
        """
        address = address_of(url, setting)
        address.prepare()
        engine = _engine(address)
        try:
            bring_up_to_date(engine.execution_options(**{_WRITING: True}), address)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, address)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; raises StoreError if the database fails."""
        with _told_without_contents(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes; what it did is on the disk once it has ended.

        Raises StoreError if the database fails. Any error undoes all of it.
        """
        rows_stay_readable = Session(self._writers, expire_on_commit=False)
        with _told_without_contents(), rows_stay_readable as session, session.begin():
            yield session

    def forget(self) -> None:
        """After a deletion: empty SQLite's log of changes, in which the deleted still stands."""
        if self._engine.dialect.name != "sqlite":
            return
        # Where a reader is in the way, the next deletion or the last to close does it.
        with (
            contextlib.suppress(sqlite3.OperationalError),
            contextlib.closing(self._engine.raw_connection()) as pooled,
        ):
            pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections. The object is not to be used after it."""
        self._engine.dispose()


@contextmanager
def _told_without_contents() -> Iterator[None]:
    """Errors of a driver may quote what was being kept; ours do not."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(
            f"the database could not be used ({type(error).__name__}); try again, and if it goes "
            "on, see that it is running and that its disk is not full"
        ) from None


def _engine(address: Address) -> Engine:
    is_file = address.file is not None
    try:
        engine = create_engine(
            address.url,
            connect_args={"timeout": BUSY_SECONDS} if is_file else _server_arguments(address),
            hide_parameters=True,
            json_serializer=_json,
            pool_pre_ping=not is_file,
        )
    except ImportError:
        raise address.fault(
            "the driver for PostgreSQL is missing; install this program with its extra postgresql"
        ) from None
    except (SQLAlchemyError, TypeError, ValueError):
        raise address.fault("an option in it is not understood; leave the options out") from None
    if is_file:
        event.listen(engine, "connect", _set_up_file)
        event.listen(engine, "begin", _begin_on_file)
    return engine


def _server_arguments(address: Address) -> dict[str, Any]:
    return {} if "connect_timeout" in address.url.query else {"connect_timeout": _CONNECT_SECONDS}


def _json(data: Any) -> str:
    # PostgreSQL refuses NaN and quotes the document around it; refuse it here on both.
    return json.dumps(data, allow_nan=False)


def _set_up_file(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see below
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_on_file(connection: Connection) -> None:
    """A writer takes its lock at once: one that first reads could find it taken too late."""
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
