"""A walk from day to day gives what an evaluation of each day from scratch gives."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Callable, Collection, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.case import Case
from advisor.chronology.story import Story, read_story
from advisor.chronology.views import Knowledge, known, snapshot_data
from advisor.data import scenarios_folder
from advisor.dates import PartialDate, Period
from advisor.engine import Engine
from advisor.inference import AVAILABLE, DurableRules
from advisor.interpreter import Interpreter
from advisor.logic import Outcome
from advisor.network import Atom, Clocked, Network
from advisor.pack import Pack, load
from advisor.problems import InputError
from advisor.replay import engines_of, moments
from advisor.snapshot import Snapshot
from advisor.standing import Change, ChildStanding
from advisor.truth import Truth
from advisor.walking import Walk
from benchmarks.stories import FIRST, HOLDERS, StoryMaker

STORIES = sorted(scenarios_folder().glob("reviews/*/chronology.yaml"))
ENGINES = [True, *([False] if AVAILABLE else [])]

Worked = dict[str, tuple[dict[str, Truth], dict[str, Outcome]]]


@cache
def pack() -> Pack:
    return load()


@cache
def engine(*, plain: bool) -> Engine:
    return Engine(pack(), pack().in_force(FIRST), plain=plain)


@cache
def read(number: int) -> Story:
    return read_story(STORIES[number])


def walked(
    story: Story, holders: Collection[str], engine_on: Callable[[dt.date], Engine]
) -> Iterator[tuple[dt.date, Worked | None, Worked | None]]:
    """For each day, what the walk came to, and an evaluation from scratch; None for a fault."""
    walk = Walk(story, holders, engine_on)
    for moment in moments(story, holders, next(iter(holders)), ()):
        data = snapshot_data(story, moment.day, holders, moment.case)
        came: Worked | None = None
        scratch: Worked | None = {}
        try:
            if walk.to(moment.day, moment.case):
                came = {name: (each.values, each.outcomes) for name, each in walk.children.items()}
            else:
                came = {}
        except InputError:
            pass
        try:
            if data.get("children"):
                case = Case(Snapshot.from_data(data))
                scratch = worked(engine_on(moment.day), case)
        except InputError:
            scratch = None
        yield moment.day, came, scratch
        if came is None:
            return


def worked(chosen: Engine, case: Case) -> Worked:
    found: Worked = {}
    for child in case.children:
        values = chosen.values(case, child)
        found[child] = values, chosen.outcomes(values)
    return found


def tangled(seed: int, entries: int = 40, children: int = 1) -> Story | None:
    """A random story in which much is corrected, disputed, withdrawn and learnt late."""
    try:
        return StoryMaker(seed, children=children, tangled=True).story(entries)
    except InputError:  # what was drawn contradicts itself
        return None


@pytest.mark.parametrize("plain", ENGINES)
@pytest.mark.parametrize("number", range(len(STORIES)), ids=[each.parent.name for each in STORIES])
def test_every_day_of_every_story_is_as_from_scratch_for_every_holder(
    number: int, plain: bool
) -> None:
    story = read(number)
    engine_on = engines_of(pack(), plain=plain)
    for holders in (*([name] for name in story.head.holders), list(story.head.holders)):
        for day, came, scratch in walked(story, holders, engine_on):
            assert came == scratch, (holders, day)


@pytest.mark.parametrize("plain", ENGINES)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), children=st.integers(1, 3), pooled=st.booleans())
def test_every_day_of_a_random_story_is_as_from_scratch(
    plain: bool, seed: int, children: int, pooled: bool
) -> None:
    story = tangled(seed, children=children)
    if story is None:
        return
    holders = HOLDERS if pooled else HOLDERS[:1]
    for day, came, scratch in walked(story, holders, lambda _: engine(plain=plain)):
        assert came == scratch, day


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_is_known_is_the_same_brought_up_to_date_as_from_nothing(seed: int) -> None:
    story = tangled(seed)
    if story is None:
        return
    knowledge, values = Knowledge(story, HOLDERS), {}
    for number in range(0, 90, 3):
        day = FIRST + dt.timedelta(days=number)
        for path, value in knowledge.to(day).items():
            values[path] = value
        assert knowledge.facts == known(story, day, HOLDERS)
        now = {path: held.value for path, held in knowledge.facts.items()}
        assert {path: value for path, value in values.items() if value is not None} == now


def test_random_stories_are_tangled() -> None:
    made = [story for seed in range(60) if (story := tangled(seed)) is not None]
    entries = [entry for story in made for entry in story.entries]
    assert len(made) > 20
    for what in ("corrects", "disputes", "withdraws"):
        assert sum(bool(getattr(entry, what)) for entry in entries) > 20, what


def test_most_days_of_random_stories_are_reached() -> None:
    stories = [story for seed in range(20) if (story := tangled(seed)) is not None]
    days = [
        came
        for story in stories
        for _, came, _ in walked(story, HOLDERS, lambda _: engine(plain=True))
    ]
    assert len(days) > 10 * len(stories)


def differs() -> bool:
    story = StoryMaker(5).story(60)
    chosen = Engine(pack(), pack().in_force(FIRST), plain=True)
    days = walked(story, ["council"], lambda _: chosen)
    return any(came != scratch for _, came, scratch in days)


def test_a_dropped_dependency_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not differs()
    whole = Network._atom

    def without(self: Network, tree: object) -> Atom:
        made = whole(self, tree)  # type: ignore[arg-type]
        dropped = {"event.kind", "event.happened_on", "child.events"}
        return dataclasses.replace(made, reads=made.reads - dropped, keys=made.keys - dropped)

    monkeypatch.setattr(Network, "_atom", without)
    assert differs()


def test_a_day_that_passes_unnoticed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clocked, "turns", lambda self, value: iter(()))
    assert any(
        came != scratch
        for number in range(len(STORIES))
        for story in [read(number)]
        for _, came, scratch in walked(story, story.head.holders, engines_of(pack(), plain=True))
    )


def test_a_member_that_is_not_asked_again_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    again = ChildStanding.again

    def only_lists(self: ChildStanding, changes: Collection[Change]) -> None:
        again(self, [change for change in changes if change.member is None])

    monkeypatch.setattr(ChildStanding, "again", only_lists)
    assert differs()


DATES = ["2020", "2021-02", "2021-02-28", "2024-02-29", "2023-01-28", "2023-01-31", "2023-12-31"]


@pytest.mark.parametrize("period", [None, "7 days", "6 weeks", "1 month", "12 months", "2 years"])
@pytest.mark.parametrize("how", ["before", "after", "within"])
@pytest.mark.parametrize("date", DATES)
def test_a_test_of_a_date_comes_out_otherwise_only_on_the_days_it_names(
    date: str, how: str, period: str | None
) -> None:
    if (how == "within") != (period is not None):
        return
    length = None if period is None else Period.parse(period)
    value = PartialDate.parse(date)
    turns = set(Clocked("event.happened_on", how, length).turns(value))

    def truth(day: dt.date) -> Truth:
        now = PartialDate(day, day)
        if length is not None:
            return value.within(length, now)
        return value.before(now) if how == "before" else now.before(value)

    day = value.first - dt.timedelta(days=40)
    while day < value.last + dt.timedelta(days=800):
        after = day + dt.timedelta(days=1)
        assert truth(day) is truth(after) or after in turns, after
        day = after


@pytest.mark.skipif(not AVAILABLE, reason="durable-rules is not installed here")
@settings(max_examples=30, deadline=None)
@given(seeds=st.lists(st.integers(0, 10**6), min_size=2, max_size=6))
def test_rulesets_that_remember_decide_as_the_interpreter_does(seeds: list[int]) -> None:
    chosen = engine(plain=False)
    inference = chosen.inference
    assert isinstance(inference, DurableRules)
    remembered, plain = inference.remembered(), Interpreter(chosen.rules)
    values = dict.fromkeys(chosen.signal_ids, Truth.UNKNOWN)
    for seed in seeds:
        chance = random.Random(seed)
        for name in chance.sample(chosen.signal_ids, chance.choice([1, 5, 60, 300])):
            values[name] = chance.choice(list(Truth))
        assert remembered.outcomes(values.__getitem__) == plain.outcomes(values.__getitem__)
