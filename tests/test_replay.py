"""Replay: one case through time, as one holder came to know it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent, indent

import pytest

from advisor.chronology.story import FILE, Story, read_story, story_of
from advisor.data import scenarios_folder
from advisor.pack import Pack, load
from advisor.reading import read_text
from advisor.replay import FirstRaised, Replay, ReplayDay, replay
from advisor.scenario import Scenario, read_scenario, scenarios

OPINION, WALKING = "non-mobile-injury.opinion", "absent-information.walking"

HEAD = """\
story:
  id: wren
  title: Wren and the mark on her cheek
  holders:
    council: {agency: childrens_social_care, name: The council, authority: here, front_door: true}
    nursery: {agency: nursery_or_childminder, name: Her nursery, authority: here}
    visitor: {agency: health_visiting, name: Her health visitor, authority: here}
entries:
"""
ENTRIES = """\
- id: household
  what: A neighbour told the council that the mother was unwell.
  known: {council: 2024-01-02}
  sets: {adults.mother.history.low-mood: {kind: mental_ill_health}}
- id: wren-is-born
  happened_on: 2023-09-01
  what: Wren was born.
  known: {council: 2024-01-10, nursery: 2024-01-10, visitor: 2023-09-01}
  sets: {children.wren.born: 2023-09-01}
- id: cannot-walk
  happened_on: 2024-01-20
  what: The health visitor saw that Wren does not walk yet.
  known: {visitor: 2024-01-20, council: 2024-02-20}
  sets: {children.wren.movement.walks: false}
- id: mark
  happened_on: 2024-02-01
  what: The nursery saw a mark on her cheek.
  known: {nursery: 2024-02-01, council: 2024-02-05}
  source: nursery_or_childminder
  reports: [injury_or_mark]
  sets: {children.wren.injuries.cheek: {kind: mark, known_birthmark: false}}
- id: nursery-days
  happened_on: 2024-02-10
  what: The nursery now has Wren on three days a week.
  known: {nursery: 2024-02-10, council: 2024-02-10}
- id: first-steps
  happened_on: 2024-09-01
  what: Wren took her first steps.
  known: {nursery: 2024-09-01, council: 2024-09-03}
  sets: {children.wren.movement.walks: true}
"""
NOT_A_MARK = """\
- id: known-birthmark
  happened_on: 2024-02-12
  what: The hospital's letter shows the mark as a birthmark.
  known: {council: 2024-02-12}
  corrects: mark
  sets:
    children.wren.injuries.cheek.known_birthmark: true
    children.wren.injuries.complete: true
"""
DECISION = """\
scenario:
  title: The council closes the referral
  decided: It was closed.
  known_to: [HOLDER]
  ceiling: 12
case:
  snapshot: {id: wren-HOLDER, as_of: 2024-02-07, authority: here}
  referral: {received_on: 2024-02-05, decision: no_further_action}
