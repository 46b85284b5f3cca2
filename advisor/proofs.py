"""Proofs: a truth value with the readings of facts behind it, and how proofs are put together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from advisor import truth
from advisor.facts.shape import Slot
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth


class Reading(NamedTuple):
    """One fact as it was read: where it stands, its value, or why it is unknown.

    ``fact`` is its path in the vocabulary. It is ``answerable`` where an answer would be a value of
    the fact, and not, say, an entry's place in the case.
    """

    path: str
    fact: str
    value: Any
    reason: str | None
    slot: Slot
    person: str | None
    known_on: str | None = None
    answerable: bool = False


class Proof(NamedTuple):
    """A value; the facts behind it; the unknowns that could change it; the absences it rests on."""

    value: Truth
    facts: tuple[Reading, ...] = ()
    unknown: tuple[Reading, ...] = ()
    absent: tuple[Reading, ...] = ()


@cache
def accepts(words: frozenset[str], value: Truth) -> Truth:
    """Whether a value is among those accepted; unknown where finding out could make it so."""
    if value.word in words:
        return TRUE
    return UNKNOWN if value is UNKNOWN and words & {"true", "false"} else FALSE


def join(value: Truth, proofs: Iterable[Proof], *, one_suffices: bool = False) -> Proof:
    """One proof out of several that together have this value.

    Where any one of them would do, the whole rests on absence only if each of them does.
    """
    kept = list(proofs)
    if len(kept) == 1:
        return kept[0]._replace(value=value) if kept[0].value is not value else kept[0]
    facts, unknown, absent = {}, {}, {}
    for proof in kept:
        for reading in proof.facts:
            facts[reading.path] = reading
        for reading in proof.unknown:
            unknown[reading.path] = reading
        for reading in proof.absent:
            absent[reading.path] = reading
    if one_suffices and not all(proof.absent for proof in kept):
        absent = {}
    return Proof(value, tuple(facts.values()), tuple(unknown.values()), tuple(absent.values()))


def unique(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings, each place once, in order."""
    return tuple({reading.path: reading for reading in readings}.values())


def accept(words: frozenset[str], proof: Proof) -> Proof:
    """The proof that a signal has one of the accepted values."""
    value = accepts(words, proof.value)
    if proof.value is UNKNOWN and value is not UNKNOWN:
        # Decided by the very absence of an answer: the unknowns are what it rests on.
        absent = unique((*proof.absent, *proof.unknown))
        return Proof(value, proof.facts, (), absent)
    return Proof(value, proof.facts, proof.unknown, proof.absent)


def conjunction(proofs: Iterable[Proof]) -> Proof:
    """The proof of *and*: of a false one, only the parts that make it so."""
    kept = list(proofs)
    value = truth.all_of([proof.value for proof in kept])
    if value is FALSE:
        kept = [proof for proof in kept if proof.value is FALSE]
    return join(value, kept, one_suffices=value is FALSE)


def disjunction(proofs: Iterable[Proof]) -> Proof:
    """The proof of *or*: of a true one, only the parts that make it so."""
    parts = list(proofs)
    value = truth.any_of(proof.value for proof in parts)
    if value is FALSE:
        return join(value, parts)
    proof = join(value, [each for each in parts if each.value is value], one_suffices=value is TRUE)
    if value is TRUE:
        return proof
    # A part that is false only because something is not known could still become true.
    absent = unique(reading for each in parts for reading in each.absent)
    return proof._replace(absent=absent)
