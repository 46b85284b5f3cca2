"""Whether the parts of a snapshot fit together: ids, references, dates, unborn children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from advisor.dates import PartialDate, Period
from advisor.facts.child import Child
from advisor.facts.shape import Kind, Slot, Type, walk
from advisor.problems import suggestion

FUTURE = frozenset({"due", "due_on", "ends_on", "release_expected_on"})
"""Dates that may lie after the snapshot's day. Any other later date would be hindsight."""

_ADULTS = frozenset(
    {
        "explained_by",
        "in_care_of",
        "said_about",
        "against",
        "partner_of",
        "plays_down_danger_of",
        "warns_of",
        "adults",
        "harmed",
    }
)
_CHILDREN = frozenset({"about", "children", "child"})
LONGEST_OVERDUE, LONGEST_PREGNANCY = Period(6, "week"), Period(45, "week")
"""How long past its date a birth may be, and how far off; ours, to catch a wrong year."""

_AFTER = (("started_on", "ended_on"), ("happened_on", "seen_on"))
_Path = tuple[str | int, ...]


def faults(snapshot: Any) -> Iterator[tuple[_Path, str]]:
    """Every fault of a ``Snapshot`` whose parts are each well formed: where, and what to do."""
    header = snapshot.snapshot
    if header.as_of.first != header.as_of.last:
        yield ("snapshot", "as_of"), "give the day, as YYYY-MM-DD"
    if not snapshot.children.items:
        yield ("children",), "name at least one child, if only by an id; prompts are about a child"
    children = [child.id for child in snapshot.children.items]
    adults = [adult.id for adult in snapshot.adults.items]
    for number in _repeated([*children, *adults]):
        people = ("children", number) if number < len(children) else None
        where: _Path = people or ("adults", number - len(children))
        yield (*where, "id"), "this id is used twice; give each person their own"
    for number, child in enumerate(snapshot.children.items):
        yield from _child_faults(child, ("children", number), snapshot)
    incident, received = snapshot.referral.incident_on.value, snapshot.referral.received_on.value
    if incident is not None and received is not None and incident.first > received.last:
        yield ("referral", "incident_on"), "this is after it was reported; check both dates"
    people_here = _People(header.as_of, frozenset(children), frozenset(adults))
    for path, slot, value in walk(snapshot):
        if value.known_on is not None and value.known_on.first > header.as_of.last:
            yield (*path, "known_on"), "known only after the snapshot's day: leave this fact out"
        if slot.kind is Kind.LIST:
            yield from _list_faults(path, slot, value, people_here)
        else:
            yield from _fact_faults(path, slot, value.value, people_here)
    for number, adult in enumerate(snapshot.adults.items):
        yield from _link_faults(adult, ("adults", number, "links"), children)


def _link_faults(adult: Any, path: _Path, children: list[str]) -> Iterator[tuple[_Path, str]]:
    linked = [link.child for link in adult.links.items]
    for position, name in enumerate(linked):
        where = (*path, position, "child")
        if name not in children:
            yield where, f"there is no child {name} here.{suggestion(name, children)}"
        elif name in linked[:position]:
            yield where, "this adult has two links to one child; keep one"


def _repeated(names: Iterable[Any]) -> Iterator[int]:
    """The places at which a name stands again; None stands for no name."""
    seen: set[Any] = set()
    for number, name in enumerate(names):
        if name is not None and name in seen:
            yield number
        seen.add(name)


def _child_faults(child: Child, path: _Path, snapshot: Any) -> Iterator[tuple[_Path, str]]:
    held = [child.born.is_known, child.due.is_known, child.age is not None]
    if sum(held) > 1:
        yield path, "give one of born, due and age"
    units = () if child.age is None else (child.age.years, child.age.months, child.age.weeks)
    if child.age is not None and sum(unit is not None for unit in units) != 1:
        yield (*path, "age"), "give one of years, months and weeks"
    if child.due.value is not None:
        yield from _unborn_faults(child, child.due.value, path, snapshot)
    if child.born.value is not None:
        yield from _born_faults(child, child.born.value, path, snapshot)


