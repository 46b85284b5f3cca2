"""Every scenario: what must be said is said, what is noise is not, and nothing is hindsight."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from advisor.consistency import FUTURE
from advisor.data import scenarios_folder
from advisor.dates import PartialDate
from advisor.facts.shape import Kind, walk
from advisor.pack import Pack, load
from advisor.scenario import Scenario, read_scenario, scenario_paths
from advisor.snapshot import Snapshot
from advisor.trial import Tried, try_on

FOLDER = scenarios_folder()
PATHS = scenario_paths(FOLDER)
every = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(FOLDER).as_posix())


@cache
def shipped() -> Pack:
    return load()


@cache
def scenario(path: Path) -> Scenario:
    return read_scenario(path)


@cache
def tried(path: Path) -> Tried:
    return try_on(shipped(), [scenario(path)]).tried[0]


@every
def test_what_the_review_says_should_have_been_asked_is_raised(path: Path) -> None:
    assert tried(path).missed == []


@every
def test_what_must_be_raised_is_among_the_first_prompts_where_all_of_it_could_be(
    path: Path,
) -> None:
    assert tried(path).late == []


@every
def test_what_is_noise_here_is_not_raised(path: Path) -> None:
    assert tried(path).noise == []


@every
def test_there_are_no_more_prompts_than_the_ceiling(path: Path) -> None:
    assert tried(path).over == 0, [each.rule for each in tried(path).advice.prompts]


@every
def test_each_change_of_one_fact_raises_what_it_should(path: Path) -> None:
    assert tried(path).unmoved == []


def test_no_rule_is_raised_on_more_than_its_share_of_ordinary_referrals() -> None:
    trial = try_on(shipped(), map(scenario, PATHS))
    assert [each.rule for each in trial.too_often] == []
    assert trial.holds, list(trial.faults())


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
    for review in shipped().reviews:
        assert count(f"reviews/{review}") >= 12, review
    assert count("reviews") >= 75
    assert count("ordinary") >= 40


def test_every_scenario_of_a_review_expects_something_and_every_ordinary_one_can_turn() -> None:
    for path in PATHS:
        head = scenario(path).head
        if path.is_relative_to(FOLDER / "reviews"):
            assert head.review is not None and (head.must_raise or head.noise), path
            assert head.review_says, path
        elif path.is_relative_to(FOLDER / "training"):
            assert head.review is None and head.known_to and head.decided, path
        else:
            assert head.ceiling <= 3 and head.changes and not head.must_raise, path


def test_ids_of_scenarios_differ() -> None:
    ids = [scenario(path).snapshot.snapshot.id for path in PATHS]
    assert len(ids) == len(set(ids))
