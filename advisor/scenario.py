"""Scenarios: a case at a decision point, with what must and must not be said of it.

A scenario file holds ``scenario`` (what it is and what is expected) and ``case`` (the snapshot).
Whatever reads snapshots reads the case of a scenario too.

A decision point of a story names in ``known_to`` whose knowledge it rests on. Its case then holds
the decision alone; the rest follows from ``chronology.yaml`` beside it, as known to them that day.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from advisor.chronology.leaves import PathError
from advisor.chronology.story import FILE, Story, read_story
from advisor.chronology.views import snapshot_data
from advisor.dates import PartialDate
from advisor.language.documents import DocumentModel, Line, RuleId, Sentence, Slug
from advisor.language.validation import make
from advisor.problems import fault, suggestion
from advisor.reading import Document, Steps, read_file
from advisor.snapshot import Snapshot
from advisor.values import Identifier

TRAINING = "training"
"""The folder of exercises, which stage decision points and are none themselves."""

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
    known_to: tuple[Identifier, ...] = ()
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

    @property
    def id(self) -> str:
        """The scenario's name: that of its snapshot."""
        return self.snapshot.snapshot.id

    @property
    def own_case(self) -> Mapping[str, Any]:
        """The case as it stands in the file."""
        case: Mapping[str, Any] = self.document.data["case"]
        return case

    @property
    def whole_case(self) -> dict[str, Any]:
        """The case as plain data, with what follows from the chronology."""
        return case_in(self.document, self.head)

    def changed(self, change: FactChange) -> Snapshot:
        """The snapshot with one fact changed; raises InputError if the path leads nowhere."""
        data = copy.deepcopy(self.whole_case)
        place, *steps = [data, *change.path.split(".")]
        for step in steps[:-1]:
            place = _step(place, step, change.path)
        if not isinstance(place, dict):
            raise fault(str(self.path), "this path leads to no fact", field=change.path)
        place[steps[-1]] = copy.deepcopy(change.to)
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
    return Scenario(path, _head(document), document, snapshot_in(document))


def _head(document: Document) -> ScenarioHead:
    return make(ScenarioHead, document, document.data["scenario"], ("scenario",))


def snapshot_in(document: Document) -> Snapshot:
    """The snapshot that a document is, or the case of the scenario that it is."""
    if not isinstance(document.data, dict) or "scenario" not in document.data:
        return Snapshot.from_document(document)
    own = part(document, ("case",))
    if not _known_to(document):
        return Snapshot.from_document(own)
    return Snapshot.from_document(
        Document(own.source, case_in(document, _head(document)), own.lines)
    )


def _known_to(document: Document) -> object:
    head = document.data["scenario"]
    return head.get("known_to") if isinstance(head, dict) else None


def case_in(document: Document, head: ScenarioHead) -> dict[str, Any]:
    """The case of a scenario as plain data: its own, or its decision set into its story.

    Raises:
        InputError: the chronology is not there or at fault, or has no such holder.
    """
    case: dict[str, Any] = document.data.get("case") or {}
    if not head.known_to:
        return case
    source = document.source
    path = Path(source).parent / FILE
    if not Path(source).is_file() or not path.is_file():
        message = (
            f"this decision follows from {FILE} in its folder: name its file, or give a whole case"
        )
        raise fault(source, message, line=document.line(("scenario", "known_to")))
    story = _story(str(path.resolve()), path.stat().st_mtime_ns)
    for number, holder in enumerate(head.known_to):
        if holder not in story.head.holders:
            near = suggestion(holder, story.head.holders)
            place = document.line(("scenario", "known_to", number))
            raise fault(source, f"the story has no holder {holder}.{near}", line=place)
    heading = case.get("snapshot")
    try:
        as_of = str(heading.get("as_of") if isinstance(heading, dict) else None)
        day = PartialDate.parse(as_of).first
    except ValueError:
        line = document.line(("case", "snapshot"))
        raise fault(source, "give snapshot.as_of, as YYYY-MM-DD", line=line) from None
    try:
        return snapshot_data(story, day, head.known_to, case)
    except PathError as error:
        raise fault(source, str(error), line=document.line(("case",))) from None


@lru_cache(maxsize=32)
def _story(path: str, changed: int) -> Story:
    """A story that was read, kept until its file changes."""
    return read_story(Path(path))


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
    yield from map(read_scenario, scenario_paths(place))


def scenario_paths(place: Path) -> list[Path]:
    """The files of the scenarios below a folder, without chronologies; or the one file named."""
    if not place.is_dir():
        return [place]
    return sorted(
        path for path in place.rglob("*.yaml") if path.name != FILE and path.parent.name != TRAINING
    )
