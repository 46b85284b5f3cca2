"""Rules over signals by forward chaining on durable-rules: the only module that imports it.

durable-rules sees only what we generate: for one child, one fact that lists which conditions are
met (``m3``) and which are not violated (``o3``), and one fact for each concern as it is concluded.
A rule becomes two conjunctions of equalities, *met* and *open*, for each of its alternatives.
Nothing else of the engine is used, because other ordinary uses of it were seen to lose matches,
to hang or to crash. Rules are split over several rulesets to stay inside the limits that were
measured; each has sentinel rules, one of which must fire once for every fact, or the evaluation is
refused.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from advisor.language.documents import Rule
from advisor.language.limits import MAX_ALTERNATIVES, MAX_JOINED_CONCERNS
from advisor.logic import Condition, Logic, Outcome, Values, in_order, logic_of, verdict_of
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth

try:
    import durable_rules_engine as durable
except ImportError:  # Python 3.13 and later, or Windows: the interpreter serves instead
    durable = None

AVAILABLE = durable is not None
VERSION = "2.0.28"

MAX_FIRST_CONDITIONS = 56
MAX_PROPERTIES = 240
MAX_RULES = 200

_HEAD = '{"id":"case","sid":"1","k":1'
_SENTINELS = {
    "sentinel.case": {"all": [{"c": {"$and": [{"k": 1}]}}], "pri": 9},
    "sentinel.concern": {"all": [{"c": {"$and": [{"kc": 1}]}}], "pri": 9},
}
_MET, _OPEN, _GIVEN = 1, 2, 4
_MARKS = {"m": _MET, "o": _OPEN, "g": _GIVEN}
_rulesets = count(1)


class EngineError(RuntimeError):
    """durable-rules did not answer as it must. The evaluation is refused, never guessed."""


@dataclass
class _Ruleset:
    """The rules that share one durable-rules ruleset, in its own JSON form."""

    rules: dict[str, Any] = field(default_factory=dict)
    first: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    parts: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    handle: Any = None

    def fits(self, first: set[str], properties: set[str], rules: int) -> bool:
        return (
            len(self.first | first) < MAX_FIRST_CONDITIONS
            and len(self.properties | properties) < MAX_PROPERTIES
            and len(self.rules) + rules < MAX_RULES
        )


@dataclass(frozen=True)
class _Kept:
    """What a ruleset was given, which of its rules fired on that, and what they concluded."""

    given: tuple[str, set[str]]
    fired: dict[int, int]
    concluded: set[str]


class DurableRules:
    """Evaluates a fixed set of rules, one child and one thread at a time.

    The engine is built when it is first used, so that each process has its own.
    """

    name = f"durable-rules {VERSION}"

    def __init__(self, rules: Sequence[Rule]) -> None:
        if not AVAILABLE:
            raise EngineError("durable-rules is not installed here; use the interpreter")
        self._logics = in_order([logic_of(rule) for rule in rules])
        self._conditions: dict[Condition, int] = {}
        for logic in self._logics:
            for condition in logic.singles:
                self._conditions.setdefault(condition, len(self._conditions))
        self._numbers = {logic.rule.id: number for number, logic in enumerate(self._logics)}
        self._concerns = sorted({c.name for c in self._conditions if c.is_concern})
        by_signal: dict[str, list[Condition]] = {}
        for condition in self._conditions:
            if not condition.is_concern:
                by_signal.setdefault(condition.name, []).append(condition)
        self._signals = list(by_signal)
        self._planned = list(self._plan())
        for ruleset in self._planned:
            told = (
                tuple(self._part(ruleset, conditions, value) for value in Truth)
                for conditions in by_signal.values()
            )
            ruleset.parts = [(place, parts) for place, parts in enumerate(told) if any(parts)]
        self._actions = {
            name: (int(name.split(".")[0][:-1]), _MARKS[name.split(".")[0][-1]])
            for ruleset in self._planned
            for name in ruleset.rules
        }
        self._keys = [self._concluding(logic) for logic in self._logics]
        self._outcomes = [_outcomes(logic) for logic in self._logics]
        self._nothing = {
            logic.rule.id: found[0]
            for logic, found in zip(self._logics, self._outcomes, strict=True)
        }
        self._process = 0
        self._lock = threading.Lock()

    def outcomes(self, values: Values) -> dict[str, Outcome]:
        """The outcome of each rule by its id, given the values of a child's signals."""
        return self._outcomes_of(self._fired(list(map(values, self._signals)), None))

    def remembered(self) -> Remembered:
        """The same for one child from day to day, remembering what each ruleset gave."""
        return Remembered(self)

    def _fired(self, found: list[Truth], kept: list[_Kept | None] | None) -> dict[int, int]:
        """What fired: for each rule by its number, its marks put together.

        A ruleset runs again only if its facts differ from those it was last given, as ``kept``
        remembers and is then told.
        """
        fired: dict[int, int] = {}
        concerns: set[str] = set()
        with self._lock:
            self._ready()
            try:
                for number, ruleset in enumerate(self._planned):
                    given = (self._case_fact(ruleset, found), concerns & ruleset.properties)
                    was = kept[number] if kept is not None else None
                    if was is None or was.given != given:
                        was = _Kept(given, *self._run(ruleset, *given))
                        if kept is not None:
                            kept[number] = was
                    fired.update(was.fired)
                    concerns |= was.concluded
            except Exception as error:
                self._process = 0  # a session in doubt is thrown away, with its engine
                if isinstance(error, EngineError):
                    raise
                raise EngineError(f"durable-rules failed: {error}") from None
        return fired

    def _outcomes_of(self, fired: dict[int, int]) -> dict[str, Outcome]:
        outcomes = self._nothing.copy()
        for number, marks in fired.items():
            outcomes[self._logics[number].rule.id] = self._outcomes[number][marks]
        return outcomes

    def _plan(self) -> Iterator[_Ruleset]:
        """Put the rules into as few rulesets as the limits allow; refuse what cannot fit."""
        current = _Ruleset()
        for logic in self._logics:
            made, first, properties = self._rules_of(logic)
            if not _Ruleset().fits(first, properties, len(made)):
                raise EngineError(f"{logic.rule.id} has too many conditions; split it")
            if not current.fits(first, properties, len(made)):
                yield current
                current = _Ruleset()
            current.rules.update(made)
            current.first |= first
            current.properties |= properties
        yield current

    def _rules_of(self, logic: Logic) -> tuple[dict[str, Any], set[str], set[str]]:
        number = self._numbers[logic.rule.id]
        made: dict[str, Any] = {}
        first: set[str] = {"k", "kc"}
        properties: set[str] = set()
        branches = list(logic.branches())
        if len(branches) > MAX_ALTERNATIVES:
            raise EngineError(f"{logic.rule.id} has too many alternatives; split it")
        for position, branch in enumerate(branches):
            for mark in ("m", "o"):
                keys = [f"m{self._conditions[c]}" for c in logic.given if not c.is_concern]
                keys += [self._key(c, mark) for c in branch if not c.is_concern]
                wanted = [c for c in (*logic.given, *branch) if c.is_concern]
                concerns = [self._concern_key(c, "m" if c in logic.given else mark) for c in wanted]
                if len(concerns) > MAX_JOINED_CONCERNS:
                    raise EngineError(f"{logic.rule.id} needs too many concerns; split it")
                # Alternatives begin alike, because first conditions are what the engine has few of.
                keys = list(dict.fromkeys(["k", *keys] if len(branches) > 1 else keys)) or ["k"]
                concerns = list(dict.fromkeys(concerns))
                made[f"{number}{mark}.{position}"] = _conjunction(keys, concerns)
                first |= {keys[0], *concerns}
                properties |= {*keys, *concerns}
        if logic.given:
            keys = [f"m{self._conditions[c]}" for c in logic.given if not c.is_concern] or ["k"]
            concerns = [self._concern_key(c, "m") for c in logic.given if c.is_concern]
            made[f"{number}g.0"] = _conjunction(keys, concerns)
        return made, first, properties

    def _key(self, condition: Condition, mark: str) -> str:
        open_too = mark == "o" and condition.can_be_unresolved
        return f"{'o' if open_too else 'm'}{self._conditions[condition]}"

    def _concern_key(self, condition: Condition, mark: str) -> str:
        return f"c{mark}{self._concerns.index(condition.name)}"

    def _ready(self) -> None:
        if self._process == os.getpid():
            return
        for ruleset in self._planned:
            rules = {**ruleset.rules, **_SENTINELS}
            name = f"advisor{os.getpid()}x{next(_rulesets)}"
            ruleset.handle = durable.create_ruleset(name, json.dumps(rules))
        self._process = os.getpid()

    def _run(
        self, ruleset: _Ruleset, fact: str, concerns: Collection[str]
    ) -> tuple[dict[int, int], set[str]]:
        """What fires in one ruleset, and the keys of the concerns that are concluded or open.

        Rules stand after those whose concerns they need, so that no ruleset waits for a later one.
        """
        fired: dict[int, int] = {}
        concluded: set[str] = set()
        done: dict[str, None] = {}
        names = self._assert(ruleset, fact, "sentinel.case")
        pending = [*sorted(concerns), *self._new(names, fired)]
        while pending:
            key = pending.pop()
            if key in done:
                continue
            if key not in concerns:
                concluded.add(key)
            if key in ruleset.properties:
                done[key] = None
                told = f'{{"id":"{key}","sid":"1","kc":1,"{key}":1}}'
                pending.extend(self._new(self._assert(ruleset, told, "sentinel.concern"), fired))
        for name in ("case", *done):
            durable.retract_fact(ruleset.handle, f'{{"id":"{name}","sid":"1"}}')
        return fired, concluded

    def _case_fact(self, ruleset: _Ruleset, found: list[Truth]) -> str:
        parts = [parts[found[place]] for place, parts in ruleset.parts]
        return f"{_HEAD}{''.join(parts)}}}"

    def _part(self, ruleset: _Ruleset, conditions: list[Condition], value: Truth) -> str:
        """What a ruleset is told of a signal with this value: which conditions that decides."""
        keys = []
        for condition in conditions:
            status, number = condition.status(value), self._conditions[condition]
            keys += [f"m{number}"] if status is TRUE else []
            keys += [f"o{number}"] if status is not FALSE else []
        return "".join(f',"{key}":1' for key in keys if key in ruleset.properties)

    def _assert(self, ruleset: _Ruleset, fact: str, sentinel: str) -> list[str]:
        """Assert a fact and run every rule that it completes; the names of those that fired.

        The sentinel of this kind of fact must be among them, once.
        """
        _, state = durable.assert_fact(ruleset.handle, fact)
        names: list[str] = []
        started = durable.start_action_for_state(ruleset.handle, state)
        message = started[1] if started else None
        while message:
            names.append(message[2 : message.index('"', 2)])
            message = durable.complete_and_start_action(ruleset.handle, state)
        if names.count(sentinel) != 1:
            raise EngineError("durable-rules lost a match: its sentinel did not fire once")
        return names

    def _new(self, names: Iterable[str], fired: dict[int, int]) -> Iterator[str]:
        """Note what fired, and give the keys of the concerns that are now concluded or open."""
        for name in names:
            if name in _SENTINELS:
                continue
            number, mark = self._actions[name]
            before = fired.get(number, 0)
            if not before & mark:
                fired[number] = before | mark
                yield from self._keys[number].get(mark, ())

    def _concluding(self, logic: Logic) -> dict[int, tuple[str, ...]]:
        """The keys to assert once a rule is met, or open, for the concern it concludes."""
        rule = logic.rule
        if rule.concludes is None or rule.concludes not in self._concerns:
            return {}
        place = self._concerns.index(rule.concludes)
        both = (f"co{place}", f"cm{place}")
        return {_MET: both, _OPEN: both if rule.when_unknown == "raise" else both[:1]}


