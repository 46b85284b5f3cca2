"""What cases and runs have in common: an owner, a time to be kept, and how they go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from advisor.store.database import Database
from advisor.store.keeping import Dates, Keeping, NotKept, is_id, new_id, utcnow
from advisor.store.tables import CaseRow, RunRow, affected


class TakenError(ValueError):
    """Something is kept under this id already."""


class Owned:
    """The rows of one table that belong to somebody and are kept for some days.

    Every method may raise StoreError if the database fails.
    """

    _table: type[CaseRow] | type[RunRow]

    def __init__(
        self, database: Database, *, keep_days: int, now: Callable[[], dt.datetime] = utcnow
    ) -> None:
        self._database = database
        self._keeping = Keeping(keep_days)
        self._now = now

    def _fresh(self, session: Session, id_: str | None) -> str:
        """The id for a new one: the one that a form brought, if it is one, else a new one.

        So a form that is sent twice begins one thing; raises TakenError the second time.
        """
        if id_ is None or not is_id(id_):
            return new_id()
        if session.get(self._table, id_) is not None:
            raise TakenError(id_)
        return id_

    def delete(self, id_: str, owner: str | None) -> None:
        """Delete one with all that belongs to it, overdue or not; raises NotKept."""
        mine = [] if owner is None else [self._table.owner == owner]
        chosen = delete(self._table).where(self._table.id == id_, *mine)
        with self._database.writing() as session:
            if not is_id(id_) or not affected(session, chosen):
                raise NotKept(id_)
        self._database.forget()

    def purge(self, today: dt.date | None = None, *, all_before: dt.date | None = None) -> int:
        """Delete what is overdue, and all that last changed before a day if given; how many."""
        since = self._keeping.kept_since(today or self._today(), all_before)
        with self._database.writing() as session:
            gone = affected(session, delete(self._table).where(self._table.changed_at < since))
        self._database.forget()
        return gone

    def dates(self) -> list[Dates]:
        """The ids and dates of all of them, overdue ones too, and nothing of their contents."""
        table = self._table
        rows = select(table.id, table.changed_at).order_by(table.changed_at, table.id)
        with self._database.reading() as session:
            found = session.execute(rows).all()
        return [self._keeping.dates(*each, self._today()) for each in found]

    def _today(self) -> dt.date:
        return self._now().astimezone(dt.UTC).date()

    def _shown(self, id_: str | None, owner: str | None) -> list[ColumnElement[bool]]:
        """What a row must fulfil to be shown to an owner, or to anybody if None."""
        chosen = [self._table.changed_at >= self._keeping.kept_since(self._today())]
        if id_ is not None:
            chosen.append(self._table.id == (id_ if is_id(id_) else ""))
        if owner is not None:
            chosen.append(self._table.owner == owner)
        return chosen
