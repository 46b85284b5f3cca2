"""Rules and reviews as the application shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from advisor.advice import EngineShown, PackShown, Question
from advisor.language.documents import (
    AtLeast,
    Change,
    ConditionSpec,
    Contradiction,
    Finding,
    InForce,
    Kind,
    Review,
    Rule,
    Status,
    Urgency,
    Verdict,
)
from advisor.pack import Pack


class Shown(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Serving(Shown):
    """Which rules and which engine answer here."""

    status: Literal["ok"] = "ok"
    pack: PackShown
    engine: EngineShown


class Asked(Shown):
    """The questions worth asking next about a case."""

    snapshot_id: str
    questions: tuple[Question, ...]
    notice: str


class Citation(Shown):
    """Where in a review a rule comes from."""

    review: str
    at: tuple[str, ...]


class RuleListed(Shown):
    """A rule in a list."""

    id: str
    version: int
    status: Status
    theme: str
    title: str
    urgency: Urgency
    sources: tuple[Citation, ...]


class RuleList(Shown):
    """Every rule of the pack, in authored order."""

    pack: PackShown
    rules: tuple[RuleListed, ...]


class ConditionShown(Shown):
    """A condition of a rule: a signal, what it asks, and the values that meet it."""

    signal: str
    ask: str = Field(description="The question behind the signal; empty for another rule's concern")
    accepts: tuple[str, ...]


class AtLeastShown(Shown):
    """A condition met when so many of several are."""

    at_least: int
    of: tuple[ConditionShown, ...]


class WhenShown(Shown):
    """When a rule speaks: ``given`` must definitely hold; ``conditions`` may be unknown."""

    given: tuple[ConditionShown, ...]
    conditions: tuple[ConditionShown | AtLeastShown, ...]


class FindingCited(Shown):
    """A finding that a rule carries, with the review it is from."""

    id: str
    review: str
    title: str
    published: str
    at: tuple[str, ...]
    finding: str


class ExampleShown(Shown):
    """A small case inside a rule, by its name, and what is expected of it."""

    name: str
    expect: Verdict


class RuleShown(Shown):
    """One rule, whole but for the cases of its examples."""

    id: str
    version: int
    status: Status
    theme: str
    theme_text: str
    title: str
    when: WhenShown
    when_unknown: Literal["ask", "raise", "silent"]
    because: str | None
    kind: Kind
    urgency: Urgency
    who: str
    text: str
    settled_by: tuple[ConditionShown, ...]
    concludes: str | None
    replaces: tuple[str, ...]
    limits: str
    in_force: InForce
    local_changes: tuple[Change, ...]
    sources: tuple[FindingCited, ...]
    examples: tuple[ExampleShown, ...]


class ReviewListed(Shown):
    """A review in a list, and how many of its findings have come how far."""

    id: str
    title: str
    publisher: str
    published: str
    findings: dict[str, int]


class ReviewList(Shown):
    """Every review that the pack draws on."""

    pack: PackShown
    reviews: tuple[ReviewListed, ...]


class FindingShown(Finding):
    """A finding of a review, in our own words, and the rules that carry it."""

    rules: tuple[str, ...]


class ReviewShown(Shown):
    """The catalogue of one review."""

    id: str
    title: str
    publisher: str
    published: str
    scope: str | None
    contradictions: tuple[Contradiction, ...]
    findings: tuple[FindingShown, ...]


def rule_listed(pack: Pack, rule: Rule) -> RuleListed:
    """A rule as a list has it."""
    return RuleListed(
        id=rule.id,
        version=rule.version,
        status=rule.status,
        theme=rule.theme,
        title=rule.title,
        urgency=rule.prompt.urgency,
        sources=tuple(
            Citation(review=pack.findings[name][0].id, at=pack.findings[name][1].at)
            for name in rule.sources
        ),
    )


def rule_shown(pack: Pack, rule: Rule) -> RuleShown:
    """A rule as a page about it has it, as authored; a local pack's changes stand beside it."""
    return RuleShown(
        id=rule.id,
        version=rule.version,
        status=rule.status,
        theme=rule.theme,
        theme_text=pack.themes[rule.theme],
        title=rule.title,
        when=WhenShown(
            given=_conditions(pack, rule.when.given),
            conditions=tuple(
                AtLeastShown(at_least=each.at_least, of=_conditions(pack, each.of))
                if isinstance(each, AtLeast)
                else _condition(pack, each)
                for each in rule.when.conditions
            ),
        ),
        when_unknown=rule.when_unknown,
        because=rule.because,
        kind=rule.prompt.kind,
        urgency=rule.prompt.urgency,
        who=rule.prompt.who,
        text=rule.prompt.text,
        settled_by=_conditions(pack, rule.prompt.settled_by),
        concludes=rule.concludes,
        replaces=rule.replaces,
        limits=rule.limits,
        in_force=rule.in_force,
        local_changes=tuple(change for change in pack.changes if change.rule == rule.id),
        sources=tuple(_cited(pack, name) for name in rule.sources),
        examples=tuple(ExampleShown(name=each.name, expect=each.expect) for each in rule.examples),
    )


def _conditions(pack: Pack, specs: Sequence[str | ConditionSpec]) -> tuple[ConditionShown, ...]:
    return tuple(_condition(pack, spec) for spec in specs)


def _condition(pack: Pack, spec: str | ConditionSpec) -> ConditionShown:
    whole = ConditionSpec(signal=spec) if isinstance(spec, str) else spec
    signal = pack.signals.get(whole.signal)
    ask = "" if signal is None else signal.ask
    return ConditionShown(signal=whole.signal, ask=ask, accepts=whole.accepts)


def _cited(pack: Pack, name: str) -> FindingCited:
    review, finding = pack.findings[name]
    return FindingCited(
        id=name,
        review=review.id,
        title=review.title,
        published=review.published,
        at=finding.at,
        finding=finding.finding,
    )


def review_listed(review: Review) -> ReviewListed:
    """A review as a list has it."""
    counted = Counter(finding.status for finding in review.findings)
    return ReviewListed(
        id=review.id,
        title=review.title,
        publisher=review.publisher,
        published=review.published,
        findings=dict(sorted(counted.items())),
    )


def review_shown(pack: Pack, review: Review) -> ReviewShown:
    """A review as a page about it has it, with the rules that carry each finding."""
    carried: dict[str, list[str]] = {}
    for rule in pack.rules.values():
        for name in rule.sources:
            carried.setdefault(name, []).append(rule.id)
    return ReviewShown(
        id=review.id,
        title=review.title,
        publisher=review.publisher,
        published=review.published,
        scope=review.scope,
        contradictions=review.contradictions,
        findings=tuple(
            FindingShown(**dict(finding), rules=tuple(carried.get(finding.id, ())))
            for finding in review.findings
        ),
    )
