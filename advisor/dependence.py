"""What depends on a fact: the signals that read it, and the rules that read those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from advisor.compiled import Evaluate, compile_signals
from advisor.interpreter import Interpreter
from advisor.language.documents import Rule, Signal
from advisor.language.expressions import FactTest, every_part, facts_read, signals_read
from advisor.logic import Logic


@dataclass(frozen=True)
class Dependents:
    """The signals and rules that depend on one fact, made ready to run by themselves."""

    evaluate: Evaluate
    signals: tuple[str, ...]
    interpreter: Interpreter


class Dependence:
    """What depends on each fact, for a fixed set of rules; worked out once for each fact."""

    def __init__(
        self, signals: Mapping[str, Signal], rules: Sequence[Rule], logics: Mapping[str, Logic]
    ) -> None:
        self._signals, self._rules, self._logics = signals, rules, logics
        self._dependents: dict[str, Dependents] = {}
        self._told_apart: dict[str, frozenset[object]] = {}

    def on(self, fact: str) -> Dependents:
        """All that depends on a fact of the vocabulary."""
        if fact not in self._dependents:
            reading = self._signals_reading(fact)
            first = {
                rule.id
                for rule in self._rules
                if any(c.name in reading for c in self._logics[rule.id].singles)
            }
            rules = self._with_conclusions(first)
            names = {c.name for rule in rules for c in self._logics[rule.id].singles}
            wanted = sorted(names & reading)
            evaluate = compile_signals(self._signals, wanted)
            self._dependents[fact] = Dependents(evaluate, tuple(wanted), Interpreter(rules))
        return self._dependents[fact]

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
