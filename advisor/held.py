"""A case held in place, fact by fact, as it goes from day to day.

Each fact stands in it by its path and is validated once, when it is set. What follows from the
facts for each child is left to :class:`~advisor.case.Case`, which is given only what changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from advisor.case import Case
from advisor.chronology.leaves import COMPLETE, Path, key_of
from advisor.facts.adult import Link
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.snapshot import Snapshot
from advisor.values import Model, UnknownReason, not_recorded_fact, not_recorded_list
from advisor.vocabulary import BELONGING, MEMBERS

SHARED = ("adults", "events", "services", "meetings")
"""Lists of a snapshot of which each child has its own members."""

_NAMES: dict[type[Model], str] = {
    **{model: name for name, model in reversed(MEMBERS.items())},
    Link: "adult.link",
}


class Thing:
    """A person, an event or a group of facts: its facts by name."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.__dict__.update(facts)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class Entries:
    """The entries of a list by their ids; otherwise as a listing of a snapshot."""

    __slots__ = ("by_id", "complete", "items", "said", "unknown")
    known_on = None

    def __init__(self) -> None:
        self.by_id: dict[str, Any] = {}
        self.items: Collection[Any] = self.by_id.values()
        self.said: Any = None
        self.settle()

    def settle(self) -> None:
        """Work out whether members may be missing, from what was said of it and what stands."""
        self.complete = self.said is True
        self.unknown: UnknownReason | None = None
        if not self.by_id and isinstance(self.said, Mapping):
            self.unknown = UnknownReason(str(self.said.get("unknown")))
        elif not self.by_id and self.said is None:
            self.unknown = UnknownReason.NOT_RECORDED


class Site(NamedTuple):
    """Where a path leads, as rules see it.

    ``key`` is the fact or list that rules read, and ``member`` the id of the member of that list.
    ``fact`` is its name in the vocabulary; None where it says which entries there are, or whose.
    ``entries`` are the lengths at which the path names an entry.
    """

    key: str
    member: str | None
    fact: str | None
    entries: tuple[int, ...]
    slot: Slot | None
    model: type[Model]


class Put(NamedTuple):
    """What now stands at a path, in which thing, and whether an entry has come or gone with it."""

    made: Any
    holder: Any
    moved: bool


def site(path: Path) -> Site:
    """Where a path of a single fact leads."""
    name, key, member = "", None, None
    model: type[Model] = Snapshot
    steps: list[str] = []
    entries: list[int] = []
    at = 0
    while True:
        step = path[at]
        slot = slots(model)[step]
        steps.append(step)
        at += 1
        if slot.kind is Kind.GROUP and slot.model is not None:
            name, steps = (step, []) if at == 1 else (name, steps)
            model = slot.model
        elif slot.type is Type.ENTITY and slot.model is not None:
            listed = f"child.{step}" if at == 1 else f"{name}.{'.'.join(steps)}"
            if key is None and listed != "child.children":
                key, member = listed, None if path[at] == COMPLETE else path[at]
            if path[at] == COMPLETE:
                nested = member is not None and slot.model is not Link
                return Site(
                    key or "children",
                    member,
                    listed if nested else None,
                    tuple(entries),
                    None,
                    model,
                )
            at += 1
            entries.append(at)
            model, steps = slot.model, []
            name = BELONGING.get(step, "child") if len(entries) == 1 and at == 2 else _NAMES[model]
        else:
            structure = step == key_of(model) or (step == "children" and key is not None)
            fact = f"{name}.{'.'.join(steps)}"
            found = None if structure else fact
            return Site(key or fact, member, found, tuple(entries), slot, model)


def _blank(slot: Slot, model: type[Model]) -> Any:
    """What stands at a field of which nothing is known."""
    if slot.kind is Kind.FACT:
        return not_recorded_fact()
    if slot.type is Type.ENTITY:
        return Entries()
    if slot.kind is Kind.LIST:
        return not_recorded_list()
    if slot.kind is Kind.GROUP and slot.model is not None:
        return blank(slot.model)
    return model.model_fields[slot.name].get_default(call_default_factory=True)


