"""Signals compiled to Python give what the plain evaluation gives, and run no author's text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.case import Case
from advisor.compiled import compile_signals
from advisor.language.documents import Signal
from advisor.signals import ChildSignals
from advisor.snapshot import Snapshot
from advisor.truth import Truth
from tests.generated_packs import generated_pack
from tests.generation import SnapshotMaker
from tests.making import case_data, signal, snapshot

DISABLED = {"fact": "child.health.disabled"}


def value(signals: dict[str, Signal], wanted: str, child: Any = None, **rest: Any) -> Truth:
    case = Case(snapshot(child, **rest))
    (found,) = compile_signals(signals, [wanted])(case, case.children["amy"])
    plainly = ChildSignals(case, "amy", signals).value(wanted)
    assert Truth(found) is plainly
    return plainly


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_both_evaluations_agree_on_any_signals_and_any_case(pack_seed: int, seed: int) -> None:
    signals = generated_pack(pack_seed, signals=12, rules=1).signals
    wanted = [n for n, s in signals.items() if s.about in ("child", "referral")]
    case = Case(Snapshot.from_data(SnapshotMaker(seed, 0.5).snapshot()))
    evaluate = compile_signals(signals, wanted)
    for child in case.children:
        plainly = ChildSignals(case, child, signals)
        assert list(evaluate(case, case.children[child])) == [plainly.value(n) for n in wanted]


def test_values_come_in_the_order_in_which_they_are_asked_for() -> None:
    signals = {n: signal(n, DISABLED) for n in ("child.a", "child.b")}
    signals["child.c"] = signal("child.c", {"not": "child.a"})
    case = Case(snapshot({"health": {"disabled": True}}))
    for wanted, expected in ((["child.c", "child.a"], [0, 2]), (["child.a", "child.c"], [2, 0])):
        assert list(compile_signals(signals, wanted)(case, case.children["amy"])) == expected


def test_nothing_asked_for_is_nothing_worked_out() -> None:
    case = Case(snapshot())
    assert list(compile_signals({}, [])(case, case.children["amy"])) == []


def test_a_signal_is_worked_out_after_those_it_reads_wherever_they_are_declared() -> None:
    signals = {
        "child.top": signal("child.top", {"all": ["child.middle", {"not": "child.low"}]}),
        "child.middle": signal("child.middle", {"signal": "child.low", "is": ["unknown"]}),
        "child.low": signal("child.low", DISABLED),
    }
    assert value(signals, "child.top").word == "unknown"
    assert value(signals, "child.top", {"health": {"disabled": True}}).word == "false"


def test_a_signal_about_a_member_reads_the_childs_own_signals() -> None:
    signals = {
        "child.small": signal("child.small", DISABLED),
        "injury.odd": signal(
            "injury.odd", {"all": ["child.small", {"fact": "injury.kind", "is": "bite"}]}
        ),
        "child.it": signal("child.it", {"some": "child.injuries", "where": "injury.odd"}),
    }
    child = {"health": {"disabled": True}, "injuries": [{"kind": "bite"}]}
    assert value(signals, "child.it", child).word == "true"
    assert value(signals, "child.it", {**child, "health": {"disabled": False}}).word == "false"


def test_a_long_and_deep_expression_compiles() -> None:
    tree: Any = DISABLED
    for number in range(30):
        tree = {"all": [tree, {"not": DISABLED}]} if number % 2 else {"any": [tree, {"not": tree}]}
        if number > 7:
            break
    wide = {"any": [{"fact": "child.health.born_early"}] * 300 + [tree]}
    signals = {"child.it": signal("child.it", wide)}
    assert value(signals, "child.it", {"health": {"born_early": True}}).word == "true"


def test_a_depth_that_python_cannot_hold_still_compiles() -> None:
    tree: Any = DISABLED
    for _ in range(30):
        tree = {"all": [{"any": [tree]}]}
    signals = {"child.it": signal("child.it", tree)}
    assert value(signals, "child.it", {"health": {"disabled": True}}).word == "true"


def test_many_lists_inside_one_another_compile() -> None:
    inner: Any = {"fact": "injury.known_birthmark"}
    for _ in range(25):
        inner = {"some": "child.injuries", "where": inner}
    signals = {"child.it": signal("child.it", inner)}
    assert value(signals, "child.it", {"injuries": [{"known_birthmark": True}]}).word == "true"


@pytest.mark.parametrize(
    "text",
    ["x'); raise SystemExit(('", '"""', "\\", "__import__('os').abort()", "\n raise SystemExit"],
)
def test_words_of_an_author_are_compared_and_never_run(text: str) -> None:
    signals = {
        "child.it": signal(
            "child.it",
            {"fact": "child.interim_safety", "in": [text, "none"]},
            ask=f"Is it so? {text}",
            note=f"A remark of an author: {text}",
        )
    }
    assert value(signals, "child.it", {"interim_safety": "none"}).word == "true"
    assert value(signals, "child.it", {"interim_safety": "in_place"}).word == "false"


def test_a_case_is_left_as_it_was() -> None:
    made = Snapshot.from_data(case_data({"injuries": [{"kind": "bite"}]}))
    case = Case(made)
    signals = generated_pack(5).signals
    wanted = [n for n, s in signals.items() if s.about == "child"]
    before = made.model_dump_json()
    first = list(compile_signals(signals, wanted)(case, case.children["amy"]))
    again = list(compile_signals(signals, wanted)(case, case.children["amy"]))
    assert first == again and made.model_dump_json() == before
