"""A snapshot made ready for evaluation: what follows from it for each child.

Each child gets the facts that are worked out (age, stage of pregnancy) and the adults, siblings,
events, services and meetings that are theirs. Whether an event concerns a child is itself
three-valued: where several children are named and the event does not say, it is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from advisor.dates import whole_months
from advisor.facts.adult import Adult, Link
from advisor.facts.child import Child
from advisor.snapshot import Snapshot
from advisor.truth import TRUE, UNKNOWN, Truth
from advisor.values import UnknownReason

PREGNANCY_WEEKS = 40
"""Length of a pregnancy counted to the due date, in weeks."""


class Derived:
    """A worked-out fact: for a number, ``value`` is the interval (least, most), ends included."""

    __slots__ = ("unknown", "value")
    known_on = None

    def __init__(self, value: Any, unknown: UnknownReason | None) -> None:
        self.value, self.unknown = value, unknown


class Rows:
    """The members of a list that are a child's, each with whether it belongs (``belongs``)."""

    __slots__ = ("complete", "items", "known_on", "unknown")

    def __init__(self, items: list[Any], listing: Any) -> None:
        self.items, self.complete = items, listing.complete
        self.unknown, self.known_on = listing.unknown, listing.known_on


class Case:
    """A snapshot in evaluation form: ``children`` by id, and what is common to all of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.source = snapshot
        self.snapshot = SimpleNamespace(
            as_of=Derived(snapshot.as_of, None), authority=snapshot.snapshot.authority
        )
        self.referral = snapshot.referral
        self.household = snapshot.household
        day = snapshot.as_of.first
        children = snapshot.children.items
        self.children = {child.id: _child(child, day) for child in children}
        about = snapshot.referral.about
        single = len(children) == 1 and snapshot.children.complete
        for name, view in self.children.items():
            view.adults = Rows(
                [_adult(each, name) for each in snapshot.adults.items if not _apart(each)],
                snapshot.adults,
            )
            # Known not to be so only where those whom it is about are named in full without them.
            named = name in about.items or not about.complete or not about.items
            view.decision_is_about = Derived(named, None)
            view.siblings = Rows(
                [_member(self.children[each.id], TRUE) for each in children if each.id != name],
                snapshot.children,
            )
            for kind in ("events", "services", "meetings"):
                listing = getattr(snapshot, kind)
                setattr(view, kind, Rows(list(_belonging(listing.items, name, single)), listing))


def _child(child: Child, day: dt.date) -> SimpleNamespace:
    view = SimpleNamespace(**child.__dict__)
    born, due, age = child.born, child.due, child.age
    why = born.unknown or due.unknown
    view.is_unborn = Derived(None, why)
    view.age_months = view.age_weeks = view.weeks_pregnant = Derived(None, why)
    if born.value is not None:
        first, last = born.value.first, min(born.value.last, day)
        view.age_months = Derived((whole_months(last, day), whole_months(first, day)), None)
        view.age_weeks = Derived(((day - last).days // 7, (day - first).days // 7), None)
        view.is_unborn = Derived(False, None)
    elif due.value is not None:
        weeks = sorted(
            PREGNANCY_WEEKS - -(-(end - day).days // 7) for end in (due.value.first, due.value.last)
        )
        view.weeks_pregnant = Derived((weeks[0], weeks[1]), None)
        view.is_unborn = Derived(True, None)
    elif age is not None:
        view.is_unborn = Derived(False, None)
        view.age_months, view.age_weeks = _from_age(age)
    return view


def _from_age(age: Any) -> tuple[Derived, Derived]:
    if age.years is not None:
        months, weeks = (age.years * 12, age.years * 12 + 11), (age.years * 52, age.years * 53 + 52)
    elif age.months is not None:
        months, weeks = (age.months, age.months), (age.months * 4, age.months * 31 // 7 + 5)
    else:
        months, weeks = (age.weeks * 7 // 31, (age.weeks * 7 + 6) // 28), (age.weeks, age.weeks)
    return Derived(months, None), Derived(weeks, None)


def _member(view: Any, belongs: Truth) -> SimpleNamespace:
    member = view if isinstance(view, SimpleNamespace) else SimpleNamespace(**view.__dict__)
    member.belongs = belongs
    return member


def _apart(adult: Adult) -> bool:
    """Whether it is known that an adult is linked to no child here: ``links: []``."""
    return adult.links.complete and not adult.links.items


def _adult(adult: Adult, child: str) -> SimpleNamespace:
    link = next((each for each in adult.links.items if each.child == child), None)
    view = SimpleNamespace(**adult.__dict__)
    view.link = link or Link(child=child)
    view.belongs = TRUE
    return view


def _belonging(items: Iterable[Any], child: str, single: bool) -> Iterable[SimpleNamespace]:
    for item in items:
        if child in item.children.items or single:
            yield _member(item, TRUE)
        elif not item.children.complete:
            yield _member(item, UNKNOWN)
