"""Tests of a known value: equal, among, at least, at most, before, after, within."""

from __future__ import annotations

from typing import Any

from advisor import truth
from advisor.dates import Period
from advisor.language.expressions import FactTest
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth


def compare_scalar(node: FactTest, value: Any) -> Truth:
    """Whether a value that is no date passes the test of a rule."""
    if isinstance(value, tuple):
        return compare_interval(node, value)
    if node.equals is not None:
        return truth.truth(value == node.equals)
    if node.among is not None:
        return truth.truth(value in node.among)
    if node.at_least is not None or node.at_most is not None:
        return compare_interval(node, (value, value))
    return truth.truth(bool(value))


def compare_interval(node: FactTest, value: tuple[float, float]) -> Truth:
    """Whether a number known to lie between two others passes the test; may be unknown."""
    least, most = value
    low = node.at_least if node.equals is None else float(node.equals)
    high = node.at_most if node.equals is None else float(node.equals)
    parts = []
    if low is not None:
        parts.append(TRUE if least >= low else FALSE if most < low else UNKNOWN)
    if high is not None:
        parts.append(TRUE if most <= high else FALSE if least > high else UNKNOWN)
    return truth.all_of(parts)


def compare_dates(node: FactTest, value: Any, other: Any) -> Truth:
    """Whether a date passes the test of a rule against another; ``none`` passes no test."""
    if value == "none" or other == "none":
        return FALSE
    if node.within is not None:
        within: Truth = value.within(Period.parse(node.within), other)
        return within
    result: Truth = value.before(other) if node.before is not None else other.before(value)
    return result
