"""Signals of one child in one case, each with its proof.

A proof holds the value, the readings of facts that made it so, and the readings of unknown facts
that could change it. The evaluation here walks the tree plainly; :mod:`advisor.compiled` gives
the same values faster and without proofs, and the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from advisor import truth
from advisor.case import Case
from advisor.comparing import compare_dates, compare_scalar
from advisor.dates import PartialDate
from advisor.facts.shape import Kind, Slot, slots
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
from advisor.proofs import Proof, Reading, accept, conjunction, disjunction, join, unique
from advisor.residuals import Part
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth
from advisor.vocabulary import DERIVED, MEMBERS, Place, place

_OPEN_LIST = "the list may be incomplete"


class Bound:
    """What a name stands for: an object, the path at which it stands, and the person.

    What was worked out for it is kept with it: readings of its facts, members of its lists, and
    ``parts`` of signals about it.
    """

    __slots__ = ("members", "parts", "path", "person", "readings", "thing")

    def __init__(self, thing: Any, path: str, person: str | None) -> None:
        self.thing, self.path, self.person = thing, path, person
        self.readings: dict[str, tuple[Any, Reading]] = {}
        self.members: dict[str, list[Bound]] = {}
        self.parts: dict[object, Part] = {}


class ChildSignals:
    """The signals of one child of a case, worked out when asked for and kept."""

    def __init__(self, case: Case, child: str, signals: Mapping[str, Signal]) -> None:
        self._signals = signals
        self._case = case
        self._scope = {
            "snapshot": Bound(case.snapshot, "snapshot", None),
            "referral": Bound(case.referral, "referral", None),
            "household": Bound(case.household, "household", None),
            "child": Bound(case.children[child], f"children.{child}", child),
        }
        self._kept: dict[tuple[str, str], Proof] = {}

    def proof(self, name: str) -> Proof:
        """The proof of a signal about the child, the referral or the household."""
        return self._signal(name, self._scope)

    def value(self, name: str) -> Truth:
        """The value of a signal about the child, the referral or the household."""
        return self.proof(name).value

    def worked_out(self) -> Iterator[tuple[str, Truth]]:
        """Every signal that was worked out, also those of list members, with its value."""
        for (name, _), proof in self._kept.items():
            yield name, proof.value

    def _signal(self, name: str, scope: Mapping[str, Bound]) -> Proof:
        signal = self._signals[name]
        key = (name, scope[signal.about].path)
        if key not in self._kept:
            self._kept[key] = self._proof(signal.tree, scope)
        return self._kept[key]

    def _proof(self, node: Expression, scope: Mapping[str, Bound]) -> Proof:
        # The commonest first: a tree has more tests than anything else.
        if isinstance(node, FactTest):
            return self._test(node, scope)
        if isinstance(node, str):
            return self._signal(node, scope)
        if isinstance(node, All):
            return conjunction([self._proof(part, scope) for part in node.all])
        if isinstance(node, AnyOf):
            return disjunction([self._proof(part, scope) for part in node.any])
        if isinstance(node, SignalRef):
            proof = self._signal(node.signal, scope)
            words = accepted(node)
            return proof if words is None else accept(words, proof)
        if isinstance(node, Not):
            proof = self._proof(node.negated, scope)
            return proof._replace(value=truth.negate(proof.value))
        if isinstance(node, Known | UnknownTest):
            return self._knowledge(node, scope)
        return self._quantified(node, scope)

    def _read(self, found: Place, scope: Mapping[str, Bound]) -> tuple[Any, Reading]:
        """The fact or list at a place, and the reading of it; read once, however often tested."""
        bound = scope[found.name]
        if found.path not in bound.readings:
            bound.readings[found.path] = self._read_from(found, bound)
        return bound.readings[found.path]

    def _members(self, listed: Place, scope: Mapping[str, Bound]) -> list[Bound]:
        """What the name of a list's members stands for, of each in turn."""
        held = scope[listed.name].members
        if listed.path not in held:
            rows, reading = self._read(listed, scope)
            held[listed.path] = [_member_bound(listed, item, reading) for item in rows.items]
        return held[listed.path]

    def _read_from(self, found: Place, bound: Bound) -> tuple[Any, Reading]:
        thing, path = bound.thing, bound.path
        for step in found.steps[:-1]:
            thing = getattr(thing, step)
            path = f"{path}.links.{thing.child}" if step == "link" else f"{path}.{step}"
        name = found.steps[-1]
        held = getattr(thing, name)
        slot = found.slot
        if found.derived:
            name = DERIVED[name][1]
        reason = None if held.unknown is None else held.unknown.value
        value = None
        if reason is None:
            value = len(held.items) if slot.kind is Kind.LIST else held.value
            if slot.kind is Kind.LIST and slot.model is None:
                value = list(held.items)
        known_on = None if held.known_on is None else str(held.known_on)
        shown = name if not found.belonging else found.steps[-1]
        return held, Reading(
            shown if "." in shown else f"{path}.{shown}",
            found.path,
            value,
            reason,
            slot,
            bound.person,
            known_on,
            answerable=True,
        )

    def _test(self, node: FactTest, scope: Mapping[str, Bound]) -> Proof:
        found = place(node.fact)
        held, reading = self._read(found, scope)
        if found.slot.kind is Kind.LIST:
            return _includes(node, held, reading)
        if held.value is None:
            return Proof(UNKNOWN, unknown=(reading,))
        if node.within is not None or node.before is not None or node.after is not None:
            return self._dated(node, held.value, reading, scope)
        if node.same_as is not None:
            other, other_reading = self._read(place(node.same_as), scope)
            if other.value is None:
                return Proof(UNKNOWN, (reading,), (other_reading,))
            return Proof(truth.truth(held.value == other.value), (reading, other_reading))
        value = compare_scalar(node, held.value)
        # A partial number cannot be decided, and what it was worked out from may be refined.
        return Proof(value, (reading,), (reading,) if value is UNKNOWN else ())

    def _dated(
        self, node: FactTest, value: Any, reading: Reading, scope: Mapping[str, Bound]
    ) -> Proof:
        other_path = node.before or node.after
        assert other_path is not None
        facts: tuple[Reading, ...] = (reading,)
        if other_path[0].isdigit():
            other: Any = PartialDate.parse(other_path)
        else:
            held, other_reading = self._read(place(other_path), scope)
            if held.value is None:
                return Proof(UNKNOWN, facts, (other_reading,))
            other = held.value
            if other_reading.path != "snapshot.as_of":
                facts = (reading, other_reading)
        result = compare_dates(node, value, other)
        return Proof(result, facts, (reading,) if result is UNKNOWN else ())

    def _knowledge(self, node: Known | UnknownTest, scope: Mapping[str, Bound]) -> Proof:
        path = node.known if isinstance(node, Known) else node.unknown
        held, reading = self._read(place(path), scope)
        if isinstance(node, Known):
            value = truth.truth(held.unknown is None)
        else:
            value = truth.truth(
                held.unknown is not None and (node.because is None or held.unknown in node.because)
            )
        if held.unknown is None:
            return Proof(value, (reading,))
        return Proof(value, absent=(reading,))

    def _quantified(self, node: Some | Every | CountOf, scope: Mapping[str, Bound]) -> Proof:
        listed = place(
            node.some
            if isinstance(node, Some)
            else node.every
            if isinstance(node, Every)
            else node.count
        )
        rows, reading = self._read(listed, scope)
        members = [
            self._member(listed, bound, node, scope) for bound in self._members(listed, scope)
        ]
        values = [proof.value for proof in members]
        if isinstance(node, Some):
            result = truth.some(values, complete=rows.complete)
        elif isinstance(node, Every):
            result = truth.every(values, complete=rows.complete)
        else:
            result = truth.at_least(values, node.at_least, complete=rows.complete)
        deciding = FALSE if isinstance(node, Every) else TRUE
        if result is deciding:
            deciders = [proof for proof in members if proof.value is deciding]
            return join(result, deciders, one_suffices=not isinstance(node, CountOf))
        if result is UNKNOWN:
            kept = [proof for proof in members if proof.value is not truth.negate(deciding)]
            absent = unique(reading for proof in members for reading in proof.absent)
            proof = join(result, kept)._replace(absent=absent)
            if rows.complete:
                return proof
            missing = opened(reading)
            return Proof(result, proof.facts, unique((*proof.unknown, missing)), proof.absent)
        proof = join(result, members)
        return Proof(result, unique((*proof.facts, reading)), (), proof.absent)

    def _member(
        self,
        listed: Place,
        bound: Bound,
        node: Some | Every | CountOf,
        scope: Mapping[str, Bound],
    ) -> Proof:
        assert listed.member is not None
        inner = {**scope, listed.member: bound}
        proof = Proof(TRUE, (_present(bound, listed),))
        if node.where is not None:
            proof = self._proof(node.where, inner)
        belongs = bound.thing.belongs if listed.belonging else TRUE
        if belongs is TRUE:
            return proof
        if isinstance(node, Every):
            value = truth.any_of((proof.value, truth.negate(belongs)))
        else:
            value = truth.all_of((proof.value, belongs))
        unknown = unique((*proof.unknown, whose(bound))) if value is UNKNOWN else ()
        return Proof(value, proof.facts, unknown, proof.absent)


