"""Stories: what somebody knew on a day follows from dated entries, and from nothing later."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from advisor.advise import advise
from advisor.chronology.leaves import Path as FactPath
from advisor.chronology.leaves import leaves, put_together
from advisor.chronology.story import FILE, Entry, Story, read_story, story_of
from advisor.chronology.views import Knowledge, known, knows_from, snapshot_data
from advisor.data import scenarios_folder
from advisor.dates import PartialDate
from advisor.pack import Pack, load
from advisor.problems import InputError
from advisor.reading import Document, read_text
from advisor.scenario import Scenario, read_scenario, scenario_paths
from advisor.snapshot import Snapshot
from tests.generation import SnapshotMaker

HEAD = """\
story:
  id: wren
  title: Wren and the mark on her cheek
  holders:
    council: {agency: childrens_social_care, name: The council, authority: here, front_door: true}
    nursery: {agency: nursery_or_childminder, name: Her nursery, authority: here}
    police: {agency: police, name: The police, authority: here}
entries:
"""
FIRST_LINE = HEAD.count("\n") + 1
AGENCIES = ("council", "nursery", "police")
COUNCIL = ("council",)

WREN = """\
- id: wren-is-known
  what: The council opened a file on Wren.
  known: {council: 2024-01-01, nursery: 2024-01-01, police: 2024-01-01}
  sets: {children: [{id: wren}]}
"""
STORY = (
    WREN
    + """\
- id: mark
  happened_on: 2024-03-04
  what: The nursery saw a mark on her cheek.
  known: {nursery: 2024-03-04, council: 2024-03-06}
  source: nursery_or_childminder
  reports: [injury_or_mark]
  sets: {children.wren.injuries.cheek: {kind: mark, sites: [cheek], seen_on: 2024-03-04}}
- id: bail
  happened_on: 2024-03-05
  what: The father was bailed to live elsewhere.
  known: {police: 2024-03-05}
  sets: {adults.father.whereabouts: elsewhere}
