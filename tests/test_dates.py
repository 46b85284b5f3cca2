"""Partial dates are intervals, and periods are calendar time."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.dates import PartialDate, Period, whole_months
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth, truth

days = st.dates(dt.date(2022, 1, 1), dt.date(2025, 12, 31))
short = st.builds(
    lambda day, form: PartialDate.parse(f"{day:%Y-%m-%d}"[:form]), days, st.sampled_from([7, 10])
)
whole = st.builds(lambda day, form: f"{day:%Y-%m-%d}"[:form], days, st.sampled_from([4, 7, 10]))
periods = st.builds(Period, st.integers(0, 60), st.sampled_from(["day", "week", "month", "year"]))


def each_day(date: PartialDate) -> list[PartialDate]:
    length = (date.last - date.first).days + 1
    found = [date.first + dt.timedelta(days=number) for number in range(length)]
    return [PartialDate(day, day) for day in found]


def decided(answers: set[Truth]) -> Truth:
    return answers.pop() if len(answers) == 1 else UNKNOWN


@given(whole)
def test_a_date_is_written_as_it_was_read(text: str) -> None:
    assert str(PartialDate.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)
def test_a_partial_date_is_every_day_that_it_could_be(text: str, first: str, last: str) -> None:
    date = PartialDate.parse(text)
    assert (date.first.isoformat(), date.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-6-3",
        "03/06/2024",
        "2024-06-03T00:00",
        "2024-06-03\n",
        " 2024",
        "2024-",
        "-1",
    ],
)
def test_another_way_of_writing_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        PartialDate.parse(text)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13", "2024-00", "2024-04-31", "2024-01-00"])
def test_a_day_or_month_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such day or month"):
        PartialDate.parse(text)


@pytest.mark.parametrize("text", ["1899", "2200-01", "0000", "9999-12-31"])
def test_a_year_outside_living_memory_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1900 to 2199"):
        PartialDate.parse(text)


@pytest.mark.parametrize("text", ["٢٠٢٤", "２０２４-０６", "२०२४-०६-०३"])
def test_only_the_digits_0_to_9_make_a_date(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.parse(text)


@settings(max_examples=60)
@given(short, short)
def test_before_is_known_exactly_where_every_day_it_could_be_agrees(
    one: PartialDate, other: PartialDate
) -> None:
    answers = {truth(a.first < b.first) for a in each_day(one) for b in each_day(other)}
    assert one.before(other) is decided(answers)
    later = {truth(a.first <= b.first) for a in each_day(one) for b in each_day(other)}
    assert one.on_or_before(other) is decided(later)


@settings(max_examples=60)
@given(short, short, periods)
def test_within_is_known_exactly_where_every_day_it_could_be_agrees(
    one: PartialDate, end: PartialDate, period: Period
) -> None:
    answers = {
        truth(period.before(b.first) <= a.first <= b.first)
        for a in each_day(one)
        for b in each_day(end)
    }
    assert one.within(period, end) is decided(answers)


@given(whole, whole)
def test_no_date_is_before_itself_or_before_and_after_another(one: str, other: str) -> None:
    first, second = PartialDate.parse(one), PartialDate.parse(other)
    assert first.before(first) in (FALSE, UNKNOWN)
    assert not (first.before(second) is TRUE and second.before(first) is TRUE)
    assert (first.before(second) is TRUE) == (second.on_or_before(first) is FALSE)


@given(st.lists(whole, max_size=6))
def test_dates_sort_the_same_in_any_order(texts: list[str]) -> None:
    dates = [PartialDate.parse(text) for text in texts]
    dates.sort()
    assert all(not later < early for early, later in pairwise(dates))
    assert dates == sorted({*dates}) or len({*dates}) < len(dates)


@pytest.mark.parametrize(
    ("period", "day", "before"),
    [
        ("1 month", "2024-03-31", "2024-02-29"),
        ("12 months", "2024-02-29", "2023-02-28"),
        ("1 year", "2024-06-03", "2023-06-03"),
        ("6 weeks", "2024-06-03", "2024-04-22"),
        ("0 days", "2024-06-03", "2024-06-03"),
        ("1 month", "2024-01-15", "2023-12-15"),
    ],
)
def test_a_period_counts_back_in_calendar_time(period: str, day: str, before: str) -> None:
    assert Period.parse(period).before(dt.date.fromisoformat(day)).isoformat() == before


@pytest.mark.parametrize("text", ["9999 years", "9999 months", "9999 weeks", "9999 days"])
def test_the_longest_period_reaches_no_further_than_the_calendar(text: str) -> None:
    assert Period.parse(text).before(dt.date(1900, 1, 1)) < dt.date(1900, 1, 1)


@pytest.mark.parametrize(
    "text", ["", "6", "six weeks", "-1 days", "1.5 years", "10000 days", "1 d"]
)
def test_another_way_of_writing_a_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a number and days, weeks, months or years"):
        Period.parse(text)


@given(periods)
def test_a_period_is_written_as_it_is_read(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(days, days, periods)
def test_a_later_day_has_no_earlier_beginning(one: dt.date, other: dt.date, period: Period) -> None:
    early, late = sorted([one, other])
    assert period.before(early) <= period.before(late)


@given(days, st.integers(0, 30))
def test_so_many_months_back_is_so_many_whole_months_ago(day: dt.date, months: int) -> None:
    assert whole_months(Period(months, "month").before(day), day) == months


@given(days, days)
def test_nobody_grows_younger(born: dt.date, day: dt.date) -> None:
    assert whole_months(born, day) <= whole_months(born, day + dt.timedelta(days=1))
    assert whole_months(born, day) >= whole_months(born + dt.timedelta(days=1), day)
