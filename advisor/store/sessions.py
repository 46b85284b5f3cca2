"""Who is signed in from which browser; and forms that came after their session had ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Transaction

from advisor.store.database import Database
from advisor.store.keeping import NotKept, is_id, midnight, new_id, utcnow
from advisor.store.tables import HeldFormRow, SessionRow, affected

__all__ = ["NotKept", "Session", "Sessions"]

KEPT_AFTER = dt.timedelta(hours=24)
"""How long after its last use a session is kept, and how long a form is held."""

_DAY_OF_MINUTES = 24 * 60
_MOST_OFTEN = dt.timedelta(minutes=1)
"""The use of a session is written down at most this often: each writing waits for the disk."""


@dataclass(frozen=True)
class Session:
    """One browser's use of the application. ``id`` names it; it is not the token, and no secret."""

    id: str
    user: str | None
    """The id of who signed in; None before."""
    name: str
    roles: frozenset[str]
    data: dict[str, Any]
    created_at: dt.datetime
    used_at: dt.datetime


class Sessions:
    """The sessions in a database. Every method may raise StoreError if the database fails."""

    def __init__(
        self, database: Database, *, idle_minutes: int, now: Callable[[], dt.datetime] = utcnow
    ) -> None:
        if not 1 <= idle_minutes <= _DAY_OF_MINUTES:
            raise ValueError(f"a session may idle from 1 to {_DAY_OF_MINUTES} minutes")
        self._database = database
        self._idle = dt.timedelta(minutes=idle_minutes)
        self._now = now

    def begin(
        self, user: str | None, roles: Iterable[str], data: Mapping[str, Any], *, name: str = ""
    ) -> str:
        """Begin a session; gives the token for the browser, which is kept nowhere here."""
        token, now = secrets.token_urlsafe(32), self._now()
        row = SessionRow(
            id=new_id(),
            token_sha256=_hash(token),
            user_id=user,
            name=name,
            roles=sorted(roles),
            data=dict(data),
            created_at=now,
            used_at=now,
        )
        with self._database.writing() as session:
            session.add(row)
        return token

    def read(self, token: str) -> Session | None:
        """The session of a token, which is thereby used; None if there is none or it expired."""
        now = self._now()
        with self._database.reading() as session:
            row = _row(session, token)
        if row is None or row.used_at + self._idle <= now:
            return None
        if row.used_at + min(_MOST_OFTEN, self._idle / 10) <= now:
            used = update(SessionRow).where(SessionRow.id == row.id).values(used_at=now)
            with self._database.writing() as session:
                if not affected(session, used):
                    return None  # ended since we read it
                row = _row(session, token)
        return None if row is None else _session(row)

    def expired(self, token: str) -> Session | None:
        """The session of a token if it has expired, for up to 24 hours after its last use."""
        now = self._now()
        with self._database.reading() as session:
            row = _row(session, token)
        if row is None or row.used_at + self._idle > now or row.used_at + KEPT_AFTER <= now:
            return None
        return _session(row)

    def save(self, session: Session) -> None:
        """Keep who uses it, and its data; that is a use of it. Raises NotKept if it has ended."""
        change = update(SessionRow).where(SessionRow.id == session.id)
        values = {
            "user_id": session.user,
            "name": session.name,
            "roles": sorted(session.roles),
            "data": session.data,
            "used_at": self._now(),
        }
        with self._database.writing() as transaction:
            if affected(transaction, change.values(**values)) != 1:
                raise NotKept(session.id)

    def end(self, token: str) -> None:
        """End the session of a token, if there is one."""
        with self._database.writing() as session:
            affected(session, delete(SessionRow).where(SessionRow.token_sha256 == _hash(token)))

    def purge(self, *, all_before: dt.date | None = None) -> int:
        """Delete sessions and held forms of over 24 hours ago, or before a day; how many."""
        until = self._now() - KEPT_AFTER
        if all_before is not None:
            until = max(until, midnight(all_before))
        with self._database.writing() as session:
            gone = affected(session, delete(SessionRow).where(SessionRow.used_at <= until))
            gone += affected(session, delete(HeldFormRow).where(HeldFormRow.held_at <= until))
        self._database.forget()
        return gone

    def hold(self, owner: str, path: str, fields: Sequence[tuple[str, str]]) -> str:
        """Hold a form that was posted after its session ended; gives the id to ask for it by."""
        id_, pairs = new_id(), [list(pair) for pair in fields]
        row = HeldFormRow(id=id_, owner=owner, path=path, fields=pairs, held_at=self._now())
        with self._database.writing() as session:
            session.add(row)
        return id_

    def held(self, id_: str, owner: str) -> tuple[str, list[tuple[str, str]]] | None:
        """The path and fields of a form held for this owner; given once, within 24 hours."""
        chosen = select(HeldFormRow).where(
            HeldFormRow.id == (id_ if is_id(id_) else ""),
            HeldFormRow.owner == owner,
            HeldFormRow.held_at > self._now() - KEPT_AFTER,
        )
        with self._database.writing() as session:
            row = session.scalars(chosen).first()
            taken = delete(HeldFormRow).where(HeldFormRow.id == id_)
            if row is None or affected(session, taken) != 1:  # another took it at this moment
                return None
            session.expunge(row)
        self._database.forget()
        return row.path, [(name, value) for name, value in row.fields]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _row(transaction: Transaction, token: str) -> SessionRow | None:
    chosen = select(SessionRow).where(SessionRow.token_sha256 == _hash(token))
    return transaction.scalars(chosen).first()


def _session(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        user=row.user_id,
        name=row.name,
        roles=frozenset(row.roles),
        data=row.data,
        created_at=row.created_at,
        used_at=row.used_at,
    )
