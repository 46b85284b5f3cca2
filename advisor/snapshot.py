"""The case snapshot: what is known at one moment, and what is not.

``Snapshot.from_document`` and ``Snapshot.from_data`` read one; every fault is an InputError that
names the line and field. Lists have no order of their own: a snapshot is held in a canonical
order, so that the same facts give the same bytes however they were written down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from advisor.canonical import plain, put_in_order
from advisor.consistency import faults
from advisor.dates import PartialDate
from advisor.facts.adult import Adult
from advisor.facts.base import ask_list
from advisor.facts.child import Child
from advisor.facts.shape import slots
from advisor.facts.wider import Event, Header, Household, Meeting, Referral, Service
from advisor.problems import InputError, Problem, field_name, suggestion
from advisor.reading import Document
from advisor.values import Listing, Model

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
        found = list(faults(self))
        if found:
            raise PydanticCustomError("whole", "the parts do not fit", {"faults": found})
        put_in_order(self)
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
        made = plain(self)
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


def _problems(error: ValidationError, document: Document) -> Iterable[Problem]:
    for each in error.errors(include_url=False, include_input=False):
        if each["type"] == "whole":
            for path, message in each["ctx"]["faults"]:
                line = document.line(_as_written(path, document.data))
                yield Problem(document.source, line, field_name(path), message)
            continue
        path = _as_written(each["loc"], document.data)
        message = _message(each, path, _at(document.data, path))
        yield Problem(document.source, document.line(path), field_name(path), message)


def _as_written(loc: Iterable[Any], data: Any) -> _Path:
    """The path of an error as the writer wrote it, without the steps that only we know."""
    path: list[str | int] = []
    for step in loc:
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, dict) and step in data):
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


def _at(data: Any, path: _Path) -> Any:
    for step in path:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return None
    return data


def _message(error: Any, path: _Path, value: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _fields_at(path[:-1])
        return f"there is no such fact here.{suggestion(path[-1] if path else '', known)}"
    if kind == "missing":
        return "this is needed; add it"
    if kind == "literal_error":
        known = [part.strip(" '") for part in context["expected"].replace(" or ", ",").split(",")]
        return f"this is not one of its values: {', '.join(known)}.{suggestion(value, known)}"
    if kind in ("bool_type", "bool_parsing"):
        return "write true or false, or {unknown: reason}"
    if kind == "string_pattern_mismatch":
        return "an id has lower-case letters, digits, - and _ only; made up, never a name"
    if kind == "enum":
        return f"this is not one of its values: {context['expected'].replace(chr(39), '')}"
    if kind == "greater_than_equal":
        return f"write {context['ge']} or more"
    if kind == "less_than_equal":
        return f"write {context['le']} or less"
    return _PLAIN.get(kind, str(error["msg"]))


_NUMBER, _KEYS = "write a number", "write keys here, each with its value"
_PLAIN = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "write a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), _KEYS),
    "string_type": "write text here, in quotes if it is all digits",
    "string_too_short": "this is empty; leave it out",
}
"""What to do about a value of the wrong type, by pydantic's name for the fault."""


def _fields_at(path: _Path) -> Iterable[str]:
    model: type[Model] | None = Snapshot
    for step in path:
        if isinstance(step, str) and step != "items" and model is not None:
            slot = slots(model).get(step)
            model = slot.model if slot else None
    if model is None:
        return ("value", "unknown", "note", "known_on", "known_to", "from", "complete", "items")
    return slots(model)
