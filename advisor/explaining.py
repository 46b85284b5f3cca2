"""Why a rule was raised for a child, or was not: by condition, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from advisor.advice import FactShown, Question, UnknownShown
from advisor.advise import advise, engine_for
from advisor.asking import questions
from advisor.case import Case
from advisor.engine import Engine
from advisor.evaluation import ChildResult, evaluate
from advisor.language.documents import Rule, Verdict
from advisor.language.english import signal_says
from advisor.logic import Condition, Quorum
from advisor.pack import Pack
from advisor.problems import fault, suggestion
from advisor.proofs import accept
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth
from advisor.wording import fact_shown, says, unknown_shown

Status = Literal["met", "not met", "not known"]
_STATUS: dict[Truth, Status] = {TRUE: "met", FALSE: "not met", UNKNOWN: "not known"}


@dataclass(frozen=True)
class ConditionShown:
    """One condition as it stands for a child.

    ``says`` is how things are, ``needs`` what the rule requires where that is not so. A condition
    of the kind "at least two of these" holds its parts and has neither facts nor unknowns.
    """

    name: str
    status: Status
    says: str
    needs: str = ""
    facts: tuple[FactShown, ...] = ()
    unknown: tuple[UnknownShown, ...] = ()
    parts: tuple[ConditionShown, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """What became of one rule for one child, and why.

    ``used`` is whether the rule is in force on the day; ``folded_into`` names the rules whose
    prompt takes this one's place; ``would`` are the questions whose answers bear on this rule.
    """

    rule: Rule
    child: str
    verdict: Verdict
    in_play: bool
    used: bool
    given: tuple[ConditionShown, ...]
    conditions: tuple[ConditionShown, ...]
    folded_into: tuple[str, ...]
    would: tuple[Question, ...]


def explain(
    snapshot: Snapshot, pack: Pack, rule_id: str, child: str | None = None
) -> tuple[Explanation, ...]:
    """Explain a rule for one child, or for each; raises InputError if there is no such one."""
    rule = find_rule(pack, rule_id)
    in_force = pack.in_force(snapshot.as_of.first)
    used = any(each.id == rule_id for each in in_force)
    # A rule that is not in force is explained as if it were: that is what its author asks.
    engine = engine_for(pack, snapshot) if used else Engine(pack, (*in_force, rule))
    rule = next(each for each in engine.rules if each.id == rule_id)
    case = Case(snapshot)
    if child is not None and child not in case.children:
        raise fault(
            "--child", f"there is no child {child} in it.{suggestion(child, case.children)}"
        )
    folded = _folded(snapshot, pack, rule_id) if used else {}
    results = {name: evaluate(engine, case, name) for name in case.children}
    return tuple(
        Explanation(
            rule=rule,
            child=name,
            verdict=result.outcomes[rule_id].verdict,
            in_play=result.outcomes[rule_id].in_play,
            used=used,
            given=tuple(_single(each, result) for each in engine.logics[rule_id].given),
            conditions=tuple(_shown(each, result) for each in engine.logics[rule_id].conditions),
            folded_into=folded.get(name, ()),
            would=tuple(_would(engine, result, rule_id)),
        )
        for name, result in results.items()
        if child in (None, name)
    )


def find_rule(pack: Pack, rule_id: str) -> Rule:
    """The rule with this id; raises InputError, with the nearest id, if there is none."""
    rule = pack.rules.get(rule_id)
    if rule is None:
        near = suggestion(rule_id, pack.rules)
        raise fault(
            "rule", f"there is no rule {rule_id}.{near} `advisor rules list` shows them all"
        )
    return rule


def _folded(snapshot: Snapshot, pack: Pack, rule_id: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for prompt in advise(snapshot, pack).prompts:
        if rule_id in prompt.replaces:
            for child in prompt.children:
                found[child] = (*found.get(child, ()), prompt.title)
    return found


def _shown(condition: Condition | Quorum, result: ChildResult) -> ConditionShown:
    if isinstance(condition, Condition):
        return _single(condition, result)
    return ConditionShown(
        name=f"at least {condition.number} of these",
        status=_STATUS[result.status(condition)],
        says=f"at least {condition.number} of these must hold",
        parts=tuple(_single(part, result) for part in condition.of),
    )


def _single(condition: Condition, result: ChildResult) -> ConditionShown:
    status = result.status(condition)
    if condition.is_concern:
        return _concern(condition, result)
    signal = result.engine.pack.signals[condition.name]
    proof = result.signals.proof(condition.name)
    accepted = accept(condition.words, proof)
    order = [value for value in ("true", "false", "unknown") if value in condition.words]
    needs = "; or: ".join(signal_says(signal, value) for value in order)
    return ConditionShown(
        name=condition.name,
        status=_STATUS[status],
        says=says(signal, proof.value, result.child),
        needs="" if status is TRUE else needs,
        facts=tuple(fact_shown(reading) for reading in proof.facts),
        unknown=tuple(
            unknown_shown(reading, result.child)
            for reading in {r.path: r for r in (*accepted.unknown, *accepted.absent)}.values()
        ),
    )


def _concern(condition: Condition, result: ChildResult) -> ConditionShown:
    concluding = [rule for rule in result.engine.rules if rule.concludes == condition.name]
    raised = [rule.title for rule in concluding if result.concludes(rule.id)]
    status = result.status(condition)
    told = "; ".join(raised) if raised else "None of the rules that lead to it is raised"
    needs = "one of these raised: " + "; ".join(rule.title for rule in concluding)
    return ConditionShown(
        name=condition.name, status=_STATUS[status], says=told, needs="" if raised else needs
    )


def _would(engine: Engine, result: ChildResult, rule_id: str) -> Iterator[Question]:
    for question in questions(engine, [result])[0]:
        effects = tuple(
            effect.model_copy(
                update={
                    "raises": tuple(name for name in effect.raises if name == rule_id),
                    "settles": tuple(name for name in effect.settles if name == rule_id),
                }
            )
            for effect in question.would
            if rule_id in (*effect.raises, *effect.settles)
        )
        if effects or rule_id in question.bears_on:
            yield question.model_copy(update={"would": effects})
