"""Entries added to the lists of a document and removed from them: people, injuries, events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.addresses import (
    ID,
    Address,
    AddressError,
    entry_id,
    find,
    ids,
    items,
    owner_about,
    owner_exists,
    resolve,
)
from advisor.answering.asked import TO_CHILDREN, TO_NOBODY
from advisor.answering.documents import checked, copied, prefix_of, put
from advisor.answering.given import FormError
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.snapshot import Snapshot
from advisor.values import Model

MOST_ENTRIES = 200
"""As many entries as one list may have."""


@dataclass(frozen=True)
class Removal:
    """A document without an entry, and the addresses of the references to it that went too."""

    document: dict[str, Any]
    references: tuple[str, ...] = ()


def list_address(owner: str, collection: str) -> Address:
    """The list of entries under an owner ("" for the case); raises AddressError."""
    text = f"{owner}.{collection}" if owner else collection
    address = resolve(text)
    if not address.is_entries or address.text != text:
        raise AddressError(f"{text} is no list of entries")
    return address


def next_id(document: Mapping[str, Any], owner: str, collection: str) -> str:
    """The id that the next entry would be given: ``child-2``, ``injury-1``.

    It is above every number in use, so that the id of an entry that was removed at the end of the
    list may come again, and no other. A link has no id of its own: see ``add_entry``.
    """
    address = list_address(owner, collection)
    prefix = prefix_of(address)
    taken = set(ids(document, address.text))
    if collection in ("children", "adults"):
        taken = {*ids(document, "children"), *ids(document, "adults")}
    numbers = [
        int(found[1])
        for name in taken
        if (found := re.fullmatch(rf"{prefix}-(\d{{1,6}})", name)) is not None
    ]
    return f"{prefix}-{max(numbers, default=0) + 1}"


def add_entry(
    document: Mapping[str, Any],
    owner: str,
    collection: str,
    id: str | None = None,  # noqa: A002 - it is called an id everywhere
) -> tuple[dict[str, Any], str]:
    """The document with one more entry, and its id; ``id`` is made up if it is not given.

    If there is an entry of this id already nothing is added, so that a form sent twice adds one.
    A link is added by the id of its child. Where the list was said to be complete that no longer
    stands: it was said without this entry.

    Raises:
        AddressError: there is no such owner or list.
        FormError: the id is unfit, somebody else has it, or the list is full.
    """
    address = list_address(owner, collection)
    if not owner_exists(document, address.owner):
        raise AddressError(f"{owner} is not in this case")
    name = next_id(document, owner, collection) if id is None else id.strip()
    part = find(document, address.steps)
    held = items(part)
    if any(entry_id(item) == name for item in held):
        return copied(document), name
    _check_id(document, address, name)
    if len(held) >= MOST_ENTRIES:
        raise FormError({"": f"There are {MOST_ENTRIES} entries already: that is the most"})
    key = "child" if owner_about(f"{address.text}.{name}") == "link" else "id"
    made = copied(document)
    beside = {"note": part["note"]} if isinstance(part, Mapping) and part.get("note") else {}
    put(made, address, {"complete": False, "items": [*copied(held), {key: name}], **beside})
    return checked(made), name


def _check_id(document: Mapping[str, Any], address: Address, name: str) -> None:
    if ID.fullmatch(name) is None:
        message = (
            "Enter a made-up id of small letters, digits and hyphens, such as "
            f"{prefix_of(address)}-2, never a name"
        )
        raise FormError({"": message})
    people = {*ids(document, "children"), *ids(document, "adults")}
    if address.text in ("children", "adults") and name in people:
        raise FormError({"": "Somebody else in this case has this id. Enter another one"})
    if address.slot.name == "links" and name not in ids(document, "children"):
        raise FormError({"": "Select a child of this case"})


def remove_entry(document: Mapping[str, Any], address: str) -> Removal:
    """The document without the entry at an address and without every reference to it.

    If it is not there nothing changes. A list or fact that held only this reads as not recorded
    afterwards, and never as known to be empty.

    Raises:
        AddressError: the address is not one of an entry.
        FormError: it is the only child of the case.
    """
    about = owner_about(address)
    if about == "case":
        raise AddressError("name the entry to remove")
    *above, name = address.split(".")
    listed = resolve(".".join(above))
    if find(document, (*above, name)) is None:
        return Removal(copied(document))
    if above == ["children"] and len(ids(document, "children")) == 1:
        raise FormError({"": "A case is about at least one child: add another child first"})
    made = copied(document)
    put(made, listed, _without(find(made, listed.steps), name))
    references: list[str] = []
    if above in (["children"], ["adults"]):
        to_child = above == ["children"]
        references = list(_unrefer(made, Snapshot, (), name, to_child=to_child))
    return Removal(checked(made), tuple(references))


def _without(part: Any, name: str) -> Any:
    """A list without a member; not recorded if it was the last, or open and with what is beside."""
    listed: list[Any] = items(part)
    kept = [
        item for item in listed if (entry_id(item) if isinstance(item, Mapping) else item) != name
    ]
    if kept:
        return {**part, "items": kept} if isinstance(part, Mapping) else kept
    note = part.get("note") if isinstance(part, Mapping) else None
    return {"unknown": "not_recorded", "note": note} if note else None


def _unrefer(
    place: dict[str, Any], model: type[Model], steps: tuple[str, ...], name: str, *, to_child: bool
) -> Iterator[str]:
    """Take away every reference to a person below a place; gives where each one stood."""
    for key, slot in slots(model).items():
        part = place.get(key)
        here = (*steps, key)
        if part is None or slot.kind is Kind.PLAIN:
            continue
        if slot.kind is Kind.GROUP and slot.model:
            yield from _unrefer(part, slot.model, here, name, to_child=to_child)
        elif slot.type is Type.ENTITY and slot.model:
            if key == "links" and to_child and any(entry_id(each) == name for each in items(part)):
                yield ".".join((*here, name))
                place[key] = _without(part, name)
            for item in items(place[key]):
                below = (*here, entry_id(item))
                yield from _unrefer(item, slot.model, below, name, to_child=to_child)
        elif slot.type is Type.REFERENCE and _refers(slot, to_child) and _holds(part, name):
            yield ".".join(here)
            place[key] = _without(part, name) if slot.kind is Kind.LIST else None


def _refers(slot: Slot, to_child: bool) -> bool:
    return slot.name not in TO_NOBODY and (slot.name in TO_CHILDREN) is to_child


def _holds(part: Any, name: str) -> bool:
    """Whether a fact or list of references holds a person."""
    if isinstance(part, Mapping) and "value" in part:
        return bool(part["value"] == name)
    listed: list[Any] = items(part)
    return part == name or name in listed
