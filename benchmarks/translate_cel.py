"""The Common Expression Language, by its Rust implementation: one compiled list of answers."""

from __future__ import annotations

import json
from collections.abc import Sequence

import cel

from benchmarks.facts import Facts, Schema
from benchmarks.formula import Both, Either, Formula, Test


def expression(formula: Formula, prefix: str = "") -> str:
    """A formula in CEL."""
    if isinstance(formula, Test):
        return _test(formula, prefix + formula.fact)
    if isinstance(formula, Both | Either):
        word = " && " if isinstance(formula, Both) else " || "
        return f"({word.join(expression(part, prefix) for part in formula.parts)})"
    body = expression(formula.body, "item.")
    return f"{formula.listed}.{'all' if formula.every else 'exists'}(item, {body})"


def _test(test: Test, name: str) -> str:
    if test.op in ("known", "unknown"):
        return f"({name} {'!=' if test.op == 'known' else '=='} null)"
    if test.op in ("in", "not in"):
        compared = f"{'!' if test.op == 'not in' else ''}({name} in {json.dumps(test.value)})"
    else:
        compared = f"{name} {test.op} {json.dumps(test.value)}"
    return f"({name} == null || {compared})" if test.missing else f"({name} != null && {compared})"


class Cel:
    """All answers as one compiled list expression."""

    name = "CEL (common-expression-language)"

    def __init__(self, formulas: Sequence[Formula], schema: Schema) -> None:
        self._program = cel.compile(f"[{', '.join(map(expression, formulas))}]")

    def prepare(self, facts: Facts) -> Facts:
        return facts

    def answer(self, facts: Facts) -> Sequence[bool]:
        found: list[bool] = self._program.execute(facts)
        return found
