"""Cases are shown until their day and then deleted, whatever happens to them before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.problems import InputError
from advisor.store.cases import Cases, NotKept, RevisionMoved
from advisor.store.database import Database
from tests.store_making import FIRST, SECOND, Clock, response

pytest_plugins = ["tests.store_fixtures"]


@pytest.fixture
def cases(database: Database, clock: Clock) -> Cases:
    return Cases(database, keep_days=7, now=clock)


def test_what_is_overdue_is_not_shown_from_the_first_moment_of_its_day(
    cases: Cases, clock: Clock
) -> None:
    kept = cases.create("worker", FIRST)
    clock.now = dt.datetime(2026, 3, 8, 23, 59, 59, 999999, tzinfo=dt.UTC)
    assert cases.get(kept.id, "worker") == kept
    assert cases.purge() == 0
    clock.forward(microseconds=1)
    assert clock.now.date() == kept.delete_on
    for attempt in (
        lambda: cases.get(kept.id, "worker"),
        lambda: cases.get(kept.id, None),
        lambda: cases.at(kept.id, 1),
        lambda: cases.save(kept.id, "worker", SECOND, expected=1),
        lambda: cases.note_progress(kept.id, "worker", {}),
        lambda: cases.respond(kept.id, "worker", response()),
        lambda: cases.responses(kept.id),
    ):
        with pytest.raises(NotKept):
            attempt()
    assert cases.listed("worker") == cases.listed(None) == []
    assert [(each.id, each.overdue) for each in cases.dates()] == [(kept.id, True)]
    assert cases.purge() == 1
    assert cases.dates() == []


def test_what_is_overdue_can_still_be_deleted_by_hand(cases: Cases, clock: Clock) -> None:
    kept = cases.create("worker", FIRST)
    clock.forward(days=30)
    cases.delete(kept.id, "worker")
    assert cases.dates() == []


def test_a_purge_deletes_what_is_overdue_and_nothing_else(cases: Cases, clock: Clock) -> None:
    old = cases.create("worker", FIRST)
    clock.forward(days=1)
    new = cases.create("worker", FIRST)
    assert cases.purge(dt.date(2026, 3, 8)) == 0
    assert cases.purge(dt.date(2026, 3, 9)) == 1
    assert [each.id for each in cases.listed(None)] == [new.id] != [old.id]
    assert cases.purge(all_before=dt.date(2026, 3, 3)) == 0
    assert cases.purge(all_before=dt.date(2026, 3, 4)) == 1


def test_another_number_of_days_holds_at_once_for_what_is_kept(
    database: Database, clock: Clock
) -> None:
    kept = Cases(database, keep_days=7, now=clock).create("worker", FIRST)
    longer = Cases(database, keep_days=30, now=clock)
    clock.forward(days=10)
    assert longer.get(kept.id, "worker").delete_on == dt.date(2026, 4, 1)
    assert Cases(database, keep_days=1, now=clock).purge() == 1


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_the_days_are_a_whole_number_in_reach(database: Database, days: int) -> None:
    with pytest.raises(InputError, match="ADVISOR_KEEP_DAYS: write a whole number of days"):
        Cases(database, keep_days=days)


STEPS = st.tuples(
    st.sampled_from(["create", "save", "stale", "same", "delete", "answer", "wait", "purge"]),
    st.integers(0, 3),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25))
def test_any_course_of_events_leaves_listed_what_it_should(
    database: Database, steps: list[tuple[str, int]]
) -> None:
    clock = Clock()
    cases = Cases(database, keep_days=3, now=clock)
    cases.purge(all_before=dt.date(2100, 1, 1))
    model: dict[str, tuple[list[dict[str, Any]], dt.datetime]] = {}
    for step, number in steps:
        clock.forward(minutes=1)
        oldest = clock.now.date() - dt.timedelta(days=2)
        shown = [id_ for id_, (_, changed) in model.items() if changed.date() >= oldest]
        if step == "create":
            first = {"number": number}
            model[cases.create("worker", first).id] = ([first], clock.now)
        elif step == "wait":
            clock.forward(days=number)
        elif step == "purge":
            assert cases.purge() == len(model) - len(shown)
            model = {id_: model[id_] for id_ in shown}
        elif shown:
            id_ = shown[number % len(shown)]
            documents = model[id_][0]
            revision, changed = len(documents), {"number": number, "revision": len(documents)}
            if step == "save":
                cases.save(id_, "worker", changed, expected=revision)
                model[id_] = ([*documents, changed], clock.now)
            elif step == "stale":
                with pytest.raises(RevisionMoved):
                    cases.save(id_, "worker", changed, expected=revision - 1)
            elif step == "same":
                cases.save(id_, "worker", documents[-1], expected=revision)
            elif step == "answer":
                cases.respond(id_, "worker", response(revision))
                model[id_] = (documents, clock.now)
            else:
                cases.delete(id_, "worker")
                del model[id_]
        oldest = clock.now.date() - dt.timedelta(days=2)
        left = sorted(
            ((changed, id_) for id_, (_, changed) in model.items() if changed.date() >= oldest),
            reverse=True,
        )
        listed = cases.listed("worker")
        assert [(each.changed_at, each.id) for each in listed] == left
        for each in listed:
            history = [cases.at(each.id, n) for n in range(1, each.revision + 1)]
            assert history == model[each.id][0]
            assert each.document == history[-1]
