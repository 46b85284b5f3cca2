"""A fact is known, or unknown for a reason; a list says whether members may be missing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from advisor.dates import PartialDate
from advisor.values import (
    Bool,
    Count,
    Date,
    DateOrNone,
    Fact,
    Identifier,
    Listing,
    UnknownReason,
)

BoolFact, CountFact, DateFact = Fact[Bool], Fact[Count], Fact[Date]
EndFact, Names = Fact[DateOrNone], Listing[Identifier]
REASONS = [reason.value for reason in UnknownReason]


@pytest.mark.parametrize("value", [True, False])
def test_a_bare_value_is_known(value: bool) -> None:
    fact = BoolFact.model_validate(value)
    assert fact.is_known and fact.value is value


@pytest.mark.parametrize("written", [None, {"value": None}, {"unknown": None}])
def test_nothing_written_is_not_recorded(written: Any) -> None:
    fact = BoolFact.model_validate(written)
    assert fact.unknown is UnknownReason.NOT_RECORDED
    assert fact.value is None and not fact.is_known


@pytest.mark.parametrize("reason", REASONS)
def test_an_unknown_keeps_its_reason_and_has_words_for_it(reason: str) -> None:
    fact = BoolFact.model_validate({"unknown": reason, "note": "They hung up."})
    assert fact.unknown is UnknownReason(reason)
    assert fact.unknown.words and "_" not in fact.unknown.words
    assert fact.provenance == {"note": "They hung up."}


def test_a_fact_is_known_or_unknown_and_not_both() -> None:
    with pytest.raises(ValidationError, match="give one of the two"):
        BoolFact.model_validate({"value": True, "unknown": "declined"})


def test_a_false_value_beside_an_unknown_is_not_taken_for_no_value() -> None:
    with pytest.raises(ValidationError, match="give one of the two"):
        BoolFact.model_validate({"value": False, "unknown": "declined"})


@pytest.mark.parametrize("written", [{}, {"note": "x"}, {"known": True}])
def test_keys_without_value_or_reason_are_refused(written: Any) -> None:
    with pytest.raises(ValidationError, match="write the value itself"):
        BoolFact.model_validate(written)


@pytest.mark.parametrize("written", ["yes", "true", 1, 0, 1.0, [True], "unknown"])
def test_only_true_and_false_answer_yes_or_no(written: Any) -> None:
    with pytest.raises(ValidationError):
        BoolFact.model_validate(written)


@pytest.mark.parametrize("written", [-1, 1.5, "3", True, 10**30, float("nan"), float("inf")])
def test_only_whole_numbers_count(written: Any) -> None:
    with pytest.raises(ValidationError):
        CountFact.model_validate(written)


@pytest.mark.parametrize("written", ["soon", 20240603, 2024.5, True, ["2024"], "2024-02-30"])
def test_only_dates_are_dates(written: Any) -> None:
    with pytest.raises(ValidationError):
        DateFact.model_validate(written)


def test_a_year_alone_may_be_a_whole_number() -> None:
    assert DateFact.model_validate(2017).value == PartialDate.parse("2017")


def test_none_is_a_known_absence_and_not_an_unknown() -> None:
    fact = EndFact.model_validate("none")
    assert fact.is_known and str(fact.value) == "none"
    with pytest.raises(ValidationError):
        DateFact.model_validate("none")


@given(
    st.one_of(st.booleans(), st.none(), st.sampled_from(REASONS).map(lambda r: {"unknown": r})),
    st.fixed_dictionaries(
        {},
        optional={
            "known_on": st.sampled_from(["2024", "2024-05", "2024-05-18"]),
            "from": st.just("police"),
            "known_to": st.just(["gp", "school"]),
            "note": st.just("Told by telephone."),
        },
    ),
)
def test_a_fact_that_is_written_out_reads_back_the_same(value: Any, held: dict[str, Any]) -> None:
    written = value if isinstance(value, dict) else {"value": value}
    fact = BoolFact.model_validate({**written, **held})
    assert BoolFact.model_validate(fact.model_dump(mode="json")) == fact


def test_provenance_is_told_in_one_order() -> None:
    fact = BoolFact.model_validate({"value": True, "known_to": ["school", "gp"]})
    assert fact.provenance == {"known_to": ["gp", "school"]}


def test_a_list_written_bare_is_complete() -> None:
    listing = Names.model_validate(["b", "a"])
    assert listing.complete and listing.items == ("b", "a") and listing.is_known


def test_an_empty_list_is_known_to_be_empty() -> None:
    listing = Names.model_validate([])
    assert listing.complete and listing.is_known and listing.items == ()


def test_an_open_list_keeps_what_is_named() -> None:
    listing = Names.model_validate({"complete": False, "items": ["a"]})
    assert not listing.complete and listing.items == ("a",) and listing.is_known


@pytest.mark.parametrize("written", [None, {"unknown": "declined"}])
def test_an_absent_list_is_unknown_and_open(written: Any) -> None:
    listing = Names.model_validate(written)
    assert not listing.is_known and not listing.complete and listing.items == ()


@pytest.mark.parametrize(
    "written",
    [
        "a",
        {"complete": True},
        {"a": 1},
        {"items": "a"},
        {"unknown": "declined", "items": ["a"]},
        {"unknown": "declined", "complete": True},
        {"items": ["a"], "complete": "no"},
        3,
    ],
)
def test_a_list_in_another_form_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        Names.model_validate(written)


@pytest.mark.parametrize("written", [[], ["a"], {"complete": False, "items": []}, None])
def test_a_list_that_is_written_out_reads_back_the_same(written: Any) -> None:
    listing = Names.model_validate(written)
    assert Names.model_validate(listing.model_dump(mode="json")) == listing


@pytest.mark.parametrize("name", ["A", "a b", "-a", "a-", "", "é", "a" * 65, "a\n", "a.b", "a/b"])
def test_an_id_is_made_up_of_plain_letters(name: str) -> None:
    with pytest.raises(ValidationError):
        Names.model_validate([name])


@pytest.mark.parametrize("note", ["", "x" * 2001, 3])
def test_a_note_is_text_of_a_bounded_length(note: Any) -> None:
    with pytest.raises(ValidationError):
        BoolFact.model_validate({"value": True, "note": note})


def test_an_error_never_repeats_what_was_given() -> None:
    with pytest.raises(ValidationError) as error:
        BoolFact.model_validate("Jo Bloggs of Acacia Avenue")
    assert "Bloggs" not in str(error.value)
