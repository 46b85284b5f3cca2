"""Generated Python: one function of the facts, which gives every answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.facts import Facts, Schema
from benchmarks.formula import Both, Either, Formula, Items, Test


def expression(formula: Formula, fact: Callable[[str], str]) -> str:
    """A formula as Python; ``fact`` writes how a fact is read."""
    if isinstance(formula, Test):
        name = fact(formula.fact)
        if formula.op in ("known", "unknown"):
            return f"({name} is {'not ' if formula.op == 'known' else ''}None)"
        guard = "is None or" if formula.missing else "is not None and"
        return f"({name} {guard} {name} {formula.op} {formula.value!r})"
    if isinstance(formula, Both | Either):
        word = " and " if isinstance(formula, Both) else " or "
        return f"({word.join(expression(part, fact) for part in formula.parts)})"
    return items(formula, fact(formula.listed))


def items(formula: Items, rows: str) -> str:
    """A quantifier as Python, over the list that ``rows`` names."""
    body = expression(formula.body, lambda name: f"item[{name!r}]")
    return f"{'all' if formula.every else 'any'}({body} for item in {rows})"


class Python:
    """One generated function."""

    name = "generated Python"

    def __init__(self, formulas: Sequence[Formula], schema: Schema) -> None:
        names = [*schema.scalars, *(name for name in schema.lists if name not in schema.scalars)]
        lines = [f"    {name} = facts[{name!r}]" for name in names]
        answers = ", ".join(expression(formula, str) for formula in formulas)
        source = "\n".join(["def answers(facts):", *lines, f"    return [{answers}]"])
        made: dict[str, Callable[[Facts], list[bool]]] = {}
        exec(compile(source, "<benchmark>", "exec"), made)
        self.answer = made["answers"]

    def prepare(self, facts: Facts) -> Facts:
        return facts
