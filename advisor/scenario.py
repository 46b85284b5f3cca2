"""Scenarios: a case at a decision point, with what must and must not be said of it.

A scenario file holds ``scenario`` (what it is and what is expected) and ``case`` (the snapshot).
Whatever reads snapshots reads the case of a scenario too.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

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


class ScenarioHead(DocumentModel):
    """What a scenario is, and what is expected of the advice on it."""

    title: Line
    review: Slug | None = None
    at: tuple[str, ...] = ()
    day: Sentence | None = None
    decided: Sentence | None = None
    review_says: Sentence | None = None
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
        data = copy.deepcopy(self.document.data["case"])
        place, *steps = [data, *change.path.split(".")]
        for step in steps[:-1]:
            place = _step(place, step, change.path)
        if not isinstance(place, dict):
            raise fault(str(self.path), "this path leads to no fact", field=change.path)
        place[steps[-1]] = change.to
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


def scenarios(folder: Path) -> Iterator[Scenario]:
    """Every scenario below a folder, in order of its path."""
    for path in sorted(folder.rglob("*.yaml")):
        yield read_scenario(path)
