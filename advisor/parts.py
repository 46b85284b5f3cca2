"""What a document holds at an address, as a form shows it, and an answer as it is written there.

Whatever stands beside a value (when it became known, to whom, from whom) stays while the answer is
the same, and goes when the answer changes: it told of the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from advisor.addresses import AGE, Address, entry_id, find, items
from advisor.facts.shape import Kind, Type

NOT_ASKED, NOT_KNOWN, NOT_RECORDED = "not_asked", "asked_not_known", "not_recorded"
UNITS = ("years", "months", "weeks")
"""How a child's age may be given."""

State = Literal["blank", "known", "unknown"]


@dataclass(frozen=True)
class Held:
    """What is held about a fact, or what an answer says of it.

    ``values`` are texts: ``true``, a choice, a date, ids. A list that is known to be empty has
    none and is ``complete``. For a child's age they are the way it is known, ``born``, ``due`` or
    ``age``, then the date, or the number and its unit. ``reason`` says why it is unknown.
    """

    state: State = "blank"
    values: tuple[str, ...] = ()
    complete: bool | None = None
    reason: str = ""
    note: str = ""

    @property
    def core(self) -> Held:
        """The same without its note."""
        return replace(self, note="")


BLANK = Held()


def part_at(document: Mapping[str, Any], address: Address) -> Any:
    """What stands in a document at an address; of an age, its three parts in one."""
    if not address.is_age:
        return find(document, address.steps)
    child = find(document, address.steps[:-1]) or {}
    return {name: child[name] for name in ("born", "due", AGE) if name in child}


def held_at(document: Mapping[str, Any], address: Address) -> Held:
    """What a document holds at an address."""
    return held_of(part_at(document, address), address)


def held_of(part: Any, address: Address) -> Held:
    """What a part of a document says of the fact at an address."""
    if address.is_age:
        return _age_held(part)
    if part is None:
        return BLANK
    note = _note(part)
    if isinstance(part, Mapping) and part.get("unknown") is not None:
        reason = str(part["unknown"])
        if reason == NOT_RECORDED:
            return Held(note=note)
        return Held("unknown", reason=reason, note=note)
    if address.slot.kind is Kind.LIST:
        entities = address.slot.type is Type.ENTITY
        listed = items(part)
        values = tuple(entry_id(each) if entities else str(each) for each in listed)
        complete = part.get("complete", True) if isinstance(part, Mapping) else True
        return Held("known", values, complete, note=note)
    value = part["value"] if isinstance(part, Mapping) else part
    return Held("known", (_text(value),), note=note)


def part_of(held: Held, address: Address, was: Any) -> Any:
    """The part of a document that says this, where ``was`` stood before; None for nothing."""
    before = held_of(was, address)
    if held == before:
        return was
    if address.is_age:
        return _age_part(held, was if held.core == before.core else {})
    beside = _beside(was) if held.core == before.core else {}
    beside.pop("note", None)
    if held.note:
        beside["note"] = held.note
    if held.state != "known":
        reason = held.reason if held.state == "unknown" else NOT_RECORDED
        return {"unknown": reason, **beside} if held.state == "unknown" or beside else None
    if address.slot.kind is Kind.LIST:
        listed: list[Any] = items(was) if address.is_entries else list(held.values)
        if held.complete and not beside:
            return listed
        return {"complete": held.complete is True, "items": listed, **beside}
    value = _value(held.values[0], address)
    return {"value": value, **beside} if beside else value


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _value(text: str, address: Address) -> Any:
    if address.slot.type is Type.BOOL:
        return text == "true"
    return int(text) if address.slot.type is Type.NUMBER else text


def _note(part: Any) -> str:
    return str(part.get("note") or "") if isinstance(part, Mapping) else ""


def _beside(part: Any) -> dict[str, Any]:
    """What stands beside a value: its note, and where it came from."""
    kept = ("note", "known_on", "known_to", "from")
    if not isinstance(part, Mapping):
        return {}
    return {name: part[name] for name in kept if part.get(name) is not None}


def _known(part: Any) -> str | None:
    """The date that a part holds, if it holds one."""
    value = part.get("value") if isinstance(part, Mapping) else part
    return None if value is None else str(value)


def _age_held(part: Any) -> Held:
    part = part or {}
    note = _note(part.get("born")) or _note(part.get("due"))
    for name in ("born", "due"):
        day = _known(part.get(name))
        if day is not None:
            return Held("known", (name, day), note=note)
    for unit, number in (part.get(AGE) or {}).items():
        return Held("known", (AGE, str(number), unit), note=note)
    for name in ("born", "due"):
        reason = (part.get(name) or {}).get("unknown", NOT_RECORDED)
        if reason != NOT_RECORDED:
            return Held("unknown", reason=reason, note=note)
    return Held(note=note)


def _age_part(held: Held, was: Mapping[str, Any]) -> dict[str, Any]:
    """The birth date, due date or age that says this; each takes the place of the others."""
    how = held.values[0] if held.values else ""
    name = "due" if how == "due" or (not how and "due" in was) else "born"
    beside = _beside(was.get(name))
    beside.pop("note", None)
    if held.note:
        beside["note"] = held.note
    if how == AGE:
        made: dict[str, Any] = {AGE: {held.values[2]: int(held.values[1])}}
        return {**made, "born": {"unknown": NOT_RECORDED, **beside}} if beside else made
    if how:
        return {name: {"value": held.values[1], **beside} if beside else held.values[1]}
    if held.state == "unknown" or beside:
        return {name: {"unknown": held.reason or NOT_RECORDED, **beside}}
    return {}
