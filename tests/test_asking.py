"""What an answer is said to change, it changes; what would change most is asked first."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from advisor.advice import Advice, Effect, Question
from advisor.advise import advise
from advisor.data import scenarios_folder
from advisor.pack import Pack, load
from advisor.problems import InputError
from advisor.residuals import NONE_OTHER
from advisor.scenario import scenarios
from advisor.snapshot import Snapshot
from tests.answering import answered
from tests.generated_packs import generated_pack
from tests.generation import SnapshotMaker
from tests.making import case_data, letters, pack, rule, signal, snapshot

RULES = [rule("one", ["child.b"], ["child.a"]), rule("two", ["child.c"])]


def after(made: Snapshot, question: Question, answer: Any, used: Pack) -> Advice:
    """The advice once a question has been answered; raises InputError if it cannot be so."""
    is_list = all(effect.answer == NONE_OTHER for effect in question.would)
    return advise(answered(made, question.path, answer, is_list=is_list), used)


def said(advice: Advice) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The rules that speak, and those that speak or wait, each with its child."""
    speaks, told = set(), set()
    for prompt in advice.prompts:
        for child in prompt.children:
            names = {(prompt.rule, child), *((name, child) for name in prompt.replaces)}
            told |= names
            if prompt.verdict != "needs_information":
                speaks |= names
    return speaks, told


def assert_true(before: Advice, question: Question, effect: Effect, after: Advice) -> None:
    (spoke, told), (speaks, tells) = said(before), said(after)
    for name in effect.raises:
        assert any(rule == name for rule, _ in speaks - spoke), (question.path, effect, name)
    # A prompt for several children names what is folded into it for any of them.
    shared = {name for each in before.prompts if len(each.children) > 1 for name in each.replaces}
    for name in effect.settles:
        if name in shared:
            continue
        assert any(rule == name for rule, _ in told - tells), (question.path, effect, name)


@cache
def shipped() -> Pack:
    return load()


def test_what_an_answer_would_do_is_what_it_does_in_the_scenarios() -> None:
    chance = random.Random(3)
    checked = 0
    for scenario in list(scenarios(scenarios_folder()))[::6]:
        found = list(effects_of_some(scenario.snapshot, shipped(), chance, 10))
        for each in found:
            assert_true(*each)
            checked += 1
    assert checked > 20


def effects_of_some(
    made: Snapshot, used: Pack, chance: random.Random, number: int
) -> Iterator[tuple[Advice, Question, Effect, Advice]]:
    before = advise(made, used)
    pairs = [(question, effect) for question in before.questions for effect in question.would]
    for question, effect in chance.sample(pairs, min(number, len(pairs))):
        try:
            then = after(made, question, effect.answer, used)
        except InputError:
            continue
        yield before, question, effect, then


def test_an_answer_that_is_not_named_changes_no_prompt_that_waits_for_it() -> None:
    chance = random.Random(4)
    checked = 0
    for scenario in list(scenarios(scenarios_folder()))[::8]:
        before = advise(scenario.snapshot, shipped())
        pairs = [
            (question, answer)
            for question in before.questions
            for answer in ((True, False) if question.would else ())
            if isinstance(question.would[0].answer, bool)
            and all(effect.answer is not answer for effect in question.would)
        ]
        for question, answer in chance.sample(pairs, min(4, len(pairs))):
            then = after(scenario.snapshot, question, answer, shipped())
            (spoke, told), (speaks, tells) = said(before), said(then)
            assert not {rule for rule, _ in (speaks - spoke) | (told - tells)} & {
                *question.bears_on
            }
            checked += 1
    assert checked > 20


def test_what_an_answer_would_do_is_what_it_does_in_random_cases_of_random_packs() -> None:
    chance = random.Random(5)
    checked = 0
    for seed in range(5):
        used = generated_pack(seed, signals=30, rules=20)
        maker = SnapshotMaker(seed, 0.6)
        for _ in range(6):
            made = Snapshot.from_data(maker.snapshot())
            for each in effects_of_some(made, used, chance, 6):
                assert_true(*each)
                checked += 1
    assert checked > 60


