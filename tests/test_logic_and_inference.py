"""Verdicts follow from conditions, the same in both engines, and a lost match is never silent."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from advisor import inference
from advisor.advise import advise
from advisor.case import Case
from advisor.engine import Engine
from advisor.inference import AVAILABLE, DurableRules, EngineError
from advisor.interpreter import Interpreter
from advisor.language.documents import Rule
from advisor.logic import Outcome, in_order, logic_of, verdict_of
from advisor.pack import load
from advisor.problems import InputError
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth
from tests.generated_packs import generated_pack
from tests.generation import SnapshotMaker
from tests.making import letters, pack, rule, snapshot

LETTERS = {"F": FALSE, "U": UNKNOWN, "T": TRUE}
NAMES = ("child.a", "child.b", "child.c", "child.d")
durable_rules_engine: Any = vars(inference)["durable"]
durable_only = pytest.mark.skipif(not AVAILABLE, reason="durable-rules is not installed here")


def outcomes(rules: Sequence[Rule], values: str) -> dict[str, Outcome]:
    """The outcomes from both engines, which must agree, for values such as ``TFU``."""
    held = {name: LETTERS[letter] for name, letter in zip(NAMES, values, strict=False)}
    found = Interpreter(rules).outcomes(held.__getitem__)
    if AVAILABLE:
        assert DurableRules(rules).outcomes(held.__getitem__) == found
    return {name.removeprefix("made-up."): outcome for name, outcome in found.items()}


def verdict(values: str, when_unknown: str = "ask", **more: Any) -> str:
    made = rule("one", ["child.b"], ["child.a"], when_unknown=when_unknown, **more)
    return outcomes([made], values)["one"].verdict


@pytest.mark.parametrize("when_unknown", ["ask", "raise", "silent"])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("TT", "raised"),
        ("TF", "not_raised"),
        ("TU", "unknown"),
        ("FT", "not_raised"),
        ("FF", "not_raised"),
        ("FU", "not_raised"),
        ("UT", "not_raised"),
        ("UF", "not_raised"),
        ("UU", "not_raised"),
    ],
)
def test_the_table_of_verdicts(values: str, expected: str, when_unknown: str) -> None:
    unknown = {"ask": "needs_information", "raise": "raised_on_precaution", "silent": "not_raised"}
    assert verdict(values, when_unknown) == (
        unknown[when_unknown] if expected == "unknown" else expected
    )


def test_a_rule_is_in_play_only_if_all_it_is_given_definitely_holds() -> None:
    made = rule("one", ["child.c"], ["child.a", "child.b"])
    for first, second in itertools.product("TFU", repeat=2):
        assert outcomes([made], f"{first}{second}T")["one"].in_play is (first + second == "TT")


@pytest.mark.parametrize("given", list(Truth))
@pytest.mark.parametrize("whole", list(Truth))
def test_a_verdict_never_comes_from_what_is_not_definitely_given(
    given: Truth, whole: Truth
) -> None:
    for when_unknown in ("ask", "raise", "silent"):
        found = verdict_of(rule("one", ["child.a"], when_unknown=when_unknown), given, whole)
        assert found == "not_raised" or (given is TRUE and whole is not FALSE)


def test_a_condition_may_accept_the_unknown_and_is_then_met_by_it() -> None:
    made = rule("one", [{"signal": "child.a", "is": ["false", "unknown"]}])
    found = [outcomes([made], value)["one"].verdict for value in "TFU"]
    assert found == ["not_raised", "raised", "raised"]


def test_so_many_of_several_conditions_follow_the_count_of_each_value() -> None:
    for number in (1, 2, 3):
        made = rule("one", [{"at_least": number, "of": list(NAMES[:3])}])
        for values in itertools.product("TFU", repeat=3):
            certain = values.count("T")
            possible = certain + values.count("U")
            expected = (
                "raised"
                if certain >= number
                else "needs_information"
                if possible >= number
                else "not_raised"
            )
            assert outcomes([made], "".join(values))["one"].verdict == expected


@pytest.mark.parametrize(
    ("when_unknown", "values", "expected"),
    [
        ("ask", "TT", "raised"),
        ("ask", "TF", "not_raised"),
        ("ask", "TU", "needs_information"),
        ("raise", "TU", "raised"),
        ("silent", "TU", "needs_information"),
        ("ask", "FT", "not_raised"),
        ("ask", "UT", "not_raised"),
    ],
)
def test_a_rule_builds_on_what_another_concludes(
    when_unknown: str, values: str, expected: str
) -> None:
    low = rule("low", ["child.b"], ["child.a"], concludes="concern.low", when_unknown=when_unknown)
    high = rule("high", ["concern.low"])
    for rules in ([low, high], [high, low]):
        assert outcomes(rules, values)["high"].verdict == expected


def test_conclusions_reach_through_several_rules() -> None:
    chain = [rule("r0", ["child.a"], concludes="concern.c0")]
    for number in range(1, 8):
        chain.append(rule(f"r{number}", [f"concern.c{number - 1}"], concludes=f"concern.c{number}"))
    for value, expected in (("T", "raised"), ("F", "not_raised"), ("U", "needs_information")):
        found = outcomes(chain[::-1], value)
        assert {outcome.verdict for outcome in found.values()} == {expected}


def test_either_of_two_rules_can_conclude_a_concern() -> None:
    rules = [
        rule("one", ["child.a"], concludes="concern.x"),
        rule("two", ["child.b"], concludes="concern.x"),
        rule("top", ["concern.x"]),
    ]
    for values in itertools.product("TFU", repeat=2):
        best = max(LETTERS[value] for value in values)
        expected = {TRUE: "raised", UNKNOWN: "needs_information", FALSE: "not_raised"}[best]
        assert outcomes(rules, "".join(values))["top"].verdict == expected


def test_rules_stand_after_those_whose_conclusions_they_need() -> None:
    rules = [
        rule("c", ["concern.b"]),
        rule("b", ["concern.a"], concludes="concern.b"),
        rule("a", ["child.a"], concludes="concern.a"),
    ]
    ordered = [logic.rule.id[-1] for logic in in_order([logic_of(each) for each in rules])]
    assert ordered == ["a", "b", "c"]


def too_large(kind: str) -> list[Rule]:
    """Rules of which the last is beyond what the engine was measured to hold."""
    if kind == "alternatives":
        return [rule("big", [{"at_least": 4, "of": [{"signal": f"child.s{n}"} for n in range(8)]}])]
    if kind == "concerns":
        low = [rule(f"low{n}", ["child.a"], concludes=f"concern.c{n}") for n in range(14)]
        return [*low, rule("big", [f"concern.c{n}" for n in range(14)])]
    return [rule("big", [f"child.s{n}" for n in range(300)])]


@durable_only
@pytest.mark.parametrize("kind", ["alternatives", "concerns", "conditions"])
def test_a_rule_too_large_for_the_engine_is_refused_by_name(kind: str) -> None:
    with pytest.raises(EngineError, match=r"made-up\.big .*split it"):
        DurableRules(too_large(kind))


@pytest.mark.parametrize("kind", ["alternatives", "concerns", "conditions"])
def test_a_rule_too_large_for_the_engine_is_refused_when_the_pack_is_read(
    small_pack: Path, kind: str
) -> None:
    conditions = {
        "alternatives": "[{at_least: 2, of: [child.has_mark, child.walks]}]".replace(
            "at_least: 2, of: [child.has_mark, child.walks]",
            "at_least: 4, of: [" + ", ".join(["child.has_mark", "child.walks"] * 4) + "]",
        ),
        "concerns": "[" + ", ".join(f"concern.c{number}" for number in range(14)) + "]",
        "conditions": "[" + ", ".join(f"child.s{number}" for number in range(300)) + "]",
    }[kind]
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    text = path.read_text(encoding="utf-8")
    made = text.replace("    - {signal: child.walks, is: false}", f"    {conditions}")
    path.write_text(made, encoding="utf-8")
    if kind == "concerns":
        for number in range(14):
            name = f"non-mobile-injury/low{number}"
            low = text.replace("injury.opinion", f"injury.low{number}").split("examples:")[0]
            low += f"concludes: concern.c{number}\n"
            (small_pack / f"{name}.yaml").write_text(low, encoding="utf-8")
    if kind == "conditions":
        signals = (small_pack / "signals" / "child.yaml").read_text(encoding="utf-8")
        one = signals[signals.index("- id: child.walks") :]
        more = "".join(one.replace("child.walks", f"child.s{n}") + "\n" for n in range(300))
        (small_pack / "signals" / "more.yaml").write_text(more, encoding="utf-8")
    with pytest.raises(InputError, match="split it") as error:
        load(small_pack)
    assert error.value.problems[0].source.endswith("opinion.yaml")


@durable_only
def test_a_large_pack_is_split_over_rulesets_and_still_agrees() -> None:
    large = generated_pack(99, signals=80, rules=150)
    engine = Engine(large, large.in_force(dt.date(2024, 6, 3)))
    assert isinstance(engine.inference, DurableRules)
    assert len(engine.inference._planned) > 2
    maker = SnapshotMaker(99)
    for _ in range(60):
        case = Case(Snapshot.from_data(maker.snapshot()))
        for child in case.children:
            values = engine.values(case, child)
            expected = engine.interpreter.outcomes(values.__getitem__)
            assert engine.outcomes(values) == expected


class Faulty:
    """durable-rules, but for one function that does something else."""

    def __init__(self, real: Any, name: str, instead: Any) -> None:
        self._real, self._name, self._instead = real, name, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead if name == self._name else getattr(self._real, name)


RULES = [
    rule("low", ["child.b"], ["child.a"], concludes="concern.low"),
    rule("high", ["concern.low"]),
]


def held(values: str) -> Any:
    return {name: LETTERS[letter] for name, letter in zip(NAMES, values, strict=False)}.__getitem__


@durable_only
def test_a_sentinel_that_does_not_fire_refuses_the_evaluation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = DurableRules(RULES)
    expected = engine.outcomes(held("TT"))
    with monkeypatch.context() as patch:
        silent = Faulty(durable_rules_engine, "start_action_for_state", lambda *_: None)
        patch.setattr(inference, "durable", silent)
        with pytest.raises(EngineError, match="sentinel"):
            engine.outcomes(held("TT"))
    assert engine.outcomes(held("TT")) == expected


@durable_only
@pytest.mark.parametrize("name", ["assert_fact", "retract_fact", "complete_and_start_action"])
def test_after_an_exception_the_session_is_thrown_away_and_the_next_evaluation_is_right(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    engine = DurableRules(RULES)
    expected = {values: engine.outcomes(held(values)) for values in ("TT", "FT", "TU")}

    def fail(*_: Any) -> Any:
        raise RuntimeError("it broke")

    for values, right in expected.items():
        with monkeypatch.context() as patch:
            patch.setattr(inference, "durable", Faulty(durable_rules_engine, name, fail))
            with pytest.raises(EngineError):
                engine.outcomes(held("TT"))
        assert engine.outcomes(held(values)) == right


@durable_only
def test_a_concern_that_is_lost_on_the_way_refuses_the_evaluation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = DurableRules(RULES)
    engine.outcomes(held("TT"))
    real = durable_rules_engine

    def lossy(handle: Any, fact: str) -> Any:
        answer = real.assert_fact(handle, fact)
        if '"id":"case"' not in fact:
            while real.start_action_for_state(handle, answer[1]) and (
                real.complete_and_start_action(handle, answer[1])
            ):
                pass
        return answer

    monkeypatch.setattr(inference, "durable", Faulty(real, "assert_fact", lossy))
    with pytest.raises(EngineError):
        engine.outcomes(held("TT"))


@durable_only
def test_nothing_of_one_evaluation_is_left_for_the_next() -> None:
    engine = DurableRules(RULES)
    expected = {values: Interpreter(RULES).outcomes(held(values)) for values in ("TT", "FU")}
    for _ in range(500):
        for values, outcome in expected.items():
            assert engine.outcomes(held(values)) == outcome


@durable_only
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_builds_an_engine_of_its_own() -> None:
    engine = DurableRules(RULES)
    expected = engine.outcomes(held("TT"))
    process = os.fork()
    if process == 0:  # the child tells by its exit code, and runs nothing of pytest
        try:
            before = engine._process
            right = engine.outcomes(held("TT")) == expected and before != engine._process
            os._exit(0 if right else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert engine.outcomes(held("TT")) == expected


@pytest.mark.parametrize("plain", [False, True])
def test_eight_threads_at_once_are_each_answered_rightly(plain: bool) -> None:
    made = pack([rule("one", ["child.b"], ["child.a"]), rule("two", ["child.c"])])
    cases = [snapshot(letters("".join(each))) for each in itertools.product("TFU", repeat=2)]
    expected = [advise(each, made, plain=plain).model_dump_json() for each in cases]
    wrong: list[int] = []

    def work(start: int) -> None:
        for number in range(start, start + 50):
            place = number % len(cases)
            if advise(cases[place], made, plain=plain).model_dump_json() != expected[place]:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_without_durable_rules_the_interpreter_serves_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("advisor.engine.AVAILABLE", False)
    engine = Engine(pack(RULES), RULES)
    assert engine.inference.name == "interpreter"
    monkeypatch.setattr(inference, "AVAILABLE", False)
    with pytest.raises(EngineError, match="use the interpreter"):
        DurableRules(RULES)
