"""Rules over signals, plainly: the meaning that every other engine is held to.

It serves wherever durable-rules cannot be installed, and is the oracle of the tests elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor import truth
from advisor.language.documents import Rule
from advisor.logic import (
    Condition,
    Outcome,
    Quorum,
    Values,
    concluded,
    in_order,
    logic_of,
    verdict_of,
)
from advisor.truth import FALSE, TRUE, Truth


class Interpreter:
    """Evaluates a fixed set of rules, one child at a time."""

    name = "interpreter"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._logics = in_order([logic_of(rule) for rule in rules])

    def outcomes(self, values: Values) -> dict[str, Outcome]:
        """The outcome of each rule by its id, given the values of a child's signals."""
        concerns: dict[str, Truth] = {}
        outcomes: dict[str, Outcome] = {}

        def status(condition: Condition | Quorum) -> Truth:
            if isinstance(condition, Quorum):
                parts = [status(part) for part in condition.of]
                return truth.at_least(parts, condition.number, complete=True)
            if condition.is_concern:
                return condition.status(concerns.get(condition.name, FALSE))
            return condition.status(values(condition.name))

        for logic in self._logics:
            rule = logic.rule
            given = truth.all_of(status(condition) for condition in logic.given)
            whole = truth.all_of(status(condition) for condition in logic.conditions)
            verdict = verdict_of(rule, given, whole)
            outcomes[rule.id] = Outcome(verdict, given is TRUE)
            if rule.concludes is not None:
                said = concluded(verdict, given, whole)
                known = concerns.get(rule.concludes, FALSE)
                concerns[rule.concludes] = truth.any_of((known, said))
        return outcomes
