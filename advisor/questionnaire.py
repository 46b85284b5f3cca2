"""The questionnaire: which facts a form asks for, in which sections, and in which words.

It is data, ``rules/questionnaire.yaml``, for practice leads to change. Whatever it says is checked
against the vocabulary, so that a form cannot ask for what no snapshot holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from advisor.addresses import CASE, address_of, asked_as, owners, resolve
from advisor.data import rules_folder
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.language.documents import DocumentModel, Line, Sentence, Slug
from advisor.language.validation import make
from advisor.parts import BLANK, held_at
from advisor.problems import InputError, Problem, fault, field_name, suggestion
from advisor.reading import Document, Steps, read_file
from advisor.snapshot import Snapshot
from advisor.vocabulary import MEMBERS, OWNERS, PathError, place

FILE = "questionnaire.yaml"
MOST_ASKED = 12
"""As many questions as one section may have: it is one page, for somebody in a hurry."""

About = Literal[
    "case",
    "child",
    "adult",
    "link",
    "injury",
    "plan",
    "order",
    "move",
    "history",
    "check",
    "agency_check",
    "event",
    "service",
    "meeting",
]
"""What a section is about: the case as a whole, or each entry of one kind."""

_PLACEHOLDER = re.compile(r"\{[^}]*\}?")
_UNBORN = "child.is_unborn"


def _as_text(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value


class Condition(DocumentModel):
    """When a question makes sense: where an earlier answer is one of these, or is not known."""

    fact: str
    accepts: tuple[Annotated[str, BeforeValidator(_as_text)], ...] = Field(alias="is")


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, dict) else value


Conditions = Annotated[tuple[Condition, ...], BeforeValidator(_as_list)]
"""All of them must hold, or not be known; one may be written without a list."""


def _with_keys(value: object) -> object:
    return {"fact": value} if isinstance(value, str) else value


def _pairs(value: object) -> object:
    return tuple(value.items()) if isinstance(value, dict) else value


class Item(DocumentModel):
    """One question: the fact, and our words where the vocabulary's read badly on a form."""

    fact: str
    ask: Line | None = None
    hint: Line | None = None
    none: Line | None = None
    words: Annotated[tuple[tuple[str, Line], ...], BeforeValidator(_pairs)] = ()
    ask_when: Conditions = ()

    @cached_property
    def slot(self) -> Slot:
        """What the vocabulary says of the fact."""
        return slot_of(self.fact)


class Section(DocumentModel):
    """Questions that belong on one page, about the case or about each entry of one kind."""

    id: Slug
    title: Line
    about: About
    intro: Sentence | None = None
    essential: bool = False
    ask_when: Conditions = ()
    questions: tuple[Annotated[Item, BeforeValidator(_with_keys)], ...]

    def is_asked(self, document: Mapping[str, Any], owner: str) -> bool:
        """Whether any question of it makes sense for this owner."""
        return any(True for _ in self.asked(document, owner))

    def asked(self, document: Mapping[str, Any], owner: str) -> Iterator[tuple[Item, str]]:
        """The questions that make sense for an owner, each with the address of its fact.

        One is left out only where an earlier answer rules it out. A missing answer rules nothing
        out, and a question that has been answered stays in sight.
        """
        ruled_out = _rules_out(self.ask_when, document, owner)
        for item in self.questions:
            address = address_of(item.fact, owner)
            if address is None:
                continue
            if ruled_out or _rules_out(item.ask_when, document, owner):
                held = held_at(document, resolve(address))
                if held.state == "blank" and not held.note:
                    continue
            yield item, address


def _rules_out(conditions: Iterable[Condition], document: Mapping[str, Any], owner: str) -> bool:
    return any(_fails(condition, document, owner) for condition in conditions)


def _fails(condition: Condition, document: Mapping[str, Any], owner: str) -> bool:
    """Whether an answer is known, and is none of those for which the question makes sense."""
    address = address_of(asked_as(condition.fact), owner)
    held = BLANK if address is None else held_at(document, resolve(address))
    if held.state != "known":
        return False
    value = held.values[0]
    if condition.fact == _UNBORN:
        value = "true" if value == "due" else "false"
    return value not in condition.accepts


class Questionnaire(DocumentModel):
    """Sections in the order in which they are worked through."""

    sections: tuple[Section, ...]

    def section(self, id: str) -> Section:  # noqa: A002 - it is called an id everywhere
        """The section of this id; raises KeyError."""
        return self._by_id[id]

    def short_path(self, document: Mapping[str, Any]) -> tuple[tuple[Section, str], ...]:
        """The essential sections for everybody in a case, each with its owner, in order."""
        return tuple(self._pages(document, essential=True))

    def pages(self, document: Mapping[str, Any]) -> tuple[tuple[Section, str], ...]:
        """Every section that makes sense for everybody in a case, each with its owner."""
        return tuple(self._pages(document, essential=False))

    def _pages(
        self, document: Mapping[str, Any], *, essential: bool
    ) -> Iterator[tuple[Section, str]]:
        kept = [each for each in self.sections if each.essential or not essential]
        for about, sections in groupby(kept, key=lambda section: section.about):
            here = list(sections)  # one person after another, each through all these sections
            for owner in owners(document, about):
                yield from ((each, owner) for each in here if each.is_asked(document, owner))

    def item(self, fact: str) -> Item | None:
        """The question that asks for a fact of the vocabulary, if there is one."""
        return self._by_fact.get(fact)

    @cached_property
    def _by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _by_fact(self) -> dict[str, Item]:
        return {item.fact: item for section in self.sections for item in section.questions}

    def not_asked(self, facts: Iterable[str]) -> list[str]:
        """Which of these facts no section asks for, in the words of the vocabulary."""
        return sorted({fact for fact in map(asked_as, facts) if fact not in self._by_fact})


