"""Release records: a pack as it was written in one version, and what changed between two.

A record holds what is needed to tell somebody who works with the prompts what has changed, so
that the rules of an earlier version need not be kept to tell it. How the versions do on cases is
not in it: ``advisor rules diff`` tries two packs on them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from advisor.comparison import Kind, WrittenRule, as_written, written
from advisor.language.documents import (
    DocumentModel,
    FindingId,
    Line,
    Rule,
    RuleId,
    Signal,
    Slug,
    When,
)
from advisor.language.english import URGENCIES, generic
from advisor.language.expressions import SignalId
from advisor.language.validation import make
from advisor.pack import Pack
from advisor.problems import fault
from advisor.reading import read_file
from advisor.rendering import Section, places, rule_in_english

FOLDER = "releases"
"""The folder of records inside the folder of rules."""

FindingStatus = Literal["encoded", "partly", "not_promptable", "pending"]
ChangeKind = Kind | Literal["conditions", "signals", "findings"]

GROUPS: dict[ChangeKind, str] = {
    "new": "New rules",
    "gone": "Rules no longer in force",
    "sooner": "Said sooner than before",
    "later": "Said later than before",
    "unknown": "Done otherwise when something is not known",
    "days": "In force on other days",
    "replaces": "Now takes the place of another rule",
    "conditions": "Speaks under other conditions",
    "wording": "Worded differently",
    "sources": "Cites other findings",
    "findings": "Findings of the reviews",
    "signals": "Signals worked out or worded differently",
}
"""The kinds of change in the order in which they are told, each with its heading."""

STATUSES: dict[FindingStatus, str] = {
    "encoded": "a rule carries it",
    "partly": "a rule carries part of it",
    "not_promptable": "no prompt can carry it",
    "pending": "not yet looked at",
}
"""What has become of a finding, in words."""

_WHEN_UNKNOWN = {
    "ask": "it asks for what is missing",
    "raise": "it speaks on precaution",
    "silent": "it stays silent",
}


class RecordedRule(WrittenRule):
    """A rule in force as a record keeps it: also with its conditions, in plain English."""

    when: str
    """A short fingerprint of its conditions as they were authored."""
    speaks: tuple[str, ...]


class RecordedReview(DocumentModel):
    """A review as a record keeps it: what had become of each finding."""

    title: Line
    published: str
    findings: dict[FindingId, FindingStatus]

    @property
    def counts(self) -> dict[FindingStatus, int]:
        """How many findings there are of each status that there is."""
        counted = Counter(self.findings.values())
        return {status: counted[status] for status in STATUSES if counted[status]}


class Release(DocumentModel):
    """A version of a pack as it was written."""

    name: Line
    version: Line
    sha256: str
    rules: dict[RuleId, RecordedRule]
    signals: dict[SignalId, str]
    """A short fingerprint of each signal: its question, its words and how it is worked out."""
    reviews: dict[Slug, RecordedReview]


@dataclass(frozen=True)
class Change:
    """One thing that changed: in a rule, a finding or a signal; as it was told, and as it is."""

    kind: ChangeKind
    id: str
    title: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def record_of(pack: Pack) -> Release:
    """The record of a pack: its rules in force, its signals, and what became of each finding."""
    active = (rule for rule in pack.rules.values() if rule.status == "active")
    return Release(
        name=pack.name,
        version=pack.version,
        sha256=pack.sha256,
        rules={rule.id: _recorded(rule, pack) for rule in sorted(active, key=lambda x: x.id)},
        signals={name: _fingerprint(signal) for name, signal in sorted(pack.signals.items())},
        reviews={
            name: RecordedReview(
                title=review.title,
                published=review.published,
                findings={finding.id: finding.status for finding in review.findings},
            )
            for name, review in sorted(pack.reviews.items())
        },
    )


def _recorded(rule: Rule, pack: Pack) -> RecordedRule:
    sections = {section.heading: section for section in rule_in_english(rule, pack)}
    return RecordedRule(
        **dict(written(rule, pack)),
        when=_fingerprint(rule.when),
        speaks=_lines(sections["When it speaks"]),
    )


def _lines(section: Section) -> tuple[str, ...]:
    return tuple(f"{'  ' * line.depth}{line.text}" for line in section.lines)


def _fingerprint(part: Signal | When) -> str:
    told = part.model_dump(mode="json", exclude={"note"}, exclude_defaults=True)
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def text_of(release: Release) -> str:
    """A record as the text of its file: a line for each rule, signal and review."""
    told = release.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    parts = (
        f" {_json(name)}: {_table(part) if isinstance(part, dict) else _json(part)}"
        for name, part in told.items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _table(entries: dict[str, object]) -> str:
    rows = ",\n".join(f"  {_json(name)}: {_json(each)}" for name, each in entries.items())
    return f"{{\n{rows}\n }}"


def _json(part: object) -> str:
    return json.dumps(part, ensure_ascii=False)


def read_release(path: Path) -> Release:
    """Read one record; raises InputError."""
    document = read_file(path)
    return make(Release, document, document.data)


def releases(folder: Path) -> tuple[Release, ...]:
    """Every record in a folder, the earliest version first; none if there is no such folder.

    Raises:
        InputError: a record cannot be read, or its file is named after another version.
    """
    found = []
    for path in folder.glob("*.json"):
        release = read_release(path)
        if path.stem != release.version:
            message = f"name this file {release.version}.json, after the version that it records"
            raise fault(str(path), message)
        found.append(release)
    return tuple(sorted(found, key=lambda each: _step(each.version)))


def _step(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def changed(old: Release, new: Release) -> tuple[Change, ...]:
    """What changed from one record to another, in the order of :data:`GROUPS`."""
    found = [*_rules(old, new), *_findings(old, new), *_signals(old, new)]
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.id)))


def _rules(old: Release, new: Release) -> Iterator[Change]:
    for each in as_written(old.rules, new.rules):
        before, after = old.rules.get(each.rule), new.rules.get(each.rule)
        title = (new.rules if after else old.rules)[each.rule].title
        yield Change(
            each.kind,
            each.rule,
            title,
            _told(each.kind, before, after, old),
            _told(each.kind, after, before, new),
        )
    for name in sorted(old.rules.keys() & new.rules.keys()):
        was, now = old.rules[name], new.rules[name]
        if was.when != now.when:
            yield Change("conditions", name, now.title, was.speaks, now.speaks)


def _told(
    kind: Kind, rule: RecordedRule | None, other: RecordedRule | None, release: Release
) -> tuple[str, ...]:
    """What a record says of a rule that bears on a kind of change from another version of it."""
    if rule is None:
        return ()
    if kind in ("new", "gone"):
        return URGENCIES[rule.urgency], generic(rule.text)
    if kind in ("sooner", "later"):
        return (URGENCIES[rule.urgency],)
    if kind == "unknown":
        return (_WHEN_UNKNOWN[rule.when_unknown],)
    if kind == "days":
        return (_days(rule),)
    if kind == "wording":
        return rule.title, generic(rule.text)
    if kind == "replaces":
        titles = release.rules
        return tuple(titles[name].title if name in titles else name for name in rule.replaces)
    others = other.sources if other is not None else {}
    return tuple(
        _cited(name, at, release) for name, at in rule.sources.items() if name not in others
    )


def _days(rule: RecordedRule) -> str:
    since, until = rule.in_force.since, rule.in_force.until
    told = [f"from {since.day} {since:%B %Y}"] if since is not None else []
    told += [f"until {until.day} {until:%B %Y}"] if until is not None else []
    return ", ".join(told) or "on every day"


def _cited(name: str, at: tuple[str, ...], release: Release) -> str:
    review = next(each.title for each in release.reviews.values() if name in each.findings)
    return f"{review}, {places(at)}"


def _findings(old: Release, new: Release) -> Iterator[Change]:
    was, now = _statuses(old), _statuses(new)
    for name in sorted({*was, *now}):
        (before, earlier), (after, later) = was.get(name, (None, "")), now.get(name, (None, ""))
        if before == after:
            continue
        yield Change(
            "findings",
            name,
            later or earlier,
            () if before is None else (STATUSES[before],),
            () if after is None else (STATUSES[after],),
        )


def _statuses(release: Release) -> Mapping[str, tuple[FindingStatus, str]]:
    """What has become of each finding, and the title of its review."""
    return {
        name: (status, review.title)
        for review in release.reviews.values()
        for name, status in review.findings.items()
    }


def _signals(old: Release, new: Release) -> Iterator[Change]:
    for name in sorted(old.signals.keys() & new.signals.keys()):
        if old.signals[name] != new.signals[name]:
            yield Change("signals", name, name)
