"""The ten promises of the product: each has a test here that fails when it is broken.

Most of them have further tests beside the part that keeps them.
"""

from __future__ import annotations

import json
import random
import re
import socket
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from advisor import cli
from advisor.advice import NOTICE
from advisor.advise import advise
from advisor.data import scenarios_folder
from advisor.lint import Subject
from advisor.lint.checks import FairConditions
from advisor.pack import Pack, load
from advisor.problems import InputError
from advisor.scenario import Scenario, scenarios
from advisor.snapshot import Snapshot
from advisor.vocabulary import entries
from tests.generation import SnapshotMaker, shuffled
from tests.making import FACTS, case_data, letters, pack, rule, signal, snapshot

COUNTS = {"rules", "in_play", "raised", "needs_information"}


@cache
def shipped() -> Pack:
    return load()


@cache
def every_scenario() -> list[Scenario]:
    return list(scenarios(scenarios_folder()))


def numbers_in(part: Any, path: str = "") -> set[str]:
    """The names of everything in the advice that is a number."""
    if isinstance(part, dict):
        return {found for key, value in part.items() for found in numbers_in(value, key)}
    if isinstance(part, list):
        return {found for value in part for found in numbers_in(value, path)}
    return {path} if isinstance(part, int | float) and not isinstance(part, bool) else set()


def test_promise_1_no_number_in_the_advice_is_about_a_child() -> None:
    # A value that was entered is shown again as it was entered; everything else counts rules.
    entered = {"value", "answer", "rule_version"}
    for scenario in every_scenario():
        advice = json.loads(advise(scenario.snapshot, shipped()).model_dump_json())
        assert numbers_in(advice) <= COUNTS | entered


def test_promise_1_the_order_of_prompts_is_authored_and_not_worked_out_from_the_case() -> None:
    orders = [
        [prompt.rule for prompt in advise(each.snapshot, shipped()).prompts]
        for each in every_scenario()
    ]
    authored = list(shipped().rules)
    urgency = {name: each.prompt.urgency for name, each in shipped().rules.items()}
    for order in orders:
        places = [authored.index(name) for name in order]
        for first, second in pairwise(places):
            same = urgency[authored[first]] == urgency[authored[second]]
            assert same or first < second


