"""CLIPS, by clipspy: one rule for each answer, over one fact of scalars and one for each item.

What the rules would do is read off the agenda, without firing them: the quickest way to ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import clips

from benchmarks.facts import Facts, Schema
from benchmarks.formula import Both, Either, Formula, Items, Test, negate

_SCALARS = "scalars"


class Clips:
    """All rules in one environment; the facts of a case are asserted, and taken back after."""

    name = "CLIPS (clipspy)"

    def __init__(self, formulas: Sequence[Formula], schema: Schema) -> None:
        self._env = clips.Environment()
        self._size = len(formulas)
        self._templates: dict[str, Any] = {}
        for name, slots in ((_SCALARS, schema.scalars), *schema.lists.items()):
            declared = " ".join(f"(slot {slot} (default nil))" for slot in slots)
            self._env.build(f"(deftemplate {name} {declared})")
            self._templates[name] = self._env.find_template(name)
        for number, formula in enumerate(formulas):
            self._env.build(f"(defrule a{number} {_element(formula)} =>)")

    def prepare(self, facts: Facts) -> list[tuple[str, dict[str, Any]]]:
        prepared = [(_SCALARS, _symbols(facts))]
        for name, rows in facts.items():
            if isinstance(rows, list):
                prepared.extend((name, _symbols(row)) for row in rows)
        held = {slot.name for slot in self._templates[_SCALARS].slots}
        scalars = {name: value for name, value in prepared[0][1].items() if name in held}
        return [(_SCALARS, scalars), *prepared[1:]]

    def answer(self, facts: list[tuple[str, dict[str, Any]]]) -> Sequence[bool]:
        asserted = [self._templates[name].assert_fact(**slots) for name, slots in facts]
        found = [False] * self._size
        for activation in self._env.activations():
            found[int(activation.name[1:])] = True
        for fact in asserted:
            fact.retract()
        return found


def _symbols(facts: Facts) -> dict[str, Any]:
    """The facts that are there; words are symbols, which CLIPS compares by identity."""
    return {
        name: clips.Symbol(str(value).upper() if isinstance(value, bool) else value)
        if isinstance(value, bool | str)
        else value
        for name, value in facts.items()
        if value is not None and not isinstance(value, list)
    }


def _scalar(formula: Formula) -> bool:
    if isinstance(formula, Both | Either):
        return all(_scalar(part) for part in formula.parts)
    return isinstance(formula, Test)


def _element(formula: Formula) -> str:
    """A formula as a conditional element; what concerns one fact only is one pattern."""
    if _scalar(formula):
        return _pattern(_SCALARS, formula)
    if isinstance(formula, Items):
        if formula.every:
            return f"(not {_pattern(formula.listed, negate(formula.body))})"
        return f"(exists {_pattern(formula.listed, formula.body)})"
    assert isinstance(formula, Both | Either)
    if isinstance(formula, Either):
        return f"(or {' '.join(map(_element, formula.parts))})"
    plain = tuple(part for part in formula.parts if _scalar(part))
    rest = [_element(part) for part in formula.parts if not _scalar(part)]
    patterns = [_pattern(_SCALARS, Both(plain))] if plain else []
    return f"(and {' '.join([*patterns, *rest])})"


def _pattern(template: str, formula: Formula) -> str:
    """A pattern on one fact: plain constraints where it can, else an expression over its slots."""
    parts = _conjuncts(formula)
    count = Counter(name for part in parts for name in _facts(part))
    slots: dict[str, str] = {}
    tests: list[str] = []
    named: dict[str, None] = {}
    for part in parts:
        if isinstance(part, Test) and count[part.fact] == 1 and _constraint(part):
            slots[part.fact] = _constraint(part)
        else:
            tests.append(_expression(part))
            named.update(dict.fromkeys(_facts(part)))
    for name in named:
        slots[name] = f"?{name}"
    if tests:
        # A variable must be bound in an earlier slot than the expression that reads it.
        slots[list(slots)[-1]] += f"&:(and TRUE {' '.join(tests)})"
    return f"({template} {' '.join(f'({name} {slots[name]})' for name in slots)})"


def _conjuncts(formula: Formula) -> list[Formula]:
    if isinstance(formula, Both):
        return [inner for part in formula.parts for inner in _conjuncts(part)]
    return [formula]


def _facts(formula: Formula) -> list[str]:
    if isinstance(formula, Test):
        return [formula.fact]
    assert isinstance(formula, Both | Either)
    return [name for part in formula.parts for name in _facts(part)]


def _constraint(test: Test) -> str:
    """A test of equality as a constraint on its slot; empty if it compares numbers."""
    if test.op in ("known", "unknown"):
        return "~nil" if test.op == "known" else "nil"
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    if test.op in ("==", "in"):
        return "|".join([*(["nil"] if test.missing else []), *map(_literal, wanted)])
    if test.op in ("!=", "not in"):
        kept = [] if test.missing else ["~nil"]
        return "&".join([*kept, *(f"~{_literal(value)}" for value in wanted)])
    return ""


def _expression(formula: Formula) -> str:
    if isinstance(formula, Both | Either):
        word = "and" if isinstance(formula, Both) else "or"
        return f"({word} {' '.join(map(_expression, formula.parts))})"
    assert isinstance(formula, Test)
    name = f"?{formula.fact}"
    if formula.op in ("known", "unknown"):
        return f"({'neq' if formula.op == 'known' else 'eq'} {name} nil)"
    if formula.op in ("==", "in", "!=", "not in"):
        wanted = formula.value if isinstance(formula.value, tuple) else (formula.value,)
        kept = [_literal(value) for value in wanted]
        positive = formula.op in ("==", "in")
        if formula.missing is positive:
            kept.append("nil")
        if positive:
            return f"(or FALSE {' '.join(f'(eq {name} {each})' for each in kept)})"
        return f"(neq {name} {' '.join(kept)})" if kept else "TRUE"
    compared = f"({formula.op} {name} {formula.value})"
    if formula.missing:
        return f"(or (eq {name} nil) {compared})"
    return f"(and (neq {name} nil) {compared})"


def _literal(value: Any) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)
