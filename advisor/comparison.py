"""Two packs compared: what was written differently, and what it changes on cases.

The step of the version follows the weaker side: what makes the net wider or says it sooner is a
minor version; what may keep a prompt from being given is a major one, because others rely on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from advisor.case import Case
from advisor.engine import Engine
from advisor.language.documents import (
    URGENCIES,
    DocumentModel,
    FindingId,
    InForce,
    Line,
    Rule,
    RuleId,
    Sentence,
    Slug,
    Urgency,
    Verdict,
)
from advisor.pack import Pack
from advisor.snapshot import Snapshot

Step = Literal["none", "patch", "minor", "major"]
Kind = Literal[
    "new",
    "gone",
    "sooner",
    "later",
    "unknown",
    "days",
    "replaces",
    "wording",
    "sources",
    "cases",
    "other",
]

_STRENGTH: dict[Verdict, int] = {
    "not_raised": 0,
    "needs_information": 1,
    "raised_on_precaution": 2,
    "raised": 2,
}
_UNKNOWN = {"silent": 0, "ask": 1, "raise": 2}


@dataclass(frozen=True)
class Difference:
    """One thing that differs: the rule, what differs, the step it calls for, and of which kind."""

    rule: str
    what: str
    step: Step
    kind: Kind


class WrittenRule(DocumentModel):
    """What two versions of a rule are compared by, without trying them on a case."""

    id: RuleId
    version: int
    title: Line
    theme: Slug
    urgency: Urgency
    when_unknown: Literal["ask", "raise", "silent"]
    in_force: InForce = InForce()
    replaces: tuple[RuleId, ...] = ()
    text: Sentence
    sources: dict[FindingId, tuple[str, ...]]
    """The pinpoints of each finding that it cites."""


@dataclass(frozen=True)
class Comparison:
    """All that differs between two packs."""

    old: str
    new: str
    differences: tuple[Difference, ...]

    @property
    def step(self) -> Step:
        """The step that the version should take: that of the weightiest difference."""
        steps: tuple[Step, ...] = ("major", "minor", "patch")
        found = {each.step for each in self.differences}
        return next((step for step in steps if step in found), "none")

    def lines(self) -> list[str]:
        """The comparison as lines of text."""
        told = [f"{each.rule}: {each.what} ({each.step})" for each in self.differences]
        return [*told, f"From {self.old} to {self.new}: {_ADVICE[self.step]}"]


_ADVICE: dict[Step, str] = {
    "none": "nothing that bears on advice differs.",
    "patch": "a patch version.",
    "minor": "a minor version: more is asked, or sooner.",
    "major": "a major version: something may no longer be asked, or later.",
}


def compare(old: Pack, new: Pack, snapshots: Iterable[Snapshot]) -> Comparison:
    """Compare the rules in force of two packs, as written and on these snapshots."""
    differences = [*as_written(_active(old), _active(new)), *_on_cases(old, new, snapshots)]
    if not differences and old.sha256 != new.sha256:
        what = "wording, findings or signals differ"
        differences.append(Difference("pack", what, "patch", "other"))
    return Comparison(f"{old.name} {old.version}", f"{new.name} {new.version}", tuple(differences))


def written(rule: Rule, pack: Pack) -> WrittenRule:
    """A rule of a pack as it is compared."""
    return WrittenRule(
        id=rule.id,
        version=rule.version,
        title=rule.title,
        theme=rule.theme,
        urgency=rule.prompt.urgency,
        when_unknown=rule.when_unknown,
        in_force=rule.in_force,
        replaces=rule.replaces,
        text=rule.prompt.text,
        sources={name: pack.findings[name][1].at for name in rule.sources},
    )


def _active(pack: Pack) -> dict[str, WrittenRule]:
    rules = pack.rules.items()
    return {name: written(rule, pack) for name, rule in rules if rule.status == "active"}


def as_written(
    old: Mapping[str, WrittenRule], new: Mapping[str, WrittenRule]
) -> Iterator[Difference]:
    """What differs between the rules in force of two packs, as they are written."""
    for name in sorted({*old, *new}):
        if name not in new:
            yield Difference(name, "no longer in force", "major", "gone")
        elif name not in old:
            yield Difference(name, "new", "minor", "new")
        else:
            yield from _of_rule(old[name], new[name])


def _of_rule(old: WrittenRule, new: WrittenRule) -> Iterator[Difference]:
    soon, sooner = (URGENCIES.index(rule.urgency) for rule in (old, new))
    if soon != sooner:
        what = f"{old.urgency} becomes {new.urgency}"
        if sooner < soon:
            yield Difference(new.id, what, "minor", "sooner")
        else:
            yield Difference(new.id, what, "major", "later")
    if old.when_unknown != new.when_unknown:
        weaker = _UNKNOWN[new.when_unknown] < _UNKNOWN[old.when_unknown]
        what = f"when unknown: {old.when_unknown} becomes {new.when_unknown}"
        yield Difference(new.id, what, "major" if weaker else "minor", "unknown")
    if old.in_force != new.in_force:
        yield Difference(new.id, "the days on which it is in force differ", "major", "days")
    if set(new.replaces) - set(old.replaces):
        folded = ", ".join(sorted(set(new.replaces) - set(old.replaces)))
        yield Difference(new.id, f"now takes the place of {folded}", "major", "replaces")
    if old.text != new.text or old.title != new.title:
        yield Difference(new.id, "worded differently", "patch", "wording")
    if set(old.sources) != set(new.sources):
        yield Difference(new.id, "cites other findings", "patch", "sources")


def _on_cases(old: Pack, new: Pack, snapshots: Iterable[Snapshot]) -> Iterator[Difference]:
    """For each rule in both packs, on how many children its verdict became weaker or stronger."""
    weaker: dict[str, int] = {}
    stronger: dict[str, int] = {}
    engines: dict[tuple[int, object], Engine] = {}
    children = 0
    for snapshot in snapshots:
        case = Case(snapshot)
        before, after = (_engine(engines, pack, snapshot) for pack in (old, new))
        for child in case.children:
            children += 1
            was = before.outcomes(before.values(case, child))
            now = after.outcomes(after.values(case, child))
            for rule in was.keys() & now.keys():
                step = _STRENGTH[now[rule].verdict] - _STRENGTH[was[rule].verdict]
                if step:
                    tally = stronger if step > 0 else weaker
                    tally[rule] = tally.get(rule, 0) + 1
    for rule, number in sorted(weaker.items()):
        what = f"says less on {number} of {children} children tried"
        yield Difference(rule, what, "major", "cases")
    for rule, number in sorted(stronger.items()):
        what = f"says more on {number} of {children} children tried"
        yield Difference(rule, what, "minor", "cases")


def _engine(engines: dict[tuple[int, object], Engine], pack: Pack, snapshot: Snapshot) -> Engine:
    rules = pack.in_force(snapshot.as_of.first)
    key = (id(pack), tuple(rule.id for rule in rules))
    if key not in engines:
        engines[key] = Engine(pack, rules, plain=True)
    return engines[key]
