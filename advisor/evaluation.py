"""Everything that was worked out for one child: signals, outcomes, and what stood in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from advisor import truth
from advisor.case import Case
from advisor.engine import Engine
from advisor.logic import Condition, Outcome, Quorum, concluded
from advisor.proofs import Proof, Reading, accept
from advisor.remainder import Remainder
from advisor.residuals import Part
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth


class DisagreementError(RuntimeError):
    """Two evaluations that must agree did not. Nothing is advised rather than something wrong."""


@dataclass(frozen=True)
class ChildResult:
    """One child's signals and outcomes under one engine."""

    engine: Engine
    child: str
    signals: Remainder
    values: dict[str, Truth]
    outcomes: dict[str, Outcome]

    def _concern(self, condition: Condition) -> Truth:
        """What the rules that conclude a concern say of it, as the engines reckon it."""
        if condition.name not in self._kept_concerns:
            self._kept_concerns[condition.name] = truth.any_of(
                self._said(rule) for rule in self._concluders(condition)
            )
        return self._kept_concerns[condition.name]

    def _said(self, rule: str) -> Truth:
        outcome = self.outcomes[rule]
        whole = truth.all_of(self.status(each) for each in self.engine.logics[rule].conditions)
        return concluded(outcome.verdict, TRUE if outcome.in_play else FALSE, whole)

    @cached_property
    def _kept_concerns(self) -> dict[str, Truth]:
        return {}

    def concludes(self, rule: str) -> bool:
        """Whether a rule's prompt was raised, so that its concern is concluded."""
        return self.outcomes[rule].verdict in ("raised", "raised_on_precaution")

    def status(self, condition: Condition | Quorum) -> Truth:
        """Whether a condition is met, violated or unresolved."""
        if isinstance(condition, Quorum):
            parts = [self.status(part) for part in condition.of]
            return truth.at_least(parts, condition.number, complete=True)
        if condition.is_concern:
            return condition.status(self._concern(condition))
        return condition.status(self.values[condition.name])

    def possible(self, condition: Condition | Quorum) -> Truth:
        """Whether a condition holds or might yet, counting rules that are not in play yet."""
        if isinstance(condition, Quorum):
            parts = [self.possible(part) for part in condition.of]
            return truth.at_least(parts, condition.number, complete=True)
        if not condition.is_concern:
            return self.status(condition)
        return truth.any_of(
            TRUE if self.concludes(rule) else Truth(min(UNKNOWN, self._could_be_raised(rule)))
            for rule in self._concluders(condition)
        )

    def _could_be_raised(self, rule: str) -> Truth:
        if rule not in self._raisable:
            logic = self.engine.logics[rule]
            whole = (*logic.given, *logic.conditions)
            self._raisable[rule] = truth.all_of(self.possible(each) for each in whole)
        return self._raisable[rule]

    @cached_property
    def _raisable(self) -> dict[str, Truth]:
        return {}

    @cached_property
    def _kept_unknowns(self) -> dict[str, list[Reading]]:
        return {}

    def _concluders(self, condition: Condition) -> Sequence[str]:
        return self.engine.concluders.get(condition.name, ())

    def stopped_by(self, rule: str) -> tuple[str, ...]:
        """The signals whose being unknown kept a rule from being looked at; none if it was.

        A rule that a definite fact rules out is not among them: knowing more would not raise it.
        """
        if rule not in self._kept_stopped:
            self._kept_stopped[rule] = self._stopped_by(rule)
        return self._kept_stopped[rule]

    @cached_property
    def _kept_stopped(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _stopped_by(self, rule: str) -> tuple[str, ...]:
        if self.outcomes[rule].verdict != "not_raised" or self._could_be_raised(rule) is FALSE:
            return ()
        logic = self.engine.logics[rule]
        singles = [c for each in logic.conditions for c in _singles(each)]
        found = list(self._unresolved(logic.given)) or list(self._unresolved(singles))
        return tuple(dict.fromkeys(found))

    def _unresolved(self, conditions: Iterable[Condition]) -> Iterator[str]:
        for condition in conditions:
            if self.possible(condition) is not UNKNOWN:
                continue
            if not condition.is_concern:
                yield condition.name
                continue
            for rule in self._concluders(condition):
                if self._could_be_raised(rule) is not FALSE:
                    yield from self._unresolved(self.engine.logics[rule].singles)

    def unknowns(self, rule: str) -> list[Reading]:
        """The unknown facts that could change a rule's prompt, or that it rests on."""
        if rule not in self._kept_unknowns:
            self._kept_unknowns[rule] = self._unknowns(rule)
        return self._kept_unknowns[rule]

    def _unknowns(self, rule: str) -> list[Reading]:
        found: dict[str, Reading] = {}
        for condition in self.engine.logics[rule].singles:
            if self.status(condition) is FALSE:
                continue
            if condition.is_concern:
                readings = [
                    reading
                    for other in self._concluders(condition)
                    if self.outcomes[other].verdict != "not_raised"
                    for reading in self.unknowns(other)
                ]
            else:
                proof = accept(condition.words, self.signals.proof(condition.name))
                readings = [*proof.unknown, *proof.absent]
            for reading in readings:
                found.setdefault(reading.path, reading)
        return list(found.values())

    def absences(self, rule: str) -> bool:
        """Whether a rule's prompt rests on something that is not known."""
        verdict = self.outcomes[rule].verdict
        if verdict == "raised_on_precaution":
            return True
        return verdict == "raised" and any(
            self._rests_on_absence(condition)
            for condition in self.engine.logics[rule].singles
            if self.status(condition) is TRUE
        )

    def _rests_on_absence(self, condition: Condition) -> bool:
        if condition.is_concern:
            raised = [rule for rule in self._concluders(condition) if self.concludes(rule)]
            return all(self.absences(rule) for rule in raised)
        return bool(accept(condition.words, self.signals.proof(condition.name)).absent)


def _singles(condition: Condition | Quorum) -> tuple[Condition, ...]:
    return condition.of if isinstance(condition, Quorum) else (condition,)


def evaluate(engine: Engine, case: Case, child: str) -> ChildResult:
    """Work out one child; refuses to go on where the two evaluations of a signal differ."""
    values = engine.values(case, child)
    outcomes = engine.outcomes(values)
    signals = _Checked(case, child, engine.dependence.steps, values)
    return ChildResult(engine, child, signals, values, outcomes)


class _Checked(Remainder):
    """Proofs and parts that are held against the values on which the rules were decided."""

    def proof(self, name: str) -> Proof:
        """The proof of a signal."""
        proof = super().proof(name)
        self._hold(name, proof.value)
        return proof

    def part(self, name: str) -> Part:
        """What remains open of a signal."""
        part = super().part(name)
        self._hold(name, part.value)
        return part

    def _hold(self, name: str, value: Truth) -> None:
        if self.values.get(name, value) is not value:
            raise DisagreementError(f"two evaluations of {name} differ; nothing is advised")
