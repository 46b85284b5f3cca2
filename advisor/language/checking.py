"""Whether the parts of a pack fit together: paths, types, references, scope, cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from advisor.dates import PartialDate
from advisor.facts.shape import Kind, Slot, Type
from advisor.language.documents import AtLeast, ConditionSpec, Rule, RuleCondition, Signal
from advisor.language.expressions import (
    CountOf,
    Every,
    Expression,
    FactTest,
    Known,
    SignalRef,
    Some,
    UnknownTest,
    parts,
    signals_read,
)
from advisor.problems import suggestion
from advisor.reading import Steps
from advisor.vocabulary import GLOBALS, OWNERS, PathError, list_place, place

Fault = tuple[Steps, str]
_EVERYWHERE = frozenset(GLOBALS)


def scope_of(about: str) -> frozenset[str]:
    """The names that a signal about such a thing may use."""
    if about in GLOBALS:
        return _EVERYWHERE
    names = {"child", about}
    if about in OWNERS:
        names.add(OWNERS[about])
    return _EVERYWHERE | names


def signal_faults(signal: Signal, signals: Mapping[str, Signal]) -> Iterator[Fault]:
    """What is wrong with one signal, given all of them."""
    if signal.id.split(".")[0] != signal.about:
        yield ("id",), f"a signal about {signal.about} has an id that begins {signal.about}."
    yield from _node_faults(signal.tree, ("is",), scope_of(signal.about), signals)


def cycles(signals: Mapping[str, Signal]) -> list[str] | None:
    """The ids of a circle of signals that read one another, or None."""
    return _circle({name: set(signals_read(signal.tree)) for name, signal in signals.items()})


def _node_faults(
    node: Expression, path: Steps, scope: frozenset[str], signals: Mapping[str, Signal]
) -> Iterator[Fault]:
    if isinstance(node, str | SignalRef):
        yield from _reference_faults(node, path, scope, signals)
        return
    try:
        if isinstance(node, FactTest):
            yield from _test_faults(node, path, scope)
        elif isinstance(node, Known | UnknownTest):
            key = "known" if isinstance(node, Known) else "unknown"
            yield from _scope_faults(getattr(node, key), (*path, key), scope)
        elif isinstance(node, Some | Every | CountOf):
            key = type(node).__name__.lower() if not isinstance(node, CountOf) else "count"
            listed = list_place(getattr(node, key))
            yield from _scope_faults(listed.path, (*path, key), scope)
            assert listed.member is not None
            scope = scope | {listed.member}
    except PathError as error:
        yield path, str(error)
        return
    for steps, part in parts(node):
        yield from _node_faults(part, path + steps, scope, signals)


def _reference_faults(
    node: str | SignalRef, path: Steps, scope: frozenset[str], signals: Mapping[str, Signal]
) -> Iterator[Fault]:
    name = node if isinstance(node, str) else node.signal
    signal = signals.get(name)
    if signal is None:
        yield path, f"there is no signal {name}.{suggestion(name, signals)}"
    elif not scope_of(signal.about) <= scope:
        needed = ", ".join(sorted(scope_of(signal.about) - scope))
        yield path, f"{name} speaks of {needed}, which is not in scope here"


def _scope_faults(path: str, at: Steps, scope: frozenset[str]) -> Iterator[Fault]:
    name = place(path).name
    if name not in scope:
        yield at, f"{name} is not in scope here; in scope are {', '.join(sorted(scope))}"


_ALLOWED = {
    Type.BOOL: {"is"},
    Type.CHOICE: {"is", "in"},
    Type.NUMBER: {"is", "at_least", "at_most"},
    Type.DATE: {"before", "after", "within"},
    Type.DATE_OR_NONE: {"is", "before", "after", "within"},
    Type.REFERENCE: {"same_as"},
}


def _test_faults(node: FactTest, path: Steps, scope: frozenset[str]) -> Iterator[Fault]:
    found = place(node.fact)
    yield from _scope_faults(node.fact, (*path, "fact"), scope)
    slot, tests = found.slot, node.tests
    if slot.kind is Kind.LIST:
        allowed = set() if slot.type is Type.ENTITY else {"includes"}
        if slot.type is Type.ENTITY:
            yield path, f"{node.fact} is a list of entries: use some, every or count"
            return
    else:
        assert slot.type is not None
        allowed = _ALLOWED[slot.type]
    for name in sorted(set(tests) - allowed):
        able = " or ".join(sorted(allowed))
        yield (*path, name), f"{node.fact} cannot be tested with {name}; use {able}"
    if not tests and slot.type is not Type.BOOL:
        yield path, f"say what {node.fact} must be: {' or '.join(sorted(allowed))}"
    if "within" in tests and "before" not in tests:
        yield path, "within needs before: the date on which the period ends"
    if len(tests) > 1 and set(tests) not in ({"within", "before"}, {"at_least", "at_most"}):
        yield path, "give one test a fact; use all for several"
    yield from _value_faults(node, slot, path, scope)


def _value_faults(
    node: FactTest, slot: Slot, path: Steps, scope: frozenset[str]
) -> Iterator[Fault]:
    values: list[tuple[Steps, object]] = []
    if node.equals is not None:
        values.append(((*path, "is"), node.equals))
    values.extend(((*path, "in", number), one) for number, one in enumerate(node.among or ()))
    wanted = (node.includes,) if isinstance(node.includes, str) else node.includes or ()
    values.extend(((*path, "includes"), value) for value in wanted)
    for at, value in values:
        if slot.type is Type.BOOL and not isinstance(value, bool):
            yield at, f"{node.fact} is true or false"
        elif slot.type in (Type.CHOICE, Type.DATE_OR_NONE) and value not in slot.choices:
            known = ", ".join(slot.choices)
            yield (
                at,
                f"{value} is not a value of {node.fact}: {known}.{suggestion(value, slot.choices)}",
            )
        elif slot.type is Type.NUMBER and (isinstance(value, bool | str)):
            yield at, f"{node.fact} is a number"
    for name in ("before", "after", "same_as"):
        other = getattr(node, name)
        if other is not None:
            yield from _other_faults(other, name, (*path, name), scope)


def _other_faults(other: str, test: str, path: Steps, scope: frozenset[str]) -> Iterator[Fault]:
    if test != "same_as" and other[:1].isdigit():
        try:
            PartialDate.parse(other)
        except ValueError as error:
            yield path, str(error)
        return
    try:
        found = place(other)
    except PathError as error:
        yield path, str(error)
        return
    dates = (Type.DATE, Type.DATE_OR_NONE)
    if (found.slot.type in dates) != (test != "same_as") or found.slot.kind is not Kind.FACT:
        yield path, f"{other} cannot be compared here"
    yield from _scope_faults(other, path, scope)


def conditions(rule: Rule) -> Iterator[tuple[Steps, str | ConditionSpec]]:
    """Every single condition of a rule with its place, also inside ``at_least``."""
    for number, given in enumerate(rule.when.given):
        yield ("when", "given", number), given
    for number, condition in enumerate(rule.when.conditions):
        yield from _single(condition, ("when", "and", number))


def _single(condition: RuleCondition, path: Steps) -> Iterator[tuple[Steps, str | ConditionSpec]]:
    if isinstance(condition, AtLeast):
        for number, part in enumerate(condition.of):
            yield (*path, "of", number), part
    else:
        yield path, condition


def rule_faults(
    rule: Rule, signals: Mapping[str, Signal], rules: Mapping[str, Rule], concerns: frozenset[str]
) -> Iterator[Fault]:
    """What is wrong with one rule, given all signals, rules and concluded concerns."""
    for path, condition in conditions(rule):
        name = condition if isinstance(condition, str) else condition.signal
        if name.startswith("concern."):
            yield from _concern_faults(name, condition, path, concerns)
        elif name not in signals:
            yield path, f"there is no signal {name}.{suggestion(name, signals)}"
        elif not scope_of(signals[name].about) <= scope_of("child"):
            yield path, f"{name} is about one {signals[name].about}; use a signal about the child"
    for number, name in enumerate(rule.prompt.settled_by):
        if name not in signals:
            message = f"there is no signal {name}.{suggestion(name, signals)}"
            yield ("prompt", "settled_by", number), message
    since, until = rule.in_force.since, rule.in_force.until
    if since is not None and until is not None and until < since:
        yield ("in_force", "until"), "this is before from; check both dates"
    for number, name in enumerate(rule.replaces):
        if name not in rules:
            yield ("replaces", number), f"there is no rule {name}.{suggestion(name, rules)}"
        elif name == rule.id:
            yield ("replaces", number), "a rule cannot replace itself"
    if rule.when_unknown == "silent" and rule.because is None:
        yield ("when_unknown",), "silence about the unknown needs because: say why it is safe"


def _concern_faults(
    name: str, condition: str | ConditionSpec, path: Steps, concerns: frozenset[str]
) -> Iterator[Fault]:
    if name not in concerns:
        yield path, f"no rule concludes {name}.{suggestion(name, concerns)}"
    if isinstance(condition, ConditionSpec) and condition.accepts != ("true",):
        yield path, "a concern can only be required to be true"


def conclusion_cycle(rules: Mapping[str, Rule]) -> list[str] | None:
    """The ids of a circle of rules that conclude what one another need, or None."""
    concluders: dict[str, set[str]] = {}
    for rule in rules.values():
        if rule.concludes is not None:
            concluders.setdefault(rule.concludes, set()).add(rule.id)
    graph = {rule.id: set[str]() for rule in rules.values()}
    for rule in rules.values():
        for _, condition in conditions(rule):
            name = condition if isinstance(condition, str) else condition.signal
            graph[rule.id] |= concluders.get(name, set())
    return _circle(graph)


def replacement_cycle(rules: Mapping[str, Rule]) -> list[str] | None:
    """The ids of a circle of rules that replace one another, or None."""
    return _circle({rule.id: set(rule.replaces) for rule in rules.values()})


def _circle(graph: Mapping[str, set[str]]) -> list[str] | None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return None
