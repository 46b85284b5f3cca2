"""A snapshot is one canonical thing, however it was written, and its parts fit together."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.canonical import plain
from advisor.case import Case
from advisor.consistency import FUTURE
from advisor.dates import PartialDate
from advisor.facts.shape import Kind, Type, walk
from advisor.problems import InputError
from advisor.reading import read_text
from advisor.snapshot import Snapshot
from advisor.truth import TRUE, UNKNOWN
from tests.generation import SnapshotMaker, shuffled
from tests.making import DAY, case_data, snapshot

seeds = st.integers(0, 10_000)


@settings(max_examples=40)
@given(seeds)
def test_the_same_facts_in_any_order_and_form_are_the_same_snapshot(seed: int) -> None:
    data = SnapshotMaker(seed, 0.7).snapshot()
    made = Snapshot.from_data(data)
    again = Snapshot.from_data(shuffled(data, random.Random(seed)))
    assert again.sha256 == made.sha256 and again.plain == made.plain
    for text, is_json in ((json.dumps(data), True), (yaml.safe_dump(data), False)):
        document = read_text(text, "doc", is_json=is_json)
        assert Snapshot.from_document(document).sha256 == made.sha256


@settings(max_examples=40)
@given(seeds)
def test_a_snapshot_that_is_written_out_reads_back_the_same(seed: int) -> None:
    made = Snapshot.from_data(SnapshotMaker(seed, 0.7).snapshot())
    assert Snapshot.from_data(made.plain).sha256 == made.sha256
    assert Snapshot.from_data(
        json.loads(made.model_dump_json(by_alias=True, exclude_none=True))
    ).plain == (made.plain)


def test_what_is_not_recorded_is_the_same_however_it_is_left_out() -> None:
    forms: list[dict[str, Any]] = [
        {},
        {"injuries": None},
        {"injuries": {"unknown": "not_recorded"}},
        {"health": {}},
        {"health": {"disabled": None}},
        {"health": {"disabled": {"unknown": "not_recorded"}}},
    ]
    assert len({snapshot(form).sha256 for form in forms}) == 1


def test_another_reason_for_not_knowing_is_another_snapshot() -> None:
    reasons = ["not_asked", "declined", "withheld", "awaiting", "conflicting", "asked_not_known"]
    made = {snapshot({"health": {"disabled": {"unknown": each}}}).sha256 for each in reasons}
    assert len(made) == len(reasons)


def test_an_empty_list_an_open_one_and_none_at_all_are_three_different_things() -> None:
    forms: list[Any] = [[], {"complete": False, "items": []}, None]
    assert len({snapshot({"injuries": form}).sha256 for form in forms}) == 3


def test_an_entry_without_an_id_gets_one_that_no_other_has() -> None:
    made = snapshot({"injuries": [{"kind": "cut"}, {"id": "1", "kind": "bite"}, {}]})
    ids = [injury.id for injury in made.children.items[0].injuries.items]
    assert len(set(ids)) == 3 and None not in ids


def test_two_entries_that_say_the_same_are_two_entries() -> None:
    made = snapshot({"injuries": [{"kind": "bruise"}, {"kind": "bruise"}]})
    assert len(made.children.items[0].injuries.items) == 2


@settings(max_examples=30)
@given(seeds)
def test_the_walk_visits_every_fact_that_is_written(seed: int) -> None:
    made = Snapshot.from_data(SnapshotMaker(seed, 0.5).snapshot())
    known = sum(value.is_known for _, _, value in walk(made))

    def count(data: Any) -> int:
        return json.dumps(plain(data)).count('"known_on"')

    assert known > 0
    assert count(made) == sum(value.known_on is not None for _, _, value in walk(made))


@settings(max_examples=40)
@given(seeds)
def test_no_date_in_a_snapshot_lies_after_its_day_unless_it_may(seed: int) -> None:
    made = Snapshot.from_data(SnapshotMaker(seed, 0.4).snapshot())
    for path, slot, value in walk(made):
        date = value.value if slot.kind is Kind.FACT else None
        if isinstance(date, PartialDate) and slot.name not in FUTURE:
            assert date.first <= made.as_of.last, path


def test_every_date_but_those_still_to_come_is_refused_after_the_day() -> None:
    maker = SnapshotMaker(5, 0.0)
    tried = 0
    for _ in range(6):
        made = Snapshot.from_data(maker.snapshot())
        for path, slot, value in walk(made):
            if slot.type not in (Type.DATE, Type.DATE_OR_NONE) or value.value is None:
                continue
            if slot.name in FUTURE or "snapshot" in path:
                continue
            data = json.loads(made.model_dump_json(by_alias=True))
            _put(data, path, "2024-06-04")
            with pytest.raises(InputError, match=r"after the snapshot's day|before|born"):
                Snapshot.from_data(data)
            tried += 1
    assert tried > 40


def _put(data: Any, path: tuple[str | int, ...], value: Any) -> None:
    for step in path[:-1]:
        if isinstance(data, dict) and "items" in data and isinstance(step, int):
            data = data["items"]
        data = data[step]
    data[path[-1]] = value


@pytest.mark.parametrize("name", sorted(FUTURE))
def test_a_date_still_to_come_is_accepted(name: str) -> None:
    made: dict[str, dict[str, Any]] = {
        "due": {"child": {"due": "2024-09"}},
        "due_on": {"meetings": [{"due_on": "2024-07-01"}]},
        "ends_on": {"child": {"orders": [{"ends_on": "2025"}]}},
        "release_expected_on": {"adults": [{"id": "adult", "release_expected_on": "2024-08"}]},
    }
    rest = made[name]
    assert snapshot(rest.pop("child", {}), **rest).sha256


def test_what_was_learnt_after_the_day_is_refused() -> None:
    late = {"walks": {"value": True, "known_on": "2024-06-04"}}
    with pytest.raises(InputError, match="known only after the snapshot's day"):
        snapshot({"movement": late})
    late_list = {"complete": False, "items": [], "known_on": "2025"}
    with pytest.raises(InputError, match="known only after"):
        snapshot({"injuries": late_list})


def test_what_was_learnt_on_the_day_or_perhaps_before_it_is_accepted() -> None:
    for known_on in (DAY, "2024-06", "2024"):
        assert snapshot({"movement": {"walks": {"value": True, "known_on": known_on}}}).sha256


def test_the_day_of_a_snapshot_is_a_whole_day() -> None:
    for day in ("2024", "2024-06"):
        with pytest.raises(InputError, match="give the day, as YYYY-MM-DD"):
            Snapshot.from_data({**case_data(), "snapshot": {"id": "made", "as_of": day}})


def test_a_snapshot_is_about_at_least_one_child() -> None:
    with pytest.raises(InputError, match="name at least one child"):
        Snapshot.from_data({"snapshot": {"id": "made", "as_of": DAY}})


@pytest.mark.parametrize(
    ("child", "months", "weeks"),
    [
        ({"born": "2024-03-03"}, (3, 3), (13, 13)),
        ({"born": "2024-03-04"}, (2, 2), (13, 13)),
        ({"born": "2024-06"}, (0, 0), (0, 0)),
        ({"born": "2023"}, (5, 17), (22, 74)),
        ({"born": DAY}, (0, 0), (0, 0)),
        ({"age": {"months": 7}}, (7, 7), (28, 35)),
        ({"age": {"years": 0}}, (0, 11), (0, 52)),
        ({"age": {"weeks": 5}}, (1, 1), (5, 5)),
    ],
)
def test_an_age_is_every_age_that_the_child_could_have(
    child: dict[str, Any], months: tuple[int, int], weeks: tuple[int, int]
) -> None:
    view = Case(snapshot(child)).children["amy"]
    assert view.age_months.value == months
    assert view.age_weeks.value[0] <= weeks[0] and view.age_weeks.value[1] >= weeks[1]
    assert view.is_unborn.value is False


@given(st.dates(PartialDate.parse("2007").first, PartialDate.parse(DAY).first))
def test_an_age_that_is_given_holds_the_age_worked_out_from_the_birth(born: Any) -> None:
    exact = Case(snapshot({"born": born.isoformat()})).children["amy"]
    (months, _), (weeks, _) = exact.age_months.value, exact.age_weeks.value
    given_ages = {"months": months, "weeks": weeks, "years": months // 12}
    for unit, number in given_ages.items():
        if (unit, number) > ("years", 17) or (unit == "months" and number > 215):
            continue
        view = Case(snapshot({"age": {unit: number}})).children["amy"]
        assert view.age_months.value[0] <= months <= view.age_months.value[1], unit
        assert view.age_weeks.value[0] <= weeks <= view.age_weeks.value[1], unit


def test_a_unit_of_age_that_is_null_is_one_that_is_not_recorded() -> None:
    assert snapshot({"age": {"years": 3, "months": None}}).sha256 == (
        snapshot({"age": {"years": 3}}).sha256
    )


def test_an_unborn_child_has_a_stage_of_pregnancy_and_no_age() -> None:
    view = Case(snapshot({"due": "2024-08-26"})).children["amy"]
    assert view.is_unborn.value is True
    assert view.weeks_pregnant.value == (28, 28)
    assert view.age_months.value is None and view.age_months.unknown is not None


def test_nothing_is_known_of_the_age_of_a_child_without_dates() -> None:
    view = Case(snapshot()).children["amy"]
    assert view.is_unborn.value is None and view.age_weeks.value is None


@pytest.mark.parametrize(
    ("about", "amy", "ben"),
    [
        (["amy"], True, False),
        (["amy", "ben"], True, True),
        ([], True, True),
        (None, True, True),
        ({"complete": False, "items": ["amy"]}, True, True),
    ],
)
def test_a_decision_leaves_a_child_out_only_where_those_it_is_about_are_named_in_full(
    about: Any, amy: bool, ben: bool
) -> None:
    data = case_data(referral={"about": about})
    data["children"].append({"id": "ben"})
    views = Case(Snapshot.from_data(data)).children
    assert (views["amy"].decision_is_about.value, views["ben"].decision_is_about.value) == (
        amy,
        ben,
    )


def test_an_event_belongs_to_the_child_it_names_and_perhaps_to_others() -> None:
    data = case_data(events=[{"id": "fell", "children": ["amy"]}, {"id": "row"}])
    data["children"].append({"id": "ben"})
    events = {
        name: view.events.items for name, view in Case(Snapshot.from_data(data)).children.items()
    }
    belongs = {name: {event.id: event.belongs for event in found} for name, found in events.items()}
    assert belongs == {"amy": {"fell": TRUE, "row": UNKNOWN}, "ben": {"row": UNKNOWN}}


def test_with_one_child_every_event_is_that_childs() -> None:
    view = Case(snapshot(events=[{"id": "row"}])).children["amy"]
    assert [event.belongs for event in view.events.items] == [TRUE]


def test_with_children_perhaps_missing_an_event_may_be_anothers() -> None:
    data = case_data(events=[{"id": "row"}])
    data["children"] = {"complete": False, "items": data["children"]}
    view = Case(Snapshot.from_data(data)).children["amy"]
    assert [event.belongs for event in view.events.items] == [UNKNOWN]


def test_every_child_sees_every_adult_and_every_other_child() -> None:
    data = case_data(adults=[{"id": "dee", "links": [{"child": "amy", "relation": "mother"}]}])
    data["children"].append({"id": "ben"})
    case = Case(Snapshot.from_data(data))
    for name, other in (("amy", "ben"), ("ben", "amy")):
        view = case.children[name]
        assert [adult.id for adult in view.adults.items] == ["dee"]
        assert [sibling.id for sibling in view.siblings.items] == [other]
    assert case.children["amy"].adults.items[0].link.relation.value == "mother"
    assert case.children["ben"].adults.items[0].link.relation.value is None
