"""The advisor itself, in three forms, and the reference that every answer is held against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.advise import advise
from advisor.case import Case
from advisor.engine import Engine
from advisor.interpreter import Interpreter
from advisor.language.documents import Verdict
from advisor.logic import verdict_of
from advisor.pack import Pack
from advisor.signals import ChildSignals
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE, UNKNOWN
from benchmarks.formula import Formula, formulas_of
from tests.generation import DAY

Verdicts = list[Verdict]
"""The verdict of each rule, in the order of the pack's rules in force."""


@dataclass(frozen=True)
class Question:
    """One child of one snapshot, ready for evaluation."""

    snapshot: Snapshot
    case: Case
    child: str


def questions_of(snapshots: Sequence[Snapshot]) -> list[Question]:
    """Each child of each snapshot."""
    cases = [Case(snapshot) for snapshot in snapshots]
    return [Question(case.source, case, child) for case in cases for child in case.children]


class Reference:
    """The interpreter over signals that are worked out by plain reading, with proofs."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.rules = pack.in_force(dt.date.fromisoformat(DAY))
        self._interpreter = Interpreter(self.rules)
        made = [formulas_of(rule, pack.signals) for rule in self.rules]
        self.formulas: list[Formula] = [raised for raised, _ in made]
        self._open: list[int | None] = []
        for _, may_be in made:
            self._open.append(None if may_be is None else len(self.formulas))
            if may_be is not None:
                self.formulas.append(may_be)

    def verdicts(self, question: Question) -> Verdicts:
        """The right answer."""
        signals = ChildSignals(question.case, question.child, self.pack.signals)
        outcomes = self._interpreter.outcomes(signals.value)
        return [outcomes[rule.id].verdict for rule in self.rules]

    def read(self, answers: Sequence[bool]) -> Verdicts:
        """The verdicts that the truth of each of ``formulas`` amounts to."""
        found: Verdicts = []
        for number, rule in enumerate(self.rules):
            place = self._open[number]
            may_be = answers[number] if place is None else answers[place]
            whole = TRUE if answers[number] else UNKNOWN if may_be else FALSE
            found.append(verdict_of(rule, TRUE, whole))
        return found


class VerdictsOnly:
    """Signals compiled to Python, then durable-rules (or the interpreter) over their values."""

    def __init__(self, reference: Reference, *, plain: bool) -> None:
        self._engine = Engine(reference.pack, reference.rules, plain=plain)
        self._ids = [rule.id for rule in reference.rules]
        self.name = f"advisor: signals and {self._engine.inference.name}"

    def answer(self, question: Question) -> Verdicts:
        values = self._engine.values(question.case, question.child)
        outcomes = self._engine.outcomes(values)
        return [outcomes[name].verdict for name in self._ids]


class WholeAdvice:
    """``advise()``: verdicts, reasons with sources, what was not evaluated, and questions."""

    name = "advisor: advice with reasons and questions"

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def answer(self, question: Question) -> Verdicts:
        advice = advise(question.snapshot, self._reference.pack)
        found = {prompt.rule: prompt.verdict for prompt in advice.prompts}
        return [found.get(rule.id, "not_raised") for rule in self._reference.rules]
