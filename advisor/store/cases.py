"""Cases: every revision of the document, the answers to prompts, and when all of it goes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from advisor.responses import Response
from advisor.store.keeping import NotKept
from advisor.store.owned import Owned, TakenError
from advisor.store.tables import CaseRow, ResponseRow, RevisionRow, affected

__all__ = ["Cases", "Kept", "NotKept", "RevisionMoved", "TakenError"]


class RevisionMoved(Exception):  # noqa: N818 - no fault: someone else saved first
    """The case has another revision than the one that the change was made on."""


@dataclass(frozen=True)
class Kept:
    """A case as it is kept now."""

    id: str
    owner: str
    document: dict[str, Any]
    """The snapshot, as canonical plain data."""
    revision: int
    """From 1; one more with each change of the document."""
    progress: dict[str, Any]
    """How far the form is filled in: ``skipped`` sections, and the ``seen_revision``."""
    created_at: dt.datetime
    changed_at: dt.datetime
    """When the document last changed, or a prompt was last answered."""
    delete_on: dt.date
    """From the first moment of this day (UTC) on, the case is not shown any more."""


class Cases(Owned):
    """The cases in a database. Every method may raise StoreError if the database fails."""

    _table = CaseRow

    def create(
        self,
        owner: str,
        document: Mapping[str, Any],
        progress: Mapping[str, Any] | None = None,
        *,
        id_: str | None = None,
    ) -> Kept:
        """Keep a new case, at revision 1; raises TakenError if there is one of this id."""
        now = self._now()
        begun: dict[str, Any] = {"skipped": [], "seen_revision": None}
        with self._database.writing() as session:
            row = CaseRow(
                id=self._fresh(session, id_),
                owner=owner,
                revision=1,
                progress=_copy(begun if progress is None else progress),
                created_at=now,
                changed_at=now,
            )
            first = RevisionRow(case_id=row.id, revision=1, document=_copy(document), saved_at=now)
            session.add(row)
            session.flush()
            session.add(first)
            session.flush()
            return self._kept(row, first.document)

    def get(self, id_: str, owner: str | None) -> Kept:
        """The case; of anybody if ``owner`` is None. Raises NotKept."""
        with self._database.reading() as session:
            return self._found(session, id_, owner)

    def at(self, id_: str, revision: int) -> dict[str, Any]:
        """The document as it stood at that revision; raises NotKept."""
        with self._database.reading() as session:
            current = self._found(session, id_, None).revision
            row = session.get(RevisionRow, (id_, revision)) if 1 <= revision <= current else None
            if row is None:
                raise NotKept(id_)
            return row.document

    def save(
        self,
        id_: str,
        owner: str,
        document: Mapping[str, Any],
        *,
        expected: int,
        progress: Mapping[str, Any] | None = None,
    ) -> Kept:
        """Keep the changed document as a new revision; the same document makes none.

        Raises RevisionMoved if the case is not at the ``expected`` revision, and NotKept.
        """
        now, new = self._now(), _copy(document)
        with self._database.writing() as session:
            kept = self._found(session, id_, owner)
            if kept.revision != expected:
                raise RevisionMoved(id_)
            values: dict[str, Any] = {}
            changes = _text(new) != _text(kept.document)
            if changes:
                values = {"revision": expected + 1, "changed_at": now}
            if progress is not None:
                values["progress"] = _copy(progress)
            if not values:
                return kept
            swap = update(CaseRow).where(CaseRow.id == id_, CaseRow.revision == expected)
            if affected(session, swap.values(**values)) != 1:
                raise RevisionMoved(id_)  # between our reading and our writing, on a server
            if changes:
                session.add(
                    RevisionRow(case_id=id_, revision=expected + 1, document=new, saved_at=now)
                )
                session.flush()
            return self._found(session, id_, owner)

    def note_progress(self, id_: str, owner: str, progress: Mapping[str, Any]) -> None:
        """Keep how far the form is filled in; no change of the case. Raises NotKept."""
        change = update(CaseRow).where(*self._shown(id_, owner)).values(progress=_copy(progress))
        with self._database.writing() as session:
            if affected(session, change) != 1:
                raise NotKept(id_)

    def listed(self, owner: str | None) -> list[Kept]:
        """The cases of an owner, or of everybody if None; the latest change first."""
        chosen = _with_documents().where(*self._shown(None, owner))
        latest = (CaseRow.changed_at.desc(), CaseRow.created_at.desc(), CaseRow.id)
        with self._database.reading() as session:
            found = session.execute(chosen.order_by(*latest))
            return [self._kept(row, document) for row, document in found]

    def respond(self, id_: str, owner: str, response: Response) -> None:
        """Add an answer to a prompt, which counts as a change of the case; raises NotKept."""
        touch = update(CaseRow).where(*self._shown(id_, owner)).values(changed_at=self._now())
        given = select(func.coalesce(func.max(ResponseRow.number), 0)).where(
            ResponseRow.case_id == id_
        )
        with self._database.writing() as session:
            # The change of the case comes first: it makes others wait, so that numbers are in turn.
            if affected(session, touch) != 1:
                raise NotKept(id_)
            if session.get(RevisionRow, (id_, response.revision)) is None:
                raise NotKept(id_)
            session.add(
                ResponseRow(
                    case_id=id_,
                    number=session.scalars(given).one() + 1,
                    revision=response.revision,
                    response=response.model_dump(mode="json"),
                )
            )

    def responses(self, id_: str) -> tuple[Response, ...]:
        """The answers to the prompts of a case, in the order given; raises NotKept."""
        rows = select(ResponseRow.response).where(ResponseRow.case_id == id_)
        with self._database.reading() as session:
            self._found(session, id_, None)
            found = session.scalars(rows.order_by(ResponseRow.number))
            return tuple(Response.model_validate(each) for each in found)

    def _found(self, session: Session, id_: str, owner: str | None) -> Kept:
        chosen = _with_documents().where(*self._shown(id_, owner))
        # What this transaction has changed is read again, and not taken from memory.
        found = session.execute(chosen.execution_options(populate_existing=True)).first()
        if found is None:
            raise NotKept(id_)
        return self._kept(*found)

    def _kept(self, row: CaseRow, document: dict[str, Any]) -> Kept:
        return Kept(
            id=row.id,
            owner=row.owner,
            document=_copy(document),
            revision=row.revision,
            progress=_copy(row.progress),
            created_at=row.created_at,
            changed_at=row.changed_at,
            delete_on=self._keeping.delete_on(row.changed_at),
        )


def _with_documents() -> Select[tuple[CaseRow, dict[str, Any]]]:
    """Cases with the document of their revision."""
    return select(CaseRow, RevisionRow.document).join(
        RevisionRow,
        (RevisionRow.case_id == CaseRow.id) & (RevisionRow.revision == CaseRow.revision),
    )


def _copy(data: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data as it will be read again, which nobody else can change."""
    made: dict[str, Any] = json.loads(json.dumps(data, allow_nan=False))
    return made


def _text(data: Mapping[str, Any]) -> str:
    """A text by which to compare: to Python, true and 1 would be the same."""
    return json.dumps(data, sort_keys=True)
