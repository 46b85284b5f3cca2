"""How long things are kept, and under which ids."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.problems import fault

DEFAULT_KEEP_DAYS = 7
"""Days from the last change of a case or run to its deletion, unless a council says otherwise."""

KEEP_DAYS_SETTING = "ADVISOR_KEEP_DAYS"
"""The environment variable that says otherwise."""

_LONGEST_DAYS = 3650
_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class NotKept(LookupError):  # noqa: N818 - no fault: the usual word for what is not there
    """Nothing is kept under this id for this owner: deleted, overdue, another's, or never there."""


def utcnow() -> dt.datetime:
    """The moment, in UTC. The only clock of the store; every class takes another in its place."""
    return dt.datetime.now(dt.UTC)


def new_id() -> str:
    """A fresh id that nobody can guess."""
    made = secrets.token_urlsafe(16)
    return new_id() if made.startswith("-") else made  # a command would take that for an option


def is_id(text: str) -> bool:
    """Whether a text could be an id of ours. One from an address may hold anything."""
    return _ID.fullmatch(text) is not None


def kept_days(environ: Mapping[str, str] = os.environ) -> int:
    """The days in the environment, or the default; raises InputError that names the setting."""
    given = environ.get(KEEP_DAYS_SETTING, "").strip()
    return keep_days_of(given) if given else DEFAULT_KEEP_DAYS


def keep_days_of(text: str, setting: str = KEEP_DAYS_SETTING) -> int:
    """The days in a setting; raises InputError that names the setting."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _LONGEST_DAYS):
        raise fault(setting, f"write a whole number of days from 1 to {_LONGEST_DAYS}")
    return int(text)


@dataclass(frozen=True)
class Dates:
    """When something that is kept last changed and when it goes; nothing of what it is."""

    id: str
    changed_at: dt.datetime
    delete_on: dt.date
    overdue: bool
    """Not shown any more, and deleted by the next purge."""


@dataclass(frozen=True)
class Keeping:
    """For how many days something is kept after its last change (UTC days, from 1)."""

    days: int

    def __post_init__(self) -> None:
        keep_days_of(str(self.days))

    def delete_on(self, changed_at: dt.datetime) -> dt.date:
        """The day on which it goes: from its first moment on it is not shown any more."""
        return changed_at.astimezone(dt.UTC).date() + dt.timedelta(days=self.days)

    def dates(self, id_: str, changed_at: dt.datetime, today: dt.date) -> Dates:
        """The dates of what has this id."""
        delete_on = self.delete_on(changed_at)
        return Dates(id_, changed_at, delete_on, overdue=delete_on <= today)

    def kept_since(self, today: dt.date, all_before: dt.date | None = None) -> dt.datetime:
        """The moment since which a change keeps a thing: what changed last before it is overdue.

        With ``all_before``, whatever changed last before that day counts as overdue too.
        """
        first = today - dt.timedelta(days=self.days - 1)
        return midnight(max(first, all_before or first))


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)
