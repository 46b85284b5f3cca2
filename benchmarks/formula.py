"""Rules as two-valued formulas, for engines that have no third value.

A three-valued expression becomes up to four formulas over the same facts: definitely true,
definitely false, possibly true, possibly false. *Not* only swaps them, so it vanishes, and each
test says what it gives where its fact is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from advisor.language.documents import ConditionSpec, Rule, Signal
from advisor.language.expressions import (
    All,
    AnyOf,
    Every,
    Expression,
    FactTest,
    Known,
    Not,
    SignalRef,
    Some,
    UnknownTest,
    accepted,
)
from advisor.vocabulary import list_place

OPPOSITE = {
    "==": "!=", "!=": "==", ">=": "<", "<": ">=", "<=": ">", ">": "<=",
    "in": "not in", "not in": "in", "known": "unknown", "unknown": "known",
}  # fmt: skip


class Ask(Enum):
    """What is asked of a three-valued expression."""

    TRUE = "definitely true"
    FALSE = "definitely false"
    MAYBE = "possibly true"
    MAYBE_NOT = "possibly false"


_NEGATED = {
    Ask.TRUE: Ask.FALSE,
    Ask.FALSE: Ask.TRUE,
    Ask.MAYBE: Ask.MAYBE_NOT,
    Ask.MAYBE_NOT: Ask.MAYBE,
}


@dataclass(frozen=True)
class Test:
    """A comparison of one fact; ``missing`` is its answer where the fact is missing."""

    fact: str
    op: str
    value: Any = None
    missing: bool = False


@dataclass(frozen=True)
class Both:
    """And; true of nothing."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Either:
    """Or; false of nothing."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Items:
    """Whether every item of a list, or some item, satisfies a formula over the item's facts."""

    listed: str
    body: Formula
    every: bool


Formula = Test | Both | Either | Items


def flat(path: str) -> str:
    """A path as one name: ``child.movement.walks`` is ``child_movement_walks``."""
    return path.replace(".", "_")


def complete(listed: str) -> str:
    """The name of the fact that says whether a list is complete."""
    return f"{listed}_complete"


def negate(formula: Formula) -> Formula:
    """The formula that is true exactly where this one is not."""
    if isinstance(formula, Test):
        return Test(formula.fact, OPPOSITE[formula.op], formula.value, not formula.missing)
    if isinstance(formula, Items):
        return Items(formula.listed, negate(formula.body), not formula.every)
    parts = tuple(negate(part) for part in formula.parts)
    return Either(parts) if isinstance(formula, Both) else Both(parts)


def formulas_of(rule: Rule, signals: Mapping[str, Signal]) -> tuple[Formula, Formula | None]:
    """When a rule is raised; and when it is raised or may be, if its verdict turns on that."""
    translate = _Translator(signals)
    given = [translate.condition(each, Ask.TRUE) for each in rule.when.given]
    sure = [translate.condition(each, Ask.TRUE) for each in rule.when.conditions]
    if rule.when_unknown == "silent":
        return _joined(Both, [*given, *sure]), None
    open_too = [translate.condition(each, Ask.MAYBE) for each in rule.when.conditions]
    return _joined(Both, [*given, *sure]), _joined(Both, [*given, *open_too])


class _Translator:
    def __init__(self, signals: Mapping[str, Signal]) -> None:
        self.signals = signals

    def condition(self, condition: Any, ask: Ask) -> Formula:
        if isinstance(condition, str):
            return self.translate(self.signals[condition].tree, ask)
        assert isinstance(condition, ConditionSpec)
        return self.accepted(self.signals[condition.signal].tree, set(condition.accepts), ask)

    def accepted(self, tree: Expression, words: set[str], ask: Ask) -> Formula:
        """Whether the value is among those accepted; for *definitely* and *possibly* true only."""
        assert ask in (Ask.TRUE, Ask.MAYBE)
        true, false = ("true" in words), ("false" in words)
        if "unknown" in words or ask is Ask.MAYBE:
            kinds = [Ask.MAYBE] * true + [Ask.MAYBE_NOT] * false
            if kinds:
                return _joined(Either, [self.translate(tree, each) for each in kinds])
            return _joined(
                Both, [self.translate(tree, each) for each in (Ask.MAYBE, Ask.MAYBE_NOT)]
            )
        kinds = [Ask.TRUE] * true + [Ask.FALSE] * false
        return _joined(Either, [self.translate(tree, each) for each in kinds])

    def translate(self, node: Expression, ask: Ask) -> Formula:
        positive = ask in (Ask.TRUE, Ask.MAYBE)
        if isinstance(node, str):
            return self.translate(self.signals[node].tree, ask)
        if isinstance(node, SignalRef):
            assert accepted(node) is None, "a reference with values is not translated"
            return self.translate(self.signals[node.signal].tree, ask)
        if isinstance(node, Not):
            return self.translate(node.negated, _NEGATED[ask])
        if isinstance(node, All | AnyOf):
            parts = node.all if isinstance(node, All) else node.any
            join = Both if isinstance(node, All) is positive else Either
            return _joined(join, [self.translate(part, ask) for part in parts])
        if isinstance(node, Known | UnknownTest):
            wants_known = isinstance(node, Known) is positive
            path = node.known if isinstance(node, Known) else node.unknown
            return Test(flat(path), "known" if wants_known else "unknown", None, not wants_known)
        if isinstance(node, Some | Every):
            return self.quantified(node, ask)
        assert isinstance(node, FactTest), f"{type(node).__name__} is not translated"
        return _leaf(node, ask, positive=positive)

    def quantified(self, node: Some | Every, ask: Ask) -> Formula:
        place = list_place(node.some if isinstance(node, Some) else node.every)
        listed = flat(place.path)
        assert node.where is not None
        body = self.translate(node.where, ask)
        # An item that perhaps belongs to the child decides nothing, and leaves everything open.
        every = isinstance(node, Every) is (ask in (Ask.TRUE, Ask.MAYBE))
        decided = (Ask.FALSE, Ask.MAYBE) if isinstance(node, Every) else (Ask.TRUE, Ask.MAYBE_NOT)
        if place.belonging and ask in decided:
            sure = Test(f"{place.member}_belongs", "known")
            body = Both((sure, body)) if not every else Either((negate(sure), body))
        items = Items(listed, body, every)
        closed = Test(complete(listed), "==", True)
        if ask in decided:
            return items
        if ask in (Ask.TRUE, Ask.FALSE):
            return Both((closed, items))
        return Either((negate(closed), items))


def _joined(join: type[Both] | type[Either], parts: list[Formula]) -> Formula:
    return parts[0] if len(parts) == 1 else join(tuple(parts))


def _leaf(node: FactTest, ask: Ask, *, positive: bool) -> Formula:
    missing = ask in (Ask.MAYBE, Ask.MAYBE_NOT)
    bounds: list[tuple[str, Any]] = []
    if node.equals is not None:
        bounds = [("==", node.equals)]
    elif node.among is not None:
        bounds = [("in", tuple(node.among))]
    elif node.at_least is not None or node.at_most is not None:
        held = ((">=", node.at_least), ("<=", node.at_most))
        bounds = [(op, value) for op, value in held if value is not None]
    else:
        assert set(node.tests) == set(), "this test is not translated"
        bounds = [("==", True)]
    tests: list[Formula] = [
        Test(flat(node.fact), op if positive else OPPOSITE[op], value, missing)
        for op, value in bounds
    ]
    return _joined(Both if positive else Either, tests)
