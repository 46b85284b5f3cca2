"""Cases are kept with every revision, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from advisor.store.cases import Cases, Kept, NotKept, RevisionMoved
from advisor.store.database import Database, StoreError
from tests.store_making import FIRST, SECOND, Clock, response

pytest_plugins = ["tests.store_fixtures"]

NOBODY = "A" * 22


@pytest.fixture
def cases(database: Database, clock: Clock) -> Cases:
    return Cases(database, keep_days=7, now=clock)


def test_a_new_case_is_revision_one_and_has_its_day_of_deletion(cases: Cases, clock: Clock) -> None:
    kept = cases.create("worker", FIRST)
    assert kept == Kept(
        id=kept.id,
        owner="worker",
        document=FIRST,
        revision=1,
        progress={"skipped": [], "seen_revision": None},
        created_at=clock.now,
        changed_at=clock.now,
        delete_on=dt.date(2026, 3, 9),
    )
    assert kept.created_at.tzinfo is dt.UTC
    assert cases.get(kept.id, "worker") == kept


def test_ids_cannot_be_guessed_and_are_not_taken_for_options(cases: Cases) -> None:
    ids = {cases.create("worker", FIRST).id for _ in range(100)}
    assert len(ids) == 100
    assert {len(each) for each in ids} == {22}
    assert not [each for each in ids if each.startswith("-")]


def test_the_order_of_keys_and_every_value_come_back_as_they_were(cases: Cases) -> None:
    document = {"z": 1, "a": {"y": None, "b": [True, 1, 1.5, "£ – ü 😀 \0 \ud800 \\u0000"]}}
    kept = cases.get(cases.create("worker", document).id, "worker")
    assert repr(kept.document) == repr(document)


def test_what_the_caller_does_later_to_a_document_changes_nothing(cases: Cases) -> None:
    document: dict[str, Any] = {"children": [{"id": "wren"}]}
    kept = cases.create("worker", document)
    document["children"].append({"id": "robin"})
    kept.document["children"].clear()
    assert cases.get(kept.id, "worker").document == {"children": [{"id": "wren"}]}


def test_times_are_kept_in_utc_wherever_the_clock_stands(cases: Cases, clock: Clock) -> None:
    clock.now = dt.datetime(2026, 6, 2, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    kept = cases.get(cases.create("worker", FIRST).id, "worker")
    assert kept.created_at.isoformat() == "2026-06-01T23:30:00+00:00"
    assert kept.delete_on == dt.date(2026, 6, 8)


def test_nobody_sees_changes_or_deletes_the_case_of_another(cases: Cases) -> None:
    kept = cases.create("worker", FIRST)
    for attempt in (
        lambda: cases.get(kept.id, "other"),
        lambda: cases.save(kept.id, "other", SECOND, expected=1),
        lambda: cases.note_progress(kept.id, "other", {}),
        lambda: cases.respond(kept.id, "other", response()),
        lambda: cases.delete(kept.id, "other"),
    ):
        with pytest.raises(NotKept):
            attempt()
    assert cases.listed("other") == []
    assert cases.get(kept.id, "worker") == kept
    assert cases.responses(kept.id) == ()


def test_an_auditor_sees_the_cases_of_all(cases: Cases, clock: Clock) -> None:
    first = cases.create("worker", FIRST)
    clock.forward(minutes=1)
    second = cases.create("other", SECOND)
    assert cases.get(first.id, None) == first
    assert cases.listed(None) == [second, first]
    assert cases.listed("worker") == [first]


@pytest.mark.parametrize("id_", [NOBODY, "", "x", "\0", "' OR 1=1 --", "\ud800", "é" * 22])
def test_an_id_of_nothing_is_not_kept_whatever_it_holds(cases: Cases, id_: str) -> None:
    for attempt in (
        lambda: cases.get(id_, None),
        lambda: cases.at(id_, 1),
        lambda: cases.save(id_, "worker", FIRST, expected=1),
        lambda: cases.note_progress(id_, "worker", {}),
        lambda: cases.delete(id_, None),
        lambda: cases.respond(id_, "worker", response()),
        lambda: cases.responses(id_),
    ):
        with pytest.raises(NotKept):
            attempt()


def test_a_change_is_a_new_revision_and_the_earlier_one_stays(cases: Cases, clock: Clock) -> None:
    first = cases.create("worker", FIRST)
    clock.forward(days=2)
    second = cases.save(first.id, "worker", SECOND, expected=1, progress={"skipped": ["school"]})
    assert (second.revision, second.document) == (2, SECOND)
    assert (second.created_at, second.changed_at) == (first.created_at, clock.now)
    assert second.delete_on == dt.date(2026, 3, 11)
    assert second.progress == {"skipped": ["school"]}
    assert cases.get(first.id, "worker") == second
    assert cases.at(first.id, 1) == FIRST
    assert cases.at(first.id, 2) == SECOND
    for revision in (-1, 0, 3, 2**70):
        with pytest.raises(NotKept):
            cases.at(first.id, revision)


def test_the_same_document_again_is_no_change(cases: Cases, clock: Clock) -> None:
    first = cases.create("worker", {"a": 1, "b": 2})
    clock.forward(days=2)
    assert cases.save(first.id, "worker", {"b": 2, "a": 1}, expected=1) == first
    again = cases.save(first.id, "worker", {"a": 1, "b": 2}, expected=1, progress={"skipped": []})
    assert (again.revision, again.changed_at) == (1, first.changed_at)
    assert again.progress == {"skipped": []}


def test_true_in_place_of_one_is_a_change(cases: Cases) -> None:
    kept = cases.create("worker", {"walks": 1})
    assert cases.save(kept.id, "worker", {"walks": True}, expected=1).revision == 2


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_save_on_another_revision_is_refused(cases: Cases, expected: int) -> None:
    kept = cases.create("worker", FIRST)
    cases.save(kept.id, "worker", SECOND, expected=1)
    for document in (FIRST, SECOND, {**FIRST, "household": {}}):
        with pytest.raises(RevisionMoved):
            cases.save(kept.id, "worker", document, expected=expected, progress={})
    assert cases.get(kept.id, "worker").document == SECOND
    assert cases.get(kept.id, "worker").progress == kept.progress


def test_progress_is_noted_without_a_change(cases: Cases, clock: Clock) -> None:
    kept = cases.create("worker", FIRST, {"skipped": [], "seen_revision": None})
    clock.forward(days=2)
    cases.note_progress(kept.id, "worker", {"skipped": ["school"], "seen_revision": 1})
    noted = cases.get(kept.id, "worker")
    assert noted.progress == {"skipped": ["school"], "seen_revision": 1}
    assert (noted.revision, noted.changed_at) == (1, kept.changed_at)


def test_cases_are_listed_from_the_latest_change(cases: Cases, clock: Clock) -> None:
    first = cases.create("worker", FIRST)
    clock.forward(minutes=1)
    second = cases.create("worker", FIRST)
    assert [each.id for each in cases.listed("worker")] == [second.id, first.id]
    clock.forward(minutes=1)
    changed = cases.save(first.id, "worker", SECOND, expected=1)
    assert cases.listed("worker") == [changed, second]


def test_responses_come_back_in_the_order_given_and_count_as_a_change(
    cases: Cases, clock: Clock
) -> None:
    kept = cases.create("worker", FIRST)
    clock.forward(days=2)
    given = [response(), response(1, "disagree", "She walks."), response()]
    for each in given:
        cases.respond(kept.id, "worker", each)
    assert cases.responses(kept.id) == tuple(given)
    now = cases.get(kept.id, "worker")
    assert (now.revision, now.changed_at) == (1, clock.now)
    assert now.delete_on == dt.date(2026, 3, 11)


def test_a_response_is_to_a_revision_that_is_kept(cases: Cases) -> None:
    kept = cases.create("worker", FIRST)
    with pytest.raises(NotKept):
        cases.respond(kept.id, "worker", response(2))
    assert cases.responses(kept.id) == ()


def test_a_deleted_case_is_gone_with_its_revisions_and_responses(cases: Cases) -> None:
    kept, other = cases.create("worker", FIRST), cases.create("worker", FIRST)
    for each in (kept, other):
        cases.save(each.id, "worker", SECOND, expected=1)
        cases.respond(each.id, "worker", response(2))
    cases.delete(kept.id, "worker")
    for attempt in (
        lambda: cases.get(kept.id, None),
        lambda: cases.at(kept.id, 1),
        lambda: cases.responses(kept.id),
        lambda: cases.delete(kept.id, "worker"),
    ):
        with pytest.raises(NotKept):
            attempt()
    assert [each.id for each in cases.listed(None)] == [other.id]
    assert cases.at(other.id, 1) == FIRST
    assert len(cases.responses(other.id)) == 1


def test_what_cannot_be_kept_is_refused_without_being_shown(
    cases: Cases, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="JSON") as raised:
        cases.create("worker", {"note": "Wren", "growth": float("nan")})
    assert "Wren" not in str(raised.value) + caplog.text
    with pytest.raises(StoreError) as failed:
        cases.create("Wren\0", FIRST)
    assert "Wren" not in str(failed.value) + caplog.text
    assert cases.listed(None) == []
