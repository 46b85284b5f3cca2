"""What a picture of a chronology shows by a day, and what it leaves out.

Only what somebody in the picture knew by that day is in it. An event that came to light later is
left out whole, and so are the agencies who came into the story later, for their very names would
tell what is to come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from advisor.chronology.story import Entry, Story, order
from advisor.dates import PartialDate
from advisor.replay import Replay, ReplayDay


@dataclass(frozen=True)
class Seen:
    """An entry as it is shown: its number, its lane, when it happened, and since when known here.

    ``first`` and ``last`` are the days between which it happened, and ``since`` is when the holder
    of the lane knew. An entry without a day, or one that is only expected, stands where it first
    became known (``dated`` is false).
    """

    number: int
    entry: Entry
    lane: str
    first: dt.date
    last: dt.date
    since: dt.date
    dated: bool
    known_here: PartialDate | None

    @property
    def middle(self) -> dt.date:
        """The day at which the mark stands."""
        return self.first + (self.last - self.first) // 2

    @property
    def partial(self) -> bool:
        """Whether only the month or year is known, or part of it."""
        happened = self.entry.happened_on
        return self.dated and happened is not None and happened.first != happened.last


@dataclass(frozen=True)
class Raised:
    """The prompts that would have appeared on a day, and the numbers of what was learnt on it."""

    day: dt.date
    learnt: tuple[int, ...]
    shown: ReplayDay

    @property
    def prompts(self) -> tuple[str, ...]:
        """The titles of the prompts that are new on this day."""
        return tuple(
            f"{each.title} (more must be known first)"
            if each.verdict == "needs_information"
            else each.title
            for each in self.shown.prompts
            if each.state == "appears"
        )


@dataclass(frozen=True)
class Contents:
    """All that a picture shows: its lanes by holder, with their names, events and prompts."""

    here: str
    until: dt.date
    lanes: dict[str, str]
    seen: tuple[Seen, ...]
    raised: tuple[Raised, ...]


def contents(
    story: Story, replay: Replay, until: dt.date, *, others: bool, prompts: bool
) -> Contents:
    """What is shown of a story by a day; raises ValueError where the replay is of another story.

    Without ``others`` only what the holder of the replay knew is shown, and not who knew it before.
    """
    holders, here = story.head.holders, replay.holder
    if replay.story != story.head.id or here not in holders:
        raise ValueError("this replay is of another story: replay the story that is to be drawn")
    looked_at = [here, *(each for each in holders if others and each != here)]
    found: list[Seen] = []
    taking_part = {here}
    for entry in sorted(story.entries, key=order):
        known = {
            holder: entry.known[holder]
            for holder in looked_at
            if holder in entry.known and entry.known[holder].last <= until
        }
        if known:
            found.append(_seen(entry, known, here))
            taking_part |= set(known)
    found.sort(key=lambda each: each.middle)
    seen = tuple(replace(each, number=number) for number, each in enumerate(found, start=1))
    return Contents(
        here=here,
        until=until,
        lanes={each: _capital(holders[each].name) for each in looked_at if each in taking_part},
        seen=seen,
        raised=tuple(_raised(replay, seen, until)) if prompts else (),
    )


def _seen(entry: Entry, known: dict[str, PartialDate], here: str) -> Seen:
    # Of several who learnt it on one day, the lane nearest the top is taken, and ours stands first:
    # whatever stands in another lane was known to others before us.
    lane = min(known, key=lambda holder: known[holder].last)
    since = known[lane].last
    happened = entry.happened_on
    if happened is None or entry.expected is not None:
        return Seen(0, entry, lane, since, since, since, False, known.get(here))
    # It cannot have happened after somebody knew of it, whatever else its month or year allows.
    last = min(happened.last, since)
    return Seen(0, entry, lane, happened.first, last, since, True, known.get(here))


def _raised(replay: Replay, seen: Sequence[Seen], until: dt.date) -> Iterator[Raised]:
    for shown in replay.days:
        day = dt.date.fromisoformat(shown.day)
        if day > until:
            return
        learnt = (
            each.number
            for each in seen
            if each.known_here is not None and each.known_here.last == day
        )
        raised = Raised(day, tuple(learnt), shown)
        if raised.prompts:
            yield raised


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
