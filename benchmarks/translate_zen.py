"""zen-engine: one compiled array expression, or a decision graph with an expression node."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import zen

from benchmarks.facts import Facts, Schema
from benchmarks.formula import Both, Either, Formula, Test


def expression(formula: Formula, prefix: str = "") -> str:
    """A formula in zen's expression language."""
    if isinstance(formula, Test):
        return _test(formula, prefix + formula.fact)
    if isinstance(formula, Both | Either):
        word = " and " if isinstance(formula, Both) else " or "
        return f"({word.join(expression(part, prefix) for part in formula.parts)})"
    body = expression(formula.body, "#.")
    return f"{'all' if formula.every else 'some'}({formula.listed}, {body})"


def _test(test: Test, name: str) -> str:
    if test.op in ("known", "unknown"):
        return f"({name} {'!=' if test.op == 'known' else '=='} null)"
    if test.op in ("in", "not in"):
        among = f"({name} in {_literal(test.value)})"
        compared = f"not {among}" if test.op == "not in" else among
    else:
        compared = f"{name} {test.op} {_literal(test.value)}"
    return f"({name} == null or {compared})" if test.missing else f"({name} != null and {compared})"


def _literal(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_literal(each) for each in value)}]"
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


def without_missing(facts: Facts) -> Facts:
    """The facts that are there: a missing property is null to zen, and costs nothing to send."""
    return {
        name: [without_missing(item) for item in value] if isinstance(value, list) else value
        for name, value in facts.items()
        if value is not None
    }


class ZenArray:
    """All answers as one compiled array expression."""

    name = "zen-engine, one array expression"

    def __init__(self, formulas: Sequence[Formula], schema: Schema) -> None:
        self._compiled = zen.compile_expression(f"[{', '.join(map(expression, formulas))}]")

    def prepare(self, facts: Facts) -> Facts:
        return without_missing(facts)

    def answer(self, facts: Facts) -> Sequence[bool]:
        found: list[bool] = self._compiled.evaluate(facts)
        return found


class ZenGraph:
    """A decision graph: input, one expression node with an expression for each answer, output."""

    name = "zen-engine, decision graph"

    def __init__(self, formulas: Sequence[Formula], schema: Schema) -> None:
        self._keys = [f"a{number}" for number in range(len(formulas))]
        written = [
            {"id": key, "key": key, "value": expression(formula)}
            for key, formula in zip(self._keys, formulas, strict=True)
        ]
        kinds = {"in": "inputNode", "work": "expressionNode", "out": "outputNode"}
        nodes: list[dict[str, Any]] = [
            {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
            for name, kind in kinds.items()
        ]
        nodes[1]["content"] = {"expressions": written}
        edges = [
            {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
            for start, end in (("in", "work"), ("work", "out"))
        ]
        self._decision = zen.ZenEngine().create_decision(
            json.dumps({"nodes": nodes, "edges": edges})
        )

    def prepare(self, facts: Facts) -> Facts:
        return without_missing(facts)

    def answer(self, facts: Facts) -> Sequence[bool]:
        result = self._decision.evaluate(facts)["result"]
        return [result[key] for key in self._keys]
