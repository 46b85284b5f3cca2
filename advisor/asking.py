"""What to ask next: which unknown fact, once answered, would raise or settle which prompt.

Each possible answer is tried in place, and only the rules that depend on the fact are worked out
again. A date, a number or a further list entry cannot be tried out; such a question is kept where
a prompt waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

from advisor.advice import Effect, Question
from advisor.case import Case
from advisor.compiled import Evaluate, compile_signals
from advisor.engine import Engine
from advisor.evaluation import ChildResult
from advisor.facts.shape import Kind, Type
from advisor.interpreter import Interpreter
from advisor.language.documents import Rule, Signal, Verdict
from advisor.language.expressions import facts_read, signals_read
from advisor.signals import Reading
from advisor.truth import Truth
from advisor.vocabulary import DERIVED
from advisor.wording import question, reason

NONE_OTHER = "none"
"""The answer to a question about a list: there is none, or none besides those named."""

_TRUTHS = tuple(Truth)


@dataclass
class _Candidate:
    """An unknown fact, where it is held for each child, and the rules that wait for it."""

    reading: Reading
    child: str
    held: list[tuple[str, Reading]] = field(default_factory=list)
    rules: dict[str, None] = field(default_factory=dict)
    waited_for: bool = False


def questions(engine: Engine, case: Case, results: Sequence[ChildResult]) -> Iterator[Question]:
    """The questions worth asking, those that would change most first."""
    found = [_question(engine, case, results, each) for each in _candidates(engine, results)]
    kept = [each for each in found if each is not None]
    yield from sorted(
        kept,
        key=lambda each: (
            -len({rule for effect in each.would for rule in effect.raises}),
            -len({rule for effect in each.would for rule in effect.settles}),
            -len(each.bears_on),
            each.path,
        ),
    )


def _candidates(engine: Engine, results: Sequence[ChildResult]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for result in results:
        for rule in engine.rules:
            verdict = result.outcomes[rule.id].verdict
            if verdict != "not_raised":
                readings, waited = result.unknowns(rule.id), True
            else:
                stopped = result.stopped_by(rule.id)
                if len(stopped) != 1:
                    continue  # one answer would not bring it into play
                readings, waited = list(result.signals.proof(stopped[0]).unknown), False
            for reading in readings:
                each = found.setdefault(reading.path, _Candidate(reading, result.child))
                each.rules[rule.id] = None
                each.waited_for = each.waited_for or waited
                if all(child != result.child for child, _ in each.held):
                    each.held.append((result.child, reading))
    return list(found.values())


def _question(
    engine: Engine, case: Case, results: Sequence[ChildResult], candidate: _Candidate
) -> Question | None:
    reading = candidate.reading
    effects = tuple(_effects(engine, case, results, candidate))
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


def _effects(
    engine: Engine, case: Case, results: Sequence[ChildResult], candidate: _Candidate
) -> Iterator[Effect]:
    reading = candidate.reading
    if reading.holder is None:
        return
    by_child = {result.child: result for result in results}
    for answer, stand_in in _answers(reading):
        raises: dict[str, None] = {}
        settles: dict[str, None] = {}
        for child, held in candidate.held:
            before = by_child[child]
            after = _tried(_subset(engine, held.fact), case, before, held, stand_in)
            for rule, verdict in after.items():
                was = before.outcomes[rule].verdict
                if _speaks(verdict) and not _speaks(was):
                    raises[rule] = None
                elif verdict == "not_raised" and was != "not_raised":
                    settles[rule] = None
        if raises or settles:
            yield Effect(answer=answer, raises=tuple(raises), settles=tuple(settles))


def _speaks(verdict: Verdict) -> bool:
    return verdict in ("raised", "raised_on_precaution")


def _answers(reading: Reading) -> Iterator[tuple[str | bool, Callable[[Any], Any]]]:
    slot = reading.slot
    if slot.kind is Kind.LIST:
        yield NONE_OTHER, _closed
    elif slot.type is Type.BOOL and reading.fact.split(".")[-1] not in DERIVED:
        for value in (True, False):
            yield value, partial(_known, value)
    elif slot.type is Type.CHOICE:
        for choice in slot.choices:
            yield choice, partial(_known, choice)


def _known(value: Any, _: Any) -> Any:
    return SimpleNamespace(value=value, unknown=None, known_on=None)


def _closed(listing: Any) -> Any:
    return SimpleNamespace(items=listing.items, complete=True, unknown=None, known_on=None)


@dataclass(frozen=True)
class _Subset:
    """The signals and rules that depend on one fact, made ready to run by themselves."""

    evaluate: Evaluate
    signals: tuple[str, ...]
    interpreter: Interpreter


def _tried(
    subset: _Subset,
    case: Case,
    before: ChildResult,
    held: Reading,
    stand_in: Callable[[Any], Any],
) -> dict[str, Verdict]:
    place = held.holder.__dict__
    was = place[held.name]
    place[held.name] = stand_in(was)
    try:
        found = subset.evaluate(case, case.children[before.child])
    finally:
        place[held.name] = was
    changed = dict(zip(subset.signals, map(_TRUTHS.__getitem__, found), strict=True))
    values = {**before.values, **changed}
    outcomes = subset.interpreter.outcomes(values.__getitem__)
    return {rule: outcome.verdict for rule, outcome in outcomes.items()}


def _subset(engine: Engine, fact: str) -> _Subset:
    kept: dict[str, _Subset] = engine.__dict__.setdefault("_subsets", {})
    if fact not in kept:
        reading = _signals_reading(engine, fact)
        rules = _with_conclusions(
            engine,
            {
                rule.id
                for rule in engine.rules
                if any(c.name in reading for c in engine.logics[rule.id].singles)
            },
        )
        names = sorted(
            {c.name for rule in rules for c in engine.logics[rule.id].singles if c.name in reading}
        )
        evaluate = compile_signals(engine.pack.signals, names)
        kept[fact] = _Subset(evaluate, tuple(names), Interpreter(rules))
    return kept[fact]


def _with_conclusions(engine: Engine, names: set[str]) -> list[Rule]:
    """The rules named, those that build on them, and all that conclude what any of these need."""
    while True:
        rules = [rule for rule in engine.rules if rule.id in names]
        concluded = {rule.concludes for rule in rules}
        needed = {c.name for rule in rules for c in engine.logics[rule.id].singles if c.is_concern}
        more = {
            rule.id
            for rule in engine.rules
            if rule.concludes in needed
            or any(c.name in concluded for c in engine.logics[rule.id].singles)
        }
        if more <= names:
            return rules
        names = names | more


def _signals_reading(engine: Engine, fact: str) -> set[str]:
    """The signals that read a fact, directly or through others."""
    readers = engine.__dict__.get("_readers") or _readers(engine.pack.signals)
    engine.__dict__["_readers"] = readers
    found: set[str] = set()
    pending = list(readers.get(fact, ()))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(readers.get(name, ()))
    return found


def _readers(signals: Mapping[str, Signal]) -> dict[str, set[str]]:
    """For each fact and each signal, the signals that read it directly.

    A fact and a signal of one name share an entry: more is then tried than need be, never less.
    """
    readers: dict[str, set[str]] = {}
    for name, signal in signals.items():
        for read in (*facts_read(signal.tree), *signals_read(signal.tree)):
            readers.setdefault(read, set()).add(name)
    return readers
