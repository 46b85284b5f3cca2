"""What follows from a chronology: the snapshot as known to somebody on a day, or as knowable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
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

_BORN = ("born",)
_BEFORE_BIRTH = (("due",), ("age",))
"""Facts of a child that give way to the date of birth, which says more."""


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
    told = _Told(story, holders, day)
    for entry in story.entries:
        told.learn(entry)
    return told.facts(sorted((e for e in story.entries if e.id in told.since), key=order))


class _Told:
    """What decides which of several entries a fact is from: who has learnt what by a day."""

    def __init__(self, story: Story, holders: Collection[str], day: dt.date) -> None:
        self.story, self.holders, self.day = story, holders, day
        self.since: dict[str, PartialDate] = {}
        self._void: set[tuple[str, Path]] = set()
        self._disputed: set[frozenset[Any]] = set()

    def learn(self, entry: Entry) -> None:
        """Take an entry in, if one of the holders has learnt it by the day."""
        learnt = knows_from(entry, self.holders)
        if learnt is None or learnt.last > self.day:
            return
        self.since[entry.id] = learnt
        for path in self.story.sets[entry.id]:
            if entry.corrects is not None:
                self._void.add((entry.corrects, path))
            if entry.disputes is not None:
                self._disputed.add(frozenset((entry.disputes, entry.id, path)))

    def facts(
        self, entries: Iterable[Entry], only: Collection[Path] | None = None
    ) -> dict[Path, Held]:
        """The facts that follow from entries, which are in order; ``only`` these, if given."""
        found: dict[Path, Held] = {}
        for entry in entries:
            for gone in entry.withdraws:
                _withdraw(found, tuple(gone.split(".")))
            sets = self.story.sets[entry.id]
            # In the order of the entry, which may set both a due date and a birth.
            for path in sets if only is None else [each for each in sets if each in only]:
                self._set(found, path, sets[path], entry)
        return found

    def _set(self, found: dict[Path, Held], path: Path, value: Any, entry: Entry) -> None:
        if (entry.id, path) in self._void:
            return
        was = found.get(path)
        if was is not None:
            if _is_unknown(value) and not _covers(was.entry, entry, self.day, self.holders):
                return
            if self._conflicts(was, entry, path):
                found[path] = Held(CONFLICTING, entry)
                return
        if path[0] == "children" and path[2:] in _BEFORE_BIRTH:
            if _is_born(found, path[1]):
                return
        elif path[0] == "children" and path[2:] == _BORN and not _is_unknown(value):
            for other in _BEFORE_BIRTH:
                found.pop((*path[:2], *other), None)
        found[path] = Held(_with_source(path, value, entry, self.since[entry.id]), entry)

    def _conflicts(self, was: Held, entry: Entry, path: Path) -> bool:
        """Whether an entry disputes what stands, or joins a dispute that nothing has settled."""
        if frozenset((was.entry.id, entry.id, path)) in self._disputed:
            return True
        return entry.disputes in self.since and was.value == CONFLICTING


class Knowledge:
    """What some holders know of a story, brought up to date from one day to a later one.

    Only those facts are worked out again that something learnt since the last day bears on: what
    it sets or withdraws, and so what it corrects or disputes. ``facts`` equals :func:`known`.
    """

    def __init__(self, story: Story, holders: Collection[str]) -> None:
        self.facts: dict[Path, Held] = {}
        self._told = _Told(story, holders, dt.date.min)
        below: dict[Path, dict[Path, None]] = {}
        for sets in story.sets.values():
            for path in sets:
                for length in range(1, len(path) + 1):
                    below.setdefault(path[:length], {})[path] = None
        self._bears_on: dict[str, dict[Path, None]] = {}
        self._entries: dict[Path, dict[str, Entry]] = {}
        for entry in sorted(story.entries, key=order):
            gone = (each for path in entry.withdraws for each in below.get(_steps(path), ()))
            firsts = {_first(path): None for path in (*story.sets[entry.id], *gone)}
            self._bears_on.setdefault(entry.id, {}).update(firsts)
            if entry.disputes is not None:  # whether it joins a dispute turns on both being known
                self._bears_on.setdefault(entry.disputes, {}).update(firsts)
            for path in firsts:
                self._entries.setdefault(path, {})[entry.id] = entry
        # A further holder's learning of an entry may take a fact away: one was never asked.
        self._learning = sorted(
            (
                (since.last, number, entry)
                for number, entry in enumerate(story.entries)
                for holder, since in entry.known.items()
                if holder in holders
            ),
            key=lambda each: each[:2],
        )
        self._next = 0

    def to(self, day: dt.date) -> dict[Path, Any]:
        """Go on to a day, no earlier than the last: the values that changed, None for gone."""
        self._told.day = day
        firsts: dict[Path, None] = {}
        while self._next < len(self._learning) and self._learning[self._next][0] <= day:
            entry = self._learning[self._next][2]
            self._told.learn(entry)
            firsts.update(self._bears_on[entry.id])
            self._next += 1
        changed: dict[Path, Any] = {}
        for first in firsts:
            together = _together(first)
            present = (e for e in self._entries[first].values() if e.id in self._told.since)
            found = self._told.facts(present, together)
            for path in together:
                was, now = self.facts.pop(path, None), found.get(path)
                if now is not None:
                    self.facts[path] = now
                if (was and was.value) != (now and now.value):
                    changed[path] = now and now.value
        return changed


def _first(path: Path) -> Path:
    """The path under which a fact is worked out, together with those that it depends on."""
    if path[0] == "children" and path[2:] in _BEFORE_BIRTH:
        return (*path[:2], *_BORN)
    return path


def _together(first: Path) -> tuple[Path, ...]:
    if first[0] == "children" and first[2:] == _BORN:
        return (first, *((*first[:2], *each) for each in _BEFORE_BIRTH))
    return (first,)


def _steps(path: str) -> Path:
    return tuple(path.split("."))


def _is_unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "unknown" in value or value.get("value", value) is None
    return value is None


def _is_born(found: Mapping[Path, Held], child: str) -> bool:
    held = found.get(("children", child, "born"))
    return held is not None and not _is_unknown(held.value)


def _covers(earlier: Entry, later: Entry, day: dt.date, holders: Collection[str]) -> bool:
    """Whether everybody here who learnt the later entry by a day had learnt the earlier one too.

    That one agency never asked takes nothing away from what another knows.
    """
    return all(
        holder in earlier.known and earlier.known[holder].last <= day
        for holder, since in later.known.items()
        if holder in holders and since.last <= day
    )


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
    for path, value in own_facts(case):
        facts[path] = value
    made = parts.put_together(facts.items())
    return {**{key: case[key] for key in ("snapshot", "referral") if key in case}, **made}


def own_facts(case: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """The facts that a decision's own part of a case sets, without its heading and referral."""
    for key, value in case.items():
        if key not in parts.NOT_OF_THE_STORY:
            yield from parts.leaves((key,), value)