def _member_bound(listed: Place, item: Any, reading: Reading) -> Bound:
    if listed.member == "sibling":
        return Bound(item, f"children.{item.id}", item.id)
    if listed.member == "adult":
        return Bound(item, f"adults.{item.id}", item.id)
    if listed.belonging:
        return Bound(item, f"{listed.steps[-1]}.{item.id}", reading.person)
    return Bound(item, f"{reading.path}.{item.id}", reading.person)


def _present(bound: Bound, listed: Place) -> Reading:
    slot = Slot(listed.member or "", Kind.FACT, ask=listed.slot.ask)
    return Reading(bound.path, listed.path, "recorded", None, slot, bound.person)


def opened(reading: Reading) -> Reading:
    """The reading of a list that may lack members, saying so where it has some."""
    return reading if reading.reason else reading._replace(reason=_OPEN_LIST)


def whose(bound: Bound) -> Reading:
    """The reading of which children a member of a list concerns, where it does not say."""
    item, kind = bound.thing, bound.path.split(".")[0].rstrip("s")
    slot = slots(MEMBERS[kind])["children"]
    reason = item.children.unknown.value if item.children.unknown else _OPEN_LIST
    fact = f"{kind}.children"
    return Reading(f"{bound.path}.children", fact, None, reason, slot, bound.person)


def _includes(node: FactTest, held: Any, reading: Reading) -> Proof:
    wanted = {node.includes} if isinstance(node.includes, str) else set(node.includes or ())
    if wanted & set(held.items):
        return Proof(TRUE, (reading,))
    if held.complete:
        return Proof(FALSE, (reading,))
    return Proof(UNKNOWN, unknown=(opened(reading),))
