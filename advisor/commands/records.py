"""The commands about what the web application keeps: how much, until when, and deleting it."""

from __future__ import annotations

import datetime as dt
import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from advisor.commands.shared import DONE, counted
from advisor.problems import fault
from advisor.store.address import DATABASE_SETTING, Address, address_of
from advisor.store.cases import Cases
from advisor.store.database import Database
from advisor.store.keeping import (
    Dates,
    NotKept,
    keep_days_of,
    kept_days,
)
from advisor.store.runs import Runs
from advisor.store.sessions import Sessions

_ANY_IDLE_MINUTES = 60  # how long a session may idle has no part in deleting old ones


@dataclass(frozen=True)
class _Records:
    where: str
    keep_days: int
    cases: Cases
    runs: Runs
    sessions: Sessions


def status(options: Namespace) -> int:
    """Print where records are kept, how many, how many are overdue, and for how long."""
    with _opened(options) as records:
        if records is not None:
            print(f"Kept in: {records.where}")
            _tell("Cases", records.cases.dates())
            _tell("Exercise runs", records.runs.dates())
            print(f"Kept for: {counted(records.keep_days, 'day')} after the last change")
    return DONE


def _tell(name: str, dates: list[Dates]) -> None:
    overdue = sum(each.overdue for each in dates)
    todo = ", which `advisor records purge` deletes" if overdue else ""
    print(f"{name}: {len(dates)}, of these overdue: {overdue}{todo}")


def list_records(options: Namespace) -> int:
    """Print the id of each case and run, when it last changed and when it goes; no contents."""
    with _opened(options) as records:
        if records is not None:
            for kind, dates in (("case", records.cases.dates()), ("run", records.runs.dates())):
                for each in dates:
                    overdue = " (overdue)" if each.overdue else ""
                    print(
                        f"{kind:4}  {each.id}  last changed {each.changed_at:%Y-%m-%d %H:%M} UTC"
                        f"  delete on {each.delete_on}{overdue}"
                    )
    return DONE


def purge(options: Namespace) -> int:
    """Delete what is overdue, and with ``--all-before`` what last changed before a day."""
    before = _day(options.all_before)
    with _opened(options) as records:
        if records is not None:
            cases = records.cases.purge(all_before=before)
            runs = records.runs.purge(all_before=before)
            others = records.sessions.purge(all_before=before)
            print(
                f"Deleted: {counted(cases, 'case')}, {counted(runs, 'exercise run')}, "
                f"{counted(others, 'old session or unsent form', 'old sessions and unsent forms')}"
            )
    return DONE


def delete(options: Namespace) -> int:
    """Delete one case or run at once, with all that belongs to it."""
    with _opened(options) as records:
        if records is not None:
            for kind, delete_one in (
                ("case", records.cases.delete),
                ("exercise run", records.runs.delete),
            ):
                try:
                    delete_one(options.id, None)
                except NotKept:
                    continue
                print(f"Deleted: the {kind} {options.id}")
                return DONE
    raise fault("ID", "no case or run has this id; `advisor records list` shows those there are")


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise fault("--all-before", "write the day as YYYY-MM-DD, such as 2026-03-27") from None


@contextmanager
def _opened(options: Namespace) -> Iterator[_Records | None]:
    """The records; None, with a line that says so, if the file has not been made yet."""
    keep_days, address = _keep_days(options.keep_days), _address(options.database)
    if not address.exists():
        print(f"Nothing is kept yet: {address.shown} does not exist")
        yield None
        return
    database = Database.open(_url(options.database), setting=address.setting)
    try:
        yield _Records(
            database.where,
            keep_days,
            Cases(database, keep_days=keep_days),
            Runs(database, keep_days=keep_days),
            Sessions(database, idle_minutes=_ANY_IDLE_MINUTES),
        )
    finally:
        database.close()


def _url(option: str | None) -> str | None:
    return os.environ.get(DATABASE_SETTING) if option is None else option


def _address(option: str | None) -> Address:
    return address_of(_url(option), DATABASE_SETTING if option is None else "--database")


def _keep_days(option: str | None) -> int:
    return kept_days() if option is None else keep_days_of(option, "--keep-days")
