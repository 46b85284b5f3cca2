"""Changing a document, and saying in the words of its questions what does not fit in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from advisor.addresses import (
    ABOUT,
    AGE,
    Address,
    AddressError,
    entry_id,
    items,
    resolve,
)
from advisor.answering.given import FormError
from advisor.answering.people import asked_words
from advisor.language.english import day
from advisor.problems import InputError, Problem
from advisor.snapshot import Snapshot

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def copied(part: Any) -> Any:
    """A copy of plain data, which may be changed without changing the other."""
    if isinstance(part, Mapping):
        return {key: copied(value) for key, value in part.items()}
    return [copied(value) for value in part] if isinstance(part, list) else part


def put(document: dict[str, Any], address: Address, part: Any) -> None:
    """Put a part in its place, or take away what is there; groups and links are made."""
    holder = _holder(document, address.steps)
    if address.is_age:
        for name in ("born", "due", AGE):
            holder.pop(name, None)
        holder.update(part)
    elif part is None:
        holder.pop(address.steps[-1], None)
    else:
        holder[address.steps[-1]] = part


def _holder(document: dict[str, Any], steps: tuple[str, ...]) -> dict[str, Any]:
    """The set of keys in which the last of these steps stands."""
    place: Any = document
    for step in steps[:-1]:
        if isinstance(place, list):
            found = next((item for item in place if entry_id(item) == step), None)
            if found is None:
                found = {"child": step}
                place.append(found)
            place = found
            continue
        below = place.get(step)
        if step == "links" and not isinstance(below, list):
            note = below.get("note") if isinstance(below, Mapping) else None
            below = below if isinstance(below, Mapping) and "items" in below else None
            if below is None:
                below = {"complete": False, "items": [], **({"note": note} if note else {})}
            place[step] = below
        elif below is None:
            below = place[step] = {}
        is_open = isinstance(below, dict) and isinstance(below.get("items"), list)
        place = below["items"] if is_open else below
    assert isinstance(place, dict)
    return place


def first_id(address: Address) -> str:
    """The id that the first entry of a list is given: ``injury-1``."""
    return f"{prefix_of(address)}-1"


def prefix_of(address: Address) -> str:
    """With what the ids of the entries of a list begin: ``injury``."""
    assert address.slot.model is not None
    return ABOUT[address.slot.model].replace("_", "-")


def checked(
    document: dict[str, Any], asked: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The document in canonical form; ``asked`` are the form's questions by their addresses.

    Raises:
        FormError: it is no valid snapshot; each fault by the question at fault if it is on the
            form, and otherwise under "".
    """
    try:
        return Snapshot.from_data(document).plain
    except InputError as error:
        raise FormError(_messages(error, document, asked)) from None


def _messages(
    error: InputError, document: Mapping[str, Any], asked: Mapping[str, str]
) -> dict[str, str]:
    messages: dict[str, str] = {}
    for problem in error.problems:
        found = _place(problem, document)
        told = _in_words(problem.message, document)
        if found is not None:
            ask = asked.get(found.text) or asked_words(found.slot.ask, document, found.owner)
            told = f"{told}: “{ask}”"
        name = found.text if found is not None and found.text in asked else ""
        messages[name] = f"{messages[name]} {told}" if name in messages else told
    return messages


def _place(problem: Problem, document: Mapping[str, Any]) -> Address | None:
    """The question at which a fault lies, or the nearest one that holds it."""
    place: Any = document
    steps: list[str] = []
    for name, number in _STEP.findall(problem.field):
        if number:
            place = place[int(number)] if int(number) < len(items(place)) else None
            steps.append(entry_id(place) if isinstance(place, Mapping) else number)
        elif name in ("items", "value"):
            place = place.get(name) if isinstance(place, Mapping) else None
        else:
            place = place.get(name) if isinstance(place, Mapping) else None
            steps.append(name)
    if len(steps) == 2 and steps[0] == "children":
        steps.append(AGE)  # what is wrong with a child as a whole is how its age is given
    while steps:
        try:
            return resolve(".".join(steps))
        except AddressError:
            steps.pop()
    return None


_WORDS = {
    "this is after the snapshot's day": "The date must be {day} or earlier, the day of the check",
    "known only after the snapshot's day": "This became known only after {day}",
    "this is after it was reported": "The date must not be later than the day it was received",
    "this is before the child was born": "The date must not be earlier than the child's birth",
    "no pregnancy lasts so long": "Enter a date due that fits the day of the check, {day}",
    "born after the referral was received": (
        "The date of birth must not be later than the day this was received. Give the date due "
        "instead, or a later day on which it was received"
    ),
    "an unborn child has no milestones": "Give a date of birth: no milestone comes before birth",
    "an unborn child has no injuries": "Give a date of birth: no injury is recorded before birth",
    "ended_on is before started_on": "The end must not be earlier than the start",
    "seen_on is before happened_on": "It must not have been seen before it happened",
    "give the day, as": "Enter the whole date, with day, month and year",
}
"""A fault of a snapshot as it is put to somebody at a form, by how its message begins."""


def _in_words(message: str, document: Mapping[str, Any]) -> str:
    for begins, words in _WORDS.items():
        if message.startswith(begins):
            return words.replace("{day}", day(str(document["snapshot"]["as_of"])))
    return message[:1].upper() + message[1:].rstrip(".")
