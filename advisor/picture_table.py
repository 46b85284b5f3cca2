"""The rows of the table that tells a picture of a chronology in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from advisor.chronology.story import Story
from advisor.language.english import day as in_words
from advisor.picture_contents import Raised, Seen, contents
from advisor.replay import Replay

NOT_KNOWN = "not known here"
"""What a row says of an event of which the holder had not learnt."""


@dataclass(frozen=True)
class Row:
    """One line of the table: an event, or the prompts that would have appeared on a day.

    ``label`` is the number of the event in the picture, or ``!``; ``day`` is where it stands there,
    which is the middle of a month or year where no more is known. ``known_here_on`` is empty in a
    row of prompts, and ``prompts``, their titles, in a row of an event.
    """

    label: str
    day: dt.date
    lane: str
    what: str
    happened_on: str
    known_here_on: str
    prompts: tuple[str, ...]


def rows(
    story: Story,
    replay: Replay,
    until: dt.date,
    *,
    others: bool = False,
    prompts: bool = True,
) -> list[Row]:
    """The same as in the picture, in order of time; the arguments are those of ``draw``."""
    shown = contents(story, replay, until, others=others, prompts=prompts)
    found = [
        Row(
            label=str(each.number),
            day=each.middle,
            lane=shown.lanes[each.lane],
            what=each.entry.what,
            happened_on=happened(each),
            known_here_on=known(each),
            prompts=(),
        )
        for each in shown.seen
    ]
    found += [
        Row(
            label="!",
            day=each.day,
            lane=shown.lanes[shown.here],
            what=_why(each, titled=others and each.day < until),
            happened_on=in_words(each.day.isoformat()),
            known_here_on="",
            prompts=each.prompts,
        )
        for each in shown.raised
    ]
    return sorted(found, key=lambda row: (row.day, row.label == "!"))


def happened(seen: Seen) -> str:
    """When it happened, as far as that is on record."""
    entry = seen.entry
    if entry.happened_on is None:
        return "no day on record"
    said = in_words(str(entry.happened_on))
    return said if entry.expected is None else f"{entry.expected} for {said}"


def known(seen: Seen) -> str:
    """Since when it was known to the holder whose picture this is, if by then at all."""
    since = seen.known_here
    if since is None:
        return NOT_KNOWN
    said = in_words(str(since))
    return said if since.first == since.last else f"by the end of {said}"


def _why(raised: Raised, *, titled: bool) -> str:
    """What led to prompts. The title of a decision tells how it went, which is known only after."""
    count = len(raised.prompts)
    said = "A prompt" if count == 1 else f"{count} prompts"
    reasons = []
    if raised.learnt:
        numbers = [str(each) for each in raised.learnt]
        listed = " and ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]]))
        reasons.append(f"{listed} became known here")
    if raised.shown.decision is not None:
        title = f" ({raised.shown.decision.title})" if titled else ""
        reasons.append(f"a decision was due{title}")
    told = f" That day {', and '.join(reasons)}." if reasons else ""
    return f"{said} would have appeared.{told}"
