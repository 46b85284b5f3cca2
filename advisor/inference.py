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
from collections.abc import Iterable, Iterator, Sequence
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
_rulesets = count(1)


class EngineError(RuntimeError):
    """durable-rules did not answer as it must. The evaluation is refused, never guessed."""


@dataclass
class _Ruleset:
    """The rules that share one durable-rules ruleset, in its own JSON form."""

    rules: dict[str, Any] = field(default_factory=dict)
    first: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    handle: Any = None

    def fits(self, first: set[str], properties: set[str], rules: int) -> bool:
        return (
            len(self.first | first) < MAX_FIRST_CONDITIONS
            and len(self.properties | properties) < MAX_PROPERTIES
            and len(self.rules) + rules < MAX_RULES
        )


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
        self._plain = [
            (condition, number)
            for condition, number in self._conditions.items()
            if not condition.is_concern
        ]
        self._planned = list(self._plan())
        self._process = 0
        self._lock = threading.Lock()

    def outcomes(self, values: Values) -> dict[str, Outcome]:
        """The outcome of each rule by its id, given the values of a child's signals."""
        status = {
            condition: condition.status(values(condition.name)) for condition, _ in self._plain
        }
        with self._lock:
            self._ready()
            try:
                fired = self._run(status)
            except Exception as error:
                self._process = 0  # a session in doubt is thrown away, with its engine
                if isinstance(error, EngineError):
                    raise
                raise EngineError(f"durable-rules failed: {error}") from None
        return {
            logic.rule.id: _outcome(logic, number, fired)
            for number, logic in enumerate(self._logics)
        }

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

    def _run(self, status: dict[Condition, Truth]) -> set[str]:
        fired: set[str] = set()
        concluded: list[str] = []
        asserted: list[tuple[_Ruleset, str]] = []
        for ruleset in self._planned:
            names = self._assert(ruleset, self._case_fact(ruleset, status), "sentinel.case")
            asserted.append((ruleset, "case"))
            concluded.extend(self._new(names, fired))
        done: set[str] = set()
        while concluded:
            key = concluded.pop()
            if key in done:
                continue
            done.add(key)
            for ruleset in self._planned:
                if key in ruleset.properties:
                    fact = f'{{"id":"{key}","sid":"1","kc":1,"{key}":1}}'
                    names = self._assert(ruleset, fact, "sentinel.concern")
                    asserted.append((ruleset, key))
                    concluded.extend(self._new(names, fired))
        for ruleset, name in asserted:
            durable.retract_fact(ruleset.handle, f'{{"id":"{name}","sid":"1"}}')
        return fired

    def _case_fact(self, ruleset: _Ruleset, status: dict[Condition, Truth]) -> str:
        parts = [_HEAD]
        for condition, number in self._plain:
            value = status[condition]
            if value is TRUE and f"m{number}" in ruleset.properties:
                parts.append(f'"m{number}":1')
            if value is not FALSE and f"o{number}" in ruleset.properties:
                parts.append(f'"o{number}":1')
        return ",".join(parts) + "}"

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

    def _new(self, names: Iterable[str], fired: set[str]) -> Iterator[str]:
        """Note what fired, and give the keys of the concerns that are now concluded or open."""
        for name in names:
            short = name.split(".")[0]
            if short == "sentinel" or short in fired:
                continue
            fired.add(short)
            number, mark = int(short[:-1]), short[-1]
            rule = self._logics[number].rule
            if rule.concludes is None or rule.concludes not in self._concerns or mark == "g":
                continue
            place = self._concerns.index(rule.concludes)
            yield f"co{place}"
            if mark == "m" or rule.when_unknown == "raise":
                yield f"cm{place}"


def _outcome(logic: Logic, number: int, fired: set[str]) -> Outcome:
    whole = TRUE if f"{number}m" in fired else UNKNOWN if f"{number}o" in fired else FALSE
    in_play = not logic.given or f"{number}g" in fired
    return Outcome(verdict_of(logic.rule, TRUE if in_play else FALSE, whole), in_play)


def _conjunction(keys: Sequence[str], concerns: Sequence[str]) -> dict[str, Any]:
    patterns: list[dict[str, Any]] = [{"c": {"$and": [{key: 1} for key in keys]}}]
    patterns.extend({f"d{n}": {"$and": [{key: 1}]}} for n, key in enumerate(concerns))
    return {"all": patterns, "pri": 1}


__all__ = ["AVAILABLE", "VERSION", "DurableRules", "EngineError"]
