"""The case snapshot: what is known at one moment, and what is not.

``Snapshot.from_document`` and ``Snapshot.from_data`` read one; every fault is an InputError that
names the line and field. Lists have no order of their own: a snapshot is held in a canonical
order, so that the same facts give the same bytes however they were written down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from advisor.dates import PartialDate
from advisor.facts.adult import Adult
from advisor.facts.base import ask_list
from advisor.facts.child import Child
from advisor.facts.shape import Kind, Slot, Type, slots, walk
from advisor.facts.wider import Event, Header, Household, Meeting, Referral, Service
from advisor.problems import InputError, Problem, field_name, suggestion
from advisor.reading import Document
from advisor.values import Fact, Listing, Model, UnknownReason

FUTURE = frozenset({"due", "due_on", "ends_on"})
"""Dates that may lie after the snapshot's day. Any other later date would be hindsight."""

_ADULTS = frozenset({"explained_by", "in_care_of", "said_about", "against", "partner_of", "adults"})
_CHILDREN = frozenset({"about", "children", "child"})
_AFTER = (("started_on", "ended_on"), ("happened_on", "seen_on"))
_Path = tuple[str | int, ...]


class Snapshot(Model):
    """A case at one moment. See :mod:`advisor.vocabulary` for every fact and its question."""

    snapshot: Header
    referral: Referral = Field(default_factory=Referral)
    children: Listing[Child] = ask_list("Which children are in the household or family?")
    adults: Listing[Adult] = ask_list(
        "Which adults are in or around the household?",
        hint="Partners, visitors and absent parents too.",
        held_by=["police", "health_visiting", "housing", "school"],
    )
    events: Listing[Event] = ask_list(
        "Which incidents, contacts and earlier referrals are on record?",
        held_by=["childrens_social_care", "police"],
        data=["annex_a:Contacts", "ssd:contacts", "cin:CINdetails"],
    )
    household: Household = Field(default_factory=Household)
    services: Listing[Service] = ask_list("Which services are involved?")
    meetings: Listing[Meeting] = ask_list(
        "Which meetings and discussions have been held?", held_by=["childrens_social_care"]
    )

    @model_validator(mode="after")
    def _whole(self) -> Snapshot:
        faults = list(_faults(self))
        if faults:
            raise PydanticCustomError("whole", "{count} faults", {"count": "", "faults": faults})
        _put_in_order(self)
        return self

    @classmethod
    def from_data(cls, data: Any, source: str = "snapshot") -> Snapshot:
        """Check plain data and make a snapshot of it; raises InputError."""
        return cls.from_document(Document(source, data, {(): 0}))

    @classmethod
    def from_document(cls, document: Document) -> Snapshot:
        """Check a document that was read and make a snapshot of it; raises InputError."""
        if not isinstance(document.data, dict):
            message = "a snapshot is a set of keys, beginning with snapshot:"
            raise InputError([Problem(document.source, document.line(()), "", message)])
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            raise InputError(_problems(error, document)) from None

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The snapshot as plain data in canonical order, without what is not recorded."""
        made = _plain(self)
        assert isinstance(made, dict)
        return made

    @cached_property
    def sha256(self) -> str:
        """Hash of the canonical form; the same for the same facts in any order."""
        text = json.dumps(self.plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def as_of(self) -> PartialDate:
        """The moment: nothing learnt later is in the snapshot."""
        return self.snapshot.as_of


def _faults(snapshot: Snapshot) -> Iterator[tuple[_Path, str]]:
    header = snapshot.snapshot
    if header.as_of.first != header.as_of.last:
        yield ("snapshot", "as_of"), "give the day, as YYYY-MM-DD"
    if not snapshot.children.items:
        yield ("children",), "name at least one child, if only by an id; prompts are about a child"
    children = [child.id for child in snapshot.children.items]
    adults = [adult.id for adult in snapshot.adults.items]
    yield from _twice(("children",), children + adults, len(children))
    for number, child in enumerate(snapshot.children.items):
        yield from _child_faults(child, ("children", number), snapshot)
    for path, slot, value in walk(snapshot):
        yield from _value_faults(path, slot, value, header.as_of, set(children), set(adults))
    for number, adult in enumerate(snapshot.adults.items):
        linked = [link.child for link in adult.links.items]
        for position, name in enumerate(linked):
            path = ("adults", number, "links", position, "child")
            if name not in children:
                yield path, f"there is no child {name} here.{suggestion(name, children)}"
            elif name in linked[:position]:
                yield path, "this adult has two links to one child; keep one"


def _twice(path: _Path, ids: list[str], children: int) -> Iterator[tuple[_Path, str]]:
    for number, name in enumerate(ids):
        if name in ids[:number]:
            where: _Path = (
                (*path, number, "id") if number < children else ("adults", number - children, "id")
            )
            yield where, f"the id {name} is used twice; give each person their own"


def _child_faults(child: Child, path: _Path, snapshot: Snapshot) -> Iterator[tuple[_Path, str]]:
    held = [child.born.is_known, child.due.is_known, child.age is not None]
    if sum(held) > 1:
        yield path, "give one of born, due and age"
    if child.age is not None and len(child.age.model_fields_set) != 1:
        yield (*path, "age"), "give one of years, months and weeks"
    born, received = child.born.value, snapshot.referral.received_on.value
    if born is not None and received is not None and born.first > received.last:
        yield (
            (*path, "born"),
            "born after the referral was received: give due instead of born, or the later date "
            "on which this information was received",
        )
    if child.due.is_known:
        for where, slot, value in walk(child.movement, (*path, "movement")):
            if slot.kind is Kind.FACT and value.value is not None:
                yield where, "an unborn child has no milestones; give born, or leave this out"
        if child.injuries.items:
            yield (*path, "injuries"), "an unborn child has no injuries here; give born"
    if born is not None:
        for number, injury in enumerate(child.injuries.items):
            for name in ("seen_on", "happened_on"):
                day = getattr(injury, name).value
                if day is not None and day.last < born.first:
                    yield (*path, "injuries", number, name), "this is before the child was born"


def _value_faults(
    path: _Path, slot: Slot, value: Any, as_of: PartialDate, children: set[str], adults: set[str]
) -> Iterator[tuple[_Path, str]]:
    if value.known_on is not None and value.known_on.first > as_of.last:
        yield (*path, "known_on"), "known only after the snapshot's day: leave this fact out"
    if slot.kind is Kind.LIST:
        if slot.type is Type.ENTITY:
            ids = [getattr(item, "id", None) for item in value.items]
            for number, name in enumerate(ids):
                if len(path) > 1 and name is not None and name in ids[:number]:
                    yield (*path, number, "id"), f"the id {name} is used twice in this list"
            for number, item in enumerate(value.items):
                yield from _reversed((*path, number), item)
        else:
            held = list(value.items)
            for number, name in enumerate(held):
                if name in held[:number]:
                    yield (*path, number), f"{name} is listed twice"
            if slot.type is Type.REFERENCE:
                for number, name in enumerate(held):
                    yield from _dangling((*path, number), slot.name, name, children, adults)
        return
    if isinstance(value.value, PartialDate):
        if slot.name not in FUTURE and value.value.first > as_of.last:
            yield path, "this is after the snapshot's day: leave it out, or correct the date"
    elif slot.type is Type.REFERENCE and value.value is not None:
        yield from _dangling(path, slot.name, value.value, children, adults)


def _dangling(
    path: _Path, name: str, value: str, children: set[str], adults: set[str]
) -> Iterator[tuple[_Path, str]]:
    if name in _ADULTS and value not in adults:
        yield path, f"there is no adult {value} here.{suggestion(value, adults)}"
    elif name in _CHILDREN and value not in children:
        yield path, f"there is no child {value} here.{suggestion(value, children)}"


def _reversed(path: _Path, item: Any) -> Iterator[tuple[_Path, str]]:
    for earlier, later in _AFTER:
        first = getattr(getattr(item, earlier, None), "value", None)
        last = getattr(getattr(item, later, None), "value", None)
        if isinstance(first, PartialDate) and isinstance(last, PartialDate):
            if last.last < first.first:
                yield (*path, later), f"{later} is before {earlier}; check both dates"


def _put_in_order(snapshot: Snapshot) -> None:
    """Sort every list and give an id to each entry that has none."""
    for _, slot, value in reversed(list(walk(snapshot))):
        if slot.kind is not Kind.LIST or not value.items:
            continue
        if slot.type is not Type.ENTITY:
            value.items = tuple(sorted(value.items))
            continue
        named = [item for item in value.items if _own_id(item) is not None]
        nameless = [item for item in value.items if _own_id(item) is None]
        named.sort(key=lambda item: str(_own_id(item)))
        nameless.sort(key=lambda item: json.dumps(_plain(item), sort_keys=True))
        taken = {_own_id(item) for item in named}
        free = (str(number) for number in range(1, len(value.items) * 2 + 1))
        for item in nameless:
            item.id = next(name for name in free if name not in taken)
        value.items = (*named, *nameless)


def _own_id(item: Any) -> str | None:
    name = item.child if "child" in type(item).model_fields else item.id
    return None if name is None else str(name)


def _plain(value: Any) -> Any:
    """Canonical plain data of a model, fact or list; empty parts are left out."""
    if isinstance(value, Fact):
        return _plain_fact(value)
    if isinstance(value, Listing):
        return _plain_list(value)
    if isinstance(value, Model):
        parts = ((name, _plain(getattr(value, name))) for name in type(value).model_fields)
        return {name: part for name, part in parts if part is not None and part != {}}
    return str(value) if isinstance(value, PartialDate) else value


def _plain_fact(fact: Fact[Any]) -> Any:
    held = fact.provenance
    if fact.unknown is None:
        value = str(fact.value) if isinstance(fact.value, PartialDate) else fact.value
        return {"value": value, **held} if held else value
    if fact.unknown is UnknownReason.NOT_RECORDED and not held:
        return None
    return {"unknown": fact.unknown.value, **held}


def _plain_list(listing: Listing[Any]) -> Any:
    held = listing.provenance
    if listing.unknown is not None:
        if listing.unknown is UnknownReason.NOT_RECORDED and not held:
            return None
        return {"unknown": listing.unknown.value, **held}
    items = [_plain(item) for item in listing.items]
    if listing.complete and not held:
        return items
    return {"complete": listing.complete, "items": items, **held}


def _problems(error: ValidationError, document: Document) -> Iterable[Problem]:
    for each in error.errors(include_url=False, include_input=False):
        if each["type"] == "whole":
            for path, message in each["ctx"]["faults"]:
                line = document.line(_as_written(path, document.data))
                yield Problem(document.source, line, field_name(path), message)
            continue
        path = _as_written(each["loc"], document.data)
        yield Problem(document.source, document.line(path), field_name(path), _message(each, path))


def _as_written(loc: Iterable[Any], data: Any) -> _Path:
    """The path of an error as the writer wrote it, without the steps that only we know."""
    path: list[str | int] = []
    for step in loc:
        if isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, dict) and isinstance(step, int) and "items" in data:
            path.append("items")
            data = data["items"][step] if step < len(data["items"]) else None
        elif isinstance(data, dict) and step not in ("value", "items"):
            path.append(str(step))
            break
        else:
            continue
        path.append(step)
    return tuple(path)


def _message(error: Any, path: _Path) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _fields_at(path[:-1])
        return f"there is no such fact here.{suggestion(path[-1] if path else '', known)}"
    if kind == "missing":
        return "this is needed; add it"
    if kind == "literal_error":
        return f"this is not one of its values: {context['expected']}"
    if kind in ("bool_type", "bool_parsing"):
        return "write true or false, or {unknown: reason}"
    if kind == "string_pattern_mismatch":
        return "an id has lower-case letters, digits, - and _ only; made up, never a name"
    return str(error["msg"])


def _fields_at(path: _Path) -> Iterable[str]:
    model: type[Model] | None = Snapshot
    for step in path:
        if isinstance(step, str) and step != "items" and model is not None:
            slot = slots(model).get(step)
            model = slot.model if slot else None
    if model is None:
        return ("value", "unknown", "note", "known_on", "known_to", "from", "complete", "items")
    return slots(model)