def _unborn_faults(
    child: Child, due: PartialDate, path: _Path, snapshot: Any
) -> Iterator[tuple[_Path, str]]:
    day = snapshot.snapshot.as_of.last
    if due.last < LONGEST_OVERDUE.before(day) or LONGEST_PREGNANCY.before(due.first) > day:
        yield (*path, "due"), "no pregnancy lasts so long: correct it, or give born"
    for where, slot, value in walk(child.movement, (*path, "movement")):
        if slot.kind is Kind.FACT and value.value is not None:
            yield where, "an unborn child has no milestones; give born, or leave this out"
    if child.injuries.items:
        yield (*path, "injuries"), "an unborn child has no injuries here; give born"


def _born_faults(
    child: Child, born: PartialDate, path: _Path, snapshot: Any
) -> Iterator[tuple[_Path, str]]:
    received, seen = snapshot.referral.received_on.value, child.seen.last_seen_on.value
    if received is not None and born.first > received.last:
        yield (
            (*path, "born"),
            "born after the referral was received: give due instead of born, or the later date "
            "on which this information was received",
        )
    if seen is not None and seen.last < born.first:
        yield (*path, "seen", "last_seen_on"), "this is before the child was born"
    for number, injury in enumerate(child.injuries.items):
        for name in ("seen_on", "happened_on"):
            day = getattr(injury, name).value
            if day is not None and day.last < born.first:
                yield (*path, "injuries", number, name), "this is before the child was born"


@dataclass(frozen=True)
class _People:
    """What facts are held against: the snapshot's day, and the ids of its people."""

    as_of: PartialDate
    children: frozenset[str]
    adults: frozenset[str]

    def dangling(self, name: str, value: str) -> str | None:
        """What is wrong with a reference to a person, if anything."""
        kind, known = (
            ("adult", self.adults)
            if name in _ADULTS
            else ("child", self.children)
            if name in _CHILDREN
            else ("", frozenset({value}))
        )
        if value in known:
            return None
        return f"there is no {kind} {value} here.{suggestion(value, sorted(known))}"


def _fact_faults(
    path: _Path, slot: Slot, value: Any, people: _People
) -> Iterator[tuple[_Path, str]]:
    if isinstance(value, PartialDate):
        if slot.name not in FUTURE and value.first > people.as_of.last:
            yield path, "this is after the snapshot's day: leave it out, or correct the date"
    elif slot.type is Type.REFERENCE and value is not None:
        message = people.dangling(slot.name, value)
        if message is not None:
            yield path, message


def _list_faults(
    path: _Path, slot: Slot, value: Any, people: _People
) -> Iterator[tuple[_Path, str]]:
    if slot.type is Type.ENTITY:
        if path not in (("children",), ("adults",)):  # people are checked together
            for number in _repeated(getattr(item, "id", None) for item in value.items):
                yield (*path, number, "id"), "this id is used twice in this list"
        for number, item in enumerate(value.items):
            yield from _reversed((*path, number), item)
        return
    for number in _repeated(value.items):
        yield (*path, number), "this is listed twice; keep one"
    for number, name in enumerate(value.items if slot.type is Type.REFERENCE else ()):
        message = people.dangling(slot.name, name)
        if message is not None:
            yield (*path, number), message


def _reversed(path: _Path, item: Any) -> Iterator[tuple[_Path, str]]:
    for earlier, later in _AFTER:
        first = getattr(getattr(item, earlier, None), "value", None)
        last = getattr(getattr(item, later, None), "value", None)
        if not isinstance(first, PartialDate) or not isinstance(last, PartialDate):
            continue
        if last.last < first.first:
            yield (*path, later), f"{later} is before {earlier}; check both dates"