@pytest.mark.parametrize("form", ["text", "json"])
def test_promise_2_every_output_says_that_silence_is_not_reassurance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case_data()), encoding="utf-8")
    assert cli.main(["check", str(path), "--format", form]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert NOTICE in said
    assert "does not mean that a child is safe" in NOTICE


def test_promise_2_a_case_of_which_nothing_is_known_is_never_silent_about_it() -> None:
    advice = advise(snapshot(), shipped())
    listed = {name for each in advice.not_evaluated for name in each.rules}
    assert len(listed) > len(shipped().rules) / 2
    assert all(each.why and each.unknown for each in advice.not_evaluated)


def test_promise_3_an_unknown_never_raises_or_settles_what_only_a_no_does() -> None:
    made = rule("one", [{"signal": "child.a", "is": "false"}])
    verdicts = {}
    for value in "TFU":
        advice = advise(snapshot(letters(value)), pack([made]))
        verdicts[value] = [prompt.verdict for prompt in advice.prompts]
    assert verdicts == {"T": [], "F": ["raised"], "U": ["needs_information"]}


def test_promise_3_what_rests_on_absence_says_so_and_why() -> None:
    made = rule("one", [{"signal": "child.a", "is": "unknown"}])
    child = {"health": {"disabled": {"unknown": "declined"}}}
    (prompt,) = advise(snapshot(child), pack([made])).prompts
    assert prompt.rests_on_absence
    assert [(each.path, each.reason) for each in prompt.unknown] == [
        ("children.amy.health.disabled", "declined to say")
    ]


def test_promise_4_every_prompt_cites_a_place_in_a_review() -> None:
    seen = 0
    for scenario in every_scenario():
        for prompt in advise(scenario.snapshot, shipped()).prompts:
            seen += 1
            assert prompt.sources
            for source in prompt.sources:
                assert source.review in shipped().reviews and all(source.at) and source.finding
    assert seen > 100


def test_promise_4_a_rule_that_cites_no_finding_is_refused() -> None:
    with pytest.raises(ValueError, match="sources"):
        rule("one", ["child.a"], sources=[])


def test_promise_5_nothing_learnt_later_reaches_a_rule() -> None:
    for late in ({"known_on": "2024-06-04"}, {"known_on": "2025"}):
        with pytest.raises(InputError):
            snapshot({"health": {"disabled": {"value": True, **late}}})
        with pytest.raises(InputError):
            snapshot({"injuries": {"complete": False, "items": [], **late}})


def test_promise_5_the_decision_proposed_is_a_fact_and_what_came_of_it_is_none() -> None:
    paths = [entry.path for entry in entries()]
    assert "referral.decision" in paths
    outcomes = re.compile(r"(^|[._])(outcome|later|eventual|died|death|result|afterwards)([._]|$)")
    found = [path for path in paths if outcomes.search(path)]
    assert found == ["event.outcome"]  # of an earlier contact, known by the day like all else


def test_promise_6_every_child_of_the_household_is_looked_at_in_any_position() -> None:
    data = case_data()
    data["referral"] = {"about": ["amy"]}
    data["children"] = [
        {"id": "amy"},
        {"id": "ben", **letters("T")},
        {"id": "cal", "due": "2024-09"},
    ]
    made = Snapshot.from_data(data)
    advice = advise(made, pack([rule("one", ["child.a"])]))
    told = {child for prompt in advice.prompts for child in prompt.children}
    assert told == {"amy", "ben", "cal"}  # ben's is raised; of the others it is asked


def test_promise_6_every_prompt_is_about_a_child_of_the_case() -> None:
    for scenario in every_scenario():
        children = {child.id for child in scenario.snapshot.children.items}
        for prompt in advise(scenario.snapshot, shipped()).prompts:
            assert prompt.children and set(prompt.children) <= children


def test_promise_7_the_same_case_gives_the_same_bytes_in_any_order() -> None:
    chance = random.Random(77)
    for scenario in every_scenario()[::4]:
        expected = advise(scenario.snapshot, shipped()).model_dump_json()
        again = Snapshot.from_data(shuffled(scenario.whole_case, chance))
        assert advise(again, load()).model_dump_json() == expected


def test_promise_8_ordinary_referrals_stay_within_their_budget() -> None:
    ordinary = [each for each in every_scenario() if each.path.parent.name == "ordinary"]
    numbers = [len(advise(each.snapshot, shipped()).prompts) for each in ordinary]
    assert len(ordinary) >= 40
    assert max(numbers) <= 3 and sum(numbers) <= len(numbers) / 2, numbers


PERSONAL = re.compile(
    r"ethnic|race\b|religio|faith|belief|(^|[._])sex([._]|$)|gender|orientation|nationality|"
    r"immigration|language|skin|culture"
)


def test_promise_9_no_value_of_a_protected_kind_can_even_be_entered() -> None:
    personal = [entry for entry in entries() if PERSONAL.search(entry.path)]
    assert {entry.path for entry in personal} == {
        "child.ethnicity_recorded",
        "child.culture_explored",
    }
    assert all(not entry.slot.choices for entry in personal)


class Noting(Subject):
    """A subject that keeps what a check says of it."""

    def __init__(self, used: Pack) -> None:
        super().__init__(used, None)
        self.told: list[str] = []

    def problem(self, item: str, path: Any, message: str) -> Any:
        self.told.append(f"{item}: {message}")


@pytest.mark.parametrize("fact", ["adult.aged_under_21", "adult.pregnant"])
def test_promise_9_lint_refuses_a_rule_that_rests_on_an_adults_age_or_pregnancy(fact: str) -> None:
    tree = {"some": "child.adults", "where": {"fact": fact}}
    subject = Noting(pack([rule("one", ["child.it"])], [signal("child.it", tree)]))
    list(FairConditions().problems(subject))
    assert len(subject.told) == 1 and f"child.it: no rule may rest on {fact}" in subject.told[0]


def test_promise_9_no_shipped_rule_rests_on_what_it_may_not() -> None:
    assert list(FairConditions().problems(Subject(shipped(), None))) == []


def test_promise_10_advice_is_given_without_any_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("something tried to reach another machine")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    maker = SnapshotMaker(10, 0.5)
    used = load()
    for _ in range(5):
        assert advise(Snapshot.from_data(maker.snapshot()), used).notice
    assert set(FACTS)


@pytest.mark.parametrize("name", ["Jo Bloggs", "Jo", "jo.bloggs", "JB"])
def test_promise_10_no_name_is_needed_and_none_is_accepted(name: str) -> None:
    with pytest.raises(InputError):
        snapshot({"id": name})
