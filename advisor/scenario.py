"""Scenarios: a case at a decision point, with what must and must not be said of it.

A scenario file holds ``scenario`` (what it is and what is expected) and ``case`` (the snapshot).
Whatever reads snapshots reads the case of a scenario too.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from advisor.facts.terms import Agency
from advisor.language.documents import DocumentModel, Line, RuleId, Sentence, Slug
from advisor.language.validation import make
from advisor.problems import fault
from advisor.reading import Document, Steps, read_file
from advisor.snapshot import Snapshot

FactPath = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+(\.[a-z0-9_-]+)+$")]


class FactChange(DocumentModel):
    """A change of one fact, after which a rule must be raised."""

    path: FactPath
    to: Any
    raises: RuleId


class HeldElsewhere(DocumentModel):
    """What an agency held on that day that whoever decided did not have.

    `says` tells it in words; `path` and `to` put it into the case, where one fact can hold it.
    """

    by: Agency
    says: Sentence
    path: FactPath | None = None
    to: Any = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if ("path" in self.model_fields_set) != ("to" in self.model_fields_set):
            raise ValueError("give both path and to, or neither")
        return self


class ScenarioHead(DocumentModel):
    """What a scenario is, and what is expected of the advice on it."""

    title: Line
    review: Slug | None = None
    at: tuple[str, ...] = ()
    day: Sentence | None = None
    decided: Sentence | None = None
    review_says: Sentence | None = None
    held_elsewhere: tuple[HeldElsewhere, ...] = ()
    must_raise: tuple[RuleId, ...] = ()
    noise: tuple[RuleId, ...] = ()
    ceiling: Annotated[int, Field(ge=0, le=12)]
    changes: tuple[FactChange, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A scenario that was read: its head, its case, and the file."""

    path: Path
    head: ScenarioHead
    document: Document
    snapshot: Snapshot

    def changed(self, change: FactChange) -> Snapshot:
        """The snapshot with one fact changed; raises InputError if the path leads nowhere."""
        return self._with((change.path, change.to))

    def pooled(self) -> Snapshot:
        """The snapshot as it would have been had every agency been asked; raises InputError."""
        held = self.head.held_elsewhere
        return self._with(*((each.path, each.to) for each in held if each.path is not None))

    def _with(self, *facts: tuple[str, Any]) -> Snapshot:
        data = copy.deepcopy(self.document.data["case"])
        for path, value in facts:
            place, *steps = [data, *path.split(".")]
            for step in steps[:-1]:
                place = _step(place, step, path)
            if not isinstance(place, dict):
                raise fault(str(self.path), "this path leads to no fact", field=path)
            place[steps[-1]] = copy.deepcopy(value)
        return Snapshot.from_data(data, str(self.path))


def _step(place: Any, step: str, path: str) -> Any:
    if isinstance(place, dict) and "items" in place and step != "items":
        place = place["items"]
    if isinstance(place, list):
        for number, item in enumerate(place, start=1):
            if step in (item.get("id"), item.get("child"), None if item.get("id") else str(number)):
                return item
        raise fault(path, f"there is no entry {step}")
    if isinstance(place, dict):
        return place.setdefault(step, {})
    raise fault(path, f"{step} leads to no fact")


def read_scenario(path: Path) -> Scenario:
    """Read one scenario; raises InputError."""
    document = read_file(path)
    if not isinstance(document.data, dict) or "scenario" not in document.data:
        raise fault(str(path), "this is no scenario: it has no scenario: key", line=1)
    head = make(ScenarioHead, document, document.data["scenario"], ("scenario",))
    return Scenario(path, head, document, snapshot_in(document))


def snapshot_in(document: Document) -> Snapshot:
    """The snapshot that a document is, or the case of the scenario that it is."""
    if isinstance(document.data, dict) and "scenario" in document.data:
        return Snapshot.from_document(part(document, ("case",)))
    return Snapshot.from_document(document)


def part(document: Document, at: Steps) -> Document:
    """A part of a document as a document, with the lines of the whole."""
    data = document.data
    for step in at:
        data = data.get(step) if isinstance(data, dict) else None
    document.line(())  # a JSON document works out its lines only when asked
    lines = {
        path[len(at) :]: line for path, line in document.lines.items() if path[: len(at)] == at
    }
    return Document(document.source, data, lines)


def scenarios(place: Path) -> Iterator[Scenario]:
    """Every scenario below a folder, in order of its path; of a file, the one in it."""
    for path in sorted(place.rglob("*.yaml")) if place.is_dir() else [place]:
        yield read_scenario(path)
