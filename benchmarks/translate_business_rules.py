"""business-rules: conditions over variables, which are methods of a class.

It has no lists of records: a quantifier becomes a variable that generated Python works out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_NUMERIC
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    select_rule_variable,
)

from advisor.facts.shape import Type
from benchmarks.facts import Facts, Schema
from benchmarks.formula import Both, Either, Formula, Items, Test
from benchmarks.translate_python import items

_NUMERIC = {
    ">=": "greater_than_or_equal_to", "<=": "less_than_or_equal_to",
    ">": "greater_than", "<": "less_than",
}  # fmt: skip


class _Answers(BaseActions):  # type: ignore[misc]
    def __init__(self, size: int) -> None:
        self.found = [False] * size

    @rule_action(params={"number": FIELD_NUMERIC})  # type: ignore[untyped-decorator]
    def fire(self, number: int) -> None:
        self.found[number] = True


class BusinessRules:
    """One rule for each answer, with one action that notes it."""

    name = "business-rules"

    def __init__(self, formulas: Sequence[Formula], schema: Schema) -> None:
        self._members: dict[str, Any] = {"__init__": _hold}
        self._quantified: dict[Items, str] = {}
        for name in schema.scalars:
            self._scalar(name, schema.kind(name))
        self._rules = [
            {
                "conditions": self._conditions(formula),
                "actions": [{"name": "fire", "params": {"number": number}}],
            }
            for number, formula in enumerate(formulas)
        ]
        self._variables = type("Variables", (BaseVariables,), self._members)

    def prepare(self, facts: Facts) -> Facts:
        return facts

    def answer(self, facts: Facts) -> Sequence[bool]:
        answers = _Answers(len(self._rules))
        run_all(self._rules, self._variables(facts), answers)
        return answers.found

    def _scalar(self, name: str, kind: Any) -> None:
        known = f"{name}_is_known"
        self._members[known] = _variable(
            boolean_rule_variable, known, lambda self: self.facts[name] is not None
        )
        if kind is Type.NUMBER:
            made = _variable(numeric_rule_variable, name, lambda self: self.facts[name])
        elif kind is Type.CHOICE:
            made = _variable(select_rule_variable(), name, lambda self: [self.facts[name]])
        else:
            made = _variable(boolean_rule_variable, name, lambda self: self.facts[name])
        self._members[name] = made

    def _conditions(self, formula: Formula) -> dict[str, Any]:
        if isinstance(formula, Both | Either):
            word = "all" if isinstance(formula, Both) else "any"
            return {word: [self._conditions(part) for part in formula.parts]}
        if isinstance(formula, Items):
            return _is(self._quantifier(formula), True)
        known = f"{formula.fact}_is_known"
        if formula.op in ("known", "unknown"):
            return _is(known, formula.op == "known")
        if formula.missing:
            return {"any": [_is(known, False), _compared(formula)]}
        return {"all": [_is(known, True), _compared(formula)]}

    def _quantifier(self, formula: Items) -> str:
        if formula not in self._quantified:
            name = f"items_{len(self._quantified)}"
            source = f"lambda self: {items(formula, f'self.facts[{formula.listed!r}]')}"
            self._members[name] = _variable(boolean_rule_variable, name, eval(source))
            self._quantified[formula] = name
        return self._quantified[formula]


def _hold(self: Any, facts: Facts) -> None:
    self.facts = facts


def _variable(decorate: Any, name: str, read: Callable[[Any], Any]) -> Any:
    read.__name__ = name
    return decorate(read)


def _is(name: str, value: bool) -> dict[str, Any]:
    return {"name": name, "operator": "is_true" if value else "is_false", "value": True}


def _compared(test: Test) -> dict[str, Any]:
    if isinstance(test.value, bool):
        return _is(test.fact, test.value is (test.op == "=="))
    if test.op in _NUMERIC:
        return {"name": test.fact, "operator": _NUMERIC[test.op], "value": test.value}
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    positive = test.op in ("==", "in")
    operator = "contains" if positive else "does_not_contain"
    parts = [{"name": test.fact, "operator": operator, "value": value} for value in wanted]
    return parts[0] if len(parts) == 1 else {"any" if positive else "all": parts}
