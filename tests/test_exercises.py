"""Exercises: every one that ships can be staged, and one at fault says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.chronology.story import read_story
from advisor.chronology.views import snapshot_data
from advisor.data import scenarios_folder
from advisor.exercise import Exercise, exercises, read_exercise
from advisor.problems import InputError
from advisor.replay import moments
from advisor.snapshot import Snapshot
from tests.small_story import write_story

SHIPPED = exercises(scenarios_folder())
every = pytest.mark.parametrize("exercise", SHIPPED, ids=lambda each: each.head.id)


def test_there_are_enough_and_each_review_has_one() -> None:
    assert len(SHIPPED) >= 6
    told = {each.head.story for each in SHIPPED}
    reviews = {
        f"reviews/{path.parent.name}"
        for path in scenarios_folder().glob("reviews/*/chronology.yaml")
    }
    assert told >= reviews and len(reviews) == 5
    assert any(story.startswith("training/") for story in told)


@every
def test_its_stages_go_forward_and_what_is_told_is_told_once(exercise: Exercise) -> None:
    days = [staged.decision.snapshot.as_of for staged in exercise.stages]
    assert days == sorted(days)
    told = [entry.id for staged in exercise.stages for entry in staged.told]
    assert len(told) == len(set(told))


@every
def test_a_hand_holds_only_what_its_holders_knew_by_then(exercise: Exercise) -> None:
    for staged in exercise.stages:
        day = staged.decision.snapshot.as_of.first
        for hand in exercise.head.hands:
            for entry in staged.held[hand.name]:
                since = [entry.known[name] for name in hand.holds if name in entry.known]
                assert min(each.last for each in since) <= day, entry.id


@every
def test_somewhere_a_hand_holds_what_whoever_decides_does_not(exercise: Exercise) -> None:
    assert any(held for staged in exercise.stages for held in staged.held.values())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    write_story(tmp_path)
    return tmp_path / "scenarios" / "training" / "a-mark.yaml"


def test_what_is_new_in_a_stage_is_told_in_it_and_held_back_before(small: Path) -> None:
    first, second = read_exercise(small).stages
    assert [entry.id for entry in first.told] == ["family", "mark"]
    assert [entry.id for entry in first.held["Nursery"]] == ["crawling"]
    assert [entry.id for entry in second.told] == ["crawling"]
    assert second.held["Nursery"] == ()


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("story: stories/wren", "story: stories/ren", ":4: there is no story stories/ren beside"),
        (
            "[nursery]",
            "[nursry]",
            "hands[1].holds[0]: the story has no holder nursry. Did you mean",
        ),
        ("2024-05-10-call", "2024-05-10-cal", "has no decision point 2024-05-10-cal. Did you mean"),
        ("2024-06-03-visit", "2024-04-01-early", "this lies before the stage above it"),
        ("minutes: 30", "minutes: 3", "exercise.minutes"),
        ("exercise:", "lesson:", ":1: this is no exercise: it has no exercise: key"),
    ],
)
def test_an_exercise_at_fault_is_told_by_line_and_what_to_do(
    small: Path, was: str, now: str, message: str
) -> None:
    story = small.parent.parent / "stories" / "wren"
    early = (story / "2024-05-10-call.yaml").read_text().replace("2024-05-10", "2024-04-01")
    (story / "2024-04-01-early.yaml").write_text(early)
    small.write_text(small.read_text().replace(was, now, 1))
    with pytest.raises(InputError) as caught:
        read_exercise(small)
    assert message in str(caught.value.problems[0])


@pytest.mark.parametrize(
    "path",
    sorted(scenarios_folder().rglob("chronology.yaml")),
    ids=lambda path: path.parent.name,
)
def test_a_story_makes_a_case_for_every_holder_on_every_day(path: Path) -> None:
    story = read_story(path)
    for holder in story.head.holders:
        for moment in moments(story, [holder], holder, ()):
            data = snapshot_data(story, moment.day, [holder], moment.case)
            if data.get("children"):
                assert Snapshot.from_data(data).children.items, (holder, moment.day)
