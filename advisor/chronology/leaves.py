"""Parts of a snapshot as single facts by their paths, and snapshots put together from them.

A path names keys and the ids of entries: ``children.wren.injuries.cheek.kind``. A list of entries
has no value of its own: whether it is complete stands under the word ``complete``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.problems import suggestion
from advisor.snapshot import Snapshot
from advisor.values import Model

Path = tuple[str, ...]
COMPLETE = "complete"
"""The step under a list of entries that says whether members may be missing."""

NOT_OF_THE_STORY = frozenset({"snapshot", "referral"})
"""Parts of a snapshot that belong to a decision, and not to the course of events."""


class PathError(ValueError):
    """A path leads to nothing that a snapshot can hold. The message says what to do."""


def leaves(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    """The single facts that a value at a path sets; raises PathError for a path to nothing."""
    yield from _below(Snapshot, path, (), value)


def _below(model: type[Model], path: Path, done: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if not path:
        if not isinstance(value, Mapping):
            raise PathError(f"{'.'.join(done)} is a group of facts: write its keys under it")
        for name, inner in value.items():
            yield from _below(model, (str(name),), done, inner)
        return
    step, *rest = path
    known = slots(model)
    slot = known.get(step)
    if not done and step in NOT_OF_THE_STORY:
        raise PathError(f"{step} belongs to a decision: write it into the case of that decision")
    if slot is None:
        where = ".".join(done) or "a case"
        near = suggestion(step, known)
        raise PathError(f"{where} has no {step}: take a fact of docs/vocabulary.md.{near}")
    here = (*done, step)
    if slot.kind is Kind.GROUP and slot.model is not None:
        yield from _below(slot.model, tuple(rest), here, value)
    elif slot.kind is Kind.LIST and slot.type is Type.ENTITY and slot.model is not None:
        yield from _entries(slot, slot.model, tuple(rest), here, value)
    elif rest:
        raise PathError(f"{'.'.join(here)} is a single fact: nothing stands below it")
    else:
        yield here, value


def _entries(
    slot: Slot, model: type[Model], rest: Path, here: Path, value: Any
) -> Iterator[tuple[Path, Any]]:
    if rest == (COMPLETE,):
        yield (*here, COMPLETE), value
    elif rest:
        yield from _entry(model, (*here, rest[0]), rest[1:], value)
    elif isinstance(value, Mapping) and set(value) <= {COMPLETE, "items"}:
        yield (*here, COMPLETE), value.get(COMPLETE, True)
        yield from _items(model, here, value.get("items", []))
    elif isinstance(value, list):
        yield (*here, COMPLETE), True
        yield from _items(model, here, value)
    elif isinstance(value, Mapping) and "unknown" in value:
        yield (*here, COMPLETE), dict(value)
    else:
        raise PathError(
            f"{'.'.join(here)} is a list of entries: write a list, or go on with the id of one"
        )


def _items(model: type[Model], here: Path, items: Any) -> Iterator[tuple[Path, Any]]:
    key = key_of(model)
    if not isinstance(items, list):
        raise PathError(f"write the items of {'.'.join(here)} as a list")
    seen: set[str] = set()
    for item in items:
        name = item.get(key) if isinstance(item, Mapping) else None
        if not isinstance(name, str) or name in seen:
            raise PathError(f"give each entry of {'.'.join(here)} its own {key}")
        seen.add(name)
        inner = {each: part for each, part in item.items() if each != key}
        yield from _entry(model, (*here, name), (), inner)


def _entry(model: type[Model], here: Path, rest: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if not rest:
        yield (*here, key_of(model)), here[-1]
        if not isinstance(value, Mapping):
            raise PathError(f"{'.'.join(here)} is an entry: write its facts under it")
        if not value:
            return
    yield from _below(model, rest, here, value)


def key_of(model: type[Model]) -> str:
    """The key by which entries of a list are told apart: their id, or the child of a link."""
    return "child" if "child" in model.model_fields else "id"


def put_together(facts: Iterable[tuple[Path, Any]]) -> dict[str, Any]:
    """Plain data of a snapshot, but for its heading and referral, from single facts."""
    made: dict[str, Any] = {}
    for path, value in facts:
        _put(Snapshot, made, path, value)
    return _closed(Snapshot, made)


def _put(model: type[Model], into: dict[str, Any], path: Path, value: Any) -> None:
    step, *rest = path
    slot = slots(model)[step]
    if slot.kind is Kind.GROUP and slot.model is not None:
        _put(slot.model, into.setdefault(step, {}), tuple(rest), value)
    elif slot.kind is Kind.LIST and slot.type is Type.ENTITY and slot.model is not None:
        held = into.setdefault(step, {COMPLETE: False, "items": {}})
        if rest == [COMPLETE]:
            held[COMPLETE] = value
            return
        entry = held["items"].setdefault(rest[0], {key_of(slot.model): rest[0]})
        if len(rest) > 1:
            _put(slot.model, entry, tuple(rest[1:]), value)
    else:
        into[step] = value


def _closed(model: type[Model], made: dict[str, Any]) -> dict[str, Any]:
    """The same with lists of entries written as a snapshot has them."""
    for name, slot in slots(model).items():
        if name not in made or slot.model is None:
            continue
        if slot.kind is Kind.GROUP:
            _closed(slot.model, made[name])
        elif slot.type is Type.ENTITY:
            held = made[name]
            items = [_closed(slot.model, item) for item in held["items"].values()]
            unknown = isinstance(held[COMPLETE], Mapping)
            if unknown and not items:
                made[name] = held[COMPLETE]
            else:
                made[name] = {COMPLETE: held[COMPLETE] is True, "items": items}
    return made
