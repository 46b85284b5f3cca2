"""What to ask next: which unknown fact, once answered, would raise or settle which prompt.

What each answer would make of the signals is known from what remains open of them; only the rules
that read those are worked out again. A date, a number or a further list entry cannot be foreseen;
such a question is kept where a prompt waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from advisor.advice import Effect, Question
from advisor.engine import Engine
from advisor.evaluation import ChildResult
from advisor.language.documents import Verdict
from advisor.logic import Condition, Logic, Quorum
from advisor.proofs import Reading
from advisor.residuals import Answer, answers
from advisor.truth import FALSE, TRUE, Truth
from advisor.wording import question, reason

MOST_TRIED, FEWEST_TRIED, WORK = 300, 10, 90_000


@dataclass
class _Candidate:
    """An unknown fact, the children it bears on, and the rules that wait for it."""

    reading: Reading
    child: str
    children: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    waited_for: bool = False


def questions(engine: Engine, results: Sequence[ChildResult]) -> tuple[list[Question], int]:
    """The questions worth asking, those that would change most first, and how many were left out.

    Of a case with very many entries only so many unknown facts are looked into as keeps the time
    bounded: see :func:`tried`.
    """
    candidates = _candidates(engine, results)
    number = tried(len(candidates))
    foreseen = {result.child: _Foreseen(engine, result) for result in results}
    found = [_question(foreseen, each) for each in candidates[:number]]
    kept = [each for each in found if each is not None]
    kept.sort(
        key=lambda each: (
            -len({rule for effect in each.would for rule in effect.raises}),
            -len({rule for effect in each.would for rule in effect.settles}),
            -len(each.bears_on),
            each.path,
        )
    )
    return kept, len(candidates) - number


def tried(candidates: int) -> int:
    """How many of so many unknown facts are looked into: all, unless a case has hundreds of them.

    It bounds the length of the advice as well as the time it takes.
    """
    return candidates if candidates <= MOST_TRIED else max(FEWEST_TRIED, WORK // candidates)


def _candidates(engine: Engine, results: Sequence[ChildResult]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for result in results:
        for rule in engine.rules:
            verdict = result.outcomes[rule.id].verdict
            readings: Collection[Reading]
            if verdict != "not_raised":
                readings, waited = result.unknowns(rule.id), True
            else:
                stopped = result.stopped_by(rule.id)
                if len(stopped) != 1:
                    continue  # one answer would not bring it into play
                readings, waited = result.signals.part(stopped[0]).unknown.values(), False
            for reading in readings:
                each = found.setdefault(reading.path, _Candidate(reading, result.child))
                each.rules[rule.id] = None
                each.waited_for = each.waited_for or waited
                each.children[result.child] = None
    return sorted(found.values(), key=lambda each: not each.waited_for)


def _question(foreseen: Mapping[str, _Foreseen], candidate: _Candidate) -> Question | None:
    reading = candidate.reading
    effects = tuple(_effects(foreseen, candidate))
    if not candidate.waited_for and not any(effect.raises for effect in effects):
        return None
    return Question(
        path=reading.path,
        ask=question(reading, candidate.child),
        hint=reading.slot.hint,
        about=reading.person,
        who_may_know=reading.slot.held_by,
        reason=reason(reading),
        bears_on=tuple(candidate.rules),
        would=effects,
    )


def _effects(foreseen: Mapping[str, _Foreseen], candidate: _Candidate) -> Iterator[Effect]:
    if not candidate.reading.answerable:
        return
    for answer in answers(candidate.reading.slot):
        changes = [
            foreseen[child].change((candidate.reading.path, answer)) for child in candidate.children
        ]
        raises = tuple(dict.fromkeys(rule for change in changes for rule in change.raises))
        settles = tuple(dict.fromkeys(rule for change in changes for rule in change.settles))
        if raises or settles:
            yield Effect(answer=answer, raises=raises, settles=settles)


class _Change(NamedTuple):
    """The rules that an answer raises, and those that it settles."""

    raises: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()


class _Foreseen:
    """What any answer would change of the rules about one child."""

    def __init__(self, engine: Engine, result: ChildResult) -> None:
        self._engine, self._result = engine, result
        self._changes: dict[frozenset[tuple[str, Truth]], _Change] = {}

    def change(self, answer: Answer) -> _Change:
        """What an answer would change; many do the same to the signals, and so to the rules."""
        changed = self._signals.get(answer)
        if changed is None:
            return _Change()
        key = frozenset(changed.items())
        if key not in self._changes:
            self._changes[key] = self._rules_changed(changed)
        return self._changes[key]

    def _rules_changed(self, changed: Mapping[str, Truth]) -> _Change:
        values = self._result.values
        again = self._engine.dependence.interpreter(frozenset(changed))
        after = again.outcomes(lambda name: changed[name] if name in changed else values[name])
        raises, settles = [], []
        for rule, outcome in after.items():
            was = self._result.outcomes[rule].verdict
            if _speaks(outcome.verdict) and not _speaks(was):
                raises.append(rule)
            elif outcome.verdict == "not_raised" and was != "not_raised":
                settles.append(rule)
        return _Change(tuple(raises), tuple(settles))

    @cached_property
    def _signals(self) -> Mapping[Answer, Mapping[str, Truth]]:
        """The signals that each answer changes, and what they become."""
        found: dict[Answer, dict[str, Truth]] = {}
        for name in self._in_question():
            for answer, after in self._result.signals.part(name).changes.items():
                found.setdefault(answer, {})[name] = after
        return found

    def _in_question(self) -> Iterator[str]:
        """The signals of the rules that one answer may yet change."""
        names: dict[str, None] = {}
        for logic in self._engine.logics.values():
            if self._comes_into_play(logic) and not any(
                map(self._stays_violated, logic.conditions)
            ):
                names.update((each.name, None) for each in logic.singles if not each.is_concern)
        return iter(names)

    def _comes_into_play(self, logic: Logic) -> bool:
        """Whether a rule is in play, or one answer might bring it there."""
        common: set[Answer] | None = None
        for each in logic.given:
            if each.is_concern or self._result.status(each) is TRUE:
                continue
            changes = self._result.signals.part(each.name).changes.items()
            found = {answer for answer, after in changes if each.status(after) is TRUE}
            common = found if common is None else common & found
            if not common:
                return False
        return True

    def _stays_violated(self, condition: Condition | Quorum) -> bool:
        if isinstance(condition, Quorum) or condition.is_concern:
            return False
        violated = self._result.status(condition) is FALSE
        return violated and not self._result.signals.part(condition.name).changes


def _speaks(verdict: Verdict) -> bool:
    return verdict in ("raised", "raised_on_precaution")
