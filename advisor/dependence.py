"""What rests on the signals of a pack: what remains open of them, and the rules that read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from advisor.interpreter import Interpreter
from advisor.language.documents import Rule, Signal
from advisor.logic import Logic
from advisor.remainder import Steps

MAX_INTERPRETERS = 2000
"""How many sets of changed signals are kept ready; then it begins again."""


class Dependence:
    """The rules that could change with each set of signals; worked out once for each.

    ``steps`` are the signals, ready to tell what remains open of them.
    """

    def __init__(
        self, signals: Mapping[str, Signal], rules: Sequence[Rule], logics: Mapping[str, Logic]
    ) -> None:
        self._rules, self._logics = rules, logics
        self._interpreters: dict[frozenset[str], Interpreter] = {}
        self.steps = Steps(signals)

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
