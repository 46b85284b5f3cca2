"""The two engines, and the two evaluations of signals, give the same answers."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from advisor.advise import advise
from advisor.case import Case
from advisor.data import scenarios_folder
from advisor.engine import Engine
from advisor.inference import AVAILABLE, DurableRules
from advisor.interpreter import Interpreter
from advisor.language.documents import Rule
from advisor.logic import Outcome, Values
from advisor.pack import Pack, load
from advisor.proving import snapshot_of
from advisor.scenario import scenarios
from advisor.signals import ChildSignals
from advisor.snapshot import Snapshot
from advisor.truth import Truth
from advisor.values import not_recorded_list
from tests.generated_packs import generated_pack
from tests.generation import SnapshotMaker, shuffled

DAY = dt.date(2024, 6, 3)
SHIPPED_SNAPSHOTS = 2_500
GENERATED_PACKS = 16
SNAPSHOTS_A_PACK = 400

durable_only = pytest.mark.skipif(not AVAILABLE, reason="durable-rules is not installed here")


@cache
def shipped() -> Pack:
    return load()


def disagreements(engine: Engine, snapshot: Snapshot) -> Iterator[str]:
    """The rules and signals on which the engine in use and the plain reading differ."""
    case = Case(snapshot)
    for child in case.children:
        values = engine.values(case, child)
        plainly = ChildSignals(case, child, engine.pack.signals)
        yield from (name for name in values if values[name] is not plainly.value(name))
        found = engine.outcomes(values)
        reference = engine.interpreter.outcomes(plainly.value)
        yield from (rule for rule in reference if found[rule] != reference[rule])


def test_they_agree_on_random_snapshots_of_the_shipped_pack() -> None:
    engine = Engine(shipped(), shipped().in_force(DAY))
    chance = random.Random(7)
    for number, missing in enumerate((0.2, 0.5, 0.8, 0.95)):
        maker = SnapshotMaker(number, missing)
        for _ in range(SHIPPED_SNAPSHOTS // 4):
            snapshot = Snapshot.from_data(shuffled(maker.snapshot(), chance))
            assert not list(disagreements(engine, snapshot))


@pytest.mark.parametrize("seed", range(GENERATED_PACKS))
def test_they_agree_on_random_snapshots_of_generated_packs(seed: int) -> None:
    pack = generated_pack(seed)
    engine = Engine(pack, pack.in_force(DAY))
    maker, chance = SnapshotMaker(seed, 0.25 + 0.06 * (seed % 10)), random.Random(seed)
    for _ in range(SNAPSHOTS_A_PACK):
        snapshot = Snapshot.from_data(shuffled(maker.snapshot(), chance))
        assert not list(disagreements(engine, snapshot))


def test_generated_packs_reach_every_verdict_and_build_on_conclusions() -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(3):
        pack = generated_pack(seed)
        engine = Engine(pack, pack.in_force(DAY), plain=True)
        maker = SnapshotMaker(seed)
        for _ in range(50):
            case = Case(Snapshot.from_data(maker.snapshot()))
            for child in case.children:
                outcomes = engine.outcomes(engine.values(case, child))
                verdicts.update(outcome.verdict for outcome in outcomes.values())
        assert any(c.is_concern for logic in engine.logics.values() for c in logic.singles)
    assert min(verdicts.values()) > 50 and len(verdicts) == 4


def test_they_agree_on_every_example() -> None:
    pack = shipped()
    engine = Engine(pack, pack.in_force(DAY))
    for rule in pack.rules.values():
        for number in range(len(rule.examples)):
            assert not list(disagreements(engine, snapshot_of(pack, rule, number)))


def test_they_agree_on_every_scenario() -> None:
    engine = Engine(shipped(), shipped().in_force(DAY))
    for scenario in scenarios(scenarios_folder()):
        assert not list(disagreements(engine, scenario.snapshot)), scenario.path


@durable_only
def test_the_advice_is_the_same_but_for_the_name_of_the_engine() -> None:
    for scenario in scenarios(scenarios_folder()):
        one = advise(scenario.snapshot, shipped())
        other = advise(scenario.snapshot, shipped(), plain=True)
        assert one.engine.inference == "durable-rules 2.0.28"
        assert other.engine.inference == "interpreter"
        assert one.model_copy(update={"engine": other.engine}) == other


def test_the_order_of_lists_and_keys_does_not_change_a_byte() -> None:
    maker, chance = SnapshotMaker(11, 0.5), random.Random(11)
    for _ in range(40):
        data = maker.snapshot()
        advice = advise(Snapshot.from_data(data), shipped()).model_dump_json()
        again = advise(Snapshot.from_data(shuffled(data, chance)), shipped()).model_dump_json()
        assert again == advice


def first_disagreement(engine: Engine) -> str | None:
    maker = SnapshotMaker(3)
    for _ in range(200):
        for name in disagreements(engine, Snapshot.from_data(maker.snapshot())):
            return name
    return None


def mutated(rule: Rule) -> Rule:
    """The rule with its first condition accepting the opposite."""
    first, *rest = rule.when.conditions
    assert isinstance(first, str)
    turned = {"signal": first, "is": ["false"]}
    when = {"given": [], "and": [turned, *[c for c in rest if isinstance(c, str)]]}
    return Rule.model_validate({**rule.model_dump(by_alias=True, exclude={"when"}), "when": when})


def test_a_mutated_rule_is_noticed() -> None:
    pack = generated_pack(1)
    rules = list(pack.in_force(DAY))
    engine = Engine(pack, rules)
    place = next(n for n, rule in enumerate(rules) if isinstance(rule.when.conditions[0], str))
    rules[place] = mutated(rules[place])
    engine.interpreter = Interpreter(rules)
    assert first_disagreement(engine) == rules[place].id


def test_a_dropped_fact_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = generated_pack(3)
    engine = Engine(pack, pack.in_force(DAY))
    original = Engine.values

    def forgetful(self: Engine, case: Case, child: str) -> dict[str, Truth]:
        view = case.children[child]
        held, view.plans = view.plans, not_recorded_list()
        try:
            return original(self, case, child)
        finally:
            view.plans = held

    monkeypatch.setattr(Engine, "values", forgetful)
    assert first_disagreement(engine) is not None


@durable_only
def test_a_lost_firing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = generated_pack(4)
    engine = Engine(pack, pack.in_force(DAY))
    original = DurableRules.outcomes

    def lossy(self: DurableRules, values: Values) -> dict[str, Outcome]:
        found = original(self, values)
        raised = [rule for rule, outcome in found.items() if outcome.verdict == "raised"]
        for rule in raised[:1]:
            found[rule] = Outcome("not_raised", found[rule].in_play)
        return found

    monkeypatch.setattr(DurableRules, "outcomes", lossy)
    assert first_disagreement(engine) is not None
