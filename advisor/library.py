"""The rules, signals and reviews of a pack as pages: what stands on each, and what leads where.

Knows nothing of how pages are drawn: a template lays out what these views hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from advisor.language.documents import Finding, Review, Rule, Signal
from advisor.language.english import Line, expression, generic, signal_says
from advisor.language.expressions import facts_read, signals_read
from advisor.logic import logic_of
from advisor.pack import Pack
from advisor.rendering import rule_in_english
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
class ReviewPage:
    """All that is told of one review: each finding with its rules, and its decision points."""

    review: Review
    findings: tuple[tuple[Finding, tuple[Rule, ...]], ...]
    points: tuple[Tried, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each status."""
        found: dict[str, int] = {}
        for finding, _ in self.findings:
            found[finding.status] = found.get(finding.status, 0) + 1
        return found


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

    def rules(self) -> Iterator[RulePage]:
        """The page of every rule, in authored order."""
        for rule in self.pack.rules.values():
            sections = (
                (section.heading, _nested(section.lines))
                for section in rule_in_english(rule, self.pack)
                if section.heading not in _SHOWN_APART
            )
            yield RulePage(
                rule=rule,
                theme=self.pack.themes[rule.theme],
                sections=tuple(sections),
                signals=tuple(self._read_in(rule)),
                sources=tuple(self.pack.findings[name] for name in rule.sources),
                due=tuple(
                    each for each in self.trial.tried if rule.id in each.scenario.head.must_raise
                ),
                raised=tuple(each for each in self.trial.points if rule.id in each.places),
                ordinary=tuple(each for each in self.trial.ordinary if rule.id in each.places),
            )

    def signals(self) -> Iterator[SignalPage]:
        """The page of every signal, by id."""
        readers = self._readers
        for name, signal in sorted(self.pack.signals.items()):
            facts = dict.fromkeys(facts_read(signal.tree))
            yield SignalPage(
                signal=signal,
                ask=generic(signal.ask),
                says=tuple((value, signal_says(signal, value)) for value in _VALUES),
                worked_out=_nested(tuple(expression(signal.tree, self.pack.signals))),
                facts=tuple(place(path) for path in facts),
                reads=tuple(
                    self.pack.signals[each] for each in dict.fromkeys(signals_read(signal.tree))
                ),
                read_by=tuple(readers.get(name, ())),
                rules=tuple(
                    rule
                    for rule in self.pack.rules.values()
                    if any(each.name == name for each in logic_of(rule).singles)
                ),
            )

    def reviews(self) -> Iterator[ReviewPage]:
        """The page of every review."""
        carrying: dict[str, list[Rule]] = {}
        for rule in self.pack.rules.values():
            for name in rule.sources:
                carrying.setdefault(name, []).append(rule)
        for review in self.pack.reviews.values():
            yield ReviewPage(
                review=review,
                findings=tuple(
                    (finding, tuple(carrying.get(finding.id, ()))) for finding in review.findings
                ),
                points=tuple(
                    each for each in self.trial.points if each.scenario.head.review == review.id
                ),
            )

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


def _nested(lines: Sequence[Line]) -> tuple[Point, ...]:
    """Lines with a depth as points that hold the deeper lines which follow them."""
    made: list[Point] = []
    rest = list(lines)
    while rest:
        first = rest.pop(0)
        under: list[Line] = []
        while rest and rest[0].depth > first.depth:
            under.append(rest.pop(0))
        made.append(Point(first.text, _nested(under)))
    return tuple(made)
