"""Which truth values the examples and scenarios reached: of signals, conditions and rules.

What was never reached was never tried: a signal that no example makes unknown may behave in any
way when it is. Values that a signal cannot have are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from advisor import truth
from advisor.case import Case
from advisor.engine import Engine
from advisor.evaluation import evaluate
from advisor.language.documents import Signal
from advisor.language.expressions import (
    All,
    AnyOf,
    CountOf,
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
from advisor.logic import Condition
from advisor.pack import Pack
from advisor.proofs import accepts
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth

_EVERY = frozenset(Truth)
_STATUS = {TRUE: "met", FALSE: "violated", UNKNOWN: "unresolved"}


@dataclass
class Coverage:
    """What was reached, and what could have been."""

    signals: dict[str, set[Truth]] = field(default_factory=dict)
    possible: dict[str, frozenset[Truth]] = field(default_factory=dict)
    conditions: dict[tuple[str, str], set[Truth]] = field(default_factory=dict)
    able: dict[tuple[str, str], frozenset[Truth]] = field(default_factory=dict)
    verdicts: dict[str, set[str]] = field(default_factory=dict)

    def missing(self) -> Iterator[str]:
        """Each signal and condition with the values that nothing reached."""
        for name in sorted(self.signals):
            gaps = sorted(self.possible[name] - self.signals[name])
            if gaps:
                yield f"signal {name}: never {' or '.join(gap.word for gap in gaps)}"
        for rule, condition in sorted(self.conditions):
            key = (rule, condition)
            gaps = sorted(self.able[key] - self.conditions[key])
            if gaps:
                yield f"rule {rule}: {condition} never {' or '.join(_STATUS[gap] for gap in gaps)}"
        for rule in sorted(self.verdicts):
            if "raised" not in self.verdicts[rule]:
                yield f"rule {rule}: never raised"

    def totals(self) -> dict[str, int]:
        """How many values and states could be reached, and how many were."""
        return {
            "signal_values": sum(len(self.possible[name]) for name in self.signals),
            "signal_values_reached": sum(
                len(self.signals[name] & self.possible[name]) for name in self.signals
            ),
            "condition_states": sum(len(self.able[key]) for key in self.conditions),
            "condition_states_reached": sum(
                len(self.conditions[key] & self.able[key]) for key in self.conditions
            ),
        }

    def lines(self) -> list[str]:
        """The gaps, and how much was reached, as lines of text."""
        of = self.totals()
        return [
            *self.missing(),
            f"signals: {of['signal_values_reached']} of {of['signal_values']} values reached",
            f"conditions: {of['condition_states_reached']} of {of['condition_states']} "
            "states reached",
        ]


def cover(pack: Pack, snapshots: Iterable[Snapshot]) -> Coverage:
    """Evaluate every rule that is not retired on every child of the snapshots, and note values."""
    rules = [rule for rule in pack.rules.values() if rule.status != "retired"]
    engine = Engine(pack, rules, plain=True)
    found = Coverage()
    for name, signal in pack.signals.items():
        found.signals[name] = set()
        found.possible[name] = possible(signal.tree, pack.signals)
    for rule in rules:
        found.verdicts[rule.id] = set()
        for condition in engine.logics[rule.id].singles:
            key = (rule.id, _named(condition))
            found.conditions[key] = set()
            values = _EVERY if condition.is_concern else found.possible[condition.name]
            found.able[key] = frozenset(condition.status(value) for value in values)
    for snapshot in snapshots:
        case = Case(snapshot)
        for child in case.children:
            result = evaluate(engine, case, child)
            for name in engine.signal_ids:
                result.signals.proof(name)
            for name, value in result.signals.worked_out():
                found.signals[name].add(value)
            for rule in rules:
                found.verdicts[rule.id].add(result.outcomes[rule.id].verdict)
                for condition in engine.logics[rule.id].singles:
                    key = (rule.id, _named(condition))
                    found.conditions[key].add(result.status(condition))
    return found


def _named(condition: Condition) -> str:
    words = condition.words
    return condition.name if words == {"true"} else f"{condition.name} is {'/'.join(sorted(words))}"


def possible(
    node: Expression, signals: Mapping[str, Signal], known: frozenset[str] = frozenset()
) -> frozenset[Truth]:
    """The values that an expression can have, ``known`` being the facts tested to be known."""
    if isinstance(node, str):
        return possible(signals[node].tree, signals, known)
    if isinstance(node, SignalRef):
        inner, words = possible(signals[node.signal].tree, signals, known), accepted(node)
        return inner if words is None else frozenset(accepts(words, value) for value in inner)
    if isinstance(node, Known | UnknownTest):
        return frozenset({TRUE, FALSE})
    if isinstance(node, FactTest):
        return frozenset({TRUE, FALSE}) if node.fact in known else _EVERY
    if isinstance(node, Not):
        return frozenset(truth.negate(value) for value in possible(node.negated, signals, known))
    if isinstance(node, All | AnyOf):
        return _junction(node, signals, known)
    assert isinstance(node, Some | Every | CountOf)
    return _EVERY


def _junction(
    node: All | AnyOf, signals: Mapping[str, Signal], known: frozenset[str]
) -> frozenset[Truth]:
    parts = node.all if isinstance(node, All) else node.any
    together = truth.all_of if isinstance(node, All) else truth.any_of
    if isinstance(node, All):
        # Where one part demands that a fact is known, its being unknown decides the whole.
        known |= {part.known for part in parts if isinstance(part, Known)}
    else:
        known |= {
            part.unknown for part in parts if isinstance(part, UnknownTest) and not part.because
        }
    reachable = frozenset({TRUE if isinstance(node, All) else FALSE})
    for part in parts:
        reachable = frozenset(
            together(pair) for pair in product(reachable, possible(part, signals, known))
        )
    return reachable
