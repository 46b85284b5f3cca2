"""What remains open of the signals of a child, once all that is known of the case has been put in.

The trees of the signals are made ready once for a pack, as functions that give a
:class:`~advisor.residuals.Part`. Facts are read as :mod:`advisor.signals` reads them, which states
the meaning; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from operator import attrgetter

from advisor import truth
from advisor.case import Case
from advisor.comparing import compare_scalar
from advisor.facts.shape import Kind
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
    every_part,
    parts,
    signals_read,
)
from advisor.proofs import Reading, accepts
from advisor.residuals import (
    CONSTANT,
    NO,
    NONE_OTHER,
    YES,
    Part,
    answers,
    at_least,
    greatest,
    leaf,
    least,
    mapped,
)
from advisor.signals import Bound, ChildSignals, opened, whose
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth
from advisor.vocabulary import GLOBALS, Place, place


class Remainder(ChildSignals):
    """What remains of the signals of one child, worked out when asked for and kept.

    ``values`` are the values of signals, as far as they are known beforehand.
    """

    def __init__(self, case: Case, child: str, steps: Steps, values: Mapping[str, Truth]) -> None:
        super().__init__(case, child, steps.signals)
        self._steps = steps
        self.values = values
        self.scope: Mapping[str, Bound] = self._scope

    def part(self, name: str) -> Part:
        """What remains of a signal about the child, the referral or the household."""
        return self._steps.of(name)(self)

    def reading(self, fact: Place) -> Reading:
        """The reading of a fact or list, as the names now stand."""
        return self._read(fact, self.scope)[1]

    def test(self, test: FactTest) -> Part:
        """A test of a list, or of one fact against another."""
        proof, found = self._test(test, self.scope), place(test.fact)
        if proof.value is not UNKNOWN:
            return CONSTANT[proof.value]
        (reading,) = proof.unknown
        if found.slot.kind is Kind.LIST:
            return leaf(UNKNOWN, reading, {NONE_OTHER: FALSE})
        sides = () if test.same_as is None else (found, place(test.same_as))
        values = [self.reading(side).value for side in sides]
        known = [value for value in values if value is not None]
        after = {each: truth.truth(each in known) for each in answers(reading.slot) if known}
        return leaf(UNKNOWN, reading, after)

    def members(self, listed: Place) -> list[Bound]:
        """What the name of a list's members stands for, of each in turn."""
        return self._members(listed, self.scope)

    def missing(self, listed: Place, without: Part) -> Part:
        """What members that a list may lack leave open; ``without`` where it lacks none."""
        rows, reading = self._read(listed, self.scope)
        if rows.complete:
            return without
        kept, key = self.scope[listed.name].parts, (listed.path, without)
        if key not in kept:
            kept[key] = leaf(UNKNOWN, opened(reading), {NONE_OTHER: without.value})
        return kept[key]


_Step = Callable[[Remainder], Part]


class Steps:
    """The signals of a pack as functions of what remains of a child's signals."""

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        self.signals = signals
        self._signals: dict[str, _Step] = {}
        self._made: dict[Expression, _Step] = {}

    @cached_property
    def firm(self) -> frozenset[str]:
        """The signals that keep a value other than unknown, whatever else becomes known.

        They are those that do not ask whether something is known, nor does any that they read.
        """
        read = {name: set(signals_read(signal.tree)) for name, signal in self.signals.items()}
        firm: set[str] = set()
        for name in TopologicalSorter(read).static_order():
            found = (part for _, part in every_part(self.signals[name].tree))
            if read[name] <= firm and not any(map(_asks_what_is_known, found)):
                firm.add(name)
        return frozenset(firm)

    def of(self, name: str) -> _Step:
        """A signal, of whatever its name stands for at the time."""
        if name not in self._signals:
            self._signals[name] = self._signal(self.signals[name])
        return self._signals[name]

    def _signal(self, signal: Signal) -> _Step:
        name, about, step = signal.id, signal.about, self._step(signal.tree)
        firm = name in self.firm

        def run(child: Remainder) -> Part:
            kept = child.scope[about].parts
            if name not in kept:
                value = child.values.get(name, UNKNOWN) if firm else UNKNOWN
                kept[name] = step(child) if value is UNKNOWN else CONSTANT[value]
            return kept[name]

        return run

    def _step(self, tree: Expression) -> _Step:
        if isinstance(tree, str):
            return self.of(tree)
        if tree not in self._made:
            self._made[tree] = self._made_ready(tree)
        return self._made[tree]

    def _made_ready(self, tree: Expression) -> _Step:
        if isinstance(tree, FactTest):
            return _test(tree)
        if isinstance(tree, All | AnyOf):
            return _junction(tree, [self._step(part) for _, part in parts(tree)])
        if isinstance(tree, Not):
            negated = self._step(tree.negated)
            return lambda child: mapped((TRUE, UNKNOWN, FALSE), negated(child))
        if isinstance(tree, SignalRef):
            words, signal = accepted(tree), self.of(tree.signal)
            if words is None:
                return signal
            table = [accepts(words, value) for value in Truth]
            return lambda child: mapped(table, signal(child))
        if isinstance(tree, Known | UnknownTest):
            return _knowledge(tree)
        assert isinstance(tree, Some | Every | CountOf)
        return _quantified(tree, _certain if tree.where is None else self._step(tree.where))


