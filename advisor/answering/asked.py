"""The questions of a form as they are drawn: words, choices, and what is held already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from advisor.addresses import (
    ABOUT,
    AGE,
    Address,
    AddressError,
    ids,
    owner_exists,
    resolve,
)
from advisor.answering.people import asked_words, entry_words
from advisor.facts.shape import Kind, Slot, Type
from advisor.language.english import word
from advisor.parts import NOT_ASKED, NOT_KNOWN, Held, held_at
from advisor.questionnaire import Item, Questionnaire, Section, read_questionnaire
from advisor.values import UnknownReason
from advisor.wording import person

FieldKind = Literal[
    "bool", "choice", "many", "date", "number", "reference", "references", "text", "age", "entries"
]
REASONS = tuple(
    (reason.value, reason.words[:1].upper() + reason.words[1:])
    for reason in UnknownReason
    if reason.value not in ("not_recorded", NOT_ASKED)
)
"""Why an answer of Not known is so: the value of ``!why`` and its words."""

AGE_UNITS = (("years", "Years"), ("months", "Months"), ("weeks", "Weeks"))
MANY_CHOICES = 12
"""Of more choices than this, one is picked from a list that opens."""

TO_CHILDREN = frozenset({"about", "children"})
TO_NOBODY = frozenset({"authority", "from_authority", "to_authority"})
"""References by the name of their fact; every other one is to an adult."""

_KINDS: dict[Type | None, FieldKind] = {
    Type.BOOL: "bool",
    Type.CHOICE: "choice",
    Type.DATE: "date",
    Type.DATE_OR_NONE: "date",
    Type.NUMBER: "number",
}
_AGE_ASK = "When was {child} born, or how old is {child}?"
_AGE_HINT = "Not born yet? Give the day on which the baby is due. Part of a date will do."
_DATE_HINT = "For example, 27 3 2024. Where the day is not known, give the month and year."
_DAY_HINT = "For example, 27 3 2024."
_ID_HINT = "A made-up id, such as northshire or authority-2."


@dataclass(frozen=True)
class Shown:
    """What stands in the controls of a question.

    ``chosen`` holds the values and specials that are picked; ``typed`` the text of each control,
    by the end of its name (``day``, ``note`` ...), and under "" that of the question's own.
    """

    chosen: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of one control; empty if nothing stands there."""
        return self.typed.get(name, "")


