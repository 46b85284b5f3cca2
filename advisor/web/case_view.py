"""The list of what can be entered about a case: who is in it, which sections, how far each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.addresses import ids, owner_about, owners
from advisor.answering.asked import field_at
from advisor.answering.entries import Removal, next_id
from advisor.answering.people import entry_words, noun, owner_words
from advisor.answering.tally import Progress, progress
from advisor.facts.adult import Link
from advisor.facts.shape import slots
from advisor.language.english import word
from advisor.questionnaire import Questionnaire
from advisor.web.marks import mark
from advisor.web.sheet import Sheet, short_path

_BELOW = {
    "": ("events", "services", "meetings"),
    "referral": ("referral.checks",),
    "children": ("injuries", "plans", "orders", "moves"),
    "adults": ("history", "checks"),
}
"""The lists of entries that stand under the case, the referral, a child and an adult."""

_ADD = {
    "injuries": "Add an injury or mark",
    "plans": "Add a plan",
    "orders": "Add an order or condition",
    "moves": "Add a move",
    "history": "Add something from their past",
    "checks": "Add a check with an agency",
    "events": "Add an event or earlier contact",
    "services": "Add a service",
    "meetings": "Add a meeting",
    "referral.checks": "Add an agency asked about the family",
}
_ENTRIES = (
    *("child", "adult", "injury", "plan", "order", "move", "history", "check"),
    *("agency_check", "event", "service", "meeting"),
)
RELATIONS = tuple((each, word(each).capitalize()) for each in slots(Link)["relation"].choices)
"""Who an adult may be to the children, and the words for it."""


@dataclass(frozen=True)
class Row:
    """One section for one owner: where it is, and how far it has come."""

    title: str
    href: str
    answered: int
    asked: int
    skipped: bool

    @property
    def done(self) -> bool:
        """Whether nothing is left to answer."""
        return self.answered == self.asked

    @property
    def status(self) -> str:
        """How far it has come, in words."""
        if self.skipped and not self.answered:
            return "Skipped"
        return _status(self.answered, self.asked)


def _status(answered: int, asked: int) -> str:
    return f"{answered} of {asked} answered" if answered else "Not started"


@dataclass(frozen=True)
class Adding:
    """A list to which an entry can be added: under which owner, and the id it would have."""

    words: str
    owner: str
    collection: str
    id: str


@dataclass(frozen=True)
class Block:
    """A person, an entry or the case itself, with its sections and what can be added below it."""

    title: str
    words: str
    mark: str
    address: str
    removable: bool
    essential: tuple[Row, ...]
    more: tuple[Row, ...]
    adding: tuple[Adding, ...]
    below: tuple[Block, ...]

    @property
    def status(self) -> str:
        """How far all of its sections have come together."""
        rows = (*self.essential, *self.more)
        return _status(sum(row.answered for row in rows), sum(row.asked for row in rows))


class Tasks:
    """The sections of a questionnaire for one case, under whoever they are about."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        case: str,
        document: Mapping[str, Any],
        skipped: frozenset[str],
    ) -> None:
        self._case, self._document, self._skipped = case, document, skipped
        self._short = short_path(questionnaire, document)
        self._pages: dict[str, list[Progress]] = {}
        for each in progress(questionnaire, document):
            self._pages.setdefault(each.owner, []).append(each)

    def blocks(self) -> tuple[Block, ...]:
        """The case, each child, each adult, then events, services and meetings."""
        people = (
            self._block(f"{kind}.{name}") for kind in ("children", "adults")
            for name in ids(self._document, kind)
        )  # fmt: skip
        return (self._block(""), *people)

    def _block(self, owner: str) -> Block:
        sheets = [each for each in self._short if each.owner == owner]
        rest = [each for each in self._pages.get(owner, ()) if not each.section.essential]
        about = owner_about(owner)
        names = (
            _BELOW[owner.split(".", maxsplit=1)[0]] if about in ("case", "child", "adult") else ()
        )
        if about == "case":
            names = (*names, *_BELOW["referral"])
        below = [
            self._block(f"{where}.{name}")
            for where in (f"{owner}.{name}" if owner else name for name in names)
            for name in ids(self._document, where)
        ]
        if about == "adult":
            links = (each for each in self._pages if each.startswith(f"{owner}.links."))
            below += [block for block in map(self._block, links) if block.more]
        words = owner_words(self._document, owner) or "the referral"
        title = words if owner else "The referral and the decision"
        return Block(
            title=title[:1].upper() + title[1:],
            words=words,
            mark=mark(self._case, owner),
            address=owner,
            removable=about not in ("case", "link"),
            essential=tuple(self._main(sheet) for sheet in sheets),
            more=tuple(self._row(each) for each in rest),
            adding=tuple(self._adding(owner, name) for name in names),
            below=tuple(below),
        )

    def _main(self, sheet: Sheet) -> Row:
        found = [
            each for section, owner in sheet.parts for each in self._pages[owner]
            if each.section is section
        ]  # fmt: skip
        title = sheet.parts[0][0].title if len(sheet.parts) == 1 else "Main questions"
        return self._status(title, sheet, found)

    def _row(self, each: Progress) -> Row:
        return self._status(each.section.title, Sheet(((each.section, each.owner),)), [each])

    def _status(self, title: str, sheet: Sheet, found: Sequence[Progress]) -> Row:
        return Row(
            title=title,
            href=sheet.path(self._case),
            answered=sum(each.answered for each in found),
            asked=sum(each.asked for each in found),
            skipped=self._skipped.issuperset(sheet.keys),
        )

    def _adding(self, owner: str, name: str) -> Adding:
        where = f"{owner}.{name}" if owner else name
        holder, _, collection = where.rpartition(".")
        if name == "referral.checks":
            holder, collection = "", where
        return Adding(_ADD[name], holder, collection, next_id(self._document, holder, collection))


def relation_ids(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """For each relation of an adult: what a form sends for it, and its words.

    What is sent holds the id that the adult will have, so that sending it twice adds one.
    """
    taken = {*ids(document, "adults"), *ids(document, "children")}
    for relation, words in RELATIONS:
        base = "adult" if relation in ("unknown_person", "no_relation") else relation
        base = base.replace("_", "-").removesuffix("-of-parent")
        name, number = base, 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        yield f"{relation}:{name}", words


def entries(document: Mapping[str, Any]) -> Iterator[str]:
    """The address of every entry of a case that can be removed."""
    for about in _ENTRIES:
        yield from owners(document, about)


def removing(document: Mapping[str, Any], address: str) -> str:
    """What would be removed, in words."""
    about = owner_about(address)
    words = entry_words(document, address)
    return words if about in ("child", "adult") else f"the {noun(about)} “{words}”"


def mentions(document: Mapping[str, Any], removal: Removal) -> list[str]:
    """What else goes with an entry that is removed: the questions in which it stands."""
    told = []
    for address in removal.references:
        *above, _ = address.split(".")
        if above[-1] == "links":
            told.append(f"what is known of {owner_words(document, address)}")
        else:
            told.append(f"the mention in “{field_at(address, document).ask}”")
    return told


def adding_child(document: Mapping[str, Any]) -> Adding:
    """The form that adds another child."""
    return Adding("Add another child", "", "children", next_id(document, "", "children"))
