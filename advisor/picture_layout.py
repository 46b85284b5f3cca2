"""Where each part of a picture of a chronology stands: days along, lanes down, no mark hidden."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from advisor.picture_contents import Contents, Raised, Seen

WIDTH = 1000
"""The width of a picture in pixels, at which its smallest letters are still read with ease."""

LEFT, RIGHT = 226, WIDTH - 46
"""Where the first day and the last day of a picture stand."""

TOP, PITCH, RADIUS = 34, 26, 10
_PAD, _LINE, _NAME = 6, 15, 28
_EARLIER = 92
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SHORT = dt.timedelta(days=75)
_TICK = 60


@dataclass(frozen=True)
class Scale:
    """Where days stand from left to right; days before ``start`` share one column, if any are."""

    start: dt.date
    until: dt.date
    left: int
    earlier: bool

    def x(self, day: dt.date) -> int:
        """Where a day stands, in whole pixels."""
        if day < self.start:
            return LEFT + _EARLIER // 2
        span = (self.until - self.start).days
        gone = (day - self.start).days
        return self.left + (2 * gone * (RIGHT - self.left) + span) // (2 * span)

    def ticks(self) -> list[tuple[int, str]]:
        """Days that are named along the top: where each stands, and its name."""
        found: list[tuple[int, str]] = []
        for day in self._days() if self.until - self.start <= _SHORT else self._months():
            short = self.until - self.start <= _SHORT
            name = f"{day.day} {_MONTHS[day.month - 1]}" if short else _MONTHS[day.month - 1]
            new_year = not found or (day.month == 1 and (not short or day.day <= 7))
            found.append((self.x(day), f"{name} {day.year}" if new_year else name))
        return [(x, name) for x, name in found if x <= RIGHT - 24]

    def _days(self) -> Iterator[dt.date]:
        width, span = RIGHT - self.left, (self.until - self.start).days
        step = next(each for each in (1, 2, 7, 14) if each * width >= 78 * span)
        for gone in range(0, span, step):
            yield self.start + dt.timedelta(days=gone)

    def _months(self) -> Iterator[dt.date]:
        width, span = RIGHT - self.left, (self.until - self.start).days
        steps = (1, 2, 3, 6, 12, 24, 60, 120, 600, 3600)
        step = next(each for each in steps if each * 30 * width >= _TICK * span)
        start, end = (each.year * 12 + each.month - 1 for each in (self.start, self.until))
        for month in range(start, end + 1):
            day = dt.date(month // 12, month % 12 + 1, 1)
            if month % step == 0 and day >= self.start:
                yield day


def scale(shown: Contents) -> Scale:
    """The days that a picture spans.

    What happened long before anybody in the picture knew of anything goes into one column, so that
    an event of years ago does not press all others together.
    """
    days = sorted({day for each in shown.seen for day in (each.first, each.last)})
    shortest = dt.timedelta(days=28)
    begun = min([*(each.since for each in shown.seen), shown.until - shortest])
    reach = begun - max(dt.timedelta(days=45), (shown.until - begun) // 6)
    start = min([shown.until - shortest, *(day for day in days if day >= reach)])
    earlier = bool(days) and days[0] < start
    return Scale(start, shown.until, LEFT + (_EARLIER if earlier else 0), earlier)


@dataclass(frozen=True)
class Mark:
    """An event in its place: the middle, the ends of its bar, and where it became known here.

    There is no bar where the day is known, and none in the column of what lies long before.
    """

    seen: Seen
    x: int
    ends: tuple[int, int] | None
    known: int | None
    y: int


@dataclass(frozen=True)
class Badge:
    """Prompts in their place."""

    raised: Raised
    x: int
    y: int


@dataclass(frozen=True)
class Band:
    """A lane in its place, with its name in lines that fit beside it."""

    name: tuple[str, ...]
    here: bool
    empty: bool
    top: int
    height: int


@dataclass(frozen=True)
class Layout:
    """Every part of a picture in its place; ``bottom`` is where the lowest lane ends."""

    scale: Scale
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    badges: tuple[Badge, ...]
    bottom: int


def layout(shown: Contents) -> Layout:
    """Put every part in its place so that no mark hides another."""
    along = scale(shown)
    bands: list[Band] = []
    marks: list[Mark] = []
    badges: list[Badge] = []
    top = TOP
    for holder, name in shown.lanes.items():
        here = holder == shown.here
        first = top + _PAD + PITCH // 2
        rows = 0
        if here:
            placed = [along.x(each.day) for each in shown.raised]
            heights = stacked((x - 18, x + 18) for x in placed)
            rows = max(heights, default=-1) + 1
            badges += [
                Badge(raised, x, first + height * PITCH)
                for raised, x, height in zip(shown.raised, placed, heights, strict=True)
            ]
        own = [_mark(each, along) for each in shown.seen if each.lane == holder]
        heights = stacked(map(_span, own))
        marks += [
            replace(each, y=first + (rows + height) * PITCH)
            for each, height in zip(own, heights, strict=True)
        ]
        rows += max(heights, default=-1) + 1
        lines = tuple(textwrap.wrap(name, _NAME)) or (name,)
        height = max(rows * PITCH, (len(lines) + here) * _LINE, PITCH) + 2 * _PAD
        bands.append(Band(lines, here, not rows, top, height))
        top += height
    return Layout(along, tuple(bands), tuple(marks), tuple(badges), top)


def _mark(seen: Seen, along: Scale) -> Mark:
    left, right = along.x(seen.first), along.x(seen.last)
    x = (left + right) // 2
    bar = (min(left, x - 5), max(right, x + 5))
    known = None if seen.known_here is None else along.x(seen.known_here.last)
    return Mark(seen, x, bar if seen.partial and seen.last >= along.start else None, known, 0)


def _span(mark: Mark) -> tuple[int, int]:
    """How far a mark with its bar and its line reaches to the left and to the right."""
    left, right = mark.ends or (mark.x, mark.x)
    right = max(mark.x + RADIUS, right, (mark.known or 0) + 5)
    return min(mark.x - RADIUS, left) - 1, right + 1


def stacked(spans: Iterable[tuple[int, int]]) -> list[int]:
    """For each span the row on which it fits, counted from 0, with no two on a row that touch."""
    wanted = list(spans)
    rows = [0] * len(wanted)
    ends: list[int] = []
    for number in sorted(range(len(wanted)), key=lambda each: wanted[each]):
        left, right = wanted[number]
        free = (row for row, end in enumerate(ends) if end < left)
        rows[number] = next(free, len(ends))
        if rows[number] == len(ends):
            ends.append(right)
        ends[rows[number]] = right
    return rows
