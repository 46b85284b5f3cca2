"""Exercises for trainers: a story told in stages, a decision at each, and what came to light after.

An exercise holds no facts of its own. Its stages name decision points of a story; what everybody is
told, and what only one hand holds, follows from the chronology, and the reveal from the advice on
the decision point and from what the review says of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from advisor.chronology.story import FILE, Entry, Story, read_story
from advisor.chronology.views import knows_from
from advisor.language.documents import DocumentModel, Line, Sentence, Slug
from advisor.language.validation import make
from advisor.problems import InputError, Problem, fault, field_name, suggestion
from advisor.reading import Document, Steps, read_file
from advisor.scenario import Scenario, read_scenario
from advisor.values import Identifier

Stem = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]


class Hand(DocumentModel):
    """A part that somebody plays, and whose knowledge goes with it."""

    name: Line
    holds: tuple[Identifier, ...] = Field(min_length=1)


class Option(DocumentModel):
    """A decision that the group may take."""

    id: Slug
    text: Line


class Stage(DocumentModel):
    """A moment of the story at which the group decides."""

    decision: Stem
    told: Sentence
    options: tuple[Option, ...] = Field(min_length=2, max_length=8)
    discuss: tuple[Sentence, ...] = Field(min_length=1)
    keep_back: tuple[Slug, ...] = ()
    after: Sentence | None = None


class ExerciseHead(DocumentModel):
    """An exercise as it is written."""

    id: Slug
    title: Line
    story: str = Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$")
    minutes: int = Field(ge=15, le=240)
    about: Sentence
    aims: tuple[Sentence, ...] = Field(min_length=1)
    care: Sentence
    hands: tuple[Hand, ...] = Field(min_length=2)
    stages: tuple[Stage, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Staged:
    """A stage with its decision point, what is disclosed in it, and what is kept for the reveal."""

    stage: Stage
    decision: Scenario
    told: tuple[Entry, ...]
    held: dict[str, tuple[Entry, ...]]
    kept_back: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """An exercise that was read, with its story and its stages."""

    path: Path
    head: ExerciseHead
    story: Story
    stages: tuple[Staged, ...]


def read_exercise(path: Path) -> Exercise:
    """Read an exercise; its story is looked for in the folder of scenarios above it.

    Raises:
        InputError: it, its story or a decision point is at fault.
    """
    document = read_file(path)
    if not isinstance(document.data, dict) or "exercise" not in document.data:
        raise fault(str(path), "this is no exercise: it has no exercise: key", line=1)
    head = make(ExerciseHead, document, document.data["exercise"], ("exercise",))
    folder = path.parent.parent / head.story
    if not (folder / FILE).is_file():
        line = document.line(("exercise", "story"))
        raise fault(str(path), f"there is no story {head.story} beside the exercises", line=line)
    story = read_story(folder / FILE)
    _check(document, head, story, folder)
    return Exercise(path, head, story, tuple(_staged(head, story, folder)))


def exercises(folder: Path) -> list[Exercise]:
    """Every exercise of a folder of scenarios, by the name of its file."""
    return [read_exercise(path) for path in sorted((folder / "training").glob("*.yaml"))]


def _check(document: Document, head: ExerciseHead, story: Story, folder: Path) -> None:
    found: list[tuple[Steps, str]] = []
    for number, hand in enumerate(head.hands):
        for position, holder in enumerate(hand.holds):
            if holder not in story.head.holders:
                near = suggestion(holder, story.head.holders)
                where: Steps = ("exercise", "hands", number, "holds", position)
                found.append((where, f"the story has no holder {holder}.{near}"))
    before = ""
    for number, stage in enumerate(head.stages):
        for position, name in enumerate(stage.keep_back):
            if name not in story.by_id:
                where = ("exercise", "stages", number, "keep_back", position)
                near = suggestion(name, story.by_id)
                found.append((where, f"the story has no entry {name}.{near}"))
        where = ("exercise", "stages", number, "decision")
        if not (folder / f"{stage.decision}.yaml").is_file():
            stems = [each.stem for each in folder.glob("*.yaml") if each.name != FILE]
            near = suggestion(stage.decision, stems)
            found.append((where, f"the story has no decision point {stage.decision}.{near}"))
            continue
        day = str(read_scenario(folder / f"{stage.decision}.yaml").snapshot.as_of)
        if day < before:
            found.append((where, "this lies before the stage above it: put them in order of time"))
        before = day
    if found:
        raise InputError(
            Problem(document.source, document.line(place), field_name(place), message)
            for place, message in found
        )


def _staged(head: ExerciseHead, story: Story, folder: Path) -> list[Staged]:
    """The stages, each with what is new in it to all, and to one hand beside that."""
    made: list[Staged] = []
    shown: set[str] = set()
    for stage in head.stages:
        decision = read_scenario(folder / f"{stage.decision}.yaml")
        day = decision.snapshot.as_of
        common = _known(story, decision.head.known_to, day.first)
        known = {each.id for each in common}
        back = [each for each in common if _for_the_reveal(story, stage, each)]
        hidden = {each.id for each in back}
        held: dict[str, tuple[Entry, ...]] = {}
        for hand in head.hands:
            own = [
                each
                for each in _known(story, hand.holds, day.first)
                if each.id not in known | shown
            ]
            back += [each for each in own if _for_the_reveal(story, stage, each)]
            held[hand.name] = tuple(
                each
                for each in own
                if not _for_the_reveal(story, stage, each) and not _decided_here(each, decision)
            )
        told = tuple(each for each in common if each.id not in shown | hidden)
        kept = tuple({each.id: each for each in back if each.id not in shown}.values())
        made.append(Staged(stage, decision, told, held, kept))
        shown |= known
    return made


def _known(story: Story, holders: tuple[str, ...], day: dt.date) -> list[Entry]:
    found = []
    for entry in story.entries:
        since = knows_from(entry, holders)
        if since is not None and since.last <= day:
            found.append(entry)
    return found


def _for_the_reveal(story: Story, stage: Stage, entry: Entry) -> bool:
    """Whether an entry is kept for the reveal: named so, or mostly about what nobody asked.

    What was not asked is the lesson; told beforehand, it would be the answer.
    """
    values = [
        value.get("unknown") if isinstance(value, dict) else value
        for value in story.sets[entry.id].values()
    ]
    return entry.id in stage.keep_back or values.count("not_asked") * 2 > len(values)


def _decided_here(entry: Entry, decision: Scenario) -> bool:
    """Whether an entry is what was decided here, of which others heard the same day.

    In a chronology those who decide know of their own decision from the day after.
    """
    today = decision.snapshot.as_of
    since = knows_from(entry, decision.head.known_to)
    return (
        entry.happened_on == today
        and since is not None
        and since.first == today.last + dt.timedelta(days=1)
    )
