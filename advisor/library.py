"""The rules, signals and reviews of a pack as pages: what stands on each, and what leads where.

Knows nothing of how pages are drawn: a template lays out what these views hold.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from advisor.language.documents import Finding, Review, Rule, Signal
from advisor.language.english import Line, expression, generic, signal_says
from advisor.language.expressions import facts_read, signals_read
from advisor.logic import logic_of
from advisor.pack import Pack
from advisor.rendering import rule_in_english, standing
from advisor.trial import Trial, Tried
from advisor.vocabulary import Place, place

_SHOWN_APART = ("Where it comes from", "How the conditions are worked out")
_VALUES = ("true", "false", "unknown")


@dataclass(frozen=True)
class Point:
    """A line and the lines that explain it."""

    text: str
    under: tuple[Point, ...] = ()


@dataclass(frozen=True)
class RulePage:
    """All that is told of one rule."""

    rule: Rule
    theme: str
    sections: tuple[tuple[str, tuple[Point, ...]], ...]
    signals: tuple[Signal, ...]
    sources: tuple[tuple[Review, Finding], ...]
    due: tuple[Tried, ...]
    raised: tuple[Tried, ...]
    ordinary: tuple[Tried, ...]

    @property
    def standing(self) -> str:
        """Whether the rule is in use, in which version and between which days."""
        return standing(self.rule)


@dataclass(frozen=True)
class SignalPage:
    """All that is told of one signal."""

    signal: Signal
    ask: str
    says: tuple[tuple[str, str], ...]
    worked_out: tuple[Point, ...]
    facts: tuple[Place, ...]
    reads: tuple[Signal, ...]
    read_by: tuple[Signal, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Covered:
    """How many findings of a theme there are of each status."""

    theme: str
    counts: Counter[str]

    @property
    def carried(self) -> int:
        """How many a rule carries, whole or in part."""
        return self.counts["encoded"] + self.counts["partly"]


@dataclass(frozen=True)
class ReviewPage:
    """All that is told of one review: each finding with its rules, and its decision points."""

    review: Review
    findings: tuple[tuple[Finding, tuple[Rule, ...]], ...]
    points: tuple[Tried, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each status."""
        return dict(Counter(finding.status for finding, _ in self.findings))

    @property
    def coverage(self) -> tuple[Covered, ...]:
        """How far the findings of each theme of the review are carried, by theme."""
        found: dict[str, Counter[str]] = {}
        for finding, _ in self.findings:
            found.setdefault(finding.theme, Counter())[finding.status] += 1
        return tuple(Covered(theme, counts) for theme, counts in sorted(found.items()))

    @property
    def most(self) -> int:
        """How many findings the theme has that has most of them."""
        return max((row.counts.total() for row in self.coverage), default=0)

    def of_status(self, status: str) -> tuple[tuple[Finding, tuple[Rule, ...]], ...]:
        """The findings of one status, each with its rules."""
        return tuple(each for each in self.findings if each[0].status == status)


class Library:
    """A pack, with what the scenarios tried on it have shown."""

    def __init__(self, pack: Pack, trial: Trial) -> None:
        self.pack, self.trial = pack, trial

    @cached_property
    def by_theme(self) -> tuple[tuple[str, str, tuple[Rule, ...]], ...]:
        """Each theme that has rules: its id, its meaning, and the rules."""
        rules = self.pack.rules.values()
        found = (
            (theme, meaning, tuple(rule for rule in rules if rule.theme == theme))
            for theme, meaning in self.pack.themes.items()
        )
        return tuple(each for each in found if each[2])

    def after(self, trial: Trial) -> Library:
        """The same library with what another trial has shown."""
        made = copy.copy(self)
        made.trial = trial
        return made

    def rule(self, name: str) -> RulePage:
        """The page of a rule; raises KeyError if there is none."""
        rule = self.pack.rules[name]
        sections = (
            (section.heading, nested(section.lines))
            for section in rule_in_english(rule, self.pack)
            if section.heading not in _SHOWN_APART
        )
        return RulePage(
            rule=rule,
            theme=self.pack.themes[rule.theme],
            sections=tuple(sections),
            signals=tuple(self._read_in(rule)),
            sources=tuple(self.pack.findings[each] for each in rule.sources),
            due=tuple(each for each in self.trial.tried if name in each.scenario.head.must_raise),
            raised=tuple(each for each in self.trial.points if name in each.places),
            ordinary=tuple(each for each in self.trial.ordinary if name in each.places),
        )

    def signal(self, name: str) -> SignalPage:
        """The page of a signal; raises KeyError if there is none."""
        signal, signals = self.pack.signals[name], self.pack.signals
        facts = dict.fromkeys(facts_read(signal.tree))
        return SignalPage(
            signal=signal,
            ask=generic(signal.ask),
            says=tuple((value, signal_says(signal, value)) for value in _VALUES),
            worked_out=nested(tuple(expression(signal.tree, signals))),
            facts=tuple(place(path) for path in facts),
            reads=tuple(signals[each] for each in dict.fromkeys(signals_read(signal.tree))),
            read_by=tuple(self._readers.get(name, ())),
            rules=tuple(
                rule
                for rule in self.pack.rules.values()
                if any(each.name == name for each in logic_of(rule).singles)
            ),
        )

    def review(self, name: str) -> ReviewPage:
        """The page of a review; raises KeyError if there is none."""
        review = self.pack.reviews[name]
        return ReviewPage(
            review=review,
            findings=tuple(
                (finding, tuple(self._carrying.get(finding.id, ()))) for finding in review.findings
            ),
            points=tuple(each for each in self.trial.points if each.scenario.head.review == name),
        )

    def rules(self) -> Iterator[RulePage]:
        """The page of every rule, in authored order."""
        return map(self.rule, self.pack.rules)

    def signals(self) -> Iterator[SignalPage]:
        """The page of every signal, by id."""
        return map(self.signal, sorted(self.pack.signals))

    def reviews(self) -> Iterator[ReviewPage]:
        """The page of every review."""
        return map(self.review, self.pack.reviews)

    # What is kept below follows from the pack alone, so that `after` may take it over.

    @cached_property
    def _carrying(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.pack.rules.values():
            for name in rule.sources:
                found.setdefault(name, []).append(rule)
        return found

    @cached_property
    def _readers(self) -> dict[str, list[Signal]]:
        found: dict[str, list[Signal]] = {}
        for signal in self.pack.signals.values():
            for name in dict.fromkeys(signals_read(signal.tree)):
                found.setdefault(name, []).append(signal)
        return found

    def _read_in(self, rule: Rule) -> Iterator[Signal]:
        singles = logic_of(rule).singles
        for name in dict.fromkeys(each.name for each in singles if not each.is_concern):
            yield self.pack.signals[name]


def nested(lines: Sequence[Line]) -> tuple[Point, ...]:
    """Lines with a depth as points that hold the deeper lines which follow them."""
    made: list[Point] = []
    rest = list(lines)
    while rest:
        first = rest.pop(0)
        under: list[Line] = []
        while rest and rest[0].depth > first.depth:
            under.append(rest.pop(0))
        made.append(Point(first.text, nested(under)))
    return tuple(made)