@dataclass(frozen=True)
class Field:
    """One question of a form, for one address.

    ``choices`` are values with their words; ``specials`` the other answers it takes, such as
    ``!not_known``; ``held`` what the document holds, and ``shown`` how that stands in the
    controls. A list of entries has them in ``entries``, each with its address and words.
    """

    address: str
    fact: str
    ask: str
    hint: str
    who_may_know: str
    kind: FieldKind
    choices: tuple[tuple[str, str], ...]
    specials: tuple[tuple[str, str], ...]
    held: Held
    shown: Shown
    owner: str = ""
    required: bool = False
    entries: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name of its control, which is its address."""
        return self.address

    @property
    def collection(self) -> str:
        """For a list of entries, the key of the list under its owner, for adding one."""
        return self.address.removeprefix(f"{self.owner}.") if self.owner else self.address

    @property
    def reasons(self) -> tuple[tuple[str, str], ...]:
        """The reasons that may stand beside Not known, each with its words."""
        return REASONS

    @property
    def by_select(self) -> bool:
        """Whether its one answer is picked from a list that opens."""
        return self.kind in ("choice", "reference") and len(self.choices) > MANY_CHOICES

    @property
    def open_details(self) -> bool:
        """Whether the note or the reason holds something that must be seen."""
        return bool(self.shown.text("note")) or self.shown.text("why") not in ("", NOT_KNOWN)


def fields(section: Section, document: Mapping[str, Any], owner: str = "") -> tuple[Field, ...]:
    """The questions of a section that make sense for an owner, in order.

    Raises:
        AddressError: the document has no such owner, or the section is not about it.
    """
    if not owner_exists(document, owner):
        raise AddressError(f"{owner} is not in this case")
    made = tuple(
        _field(resolve(address), item, document) for item, address in section.asked(document, owner)
    )
    return made


def field_at(
    address: str, document: Mapping[str, Any], questionnaire: Questionnaire | None = None
) -> Field:
    """The question for any fact or list by its address, in the words of the questionnaire.

    Raises:
        AddressError: it leads to no fact, or its owner is not in the document.
    """
    found = resolve(address)
    if not owner_exists(document, found.owner):
        raise AddressError(f"{found.owner} is not in this case")
    item = (questionnaire or read_questionnaire()).item(found.fact)
    return _field(found, item, document)


def _field(at: Address, item: Item | None, document: Mapping[str, Any]) -> Field:
    static = _static(at, item)
    held = held_at(document, at)
    entries: tuple[tuple[str, str], ...] = ()
    choices = static.choices
    if static.kind in ("reference", "references"):
        collection = "children" if at.slot.name in TO_CHILDREN else "adults"
        choices = tuple((name, person(name)) for name in ids(document, collection))
    elif static.kind == "entries":
        addresses = [f"{at.text}.{name}" for name in held.values]
        entries = tuple((each, entry_words(document, each)) for each in addresses)
    return Field(
        address=at.text,
        fact=at.fact,
        ask=asked_words(static.ask, document, at.owner),
        hint=asked_words(static.hint, document, at.owner),
        who_may_know=static.who,
        kind=static.kind,
        choices=choices,
        specials=tuple(
            (value, asked_words(words, document, at.owner))
            for value, words in _specials(static, held, at)
        ),
        held=held,
        shown=shown_of(held, static.kind),
        owner=at.owner,
        required=static.required,
        entries=entries,
    )


@dataclass(frozen=True)
class _Static:
    """What does not depend on the document."""

    ask: str
    hint: str
    who: str
    kind: FieldKind
    choices: tuple[tuple[str, str], ...]
    none: str
    required: bool


@lru_cache(maxsize=8192)
def _static(at: Address, item: Item | None) -> _Static:
    slot = at.slot
    kind = _kind(at)
    required = at.text == "snapshot.as_of"
    ask = (item and item.ask) or (_AGE_ASK if at.is_age else slot.ask)
    hints = [(item and item.hint) or slot.hint]
    if at.is_age:
        hints.append(_AGE_HINT)
    elif kind == "date":
        hints.append(_DAY_HINT if required else _DATE_HINT)
    elif kind == "text":
        hints.append(_ID_HINT)
    return _Static(
        ask=ask,
        hint=" ".join(hint for hint in hints if hint),
        who=", ".join(word(each) for each in slot.held_by),
        kind=kind,
        choices=_choices(slot, kind, dict(item.words if item else ())),
        none=(item and item.none) or _none_words(at, kind),
        required=required,
    )


def _kind(at: Address) -> FieldKind:
    slot = at.slot
    if at.is_age:
        return "age"
    if at.is_entries:
        return "entries"
    if slot.type is Type.REFERENCE:
        if slot.name in TO_NOBODY:
            return "text"
        return "references" if slot.kind is Kind.LIST else "reference"
    return "many" if slot.kind is Kind.LIST else _KINDS[slot.type]


def _choices(slot: Slot, kind: FieldKind, own: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if kind == "bool":
        return (("true", "Yes"), ("false", "No"))
    if kind == "age":
        return (("born", "Date of birth"), ("due", "Date due"), (AGE, "Age"))
    if kind not in ("choice", "many"):
        return ()
    words = ((value, own.get(value) or word(value)) for value in slot.choices)
    return tuple((value, text[:1].upper() + text[1:]) for value, text in words)


def _none_words(at: Address, kind: FieldKind) -> str:
    if kind == "date" and at.slot.type is Type.DATE_OR_NONE:
        return "It has not happened"
    words = {"many": "None of these", "references": "None of them", "entries": "There are none"}
    return words.get(kind, "")


def _specials(static: _Static, held: Held, at: Address) -> list[tuple[str, str]]:
    if static.required:
        return []
    unknown = [("!not_asked", "Not asked"), ("!not_known", "Not known")]
    if static.kind == "entries":
        if held.values:
            return [("!all", "That is all"), ("!more", "There may be more")]
        first = (
            []
            if ABOUT[_member(at)] == "link"
            else [("!add", "There is one or more, to be added next")]
        )
        made = [*first, ("!none", static.none), *unknown]
    else:
        made = [("!none", static.none), *unknown] if static.none else unknown
    if held.state != "blank" and static.kind not in ("many", "references"):
        made.append(("!blank", "Take this answer away"))
    return made


def _member(at: Address) -> Any:
    assert at.slot.model is not None
    return at.slot.model


def shown_of(held: Held, kind: FieldKind) -> Shown:
    """How what is held stands in the controls of a question of this kind."""
    typed = {"note": held.note.replace("\r\n", "\n").replace("\r", "\n").strip(), "why": NOT_KNOWN}
    chosen: tuple[str, ...] = ()
    if held.state == "unknown":
        chosen = ("!not_asked" if held.reason == NOT_ASKED else "!not_known",)
        if held.reason != NOT_ASKED:
            typed["why"] = held.reason
    elif held.state == "known":
        chosen = _known_shown(held, kind, typed)
    return Shown(chosen, {name: text for name, text in typed.items() if text})


def _known_shown(held: Held, kind: FieldKind, typed: dict[str, str]) -> tuple[str, ...]:
    values = held.values
    if kind == "entries":
        if values:
            return ("!all",) if held.complete else ("!more",)
        return ("!none",) if held.complete else ()
    if kind in ("many", "references"):
        typed["complete"] = "yes" if held.complete and values else "" if held.complete else "no"
        return values or (("!none",) if held.complete else ())
    if kind == "age":
        if values[0] == AGE:
            typed["number"], typed["unit"] = values[1:]
        else:
            _type_date(values[1], typed)
        return values[:1]
    if kind == "date" and values[0] != "none":
        _type_date(values[0], typed)
        return ()
    if kind in ("number", "text"):
        typed[""] = values[0]
        return ()
    return ("!none",) if kind == "date" else values


def _type_date(text: str, typed: dict[str, str]) -> None:
    """A date as its parts are typed: day and month without leading noughts."""
    parts = text.split("-")
    for name, part in zip(("year", "month", "day"), parts, strict=False):
        typed[name] = part if name == "year" else str(int(part))
