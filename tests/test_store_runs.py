"""Exercises being run are kept: the groups, their links, and the first decision of each."""

from __future__ import annotations

import datetime as dt

import pytest

from advisor.store.database import Database, StoreError
from advisor.store.runs import AlreadyDecided, Decided, NotKept, Runs
from tests.store_making import Clock

pytest_plugins = ["tests.store_fixtures"]


@pytest.fixture
def runs(database: Database, clock: Clock) -> Runs:
    return Runs(database, keep_days=7, now=clock)


def test_a_run_is_kept_with_its_groups_in_the_order_given(runs: Runs, clock: Clock) -> None:
    names = ["Blue", "Amber", "Blue", "Zebra"]
    run = runs.create("trainer", "jack", "Tuesday", names)
    assert (run.owner, run.exercise, run.name) == ("trainer", "jack", "Tuesday")
    assert (run.created_at, run.changed_at, run.delete_on) == (
        clock.now,
        clock.now,
        dt.date(2026, 3, 9),
    )
    assert [group.name for group in run.groups] == names
    assert len({group.code for group in run.groups}) == 4
    assert runs.get(run.id, "trainer") == run
    assert runs.get(run.id, None) == run
    assert runs.listed("trainer") == runs.listed(None) == [run]


def test_a_link_leads_to_its_group(runs: Runs) -> None:
    run = runs.create("trainer", "jack", "Tuesday", ["Blue", "Amber"])
    assert runs.group(run.groups[1].code) == (run, run.groups[1])


def test_a_group_added_later_comes_last_and_keeps_the_run_longer(runs: Runs, clock: Clock) -> None:
    run = runs.create("trainer", "jack", "Tuesday", ["Blue"])
    clock.forward(days=3)
    group = runs.add_group(run.id, "trainer", "Amber")
    now = runs.get(run.id, "trainer")
    assert now.groups == (*run.groups, group)
    assert now.delete_on == dt.date(2026, 3, 12)


def test_the_first_decision_stands(runs: Runs, clock: Clock) -> None:
    run = runs.create("trainer", "jack", "Tuesday", ["Blue", "Amber"])
    code = run.groups[0].code
    clock.forward(days=1)
    decided = runs.decide(code, 2, "strategy", "A mark on a baby")
    assert decided == Decided(2, "strategy", "A mark on a baby", clock.now)
    clock.forward(days=1)
    assert runs.decide(code, 2, "strategy", "A mark on a baby") == decided
    for option, reason in (("no_action", "A mark on a baby"), ("strategy", "Another reason")):
        with pytest.raises(AlreadyDecided) as raised:
            runs.decide(code, 2, option, reason)
        assert raised.value.decided == decided
    first = runs.decide(code, 1, "assess", "")
    found, group = runs.group(code)
    assert group.decisions == (first, decided)
    assert found.groups[1].decisions == ()
    assert found.changed_at == first.decided_at


def test_the_same_decision_again_changes_nothing(runs: Runs, clock: Clock) -> None:
    code = runs.create("trainer", "jack", "Tuesday", ["Blue"]).groups[0].code
    runs.decide(code, 1, "assess", "")
    before = runs.group(code)
    clock.forward(days=1)
    runs.decide(code, 1, "assess", "")
    assert runs.group(code) == before


@pytest.mark.parametrize("stage", [-1, 1001, 2**70])
def test_a_stage_out_of_reach_is_refused(runs: Runs, stage: int) -> None:
    code = runs.create("trainer", "jack", "Tuesday", ["Blue"]).groups[0].code
    with pytest.raises(ValueError, match="stages"):
        runs.decide(code, stage, "assess", "")


def test_nobody_sees_changes_or_deletes_the_run_of_another(runs: Runs) -> None:
    run = runs.create("trainer", "jack", "Tuesday", ["Blue"])
    for attempt in (
        lambda: runs.get(run.id, "other"),
        lambda: runs.add_group(run.id, "other", "Amber"),
        lambda: runs.delete(run.id, "other"),
    ):
        with pytest.raises(NotKept):
            attempt()
    assert runs.listed("other") == []
    assert runs.listed("trainer") == [run]


@pytest.mark.parametrize("id_", ["A" * 22, "", "\0", "é" * 22])
def test_a_link_or_id_of_nothing_is_not_kept(runs: Runs, id_: str) -> None:
    for attempt in (
        lambda: runs.get(id_, None),
        lambda: runs.group(id_),
        lambda: runs.decide(id_, 1, "assess", ""),
        lambda: runs.add_group(id_, "trainer", "Amber"),
        lambda: runs.delete(id_, None),
    ):
        with pytest.raises(NotKept):
            attempt()


def test_a_deleted_run_is_gone_with_its_groups_and_decisions(runs: Runs) -> None:
    run, other = (runs.create("trainer", "jack", "Tuesday", ["Blue"]) for _ in range(2))
    for each in (run, other):
        runs.decide(each.groups[0].code, 1, "assess", "")
    runs.delete(run.id, "trainer")
    for attempt in (
        lambda: runs.get(run.id, None),
        lambda: runs.group(run.groups[0].code),
        lambda: runs.delete(run.id, "trainer"),
    ):
        with pytest.raises(NotKept):
            attempt()
    assert len(runs.group(other.groups[0].code)[1].decisions) == 1
    assert [each.id for each in runs.listed(None)] == [other.id]


def test_runs_are_listed_from_the_latest_change(runs: Runs, clock: Clock) -> None:
    first = runs.create("trainer", "jack", "Tuesday", ["Blue"])
    clock.forward(minutes=1)
    second = runs.create("trainer", "jack", "Wednesday", [])
    assert [run.id for run in runs.listed("trainer")] == [second.id, first.id]
    clock.forward(minutes=1)
    runs.decide(first.groups[0].code, 1, "assess", "")
    assert [run.id for run in runs.listed("trainer")] == [first.id, second.id]


def test_what_is_overdue_is_not_shown_and_goes_with_the_purge(runs: Runs, clock: Clock) -> None:
    run = runs.create("trainer", "jack", "Tuesday", ["Blue"])
    code = run.groups[0].code
    clock.forward(days=6)
    runs.decide(code, 1, "assess", "")  # a decision keeps it longer
    clock.forward(days=6)
    assert runs.purge() == 0
    assert runs.get(run.id, "trainer").delete_on == dt.date(2026, 3, 15)
    clock.forward(days=1)
    for attempt in (
        lambda: runs.get(run.id, None),
        lambda: runs.group(code),
        lambda: runs.decide(code, 2, "assess", ""),
        lambda: runs.add_group(run.id, "trainer", "Amber"),
    ):
        with pytest.raises(NotKept):
            attempt()
    assert runs.listed(None) == []
    assert [(each.id, each.overdue) for each in runs.dates()] == [(run.id, True)]
    assert runs.purge() == 1
    assert runs.dates() == []


def test_a_purge_may_take_all_before_a_day(runs: Runs) -> None:
    runs.create("trainer", "jack", "Tuesday", ["Blue"])
    assert runs.purge(all_before=dt.date(2026, 3, 2)) == 0
    assert runs.purge(all_before=dt.date(2026, 3, 3)) == 1


def test_a_name_that_cannot_be_kept_leaves_no_half_a_run(runs: Runs) -> None:
    with pytest.raises(StoreError) as raised:
        runs.create("trainer", "jack", "Tuesday", ["Blue", "Wren\0"])
    assert "Wren" not in str(raised.value)
    assert runs.listed(None) == []
