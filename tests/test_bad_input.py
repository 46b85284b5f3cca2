"""Input at fault is refused with its field and what to do, and never takes the program down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.lint import lint
from advisor.pack import load
from advisor.problems import InputError, Problem
from advisor.reading import read_text
from advisor.snapshot import Snapshot
from tests.generation import SnapshotMaker
from tests.making import DAY, case_data


def problems(child: Any = None, **rest: Any) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        Snapshot.from_data(case_data(child, **rest))
    return error.value.problems


def assert_told(found: tuple[Problem, ...], field: str, words: str) -> None:
    assert any(each.field == field and words in each.message for each in found), found


@pytest.mark.parametrize(
    ("child", "field", "words"),
    [
        ({"injurys": []}, "children[0].injurys", "Did you mean injuries?"),
        ({"movement": {"wals": True}}, "children[0].movement.wals", "Did you mean walks?"),
        (
            {"injuries": [{"sits": []}]},
            "children[0].injuries[0].sits",
            "Did you mean sites?",
        ),
        (
            {"injuries": {"complete": False, "items": [{"kinds": "burn"}]}},
            "children[0].injuries.items[0].kinds",
            "Did you mean kind?",
        ),
        (
            {"injuries": [{"kind": "bruize"}]},
            "children[0].injuries[0].kind",
            "Did you mean bruise?",
        ),
        (
            {"movement": {"walks": {"unknwon": "declined"}}},
            "children[0].movement.walks",
            "{unknown: reason}",
        ),
        (
            {"movement": {"walks": {"unknown": "refused"}}},
            "children[0].movement.walks.unknown",
            "not one of its values",
        ),
        (
            {"movement": {"walks": {"value": True, "knwon_on": DAY}}},
            "children[0].movement.walks.knwon_on",
            "Did you mean known_on?",
        ),
    ],
)
def test_a_misspelt_fact_or_value_is_named_with_the_one_that_was_meant(
    child: dict[str, Any], field: str, words: str
) -> None:
    assert_told(problems(child), field, words)


@pytest.mark.parametrize(
    ("child", "field", "words"),
    [
        ({"movement": {"walks": "yes"}}, "children[0].movement.walks", "true or false"),
        ({"movement": {"walks": 1}}, "children[0].movement.walks", "true or false"),
        ({"movement": []}, "children[0].movement", "write keys"),
        ({"injuries": "bruise"}, "children[0].injuries", "write a list"),
        ({"injuries": ["bruise"]}, "children[0].injuries[0]", "write keys"),
        ({"born": "3 June"}, "children[0].born", "YYYY-MM-DD"),
        ({"born": "2024-02-30"}, "children[0].born", "no such day"),
        ({"born": 1.5}, "children[0].born", "YYYY-MM-DD"),
        ({"age": {"months": -1}}, "children[0].age.months", "0 or more"),
        ({"age": {"years": 30}}, "children[0].age.years", "17 or less"),
        ({"age": 3}, "children[0].age", "write keys"),
        (
            {"health": {"appointments_missed": 1.5}},
            "children[0].health.appointments_missed",
            "whole",
        ),
        (
            {"health": {"appointments_missed": float("nan")}},
            "children[0].health.appointments_missed",
            "whole",
        ),
        (
            {"health": {"appointments_missed": float("inf")}},
            "children[0].health.appointments_missed",
            "whole",
        ),
        (
            {"health": {"appointments_missed": 10**400}},
            "children[0].health.appointments_missed",
            "",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_named_with_what_to_write(
    child: dict[str, Any], field: str, words: str
) -> None:
    assert_told(problems(child), field, words)


@pytest.mark.parametrize(
    ("rest", "field", "words"),
    [
        (
            {"child": {"plans": [{"started_on": "2024-05", "ended_on": "2024-04"}]}},
            "children[0].plans[0].ended_on",
            "before started_on",
        ),
        (
            {"child": {"injuries": [{"happened_on": "2024-05-02", "seen_on": "2024-05-01"}]}},
            "children[0].injuries[0].seen_on",
            "before happened_on",
        ),
        (
            {"child": {"born": "2024-05-02", "injuries": [{"seen_on": "2024-05-01"}]}},
            "children[0].injuries[0].seen_on",
            "before the child was born",
        ),
        (
            {"child": {"born": "2024-05-02"}, "referral": {"received_on": "2024-05-01"}},
            "children[0].born",
            "born after the referral",
        ),
        ({"child": {"born": "2024-06-04"}}, "children[0].born", "after the snapshot's day"),
        ({"child": {"due": "2021-01"}}, "children[0].due", ""),
        (
            {"referral": {"received_on": "2024-05-01", "incident_on": "2024-05-02"}},
            "referral.incident_on",
            "",
        ),
        (
            {"child": {"born": "2024-05", "seen": {"last_seen_on": "2024-03"}}},
            "children[0].seen.last_seen_on",
            "",
        ),
        ({"child": {"born": "2024-01", "due": "2024-09"}}, "children[0]", "one of born, due"),
        ({"child": {"age": {"months": 1, "weeks": 4}}}, "children[0].age", "give one of years"),
        ({"child": {"age": {}}}, "children[0].age", "give one of years"),
        ({"child": {"age": {"years": None}}}, "children[0].age", "give one of years"),
        (
            {"child": {"due": "2024-09", "movement": {"walks": False}}},
            "children[0].movement.walks",
            "an unborn child has no milestones",
        ),
        (
            {"child": {"due": "2024-09", "injuries": [{"kind": "bruise"}]}},
            "children[0].injuries",
            "an unborn child has no injuries",
        ),
    ],
)
def test_dates_that_cannot_all_be_right_are_refused(
    rest: dict[str, Any], field: str, words: str
) -> None:
    rest = dict(rest)
    assert_told(problems(rest.pop("child", {}), **rest), field, words)


@pytest.mark.parametrize(
    ("rest", "field", "words"),
    [
        ({"referral": {"about": ["amiy"]}}, "referral.about[0]", "Did you mean amy?"),
        ({"events": [{"children": ["ben"]}]}, "events[0].children[0]", "no child ben"),
        ({"events": [{"adults": ["dee"]}]}, "events[0].adults[0]", "no adult dee"),
        (
            {"adults": [{"id": "dee", "links": [{"child": "ben"}]}]},
            "adults[0].links[0].child",
            "no child ben",
        ),
        (
            {"adults": [{"id": "dee", "links": [{"child": "amy"}, {"child": "amy"}]}]},
            "adults[0].links[1].child",
            "two links",
        ),
        ({"adults": [{"id": "dee", "partner_of": "eve"}]}, "adults[0].partner_of", "no adult eve"),
        ({"adults": [{"id": "amy"}]}, "adults[0].id", "used twice"),
        ({"adults": [{"id": "dee"}, {"id": "dee"}]}, "adults[1].id", "used twice"),
        (
            {"child": {"injuries": [{"id": "a"}, {"id": "a"}]}},
            "children[0].injuries[1].id",
            "twice",
        ),
        ({"events": [{"id": "a"}, {"id": "a"}]}, "events[1].id", "twice"),
        ({"services": [{"id": "a"}, {"id": "a"}]}, "services[1].id", "twice"),
        ({"meetings": [{"id": "a"}, {"id": "a"}]}, "meetings[1].id", "twice"),
        ({"referral": {"reports": ["neglect", "neglect"]}}, "referral.reports[1]", "listed twice"),
        ({"adults": [{"id": "Dee Bloggs"}]}, "adults[0].id", "made up, never a name"),
    ],
)
def test_ids_that_lead_nowhere_or_to_two_places_are_refused(
    rest: dict[str, Any], field: str, words: str
) -> None:
    rest = dict(rest)
    assert_told(problems(rest.pop("child", {}), **rest), field, words)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\x1b[31mred", "a\x07"])
def test_characters_that_no_text_holds_are_refused_however_the_data_came(text: str) -> None:
    held = {"movement": {"walks": {"value": True, "note": text}}}
    assert problems(held)[0].field.startswith("children[0].movement.walks")


@pytest.mark.parametrize("name", ["a\x00", "\ud800", "a" * 100_000, "\u202eamy", "ａｍｙ"])
def test_an_id_of_odd_characters_is_refused(name: str) -> None:
    assert problems({"id": name})[0].field == "children[0].id"


def test_all_faults_are_told_at_once_on_their_lines() -> None:
    text = (
        f"snapshot: {{id: x, as_of: {DAY}}}\nchildren:\n  - id: amy\n    bron: 2024\n    born: x\n"
    )
    with pytest.raises(InputError) as error:
        Snapshot.from_document(read_text(text, "case.yaml"))
    assert [(each.line, each.field) for each in error.value.problems] == [
        (4, "children[0].bron"),
        (5, "children[0].born"),
    ]


def test_faults_between_parts_stand_on_their_lines() -> None:
    text = (
        f"snapshot: {{id: x, as_of: {DAY}}}\nchildren:\n  complete: false\n  items:\n"
        "    - id: amy\nevents:\n  - id: fell\n    children:\n      - ben\n"
    )
    with pytest.raises(InputError) as error:
        Snapshot.from_document(read_text(text, "case.yaml"))
    assert [each.line for each in error.value.problems] == [9]


@pytest.mark.parametrize("data", [None, [], "text", 3, {}, {"snapshot": None}, {"children": []}])
def test_what_is_no_snapshot_at_all_is_refused(data: Any) -> None:
    with pytest.raises(InputError):
        Snapshot.from_data(data)


def test_deeply_nested_data_is_refused_and_does_not_overflow() -> None:
    deep: Any = True
    for _ in range(50_000):
        deep = {"value": deep}
    with pytest.raises(InputError):
        Snapshot.from_data(case_data({"movement": {"walks": deep}}))


def test_no_message_repeats_the_case() -> None:
    secret = "Jo Bloggs of Acacia Avenue"
    for child in ({"born": secret}, {"injuries": [{"kind": secret}]}, {"movement": secret}):
        assert all("Bloggs" not in str(each) for each in problems(child))


JUNK = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4),
        st.sampled_from(["2024", "none", "amy", "bruise"]),
    ),
    lambda part: st.lists(part, max_size=2)
    | st.dictionaries(st.sampled_from(["value", "unknown", "items", "complete", "id"]), part),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 300), JUNK, st.randoms(use_true_random=False))
def test_a_snapshot_with_something_replaced_is_read_or_refused(
    seed: int, junk: Any, chance: Any
) -> None:
    data = SnapshotMaker(seed, 0.5).snapshot()
    place: Any = data
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = chance.choice(keys)
        if not isinstance(place[key], dict | list) or chance.random() < 0.2:
            place[key] = junk
            break
        place = place[key]
    try:
        Snapshot.from_data(data).sha256  # noqa: B018 - worked out only when it is asked for
    except InputError as error:
        assert all(each.message for each in error.problems)


_MANY = """
from advisor.advise import advise
from advisor.pack import load
from tests.making import snapshot
injury = {"kind": "bruise", "sites": ["face"], "seen_on": "2024-06-01"}
print(len(advise(snapshot({"born": "2024-03", "injuries": [injury] * 10_000}), load()).prompts))
"""


def test_ten_thousand_injuries_are_advised_on_in_bounded_time() -> None:
    command = [sys.executable, "-c", _MANY]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=60, check=True)
    assert int(done.stdout) > 0


def test_a_circular_signal_is_refused_where_it_stands(small_pack: Path) -> None:
    path = small_pack / "signals" / "child.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("is: {fact: child.movement.walks}", "is: {not: child.limps}")
    text += (
        "\n- id: child.limps\n  about: child\n  ask: Does {child} limp?\n"
        "  says: {true: it limps}\n  is: {any: [child.walks]}\n"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="in a circle: ") as error:
        load(small_pack)
    (problem,) = error.value.problems
    assert problem.source.endswith("child.yaml") and problem.line > 1


@pytest.mark.parametrize(
    "and_",
    [
        "[child.walks, {signal: child.walks, is: false}]",
        "[{at_least: 3, of: [child.walks, child.has_mark]}]",
    ],
)
def test_a_rule_that_nothing_can_raise_is_found_by_lint(small_pack: Path, and_: str) -> None:
    path = small_pack / "absent-information" / "walking.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("    - {signal: child.walks, is: unknown}", f"    {and_}")
    path.write_text(text, encoding="utf-8")
    found = [each for each in lint(load(small_pack)) if "nothing can raise it" in each.message]
    assert found and found[0].source.endswith("walking.yaml") and found[0].line > 1
