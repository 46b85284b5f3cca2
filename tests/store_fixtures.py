"""Fixtures for tests of the store: a database of each kind in turn, a server, and a clock.

A test module asks for them with ``pytest_plugins = ["tests.store_fixtures"]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.store.database import Database
from tests.postgresql import Server, served
from tests.store_making import Clock


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    yield from served()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records' / 'advisor.sqlite3'}"
    server: Server = request.getfixturevalue("postgresql_server")
    return server.emptied()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database of each kind in turn."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()
