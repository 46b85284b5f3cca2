"""What stands for one child of a case that goes from day to day: its signals and its verdicts."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

from advisor.case import Case
from advisor.engine import Engine
from advisor.held import Entries
from advisor.inference import DurableRules
from advisor.language.expressions import CountOf, Every
from advisor.logic import Outcome
from advisor.truth import Truth

_TRUTHS = tuple(Truth)


class Change(NamedTuple):
    """A change of the case, as the rules about a child see it.

    ``key`` is the fact or list, ``member`` the member of that list if only one has changed, and
    ``what`` the fact or test of the day that has; None for anything of it.
    """

    key: str
    member: str | None = None
    what: object = None


class ChildStanding:
    """The values of the signals of a child, and the outcomes of the rules, as of the last day."""

    def __init__(self, engine: Engine, case: Case, child: str) -> None:
        self.values: dict[str, Truth] = {}
        self.outcomes: dict[str, Outcome] = {}
        self._engine, self._case, self._view = engine, case, case.children[child]
        self._network = engine.network
        self._nodes = [0] * len(self._network.readers)
        self._members: dict[str, dict[str, list[int]]] = {}
        self._counts = {number: [0, 0, 0] for number in self._network.asked}
        inference = engine.inference
        self._durable = inference.remembered() if isinstance(inference, DurableRules) else None
        self._begin()

    def _begin(self) -> None:
        network, nodes = self._network, self._nodes
        found = network.compiled(network.plain)(self._case, self._view)
        for number, value in zip(network.plain, found, strict=True):
            nodes[number] = value
        for key, atoms in network.listed.items():
            self._members[key] = {}
            for member in self._rows(key).by_id:
                self._ask(key, member, atoms)
            for number in atoms:
                nodes[number] = self._said(number, key)
        for number, joint in enumerate(network.joints, len(network.atoms)):
            nodes[number] = joint.value(nodes)
        self.values = {name: _TRUTHS[nodes[node]] for name, node in network.signals.items()}
        self._decide(None)

    def again(self, changes: Collection[Change]) -> None:
        """Work out again what changes of the case reach."""
        plain: set[tuple[int, ...]] = set()
        asked: dict[str, set[int]] = {}
        members: dict[tuple[str, str], set[object]] = {}
        settled: dict[int, str] = {}
        for key, member, what in changes:
            reached = self._network.reached(key, what)
            plain.add(reached.plain)
            for number in reached.asked:
                asked.setdefault(self._network.atoms[number].listed or "", set()).add(number)
            if not reached.member:
                continue
            if member is None:
                settled.update(dict.fromkeys(reached.member, key))
            else:
                members.setdefault((key, member), set()).add(what)
        for each in self._network.each_day:
            listed = self._network.atoms[each].listed
            if listed is None:
                plain.add((each,))
            else:
                asked.setdefault(listed, set()).add(each)
        for (key, member), whats in members.items():
            settled.update(dict.fromkeys(self._of_member(key, member, whats), key))
        for key, numbers in asked.items():
            atoms = tuple(sorted(numbers))
            for member in self._members[key]:
                self._ask(key, member, atoms)
            settled.update(dict.fromkeys(atoms, key))
        changed = list(self._plain(plain))
        changed += [n for n, key in settled.items() if self._set(n, self._said(n, key))]
        self._spread(changed)

    def _plain(self, wanted: Iterable[tuple[int, ...]]) -> Iterator[int]:
        """Work out atoms that are not asked of members; gives those that changed."""
        whole = False
        for atoms in wanted:
            evaluate = self._network.evaluate(atoms) if atoms else None
            if evaluate is not None:
                found = evaluate(self._case, self._view)
                yield from (n for n, v in zip(atoms, found, strict=True) if self._set(n, v))
            elif atoms:
                whole = True
        if whole:
            atoms = self._network.plain
            found = self._network.compiled(atoms)(self._case, self._view)
            yield from (n for n, v in zip(atoms, found, strict=True) if self._set(n, v))

    def _of_member(self, key: str, member: str, whats: set[object]) -> tuple[int, ...]:
        """Ask again of one member; gives the atoms that were asked."""
        every = self._network.listed[key]
        if member not in self._rows(key).by_id:
            gone = self._members[key].pop(member, None)
            for number, value in zip(every, gone or (), strict=bool(gone)):
                self._counts[number][value] -= 1
            return every
        if None in whats or member not in self._members[key]:
            atoms = every
        else:
            found = {n for what in whats for n in self._network.reached(key, what).member}
            atoms = tuple(sorted(found))
        self._ask(key, member, atoms)
        return atoms

    def _ask(self, key: str, member: str, atoms: tuple[int, ...]) -> None:
        """Ask of one member of a list, which stands in for the whole while it is asked."""
        every = self._network.listed[key]
        was = self._members[key].get(member)
        evaluate = self._network.evaluate(atoms)
        if was is None or evaluate is None:
            atoms, evaluate = every, self._network.compiled(every)
        holder, name = self._place(key)
        rows = holder.__dict__[name]
        holder.__dict__[name] = SimpleNamespace(
            items=(rows.by_id[member],), complete=True, unknown=None, known_on=None
        )
        try:
            found = evaluate(self._case, self._view)
        finally:
            holder.__dict__[name] = rows
        if was is None:
            self._members[key][member] = list(found)
            for number, value in zip(atoms, found, strict=True):
                self._counts[number][value] += 1
            return
        places = self._network.places
        for number, value in zip(atoms, found, strict=True):
            before = was[places[number]]
            if before != value:
                was[places[number]] = value
                counts = self._counts[number]
                counts[before] -= 1
                counts[value] += 1

    def _place(self, key: str) -> tuple[Any, str]:
        holder = self._view
        _, *steps, name = key.split(".")
        for step in steps:
            holder = getattr(holder, step)
        return holder, name

    def _rows(self, key: str) -> Entries:
        holder, name = self._place(key)
        rows: Entries = getattr(holder, name)
        return rows

    def _said(self, number: int, key: str) -> int:
        """The value of a question about members, from how many gave which answer."""
        no, perhaps, yes = self._counts[number]
        tree, complete = self._network.atoms[number].tree, self._rows(key).complete
        if isinstance(tree, Every):
            return 0 if no else 1 if perhaps or not complete else 2
        least = tree.at_least if isinstance(tree, CountOf) else 1
        if yes >= least:
            return 2
        return 1 if yes + perhaps >= least or not complete else 0

    def _set(self, number: int, value: int) -> bool:
        if self._nodes[number] == value:
            return False
        self._nodes[number] = value
        return True

    def _spread(self, changed: Iterable[int]) -> None:
        """Work out the nodes that read what changed, and the rules that read their signals."""
        network, nodes = self._network, self._nodes
        told: list[str] = []
        pending: list[int] = []
        waiting: set[int] = set()

        def tell(number: int) -> None:
            told.extend(network.names.get(number, ()))
            for reader in network.readers[number]:
                if reader not in waiting:
                    waiting.add(reader)
                    heapq.heappush(pending, reader)

        for number in changed:
            tell(number)
        first = len(network.atoms)
        while pending:
            number = heapq.heappop(pending)
            if self._set(number, network.joints[number - first].value(nodes)):
                tell(number)
        if told:
            signals = network.signals
            self.values = self.values | {name: _TRUTHS[nodes[signals[name]]] for name in told}
            self._decide(frozenset(told))

    def _decide(self, changed: frozenset[str] | None) -> None:
        values = self.values.__getitem__
        if self._durable is not None:
            self.outcomes = self._durable.outcomes(values)
        elif changed is None:
            self.outcomes = self._engine.interpreter.outcomes(values)
        else:
            again = self._engine.dependence.interpreter(changed)
            self.outcomes = self.outcomes | again.outcomes(values)
