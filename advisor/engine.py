"""A pack made ready to run: its signals compiled, its rules in an inference engine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from advisor.case import Case
from advisor.compiled import compile_signals
from advisor.dependence import Dependence
from advisor.inference import AVAILABLE, DurableRules
from advisor.interpreter import Interpreter
from advisor.language.documents import Rule
from advisor.logic import Outcome, Values, logic_of
from advisor.network import Network
from advisor.pack import Pack
from advisor.truth import Truth


class Inference(Protocol):
    """What decides the rules of a child once its signals are known."""

    name: str

    def outcomes(self, values: Values) -> dict[str, Outcome]:
        """The outcome of each rule by its id."""
        ...


class Engine:
    """Evaluates the rules of a pack, in authored order, for one child after another.

    durable-rules decides wherever it can be installed, and the interpreter elsewhere;
    ``plain=True`` asks for the interpreter.
    """

    def __init__(self, pack: Pack, rules: Sequence[Rule], *, plain: bool = False) -> None:
        self.pack = pack
        self.rules = tuple(rules)
        self.logics = {rule.id: logic_of(rule) for rule in rules}
        self.interpreter = Interpreter(rules)
        durable = AVAILABLE and not plain
        self.inference: Inference = DurableRules(rules) if durable else self.interpreter
        self.signal_ids = sorted(
            {c.name for logic in self.logics.values() for c in logic.singles if not c.is_concern}
        )
        self._evaluate = compile_signals(pack.signals, self.signal_ids)

    @cached_property
    def concluders(self) -> dict[str, list[str]]:
        """The rules that conclude each concern, by its name."""
        found: dict[str, list[str]] = {}
        for rule in self.rules:
            if rule.concludes is not None:
                found.setdefault(rule.concludes, []).append(rule.id)
        return found

    @cached_property
    def dependence(self) -> Dependence:
        """What rests on the signals, for foreseeing answers."""
        return Dependence(self.pack.signals, self.rules, self.logics)

    @cached_property
    def network(self) -> Network:
        """The signals that rules read, for a case that goes from day to day."""
        return Network(self.pack.signals, self.signal_ids)

    def values(self, case: Case, child: str) -> dict[str, Truth]:
        """The value of every signal that a rule reads, for one child."""
        found = self._evaluate(case, case.children[child])
        return dict(zip(self.signal_ids, map(_TRUTHS.__getitem__, found), strict=True))

    def outcomes(self, values: dict[str, Truth]) -> dict[str, Outcome]:
        """The outcome of every rule, from the values of a child's signals."""
        return self.inference.outcomes(values.__getitem__)


_TRUTHS = tuple(Truth)
