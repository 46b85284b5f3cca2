"""JsonLogic, by panzi-json-logic: one logic for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from json_logic import jsonLogic

from benchmarks.facts import Facts, Schema
from benchmarks.formula import Both, Either, Formula, Test, negate

_OPERATORS = {"==": "===", "!=": "!=="}


def logic(formula: Formula) -> Any:
    """A formula as JsonLogic."""
    if isinstance(formula, Test):
        return _test(formula)
    if isinstance(formula, Both | Either):
        word = "and" if isinstance(formula, Both) else "or"
        return {word: [logic(part) for part in formula.parts]}
    rows = {"var": formula.listed}
    if formula.every:  # its "all" is false of an empty list
        return {"none": [rows, logic(negate(formula.body))]}
    return {"some": [rows, logic(formula.body)]}


def _test(test: Test) -> Any:
    fact = {"var": test.fact}
    if test.op in ("known", "unknown"):
        return {"!==" if test.op == "known" else "===": [fact, None]}
    if test.op in ("in", "not in"):
        compared: Any = {"in": [fact, list(test.value)]}
        compared = {"!": [compared]} if test.op == "not in" else compared
    else:
        compared = {_OPERATORS.get(test.op, test.op): [fact, test.value]}
    if test.missing:
        return {"or": [{"===": [fact, None]}, compared]}
    return {"and": [{"!==": [fact, None]}, compared]}


class JsonLogic:
    """Each answer's logic applied in turn."""

    name = "JsonLogic (panzi-json-logic)"

    def __init__(self, formulas: Sequence[Formula], schema: Schema) -> None:
        self._logics = [logic(formula) for formula in formulas]

    def prepare(self, facts: Facts) -> Facts:
        return facts

    def answer(self, facts: Facts) -> Sequence[bool]:
        return [bool(jsonLogic(each, facts)) for each in self._logics]