"""


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


def story(entries: str = ENTRIES) -> Story:
    return story_of(read_text(HEAD + indent(dedent(entries), "  "), FILE))


def decision_of(folder: Path, holder: str) -> Scenario:
    (folder / FILE).write_text(HEAD + indent(ENTRIES, "  "), encoding="utf-8")
    path = folder / f"2024-02-{holder}.yaml"
    path.write_text(DECISION.replace("HOLDER", holder), encoding="utf-8")
    return read_scenario(path)


def on(walked: Replay, day: str) -> ReplayDay:
    return next(each for each in walked.days if each.day == day)


def standing(walked: Replay, day: str) -> dict[str, tuple[str, str]]:
    """The rules of the prompts of a day, with verdict and state."""
    return {each.rule: (each.verdict, each.state) for each in on(walked, day).prompts}


def firsts(walked: Replay) -> dict[str, FirstRaised]:
    return {each.rule: each for each in walked.firsts}


def test_the_days_are_those_on_which_the_holder_learnt_something_in_order(pack: Pack) -> None:
    walked = replay(story(), "council", pack, ())
    assert [each.day for each in walked.days] == [
        "2024-01-10",
        "2024-02-05",
        "2024-02-10",
        "2024-02-20",
        "2024-09-03",
    ]
    assert [each.entry for each in on(walked, "2024-02-05").learnt] == ["mark"]
    assert walked.holder_name == "The council"


def test_the_order_of_the_file_does_not_matter_to_the_days(pack: Pack) -> None:
    parts = [f"- id:{part}" for part in ENTRIES.split("- id:")[1:]]
    turned = story("".join(reversed(parts)))
    assert replay(turned, "council", pack, ()) == replay(story(), "council", pack, ())


def test_a_day_on_which_no_child_was_known_of_is_passed_over(pack: Pack) -> None:
    assert "2024-01-02" not in [each.day for each in replay(story(), "council", pack, ()).days]


def test_another_holder_walks_its_own_days(pack: Pack) -> None:
    walked = replay(story(), "visitor", pack, ())
    assert [each.day for each in walked.days] == ["2023-09-01", "2024-01-20"]
    assert walked.days[-1].prompts == ()


def test_a_prompt_appears_when_what_it_rests_on_becomes_known_and_then_persists(
    pack: Pack,
) -> None:
    walked = replay(story(), "council", pack, ())
    assert on(walked, "2024-01-10").prompts == ()
    assert standing(walked, "2024-02-05")[WALKING] == ("raised", "appears")
    assert standing(walked, "2024-02-10")[WALKING] == ("raised", "persists")


def test_a_prompt_that_only_asked_appears_again_once_it_is_raised(pack: Pack) -> None:
    walked = replay(story(), "council", pack, ())
    assert standing(walked, "2024-02-05")[OPINION] == ("needs_information", "appears")
    assert standing(walked, "2024-02-10")[OPINION] == ("needs_information", "persists")
    assert standing(walked, "2024-02-20")[OPINION] == ("raised", "appears")


def test_a_prompt_says_what_it_rests_on_that_day(pack: Pack) -> None:
    walked = replay(story(), "council", pack, ())
    prompts = on(walked, "2024-02-20").prompts
    assert [each.because for each in prompts if each.rule == OPINION] == [
        ("Wren has a mark that is not a known birthmark", "Wren does not walk yet")
    ]


def test_a_prompt_is_settled_when_what_settles_it_is_known_and_says_so(pack: Pack) -> None:
    gone = {each.rule: each for each in on(replay(story(), "council", pack, ()), "2024-09-03").gone}
    assert gone[OPINION].state == "settled"
    assert gone[OPINION].why == "Wren walks"


def test_a_prompt_lapses_when_it_no_longer_bears_and_says_why(pack: Pack) -> None:
    walked = replay(story(ENTRIES + NOT_A_MARK), "council", pack, ())
    gone = {each.rule: each for each in on(walked, "2024-02-12").gone}
    assert {each.state for each in gone.values()} == {"lapses"}
    assert gone[OPINION].why == "Wren has no mark besides known birthmarks"
    assert on(walked, "2024-02-12").prompts == ()


def test_a_question_that_was_answered_the_other_way_lapses(pack: Pack) -> None:
    gone = {each.rule: each for each in on(replay(story(), "council", pack, ()), "2024-02-20").gone}
    assert (gone[WALKING].state, gone[WALKING].why) == ("lapses", "Wren does not walk yet")


def test_what_rests_on_what_was_told_is_never_held_before_it_was_knowable(pack: Pack) -> None:
    first = firsts(replay(story(), "council", pack, ()))[OPINION]
    assert (first.held, first.knowable) == ("2024-02-20", "2024-02-01")


def test_a_prompt_that_asks_what_another_agency_knew_was_never_knowable(pack: Pack) -> None:
    first = firsts(replay(story(), "council", pack, ()))[WALKING]
    assert (first.held, first.knowable) == ("2024-02-05", None)


def test_what_nobody_told_the_holder_was_knowable_and_never_held(pack: Pack) -> None:
    untold = ENTRIES.replace("visitor: 2024-01-20, council: 2024-02-20", "visitor: 2024-01-20")
    first = firsts(replay(story(untold), "council", pack, ()))[OPINION]
    assert (first.held, first.knowable) == (None, "2024-02-01")


def test_a_decision_stands_on_its_day_with_what_was_decided(pack: Pack, tmp_path: Path) -> None:
    point = decision_of(tmp_path, "council")
    day = on(replay(story(), "council", pack, [point]), "2024-02-07")
    assert day.learnt == ()
    assert day.decision is not None
    assert (day.decision.scenario, day.decision.decided) == ("wren-council", "It was closed.")
    assert standing(replay(story(), "council", pack, [point]), "2024-02-07") == {
        WALKING: ("raised", "persists"),
        OPINION: ("needs_information", "persists"),
    }


def test_a_decision_of_another_holder_is_passed_over(pack: Pack, tmp_path: Path) -> None:
    point = decision_of(tmp_path, "nursery")
    walked = replay(story(), "council", pack, [point])
    assert walked == replay(story(), "council", pack, ())


def test_no_day_changes_with_what_is_added_to_the_story_later(pack: Pack) -> None:
    cut = ENTRIES[: ENTRIES.index("- id: first-steps")]
    short, whole = (replay(story(each), "council", pack, ()) for each in (cut, ENTRIES))
    assert whole.days[: len(short.days)] == short.days
    assert len(whole.days) == len(short.days) + 1


def test_the_plain_engine_gives_the_same_replay(pack: Pack) -> None:
    assert replay(story(), "council", pack, (), plain=True) == replay(story(), "council", pack, ())


# The stories that ship ----------------------------------------------------------------------------

FOLDERS = sorted(path.parent for path in scenarios_folder().rglob(FILE))
FRONT_DOORS = [
    pytest.param(folder, holder, id=f"{folder.name}-{holder}")
    for folder in FOLDERS
    for holder in read_story(folder / FILE).front_doors()
]


@cache
def shipped() -> Pack:
    return load()


@cache
def walked_as(folder: Path, holder: str) -> Replay:
    return replay(read_story(folder / FILE), holder, shipped(), list(scenarios(folder)))


every_front_door = pytest.mark.parametrize(("folder", "holder"), FRONT_DOORS)


@every_front_door
def test_the_days_of_a_story_are_in_order_and_each_has_something_new(
    folder: Path, holder: str
) -> None:
    days = walked_as(folder, holder).days
    told = [(each.day, each.decision and each.decision.scenario) for each in days]
    assert [each.day for each in days] == sorted(each.day for each in days)
    assert len(told) == len(set(told))
    assert all(each.learnt or each.decision for each in days)


@every_front_door
def test_every_decision_of_a_front_door_is_told(folder: Path, holder: str) -> None:
    due = {each.id for each in scenarios(folder) if holder in each.head.known_to}
    told = [each.decision.scenario for each in walked_as(folder, holder).days if each.decision]
    assert sorted(told) == sorted(due)


@every_front_door
def test_a_prompt_of_a_story_persists_or_goes_only_if_it_stood_the_day_before(
    folder: Path, holder: str
) -> None:
    stood: set[str] = set()
    for day in walked_as(folder, holder).days:
        now = {each.rule for each in day.prompts}
        gone = {each.rule for each in day.gone}
        persists = {each.rule for each in day.prompts if each.state == "persists"}
        assert persists <= stood
        assert gone == stood - now
        assert all(each.why for each in day.gone)
        stood = now
