"""Sessions: an opaque token for the browser, only its hash in the database; and held forms."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import pytest
from sqlalchemy import text

from advisor.store.database import Database
from advisor.store.sessions import NotKept, Session, Sessions
from tests.store_making import Clock

pytest_plugins = ["tests.store_fixtures"]

PAIRS = [("referral.decision", "no_further_action"), ("adults", "a"), ("adults", "b"), ("c", "")]


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, idle_minutes=30, now=clock)


def read(sessions: Sessions, token: str) -> Session:
    found = sessions.read(token)
    assert found is not None
    return found


def test_a_session_is_read_by_its_token(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin("user-1", {"worker", "auditor"}, {"then": "/cases"}, name="A. Worker")
    found = read(sessions, token)
    assert found == Session(
        id=found.id,
        user="user-1",
        name="A. Worker",
        roles=frozenset({"worker", "auditor"}),
        data={"then": "/cases"},
        created_at=clock.now,
        used_at=clock.now,
    )
    assert sessions.expired(token) is None
    nobody = read(sessions, sessions.begin(None, [], {}))
    assert (nobody.user, nobody.name, nobody.roles) == (None, "", frozenset())


def test_the_database_holds_the_hash_of_a_token_and_never_the_token(
    sessions: Sessions, database: Database
) -> None:
    token = sessions.begin("user-1", ["worker"], {})
    with database.reading() as session:
        row = session.execute(text("SELECT * FROM sessions")).one()
    assert hashlib.sha256(token.encode()).hexdigest() in row
    assert not [part for part in row if token in str(part)]
    assert len(token) >= 43
    assert read(sessions, token).id not in token


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "A" * 10_000])
def test_a_token_of_nothing_is_no_session(sessions: Sessions, token: str) -> None:
    assert sessions.read(token) is None
    assert sessions.expired(token) is None
    sessions.end(token)


def test_a_session_expires_when_it_is_not_used(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin("user-1", ["worker"], {})
    clock.forward(minutes=29)
    assert read(sessions, token).used_at == clock.now
    clock.forward(minutes=29)
    assert read(sessions, token).used_at == clock.now
    clock.forward(minutes=30)
    assert sessions.read(token) is None
    was = sessions.expired(token)
    assert was is not None
    assert was.user == "user-1"
    assert sessions.read(token) is None


def test_an_expired_session_is_told_for_a_day_even_before_the_purge(
    sessions: Sessions, clock: Clock
) -> None:
    token = sessions.begin("user-1", ["worker"], {})
    clock.forward(hours=24, seconds=-1)
    assert sessions.expired(token) is not None
    assert sessions.purge() == 0
    clock.forward(seconds=1)
    assert sessions.expired(token) is None
    assert sessions.purge() == 1


def test_use_is_written_down_once_a_minute_at_most(sessions: Sessions, clock: Clock) -> None:
    token, begun = sessions.begin("user-1", ["worker"], {}), clock.now
    clock.forward(seconds=59)
    assert read(sessions, token).used_at == begun
    clock.forward(seconds=1)
    assert read(sessions, token).used_at == clock.now


def test_a_session_is_saved_and_that_is_a_use(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin(None, [], {})
    clock.forward(seconds=30)
    found = read(sessions, token)
    changed = dataclasses.replace(
        found, user="user-1", name="A. Worker", roles=frozenset({"worker"}), data={"a": [1]}
    )
    sessions.save(changed)
    assert read(sessions, token) == dataclasses.replace(changed, used_at=clock.now)


def test_an_ended_session_is_gone_and_cannot_be_saved(sessions: Sessions) -> None:
    token, other = (sessions.begin("user-1", ["worker"], {}) for _ in range(2))
    found = read(sessions, token)
    sessions.end(token)
    assert sessions.read(token) is None
    assert sessions.expired(token) is None
    with pytest.raises(NotKept):
        sessions.save(found)
    assert sessions.read(other) is not None


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_idle_minutes_are_at_most_a_day(database: Database, minutes: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 1440"):
        Sessions(database, idle_minutes=minutes)


def test_a_held_form_is_given_once_and_to_its_owner_only(sessions: Sessions) -> None:
    held = sessions.hold("user-1", "/cases/x/sections/y", PAIRS)
    assert sessions.held(held, "user-2") is None
    assert sessions.held("A" * 22, "user-1") is None
    assert sessions.held("\0", "user-1") is None
    assert sessions.held(held, "user-1") == ("/cases/x/sections/y", PAIRS)
    assert sessions.held(held, "user-1") is None


def test_a_held_form_is_given_for_a_day(sessions: Sessions, clock: Clock) -> None:
    early, late = (sessions.hold("user-1", "/cases/x", PAIRS) for _ in range(2))
    clock.forward(hours=24, seconds=-1)
    assert sessions.held(early, "user-1") is not None
    clock.forward(seconds=1)
    assert sessions.held(late, "user-1") is None
    assert sessions.purge() == 1


def test_a_purge_takes_all_of_before_a_day_and_keeps_the_rest(
    sessions: Sessions, clock: Clock
) -> None:
    sessions.begin("user-1", ["worker"], {})
    sessions.hold("user-1", "/cases/x", PAIRS)
    clock.forward(hours=20)
    token = sessions.begin("user-1", ["worker"], {})
    assert sessions.purge(all_before=dt.date(2026, 3, 2)) == 0
    assert sessions.purge(all_before=dt.date(2026, 3, 3)) == 2
    assert sessions.read(token) is not None
