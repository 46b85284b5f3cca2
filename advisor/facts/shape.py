"""The shape of the snapshot's models: which field is a fact, a list, a group or a plain value."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from advisor.dates import PartialDate
from advisor.values import Fact, Listing, Model


class Kind(Enum):
    """What a field of a snapshot model is."""

    FACT = "fact"
    LIST = "list"
    GROUP = "group"
    PLAIN = "plain"


class Type(Enum):
    """What a fact's value is."""

    BOOL = "true or false"
    CHOICE = "one of"
    DATE = "date"
    DATE_OR_NONE = "date, or none"
    NUMBER = "number"
    REFERENCE = "id"
    ENTITY = "entries"


@dataclass(frozen=True)
class Slot:
    """One field of a model: its kind, its value's type, allowed values and question."""

    name: str
    kind: Kind
    model: builtins.type[Model] | None = None
    type: Type | None = None
    choices: tuple[str, ...] = ()
    ask: str = ""
    hint: str = ""
    held_by: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


@cache
def slots(model: type[BaseModel]) -> dict[str, Slot]:
    """The fields of a snapshot model by name, in the order they are declared."""
    return {name: _slot(name, model, field) for name, field in model.model_fields.items()}


def _slot(name: str, model: type[BaseModel], field: Any) -> Slot:
    annotation = field.annotation
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    described: dict[str, Any] = {
        "ask": extra.get("ask", ""),
        "hint": extra.get("hint", ""),
        "held_by": tuple(extra.get("held_by", ())),
        "data": tuple(extra.get("data", ())),
    }
    if isinstance(annotation, type) and issubclass(annotation, Fact | Listing):
        kind = Kind.FACT if issubclass(annotation, Fact) else Kind.LIST
        inner = annotation.__pydantic_generic_metadata__["args"][0]
        if isinstance(inner, type) and issubclass(inner, Model):
            return Slot(name, kind, type=Type.ENTITY, model=inner, **described)
        value_type, choices = _value_type(inner)
        return Slot(name, kind, type=value_type, choices=choices, **described)
    if isinstance(annotation, type) and issubclass(annotation, Model) and name != "age":
        return Slot(name, Kind.GROUP, model=annotation)
    return Slot(name, Kind.PLAIN)


def _value_type(inner: Any) -> tuple[Type, tuple[str, ...]]:
    if get_origin(inner) is Literal:
        return Type.CHOICE, _literals(inner)
    if get_origin(inner) is Annotated:
        base = get_args(inner)[0]
        if base is bool:
            return Type.BOOL, ()
        if base is PartialDate:
            return Type.DATE, ()
        if base is str:
            return Type.REFERENCE, ()
        if base in (int, float):
            return Type.NUMBER, ()
        return Type.DATE_OR_NONE, ("none",)
    raise TypeError(f"a fact cannot hold {inner!r}")


def _literals(inner: Any) -> tuple[str, ...]:
    values: list[str] = []
    for value in get_args(inner):
        values.extend([value] if isinstance(value, str) else _literals(value))
    return tuple(values)


def walk(model: BaseModel, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Slot, Any]]:
    """Every fact and list of a model and below, as (path, slot, value), in declared order."""
    for name, slot in slots(type(model)).items():
        value = getattr(model, name)
        here = (*path, name)
        if slot.kind is Kind.FACT:
            yield here, slot, value
        elif slot.kind is Kind.LIST:
            yield here, slot, value
            if slot.type is Type.ENTITY:
                for number, item in enumerate(value.items):
                    yield from walk(item, (*here, number))
        elif slot.kind is Kind.GROUP:
            yield from walk(value, here)
