"""What depends on a fact: the signals that read it, and the rules that read those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from advisor.compiled import Evaluate, compile_signals
from advisor.interpreter import Interpreter
from advisor.language.documents import Rule, Signal
from advisor.language.expressions import FactTest, every_part, facts_read, signals_read
from advisor.logic import Logic

ASKED_SELDOM = 4
"""How often a fact is tried before what depends on it is compiled by itself."""

MAX_INTERPRETERS = 2000
"""How many sets of changed signals are kept ready; then it begins again."""


@dataclass(frozen=True)
class Dependents:
    """The signals that depend on one fact and that some rule reads, ready to run."""

    evaluate: Evaluate
    signals: tuple[str, ...]


class Dependence:
    """What depends on each fact, for a fixed set of rules; worked out once for each fact."""

    def __init__(
        self,
        signals: Mapping[str, Signal],
        rules: Sequence[Rule],
        logics: Mapping[str, Logic],
        whole: Dependents,
    ) -> None:
        self._signals, self._rules, self._logics, self._whole = signals, rules, logics, whole
        self._asked: Counter[str] = Counter()
        self._dependents: dict[str, Dependents] = {}
        self._interpreters: dict[frozenset[str], Interpreter] = {}
        self._told_apart: dict[str, frozenset[object]] = {}

    def on(self, fact: str) -> Dependents:
        """All that depends on a fact of the vocabulary, or all signals while it is seldom asked.

        To compile a part pays only where it is used often; a command that advises once would wait.
        """
        self._asked[fact] += 1
        if self._asked[fact] <= ASKED_SELDOM:
            return self._whole
        if fact not in self._dependents:
            reading = self._signals_reading(fact)
            rules = self._rules_reading(reading)
            names = {c.name for rule in rules for c in self._logics[rule.id].singles}
            wanted = sorted(names & reading)
            evaluate = compile_signals(self._signals, wanted)
            self._dependents[fact] = Dependents(evaluate, tuple(wanted))
        return self._dependents[fact]

    def interpreter(self, changed: frozenset[str]) -> Interpreter:
        """The rules that could change once these signals have changed, ready to run."""
        if changed not in self._interpreters:
            if len(self._interpreters) >= MAX_INTERPRETERS:
                self._interpreters.clear()
            self._interpreters[changed] = Interpreter(self._rules_reading(changed))
        return self._interpreters[changed]

    def _rules_reading(self, signals: Collection[str]) -> list[Rule]:
        return self._with_conclusions(
            {
                rule.id
                for rule in self._rules
                if any(c.name in signals for c in self._logics[rule.id].singles)
            }
        )

    def values_told_apart(self, fact: str) -> frozenset[object]:
        """The values of a fact that some signal names; the others all do the same."""
        if fact not in self._told_apart:
            tail = fact.removeprefix("child.").removeprefix("sibling.")
            same = {fact, f"child.{tail}", f"sibling.{tail}"}
            tests = [test for path in same for test in self._tests.get(path, ())]
            self._told_apart[fact] = frozenset(
                value for test in tests for value in (test.equals, *(test.among or ()))
            )
        return self._told_apart[fact]

    @cached_property
    def _tests(self) -> dict[str, list[FactTest]]:
        tests: dict[str, list[FactTest]] = {}
        for signal in self._signals.values():
            for _, part in every_part(signal.tree):
                if isinstance(part, FactTest):
                    tests.setdefault(part.fact, []).append(part)
        return tests

    @cached_property
    def _readers(self) -> dict[str, set[str]]:
        """For each fact and each signal, the signals that read it directly.

        A fact and a signal of one name share an entry: more is tried than need be, never less.
        """
        readers: dict[str, set[str]] = {}
        for name, signal in self._signals.items():
            for read in (*facts_read(signal.tree), *signals_read(signal.tree)):
                readers.setdefault(read, set()).add(name)
        return readers

    def _signals_reading(self, fact: str) -> set[str]:
        found: set[str] = set()
        pending = list(self._readers.get(fact, ()))
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending.extend(self._readers.get(name, ()))
        return found

    def _with_conclusions(self, names: set[str]) -> list[Rule]:
        """The rules named, those that build on them, and all that conclude what these need."""
        while True:
            rules = [rule for rule in self._rules if rule.id in names]
            concluded = {rule.concludes for rule in rules}
            needed = {
                c.name for rule in rules for c in self._logics[rule.id].singles if c.is_concern
            }
            more = {
                rule.id
                for rule in self._rules
                if rule.concludes in needed
                or any(c.name in concluded for c in self._logics[rule.id].singles)
            }
            if more <= names:
                return rules
            names = names | more