"""
)
CHEEK, FATHER = "children.wren.injuries.cheek.kind", "adults.father.whereabouts"
BORN, DUE, WALKS = "children.wren.born", "children.wren.due", "children.wren.movement.walks"


def story(entries: str) -> Story:
    text = HEAD + indent(dedent(entries), "  ")
    return story_of(read_text(text, FILE))


def entry(name: str, day: str, known_to: str, sets: str, more: str = "") -> str:
    """An entry as it is written in a story."""
    lines = [f"- id: {name}", f"  what: This is what happened at {name}."]
    lines += [f"  happened_on: {day}"] if day else []
    lines += [f"  known: {known_to}", f"  sets: {sets}"]
    return "".join(f"{line}\n" for line in [*lines, more] if line)


def walks(name: str, day: str, known_to: str, value: str, more: str = "") -> str:
    return entry(name, day, known_to, f"{{{WALKS}: {value}}}", more)


def facts(told: Story, day: str, *holders: str) -> dict[str, Any]:
    """The facts that these holders knew on a day, without since when and from whom."""
    found = known(told, dt.date.fromisoformat(day), holders)
    return {".".join(path): _bare(held.value) for path, held in found.items()}


def _bare(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    bare = {key: part for key, part in value.items() if key not in ("known_on", "from")}
    return bare.get("value", bare)


# The three views ----------------------------------------------------------------------------------


def test_a_holder_knows_what_it_had_learnt_by_the_day_and_not_what_happened_by_it() -> None:
    told = story(STORY)
    assert CHEEK not in facts(told, "2024-03-05", "council")
    assert facts(told, "2024-03-06", "council")[CHEEK] == "mark"


def test_what_an_agency_holds_is_its_own() -> None:
    told = story(STORY)
    assert facts(told, "2024-03-05", "nursery")[CHEEK] == "mark"
    assert FATHER not in facts(told, "2024-12-31", "nursery")
    assert facts(told, "2024-03-05", "police")[FATHER] == "elsewhere"
    assert CHEEK not in facts(told, "2024-12-31", "police")


def test_what_was_knowable_is_what_all_held_between_them() -> None:
    told = story(STORY)
    assert {CHEEK, FATHER} <= set(facts(told, "2024-03-05", *AGENCIES))
    assert not {CHEEK, FATHER} & set(facts(told, "2024-03-03", *AGENCIES))


def test_a_fact_tells_since_when_these_holders_knew_it_and_from_whom() -> None:
    path = tuple(CHEEK.split("."))
    day = dt.date(2024, 4, 1)
    held = known(story(STORY), day, COUNCIL)[path]
    assert held.value["known_on"] == "2024-03-06"
    assert held.value["from"] == "nursery_or_childminder"
    assert held.entry.id == "mark"
    assert known(story(STORY), day, AGENCIES)[path].value["known_on"] == "2024-03-04"


def test_the_decision_is_set_into_what_was_known_and_its_own_facts_stand_over_the_storys() -> None:
    case = {
        "snapshot": {"id": "wren-1", "as_of": "2024-03-06", "authority": "here"},
        "referral": {"decision": "no_further_action"},
        "children": {"complete": False, "items": [{"id": "wren", "movement": {"walks": False}}]},
    }
    told = story(STORY + walks("walks", "2024-02-01", "{council: 2024-02-01}", "true"))
    made = Snapshot.from_data(snapshot_data(told, dt.date(2024, 3, 6), COUNCIL, case))
    child = made.children.items[0]
    assert made.referral.decision.value == "no_further_action"
    assert child.movement.walks.value is False
    assert [each.kind.value for each in child.injuries.items] == ["mark"]
    assert not made.children.complete


# Order, dates, withdrawals ------------------------------------------------------------------------


def test_entries_may_stand_in_any_order_and_count_by_their_dates() -> None:
    early = walks("early", "2024-02-01", "{council: 2024-02-01}", "false")
    late = walks("late", "2024-03-01", "{council: 2024-03-01}", "true")
    for order in (early + late, late + early):
        assert facts(story(WREN + order), "2024-04-01", "council")[WALKS] is True


def test_of_two_entries_of_one_day_the_one_written_later_counts() -> None:
    one = walks("one", "2024-02-01", "{council: 2024-02-01}", "false")
    two = walks("two", "2024-02-01", "{council: 2024-02-01}", "true")
    assert facts(story(WREN + one + two), "2024-04-01", "council")[WALKS] is True
    assert facts(story(WREN + two + one), "2024-04-01", "council")[WALKS] is False


def test_something_older_that_is_learnt_late_does_not_overwrite_a_newer_state() -> None:
    new = walks("new", "2024-03-01", "{council: 2024-03-01}", "true")
    old = walks("old", "2024-01-10", "{nursery: 2024-01-10, council: 2024-04-01}", "false")
    told = story(WREN + new + old)
    assert facts(told, "2024-05-01", "council")[WALKS] is True
    assert facts(told, "2024-02-01", "nursery")[WALKS] is False


def test_something_known_by_a_day_cannot_have_happened_after_it() -> None:
    in_march = walks("in-march", "2024-03", "{council: 2024-03-05}", "false")
    later = walks("later", "2024-03-20", "{council: 2024-03-20}", "true")
    assert facts(story(WREN + in_march + later), "2024-05-01", "council")[WALKS] is True


@pytest.mark.parametrize(("since", "last"), [("2024-03", "2024-03-31"), ("2024", "2024-12-31")])
def test_what_became_known_in_a_month_or_year_is_known_only_from_its_last_day(
    since: str, last: str
) -> None:
    told = story(WREN + walks("walks", since, f"{{council: {since}}}", "true"))
    before = dt.date.fromisoformat(last) - dt.timedelta(days=1)
    assert WALKS not in facts(told, str(before), "council")
    assert facts(told, last, "council")[WALKS] is True


def test_what_is_withdrawn_is_no_longer_known_with_all_that_stands_below_it() -> None:
    gone = "  withdraws: [children.wren.injuries.cheek]"
    later = entry("gone", "2024-03-10", "{council: 2024-03-11}", "{}", gone)
    told = story(STORY + later)
    assert CHEEK in facts(told, "2024-03-10", "council")
    left = facts(told, "2024-03-11", "council")
    assert not [path for path in left if path.startswith("children.wren.injuries.cheek")]
    assert CHEEK in facts(told, "2024-03-11", "nursery")


def test_something_planned_may_be_known_before_it_happens() -> None:
    told = story(
        WREN
        + entry(
            "meeting",
            "2024-06-10",
            "{council: 2024-03-01}",
            "{meetings.core: {kind: core_group, due_on: 2024-06-10}}",
            "  expected: planned",
        )
    )
    assert facts(told, "2024-03-01", "council")["meetings.core.due_on"] == "2024-06-10"


# Unborn children ----------------------------------------------------------------------------------

EXPECTED = entry("scan", "2024-01-05", "{council: 2024-01-06}", f"{{{DUE}: 2024-07-01}}")
BIRTH = entry("birth", "2024-06-28", "{council: 2024-06-30}", f"{{{BORN}: 2024-06-28}}")


def test_an_unborn_child_who_is_born_has_a_date_of_birth_and_no_longer_a_due_date() -> None:
    told = story(WREN + EXPECTED + BIRTH)
    assert facts(told, "2024-06-29", "council")[DUE] == "2024-07-01"
    born = facts(told, "2024-06-30", "council")
    assert born[BORN] == "2024-06-28" and DUE not in born


@pytest.mark.parametrize("day", ["2024-01-05", "2024-08-01", ""])
def test_a_due_date_or_age_that_is_learnt_after_the_birth_does_not_come_back(day: str) -> None:
    late = entry("late", day, "{council: 2024-08-02}", f"{{{DUE}: 2024-07-01}}")
    age = entry("age", day, "{council: 2024-08-02}", "{children.wren.age: {months: 1}}")
    known_now = facts(story(WREN + BIRTH + late + age), "2024-09-01", "council")
    assert BORN in known_now and not {DUE, "children.wren.age"} & set(known_now)


def test_a_birth_that_nobody_could_date_leaves_the_due_date() -> None:
    unsure = entry(
        "unsure", "2024-06-28", "{council: 2024-06-30}", f"{{{BORN}: {{unknown: awaiting}}}}"
    )
    assert facts(story(WREN + EXPECTED + unsure), "2024-07-01", "council")[DUE] == "2024-07-01"


# Corrections and disputes -------------------------------------------------------------------------

WRONG = walks("wrong", "2024-02-01", "{council: 2024-02-01, police: 2024-02-01}", "true")
RIGHT = walks("right", "2024-02-01", "{council: 2024-03-01}", "false", "  corrects: wrong")


def test_a_correction_keeps_both_entries_and_replaces_the_value() -> None:
    told = story(WREN + RIGHT + WRONG)
    assert [each.id for each in told.entries] == ["wren-is-known", "right", "wrong"]
    assert facts(told, "2024-02-29", "council")[WALKS] is True
    assert facts(told, "2024-03-01", "council")[WALKS] is False


def test_a_correction_reaches_only_those_who_heard_of_it() -> None:
    told = story(WREN + WRONG + RIGHT)
    assert facts(told, "2024-12-31", "police")[WALKS] is True
    assert facts(told, "2024-12-31", *AGENCIES)[WALKS] is False


DISPUTED = walks("denied", "2024-02-10", "{council: 2024-02-10}", "false", "  disputes: wrong")


def test_a_disputed_fact_is_unknown_because_accounts_differ_until_it_is_settled() -> None:
    settled = walks("settled", "2024-03-01", "{council: 2024-03-02}", "true")
    told = story(WREN + WRONG + DISPUTED + settled)
    assert facts(told, "2024-02-09", "council")[WALKS] is True
    for day in ("2024-02-10", "2024-03-01"):
        assert facts(told, day, "council")[WALKS] == {"unknown": "conflicting"}
    assert facts(told, "2024-03-02", "council")[WALKS] is True
    assert facts(told, "2024-03-01", "police")[WALKS] is True


def test_a_second_dispute_settles_nothing() -> None:
    again = walks("again", "2024-02-12", "{council: 2024-02-12}", "false", "  disputes: wrong")
    told = story(WREN + WRONG + DISPUTED + again)
    assert facts(told, "2024-03-01", "council")[WALKS] == {"unknown": "conflicting"}


@pytest.mark.parametrize("unknown", ["{unknown: not_asked}", "null"])
def test_that_one_agency_never_asked_hides_nothing_that_another_knows(unknown: str) -> None:
    knows = walks("knows", "2024-02-01", "{nursery: 2024-02-01}", "true")
    asks_not = walks("asks-not", "2024-03-01", "{council: 2024-03-01}", unknown)
    told = story(WREN + knows + asks_not)
    assert facts(told, "2024-04-01", *AGENCIES)[WALKS] is True
    assert facts(told, "2024-04-01", "council")[WALKS] is not True


def test_what_an_agency_knew_and_no_longer_knows_is_no_longer_known() -> None:
    knows = walks("knows", "2024-02-01", "{council: 2024-02-01}", "true")
    unsure = walks("unsure", "2024-03-01", "{council: 2024-03-01}", "{unknown: asked_not_known}")
    told = story(WREN + knows + unsure)
    assert facts(told, "2024-04-01", *AGENCIES)[WALKS] == {"unknown": "asked_not_known"}


# Bad input ----------------------------------------------------------------------------------------

BAD = {
    "known before it happened": (
        walks("walks", "2024-03-05", "{council: 2024-03-04}", "true"),
        (4, "entries[0].known.council"),
        "known before it happened: correct a date, or mark it expected: planned or feared",
    ),
    "expected at no time": (
        walks("walks", "", "{council: 2024-03-04}", "true", "  expected: feared"),
        (5, "entries[0].expected"),
        "say when it is expected: give happened_on",
    ),
    "withdrawn and never set": (
        entry("gone", "2024-03-05", "{}", "{}", "  withdraws: [children.wren.seen]"),
        (6, "entries[0].withdraws[0]"),
        "nothing that happened before set this: correct the path, or leave it out",
    ),
    "a path to nothing": (
        entry("walks", "", "{}", "{children.wren.movement.walkes: true}"),
        (4, "entries[0].sets.children.wren.movement.walkes"),
        "children.wren.movement has no walkes: take a fact of docs/vocabulary.md."
        " Did you mean walks?",
    ),
    "a part of the decision": (
        entry("decides", "", "{}", "{referral.decision: strategy_discussion}"),
        (4, "entries[0].sets.referral.decision"),
        "referral belongs to a decision: write it into the case of that decision",
    ),
    "below a single fact": (
        entry("walks", "", "{}", "{children.wren.born.year: 2024}"),
        (4, "entries[0].sets.children.wren.born.year"),
        "children.wren.born is a single fact: nothing stands below it",
    ),
    "a group that is no group": (
        entry("walks", "", "{}", "{children.wren.movement: true}"),
        (4, "entries[0].sets.children.wren.movement"),
        "children.wren.movement is a group of facts: write its keys under it",
    ),
    "an entry of a list without its id": (
        entry("marks", "", "{}", "{children.wren.injuries: [{kind: mark}]}"),
        (4, "entries[0].sets.children.wren.injuries"),
        "give each entry of children.wren.injuries its own id",
    ),
    "items that are no list": (
        entry("marks", "", "{}", "{adults: {complete: false, items: {mother: {pregnant: true}}}}"),
        (4, "entries[0].sets.adults"),
        "write the items of adults as a list",
    ),
    "one fact set to two values": (
        entry("walks", "", "{}", "{children.wren: {born: 2023}, children.wren.born: 2022}"),
        (4, "entries[0].sets.children.wren.born"),
        "this entry sets children.wren.born to two values: keep one",
    ),
    "two entries with one id": (
        walks("walks", "", "{}", "true") + walks("walks", "", "{}", "false"),
        (5, "entries[1].id"),
        "this id is used twice; give each entry its own",
    ),
    "an unknown holder": (
        walks("walks", "", "{polcie: 2024}", "true"),
        (3, "entries[0].known.polcie"),
        "there is no holder polcie: correct it, or add it to holders. Did you mean police?",
    ),
    "correcting what is not there": (
        walks("right", "", "{}", "true", "  corrects: wrng") + walks("wrong", "", "{}", "false"),
        (5, "entries[0].corrects"),
        "there is no other entry wrng: give the id of one. Did you mean wrong?",
    ),
    "correcting itself": (
        walks("right", "", "{}", "true", "  corrects: right"),
        (5, "entries[0].corrects"),
        "there is no other entry right: give the id of one. Did you mean right?",
    ),
    "disputing another fact": (
        walks("walks", "", "{}", "true", "  disputes: born")
        + entry("born", "", "{}", f"{{{BORN}: 2023}}"),
        (5, "entries[0].disputes"),
        "it sets nothing that born sets: name another entry",
    ),
    "no such key": (
        walks("walks", "", "{}", "true", "  happend_on: 2024"),
        (5, "entries[0].happend_on"),
        "there is no such key here. Did you mean happened_on?",
    ),
}


@pytest.mark.parametrize(("entries", "place", "says"), BAD.values(), ids=BAD.keys())
def test_what_is_wrong_with_a_story_is_told_with_its_line_and_what_to_do(
    entries: str, place: tuple[int, str], says: str
) -> None:
    with pytest.raises(InputError) as error:
        story(entries)
    line, field = place
    told = f"{FILE}:{FIRST_LINE - 1 + line}: {field}: {says}"
    assert told in str(error.value).splitlines()


def test_two_entries_that_correct_each_other_are_refused() -> None:
    with pytest.raises(InputError, match="it corrects itself in the end"):
        story(
            walks("one", "", "{}", "true", "  corrects: two")
            + walks("two", "", "{}", "false", "  corrects: one")
        )


def test_every_wrong_path_of_a_story_is_told_at_once() -> None:
    one = entry("one", "", "{}", "{children.wren.walks: true}", "  corrects: two")
    two = entry("two", "", "{}", "{adults.mother.name: unsaid}")
    with pytest.raises(InputError) as error:
        story(one + two)
    assert [each.field for each in error.value.problems] == [
        "entries[0].sets.children.wren.walks",
        "entries[1].sets.adults.mother.name",
    ]


def test_a_document_that_is_no_story_says_so() -> None:
    with pytest.raises(InputError, match=f"^{FILE}:1: this is no chronology"):
        story_of(read_text("case: {}\n", FILE))


# No later fact leaks ------------------------------------------------------------------------------

SCENARIOS = scenarios_folder()
STORIES = sorted(SCENARIOS.rglob(FILE))
POINTS = [path for path in scenario_paths(SCENARIOS) if (path.parent / FILE).is_file()]
every_point = pytest.mark.parametrize(
    "path", POINTS, ids=[path.relative_to(SCENARIOS).as_posix() for path in POINTS]
)


@cache
def shipped() -> Pack:
    return load()


@cache
def shipped_story(folder: Path) -> Story:
    return read_story(folder / FILE)


def seen_at(told: Story, point: Scenario) -> Snapshot:
    """The snapshot that follows from a story for a decision."""
    day = point.snapshot.as_of.first
    return Snapshot.from_data(snapshot_data(told, day, point.head.known_to, point.own_case))


def written(made: Snapshot) -> str:
    return json.dumps(made.plain)


def advice_on(made: Snapshot) -> str:
    return advise(made, shipped(), ask=False).model_dump_json()


def is_later(each: Entry, point: Scenario) -> bool:
    since = knows_from(each, point.head.known_to)
    return since is None or since.last > point.snapshot.as_of.first


def day_after(point: Scenario) -> PartialDate:
    return PartialDate.parse(str(point.snapshot.as_of.first + dt.timedelta(days=1)))


def otherwise(sets: Mapping[FactPath, Any]) -> dict[str, Any]:
    """The same facts with other values."""
    return {
        ".".join(path): (not value if isinstance(value, bool) else {"unknown": "withheld"})
        for path, value in sets.items()
        if path[-1] not in ("id", "child")
    }


def perturbation(
    entries: Callable[[Story, Scenario], Iterator[Entry]],
) -> Callable[[Story, Scenario], Story]:
    """Makes of a story the one that has these entries instead."""

    def perturb(told: Story, point: Scenario) -> Story:
        return Story(told.head, tuple(entries(told, point)), told.document)

    return perturb


@perturbation
def changed(told: Story, point: Scenario) -> Iterator[Entry]:
    """The entries with all that was learnt later told otherwise, on other days."""
    after = day_after(point)
    for each in told.entries:
        if is_later(each, point):
            yield each.model_copy(
                update={
                    "happened_on": PartialDate.parse("1999"),
                    "what": "Something else altogether came to light.",
                    "expected": None,
                    "source": "anonymous",
                    "reports": ("neglect",),
                    "known": dict.fromkeys(told.head.holders, after),
                    "sets": otherwise(told.sets[each.id]),
                }
            )
        else:
            day = point.snapshot.as_of.first
            known_by_then = {who: since for who, since in each.known.items() if since.last <= day}
            others = dict.fromkeys(told.head.holders, after)
            yield each.model_copy(update={"known": {**others, **known_by_then}})


@perturbation
def without_later(told: Story, point: Scenario) -> Iterator[Entry]:
    return (each for each in told.entries if not is_later(each, point))


@perturbation
def with_invented(told: Story, point: Scenario) -> Iterator[Entry]:
    """The entries with later ones that correct, dispute and withdraw all that was known."""
    after = dict.fromkeys(told.head.holders, day_after(point))
    strangers = [each for each in told.head.holders if each not in point.head.known_to]
    elsewhere = {**after, **dict.fromkeys(strangers, PartialDate.parse("1950"))}
    for each in told.entries:
        for tie, since in (
            () if is_later(each, point) else (("corrects", after), ("disputes", elsewhere))
        ):
            invented = {
                "id": f"{tie}-{each.id}",
                "happened_on": each.happened_on,
                "what": "This was never in the story.",
                "known": since,
                "sets": otherwise(told.sets[each.id]),
                "withdraws": tuple(".".join(path) for path in told.sets[each.id]),
                tie: each.id,
            }
            yield Entry(id="invented", what="It is invented.").model_copy(update=invented)
        yield each


PERTURBED = {"changed": changed, "deleted": without_later, "invented": with_invented}


@every_point
def test_a_decision_point_is_what_follows_from_its_story(path: Path) -> None:
    point = read_scenario(path)
    assert point.head.known_to
    assert written(seen_at(shipped_story(path.parent), point)) == written(point.snapshot)


@every_point
def test_nothing_learnt_later_reaches_a_decision_or_the_advice_on_it(path: Path) -> None:
    point, told = read_scenario(path), shipped_story(path.parent)
    as_it_was = seen_at(told, point)
    for name, perturb in PERTURBED.items():
        assert written(seen_at(perturb(told, point), point)) == written(as_it_was), name
    otherwise_later = seen_at(with_invented(changed(told, point), point), point)
    assert advice_on(otherwise_later) == advice_on(as_it_was)


@pytest.mark.parametrize("path", STORIES, ids=[path.parent.name for path in STORIES])
def test_what_is_changed_deleted_or_invented_would_be_seen_once_it_is_known(path: Path) -> None:
    told = shipped_story(path.parent)
    point = next(read_scenario(each) for each in POINTS if each.parent == path.parent)
    end = dt.date(2100, 1, 1)

    def seen(story_then: Story) -> dict[FactPath, Any]:
        return {at: each.value for at, each in known(story_then, end, told.head.holders).items()}

    for name, perturb in PERTURBED.items():
        assert seen(perturb(told, point)) != seen(told), name


def test_what_is_added_later_to_the_file_of_a_story_changes_no_earlier_decision(
    tmp_path: Path,
) -> None:
    chronology, path = tmp_path / FILE, tmp_path / "2024-03-decision.yaml"
    chronology.write_text(HEAD + indent(STORY, "  "), encoding="utf-8")
    path.write_text(
        dedent("""\
        scenario: {title: The council decides, known_to: [council], ceiling: 12}
        case:
          snapshot: {id: wren-1, as_of: 2024-03-06, authority: here}
          referral: {received_on: 2024-03-06}
        """),
        encoding="utf-8",
    )
    before = read_scenario(path).snapshot
    assert before.children.items[0].injuries.items
    late = entry(
        "late", "2024-03-04", "{council: 2024-03-07}", f"{{{CHEEK}: bruise}}", "  corrects: mark"
    )
    chronology.write_text(HEAD + indent(STORY + late, "  "), encoding="utf-8")
    assert read_scenario(path).snapshot.sha256 == before.sha256
    assert facts(read_story(chronology), "2024-03-07", "council")[CHEEK] == "bruise"


# Laws ---------------------------------------------------------------------------------------------


def with_ids(data: Any) -> Any:
    """The same data with an id for each entry of a list that has none."""
    if isinstance(data, list):
        return [
            each
            if not isinstance(each, dict)
            else {**({} if {"id", "child"} & set(each) else {"id": f"e{number}"}), **with_ids(each)}
            for number, each in enumerate(data)
        ]
    return {key: with_ids(part) for key, part in data.items()} if isinstance(data, dict) else data


def assert_put_together_again(data: dict[str, Any]) -> None:
    heading = {key: data[key] for key in ("snapshot", "referral") if key in data}
    parts = [
        leaf for key, value in data.items() if key not in heading for leaf in leaves((key,), value)
    ]
    made = Snapshot.from_data({**heading, **put_together(parts)})
    assert made.sha256 == Snapshot.from_data(data).sha256


@given(st.integers(0, 2**32), st.sampled_from([0.1, 0.4, 0.8]))
@settings(max_examples=60)
def test_a_snapshot_put_together_from_its_single_facts_is_the_same(
    seed: int, missing: float
) -> None:
    data = with_ids(SnapshotMaker(seed, missing).snapshot())
    try:
        Snapshot.from_data(data)
    except InputError:
        assume(False)
    assert_put_together_again(data)


@every_point
def test_the_case_of_a_decision_point_put_together_from_its_facts_is_the_same(path: Path) -> None:
    assert_put_together_again(with_ids(read_scenario(path).snapshot.plain))


SETTINGS: list[tuple[str, list[Any]]] = [
    (DUE, ["2024-07-01", "2024-07"]),
    (BORN, ["2024-06-28", {"unknown": "awaiting"}]),
    ("children.wren.age", [{"months": 2}]),
    (WALKS, [True, False, {"unknown": "not_asked"}, None]),
    ("children.wren.injuries", [[], {"unknown": "declined"}, [{"id": "cheek", "kind": "mark"}]]),
    (CHEEK, ["mark", "bruise"]),
    (FATHER, ["elsewhere", "in_household"]),
]
DAYS = [f"2024-0{month}-{day}" for month in (5, 6, 7) for day in (10, 20)] + ["2024-06", "2024"]


@st.composite
def entries_of_a_story(draw: st.DrawFn) -> list[Entry]:
    made: list[Entry] = []
    for number in range(draw(st.integers(1, 7))):
        path, values = draw(st.sampled_from(SETTINGS))
        earlier = [each.id for each in made if path in each.sets]
        holders = draw(st.lists(st.sampled_from(AGENCIES), unique=True))
        tie = draw(st.sampled_from(["corrects", "disputes", "withdraws", None, None, None]))
        data: dict[str, Any] = {
            "id": f"e{number}",
            "what": "Something happened.",
            "happened_on": draw(st.sampled_from([*DAYS, None])),
            "known": {holder: draw(st.sampled_from(DAYS)) for holder in holders},
            "sets": {path: draw(st.sampled_from(values))},
        }
        if tie == "withdraws":
            data[tie] = [path]
        elif tie is not None and earlier:
            data[tie] = draw(st.sampled_from(earlier))
        made.append(Entry.model_validate(data))
    return made


def _may_go(told: Story, now: Mapping[FactPath, Any], path: FactPath) -> bool:
    if path[2:] in (("due",), ("age",)):
        return (*path[:2], "born") in now
    gone = [tuple(each.split(".")) for every in told.entries for each in every.withdraws]
    return any(path[: len(each)] == each for each in gone)


@given(entries_of_a_story(), st.data())
@settings(max_examples=150)
def test_knowledge_only_grows_with_days_and_holders_unless_it_is_withdrawn(
    made: list[Entry], data: st.DataObject
) -> None:
    told = Story(story(WREN).head, tuple(made), Document(FILE, {}, {(): 1}))
    some = st.sampled_from([dt.date(2024, month, day) for month in (5, 6, 7) for day in (10, 30)])
    first, second = sorted([data.draw(some), data.draw(some)])
    few = data.draw(st.lists(st.sampled_from(AGENCIES), unique=True))
    then, now = known(told, first, few), known(told, second, AGENCIES)
    lost = {path for path in then if path not in now and not _may_go(told, now, path)}
    assert lost == set()


@given(entries_of_a_story(), st.sampled_from(DAYS[:6]))
@settings(max_examples=100)
def test_what_is_held_on_a_day_follows_from_what_these_holders_had_learnt_by_then(
    made: list[Entry], day: str
) -> None:
    head, document = story(WREN).head, Document(FILE, {}, {(): 1})
    on = dt.date.fromisoformat(day)
    told = Story(head, tuple(made), document)
    learnt = [
        each
        for each in made
        if (since := knows_from(each, COUNCIL)) is not None and since.last <= on
    ]
    assert known(told, on, COUNCIL) == known(Story(head, tuple(learnt), document), on, COUNCIL)


@given(entries_of_a_story(), st.data())
@settings(max_examples=150)
def test_knowledge_brought_up_to_date_day_by_day_is_what_is_worked_out_afresh(
    made: list[Entry], data: st.DataObject
) -> None:
    told = Story(story(WREN).head, tuple(made), Document(FILE, {}, {(): 1}))
    holders = data.draw(st.lists(st.sampled_from(AGENCIES), unique=True))
    days = {PartialDate.parse(day).last for day in data.draw(st.lists(st.sampled_from(DAYS)))}
    growing, values = Knowledge(told, holders), dict[FactPath, Any]()
    for day in sorted(days):
        for path, value in growing.to(day).items():
            values[path] = value
            if value is None:
                del values[path]
        afresh = known(told, day, holders)
        assert growing.facts == afresh
        assert values == {path: held.value for path, held in afresh.items()}