def slot_of(fact: str) -> Slot:
    """What the vocabulary says of a fact, or of a list of the whole case; raises PathError."""
    top = slots(Snapshot).get(fact)
    return top if top is not None and top.kind is Kind.LIST else place(fact).slot


def read_questionnaire(path: Path | None = None) -> Questionnaire:
    """Read and check a questionnaire, the shipped one if no file is given; raises InputError."""
    path = path or rules_folder() / FILE
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Questionnaire:
    """A questionnaire that was read, kept until its file changes."""
    document = read_file(path)
    if not isinstance(document.data, dict):
        raise fault(str(path), "a questionnaire begins with sections:", line=1)
    made = make(Questionnaire, document, document.data)
    problems = [
        Problem(document.source, document.line(steps), field_name(steps), message)
        for steps, message in _faults(made, document)
    ]
    if problems:
        raise InputError(problems)
    return made


def _faults(made: Questionnaire, document: Document) -> Iterator[tuple[Steps, str]]:
    seen: dict[str, str] = {}
    named: set[str] = set()
    if not made.sections:
        yield ("sections",), "this asks nothing; write a section"
    for number, section in enumerate(made.sections):
        at: Steps = ("sections", number)
        if section.id in named:
            yield (*at, "id"), f"there is a section {section.id} already; give this its own id"
        named.add(section.id)
        if not section.questions:
            yield (*at, "questions"), "this section asks nothing; name a fact"
        if len(section.questions) > MOST_ASKED:
            yield (*at, "questions"), f"over {MOST_ASKED} questions; divide this section"
        earlier = set(seen)
        for condition in section.ask_when:
            for key, message in _condition_faults(condition, section, earlier):
                yield (*at, "ask_when"), f"{key}: {message}"
        for position, item in enumerate(section.questions):
            here: Steps = (*at, "questions", position)
            short = isinstance(document.data["sections"][number]["questions"][position], str)
            where = here if short else (*here, "fact")
            message = _fact_fault(item, section)
            if message:
                yield where, message
                continue
            if item.fact in seen:
                yield where, f"section {seen[item.fact]} asks for this already; ask once"
            seen[item.fact] = section.id
            yield from (((*here, key), text) for key, text in _item_faults(item, section, earlier))


def _fact_fault(item: Item, section: Section) -> str:
    """What is wrong with the fact that a question asks for, if anything."""
    instead = asked_as(item.fact)
    if instead != item.fact:
        return f"this is asked for as {instead}; write that"
    try:
        slot_of(item.fact)
    except PathError as error:
        return str(error)
    about = _about(item.fact)
    if about != section.about:
        return f"this belongs in a section about: {about}, and this one is about: {section.about}"
    return ""


def _about(fact: str) -> str:
    if fact.startswith("adult.link."):
        return "link"
    name = fact.split(".", maxsplit=1)[0]
    return name if name in MEMBERS else CASE


def _item_faults(item: Item, section: Section, earlier: set[str]) -> Iterator[tuple[str, str]]:
    people = {"{child}"} if section.about != CASE else set()
    people |= {"{adult}"} if section.about in ("adult", "link", "history", "check") else set()
    for key in ("ask", "hint", "none"):
        for used in _PLACEHOLDER.findall(getattr(item, key) or ""):
            if used not in people:
                known = " or ".join(sorted(people)) or "nobody"
                yield key, f"{used} stands for nobody here; this section knows {known}"
    if item.none is not None and not _may_be_none(item.slot):
        yield "none", "this question has no such answer; leave it out"
    for value, _ in item.words:
        if value not in item.slot.choices:
            near = suggestion(value, item.slot.choices)
            yield "words", f"{value} is not one of its values.{near}"
    for condition in item.ask_when:
        for part, message in _condition_faults(condition, section, earlier):
            yield "ask_when", f"{part}: {message}"


def _may_be_none(slot: Slot) -> bool:
    return slot.kind is Kind.LIST or slot.type is Type.DATE_OR_NONE


def _condition_faults(
    condition: Condition, section: Section, earlier: set[str]
) -> Iterator[tuple[str, str]]:
    fact = condition.fact
    try:
        slot = slot_of(fact)
    except PathError as error:
        yield "fact", str(error)
        return
    if slot.kind is not Kind.FACT or slot.type not in (Type.BOOL, Type.CHOICE):
        yield "fact", "only a question with yes and no, or with choices, can decide this"
        return
    if asked_as(fact) != fact and fact != _UNBORN:
        yield "fact", f"this is worked out; write {asked_as(fact)} or {_UNBORN}"
        return
    if asked_as(fact) not in earlier:
        yield "fact", "no earlier section asks for this; a question on a page hides none beside it"
    if _about(fact) not in {CASE, section.about, *_around(section.about)}:
        yield "fact", f"a section about: {section.about} cannot see this"
    if not condition.accepts:
        yield "is", "write the answers for which this is asked"
    known = ("true", "false") if slot.type is Type.BOOL else slot.choices
    for value in condition.accepts:
        if value not in known:
            yield "is", f"{value} is not one of its values.{suggestion(value, known)}"


def _around(about: str) -> set[str]:
    if about == "link":
        return {"adult", "child"}
    return {OWNERS[about]} if about in OWNERS else set()
