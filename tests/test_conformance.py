"""The logic follows its truth tables, in the plain evaluation and in the compiled one."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor import truth
from advisor.case import Case
from advisor.compiled import compile_signals
from advisor.dates import PartialDate, Period
from advisor.language.documents import Signal
from advisor.proofs import accepts
from advisor.reading import read_file
from advisor.signals import ChildSignals
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth

TABLES = read_file(Path(__file__).parent / "conformance" / "truth.yaml").data
LETTERS = {"F": FALSE, "U": UNKNOWN, "T": TRUE}
FACTS = ("child.health.disabled", "child.health.born_early")
VALUES: dict[Truth, Any] = {FALSE: False, UNKNOWN: None, TRUE: True}


def evaluated(tree: Any, child: dict[str, Any] | None = None, **rest: Any) -> Truth:
    """The value of an expression about a child, from both evaluations, which must agree."""
    signal = Signal.model_validate(
        {"id": "child.it", "about": "child", "ask": "Is it?", "says": {"true": "it is"}, "is": tree}
    )
    data = {
        "snapshot": {"id": "table", "as_of": "2024-06-15"},
        "children": [{"id": "amy", **(child or {})}],
        **rest,
    }
    case = Case(Snapshot.from_data(data))
    signals = {"child.it": signal}
    plainly = ChildSignals(case, "amy", signals).value("child.it")
    compiled = compile_signals(signals, ["child.it"])(case, case.children["amy"])[0]
    assert plainly == compiled
    return plainly


def test_not_follows_its_table() -> None:
    for row in TABLES["not"]:
        assert truth.negate(LETTERS[row["value"]]) is LETTERS[row["gives"]]
        health = {"disabled": VALUES[LETTERS[row["value"]]]}
        tree = {"not": {"fact": FACTS[0]}}
        assert evaluated(tree, {"health": health}) is LETTERS[row["gives"]]


@pytest.mark.parametrize("operator", ["all", "any"])
def test_all_and_any_follow_their_tables(operator: str) -> None:
    together = truth.all_of if operator == "all" else truth.any_of
    for first, second in product(LETTERS, LETTERS):
        expected = LETTERS[TABLES[operator][first][list(LETTERS).index(second)]]
        assert together([LETTERS[first], LETTERS[second]]) is expected
        health = {"disabled": VALUES[LETTERS[first]], "born_early": VALUES[LETTERS[second]]}
        tree = {operator: [{"fact": fact} for fact in FACTS]}
        assert evaluated(tree, {"health": health}) is expected


def plans(members: list[str], *, complete: bool) -> dict[str, Any]:
    items = [{"working": VALUES[LETTERS[member]]} for member in members]
    return {"plans": {"complete": complete, "items": items}}


@pytest.mark.parametrize("operator", ["some", "every", "at_least_two"])
def test_quantifiers_follow_their_tables_over_complete_and_open_lists(operator: str) -> None:
    where = {"fact": "plan.working"}
    tree: dict[str, Any] = {operator: "child.plans", "where": where}
    if operator == "at_least_two":
        tree = {"count": "child.plans", "at_least": 2, "where": where}
    for row in TABLES[operator]:
        for members in {tuple(row["members"]), tuple(reversed(row["members"]))}:
            for complete in (True, False):
                expected = LETTERS[row["complete" if complete else "open"]]
                assert evaluated(tree, plans(list(members), complete=complete)) is expected


def test_the_tables_hold_every_combination() -> None:
    pairs = {tuple(sorted(pair)) for pair in product(LETTERS, LETTERS)}
    wanted = {(), *((letter,) for letter in LETTERS), *pairs}
    for operator in ("some", "every", "at_least_two"):
        assert {tuple(sorted(row["members"])) for row in TABLES[operator]} == wanted
    assert len(TABLES["accepts"]) == 7


def test_an_absent_list_is_unknown_and_open() -> None:
    where = {"fact": "plan.working"}
    assert evaluated({"some": "child.plans", "where": where}) is UNKNOWN
    assert evaluated({"every": "child.plans", "where": where}) is UNKNOWN
    assert evaluated({"count": "child.plans", "at_least": 1, "where": where}) is UNKNOWN


def test_accepting_values_follows_its_table() -> None:
    for row in TABLES["accepts"]:
        for letter, value in LETTERS.items():
            assert accepts(frozenset(row["words"]), value) is LETTERS[row[letter]]


def test_facts_follow_their_table() -> None:
    for row in TABLES["facts"]:
        for known, expected in row["known"].items():
            child = {"movement": {"walks": known == "true"}}
            assert evaluated(row["test"], child) is LETTERS[expected]
        assert evaluated(row["test"]) is LETTERS[row["unknown"]]


@pytest.mark.parametrize("row", TABLES["dates"], ids=lambda row: f"{row['first']}-{row['second']}")
def test_dates_follow_their_table(row: dict[str, str]) -> None:
    first, second = PartialDate.parse(row["first"]), PartialDate.parse(row["second"])
    assert first.before(second) is LETTERS[row["before"]]
    assert first.within(Period(12, "month"), second) is LETTERS[row["within"]]


@given(
    st.sampled_from(["2022", "2023-06", "2024-06-01", "2024", "2024-06"]),
    st.sampled_from(["2022", "2023-06", "2024-06-01", "2024", "2024-06"]),
    st.integers(1, 24),
)
def test_a_partial_date_decides_only_what_all_its_days_decide(
    first: str, second: str, months: int
) -> None:
    one, other = PartialDate.parse(first), PartialDate.parse(second)
    period = Period(months, "month")
    ends = [
        (PartialDate(a, a), PartialDate(b, b))
        for a in (one.first, one.last)
        for b in (other.first, other.last)
    ]
    decided = one.before(other)
    assert decided is UNKNOWN or {a.before(b) for a, b in ends} == {decided}
    within = one.within(period, other)
    assert within is UNKNOWN or {a.within(period, b) for a, b in ends} == {within}


values = st.sampled_from(list(Truth))


@given(st.lists(values, max_size=5), st.booleans(), st.integers(1, 3))
def test_learning_more_never_turns_a_decided_answer_round(
    members: list[Truth], complete: bool, number: int
) -> None:
    for resolve in (TRUE, FALSE):
        learnt = [resolve if value is UNKNOWN else value for value in members]
        for before, after in (
            (truth.all_of(members), truth.all_of(learnt)),
            (truth.any_of(members), truth.any_of(learnt)),
            (truth.some(members, complete=complete), truth.some(learnt, complete=True)),
            (truth.every(members, complete=complete), truth.every(learnt, complete=True)),
            (
                truth.at_least(members, number, complete=complete),
                truth.at_least(learnt, number, complete=True),
            ),
        ):
            assert before is UNKNOWN or after is before


@given(st.lists(values, max_size=5), st.booleans())
def test_not_some_is_every_not(members: list[Truth], complete: bool) -> None:
    turned = [truth.negate(value) for value in members]
    assert truth.negate(truth.some(members, complete=complete)) is truth.every(
        turned, complete=complete
    )
