"""Who a question is about, in words; and what an entry of a list is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor.addresses import ids, owner_about, resolve
from advisor.language.english import day, word
from advisor.parts import held_at
from advisor.wording import fill, person

_MOST_NAMED = 3
_NOUNS = {
    "injury": "injury or mark",
    "plan": "plan",
    "order": "order or condition",
    "move": "move",
    "history": "entry",
    "check": "check",
    "agency_check": "agency asked",
    "event": "event",
    "service": "service",
    "meeting": "meeting",
}
_TOLD_BY = {
    **dict.fromkeys(("injury", "plan", "order", "history", "event", "meeting"), "kind"),
    **dict.fromkeys(("check", "agency_check", "service"), "agency"),
}
"""The fact that tells one entry from another best."""
_DATED_BY = {
    "injury": "seen_on",
    "plan": "started_on",
    "move": "moved_on",
    "history": "when",
    "event": "happened_on",
    "meeting": "held_on",
}


def noun(about: str) -> str:
    """What one entry of a kind is called: ``injury or mark``."""
    return _NOUNS.get(about, about)


def asked_words(text: str, document: Mapping[str, Any], owner: str) -> str:
    """A question with the people whom it is about filled in."""
    if "{" not in text:
        return text
    steps = owner.split(".")
    adult = steps[1] if steps[0] == "adults" else None
    if steps[0] == "children":
        return fill(text, [steps[1]], adult)
    if owner and owner_about(owner) == "link":
        return fill(text, [steps[3]], adult)
    children = ids(document, "children")
    if len(children) > _MOST_NAMED:
        text, children = text.replace("{child}", "the children"), []
    return fill(text, children or ["the children"], adult)


def entry_words(document: Mapping[str, Any], address: str) -> str:
    """What an entry is called: a person's id as words, ``Bruise, 3 May 2024``, ``Plan 2``."""
    about = owner_about(address)
    steps = address.split(".")
    if about in ("child", "adult"):
        return person(steps[1])
    if about == "link":
        return f"{person(steps[1])} and {person(steps[3])}"
    told, dated = _TOLD_BY.get(about), _DATED_BY.get(about)
    said = [_value(document, address, name) for name in (told, dated) if name is not None]
    said = [each for each in said if each]
    if not said:
        name = steps[-1]
        numbered = name.rpartition("-")[2] if name.startswith(f"{about}-") else name
        return _capital(f"{noun(about)} {numbered.replace('-', ' ').replace('_', ' ')}")
    return _capital(", ".join(said))


def owner_words(document: Mapping[str, Any], owner: str) -> str:
    """Whose questions these are, for a heading; nothing for the case as a whole."""
    if not owner:
        return ""
    steps = owner.split(".")
    words = entry_words(document, owner)
    if len(steps) == 4 and owner_about(owner) != "link":
        return f"{person(steps[1])}: {words[:1].lower()}{words[1:]}"
    return words


def _value(document: Mapping[str, Any], address: str, name: str) -> str:
    held = held_at(document, resolve(f"{address}.{name}"))
    if held.state != "known" or not held.values or held.values[0] == "none":
        return ""
    value = held.values[0]
    return day(value) if value[:4].isdigit() else word(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
