"""Everything that was worked out for one child: signals, outcomes, and what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from advisor import truth
from advisor.case import Case
from advisor.engine import Engine
from advisor.language.documents import Signal
from advisor.logic import Condition, Logic, Outcome, Quorum
from advisor.signals import ChildSignals, Proof, Reading, accept
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth


class DisagreementError(RuntimeError):
    """Two evaluations that must agree did not. Nothing is advised rather than something wrong."""


@dataclass(frozen=True)
class ChildResult:
    """One child's signals and outcomes under one engine."""

    engine: Engine
    child: str
    signals: ChildSignals
    values: dict[str, Truth]
    outcomes: dict[str, Outcome]

    @cached_property
    def _concerns(self) -> dict[str, Truth]:
        found: dict[str, Truth] = {}
        for rule in self.engine.rules:
            if rule.concludes is not None:
                verdict = self.outcomes[rule.id].verdict
                said = (
                    TRUE
                    if verdict in ("raised", "raised_on_precaution")
                    else UNKNOWN
                    if verdict == "needs_information"
                    else FALSE
                )
                known = found.get(rule.concludes, FALSE)
                found[rule.concludes] = truth.any_of((known, said))
        return found

    def concludes(self, rule: str) -> bool:
        """Whether a rule's prompt was raised, so that its concern is concluded."""
        return self.outcomes[rule].verdict in ("raised", "raised_on_precaution")

    def status(self, condition: Condition | Quorum) -> Truth:
        """Whether a condition is met, violated or unresolved."""
        if isinstance(condition, Quorum):
            parts = [self.status(part) for part in condition.of]
            return truth.at_least(parts, condition.number, complete=True)
        if condition.is_concern:
            return condition.status(self._concerns.get(condition.name, FALSE))
        return condition.status(self.values[condition.name])

    def stopped_by(self, rule: str) -> tuple[str, ...]:
        """The signals whose being unknown kept a rule from being looked at; none if it was.

        A rule that a definite fact rules out is not among them: knowing more would not raise it.
        """
        logic = self.engine.logics[rule]
        given = [(each, self.status(each)) for each in logic.given]
        if any(value is FALSE for _, value in given):
            return ()
        if any(self.status(each) is FALSE for each in logic.conditions):
            return ()
        stopped = [each for each, value in given if value is UNKNOWN]
        silent = logic.rule.when_unknown == "silent"
        if not stopped and silent and self.outcomes[rule].verdict == "not_raised":
            stopped = self._unresolved(logic)
        return tuple(each.name for each in stopped if not each.is_concern)

    def _unresolved(self, logic: Logic) -> list[Condition]:
        return [each for each in logic.singles if self.status(each) is UNKNOWN]

    def unknowns(self, rule: str) -> list[Reading]:
        """The unknown facts that could change a rule's prompt, or that it rests on."""
        found: dict[str, Reading] = {}
        logic = self.engine.logics[rule]
        for condition in logic.singles:
            if condition.is_concern or self.status(condition) is FALSE:
                continue
            proof = accept(condition.words, self.signals.proof(condition.name))
            for reading in (*proof.unknown, *proof.absent):
                found.setdefault(reading.path, reading)
        return list(found.values())

    def absences(self, rule: str) -> bool:
        """Whether a rule's prompt rests on something that is not known."""
        verdict = self.outcomes[rule].verdict
        if verdict == "raised_on_precaution":
            return True
        return verdict == "raised" and any(
            accept(condition.words, self.signals.proof(condition.name)).absent
            for condition in self.engine.logics[rule].singles
            if not condition.is_concern and self.status(condition) is TRUE
        )


def evaluate(engine: Engine, case: Case, child: str) -> ChildResult:
    """Work out one child; refuses to go on where the two evaluations of a signal differ."""
    values = engine.values(case, child)
    outcomes = engine.outcomes(values)
    signals = _Checked(case, child, engine.pack.signals, values)
    return ChildResult(engine, child, signals, values, outcomes)


class _Checked(ChildSignals):
    """Proofs that are held against the values on which the rules were decided."""

    def __init__(
        self, case: Case, child: str, signals: Mapping[str, Signal], values: dict[str, Truth]
    ) -> None:
        super().__init__(case, child, signals)
        self._values = values

    def proof(self, name: str) -> Proof:
        """The proof of a signal."""
        proof = super().proof(name)
        if self._values.get(name, proof.value) is not proof.value:
            raise DisagreementError(f"two evaluations of {name} differ; nothing is advised")
        return proof
