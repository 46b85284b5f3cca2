"""Signals taken apart for a case that goes from day to day, so that a change reaches what reads it.

Tests of facts, and questions about the members of a list, are *atoms*; what joins them are
*joints*. Most questions about members can be asked of one member at a time, so that a further
event leaves the others alone; and a test of a date against the snapshot's day comes out otherwise
only on days that are known beforehand.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from advisor.compiled import Evaluate, compile_signals
from advisor.dates import LATEST_YEAR, PartialDate, Period
from advisor.language.documents import Says, Signal
from advisor.language.expressions import (
    All,
    AnyOf,
    CountOf,
    Every,
    Expression,
    FactTest,
    Not,
    SignalRef,
    Some,
    accepted,
    every_part,
    facts_read,
    signals_read,
)
from advisor.proofs import accepts
from advisor.truth import Truth
from advisor.vocabulary import GLOBALS

ASKED_SELDOM = 4
"""How often some atoms are asked for by themselves before they are compiled by themselves."""

AS_OF = "snapshot.as_of"
ANY_DAY = "any day"
"""What stands for a test of the day of which it is not known when it comes out otherwise."""

_DAY = dt.timedelta(days=1)
_NEVER = dt.date(LATEST_YEAR + 1, 1, 1)


@dataclass(frozen=True)
class Clocked:
    """A test of a date against the snapshot's day, which comes out otherwise on certain days."""

    fact: str
    how: str
    period: Period | None = None

    def turns(self, value: PartialDate) -> Iterator[dt.date]:
        """The days on which it may come out otherwise than on the day before."""
        for end in (value.first, value.last):
            yield end + _DAY if self.how == "before" else end
            if self.period is not None:
                day = end
                while self.period.before(day) <= end and day < _NEVER:
                    # Months differ by three days, so that a longer step might pass the day over.
                    gap = (end - self.period.before(day)).days
                    day += _DAY * max(gap - 3, 1)
                yield day


def clocked(test: FactTest) -> Clocked | str | None:
    """What a test has to do with the snapshot's day: nothing, a date's distance, or any day."""
    others = (test.before, test.after, test.same_as)
    if AS_OF not in (test.fact, *others):
        return None
    if AS_OF in (test.fact, test.same_as):
        return ANY_DAY
    if test.within is not None:
        return Clocked(test.fact, "within", Period.parse(test.within))
    return Clocked(test.fact, "before" if test.before == AS_OF else "after")


@dataclass(frozen=True)
class Atom:
    """A part of signals that reads the case: a test, or a question about the members of a list.

    ``keys`` are the facts and lists of the child, the household and so on that it reads; ``reads``
    all that it reads, with its tests of the day. ``listed`` is the list whose members it can be
    asked of one at a time, if it is such a question: then no key, for only the member is asked.
    """

    tree: Expression
    keys: frozenset[str]
    reads: frozenset[object]
    listed: str | None = None


class Reached(NamedTuple):
    """The atoms that a change reaches, by their numbers.

    ``plain`` and ``asked`` are to be worked out again; ``asked`` of every member of their lists,
    and ``member`` of the one member that has changed.
    """

    plain: tuple[int, ...]
    asked: tuple[int, ...]
    member: tuple[int, ...]


@dataclass(frozen=True)
class Joint:
    """What joins the values of other nodes: their least, their greatest, or a table for one."""

    of: tuple[int, ...]
    how: str
    table: tuple[int, ...] = ()

    def value(self, values: Sequence[int]) -> int:
        """Its value, given those of all nodes."""
        if self.how == "least":
            return min([values[each] for each in self.of])
        if self.how == "greatest":
            return max([values[each] for each in self.of])
        return self.table[values[self.of[0]]]


