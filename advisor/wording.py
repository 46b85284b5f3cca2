"""Putting people, facts and signals into words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from advisor.advice import FactShown, UnknownShown
from advisor.language.documents import Signal
from advisor.proofs import Reading
from advisor.truth import Truth
from advisor.values import UnknownReason

_WITH_ARTICLE = frozenset(
    (
        *("mother", "father", "stepfather", "stepmother", "partner", "boyfriend", "girlfriend"),
        *("grandmother", "grandfather", "grandparents", "grandparent", "aunt", "uncle"),
        *("neighbour", "lodger", "friend", "sibling", "carer", "baby", "child", "infant"),
    )
)
_CHILDREN = frozenset({"baby", "child", "infant"})
_ENTRIES = {
    "injuries": "injury",
    "plans": "plan",
    "orders": "order",
    "moves": "move",
    "history": "history entry",
    "checks": "check",
    "events": "event",
    "services": "service",
    "meetings": "meeting",
}
_REASONS = {reason.value: reason.words for reason in UnknownReason}


@lru_cache(maxsize=1024)
def person(name: str) -> str:
    """An id as words: ``child-j`` becomes ``Child J``, ``mother`` becomes ``the mother``."""
    words = name.replace("-", " ").replace("_", " ").split()
    words = [word.upper() if len(word) == 1 else word for word in words]
    text = " ".join(words)
    if words[-1] in _WITH_ARTICLE or words[0] in _WITH_ARTICLE - _CHILDREN:
        return f"the {text}"
    return text[:1].upper() + text[1:]


def people(names: Sequence[str]) -> str:
    """Several ids as words: ``Daniel and Sophie``."""
    words = [person(name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def fill(text: str, children: Sequence[str], adult: str | None = None) -> str:
    """Put the people into a text of a rule or a question."""
    return _filled(text, tuple(children), adult)


@lru_cache(maxsize=8192)
def _filled(text: str, children: tuple[str, ...], adult: str | None) -> str:
    filled = text.replace("{child}", people(children))
    filled = filled.replace("{adult}", person(adult) if adult else "the adult")
    return filled[:1].upper() + filled[1:]


def question(reading: Reading, child: str) -> str:
    """The plain question for an unknown fact, saying which entry it is about."""
    parts = reading.path.split(".")
    about_adult = parts[0] == "adults"
    who = reading.person if reading.person and not about_adult else child
    asked = fill(reading.slot.ask, [who], reading.person if about_adult else None)
    entries = [
        (kind, entry) for kind, entry in pairwise(parts) if kind in _ENTRIES and entry != parts[-1]
    ]
    if not entries:
        return asked
    return f"{asked} ({_entry_named(*entries[-1])})"


def _entry_named(kind: str, entry: str) -> str:
    """An entry of a list in words: ``injury face-mark``; ``injury 2`` for one called injury-2."""
    noun = _ENTRIES[kind]
    base, _, number = entry.rpartition("-")
    return f"{noun} {number if number.isdecimal() and base == noun.split()[0] else entry}"


def reason(reading: Reading) -> str:
    """Why a fact is unknown, in words."""
    return _REASONS.get(reading.reason or "", reading.reason or "not known precisely")


def unknown_shown(reading: Reading, child: str) -> UnknownShown:
    """An unknown fact as the advice shows it."""
    return UnknownShown(path=reading.path, reason=reason(reading), ask=question(reading, child))


def fact_shown(reading: Reading) -> FactShown:
    """A fact as the advice shows it."""
    return FactShown(path=reading.path, value=_value(reading.value), known_on=reading.known_on)


def _value(value: Any) -> Any:
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        least, most = value
        return least if least == most else f"{least} to {most}"
    return value if isinstance(value, bool | int | float | list) else str(value)


def says(signal: Signal, value: Truth, child: str) -> str:
    """A signal with its value, in words."""
    told = {"true": signal.says.true, "false": signal.says.false, "unknown": signal.says.unknown}
    text = told[value.word]
    if text is None:
        answer = "no" if value is Truth.FALSE else "not known"
        text = f"{signal.ask} {answer.capitalize()}."
    return fill(text, [child])