def _junction(tree: All | AnyOf, steps: Sequence[_Step]) -> _Step:
    conjunction = isinstance(tree, All)
    decisive, otherwise = (NO, YES) if conjunction else (YES, NO)
    join = least if conjunction else greatest

    def run(child: Remainder) -> Part:
        found = []
        for step in steps:
            part = step(child)
            if part is decisive:
                return decisive
            if part is not otherwise:
                found.append(part)
        return join(found) if found else otherwise

    return run


def _quantified(tree: Some | Every | CountOf, where: _Step) -> _Step:
    """A question about the members of a list; those that may be missing are one more."""
    every, number = isinstance(tree, Every), tree.at_least if isinstance(tree, CountOf) else 1
    listed = place(
        tree.every
        if isinstance(tree, Every)
        else tree.some
        if isinstance(tree, Some)
        else tree.count
    )
    decisive, otherwise = (NO, YES) if every else (YES, NO)
    join = least if every else greatest
    name = listed.member or ""

    def run(child: Remainder) -> Part:
        scope = child.scope
        found, wanted = [], number
        for member in child.members(listed):
            child.scope = {**scope, name: member}
            part = where(child)
            child.scope = scope
            if listed.belonging and part is not otherwise and member.thing.belongs is not TRUE:
                part = _perhaps(part, member, every=every)
            if part is decisive:
                wanted -= 1
                if not wanted:
                    return decisive
            elif part is not otherwise:
                found.append(part)
        missing = child.missing(listed, otherwise)
        if missing is not otherwise:
            found += [missing] * wanted
        if isinstance(tree, CountOf):
            return at_least(wanted, found) if len(found) >= wanted else NO
        return join(found) if found else otherwise

    return run


def _certain(_: Remainder) -> Part:
    return YES


def _perhaps(part: Part, member: Bound, *, every: bool) -> Part:
    """A part that counts only if the member concerns the child, which is not known."""
    concerns = Part(UNKNOWN, reading=whose(member))
    if every:
        return concerns if part is NO else greatest((part, concerns))
    return concerns if part is YES else least((part, concerns))


def _test(test: FactTest) -> _Step:
    found = place(test.fact)
    others = [each for each in (test.before, test.after, test.same_as) if each is not None]
    if others or found.slot.kind is Kind.LIST:
        return _long_test(test, found, [each for each in others if not each[0].isdigit()])
    value_of = attrgetter(".".join(("thing", *found.steps, "value")))
    after = {each: compare_scalar(test, each) for each in answers(found.slot)}
    key = object()

    def run(child: Remainder) -> Part:
        bound = child.scope[found.name]
        value = value_of(bound)
        if value in after:
            return CONSTANT[after[value]]
        result = UNKNOWN if value is None else compare_scalar(test, value)
        if result is not UNKNOWN:
            return CONSTANT[result]
        if key not in bound.parts:
            bound.parts[key] = leaf(UNKNOWN, child.reading(found), after)
        return bound.parts[key]

    return run


def _long_test(test: FactTest, found: Place, others: Sequence[str]) -> _Step:
    """A test of a list, or of one fact against another; kept, unless that is another member's."""
    if {place(each).name for each in others} - {*GLOBALS, "child", found.name}:
        return lambda child: child.test(test)
    key = object()

    def run(child: Remainder) -> Part:
        bound = child.scope[found.name]
        if key not in bound.parts:
            bound.parts[key] = child.test(test)
        return bound.parts[key]

    return run


def _knowledge(test: Known | UnknownTest) -> _Step:
    found = place(test.known if isinstance(test, Known) else test.unknown)
    reason_of = attrgetter(".".join(("thing", *found.steps, "unknown")))
    known = truth.truth(isinstance(test, Known))
    after = dict.fromkeys(answers(found.slot), known)
    because = test.because if isinstance(test, UnknownTest) else None
    key = object()

    def run(child: Remainder) -> Part:
        bound = child.scope[found.name]
        reason = reason_of(bound)
        if reason is None or (because is not None and reason not in because):
            return CONSTANT[known]
        if key not in bound.parts:
            bound.parts[key] = leaf(truth.negate(known), child.reading(found), after)
        return bound.parts[key]

    return run


def _asks_what_is_known(tree: Expression) -> bool:
    if isinstance(tree, SignalRef):
        return "unknown" in (accepted(tree) or ())
    return isinstance(tree, Known | UnknownTest)