class Network:
    """Signals about a child as nodes, each after those that it reads.

    ``atoms`` come first, by their numbers; ``joints`` join them, and each other. ``signals`` gives
    the node of each signal asked for.
    """

    def __init__(self, signals: Mapping[str, Signal], wanted: Sequence[str]) -> None:
        self._signals = signals
        self._reads: dict[str, frozenset[object]] = {}
        self._tests: dict[str, dict[FactTest, None]] = {}
        self._compiled: dict[tuple[int, ...], Evaluate] = {}
        self._asked: Counter[tuple[int, ...]] = Counter()
        self.atoms: list[Atom] = []
        self._numbers: dict[object, int] = {}
        found: dict[str, Expression] = {}
        pending = [*wanted]
        while pending:
            name = pending.pop()
            if name not in found:
                found[name] = signals[name].tree
                pending += self._gather(found[name])
        self._made: dict[object, int] = {}
        self.joints: list[Joint] = []
        self.signals = {name: self._node(name) for name in wanted}
        self.readers: list[list[int]] = [[] for _ in range(len(self.atoms) + len(self.joints))]
        for number, joint in enumerate(self.joints, len(self.atoms)):
            for each in joint.of:
                self.readers[each].append(number)
        self.names: dict[int, list[str]] = {}
        for name, node in self.signals.items():
            self.names.setdefault(node, []).append(name)
        self.listed: dict[str, tuple[int, ...]] = {}
        for number, atom in enumerate(self.atoms):
            if atom.listed is not None:
                self.listed[atom.listed] = (*self.listed.get(atom.listed, ()), number)
        self.places = {n: at for found in self.listed.values() for at, n in enumerate(found)}
        self.asked = tuple(n for n, atom in enumerate(self.atoms) if atom.listed is not None)
        self.plain = tuple(n for n, atom in enumerate(self.atoms) if atom.listed is None)
        self.keys = frozenset(key for atom in self.atoms for key in atom.keys) | set(self.listed)
        self.clocked: dict[str, list[Clocked]] = {}
        tests = {t for atom in self.atoms for t in atom.reads if isinstance(t, Clocked)}
        for test in sorted(tests, key=lambda each: (each.fact, each.how, str(each.period))):
            self.clocked.setdefault(test.fact, []).append(test)
        self.each_day = tuple(
            number for number, atom in enumerate(self.atoms) if any(map(_on_any_day, atom.reads))
        )
        self._reached: dict[tuple[str, object], Reached] = {}

    def reached(self, key: str, what: object) -> Reached:
        """The atoms that read a key, and of it what has changed; all of it, if that is None."""
        if (key, what) not in self._reached:
            self._reached[key, what] = Reached(
                tuple(n for n in self.plain if self._reads_of(n, key, what)),
                tuple(n for n in self.asked if self._reads_of(n, key, what)),
                tuple(
                    n
                    for n in self.listed.get(key, ())
                    if what is None or what in self.atoms[n].reads
                ),
            )
        return self._reached[key, what]

    def _reads_of(self, number: int, key: str, what: object) -> bool:
        atom = self.atoms[number]
        return key in atom.keys and (what is None or what in atom.reads)

    def clocked_at(self, fact: str) -> list[Clocked]:
        """The tests of a dated fact against the day; a child's also as its siblings see it."""
        name, _, steps = fact.partition(".")
        as_seen = [fact, f"sibling.{steps}"] if name == "child" else [fact]
        return [test for each in as_seen for test in self.clocked.get(each, ())]

    def tests_of(self, fact: str) -> tuple[FactTest, ...]:
        """The tests of a fact that some signal makes."""
        if not self._tests:
            for signal in self._signals.values():
                for _, part in every_part(signal.tree):
                    if isinstance(part, FactTest):
                        self._tests.setdefault(part.fact, {})[part] = None
        return tuple(self._tests.get(fact, ()))

    def evaluate(self, atoms: tuple[int, ...]) -> Evaluate | None:
        """What works these atoms out; None while they are seldom asked for by themselves."""
        found = self._compiled.get(atoms)
        if found is None:
            self._asked[atoms] += 1
            if self._asked[atoms] <= ASKED_SELDOM:
                return None
            found = self.compiled(atoms)
        return found

    def compiled(self, atoms: tuple[int, ...]) -> Evaluate:
        """What works these atoms out; those about members, for a list that has only one."""
        if atoms not in self._compiled:
            trees = {f"child.atom_{number}": self._alone(self.atoms[number]) for number in atoms}
            made = {
                name: Signal.model_construct(id=name, about="child", ask="", says=_SAYS, tree=tree)
                for name, tree in trees.items()
            }
            self._compiled[atoms] = compile_signals({**self._signals, **made}, list(trees))
        return self._compiled[atoms]

    @staticmethod
    def _alone(atom: Atom) -> Expression:
        tree = atom.tree
        if atom.listed is not None and isinstance(tree, CountOf):
            return Some.model_construct(some=tree.count, where=tree.where)
        return tree

    def _gather(self, tree: Expression) -> Iterator[str]:
        """Number the atoms of a tree, and give the signals that it joins with them."""
        if isinstance(tree, str):
            yield tree
        elif isinstance(tree, SignalRef):
            yield tree.signal
        elif isinstance(tree, All | AnyOf):
            for part in tree.all if isinstance(tree, All) else tree.any:
                yield from self._gather(part)
        elif isinstance(tree, Not):
            yield from self._gather(tree.negated)
        elif tree not in self._numbers:
            self._numbers[tree] = len(self.atoms)
            self.atoms.append(self._atom(tree))

    def _atom(self, tree: Expression) -> Atom:
        listed = _listed(tree)
        where = getattr(tree, "where", None)
        within: frozenset[object] = frozenset() if where is None else self._all_read(where)
        own = within if listed is not None else self._all_read(tree)
        reads = frozenset(each for each in own if each != AS_OF)
        keys = frozenset(
            each for each in reads if isinstance(each, str) and each.split(".")[0] in _ROOTS
        )
        if listed is None or not listed.startswith("child.") or listed == "child.siblings":
            return Atom(tree, keys | ({listed} if listed is not None else set()), reads)
        if listed in keys:  # members are held against one another, and cannot be asked alone
            return Atom(tree, keys, reads)
        return Atom(tree, keys, reads, listed)

    def _all_read(self, tree: Expression) -> frozenset[object]:
        """Facts, lists and tests of the day that a tree reads, also through other signals."""
        found: set[object] = set(facts_read(tree))
        for _, part in every_part(tree):
            if isinstance(part, FactTest):
                test = clocked(part)
                if test is not None:
                    found.add(test)
        for name in signals_read(tree):
            if name not in self._reads:
                self._reads[name] = self._all_read(self._signals[name].tree)
            found |= self._reads[name]
        return frozenset(found)

    def _node(self, tree: Expression) -> int:
        if isinstance(tree, str):
            if tree not in self._made:
                self._made[tree] = self._node(self._signals[tree].tree)
            return self._made[tree]
        if tree in self._numbers:
            return self._numbers[tree]
        if tree not in self._made:
            self._made[tree] = self._joined(tree)
        return self._made[tree]

    def _joined(self, tree: Expression) -> int:
        if isinstance(tree, All | AnyOf):
            parts = tree.all if isinstance(tree, All) else tree.any
            how = "least" if isinstance(tree, All) else "greatest"
            made = Joint(tuple(dict.fromkeys(map(self._node, parts))), how)
        elif isinstance(tree, Not):
            made = Joint((self._node(tree.negated),), "table", (2, 1, 0))
        else:
            assert isinstance(tree, SignalRef)
            node, words = self._node(tree.signal), accepted(tree)
            if words is None:
                return node
            made = Joint((node,), "table", tuple(int(accepts(words, each)) for each in Truth))
        self.joints.append(made)
        return len(self.atoms) + len(self.joints) - 1


def _on_any_day(read: object) -> bool:
    """Whether it is a test of the day, of which it is not known when it comes out otherwise."""
    return read == ANY_DAY or (isinstance(read, Clocked) and read.fact.split(".")[0] in _UNDATED)


_UNDATED = {"agency_check"}
"""Members of a list that comes with each decision whole, and not fact by fact."""
_ROOTS = {*GLOBALS, "child"}
_SAYS = Says.model_construct(true="", false=None, unknown=None)


def _listed(tree: Expression) -> str | None:
    """The list about whose members a question is."""
    if isinstance(tree, Some):
        return tree.some
    if isinstance(tree, Every):
        return tree.every
    return tree.count if isinstance(tree, CountOf) else None
