"""A whole rule in plain English: when it speaks, what it says, why, and what it was tried on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.language.documents import AtLeast, Rule, RuleCondition
from advisor.language.english import (
    KINDS,
    URGENCIES,
    VERDICTS,
    Line,
    expression,
    generic,
    signal_says,
)
from advisor.language.expressions import signals_read
from advisor.logic import Condition, Quorum, logic_of
from advisor.pack import Pack

_STATUS = {
    "draft": "a draft, which is not yet used",
    "active": "in use",
    "retired": "retired: it is no longer used",
}


@dataclass(frozen=True)
class Section:
    """A heading and the lines under it, each with how far inside the others it stands."""

    heading: str
    lines: tuple[Line, ...]


def rule_in_english(rule: Rule, pack: Pack) -> tuple[Section, ...]:
    """A rule of a pack as sections of plain English, about no child in particular."""
    sections = (
        ("When it speaks", _when(rule, pack)),
        ("What it says", _says(rule)),
        ("When something is not known", _unknown(rule)),
        ("What settles it", _settles(rule, pack)),
        ("How it goes with other rules", _others(rule, pack)),
        ("Where it comes from", _sources(rule, pack)),
        ("Limits", [Line(rule.limits)]),
        ("How the conditions are worked out", _signals(rule, pack)),
        ("Examples", _examples(rule)),
    )
    made = ((heading, tuple(lines)) for heading, lines in sections)
    return tuple(Section(heading, lines) for heading, lines in made if lines)


def standing(rule: Rule) -> str:
    """Whether a rule is in use, in which version and between which days."""
    since, until = rule.in_force.since, rule.in_force.until
    text = f"{rule.id}, version {rule.version}, {_STATUS[rule.status]}"
    if since is not None:
        text += f", from {since.day} {since:%B %Y}"
    if until is not None:
        text += f", until {until.day} {until:%B %Y}"
    return text


def _when(rule: Rule, pack: Pack) -> Iterator[Line]:
    if rule.when.given:
        yield Line("It is looked at only where this is known to be so:")
        for given in rule.when.given:
            yield from _condition(given, pack, 1)
        yield Line("It then speaks where this is so:")
    else:
        yield Line("It is looked at for every child. It speaks where this is so:")
    for condition in rule.when.conditions:
        yield from _condition(condition, pack, 1)


def _condition(condition: RuleCondition, pack: Pack, depth: int) -> Iterator[Line]:
    if isinstance(condition, AtLeast):
        yield Line(f"at least {condition.at_least} of these:", depth)
        for part in condition.of:
            yield from _condition(part, pack, depth + 1)
        return
    name = condition if isinstance(condition, str) else condition.signal
    values: Sequence[str] = ("true",) if isinstance(condition, str) else condition.accepts
    if name.startswith("concern."):
        yield Line("one of these rules has been raised:", depth)
        concluding = [rule for rule in pack.rules.values() if rule.concludes == name]
        yield from (Line(rule.title, depth + 1) for rule in concluding)
        return
    said = (signal_says(pack.signals[name], value) for value in values)
    yield Line("; or: ".join(said), depth)


def _says(rule: Rule) -> Iterator[Line]:
    prompt = rule.prompt
    yield Line(generic(prompt.text))
    yield Line(f"To: {prompt.who}.")
    article = "a" if prompt.kind == "question" else "an"
    soon = URGENCIES[prompt.urgency].lower()
    yield Line(f"How soon: {soon}. It is {article} {KINDS[prompt.kind]}.")


def _unknown(rule: Rule) -> Iterator[Line]:
    if rule.when.given:
        yield Line(
            "If a condition for looking at it is not known, it does not speak, and the advice "
            'lists it under "Not looked at".'
        )
    if not any(each.can_be_unresolved for each in _conditions(rule)):
        yield Line("Its other conditions accept what is not known, so they leave nothing open.")
        return
    lead = "If another condition is not known" if rule.when.given else "If a condition is not known"
    if rule.when_unknown == "ask":
        yield Line(f"{lead} and none is known not to hold, it asks for what is missing.")
    elif rule.when_unknown == "raise":
        yield Line(
            f"{lead} and none is known not to hold, it speaks on precaution, and says that it "
            "rests on something not known."
        )
    else:
        yield Line(f"{lead}, it stays silent. The reason given for that: {rule.because}")


def _conditions(rule: Rule) -> Iterator[Condition]:
    for condition in logic_of(rule).conditions:
        yield from condition.of if isinstance(condition, Quorum) else (condition,)


def _settles(rule: Rule, pack: Pack) -> Iterator[Line]:
    for name in rule.prompt.settled_by:
        yield Line(signal_says(pack.signals[name], "true"))


def _others(rule: Rule, pack: Pack) -> Iterator[Line]:
    if rule.concludes is not None:
        building = [
            other.title
            for other in pack.rules.values()
            if any(condition.name == rule.concludes for condition in logic_of(other).singles)
        ]
        if building:
            yield Line("When it is raised, these build on it: " + "; ".join(building))
    if rule.replaces:
        weaker = [pack.rules[name].title for name in rule.replaces]
        yield Line("It takes the place, for the same child, of: " + "; ".join(weaker))


def _sources(rule: Rule, pack: Pack) -> Iterator[Line]:
    for name in rule.sources:
        review, finding = pack.findings[name]
        yield Line(f"{review.title} ({review.published}), {places(finding.at)}:")
        yield Line(finding.finding, 1)


_RECOMMENDATION = re.compile(r"^rec (?=\S)")


def places(at: Sequence[str]) -> str:
    """Pinpoints as a reader looks them up: ``paragraphs 5.43 and 5.44``."""
    numbered = [place for place in at if place[:1].isdigit()]
    others = [_RECOMMENDATION.sub("recommendation ", each) for each in at if each not in numbered]
    text = ", ".join(numbered)
    if numbered:
        text = f"paragraph{'s' if len(numbered) > 1 else ''} {text}"
    return ", ".join(part for part in (text, *others) if part)


def _signals(rule: Rule, pack: Pack) -> Iterator[Line]:
    shown: dict[str, None] = {}
    pending = [each.name for each in logic_of(rule).singles if not each.is_concern]
    while pending:
        name = pending.pop(0)
        if name in shown:
            continue
        shown[name] = None
        signal = pack.signals[name]
        yield Line(f"{generic(signal.ask)} ({name}) Yes where:")
        yield from expression(signal.tree, pack.signals, 1)
        if signal.note is not None:
            yield Line(f"Note: {signal.note}", 1)
        pending.extend(dict.fromkeys(signals_read(signal.tree)))


def _examples(rule: Rule) -> Iterator[Line]:
    for example in rule.examples:
        yield Line(f"{generic(example.name)}: {VERDICTS[example.expect]}")
        if example.known_miss is not None:
            yield Line(f"It misses this for now: {example.known_miss}", 1)
