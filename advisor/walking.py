"""A walk through a story: the verdicts of each day, from those of the day before and what changed.

The case is held in place. What somebody has learnt since the last day changes single facts; only
the signals that read them are worked out again, and of a list only the members that changed. The
passing of days changes ages, and tests of dates on days that are known beforehand. Only where a
signal has changed are the rules asked again, and of them only those that could change. The
verdicts are those of an evaluation from scratch on every day, and the tests hold the two together.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from advisor.case import Case
from advisor.chronology.leaves import COMPLETE, NOT_OF_THE_STORY, Path, key_of
from advisor.chronology.story import Story
from advisor.chronology.views import Knowledge, own_facts, snapshot_data
from advisor.comparing import compare_interval
from advisor.consistency import FUTURE, LONGEST_OVERDUE
from advisor.dates import PartialDate
from advisor.engine import Engine
from advisor.facts.adult import Link
from advisor.facts.shape import Kind, Type, slots
from advisor.facts.wider import Header, Referral
from advisor.held import SHARED, Entries, HeldCase, Put, Site, blank, read
from advisor.network import Clocked
from advisor.snapshot import Snapshot
from advisor.standing import Change, ChildStanding
from advisor.vocabulary import DERIVED

_AFTER = (("started_on", "ended_on"), ("happened_on", "seen_on"))
"""Dates of which the second may not come before the first."""

_BIRTH = ("born", "due", "age")


class Walk:
    """The verdicts of each day for each child, as some holders came to know of a story.

    ``engine_on`` gives the engine of a day. After ``to`` has gone to a day, ``children`` holds what
    was worked out for each child by its id.
    """

    def __init__(
        self, story: Story, holders: Collection[str], engine_on: Callable[[dt.date], Engine]
    ) -> None:
        self.children: dict[str, ChildStanding] = {}
        self._engine: Engine | None = None
        self._story, self._holders, self._engine_on = story, holders, engine_on
        self._knowledge = Knowledge(story, holders)
        self._held = HeldCase()
        self._facts: dict[Path, Any] = {}
        self._own: dict[Path, Any] = {}
        self._dates: dict[Path, PartialDate] = {}
        self._told: Mapping[str, Any] = {}
        self._authority: Any = None
        self._header: Header | None = None
        self._referral = blank(Referral)
        self._pushed = 0
        self._turns: list[tuple[dt.date, int, Path, Clocked]] = []
        self._case: Case | None = None
        self._day = dt.date.min

    def to(self, day: dt.date, case: Mapping[str, Any]) -> bool:
        """Go to a day, later than the last; whether anybody knew by then that there is a child.

        ``case`` holds the decision's own part: ``snapshot``, ``referral`` and what stands over the
        story. Raises InputError where the facts make no snapshot. Each fact is checked by itself
        when it is set; the whole only where what has changed could be at odds with the rest.
        """
        self._day = day
        try:
            changes, doubtful = self._take(day, case)
        except (ValidationError, ValueError):
            self.snapshot(case)  # tells what is wrong, and where
            raise
        if not self._held.whole.children.by_id:
            if self._held.whole.children.said is not None:
                self.snapshot(case)
            self.children = {}
            self._case = None
            return False
        if doubtful or self._overdue(day):
            self.snapshot(case)
        engine = self._engine_on(day)
        children = self._held.whole.children.by_id
        same = engine is self._engine and self.children.keys() == children.keys()
        if same and self._case is not None and _LIST_OF_CHILDREN not in changes:
            self._go_on(engine, self._case, changes)
        else:
            self._engine = engine
            self._begin(engine)
        return True

    @property
    def engine(self) -> Engine:
        """The engine of the day."""
        return self._engine or self._engine_on(self._day)

    def snapshot(self, case: Mapping[str, Any]) -> Snapshot:
        """The snapshot of the day, made from nothing; raises InputError."""
        data = snapshot_data(self._story, self._day, self._holders, case)
        return Snapshot.from_data(data, self._story.document.source)

    def _take(self, day: dt.date, case: Mapping[str, Any]) -> tuple[list[_Changed], bool]:
        """Put in place what has changed; gives that, and whether the whole must be checked."""
        changes: list[_Changed] = []
        own, facts = dict(own_facts(case)), self._knowledge.facts
        doubtful = bool(own)
        references: set[str] = set()
        people = (self._held.whole.children, self._held.whole.adults)
        before = {name for rows in people for name in rows.by_id}
        for path in {**self._knowledge.to(day), **self._own, **own}:
            now = own[path] if path in own else facts[path].value if path in facts else None
            if (type(now), now) == (type(self._facts.get(path)), self._facts.get(path)):
                continue
            put = self._held.put(path, now, was_there=path in self._facts)
            self._facts.pop(path, None)
            if now is not None:
                self._facts[path] = now
            where = self._held.site(path)
            doubtful |= self._doubtful(path, where, now, put)
            references |= _referred_to(path, where, put.made)
            self._date(path, put.made)
            changes.append(_Changed(path, None if put.moved else where.fact))
        self._own = own
        children, adults = (set(rows.by_id) for rows in people)
        doubtful |= not before <= children | adults or not children.isdisjoint(adults)
        doubtful |= not references <= children | adults
        changes.extend(self._decision(case))
        while self._turns and self._turns[0][0] <= day:
            _, _, path, test = heapq.heappop(self._turns)
            changes.append(_Changed(path, test))
        return changes, doubtful

    def _decision(self, case: Mapping[str, Any]) -> Iterator[_Changed]:
        """Put in place the heading and the referral of a day; gives what has changed of them."""
        self._header = Header.model_validate(case["snapshot"])
        authority = case["snapshot"].get("authority")
        if authority != self._authority:
            self._authority = authority
            yield _Changed(("snapshot", "authority"))
        before, self._told = self._told, case.get("referral", {})
        for name in {**before, **self._told}:
            value = self._told.get(name)
            if value != before.get(name):
                if name not in slots(Referral):
                    raise ValueError(name)
                made = read(Referral, name, value)
                setattr(self._referral, name, made)
                self._date(("referral", name), made)
                yield _Changed(("referral", name))

    def _doubtful(self, path: Path, where: Site, now: Any, put: Put) -> bool:
        """Whether a fact that has changed might be at odds with others, or with the day."""
        if where.slot is None:
            return not (isinstance(now, bool) or now is None or set(now) == {"unknown"})
        if put.moved and not all(_is_id(path[length - 1]) for length in where.entries):
            return True
        value = getattr(put.made, "value", None)
        if isinstance(value, PartialDate) and self._misplaced(path, where, value, put.holder):
            return True
        known_on = getattr(put.made, "known_on", None)
        if known_on is not None and known_on.first > self._day:
            return True
        items = getattr(put.made, "items", ())
        if len(set(items)) < len(items):
            return True
        if path[0] != "children" or len(path) < 3:
            return False
        child = self._held.whole.children.by_id.get(path[1])
        unborn = child is not None and child.due.value is not None
        return path[2] in _BIRTH or (unborn and path[2] in ("movement", "injuries"))

    def _misplaced(self, path: Path, where: Site, value: PartialDate, holder: Any) -> bool:
        assert where.slot is not None
        if where.slot.name not in FUTURE and value.first > self._day:
            return True
        for earlier, later in _AFTER:
            first = getattr(getattr(holder, earlier, None), "value", None)
            last = getattr(getattr(holder, later, None), "value", None)
            if not isinstance(first, PartialDate) or not isinstance(last, PartialDate):
                continue
            if last.last < first.first:
                return True
        if path[0] != "children":
            return False
        born = self._held.whole.children.by_id[path[1]].born.value
        return born is not None and value.last < born.first

    def _overdue(self, day: dt.date) -> bool:
        return any(
            child.due.value is not None and child.due.value.last < LONGEST_OVERDUE.before(day)
            for child in self._held.whole.children.items
        )

    def _date(self, path: Path, made: Any) -> None:
        """Note the days on which the passing of time will change what a date says."""
        self._dates.pop(path, None)
        value = getattr(made, "value", None)
        if isinstance(value, PartialDate):
            self._dates[path] = value
            if self._engine is not None:
                self._await(path, value, self._engine)

    def _await(self, path: Path, value: PartialDate, engine: Engine) -> None:
        for test in engine.network.clocked_at(self._fact(path)):
            for day in test.turns(value):
                if day > self._day:
                    self._pushed += 1
                    heapq.heappush(self._turns, (day, self._pushed, path, test))

    def _fact(self, path: Path) -> str:
        fact = ".".join(path) if path[0] == "referral" else self._held.site(path).fact
        return fact or ""

    def _begin(self, engine: Engine) -> None:
        """Work out everything from the facts as they stand."""
        self._turns.clear()
        for path, value in self._dates.items():
            self._await(path, value, engine)
        every = {name: getattr(self._held.whole, name).by_id for name in SHARED}
        case = self._held.case(self._header, self._referral, every)
        for view in case.children.values():
            for name in SHARED:
                rows, held = getattr(view, name), Entries()
                held.by_id.update((each.id, each) for each in rows.items)
                held.complete, held.unknown = rows.complete, rows.unknown
                setattr(view, name, held)
        self._case = case
        self.children = {name: ChildStanding(engine, case, name) for name in case.children}

    def _go_on(self, engine: Engine, case: Case, changes: Iterable[_Changed]) -> None:
        """Work out what has changed, and what follows from it."""
        members: dict[str, dict[str, None]] = {name: {} for name in SHARED}
        reached: dict[str, dict[Change, None]] = {name: {} for name in case.children}
        for changed in changes:
            if changed.path[0] in SHARED and changed.path[1] != COMPLETE:
                members[changed.path[0]][changed.path[1]] = None
            for name, change in self._reached(engine, changed):
                reached[name][change] = None
        fresh = self._held.case(self._header, self._referral, members)
        case.snapshot = fresh.snapshot
        for name, view in case.children.items():
            now = fresh.children[name]
            for fact in _aged(engine, view, now):
                for other, mine in reached.items():
                    mine[Change(f"child.{fact}" if other == name else "child.siblings")] = None
            _renew(view, now, members)
        for name, standing in self.children.items():
            standing.again(reached[name])

    def _reached(self, engine: Engine, changed: _Changed) -> Iterator[tuple[str, Change]]:
        """What a change of the case is to each child."""
        path, what = changed.path, changed.what
        top = path[0]
        if top in NOT_OF_THE_STORY:
            start = ".".join(path)
            keys = [key for key in engine.network.keys if f"{key}.".startswith(f"{start}.")]
            yield from ((child, Change(key, None, what)) for key in keys for child in self.children)
            return
        where = self._held.site(path)
        for child in self.children:
            if top != "children" or child == path[1]:
                yield child, Change(where.key, where.member, what)
            elif isinstance(what, str) and what.startswith("child."):
                yield child, Change("child.siblings", None, f"sibling.{what[6:]}")
            else:
                yield child, Change("child.siblings", None, what)
            if top in SHARED and len(self.children) > 1:
                yield child, Change("child.siblings", None, f"sibling.{top}")


class _Changed(NamedTuple):
    """A path at which the case has changed: its fact or a test of it, or anything if None."""

    path: Path
    what: object = None


def _is_id(name: str) -> bool:
    return name[0].isalnum() and name[-1].isalnum() and len(name) <= 64


def _referred_to(path: Path, where: Site, made: Any) -> set[str]:
    """The people to whom a fact refers."""
    if where.model is Link and path[-1] == key_of(Link):
        return {path[-2]}
    if where.slot is None or where.slot.type is not Type.REFERENCE:
        return set()
    if where.slot.name.endswith("authority") or made is None:
        return set()
    if where.slot.kind is Kind.LIST:
        return set(made.items)
    return set() if made.value is None else {made.value}


def _renew(view: Any, now: Any, members: Mapping[str, Collection[str]]) -> None:
    """Bring what is seen from a child up to date, as to these members of the shared lists."""
    for name, changed in members.items():
        held, rows = getattr(view, name), now.__dict__.pop(name)
        for member in changed:
            held.by_id.pop(member, None)
        held.by_id.update((each.id, each) for each in rows.items)
        held.complete, held.unknown = rows.complete, rows.unknown
    del now.siblings  # these are other children as they are held, and stay
    view.__dict__.update(now.__dict__)


def _aged(engine: Engine, view: Any, now: Any) -> Iterator[str]:
    """The facts worked out for a child that have changed, as far as any test can tell."""
    tests_of = engine.network.tests_of
    for fact in DERIVED:
        before, after = getattr(view, fact), getattr(now, fact)
        if (before.value, before.unknown) == (after.value, after.unknown):
            continue
        if isinstance(before.value, tuple) and isinstance(after.value, tuple):
            tests = [each for who in ("child", "sibling") for each in tests_of(f"{who}.{fact}")]
            if all(
                compare_interval(test, before.value) is compare_interval(test, after.value)
                for test in tests
            ):
                continue
        yield fact


_LIST_OF_CHILDREN = _Changed(("children", COMPLETE))
