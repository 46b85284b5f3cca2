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
from advisor.dependence import Dependence
from advisor.engine import Engine
from advisor.evaluation import ChildResult
from advisor.facts.shape import Kind, Type
from advisor.language.documents import Verdict
from advisor.proofs import Reading
from advisor.truth import Truth
from advisor.vocabulary import DERIVED
from advisor.wording import question, reason

NONE_OTHER = "none"
"""The answer to a question about a list: there is none, or none besides those named."""

MOST_TRIED, FEWEST_TRIED, WORK = 300, 10, 90_000

_TRUTHS = tuple(Truth)


@dataclass
class _Candidate:
    """An unknown fact, where it is held for each child, and the rules that wait for it."""

    reading: Reading
    child: str
    held: list[tuple[str, Reading]] = field(default_factory=list)
    rules: dict[str, None] = field(default_factory=dict)
    waited_for: bool = False


def questions(
    engine: Engine, case: Case, results: Sequence[ChildResult]
) -> tuple[list[Question], int]:
    """The questions worth asking, those that would change most first, and how many were left out.

    Of a case with very many entries only so many unknown facts are tried as keeps the time
    bounded: see :func:`tried`.
    """
    candidates = _candidates(engine, results)
    number = tried(len(candidates))
    found = [_question(engine, case, results, each) for each in candidates[:number]]
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
    """How many of so many unknown facts are tried: all, unless a case has hundreds of them.

    Each trial takes time in proportion to the entries of the case, as does their number.
    """
    return candidates if candidates <= MOST_TRIED else max(FEWEST_TRIED, WORK // candidates)


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
    return sorted(found.values(), key=lambda each: not each.waited_for)


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
    told_apart = engine.dependence.values_told_apart(reading.fact)
    kept: dict[str | bool | None, _Change] = {}
    for answer, stand_in in _answers(reading):
        # Values that no signal tells apart do the same, so that one of them is tried for all.
        kind = answer if reading.slot.type is not Type.CHOICE or answer in told_apart else None
        if kind not in kept:
            kept[kind] = _change(engine, case, by_child, candidate, stand_in)
        raises, settles = kept[kind]
        if raises or settles:
            yield Effect(answer=answer, raises=raises, settles=settles)


_Change = tuple[tuple[str, ...], tuple[str, ...]]
"""The rules that an answer raises, and those that it settles."""


def _change(
    engine: Engine,
    case: Case,
    by_child: Mapping[str, ChildResult],
    candidate: _Candidate,
    stand_in: Callable[[Any], Any],
) -> _Change:
    raises: dict[str, None] = {}
    settles: dict[str, None] = {}
    for child, held in candidate.held:
        before = by_child[child]
        after = _tried(engine.dependence, case, before, held, stand_in)
        for rule, verdict in after.items():
            was = before.outcomes[rule].verdict
            if _speaks(verdict) and not _speaks(was):
                raises[rule] = None
            elif verdict == "not_raised" and was != "not_raised":
                settles[rule] = None
    return tuple(raises), tuple(settles)


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


def _tried(
    dependence: Dependence,
    case: Case,
    before: ChildResult,
    held: Reading,
    stand_in: Callable[[Any], Any],
) -> dict[str, Verdict]:
    subset = dependence.on(held.fact)
    place = held.holder.__dict__
    was = place[held.name]
    place[held.name] = stand_in(was)
    try:
        found = subset.evaluate(case, case.children[before.child])
    finally:
        place[held.name] = was
    changed = {
        name: _TRUTHS[value]
        for name, value in zip(subset.signals, found, strict=True)
        if value != before.values[name]
    }
    if not changed:
        return {}
    values = {**before.values, **changed}
    outcomes = dependence.interpreter(frozenset(changed)).outcomes(values.__getitem__)
    return {rule: outcome.verdict for rule, outcome in outcomes.items()}
