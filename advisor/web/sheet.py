"""A page of questions: one section, or the essential ones about one person on a single page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.addresses import AddressError, owner_about
from advisor.answering.asked import Field, fields
from advisor.answering.people import owner_words
from advisor.questionnaire import Questionnaire, Section
from advisor.web.marks import mark

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """Sections with their owners that stand on one page."""

    parts: tuple[tuple[Section, str], ...]
    essential: bool = False

    @property
    def owner(self) -> str:
        """Whom the page is about: the adult, where it is about them and each child."""
        return head(self.parts[0][1])

    @property
    def keys(self) -> list[str]:
        """The names of its sections, in what is kept of the progress of a case."""
        return [key(section, owner) for section, owner in self.parts]

    def path(self, case: str) -> str:
        """Where the page is, in a case."""
        section, owner = self.parts[0]
        if self.essential and self.owner:
            return f"/cases/{case}/about/{mark(case, self.owner)}"
        return f"/cases/{case}/sections/{section.id}/{mark(case, owner)}"

    def title(self, document: Document) -> str:
        """Its heading: that of its section, or whom it is about."""
        if len(self.parts) == 1:
            return self.parts[0][0].title
        words = owner_words(document, self.owner)
        return f"About {words[:1].lower() + words[1:] if words.startswith('The ') else words}"

    def whose(self, document: Document) -> str:
        """What stands above its heading: whom it is about, if the heading does not say so."""
        return owner_words(document, self.parts[0][1]) if len(self.parts) == 1 else ""

    def asked(self, document: Document) -> list[tuple[str, str, tuple[Field, ...]]]:
        """Each part with its heading, its introduction and its questions."""
        found = []
        for section, owner in self.parts:
            try:
                questions = fields(section, document, owner)
            except AddressError:
                continue  # it has been removed meanwhile
            title = section.title
            if owner_about(owner) == "link":
                title = owner_words(document, owner)
            several = len(self.parts) > 1
            found.append(
                (title[:1].upper() + title[1:] if several else "", section.intro or "", questions)
            )
        return found


def head(owner: str) -> str:
    """The person or entry on whose page an owner stands: for a link, the adult."""
    return ".".join(owner.split(".")[:2]) if owner and owner_about(owner) == "link" else owner


def key(section: Section, owner: str) -> str:
    """The name of a section for an owner, in what is kept of the progress of a case."""
    return f"{section.id}:{owner}"


def short_path(questionnaire: Questionnaire, document: Document) -> tuple[Sheet, ...]:
    """The essential pages in order: the referral, the family, then each person and injury."""
    pages: dict[tuple[str, str], list[tuple[Section, str]]] = {}
    for section, owner in questionnaire.short_path(document):
        whose = head(owner)
        pages.setdefault((whose, "" if whose else section.id), []).append((section, owner))
    return tuple(Sheet(tuple(parts), essential=True) for parts in pages.values())


def page_after(questionnaire: Questionnaire, case: str, document: Document, sheet: Sheet) -> str:
    """Where to go on: the next essential page, from the last one to the advice; else the list."""
    path = short_path(questionnaire, document)
    owners = [(each.owner, each.parts[0][0].id) for each in path]
    here = (sheet.owner, sheet.parts[0][0].id)
    if here not in owners:
        return f"/cases/{case}#block-{mark(case, sheet.owner)}"
    following = owners.index(here) + 1
    return f"/cases/{case}/advice" if following == len(path) else path[following].path(case)


def first_page(questionnaire: Questionnaire, case: str, document: Document, owner: str) -> str:
    """The first page about an owner."""
    for sheet in short_path(questionnaire, document):
        if sheet.owner == owner:
            return sheet.path(case)
    for section, whose in questionnaire.pages(document):
        if whose == owner:
            return Sheet(((section, whose),)).path(case)
    return f"/cases/{case}"
