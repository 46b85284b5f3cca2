"""Three truth values and their logic (strong Kleene logic).

An unknown never behaves as "no": a conjunction with an unknown member is false only if another
member is false, a disjunction is true only if another member is true. Quantifiers over a list
that may have missing members stay unknown wherever a missing member could decide.

Source: S. C. Kleene, Introduction to Metamathematics (1952), section 64. The truth tables are
written out in ``tests/conformance/truth.yaml`` and tested exhaustively.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """False, unknown or true, ordered so that *and* is the minimum and *or* the maximum."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @property
    def word(self) -> str:
        """``false``, ``unknown`` or ``true``, as rules and advice spell it."""
        return _WORDS[self]


_WORDS = ("false", "unknown", "true")
FALSE, UNKNOWN, TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
BY_WORD = {value.word: value for value in Truth}


def truth(value: bool | None) -> Truth:
    """Two-valued or missing, as three-valued: None is unknown."""
    if value is None:
        return UNKNOWN
    return TRUE if value else FALSE


def negate(value: Truth) -> Truth:
    """Not: swaps true and false; unknown stays unknown."""
    return Truth(2 - value)


def all_of(values: Iterable[Truth]) -> Truth:
    """And: true of nothing."""
    return min(values, default=TRUE)


def any_of(values: Iterable[Truth]) -> Truth:
    """Or: false of nothing."""
    return max(values, default=FALSE)


def some(values: Iterable[Truth], *, complete: bool) -> Truth:
    """Whether some member of a list satisfies; a missing member might."""
    found = any_of(values)
    return found if complete else Truth(max(found, UNKNOWN))


def every(values: Iterable[Truth], *, complete: bool) -> Truth:
    """Whether every member of a list satisfies; a missing member might not."""
    found = all_of(values)
    return found if complete else Truth(min(found, UNKNOWN))


def at_least(values: Iterable[Truth], number: int, *, complete: bool) -> Truth:
    """Whether ``number`` or more members satisfy; missing members of an open list might."""
    members = list(values)
    certain = sum(value is TRUE for value in members)
    if certain >= number:
        return TRUE
    possible = certain + sum(value is UNKNOWN for value in members)
    return UNKNOWN if possible >= number or not complete else FALSE
