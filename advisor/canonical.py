"""One form for the same facts: lists in a fixed order, every entry with an id, nothing empty."""

from __future__ import annotations

import json
from typing import Any

from advisor.dates import PartialDate
from advisor.facts.shape import Kind, Type, walk
from advisor.values import Fact, Listing, Model, UnknownReason


def put_in_order(snapshot: Model) -> None:
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
        nameless.sort(key=lambda item: json.dumps(plain(item), sort_keys=True))
        taken = {_own_id(item) for item in named}
        free = (str(number) for number in range(1, len(value.items) * 2 + 1))
        for item in nameless:
            item.id = next(name for name in free if name not in taken)
        value.items = (*named, *nameless)


def _own_id(item: Any) -> str | None:
    name = item.child if "child" in type(item).model_fields else item.id
    return None if name is None else str(name)


def plain(value: Any) -> Any:
    """Canonical plain data of a model, fact or list; empty parts are left out."""
    if isinstance(value, Fact):
        return _plain_fact(value)
    if isinstance(value, Listing):
        return _plain_list(value)
    if isinstance(value, Model):
        parts = ((name, plain(getattr(value, name))) for name in type(value).model_fields)
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
    items = [plain(item) for item in listing.items]
    if listing.complete and not held:
        return items
    return {"complete": listing.complete, "items": items, **held}
