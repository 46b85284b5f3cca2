"""A story replayed for the verdicts of every day: a walk, beside an evaluation from scratch."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from advisor.case import Case
from advisor.chronology.story import Story
from advisor.chronology.views import snapshot_data
from advisor.logic import Outcome
from advisor.pack import Pack, load
from advisor.replay import Moment, engines_of, moments
from advisor.snapshot import Snapshot
from advisor.walking import Walk
from benchmarks.stories import StoryMaker

HOLDER = "council"
Verdicts = list[dict[str, Outcome]]


@dataclass(frozen=True)
class Replayed:
    """Milliseconds for all days, median of the rounds; ``same`` if every verdict was."""

    engine: str
    days: int
    walk: float
    scratch: float
    same: bool


def replayed(entries: int, rounds: int) -> list[Replayed]:
    """One child, each entry learnt on a day of its own; both ways in turn, on each engine."""
    pack, story = load(), StoryMaker(5).story(entries)
    days = list(moments(story, [HOLDER], HOLDER, ()))
    return [_engine(pack, story, days, rounds, plain=plain) for plain in (False, True)]


def _engine(pack: Pack, story: Story, days: list[Moment], rounds: int, *, plain: bool) -> Replayed:
    engine_on = engines_of(pack, plain=plain)

    def walk() -> Verdicts:
        held, found = Walk(story, [HOLDER], engine_on), []
        for moment in days:
            held.to(moment.day, moment.case)
            found.append(held.children["wren"].outcomes)
        return found

    def scratch() -> Verdicts:
        found = []
        for moment in days:
            data = snapshot_data(story, moment.day, [HOLDER], moment.case)
            case, engine = Case(Snapshot.from_data(data)), engine_on(moment.day)
            found.append(engine.outcomes(engine.values(case, "wren")))
        return found

    for _ in range(2):  # what is often asked is compiled by itself, once for each engine
        walk()
    times: dict[Callable[[], Verdicts], list[float]] = {walk: [], scratch: []}
    came: list[Verdicts] = []
    for _ in range(rounds):
        for run, found in times.items():
            gc.collect()
            start = perf_counter()
            came.append(run())
            found.append((perf_counter() - start) * 1e3)
    name = engine_on(days[0].day).inference.name
    same = all(each == came[0] for each in came)
    return Replayed(name, len(days), median(times[walk]), median(times[scratch]), same)
