"""Reveals and pictures of exercises: each worked out once, in a thread of its own, and kept.

A picture never holds more than may be seen where it stands. Before a decision that is what those
who decide have been told; after it, what anybody knew by that day.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from advisor import picture, sheets
from advisor.advice import PackShown
from advisor.chronology.story import Story
from advisor.exercise import Exercise
from advisor.pack import Pack
from advisor.replay import Replay, replay
from advisor.scenario import scenarios
from advisor.stages import Reveal, StagePage, reveal_of, stage_pages

logger = logging.getLogger("advisor.web")

SHEETS: dict[str, Callable[[Exercise, Pack], str]] = {
    "participants": sheets.participants,
    "facilitator": sheets.facilitator,
    "reveal": sheets.reveals,
}
"""What can be printed of an exercise."""

STEPS = 2
"""The parts of a reveal that take time: the prompts of the day, and the walk up to it."""


@dataclass(frozen=True)
class Picture:
    """A chronology as an SVG, the same as rows, and whose knowledge it is drawn from."""

    svg: Markup
    rows: tuple[picture.Row, ...]
    whose: str


class Revealing:
    """What exercises show under one pack. Safe to use from several threads."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._begun: dict[tuple[object, ...], Future[Any]] = {}
        self._lock = threading.Lock()

    def begin(self, exercise: Exercise, number: int) -> None:
        """Begin to work out the reveal of a stage, without waiting for it."""
        self._reveal(exercise, number)
        self._replay(exercise, number)

    def progress(self, exercise: Exercise, number: int) -> int:
        """How many of the steps of a reveal are done, well or not."""
        begun = (self._reveal(exercise, number), self._replay(exercise, number))
        return sum(each.done() for each in begun)

    def reveal(self, exercise: Exercise, number: int) -> Reveal:
        """The reveal of a stage in words; waits for it."""
        found: Reveal = self._reveal(exercise, number).result()
        return found

    def picture(self, exercise: Exercise, number: int, wait: float) -> Picture | None:
        """The picture of a reveal; None if it is not ready after ``wait`` seconds.

        Raises:
            PictureError: it cannot be drawn.
        """
        try:
            walked: Replay = self._replay(exercise, number).result(wait)
        except TimeoutError:
            return None
        except Exception as error:
            # The message of an exception may hold part of a story of one's own.
            logger.error("%s while a story was walked", type(error).__name__)
            raise PictureError from None
        return revealed(exercise, number, walked)

    def sheet(self, exercise: Exercise, which: str) -> str:
        """A sheet to print; ``which`` is a key of SHEETS."""
        made: str = self._once(
            ("sheet", exercise.head.id, which), lambda: SHEETS[which](exercise, self.pack)
        ).result()
        return made

    def _reveal(self, exercise: Exercise, number: int) -> Future[Any]:
        page = pages_of(exercise)[number - 1]
        return self._once(
            ("reveal", exercise.head.id, number), lambda: reveal_of(exercise, page, self.pack)
        )

    def _replay(self, exercise: Exercise, number: int) -> Future[Any]:
        decision = exercise.stages[number - 1].decision
        holder = _here(exercise, number)
        around = decision.path.parent
        return self._once(
            ("replay", exercise.head.id, holder),
            lambda: replay(exercise.story, holder, self.pack, list(scenarios(around))),
        )

    def _once(self, key: tuple[object, ...], work: Callable[[], Any]) -> Future[Any]:
        """Begin some work, unless it was begun before."""
        with self._lock:
            if key in self._begun:
                return self._begun[key]
            made: Future[Any] = Future()
            self._begun[key] = made
        # No daemon: one that is stopped inside the rule engine takes the program with it.
        threading.Thread(target=_work, args=(made, work)).start()
        return made


class PictureError(Exception):
    """A picture that cannot be drawn."""


_MAKING = threading.Lock()


def revealing_of(request: Request, pack: Pack) -> Revealing:
    """What exercises show in the application that a request came to."""
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "revealing"):
            state.revealing = Revealing(pack)
    made: Revealing = state.revealing
    return made


def pages_of(exercise: Exercise) -> tuple[StagePage, ...]:
    """The stages of an exercise as the participants see them."""
    return tuple(stage_pages(exercise))


def told_so_far(exercise: Exercise, number: int) -> Picture | None:
    """What those who decide at a stage have been told, drawn without prompts.

    What others knew is left out, and so is what is kept for the reveal. None where the decision
    does not follow from what anybody knew.
    """
    staged = exercise.stages[number - 1]
    earlier = {each.id for stage in exercise.stages[: number - 1] for each in stage.kept_back}
    hidden = {each.id for each in staged.kept_back} - earlier
    deciders = staged.decision.head.known_to
    if not deciders:
        return None
    holder = _here(exercise, number)
    story = _without(exercise.story, hidden, deciders)
    # Where nothing is said of prompts, it only matters whose knowledge is drawn.
    nothing = Replay(
        story=story.head.id,
        title=story.head.title,
        holder=holder,
        holder_name=story.head.holders[holder].name,
        pack=PackShown(name="", version="", sha256=""),
        days=(),
        firsts=(),
    )
    return _picture(exercise, number, story, nothing, others=len(deciders) > 1, prompts=False)


def revealed(exercise: Exercise, number: int, walked: Replay) -> Picture:
    """What anybody knew by the day of a stage, and the prompts until then, as drawn after it."""
    story, stages = exercise.story, exercise.stages
    disclosed = {
        each.id
        for stage in stages[:number]
        for group in (stage.told, stage.kept_back, *stage.held.values())
        for each in group
    }
    later = {each.id for stage in stages[number:] for each in stage.kept_back}
    story = _without(story, later - disclosed, story.head.holders)
    decision = stages[number - 1].decision.id
    # Two decisions may be due on one day, and the second is not taken yet.
    ends = [
        place
        for place, day in enumerate(walked.days, start=1)
        if day.decision is not None and day.decision.scenario == decision
    ]
    days = walked.days[: ends[0]] if ends else walked.days
    until = walked.model_copy(update={"days": days})
    return _picture(exercise, number, story, until, others=True, prompts=True)


def _picture(
    exercise: Exercise, number: int, story: Story, walked: Replay, *, others: bool, prompts: bool
) -> Picture:
    day = exercise.stages[number - 1].decision.snapshot.as_of.first
    drawn = picture.draw(story, walked, day, others=others, prompts=prompts)
    rows = picture.rows(story, walked, day, others=others, prompts=prompts)
    # The drawing escapes every word of the story itself.
    return Picture(Markup(drawn), tuple(rows), walked.holder_name)


def _here(exercise: Exercise, number: int) -> str:
    """The holder whose knowledge a stage is drawn from: the first of those who decide."""
    decision = exercise.stages[number - 1].decision
    return (*decision.head.known_to, *exercise.story.head.holders)[0]


def _without(story: Story, hidden: Collection[str], holders: Collection[str]) -> Story:
    """A story without some entries, and as far as these holders know it."""
    kept = (each for each in story.entries if each.id not in hidden)
    entries = tuple(
        each.model_copy(
            update={"known": {name: day for name, day in each.known.items() if name in holders}}
        )
        for each in kept
    )
    return replace(story, entries=entries)


def _work(made: Future[Any], work: Callable[[], Any]) -> None:
    try:
        result = work()
    except Exception as error:
        made.set_exception(error)
    else:
        made.set_result(result)
