"""What remains open of a signal is what its proof says, and changes as an answer changes it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.case import Case
from advisor.data import scenarios_folder
from advisor.language.documents import Signal
from advisor.pack import load
from advisor.problems import InputError
from advisor.remainder import Remainder, Steps
from advisor.residuals import NO, NONE_OTHER, YES, Answer, Part
from advisor.scenario import scenarios
from advisor.signals import ChildSignals
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth
from tests.answering import answered
from tests.generated_packs import generated_pack
from tests.generation import SnapshotMaker
from tests.making import signal, snapshot

OF_WHOM = {"about", "children", "links"}
"""Lists that say who belongs to what: with one of these closed, it is another case."""


def of_a_child(signals: Mapping[str, Signal]) -> list[str]:
    return [name for name, each in signals.items() if each.about in ("child", "referral")]


def parts_of(made: Snapshot, child: str, signals: Mapping[str, Signal]) -> dict[str, Part]:
    """What remains of each signal about a child; it is held against the plain evaluation."""
    case, names = Case(made), of_a_child(signals)
    plainly = ChildSignals(case, child, signals)
    remainder = Remainder(case, child, Steps(signals), {n: plainly.value(n) for n in names})
    found = {name: remainder.part(name) for name in names}
    for name, part in found.items():
        assert part.value is plainly.value(name), name
        assert tuple(part.unknown.values()) == plainly.proof(name).unknown, name
    return found


def assert_foreseen(
    made: Snapshot,
    child: str,
    signals: Mapping[str, Signal],
    found: Mapping[str, Part],
    answer: Answer,
) -> bool:
    """Hold what an answer would change against a case in which it is given; False if it cannot."""
    path, said = answer
    if path.split(".")[-1] in OF_WHOM:
        return False
    try:
        case = Case(answered(made, path, said, is_list=said == NONE_OTHER))
    except InputError:
        return False
    then = ChildSignals(case, child, signals)
    for name, part in found.items():
        assert part.changes.get(answer, part.value) is then.value(name), (name, answer)
        assert part.changes.get(answer) is not part.value
    return True


def every_answer(found: Mapping[str, Part]) -> list[Answer]:
    """Every answer that may be given to a fact of which some signal is unknown."""
    paths = {path for part in found.values() for path in part.unknown}
    known = {answer for part in found.values() for answer in part.changes}
    booleans = {path for path, said in known if isinstance(said, bool)}
    others = {(path, said) for path in booleans & paths for said in (True, False)}
    return sorted(known | others, key=str)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.sampled_from([0.3, 0.6, 0.9]))
def test_any_answer_changes_just_what_was_foreseen(pack: int, seed: int, missing: float) -> None:
    signals = generated_pack(pack, signals=15, rules=1).signals
    made = Snapshot.from_data(SnapshotMaker(seed, missing).snapshot())
    chance = random.Random(seed)
    for child in Case(made).children:
        found = parts_of(made, child, signals)
        answers = every_answer(found)
        for answer in chance.sample(answers, min(5, len(answers))):
            assert_foreseen(made, child, signals, found, answer)


def shipped_cases() -> Iterator[Snapshot]:
    return (scenario.snapshot for scenario in list(scenarios(scenarios_folder()))[::9])


def test_answers_change_just_what_was_foreseen_in_the_scenarios() -> None:
    signals, chance, checked = load().signals, random.Random(2), 0
    for made in shipped_cases():
        child = chance.choice(list(Case(made).children))
        found = parts_of(made, child, signals)
        answers = every_answer(found)
        for answer in chance.sample(answers, min(6, len(answers))):
            checked += assert_foreseen(made, child, signals, found, answer)
    assert checked > 60


def test_what_is_certain_is_a_constant_and_what_it_decides_is_not_looked_at() -> None:
    known, unknown = {"fact": "child.health.disabled"}, {"fact": "child.singled_out"}
    trees = {"child.both": {"all": [unknown, known]}, "child.either": {"any": [unknown, known]}}
    signals = {name: signal(name, tree) for name, tree in trees.items()}
    for value, constant, other in ((False, NO, "child.both"), (True, YES, "child.either")):
        made = snapshot({"health": {"disabled": value}})
        assert parts_of(made, "amy", signals)[other] is constant


def test_one_answer_is_not_enough_where_two_facts_are_unknown() -> None:
    tree = {"all": [{"fact": "child.health.disabled"}, {"fact": "child.singled_out"}]}
    part = parts_of(snapshot(), "amy", {"child.it": signal("child.it", tree)})["child.it"]
    assert part.value is UNKNOWN
    assert part.changes == {
        ("children.amy.health.disabled", False): FALSE,
        ("children.amy.singled_out", False): FALSE,
    }


def test_an_answer_that_is_read_twice_does_both_at_once() -> None:
    fact = {"fact": "child.singled_out"}
    tree = {"any": [{"all": [fact, {"known": "child.singled_out"}]}, {"not": fact}]}
    part = parts_of(snapshot(), "amy", {"child.it": signal("child.it", tree)})["child.it"]
    assert part.value is UNKNOWN
    assert set(part.changes.values()) == {TRUE} and len(part.changes) == 2


def test_to_learn_of_a_fact_may_take_back_what_rests_on_its_absence() -> None:
    tree = {"unknown": "child.singled_out"}
    part = parts_of(snapshot(), "amy", {"child.it": signal("child.it", tree)})["child.it"]
    assert part.value is TRUE and not part.unknown
    assert set(part.changes.values()) == {Truth.FALSE}
