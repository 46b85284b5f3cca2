"""The advice has fixed keys, a fixed order, reasons and sources, and nothing that sums up."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor.advice import NOTICE, Advice
from advisor.advise import advise, engine_for
from advisor.case import Case
from advisor.data import scenarios_folder
from advisor.evaluation import evaluate
from advisor.pack import load
from advisor.proofs import Reading
from advisor.scenario import scenario_paths, scenarios
from advisor.snapshot import Snapshot
from advisor.wording import unknown_shown
from tests.generated_packs import generated_pack
from tests.generation import SnapshotMaker
from tests.making import case_data, letters, pack, rule, snapshot

KEYS = {
    "advice": {
        "advice_version", "snapshot_id", "snapshot_sha256", "as_of", "pack", "engine", "notice",
        "prompts", "questions", "not_evaluated", "counts",
    },
    "pack": {"name", "version", "sha256"},
    "engine": {"advisor", "inference"},
    "counts": {"rules", "in_play", "raised", "needs_information"},
    "prompt": {
        "id", "rule", "rule_version", "theme", "title", "child", "verdict", "rests_on_absence",
        "urgency", "kind", "who", "text", "settled_by", "because", "unknown", "sources", "limits",
        "replaces",
    },
    "because": {"signal", "says", "value", "facts"},
    "unknown": {"path", "reason", "ask"},
    "source": {"review", "title", "published", "at", "finding"},
    "question": {"path", "ask", "about", "who_may_know", "would"},
    "effect": {"answer", "raises", "settles"},
}  # fmt: skip
ADDED = {
    "advice": {"notes"},
    "prompt": {"children"},
    "because": {"child"},
    "question": {"bears_on", "hint", "reason"},
}
RULES = [
    rule("one", ["child.b"], ["child.a"]),
    rule("two", ["child.c"], urgency="now", when_unknown="raise"),
]


def advised(rules: Any, child: Any = None, **rest: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        advise(snapshot(child, **rest), pack(rules)).model_dump_json()
    )
    return found


def family(*values: str) -> Snapshot:
    """Children ``amy``, ``ben`` and so on, with these signals."""
    data = case_data()
    names = ("amy", "ben", "cal")
    data["children"] = [
        {"id": name, **letters(each)} for name, each in zip(names, values, strict=False)
    ]
    return Snapshot.from_data(data)


def assert_keys(data: dict[str, Any], part: str) -> None:
    assert set(data) == KEYS[part] | ADDED.get(part, set()), part


def test_the_keys_are_those_that_other_programs_rely_on() -> None:
    data = advised([*RULES, rule("three", ["child.d"], ["child.b"])], letters("TUUU"))
    assert_keys(data, "advice")
    for part in ("pack", "engine", "counts"):
        assert_keys(data[part], part)
    assert data["prompts"] and data["questions"] and data["not_evaluated"]
    for prompt in data["prompts"]:
        assert_keys(prompt, "prompt")
        for name in ("because", "unknown", "sources"):
            for part in prompt[name]:
                assert_keys(part, name.removesuffix("s") if name == "sources" else name)
    for question in data["questions"]:
        assert_keys(question, "question")
        for effect in question["would"]:
            assert_keys(effect, "effect")


def test_the_advice_says_what_it_was_given_and_by_what() -> None:
    made, used = snapshot(), pack(RULES)
    advice = advise(made, used)
    assert (advice.snapshot_id, advice.as_of) == ("made", "2024-06-03")
    assert advice.snapshot_sha256 == made.sha256 and advice.pack.sha256 == used.sha256
    assert advice.engine.inference in ("interpreter", "durable-rules 2.0.28")
    assert advise(made, used, plain=True).engine.inference == "interpreter"


@pytest.mark.parametrize("values", ["TTT", "FFF", "UUU"])
def test_the_notice_stands_on_every_advice(values: str) -> None:
    assert advised(RULES, letters(values))["notice"] == NOTICE


def test_a_raised_prompt_has_its_reasons_and_its_sources() -> None:
    (prompt,) = advised(RULES[:1], letters("TT"))["prompts"]
    assert [each["signal"] for each in prompt["because"]] == ["child.a", "child.b"]
    assert [each["value"] for each in prompt["because"]] == ["true", "true"]
    assert prompt["because"][0]["facts"] == [
        {"path": "children.amy.health.disabled", "value": True, "known_on": None}
    ]
    assert prompt["sources"][0]["at"] == ["1.1"] and prompt["limits"]
    assert prompt["unknown"] == [] and prompt["rests_on_absence"] is False


def test_a_prompt_that_waits_says_for_what() -> None:
    (prompt,) = advised(RULES[:1], letters("TU"))["prompts"]
    assert prompt["verdict"] == "needs_information"
    assert [each["path"] for each in prompt["unknown"]] == ["children.amy.health.born_early"]


def test_a_prompt_that_waits_for_what_another_rule_would_conclude_says_for_what() -> None:
    rules = [
        rule("low", ["child.b"], ["child.a"], concludes="concern.low"),
        rule("high", ["concern.low"]),
    ]
    prompts = {each["rule"]: each for each in advised(rules, letters("TU"))["prompts"]}
    assert prompts["made-up.high"]["verdict"] == "needs_information"
    assert [each["path"] for each in prompts["made-up.high"]["unknown"]] == [
        "children.amy.health.born_early"
    ]


def test_a_prompt_on_precaution_rests_on_absence() -> None:
    (prompt,) = advised(RULES[1:], letters("UUU"))["prompts"]
    assert prompt["verdict"] == "raised_on_precaution" and prompt["rests_on_absence"]


def test_a_prompt_that_is_raised_because_nobody_asked_rests_on_absence() -> None:
    made = rule("one", [{"signal": "child.a", "is": ["false", "unknown"]}])
    for value, absent in (("U", True), ("F", False)):
        (prompt,) = advised([made], letters(value))["prompts"]
        assert prompt["verdict"] == "raised" and prompt["rests_on_absence"] is absent
        assert bool(prompt["unknown"]) is absent


def test_a_prompt_that_rests_on_anothers_absence_says_so() -> None:
    rules = [
        rule("low", [{"signal": "child.a", "is": "unknown"}], concludes="concern.low"),
        rule("high", ["concern.low"]),
    ]
    prompts = {each["rule"]: each for each in advised(rules, letters("U"))["prompts"]}
    assert prompts["made-up.low"]["rests_on_absence"]
    assert prompts["made-up.high"]["rests_on_absence"]


def test_siblings_with_the_same_prompt_share_it() -> None:
    advice = advise(family("TT", "TT", "FF"), pack(RULES[:1]))
    (prompt,) = advice.prompts
    assert prompt.children == ("amy", "ben") and prompt.text == "Ask about Amy and Ben today."
    assert {each.child for each in prompt.because} == {"amy", "ben"}
    assert advice.counts.raised == 1


def test_siblings_with_different_verdicts_do_not() -> None:
    advice = advise(family("TT", "TU"), pack(RULES[:1]))
    assert [(each.verdict, each.children) for each in advice.prompts] == [
        ("raised", ("amy",)),
        ("needs_information", ("ben",)),
    ]


def test_every_child_is_looked_at_and_not_only_the_one_referred() -> None:
    data = family("FF", "TT").plain
    made = Snapshot.from_data({**data, "referral": {"about": ["amy"]}})
    (prompt,) = advise(made, pack(RULES[:1])).prompts
    assert prompt.child == "ben"


def test_prompts_stand_in_authored_order_the_raised_before_those_that_wait() -> None:
    themes = {"zeta": "last by name", "alpha": "first by name"}
    rules = [
        rule("late", ["child.a"], urgency="during_assessment"),
        rule("b", ["child.a"]),
        rule("a", ["child.a"], theme="made-up"),
        rule("waits", ["child.b"]),
        rule("now", ["child.b"], urgency="now"),
    ]
    used = pack(rules, themes={**themes, "made-up": "made up"})
    found = [
        each.rule.removeprefix("made-up.") for each in advise(snapshot(letters("TU")), used).prompts
    ]
    assert found == ["now", "a", "b", "waits", "late"]


def test_themes_keep_the_order_in_which_they_are_listed() -> None:
    rules = [rule("a", ["child.a"], theme="alpha"), rule("z", ["child.a"], theme="zeta")]
    used = pack(rules, themes={"zeta": "first", "alpha": "second"})
    assert [each.theme for each in advise(snapshot(letters("T")), used).prompts] == [
        "zeta",
        "alpha",
    ]


def test_a_weaker_prompt_is_folded_into_a_stronger_one_on_the_same_child() -> None:
    rules = [
        rule("strong", ["child.b"], ["child.a"], replaces=["made-up.weak"]),
        rule("weak", ["child.a"]),
    ]
    (prompt,) = advise(snapshot(letters("TT")), pack(rules)).prompts
    assert (prompt.rule, prompt.replaces) == ("made-up.strong", ("made-up.weak",))


@pytest.mark.parametrize(("values", "expected"), [("TU", 2), ("TF", 1)])
def test_a_prompt_is_not_folded_into_one_that_only_waits(values: str, expected: int) -> None:
    rules = [
        rule("strong", ["child.b"], ["child.a"], replaces=["made-up.weak"]),
        rule("weak", ["child.a"]),
    ]
    prompts = advise(snapshot(letters(values)), pack(rules)).prompts
    assert len(prompts) == expected and "made-up.weak" in {each.rule for each in prompts}


def test_a_prompt_for_one_child_does_not_fold_away_anothers() -> None:
    rules = [
        rule("strong", ["child.b"], ["child.a"], replaces=["made-up.weak"]),
        rule("weak", ["child.a"]),
    ]
    prompts = advise(family("TT", "TF"), pack(rules)).prompts
    assert [(each.rule, each.child) for each in prompts] == [
        ("made-up.strong", "amy"),
        ("made-up.weak", "ben"),
    ]


def test_whatever_is_folded_away_is_named_by_a_prompt_that_stands() -> None:
    rules = [
        rule("a", ["child.a"], replaces=["made-up.b"]),
        rule("b", ["child.a"], replaces=["made-up.c"]),
        rule("c", ["child.a"]),
    ]
    prompts = advise(snapshot(letters("T")), pack(rules)).prompts
    named = {each.rule for each in prompts} | {name for each in prompts for name in each.replaces}
    assert named == {"made-up.a", "made-up.b", "made-up.c"}


def test_a_concern_is_a_reason_in_words() -> None:
    rules = [
        rule("low", ["child.a"], concludes="concern.low"),
        rule("high", ["concern.low"]),
    ]
    prompts = {each.rule: each for each in advise(snapshot(letters("T")), pack(rules)).prompts}
    (because,) = prompts["made-up.high"].because
    assert (because.signal, because.says) == ("concern.low", "The rule called low")


def test_what_could_not_be_looked_at_is_listed_with_what_is_in_the_way() -> None:
    advice = advise(snapshot(letters("UT")), pack(RULES[:1]))
    (listed,) = advice.not_evaluated
    assert (listed.child, listed.rules) == ("amy", ("made-up.one",))
    assert [each.path for each in listed.unknown] == ["children.amy.health.disabled"]


@pytest.mark.parametrize("values", ["FU", "UF", "FF", "TF"])
def test_what_a_known_fact_rules_out_is_not_listed(values: str) -> None:
    assert advise(snapshot(letters(values)), pack(RULES[:1])).not_evaluated == ()


def test_a_rule_that_keeps_silent_about_the_unknown_is_listed() -> None:
    made = rule("one", ["child.b"], ["child.a"], when_unknown="silent")
    (listed,) = advise(snapshot(letters("TU")), pack([made])).not_evaluated
    assert listed.rules == ("made-up.one",)


@pytest.mark.parametrize("values", ["TUU", "TUT"])
def test_a_rule_whose_concern_is_open_is_listed(values: str) -> None:
    rules = [
        rule("low", ["child.b"], ["child.a"], concludes="concern.low", when_unknown="silent"),
        rule("high", ["concern.low"], ["child.c"]),
        rule("given", ["child.c"], ["concern.low"]),
    ]
    advice = advise(snapshot(letters(values)), pack(rules))
    listed = {name for each in advice.not_evaluated for name in each.rules}
    listed |= {each.rule for each in advice.prompts}
    assert listed == {"made-up.low", "made-up.high", "made-up.given"}


def test_every_rule_that_more_knowledge_could_raise_is_a_prompt_or_is_listed() -> None:
    rules = [
        rule("one", ["child.b"], ["child.a"]),
        rule("two", ["child.c", {"at_least": 1, "of": ["child.a", "child.d"]}]),
        rule("three", ["child.d"], ["child.c"], when_unknown="silent"),
        rule("four", ["child.d"], ["child.a"], concludes="concern.x"),
        rule("five", ["concern.x"], ["child.b"]),
    ]
    used = pack(rules)
    every = ["".join(each) for each in itertools.product("TFU", repeat=4)]
    advices = {values: advise(snapshot(letters(values)), used) for values in every}
    for values, advice in advices.items():
        told = {each.rule for each in advice.prompts}
        told |= {name for each in advice.not_evaluated for name in each.rules}
        for other, full in advices.items():
            more = all(a in ("U", b) for a, b in zip(values, other, strict=True))
            if more and "U" not in other:
                raised = {each.rule for each in full.prompts}
                assert raised <= told, (values, other)


def test_the_counts_count_rules_and_prompts() -> None:
    counts = advise(snapshot(letters("TUF")), pack(RULES)).counts
    assert (counts.rules, counts.in_play, counts.raised, counts.needs_information) == (2, 2, 0, 1)


_DUMP = """
from pathlib import Path
from advisor.advise import advise
from advisor.pack import load
from advisor.scenario import read_scenario
import sys
pack = load()
for name in sys.argv[1:]:
    print(advise(read_scenario(Path(name)).snapshot, pack).model_dump_json())