class Remembered:
    """The rules of one child from day to day: a ruleset runs again only if its facts changed.

    It then runs from nothing, in the session that all share, and leaves nothing behind. To leave
    its case fact asserted from day to day was measured and is no faster: a fact that changed is one
    retraction and one assertion either way (0.032 ms a ruleset, both). It would also need a session
    for each child, and what a rule concluded would have to be taken back one fact at a time.
    """

    def __init__(self, rules: DurableRules) -> None:
        self._rules = rules
        self._kept: list[_Kept | None] = [None] * len(rules._planned)

    def outcomes(self, values: Values) -> dict[str, Outcome]:
        """The outcome of each rule by its id, given the values of the child's signals."""
        rules = self._rules
        found = list(map(values, rules._signals))
        return rules._outcomes_of(rules._fired(found, self._kept))


def _outcomes(logic: Logic) -> tuple[Outcome, ...]:
    """The outcome of a rule for each sum of the marks with which it fired."""
    made = []
    for marks in range(_MET + _OPEN + _GIVEN + 1):
        whole = TRUE if marks & _MET else UNKNOWN if marks & _OPEN else FALSE
        in_play = not logic.given or bool(marks & _GIVEN)
        given = TRUE if in_play else FALSE
        made.append(Outcome(verdict_of(logic.rule, given, whole), in_play))
    return tuple(made)


def _conjunction(keys: Sequence[str], concerns: Sequence[str]) -> dict[str, Any]:
    patterns: list[dict[str, Any]] = [{"c": {"$and": [{key: 1} for key in keys]}}]
    patterns.extend({f"d{n}": {"$and": [{key: 1}]}} for n, key in enumerate(concerns))
    return {"all": patterns, "pri": 1}


__all__ = ["AVAILABLE", "VERSION", "DurableRules", "EngineError", "Remembered"]
