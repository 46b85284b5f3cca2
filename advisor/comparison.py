"""Two packs compared: what was written differently, and what it changes on cases.

The step of the version follows the weaker side: what makes the net wider or says it sooner is a
minor version; what may keep a prompt from being given is a major one, because others rely on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from advisor.case import Case
from advisor.engine import Engine
from advisor.language.documents import URGENCIES, Rule, Verdict
from advisor.pack import Pack
from advisor.snapshot import Snapshot

Step = Literal["none", "patch", "minor", "major"]

_STRENGTH: dict[Verdict, int] = {
    "not_raised": 0,
    "needs_information": 1,
    "raised_on_precaution": 2,
    "raised": 2,
}
_UNKNOWN = {"silent": 0, "ask": 1, "raise": 2}


@dataclass(frozen=True)
class Difference:
    """One thing that differs: the rule, what differs, and the step that it calls for."""

    rule: str
    what: str
    step: Step


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
    differences = [*_as_written(old, new), *_on_cases(old, new, snapshots)]
    if not differences and old.sha256 != new.sha256:
        differences.append(Difference("pack", "wording, findings or signals differ", "patch"))
    return Comparison(f"{old.name} {old.version}", f"{new.name} {new.version}", tuple(differences))


def _as_written(old: Pack, new: Pack) -> Iterator[Difference]:
    before = {name: rule for name, rule in old.rules.items() if rule.status == "active"}
    after = {name: rule for name, rule in new.rules.items() if rule.status == "active"}
    for name in sorted({*before, *after}):
        if name not in after:
            yield Difference(name, "no longer in force", "major")
        elif name not in before:
            yield Difference(name, "new", "minor")
        else:
            yield from _of_rule(before[name], after[name])


def _of_rule(old: Rule, new: Rule) -> Iterator[Difference]:
    soon, sooner = (URGENCIES.index(rule.prompt.urgency) for rule in (old, new))
    if soon != sooner:
        what = f"{old.prompt.urgency} becomes {new.prompt.urgency}"
        yield Difference(new.id, what, "minor" if sooner < soon else "major")
    if old.when_unknown != new.when_unknown:
        weaker = _UNKNOWN[new.when_unknown] < _UNKNOWN[old.when_unknown]
        what = f"when unknown: {old.when_unknown} becomes {new.when_unknown}"
        yield Difference(new.id, what, "major" if weaker else "minor")
    if old.in_force != new.in_force:
        yield Difference(new.id, "the days on which it is in force differ", "major")
    if set(new.replaces) - set(old.replaces):
        folded = ", ".join(sorted(set(new.replaces) - set(old.replaces)))
        yield Difference(new.id, f"now takes the place of {folded}", "major")
    if old.prompt.text != new.prompt.text or old.title != new.title:
        yield Difference(new.id, "worded differently", "patch")
    if set(old.sources) != set(new.sources):
        yield Difference(new.id, "cites other findings", "patch")


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
        yield Difference(rule, f"says less on {number} of {children} children tried", "major")
    for rule, number in sorted(stronger.items()):
        yield Difference(rule, f"says more on {number} of {children} children tried", "minor")


def _engine(engines: dict[tuple[int, object], Engine], pack: Pack, snapshot: Snapshot) -> Engine:
    rules = pack.in_force(snapshot.as_of.first)
    key = (id(pack), tuple(rule.id for rule in rules))
    if key not in engines:
        engines[key] = Engine(pack, rules, plain=True)
    return engines[key]
