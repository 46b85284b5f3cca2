"""Signals compiled to Python: the values of all signals of a child in one call, without proofs.

The code that is generated comes from checked rule documents only: operators, paths that the
vocabulary knows, and constants passed by reference; no text of an author is ever executed.
:mod:`advisor.signals` states the meaning; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from advisor.case import Case
from advisor.comparing import compare_interval
from advisor.dates import PartialDate, Period
from advisor.facts.shape import Kind, Type
from advisor.language.checking import scope_of
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
    accepted,
    signals_read,
)
from advisor.proofs import accepts
from advisor.truth import Truth
from advisor.vocabulary import GLOBALS, Place, place

MOST_LOOPS = 12
"""Loops inside one another in one function; Python itself allows twenty."""

Evaluate = Callable[[Case, Any], Sequence[int]]
"""Given a case and the view of one child: the values of the signals, in the order asked for."""


def compile_signals(signals: Mapping[str, Signal], wanted: Sequence[str]) -> Evaluate:
    """Compile the signals named, and those they read, to one function."""
    return _Compiler(signals).compile(wanted)


def _before(value: Any, other: Any) -> int:
    if value == "none" or other == "none":
        return 0
    result: int = value.before(other)
    return result


def _within(value: Any, other: Any, period: Period) -> int:
    if value == "none" or other == "none":
        return 0
    result: int = value.within(period, other)
    return result


def _members(signal: Signal) -> list[str]:
    """The list members, besides the child, that a signal speaks of."""
    return sorted(scope_of(signal.about) - {*GLOBALS, "child"})


class _Compiler:
    def __init__(self, signals: Mapping[str, Signal]) -> None:
        self.signals = signals
        self.lines: list[str] = []
        self.depth = 0
        self.temporaries = 0
        self.loops = 0
        self.constants: dict[str, Any] = {
            "before": _before,
            "within": _within,
            "interval": lambda value, node: int(compare_interval(node, value)),
        }
        self.names: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.read: dict[str, str] = {}

    def compile(self, wanted: Sequence[str]) -> Evaluate:
        order = self.order(wanted)
        for number, name in enumerate(order):
            self.names[name] = f"s{number}"
        self.line("def evaluate(case, child):")
        self.depth = 1
        for name in GLOBALS:
            self.line(f"{name} = case.{name}")
        head = len(self.lines)
        for name in order:
            self.signal(name)
        self.lines[head:head] = [f"    {name} = {path}" for path, name in self.read.items()]
        returned = ", ".join(self.names[name] for name in wanted)
        self.line(f"return ({returned}{',' if wanted else ''})")
        exec(compile("\n".join(self.lines), "<signals>", "exec"), self.constants)
        evaluate: Evaluate = self.constants["evaluate"]
        return evaluate

    def signal(self, name: str) -> None:
        """A value where a signal speaks of the child alone; else a function of list members."""
        members = _members(self.signals[name])
        if not members:
            self.line(f"{self.names[name]} = {self.emit(self.signals[name].tree)}")
            return
        # An inner function, so that it can read the child's own signals worked out above it.
        self.line(f"def {self.names[name]}({', '.join(members)}):")
        self.depth += 1
        self.line(f"return {self.emit(self.signals[name].tree)}")
        self.depth -= 1

    def order(self, wanted: Sequence[str]) -> list[str]:
        graph: dict[str, set[str]] = {}
        pending = list(wanted)
        while pending:
            name = pending.pop()
            if name not in graph:
                graph[name] = set(signals_read(self.signals[name].tree))
                pending.extend(sorted(graph[name]))
        return list(TopologicalSorter({name: graph[name] for name in sorted(graph)}).static_order())

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def temporary(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"

    def constant(self, value: Any) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def emit(self, node: Expression) -> str:
        """Write the lines that work a node out; gives the name that then holds 0, 1 or 2."""
        if isinstance(node, str):
            return self.reference(node)
        if isinstance(node, SignalRef):
            value, words = self.reference(node.signal), accepted(node)
            if words is None:
                return value
            table = tuple(int(accepts(words, Truth(number))) for number in range(3))
            return self.kept(f"{table}[{value}]")
        if isinstance(node, All | AnyOf):
            parts = node.all if isinstance(node, All) else node.any
            return self.junction(parts, conjunction=isinstance(node, All))
        if isinstance(node, Not):
            return self.kept(f"2 - {self.emit(node.negated)}")
        if isinstance(node, FactTest):
            return self.kept(self.test(node))
        if isinstance(node, Some | Every | CountOf):
            return self.quantified(node)
        path = node.known if isinstance(node, Known) else node.unknown
        reason = self.path(place(path), "unknown")
        if isinstance(node, Known):
            return self.kept(f"2 if {reason} is None else 0")
        if node.because is None:
            return self.kept(f"0 if {reason} is None else 2")
        return self.kept(f"2 if {reason} in {self.constant(frozenset(node.because))} else 0")

    def kept(self, expression: str) -> str:
        name = self.temporary()
        self.line(f"{name} = {expression}")
        return name

    def reference(self, name: str) -> str:
        members = _members(self.signals[name])
        if not members:
            return self.names[name]
        bound = ", ".join(self.variable(member) for member in members)
        return self.kept(f"{self.names[name]}({bound})")

    def variable(self, name: str) -> str:
        """What a name of the rule language is called here; an inner list may use a name again."""
        return self.variables.get(name, name)

    def junction(self, parts: Sequence[Expression], *, conjunction: bool) -> str:
        result = self.temporary()
        start, compare, stop = (2, "<", 0) if conjunction else (0, ">", 2)
        self.line(f"{result} = {start}")
        for number, part in enumerate(parts):
            if number:
                self.line(f"if {result} != {stop}:")
                self.depth += 1
            value = self.emit(part)
            self.line(f"if {value} {compare} {result}: {result} = {value}")
            if number:
                self.depth -= 1
        return result

    def quantified(self, node: Some | Every | CountOf) -> str:
        if self.loops < MOST_LOOPS:
            return self.counted(node) if isinstance(node, CountOf) else self.searched(node)
        name, outer = self.temporary(), self.loops
        self.line(f"def {name}():")
        self.depth += 1
        self.loops = 0
        self.line(f"return {self.quantified(node)}")
        self.depth -= 1
        self.loops = outer
        return self.kept(f"{name}()")

    def searched(self, node: Some | Every) -> str:
        listed = place(node.some if isinstance(node, Some) else node.every)
        result, rows = self.temporary(), self.temporary()
        found = isinstance(node, Some)
        start, otherwise, compare, stop = (0, 1, ">", 2) if found else (2, 1, "<", 0)
        self.line(f"{rows} = {self.path(listed)}")
        self.line(f"{result} = {start} if {rows}.complete else {otherwise}")
        value = self.loop(node, listed, rows)
        self.line(f"if {value} {compare} {result}:")
        self.line(f"    {result} = {value}")
        self.line(f"    if {result} == {stop}: break")
        self.depth -= 1
        return result

    def loop(self, node: Some | Every | CountOf, listed: Place, rows: str) -> str:
        """Begin a loop over the members, for the caller to end; gives the name of each value."""
        assert listed.member is not None
        outer, member = self.variables, self.temporary()
        self.line(f"for {member} in {rows}.items:")
        self.depth += 1
        self.loops += 1
        self.variables = {**outer, listed.member: member}
        value = "2" if node.where is None else self.emit(node.where)
        self.variables = outer
        self.loops -= 1
        if not listed.belonging:
            return value
        if isinstance(node, Every):
            return self.kept(f"max({value}, 2 - {member}.belongs)")
        return self.kept(f"min({value}, {member}.belongs)")

    def counted(self, node: CountOf) -> str:
        listed = place(node.count)
        certain, possible, rows = self.temporary(), self.temporary(), self.temporary()
        self.line(f"{rows} = {self.path(listed)}")
        self.line(f"{certain} = {possible} = 0")
        value = self.loop(node, listed, rows)
        self.line(f"if {value}:")
        self.line(f"    {possible} += 1")
        self.line(f"    if {value} == 2: {certain} += 1")
        self.depth -= 1
        number = node.at_least
        return self.kept(
            f"2 if {certain} >= {number} else "
            f"1 if {possible} >= {number} or not {rows}.complete else 0"
        )

    def path(self, found: Place, part: str = "") -> str:
        """What a fact, a list, or a part of it is called here.

        What is not in a list is read once, at the top, however many signals read it.
        """
        path = ".".join((self.variable(found.name), *found.steps, *([part] if part else [])))
        if found.name != "child" and found.name not in GLOBALS:
            return path
        return self.read.setdefault(path, f"r{len(self.read)}")

    def fact(self, found: Place) -> str:
        value = self.path(found, "value")
        return value if value.isidentifier() else self.kept(value)

    def test(self, node: FactTest) -> str:
        found = place(node.fact)
        if found.slot.kind is Kind.LIST:
            wanted = {node.includes} if isinstance(node.includes, str) else set(node.includes or ())
            rows = self.kept(self.path(found))
            constant = self.constant(frozenset(wanted))
            return f"0 if {constant}.isdisjoint({rows}.items) and {rows}.complete else " + (
                f"1 if {constant}.isdisjoint({rows}.items) else 2"
            )
        value = self.fact(found)
        return f"1 if {value} is None else " + self.known(node, value, found)

    def known(self, node: FactTest, value: str, found: Place) -> str:
        if node.before is not None or node.after is not None:
            return self.dated(node, value)
        if node.same_as is not None:
            other = self.fact(place(node.same_as))
            return f"1 if {other} is None else 2 if {value} == {other} else 0"
        if found.derived and found.slot.type is Type.NUMBER:
            return f"interval({value}, {self.constant(node)})"
        if node.equals is not None:
            return f"2 if {value} == {self.constant(node.equals)} else 0"
        if node.among is not None:
            return f"2 if {value} in {self.constant(frozenset(node.among))} else 0"
        if node.at_least is not None or node.at_most is not None:
            return f"interval(({value}, {value}), {self.constant(node)})"
        return f"2 if {value} else 0"

    def dated(self, node: FactTest, value: str) -> str:
        other_path = node.before or node.after or ""
        guard = ""
        if other_path[0].isdigit():
            other = self.constant(PartialDate.parse(other_path))
        else:
            other = self.fact(place(other_path))
            guard = f"1 if {other} is None else "
        if node.within is not None:
            return f"{guard}within({value}, {other}, {self.constant(Period.parse(node.within))})"
        if node.before is not None:
            return f"{guard}before({value}, {other})"
        return f"{guard}before({other}, {value})"
