"""What a rule requires, in the form that both engines evaluate.

A condition accepts some values of a signal. On a value it is *met*, *violated*, or *unresolved*:
the value is unknown and finding out could make it one that is accepted. These are written as the
three truth values: true, false, unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from itertools import chain, combinations

from advisor.language.documents import AtLeast, ConditionSpec, Rule, RuleCondition, Verdict
from advisor.proofs import accepts
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth

Values = Callable[[str], Truth]
"""The value of a signal or concern of one child, by its id."""


@dataclass(frozen=True)
class Condition:
    """One signal or concern, and the values accepted of it."""

    name: str
    words: frozenset[str]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.words))

    @cached_property
    def _statuses(self) -> tuple[Truth, ...]:
        return tuple(accepts(self.words, value) for value in Truth)

    def status(self, value: Truth) -> Truth:
        """Whether the condition is met (true), violated (false) or unresolved (unknown)."""
        return self._statuses[value]

    @cached_property
    def is_concern(self) -> bool:
        """Whether it asks for a concern that other rules conclude."""
        return self.name.startswith("concern.")

    @cached_property
    def can_be_unresolved(self) -> bool:
        """Whether an unknown value leaves it open."""
        return "unknown" not in self.words


@dataclass(frozen=True)
class Quorum:
    """A condition met when ``number`` or more of several are."""

    number: int
    of: tuple[Condition, ...]


@dataclass(frozen=True)
class Logic:
    """One rule's requirements."""

    rule: Rule
    given: tuple[Condition, ...]
    conditions: tuple[Condition | Quorum, ...]

    @cached_property
    def singles(self) -> tuple[Condition, ...]:
        """Every condition of the rule, also those inside a quorum."""
        parts = (c.of if isinstance(c, Quorum) else (c,) for c in self.conditions)
        return (*self.given, *chain.from_iterable(parts))

    def branches(self) -> Iterable[tuple[Condition, ...]]:
        """The rule as alternatives, each a plain conjunction; one if there is no quorum."""
        plain = tuple(part for part in self.conditions if isinstance(part, Condition))
        chosen: list[tuple[Condition, ...]] = [plain]
        for quorum in (part for part in self.conditions if isinstance(part, Quorum)):
            ways = list(combinations(quorum.of, quorum.number))
            chosen = [(*branch, *way) for branch in chosen for way in ways]
        return chosen


@dataclass(frozen=True)
class Outcome:
    """What became of one rule for one child; in play if all that it is given definitely holds."""

    verdict: Verdict
    in_play: bool


def logic_of(rule: Rule) -> Logic:
    """The requirements of a rule."""
    return Logic(
        rule,
        tuple(_single(condition) for condition in rule.when.given),
        tuple(_condition(condition) for condition in rule.when.conditions),
    )


def _condition(condition: RuleCondition) -> Condition | Quorum:
    if isinstance(condition, AtLeast):
        return Quorum(condition.at_least, tuple(_single(part) for part in condition.of))
    return _single(condition)


def _single(condition: str | ConditionSpec) -> Condition:
    if isinstance(condition, str):
        return Condition(condition, frozenset({"true"}))
    return Condition(condition.signal, frozenset(condition.accepts))


def in_order(logics: Sequence[Logic]) -> list[Logic]:
    """The rules in an order in which each stands after those whose conclusions it needs."""
    concluders: dict[str, list[str]] = {}
    by_id = {logic.rule.id: logic for logic in logics}
    for logic in logics:
        if logic.rule.concludes is not None:
            concluders.setdefault(logic.rule.concludes, []).append(logic.rule.id)
    graph = {
        logic.rule.id: [  # no set: its order would differ from one process to the next
            name
            for condition in logic.singles
            if condition.is_concern
            for name in concluders.get(condition.name, ())
        ]
        for logic in logics
    }
    return [by_id[name] for name in TopologicalSorter(graph).static_order()]


def verdict_of(rule: Rule, given: Truth, conditions: Truth) -> Verdict:
    """The verdict that follows from whether a rule is in play and its conditions hold."""
    if given is not TRUE or conditions is FALSE:
        return "not_raised"
    if conditions is TRUE:
        return "raised"
    unknown: Mapping[str, Verdict] = {
        "raise": "raised_on_precaution",
        "ask": "needs_information",
        "silent": "not_raised",
    }
    return unknown[rule.when_unknown]


def concluded(verdict: Verdict, given: Truth, conditions: Truth) -> Truth:
    """What a rule's outcome says of the concern that it concludes.

    A prompt that is raised, also on precaution, concludes it. A rule in play that may yet be raised
    leaves it unknown, also one that keeps silent about the unknown: silence is not a "no".
    """
    if verdict in ("raised", "raised_on_precaution"):
        return TRUE
    return UNKNOWN if given is TRUE and conditions is UNKNOWN else FALSE
