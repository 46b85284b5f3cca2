"""Every fact a rule may read: its path, type, allowed values, question and who holds it.

A path begins with a name: ``referral``, ``household`` and ``snapshot`` stand for themselves,
``child`` for the child a rule is about, and each list gives a name to its members: inside
``some: child.injuries`` the member is ``injury``. ``adult`` is an adult as seen from the child, so
``adult.link`` is what they are to that child.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from advisor.facts.adult import Adult, Check, HistoryItem, Link
from advisor.facts.child import Child, Injury, Move, Order, Plan
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.facts.wider import AgencyCheck, Event, Header, Household, Meeting, Referral, Service
from advisor.problems import suggestion
from advisor.values import Model

GLOBALS: dict[str, type[Model]] = {
    "snapshot": Header,
    "referral": Referral,
    "household": Household,
}
"""Names that are in scope everywhere."""

MEMBERS: dict[str, type[Model]] = {
    "child": Child,
    "sibling": Child,
    "adult": Adult,
    "injury": Injury,
    "plan": Plan,
    "order": Order,
    "move": Move,
    "history": HistoryItem,
    "check": Check,
    "agency_check": AgencyCheck,
    "event": Event,
    "service": Service,
    "meeting": Meeting,
}
"""Names that stand for one member of a list, and what that member is."""

BELONGING = {
    "adults": "adult",
    "siblings": "sibling",
    "events": "event",
    "services": "service",
    "meetings": "meeting",
}
"""Lists of a child that are picked out of the snapshot's own lists; a member may only perhaps
belong to the child."""

OWNERS = {
    "injury": "child",
    "plan": "child",
    "order": "child",
    "move": "child",
    "history": "adult",
    "check": "adult",
}
"""Whose list an entry stands in, for each kind of entry that is somebody's."""

_NAMES = {model: name for name, model in reversed(MEMBERS.items())}

DERIVED: dict[str, tuple[Slot, str]] = {
    "age_months": (
        Slot("age_months", Kind.FACT, type=Type.NUMBER, ask="How old is {child}, in months?"),
        "born",
    ),
    "age_weeks": (
        Slot("age_weeks", Kind.FACT, type=Type.NUMBER, ask="How old is {child}, in weeks?"),
        "born",
    ),
    "is_unborn": (Slot("is_unborn", Kind.FACT, type=Type.BOOL, ask="Is {child} born yet?"), "born"),
    "weeks_pregnant": (
        Slot("weeks_pregnant", Kind.FACT, type=Type.NUMBER, ask="How many weeks is the pregnancy?"),
        "due",
    ),
    "decision_is_about": (
        Slot("decision_is_about", Kind.FACT, type=Type.BOOL, ask="Is the decision about {child}?"),
        "referral.about",
    ),
}
"""Facts of a child that are worked out from others, and the fact to ask for instead: the child's
own, or with its whole path."""


AS_OF = Slot("as_of", Kind.FACT, type=Type.DATE, ask="On which day is the decision made?")
"""The snapshot's day, against which rules measure time."""


class PathError(ValueError):
    """A path that leads to no fact; says which step fails and what is near it."""


@dataclass(frozen=True)
class Place:
    """Where a path leads: the name it begins with, the steps from there, and the fact."""

    path: str
    name: str
    steps: tuple[str, ...]
    slot: Slot
    member: str | None = None
    belonging: bool = False
    derived: bool = False


@cache
def place(path: str) -> Place:
    """Resolve a path such as ``injury.sites`` or ``child.movement.walks``; raises PathError."""
    name, *steps = path.split(".")
    model = GLOBALS.get(name) or MEMBERS.get(name)
    if model is None:
        near = suggestion(name, [*GLOBALS, *MEMBERS])
        raise PathError(f"{name} is not a name that rules know.{near}")
    if not steps:
        raise PathError(f"{path} names no fact; add one, such as {path}.{next(iter(slots(model)))}")
    if path == "snapshot.as_of":
        return Place(path, name, ("as_of",), AS_OF)
    if name in ("child", "sibling") and len(steps) == 1:
        special = _special(path, name, steps[0])
        if special is not None:
            return special
    for number, step in enumerate(steps):
        known = dict(slots(model))
        if model is Adult:
            known["link"] = Slot("link", Kind.GROUP, model=Link)
        slot = known.get(step)
        if slot is None or slot.kind is Kind.PLAIN:
            there = ".".join([name, *steps[:number]])
            raise PathError(f"{there} has no fact {step}.{suggestion(step, known)}")
        last = number == len(steps) - 1
        if last and slot.kind is not Kind.GROUP:
            member = _NAMES.get(slot.model) if slot.model else None
            return Place(path, name, tuple(steps), slot, member)
        if last or slot.kind is not Kind.GROUP or slot.model is None:
            what = "a group of facts" if last else "not a group of facts"
            raise PathError(f"{'.'.join([name, *steps[: number + 1]])} is {what}")
        model = slot.model
    raise PathError(f"{path} names no fact")


def _special(path: str, name: str, step: str) -> Place | None:
    if step in DERIVED:
        return Place(path, name, (step,), DERIVED[step][0], derived=True)
    if step in BELONGING:
        member = BELONGING[step]
        asks = {
            "adults": "Which adults are in or around {child}'s life?",
            "siblings": "Which other children are in the household or family?",
            "events": "Which incidents, contacts and earlier referrals concern {child}?",
            "services": "Which services are involved with {child}?",
            "meetings": "Which meetings and discussions about {child} have been held?",
        }
        slot = Slot(step, Kind.LIST, type=Type.ENTITY, model=MEMBERS[member], ask=asks[step])
        return Place(path, name, (step,), slot, member, belonging=True)
    return None


def list_place(path: str) -> Place:
    """Resolve the path of a list whose members are entries; raises PathError."""
    found = place(path)
    if found.slot.kind is not Kind.LIST or found.member is None:
        raise PathError(f"{path} is not a list of entries")
    return found


@dataclass(frozen=True)
class Entry:
    """One fact of the vocabulary, for documentation and forms."""

    path: str
    slot: Slot


def entries() -> Iterator[Entry]:
    """Every fact that a rule may read, in the order in which the snapshot declares them."""
    for name, model in {**GLOBALS, **MEMBERS}.items():
        if name == "sibling":
            continue
        yield from _entries(name, model)
        if name == "adult":
            yield from _entries("adult.link", Link)
        if name == "child":
            yield from (Entry(f"child.{step}", slot) for step, (slot, _) in DERIVED.items())


def _entries(prefix: str, model: type[Model]) -> Iterator[Entry]:
    for step, slot in slots(model).items():
        path = f"{prefix}.{step}"
        if slot.kind in (Kind.FACT, Kind.LIST):
            yield Entry(path, slot)
        elif slot.kind is Kind.GROUP and slot.model is not None:
            yield from _entries(path, slot.model)
