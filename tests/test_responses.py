"""What a worker answers to a prompt, and what is asked again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from advisor.responses import AnswerError, Response, response_of

GIVEN: dict[str, Any] = {
    "prompt": "p1",
    "rule": "non-mobile-injury.opinion",
    "rule_version": 2,
    "revision": 3,
    "snapshot_sha256": "a" * 64,
    "pack_sha256": "b" * 64,
    "given_by": "worker-1",
    "given_at": dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC),
}


def errors_of(fields: dict[str, str], **more: Any) -> dict[str, str]:
    with pytest.raises(AnswerError) as raised:
        response_of(fields, **GIVEN, **more)
    return raised.value.errors


@pytest.mark.parametrize("answer", ["addressed", "already_done"])
def test_an_answer_that_follows_the_prompt_needs_no_reason(answer: str) -> None:
    response = response_of({"answer": answer}, **GIVEN)
    assert (response.answer, response.reason, response.who, response.by) == (answer, "", "", None)
    assert (response.revision, response.given_by) == (3, "worker-1")


@pytest.mark.parametrize("answer", ["does_not_apply", "disagree"])
def test_an_answer_that_sets_the_prompt_aside_needs_a_reason(answer: str) -> None:
    assert errors_of({"answer": answer, "reason": " \r\n"}) == {"reason": "Say why, in a sentence"}
    response = response_of({"answer": answer, "reason": " She walks.\r\nSeen today. "}, **GIVEN)
    assert response.reason == "She walks.\nSeen today."


def test_what_is_awaited_needs_a_role_and_a_day() -> None:
    assert set(errors_of({"answer": "awaiting"})) == {"who", "by"}
    typed = {"answer": "awaiting", "who": " health visitor ", "by": "2026-03-04"}
    response = response_of(typed, **GIVEN)
    assert (response.who, response.by) == ("health visitor", dt.date(2026, 3, 4))


def test_a_day_may_come_in_three_parts() -> None:
    typed = {"answer": "awaiting", "who": "GP", "by!day": "4", "by!month": "03", "by!year": "2026"}
    assert response_of(typed, **GIVEN).by == dt.date(2026, 3, 4)


@pytest.mark.parametrize(
    "typed",
    [
        {"by": "2026-02-30"},
        {"by": "tomorrow"},
        {"by": "2026-03"},
        {"by": "26-03-04"},
        {"by": "2026-03-04-05"},
        {"by": "-2026-03-04"},
        {"by!day": "31", "by!month": "4", "by!year": "2026"},
        {"by!day": "4", "by!month": "", "by!year": "2026"},
        {"by!day": "٤", "by!month": "3", "by!year": "2026"},
        {"by!day": "4", "by!month": "3", "by!year": "20260"},
    ],
)
def test_a_day_must_be_a_real_date(typed: dict[str, str]) -> None:
    wrong = errors_of({"answer": "awaiting", "who": "GP", **typed})
    assert wrong == {"by": "The day must be a real date, such as 27 3 2026"}


def test_nothing_can_be_awaited_before_the_day_of_the_snapshot() -> None:
    typed = {"answer": "awaiting", "who": "GP", "by": "2026-03-01"}
    wrong = errors_of(typed, earliest=dt.date(2026, 3, 2))
    assert wrong == {"by": "The day must not be before 02/03/2026, the day of this snapshot"}
    on_the_day = response_of({**typed, "by": "2026-03-02"}, **GIVEN, earliest=dt.date(2026, 3, 2))
    assert on_the_day.by == dt.date(2026, 3, 2)


def test_what_was_typed_under_awaiting_is_dropped_with_another_answer() -> None:
    typed = {"answer": "addressed", "who": "GP", "by": "nonsense"}
    response = response_of(typed, **GIVEN)
    assert (response.who, response.by) == ("", None)


@pytest.mark.parametrize("fields", [{}, {"answer": ""}, {"answer": "ignore"}])
def test_an_answer_is_one_of_those_offered(fields: dict[str, str]) -> None:
    assert errors_of(fields) == {"answer": "Choose what you did about this prompt"}


def test_a_reason_has_an_end_and_is_told_how_long_it_is() -> None:
    longest = response_of({"answer": "disagree", "reason": "x\r\n" * 249 + "xx"}, **GIVEN)
    assert len(longest.reason) == 500
    wrong = errors_of({"answer": "disagree", "reason": "x" * 501})
    assert wrong == {"reason": "The reason must be 500 characters or fewer; it has 501"}
    assert set(errors_of({"answer": "awaiting", "who": "x" * 101, "by": "2026-03-04"})) == {"who"}


@pytest.mark.parametrize("control", ["\0", "\x1b", "\ud800"])
def test_characters_that_cannot_be_kept_are_refused(control: str) -> None:
    wrong = errors_of({"answer": "disagree", "reason": f"a{control}b"})
    assert wrong == {"reason": "The reason has characters that cannot be kept; type it again"}


def test_a_response_cannot_be_changed_or_hold_more_and_comes_back_from_json() -> None:
    typed = {"answer": "awaiting", "who": "GP", "by": "2026-03-04"}
    response = response_of(typed, **GIVEN)
    assert Response.model_validate_json(response.model_dump_json()) == response
    with pytest.raises(ValidationError):
        response.answer = "addressed"  # type: ignore[misc]
    for change in ({"more": 1}, {"who": ""}, {"by": None}, {"answer": "addressed"}):
        with pytest.raises(ValidationError):
            Response.model_validate({**response.model_dump(), **change})
    with pytest.raises(ValidationError):
        Response.model_validate({**response.model_dump(), "answer": "disagree"})


def test_no_error_repeats_what_was_given() -> None:
    with pytest.raises(ValidationError) as raised:
        Response.model_validate({**GIVEN, "answer": "addressed", "who": "Wren's health visitor"})
    assert "Wren" not in str(raised.value)