"""


def test_the_bytes_are_the_same_in_every_process() -> None:
    names = [str(path) for path in scenario_paths(scenarios_folder())[::9]]
    found = set()
    for seed in ("0", "7"):
        command = [sys.executable, "-c", _DUMP, *names]
        root = Path(__file__).parent.parent
        environment = {"PYTHONHASHSEED": seed, "PATH": ""}
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1 and found.pop().count(b"\n") == len(names)


SUMMING_UP = re.compile(
    r"\b(score|scored|scores|ranking|ranked|rating|percent|probability|likelihood|"
    r"amber|risk level|level of risk|no cause for concern|is safe|"
    r"no further action is needed)\b",
    re.IGNORECASE,
)


def test_no_key_of_the_advice_sums_up_a_child() -> None:
    names: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            names.update(part.get("properties", {}))
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(Advice.model_json_schema())
    refused = re.compile(r"score|rank|rating|risk|level|colou?r|priority|weight|percent|total|safe")
    assert [name for name in names if refused.search(name)] == []


def test_no_word_of_the_advice_on_a_scenario_sums_up_a_child() -> None:
    used = load()
    for scenario in scenarios(scenarios_folder()):
        advice = advise(scenario.snapshot, used)
        for prompt in advice.prompts:
            said = " ".join((prompt.title, prompt.text, prompt.who))
            found = SUMMING_UP.search(said)
            assert found is None, (prompt.rule, found)
        numbers = json.loads(advice.model_dump_json(include={"counts"}))["counts"]
        assert set(numbers) == KEYS["counts"]


@pytest.mark.parametrize("seed", [1, 2, 4, 12, 18, 27])
def test_what_could_not_be_looked_at_is_told_as_each_unknown_fact_by_itself_would_be(
    seed: int,
) -> None:
    """Facts that are worked out from one stand at one path, and ask different questions."""
    rules = generated_pack(seed, signals=30, rules=30) if seed % 3 else load()
    made = Snapshot.from_data(SnapshotMaker(seed, 0.3 + 0.1 * (seed % 6)).snapshot())
    advice = advise(made, rules)
    engine = engine_for(rules, made)
    case = Case(made)
    for child in case.children:
        result = evaluate(engine, case, child)
        told = [each for each in advice.not_evaluated if each.child == child]
        for each in told:
            stopped = result.stopped_by(each.rules[0])
            found: dict[str, Reading] = {}
            for name in stopped:
                for reading in result.signals.proof(name).unknown:
                    found.setdefault(reading.path, reading)
            assert list(each.unknown) == [unknown_shown(one, child) for one in found.values()]
