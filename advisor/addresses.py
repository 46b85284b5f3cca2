"""Addresses of facts: dotted paths with the ids of entries, and where they lead in a document.

``children.amy.seen.alone`` is the address of a fact, ``children.amy`` that of its owner, and
``child.seen.alone`` is what the vocabulary calls it. A document is the plain data of a snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from advisor.facts.adult import Link
from advisor.facts.child import Child
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.problems import suggestion
from advisor.snapshot import Snapshot
from advisor.values import Model
from advisor.vocabulary import AS_OF, BELONGING, DERIVED, MEMBERS

CASE = "case"
"""What a section is about when it is about no one entry."""

AGE = "age"
"""The step under a child that stands for birth date, due date and age, asked as one question."""

ABOUT: dict[type[Model], str] = {
    Link: "link",
    **{model: name for name, model in reversed(MEMBERS.items())},
}
"""What the members of a list are called."""

ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
"""An id, as a snapshot has them."""

_AGE_STEPS = frozenset(
    {AGE, "born", "due", *(name for name in DERIVED if "." not in DERIVED[name][1])}
)
_WHOLE = {BELONGING[name]: name for name in BELONGING if name != "siblings"}


class AddressError(LookupError):
    """An address that leads to no fact of this case."""


@dataclass(frozen=True)
class Address:
    """Where a fact stands: its address, its name in the vocabulary, and whose it is.

    ``steps`` are the keys and ids from the top of a document; ``owner`` is the address of the
    entry that holds it, "" for the case; ``model`` the model of which it is a field.
    """

    text: str
    fact: str
    about: str
    owner: str
    slot: Slot
    steps: tuple[str, ...]
    model: type[Model]

    @property
    def is_age(self) -> bool:
        """Whether it is the one question about birth, age and due date."""
        return self.fact == "child.born"

    @property
    def is_entries(self) -> bool:
        """Whether it is a list of entries."""
        return self.slot.kind is Kind.LIST and self.slot.type is Type.ENTITY


@lru_cache(maxsize=16_384)
def resolve(text: str) -> Address:
    """The fact or list at an address; raises AddressError. No document is looked at."""
    steps = tuple(text.split("."))
    model: type[Model] = Snapshot
    prefix, about, owner = "", CASE, ""
    number = 0
    while number < len(steps):
        step, last = steps[number], number == len(steps) - 1
        here = ".".join(steps[:number])
        if model is Child and last and here == owner:
            elsewhere = _of_child(step, here)
            if elsewhere is not None:
                return elsewhere
        slot = AS_OF if text == "snapshot.as_of" and last else slots(model).get(step)
        if slot is None or slot.kind is Kind.PLAIN:
            raise AddressError(f"{text} is no fact of a case.{suggestion(step, slots(model))}")
        fact = f"{prefix}.{step}" if prefix else step
        if last and slot.kind is not Kind.GROUP:
            return Address(text, fact, about, owner, slot, steps, model)
        if last or slot.model is None:
            raise AddressError(f"{text} is no single fact of a case")
        model, number = slot.model, number + 1
        if slot.kind is Kind.GROUP:
            prefix = fact
            continue
        if ID.fullmatch(steps[number]) is None or number == len(steps) - 1:
            raise AddressError(f"{text} is no fact of a case: it leads to an entry")
        about = ABOUT[model]
        prefix = "adult.link" if about == "link" else about
        number += 1
        owner = ".".join(steps[:number])
    raise AddressError(f"{text} is no fact of a case")


def _of_child(step: str, child: str) -> Address | None:
    """What is asked about a child in another way than it is read."""
    if step in _AGE_STEPS:
        slot = slots(Child)["born"]
        steps = (*child.split("."), AGE)
        return Address(".".join(steps), "child.born", "child", child, slot, steps, Child)
    if step == "siblings":
        return resolve("children")
    if step in BELONGING:
        return resolve(step)
    if step in DERIVED:
        return resolve(DERIVED[step][1])
    return None


def asked_as(fact: str) -> str:
    """The fact to ask for where a rule reads this one: ``child.age_months`` is asked as born."""
    name, _, rest = fact.partition(".")
    name = "child" if name == "sibling" else name
    if name == "child" and "." not in rest:
        if rest in _AGE_STEPS:
            return "child.born"
        if rest in DERIVED:
            return DERIVED[rest][1]
        if rest in BELONGING:
            return "children" if rest == "siblings" else rest
    return f"{name}.{rest}" if rest else name


def address_of(fact: str, owner: str) -> str | None:
    """The address of a fact of the vocabulary as seen from an owner; None if it has none there.

    From an injury, ``child.seen.alone`` is a fact of its child; from a link, ``adult.x`` one of
    its adult and ``child.x`` one of its child.
    """
    name, _, rest = fact.partition(".")
    if name in slots(Snapshot):
        return fact
    steps = owner.split(".") if owner else []
    holders = {
        "child": steps[:2] if steps[:1] == ["children"] else [],
        "adult": steps[:2] if steps[:1] == ["adults"] else [],
    }
    if steps[:1] == ["adults"] and len(steps) == 4 and steps[2] == "links":
        holders["child"] = ["children", steps[3]]
        if fact.startswith("adult.link."):
            return f"{owner}.{fact.removeprefix('adult.link.')}"
    elif fact.startswith("adult.link."):
        return None
    if name not in holders and owner_about(owner) == name:
        holders[name] = steps
    held = holders.get(name)
    if not held:
        return None
    return ".".join([*held, AGE if fact == "child.born" else rest])


@lru_cache(maxsize=4096)
def owner_about(owner: str) -> str:
    """What the entry at an address is (``child``, ``injury`` ...); ``case`` for "".

    Raises:
        AddressError: the address is not one of an entry.
    """
    if not owner:
        return CASE
    steps = owner.split(".")
    model: type[Model] = Snapshot
    number = 0
    while number < len(steps):
        slot = slots(model).get(steps[number])
        if slot is None or slot.model is None:
            raise AddressError(f"{owner} is no entry of a case")
        model, number = slot.model, number + 1
        if slot.kind is Kind.LIST:
            if number == len(steps) or ID.fullmatch(steps[number]) is None:
                raise AddressError(f"{owner} is no entry of a case: give its id")
            number += 1
            if number == len(steps):
                return ABOUT[model]
    raise AddressError(f"{owner} is no entry of a case")


def items(part: Any) -> list[dict[str, Any]]:
    """The entries of a list as it stands in a document, however it is written."""
    if isinstance(part, Mapping):
        part = part.get("items")
    return part if isinstance(part, list) else []


def entry_id(item: Mapping[str, Any]) -> str:
    """The id of an entry; of a link, its child."""
    return str(item.get("id") or item.get("child") or "")


def find(document: Mapping[str, Any], steps: tuple[str, ...]) -> Any:
    """What stands at these steps of a document; None if nothing does."""
    place: Any = document
    for step in steps:
        if isinstance(place, list) or (isinstance(place, Mapping) and "items" in place):
            place = next((item for item in items(place) if entry_id(item) == step), None)
        elif isinstance(place, Mapping):
            place = place.get(step)
        else:
            return None
    return place


def owner_exists(document: Mapping[str, Any], owner: str) -> bool:
    """Whether a document has the entry; a link needs only its adult and child."""
    if not owner:
        return True
    steps = tuple(owner.split("."))
    if owner_about(owner) == "link":
        child = ("children", steps[3])
        return find(document, steps[:2]) is not None and find(document, child) is not None
    return find(document, steps) is not None


def ids(document: Mapping[str, Any], collection: str) -> list[str]:
    """The ids of the entries in a list of the document, such as ``children``."""
    return [entry_id(item) for item in items(find(document, tuple(collection.split("."))))]


_LISTS = {
    "child": ("children",),
    "adult": ("adults",),
    "event": ("events",),
    "service": ("services",),
    "meeting": ("meetings",),
    "agency_check": ("referral", "checks"),
    "injury": ("children", "*", "injuries"),
    "plan": ("children", "*", "plans"),
    "order": ("children", "*", "orders"),
    "move": ("children", "*", "moves"),
    "history": ("adults", "*", "history"),
    "check": ("adults", "*", "checks"),
}
"""Where the entries of each kind stand; ``*`` for every entry of the list before it."""


def owners(document: Mapping[str, Any], about: str) -> tuple[str, ...]:
    """The addresses of every entry of a kind, in order; an adult has a link to each child."""
    if about == CASE:
        return ("",)
    if about == "link":
        children = ids(document, "children")
        return tuple(
            f"adults.{adult}.links.{child}"
            for adult in ids(document, "adults")
            if not _apart(document, adult)
            for child in children
        )
    return tuple(_owners(document, _LISTS[about]))


def _apart(document: Mapping[str, Any], adult: str) -> bool:
    """Whether it is on record that an adult has no link to any child here."""
    links = find(document, ("adults", adult, "links"))
    known = isinstance(links, Mapping) and links.get("complete") is True
    return (known or isinstance(links, list)) and not items(links)


def _owners(document: Mapping[str, Any], steps: tuple[str, ...]) -> Iterator[str]:
    if "*" not in steps:
        here = ".".join(steps)
        yield from (f"{here}.{name}" for name in ids(document, here))
        return
    star = steps.index("*")
    for owner in _owners(document, steps[:star]):
        yield from _owners(document, (*owner.split("."), *steps[star + 1 :]))