def test_every_answer_that_raises_or_settles_something_is_named_and_no_other() -> None:
    used = pack(RULES)
    made = snapshot(letters("TUU"))
    would = {question.path: question.would for question in advise(made, used).questions}
    assert would == {
        "children.amy.health.born_early": (
            Effect(answer=True, raises=("made-up.one",)),
            Effect(answer=False, settles=("made-up.one",)),
        ),
        "children.amy.movement.walks": (
            Effect(answer=True, raises=("made-up.two",)),
            Effect(answer=False, settles=("made-up.two",)),
        ),
    }


def test_what_would_raise_most_is_asked_first() -> None:
    rules = [
        rule("a", ["child.b"]),
        rule("b", ["child.c"]),
        rule("c", ["child.c"]),
        rule("d", [{"signal": "child.d", "is": "false"}]),
        rule("e", [{"signal": "child.d", "is": "false"}]),
        rule("f", [{"signal": "child.d", "is": "false"}]),
    ]
    questions = advise(snapshot(), pack(rules)).questions
    assert [question.path.split(".")[-1] for question in questions] == [
        "singled_out",
        "walks",
        "born_early",
    ]
    raising = [len({r for each in q.would for r in each.raises}) for q in questions]
    assert raising == sorted(raising, reverse=True)


def test_the_order_of_questions_in_every_scenario_is_by_what_they_change() -> None:
    for scenario in scenarios(scenarios_folder()):
        keys = [
            (
                -len({rule for effect in question.would for rule in effect.raises}),
                -len({rule for effect in question.would for rule in effect.settles}),
                -len(question.bears_on),
                question.path,
            )
            for question in advise(scenario.snapshot, shipped()).questions
        ]
        assert keys == sorted(keys), scenario.path


def test_no_question_is_asked_twice_and_none_of_what_is_known() -> None:
    for scenario in scenarios(scenarios_folder()):
        paths = [each.path for each in advise(scenario.snapshot, shipped()).questions]
        assert len(paths) == len(set(paths))


def test_a_question_is_asked_where_one_answer_would_bring_a_rule_into_play() -> None:
    (question,) = advise(snapshot(letters("UT")), pack(RULES[:1])).questions
    assert question.path == "children.amy.health.disabled"
    assert question.would == (Effect(answer=True, raises=("made-up.one",)),)


def test_nothing_is_asked_where_everything_is_known() -> None:
    assert advise(snapshot(letters("TFF")), pack(RULES)).questions == ()


def test_an_answer_that_raises_what_builds_on_it_names_that_too() -> None:
    rules = [rule("low", ["child.a"], concludes="concern.low"), rule("high", ["concern.low"])]
    (question,) = advise(snapshot(), pack(rules)).questions
    yes = next(effect for effect in question.would if effect.answer is True)
    assert set(yes.raises) == {"made-up.low", "made-up.high"}


def test_a_list_may_be_answered_by_none() -> None:
    some = signal(
        "child.hurt", {"some": "child.injuries", "where": {"fact": "injury.kind", "is": "bite"}}
    )
    used = pack([rule("one", ["child.hurt"])], [some])
    child = {"injuries": {"complete": False, "items": [{"kind": "cut"}]}}
    (question,) = advise(snapshot(child), used).questions
    assert question.would == (Effect(answer=NONE_OTHER, settles=("made-up.one",)),)


def test_a_fact_that_two_children_share_is_asked_once() -> None:
    told = signal("referral.told", {"fact": "referral.feedback_given"})
    data = case_data()
    data["children"].append({"id": "ben"})
    used = pack([rule("one", ["referral.told"])], [told])
    (question,) = advise(Snapshot.from_data(data), used).questions
    assert question.path == "referral.feedback_given" and question.about is None


def test_a_question_says_who_may_know_and_why_it_is_open() -> None:
    child = {"movement": {"walks": {"unknown": "declined"}}}
    question = advise(snapshot(child), pack(RULES[1:])).questions[0]
    assert question.reason == "declined to say"
    assert question.ask == "Does Amy walk yet?" and question.about == "amy"


def test_asking_leaves_the_case_as_it_was() -> None:
    made = snapshot(letters("TUU"))
    first = advise(made, pack(RULES))
    assert advise(made, pack(RULES)) == first
