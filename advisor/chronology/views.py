"""What follows from a chronology: the snapshot as known to somebody on a day, or as knowable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.chronology import leaves as parts
from advisor.chronology.leaves import Path
from advisor.chronology.story import Entry, Story, order
from advisor.dates import PartialDate
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.snapshot import Snapshot
from advisor.values import Model

CONFLICTING = {"unknown": "conflicting"}


@dataclass(frozen=True)
class Held:
    """A single fact of a view: its value as a snapshot has it, and the entry that it is from."""

    value: Any
    entry: Entry


def knows_from(entry: Entry, holders: Collection[str]) -> PartialDate | None:
    """Since when any of these holders has known of an entry; None if never.

    A day that is known only to the month or year counts from its last: nothing is known too early.
    """
    days = [since for holder, since in entry.known.items() if holder in holders]
    return min(days, key=lambda since: since.last, default=None)


def known(story: Story, day: dt.date, holders: Collection[str]) -> dict[Path, Held]:
    """Every single fact that these holders, put together, knew on a day."""
    since = {}
    for entry in story.entries:
        learnt = knows_from(entry, holders)
        if learnt is not None and learnt.last <= day:
            since[entry.id] = learnt
    present = [entry for entry in story.entries if entry.id in since]
    void = {
        (entry.corrects, path)
        for entry in present
        if entry.corrects in since
        for path in story.sets[entry.id]
    }
    disputed = _disputed(story, present, since)
    found: dict[Path, Held] = {}
    for entry in sorted(present, key=order):
        for gone in entry.withdraws:
            _withdraw(found, tuple(gone.split(".")))
        for path, value in story.sets[entry.id].items():
            if (entry.id, path) in void:
                continue
            was = found.get(path)
            if (
                was is not None
                and _is_unknown(value)
                and not _covers(was.entry, entry, day, holders)
            ):
                continue
            if was is not None and frozenset((was.entry.id, entry.id, path)) in disputed:
                found[path] = Held(CONFLICTING, entry)
                continue
            if path[0] == "children" and path[2:] == ("born",):
                for other in ("due", "age"):
                    found.pop((*path[:2], other), None)
            found[path] = Held(_with_source(path, value, entry, since[entry.id]), entry)
    return found


def _is_unknown(value: Any) -> bool:
    return isinstance(value, Mapping) and "unknown" in value


def _covers(earlier: Entry, later: Entry, day: dt.date, holders: Collection[str]) -> bool:
    """Whether everybody here who learnt the later entry by a day had learnt the earlier one too.

    That one agency never asked takes nothing away from what another knows.
    """
    return all(
        holder in earlier.known and earlier.known[holder].last <= day
        for holder, since in later.known.items()
        if holder in holders and since.last <= day
    )


def _disputed(
    story: Story, present: list[Entry], since: Mapping[str, PartialDate]
) -> set[frozenset[Any]]:
    return {
        frozenset((entry.disputes, entry.id, path))
        for entry in present
        if entry.disputes is not None and entry.disputes in since
        for path in story.sets[entry.id]
    }


def _withdraw(found: dict[Path, Held], gone: Path) -> None:
    for path in [each for each in found if each[: len(gone)] == gone]:
        del found[path]


def _with_source(path: Path, value: Any, entry: Entry, since: PartialDate) -> Any:
    """A value with the day since which it was known, and where it came from."""
    slot = slot_at(path)
    if slot is None or slot.kind is Kind.PLAIN:
        return value
    told: dict[str, Any] = {"known_on": str(since)}
    if entry.source is not None:
        told["from"] = entry.source
    if isinstance(value, Mapping):
        return {**told, **value}
    if slot.kind is Kind.LIST:
        return {parts.COMPLETE: True, "items": value, **told}
    return {"value": value, **told}


def slot_at(path: Path) -> Slot | None:
    """The field to which a path of a single fact leads; None for the completeness of a list."""
    model: type[Model] = Snapshot
    steps = iter(path)
    slot: Slot | None = None
    for step in steps:
        slot = slots(model).get(step)
        if slot is None:
            return None
        if slot.kind is Kind.LIST and slot.type is Type.ENTITY and slot.model is not None:
            if next(steps) == parts.COMPLETE:
                return None
            model = slot.model
        elif slot.kind is Kind.GROUP and slot.model is not None:
            model = slot.model
    return slot


def snapshot_data(
    story: Story,
    day: dt.date,
    holders: Collection[str],
    case: Mapping[str, Any],
) -> dict[str, Any]:
    """Plain data of a snapshot: what the holders knew on a day, and the decision's own part.

    ``case`` holds ``snapshot`` (the heading) and ``referral``, and may hold more facts, which stand
    over those of the story.
    """
    facts = {path: held.value for path, held in known(story, day, holders).items()}
    for path, value in _own(case):
        facts[path] = value
    made = parts.put_together(facts.items())
    return {**{key: case[key] for key in ("snapshot", "referral") if key in case}, **made}


def _own(case: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for key, value in case.items():
        if key not in parts.NOT_OF_THE_STORY:
            yield from parts.leaves((key,), value)
