"""Every scenario: what must be said is said, what is noise is not, and nothing is hindsight."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from advisor.advice import Advice
from advisor.advise import advise
from advisor.consistency import FUTURE
from advisor.data import scenarios_folder
from advisor.dates import PartialDate
from advisor.facts.shape import Kind, walk
from advisor.pack import Pack, load
from advisor.scenario import Scenario, read_scenario
from advisor.snapshot import Snapshot

FOLDER = scenarios_folder()
PATHS = sorted(FOLDER.rglob("*.yaml"))
every = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(FOLDER).as_posix())


@cache
def shipped() -> Pack:
    return load()


@cache
def scenario(path: Path) -> Scenario:
    return read_scenario(path)


@cache
def advice(path: Path) -> Advice:
    return advise(scenario(path).snapshot, shipped())


def raised(made: Advice) -> set[str]:
    """The rules that are raised, also those folded into a stronger prompt."""
    prompts = [each for each in made.prompts if each.verdict != "needs_information"]
    return {each.rule for each in prompts} | {name for each in prompts for name in each.replaces}


@every
def test_what_the_review_says_should_have_been_asked_is_raised(path: Path) -> None:
    assert set(scenario(path).head.must_raise) - raised(advice(path)) == set()


@every
def test_what_is_noise_here_is_not_raised(path: Path) -> None:
    assert set(scenario(path).head.noise) & raised(advice(path)) == set()


@every
def test_there_are_no_more_prompts_than_the_ceiling(path: Path) -> None:
    shown = [each.rule for each in advice(path).prompts]
    assert len(shown) <= scenario(path).head.ceiling, shown


@every
def test_each_change_of_one_fact_raises_what_it_should(path: Path) -> None:
    for change in scenario(path).head.changes:
        after = advise(scenario(path).changed(change), shipped())
        assert change.raises in raised(after), change.path
        assert change.raises not in raised(advice(path)), change.path


@every
def test_the_rules_and_places_that_it_names_exist(path: Path) -> None:
    head = scenario(path).head
    named = {*head.must_raise, *head.noise, *(change.raises for change in head.changes)}
    assert named - set(shipped().rules) == set()
    assert not set(head.must_raise) & set(head.noise)
    if head.review is not None:
        assert head.review in shipped().reviews and head.at


@every
def test_nothing_in_it_was_learnt_after_its_day(path: Path) -> None:
    made: Snapshot = scenario(path).snapshot
    day = made.as_of.first
    for place, slot, value in walk(made):
        assert value.known_on is None or value.known_on.first <= day, place
        date = value.value if slot.kind is Kind.FACT else None
        if isinstance(date, PartialDate) and slot.name not in FUTURE:
            assert date.first <= day, place


@every
def test_a_file_of_a_review_bears_the_month_of_its_day(path: Path) -> None:
    if path.parent.name == "ordinary":
        return
    assert path.stem.startswith(str(scenario(path).snapshot.as_of)[:7])


@every
def test_a_child_that_is_named_is_never_a_real_person_but_an_id(path: Path) -> None:
    head, made = scenario(path).head, scenario(path).snapshot
    assert made.snapshot.id.islower()
    assert head.title[0].isupper() and not head.title.endswith(".")


def count(folder: str) -> int:
    return sum(path.is_relative_to(FOLDER / folder) for path in PATHS)


def test_there_are_enough_of_each_kind() -> None:
    assert count("reviews/jack") >= 10
    assert count("reviews") - count("reviews/jack") >= 4
    assert count("ordinary") >= 12


def test_every_scenario_of_a_review_expects_something_and_every_ordinary_one_can_turn() -> None:
    for path in PATHS:
        head = scenario(path).head
        if path.is_relative_to(FOLDER / "reviews"):
            assert head.review is not None and (head.must_raise or head.noise), path
            assert head.review_says, path
        else:
            assert head.ceiling <= 1 and head.changes and not head.must_raise, path


def test_ids_of_scenarios_differ() -> None:
    ids = [scenario(path).snapshot.snapshot.id for path in PATHS]
    assert len(ids) == len(set(ids))
