"""Partial dates as intervals, and periods of calendar time.

A date may be known to the day, the month or the year. It is then an interval, and whether it
falls before another date or inside a window may be unknown.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache, total_ordering

from advisor.truth import FALSE, TRUE, UNKNOWN, Truth

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_PERIOD = re.compile(r"(\d{1,4}) (day|week|month|year)s?", re.ASCII)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, month or year: every day from ``first`` to ``last``."""

    first: dt.date
    last: dt.date

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``2017``, ``2017-05`` or ``2017-05-18``; anything else is a ValueError."""
        return _parse_date(text)

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        same_month = self.first.month == self.last.month
        return f"{self.first:%Y-%m}" if same_month else f"{self.first:%Y}"

    def __lt__(self, other: PartialDate) -> bool:
        return (self.first, self.last) < (other.first, other.last)

    def before(self, other: PartialDate) -> Truth:
        """Whether this day is earlier than the other; unknown where the intervals overlap."""
        if self.last < other.first:
            return TRUE
        return FALSE if self.first >= other.last else UNKNOWN

    def on_or_before(self, other: PartialDate) -> Truth:
        """Whether this day is the other or earlier."""
        if self.last <= other.first:
            return TRUE
        return FALSE if self.first > other.last else UNKNOWN

    def within(self, period: Period, before: PartialDate) -> Truth:
        """Whether this day lies in the ``period`` that ends on ``before``, both ends included."""
        if self.last <= before.first and self.first >= period.before(before.last):
            return TRUE
        if self.first > before.last or self.last < period.before(before.first):
            return FALSE
        return UNKNOWN


@lru_cache(maxsize=4096)
def _parse_date(text: str) -> PartialDate:
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError("write a date as YYYY-MM-DD, YYYY-MM or YYYY")
    year = int(found[1])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"the year must be from {EARLIEST_YEAR} to {LATEST_YEAR}")
    try:
        if found[2] is None:
            return PartialDate(dt.date(year, 1, 1), dt.date(year, 12, 31))
        month = int(found[2])
        if found[3] is None:
            last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
            return PartialDate(dt.date(year, month, 1), dt.date(year, month, last))
        day = dt.date(year, month, int(found[3]))
    except ValueError:
        raise ValueError("there is no such day or month in the calendar") from None
    return PartialDate(day, day)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of calendar time: so many days, weeks, months or years."""

    number: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``10 days``, ``6 weeks``, ``12 months`` or ``2 years``."""
        found = _PERIOD.fullmatch(text)
        if found is None:
            raise ValueError("write a period as a number and days, weeks, months or years")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"

    def before(self, day: dt.date) -> dt.date:
        """The day this long before ``day``; a missing day of a month is that month's last."""
        return _days_earlier(self, day)

    def _before(self, day: dt.date) -> dt.date:
        if self.unit in ("day", "week"):
            return day - dt.timedelta(days=self.number * (7 if self.unit == "week" else 1))
        months = day.year * 12 + day.month - 1
        months -= self.number * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        if year < 1:
            return dt.date.min
        return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def _days_earlier(period: Period, day: dt.date) -> dt.date:
    return period._before(day)


def whole_months(start: dt.date, end: dt.date) -> int:
    """Completed calendar months from ``start`` to ``end``; negative if ``end`` is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    last_of_end = end.day == calendar.monthrange(end.year, end.month)[1]
    return months if end.day >= start.day or last_of_end else months - 1