def blank(model: type[Model]) -> Thing:
    """A part of a case of which nothing is known."""
    single, made = _template(model)
    thing = Thing(single)
    for slot in made:
        thing.__dict__[slot.name] = _blank(slot, model)
    return thing


@cache
def _template(model: type[Model]) -> tuple[dict[str, Any], tuple[Slot, ...]]:
    """What all blank things of a kind share, and the fields of which each needs its own."""
    own = tuple(
        each
        for each in slots(model).values()
        if each.kind is Kind.GROUP or each.type is Type.ENTITY
    )
    shared = {
        name: _blank(slot, model)
        for name, slot in slots(model).items()
        if slot not in own and not (slot.kind is Kind.PLAIN and name in ("id", "child"))
    }
    return shared, own


@cache
def _reader(model: type[Model], name: str) -> Any:
    field = model.model_fields[name]
    kind: Any = field.annotation
    return kind.model_validate if hasattr(kind, "model_validate") else _adapted(kind)


def _adapted(kind: Any) -> Any:
    return TypeAdapter(kind).validate_python


def read(model: type[Model], name: str, value: Any) -> Any:
    """A field of a model from plain data, or as it is blank; raises pydantic's ValidationError."""
    slot = slots(model)[name]
    return _blank(slot, model) if value is None else _reader(model, name)(value)


class HeldCase:
    """The facts of a case, each set or taken away in its place."""

    def __init__(self) -> None:
        self.whole = blank(Snapshot)
        self._below: Counter[Path] = Counter()
        self._sites: dict[Path, Site] = {}

    def site(self, path: Path) -> Site:
        """Where a path leads."""
        if path not in self._sites:
            self._sites[path] = site(path)
        return self._sites[path]

    def put(self, path: Path, value: Any, *, was_there: bool) -> Put:
        """Set a fact, or take it away if the value is None.

        Raises pydantic's ValidationError, or another ValueError, for what cannot stand there.
        """
        where = self.site(path)
        moved = False
        if value is not None and not was_there:
            for length in where.entries:
                self._below[path[:length]] += 1
                moved |= self._below[path[:length]] == 1
        holder, name = self._holder(path)
        if isinstance(holder, Entries):
            holder.said = value
            holder.settle()
            made = None
        else:
            made = read(where.model, name, value) if name != key_of(where.model) else path[-2]
            setattr(holder, name, made)
        if value is None and was_there:
            for length in reversed(where.entries):
                self._below[path[:length]] -= 1
                if not self._below[path[:length]]:
                    rows, _ = self._holder((*path[: length - 1], COMPLETE))
                    del rows.by_id[path[length - 1]]
                    rows.settle()
                    moved = True
        return Put(made, holder, moved)

    def _holder(self, path: Path) -> tuple[Any, str]:
        """The thing or list at which a path ends, and its last step; entries come as needed."""
        held: Any = self.whole
        model: type[Model] = Snapshot
        at = 0
        while True:
            step = path[at]
            slot = slots(model)[step]
            if slot.kind is Kind.GROUP and slot.model is not None:
                held, model = getattr(held, step), slot.model
                at += 1
            elif slot.type is Type.ENTITY and slot.model is not None:
                rows, name = getattr(held, step), path[at + 1]
                if name == COMPLETE:
                    return rows, name
                if name not in rows.by_id:
                    entry = rows.by_id[name] = blank(slot.model)
                    setattr(entry, key_of(slot.model), name)
                    rows.settle()
                held, model = rows.by_id[name], slot.model
                at += 2
            else:
                return held, step

    def case(self, header: Any, referral: Any, members: Mapping[str, Collection[str]]) -> Case:
        """What follows from the facts for each child, as to these members of the shared lists."""
        parts: dict[str, Any] = {
            "household": self.whole.household,
            "children": self.whole.children,
        }
        for name in SHARED:
            rows: Entries = getattr(self.whole, name)
            few = Entries()
            few.by_id.update(
                (each, rows.by_id[each]) for each in members[name] if each in rows.by_id
            )
            few.complete, few.unknown = rows.complete, rows.unknown
            parts[name] = few
        return Case(Snapshot.model_construct(snapshot=header, referral=referral, **parts))
