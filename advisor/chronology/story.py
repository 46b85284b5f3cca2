"""The document of a chronology: holders, events, who knew of each since when, what each sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from advisor.chronology import leaves as parts
from advisor.chronology.leaves import Path, PathError
from advisor.facts.terms import Agency, Concern, ReferralSource
from advisor.language.documents import DocumentModel, Line, Sentence, Slug
from advisor.language.validation import make
from advisor.problems import InputError, Problem, fault, field_name, suggestion
from advisor.reading import Document, Steps, read_file
from advisor.values import Date, Identifier

FILE = "chronology.yaml"
"""The name of a story's chronology, in the folder of its decision points."""

FactPath = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+(\.[a-z0-9_-]+)*$")]


class Holder(DocumentModel):
    """Somebody who holds information: an agency, in an area where there are several such."""

    agency: Agency
    name: Line
    authority: Identifier
    front_door: bool = False


class Entry(DocumentModel):
    """One thing that happened or was told: who came to know of it when, and what follows."""

    id: Slug
    happened_on: Date | None = None
    expected: Literal["planned", "feared"] | None = None
    what: Sentence
    at: tuple[str, ...] = ()
    known: dict[Identifier, Date] = Field(default_factory=dict)
    source: ReferralSource | None = None
    reports: tuple[Concern, ...] = ()
    sets: dict[FactPath, Any] = Field(default_factory=dict)
    withdraws: tuple[FactPath, ...] = ()
    corrects: Slug | None = None
    disputes: Slug | None = None


class StoryHead(DocumentModel):
    """Whose story it is, and who takes part in it."""

    id: Identifier
    title: Line
    review: Slug | None = None
    note: Sentence | None = None
    holders: dict[Identifier, Holder] = Field(min_length=1)


MAX_ENTRIES = 2000
"""How many entries a chronology may have, so that a replay stays bounded in time."""


class StoryDocument(DocumentModel):
    """A chronology as it is written."""

    story: StoryHead
    entries: tuple[Entry, ...] = Field(min_length=1, max_length=MAX_ENTRIES)


@dataclass(frozen=True)
class Story:
    """A chronology that was read and whose parts fit together."""

    head: StoryHead
    entries: tuple[Entry, ...]
    document: Document

    @cached_property
    def sets(self) -> dict[str, dict[Path, Any]]:
        """The single facts that each entry sets, by the entry's id."""
        return {entry.id: dict(_leaves(entry)) for entry in self.entries}

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Every entry by its id."""
        return {entry.id: entry for entry in self.entries}

    def line(self, entry: str, *steps: str | int) -> int:
        """The line of an entry, or of a part of it."""
        number = next(n for n, each in enumerate(self.entries) if each.id == entry)
        return self.document.line(("entries", number, *steps))

    def front_doors(self) -> list[str]:
        """The holders who decide, in the order in which they are named."""
        return [name for name, holder in self.head.holders.items() if holder.front_door]


def read_story(path: FilePath) -> Story:
    """Read a chronology; raises InputError with every fault."""
    return story_of(read_file(path))


def story_of(document: Document) -> Story:
    """A chronology from a document that was read; raises InputError with every fault."""
    if not isinstance(document.data, dict) or "story" not in document.data:
        raise fault(document.source, "this is no chronology: it has no story: key", line=1)
    whole = make(StoryDocument, document, document.data)
    made = Story(whole.story, whole.entries, document)
    found = [
        Problem(document.source, document.line(steps), field_name(steps), message)
        for steps, message in _faults(made)
    ]
    if found:
        raise InputError(found)
    return made


def _leaves(entry: Entry) -> Iterator[tuple[Path, Any]]:
    for path, value in entry.sets.items():
        yield from parts.leaves(tuple(path.split(".")), value)


def _faults(story: Story) -> Iterator[tuple[Steps, str]]:
    broken = list(_path_faults(story))
    if broken:
        yield from broken
        return
    seen: dict[str, Entry] = {}
    ids = [entry.id for entry in story.entries]
    for number, entry in enumerate(story.entries):
        at: Steps = ("entries", number)
        if entry.id in seen:
            yield (*at, "id"), "this id is used twice; give each entry its own"
        yield from _date_faults(entry, story.head, at)
        for key in ("corrects", "disputes"):
            other = getattr(entry, key)
            if other is None:
                continue
            if other == entry.id or other not in ids:
                near = suggestion(other, ids)
                yield (*at, key), f"there is no other entry {other}: give the id of one.{near}"
            elif not set(story.sets[entry.id]) & set(story.sets[other]):
                yield (*at, key), f"it sets nothing that {other} sets: name another entry"
        if _comes_back(story, entry):
            yield (*at, "corrects"), "it corrects itself in the end: leave out one correction"
        seen[entry.id] = entry
    held: set[Path] = set()
    for number, entry in sorted(enumerate(story.entries), key=lambda each: order(each[1])):
        for position, path in enumerate(entry.withdraws):
            wanted = tuple(path.split("."))
            if not any(each[: len(wanted)] == wanted for each in held):
                yield (
                    ("entries", number, "withdraws", position),
                    "nothing that happened before set this: correct the path, or leave it out",
                )
        held |= set(story.sets[entry.id])


def _comes_back(story: Story, entry: Entry) -> bool:
    """Whether what an entry corrects corrects, in one step or several, that entry."""
    passed: set[str] = set()
    step = entry.corrects
    while step is not None and step in story.by_id and step not in passed:
        passed.add(step)
        step = story.by_id[step].corrects
    return entry.id in passed and entry.corrects != entry.id


def _path_faults(story: Story) -> Iterator[tuple[Steps, str]]:
    for number, entry in enumerate(story.entries):
        found: dict[Path, Any] = {}
        for path, value in entry.sets.items():
            at: Steps = ("entries", number, "sets", path)
            try:
                for leaf, told in parts.leaves(tuple(path.split(".")), value):
                    if found.setdefault(leaf, told) != told:
                        yield at, f"this entry sets {'.'.join(leaf)} to two values: keep one"
            except PathError as error:
                yield at, str(error)


def _date_faults(entry: Entry, head: StoryHead, at: Steps) -> Iterator[tuple[Steps, str]]:
    for holder, since in entry.known.items():
        place = (*at, "known", holder)
        if holder not in head.holders:
            near = suggestion(holder, head.holders)
            yield place, f"there is no holder {holder}: correct it, or add it to holders.{near}"
        happened = entry.happened_on
        if happened is not None and entry.expected is None and since.last < happened.first:
            yield (
                place,
                "known before it happened: correct a date, or mark it expected: planned or feared",
            )
    if entry.expected is not None and entry.happened_on is None:
        yield (*at, "expected"), "say when it is expected: give happened_on"


def order(entry: Entry) -> dt.date:
    """When an entry takes its place among the others: the last day on which it can have happened.

    What somebody knew by a day cannot have happened after it. What is only expected stands where it
    first became known; what has no date stands first. Entries of the same day keep the order in
    which they are written.
    """
    learnt = [since.last for since in entry.known.values()]
    if entry.happened_on is None:
        return _FIRST
    if entry.expected is not None and learnt:
        return min(learnt)
    return min([entry.happened_on.last, *learnt])


_FIRST = dt.date.min
