"""Exercises being run: the groups, each with its link, and what each decided at each stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advisor.store.keeping import NotKept, is_id, new_id
from advisor.store.owned import Owned, TakenError
from advisor.store.tables import DecisionRow, GroupRow, RunRow

__all__ = ["AlreadyDecided", "Decided", "Group", "NotKept", "Run", "Runs", "TakenError"]

_LAST_STAGE = 1000


@dataclass(frozen=True)
class Decided:
    """What a group decided at a stage, and why."""

    stage: int
    option: str
    reason: str
    decided_at: dt.datetime


@dataclass(frozen=True)
class Group:
    """A group of those who are trained; ``code`` is its link, which nobody can guess."""

    code: str
    name: str
    decisions: tuple[Decided, ...]
    """In the order of the stages."""


@dataclass(frozen=True)
class Run:
    """An exercise being run."""

    id: str
    owner: str
    exercise: str
    name: str
    created_at: dt.datetime
    changed_at: dt.datetime
    """When a group was last added, or last decided."""
    delete_on: dt.date
    """From the first moment of this day (UTC) on, the run is not shown any more."""
    groups: tuple[Group, ...]
    """In the order in which they were added."""


class AlreadyDecided(Exception):  # noqa: N818 - no fault: the first decision stands
    """The group has decided otherwise at this stage; ``decided`` is the decision that stands."""

    def __init__(self, decided: Decided) -> None:
        self.decided = decided
        super().__init__("the group has decided at this stage")


class Runs(Owned):
    """The runs in a database. Every method may raise StoreError if the database fails."""

    _table = RunRow

    def create(
        self,
        owner: str,
        exercise_id: str,
        name: str,
        groups: Sequence[str],
        *,
        id_: str | None = None,
    ) -> Run:
        """Begin a run with groups of these names; raises TakenError if there is one of this id."""
        now = self._now()
        with self._database.writing() as session:
            fresh = self._fresh(session, id_)
            session.add(
                RunRow(
                    id=fresh,
                    owner=owner,
                    exercise=exercise_id,
                    name=name,
                    created_at=now,
                    changed_at=now,
                )
            )
            session.flush()
            for number, each in enumerate(groups, start=1):
                session.add(GroupRow(code=new_id(), run_id=fresh, number=number, name=each))
            session.flush()
            return self._found(session, fresh, owner)

    def get(self, id_: str, owner: str | None) -> Run:
        """The run; of anybody if ``owner`` is None. Raises NotKept."""
        with self._database.reading() as session:
            return self._found(session, id_, owner)

    def listed(self, owner: str | None) -> list[Run]:
        """The runs of an owner, or of everybody if None; the latest change first."""
        chosen = select(RunRow).where(*self._shown(None, owner))
        latest = (RunRow.changed_at.desc(), RunRow.created_at.desc(), RunRow.id)
        with self._database.reading() as session:
            return self._runs(session, list(session.scalars(chosen.order_by(*latest))))

    def add_group(self, run_id: str, owner: str, name: str) -> Group:
        """Add a group, which counts as a change of the run; raises NotKept."""
        last = select(func.coalesce(func.max(GroupRow.number), 0)).where(GroupRow.run_id == run_id)
        with self._database.writing() as session:
            self._locked(session, run_id, owner).changed_at = self._now()
            number, code = session.scalars(last).one() + 1, new_id()
            session.add(GroupRow(code=code, run_id=run_id, number=number, name=name))
        return Group(code, name, ())

    def group(self, code: str) -> tuple[Run, Group]:
        """The group of a link, with its run; raises NotKept."""
        with self._database.reading() as session:
            run = self._found(session, _run_of(session, code), None)
        return run, next(each for each in run.groups if each.code == code)

    def decide(self, code: str, stage: int, option: str, reason: str) -> Decided:
        """Keep what a group decided at a stage, which counts as a change of the run.

        The first decision stands: the same again changes nothing, another raises AlreadyDecided.
        Raises NotKept if there is no such group, and ValueError if the stage is out of range.
        """
        if not 0 <= stage <= _LAST_STAGE:
            raise ValueError("no exercise has so many stages")
        now = self._now()
        with self._database.writing() as session:
            run = self._locked(session, _run_of(session, code), None)
            row = session.get(DecisionRow, (code, stage))
            if row is None:
                row = DecisionRow(
                    code=code, stage=stage, option=option, reason=reason, decided_at=now
                )
                session.add(row)
                run.changed_at = now
                session.flush()
            decided = _decided(row)
        if (decided.option, decided.reason) != (option, reason):
            raise AlreadyDecided(decided)
        return decided

    def _row(self, session: Session, id_: str, owner: str | None, *, lock: bool = False) -> RunRow:
        chosen = select(RunRow).where(*self._shown(id_, owner))
        row = session.scalars(chosen.with_for_update() if lock else chosen).first()
        if row is None:
            raise NotKept(id_)
        return row

    def _locked(self, session: Session, id_: str, owner: str | None) -> RunRow:
        """The row of a run; others who want to change the run wait until this transaction ends."""
        return self._row(session, id_, owner, lock=True)

    def _found(self, session: Session, id_: str, owner: str | None) -> Run:
        return self._runs(session, [self._row(session, id_, owner)])[0]

    def _runs(self, session: Session, rows: list[RunRow]) -> list[Run]:
        """The runs of these rows, in three queries however many there are."""
        groups = select(GroupRow).where(GroupRow.run_id.in_([row.id for row in rows]))
        found = list(session.scalars(groups.order_by(GroupRow.run_id, GroupRow.number)))
        decisions = select(DecisionRow).where(DecisionRow.code.in_([row.code for row in found]))
        made: dict[str, list[Decided]] = {}
        for row in session.scalars(decisions.order_by(DecisionRow.stage)):
            made.setdefault(row.code, []).append(_decided(row))
        of_run: dict[str, list[Group]] = {}
        for each in found:
            group = Group(each.code, each.name, tuple(made.get(each.code, ())))
            of_run.setdefault(each.run_id, []).append(group)
        return [
            Run(
                id=row.id,
                owner=row.owner,
                exercise=row.exercise,
                name=row.name,
                created_at=row.created_at,
                changed_at=row.changed_at,
                delete_on=self._keeping.delete_on(row.changed_at),
                groups=tuple(of_run.get(row.id, ())),
            )
            for row in rows
        ]


def _run_of(session: Session, code: str) -> str:
    """The run of a group; raises NotKept."""
    group = session.get(GroupRow, code) if is_id(code) else None
    if group is None:
        raise NotKept(code)
    return group.run_id


def _decided(row: DecisionRow) -> Decided:
    return Decided(row.stage, row.option, row.reason, row.decided_at)
