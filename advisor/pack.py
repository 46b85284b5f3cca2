"""A rule pack: rules, signals, reviews and themes, checked, in order, with version and hash.

A pack is immutable. ``Pack.in_force(day)`` gives the rules that apply on a day: those active,
within their dates, and with the changes of a local pack that have not expired.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from advisor.data import rules_folder
from advisor.language import checking
from advisor.language.documents import (
    URGENCIES,
    Change,
    Finding,
    LocalPack,
    PackFile,
    Review,
    Rule,
    Signal,
)
from advisor.language.limits import size_faults
from advisor.language.overlaying import overlay_faults
from advisor.language.validation import make
from advisor.problems import InputError, Problem, fault, field_name, suggestion
from advisor.reading import Document, Steps, read_file


@dataclass(frozen=True)
class Origin:
    """Where a rule or signal was written: its document and the keys that lead to it."""

    document: Document
    path: Steps = ()

    def problem(self, path: Steps, message: str) -> Problem:
        """A problem at a place inside what was written here."""
        place = self.path + path
        return Problem(self.document.source, self.document.line(place), field_name(place), message)


@dataclass(frozen=True)
class Pack:
    """Rules, signals, reviews and themes that fit together. Make one with :func:`load`."""

    name: str
    version: str
    themes: Mapping[str, str]
    reviews: Mapping[str, Review]
    signals: Mapping[str, Signal]
    rules: Mapping[str, Rule]
    roles: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def findings(self) -> dict[str, tuple[Review, Finding]]:
        """Every finding by id, with its review."""
        return {
            finding.id: (review, finding)
            for review in self.reviews.values()
            for finding in review.findings
        }

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that bears on advice; examples and files' names do not."""
        parts = {
            "name": self.name,
            "version": self.version,
            "themes": list(self.themes),
            "roles": dict(self.roles),
            "changes": [change.model_dump(mode="json") for change in self.changes],
            "reviews": _dumped(self.reviews, exclude={"text", "scope", "contradictions"}),
            "signals": _dumped(self.signals, exclude=set()),
            "rules": _dumped(self.rules, exclude={"examples"}),
        }
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def in_force(self, day: dt.date) -> tuple[Rule, ...]:
        """The rules that apply on a day, in authored order."""
        changes = {
            change.rule: change
            for change in self.changes
            if change.expires is None or change.expires >= day
        }
        found = []
        for rule in self.rules.values():
            change = changes.get(rule.id)
            since, until = rule.in_force.since, rule.in_force.until
            if rule.status != "active" or (change is not None and change.status == "off"):
                continue
            if (since is not None and day < since) or (until is not None and day > until):
                continue
            if change is not None and change.urgency is not None:
                prompt = rule.prompt.model_copy(update={"urgency": change.urgency})
                found.append(rule.model_copy(update={"prompt": prompt}))
            else:
                found.append(rule)
        return tuple(sorted(found, key=self.order))

    def order(self, rule: Rule) -> tuple[int, int, str]:
        """Authored order: how soon, then the theme's place in the list of themes, then the id."""
        return (
            URGENCIES.index(rule.prompt.urgency),
            list(self.themes).index(rule.theme),
            rule.id,
        )

    def with_rules(self, rules: Iterable[Rule]) -> Pack:
        """The same pack with these rules instead."""
        return replace(self, rules={rule.id: rule for rule in rules})


def _dumped(items: Mapping[str, Any], exclude: set[str]) -> list[Any]:
    return [
        items[name].model_dump(mode="json", exclude=exclude, exclude_defaults=True)
        for name in sorted(items)
    ]


def load(folder: Path | None = None, local: Path | None = None) -> Pack:
    """Read and check a pack (the shipped one if no folder is given); raises InputError."""
    collecting = gc.isenabled()
    gc.disable()  # everything made here stays; looking for garbage in it takes a tenth of the time
    try:
        return _Loader(folder or rules_folder(), local).load()
    finally:
        if collecting:
            gc.enable()


class _Loader:
    def __init__(self, folder: Path, local: Path | None) -> None:
        self.folder, self.local = folder, local
        self.problems: list[Problem] = []
        self.origins: dict[str, Origin] = {}
        self.themes: dict[str, str] = {}
        self.reviews: dict[str, Review] = {}
        self.signals: dict[str, Signal] = {}
        self.rules: dict[str, Rule] = {}

    def load(self) -> Pack:
        if not (self.folder / "pack.yaml").is_file():
            raise fault(str(self.folder), "this is no rule pack: it has no pack.yaml")
        document = read_file(self.folder / "pack.yaml")
        head = make(PackFile, document, document.data)
        self._themes()
        for path in sorted((self.folder / "reviews").glob("*.yaml")):
            self._attempt(self._review, path)
        for path in sorted((self.folder / "signals").glob("*.yaml")):
            self._attempt(self._signals, path)
        for path in sorted(self.folder.glob("*/*.yaml")):
            if path.parent.name not in ("reviews", "signals"):
                self._attempt(self._rule, path)
        pack = Pack(head.name, head.version, self.themes, self.reviews, self.signals, self.rules)
        if self.local is not None:
            pack = self._laid_over(pack, self.local)
        pack = replace(pack, origins=self.origins)
        if not self.problems:
            self.problems.extend(_misfits(pack))
        if self.problems:
            raise InputError(self.problems)
        return replace(pack, rules=dict(sorted(pack.rules.items(), key=lambda x: pack.order(x[1]))))

    def _attempt(self, read: Any, path: Path) -> None:
        try:
            read(read_file(path))
        except InputError as error:
            self.problems.extend(error.problems)

    def _themes(self) -> None:
        document = read_file(self.folder / "themes.yaml")
        groups = document.data.values() if isinstance(document.data, dict) else [None]
        for group in groups:
            if not isinstance(group, dict):
                raise fault(document.source, "themes are written as group: {id: meaning}", line=1)
            self.themes.update({name: str(text) for name, text in group.items()})

    def _review(self, document: Document) -> None:
        self._keep(self.reviews, make(Review, document, document.data), Origin(document))

    def _signals(self, document: Document) -> None:
        if not isinstance(document.data, list):
            raise fault(document.source, "a file of signals is a list, each with its id")
        for number, data in enumerate(document.data):
            try:
                signal = make(Signal, document, data, (number,))
            except InputError as error:
                self.problems.extend(error.problems)
                continue
            self._keep(self.signals, signal, Origin(document, (number,)))

    def _rule(self, document: Document) -> None:
        self._keep(self.rules, make(Rule, document, document.data), Origin(document))

    def _keep(self, held: dict[str, Any], item: Any, origin: Origin) -> None:
        if item.id in held:
            other = self.origins[item.id].document.source
            self.problems.append(origin.problem(("id",), f"{item.id} is already in {other}"))
            return
        held[item.id] = item
        self.origins[item.id] = origin

    def _laid_over(self, pack: Pack, path: Path) -> Pack:
        document = read_file(path)
        local = make(LocalPack, document, document.data)
        origin = Origin(document)
        for where, message in overlay_faults(local, self.rules):
            self.problems.append(origin.problem(where, message))
        for kind, held in (
            ("reviews", self.reviews),
            ("signals", self.signals),
            ("rules", self.rules),
        ):
            for number, item in enumerate(getattr(local, kind)):
                self._keep(held, item, Origin(document, (kind, number)))
        return replace(
            pack,
            name=f"{pack.name}+{local.local}",
            version=f"{pack.version}+{local.version}",
            roles=local.roles,
            changes=local.changes,
        )


def _misfits(pack: Pack) -> Iterable[Problem]:
    """What does not fit together in a pack whose parts are each well formed."""
    for name, signal in pack.signals.items():
        for path, message in checking.signal_faults(signal, pack.signals):
            yield pack.origins[name].problem(path, message)
    circle = checking.cycles(pack.signals)
    if circle is not None:
        message = f"these signals read one another in a circle: {' > '.join(circle)}"
        yield pack.origins[circle[0]].problem(("is",), message)
    yield from _findings_twice(pack)
    concluded = frozenset(rule.concludes for rule in pack.rules.values() if rule.concludes)
    for name, rule in pack.rules.items():
        for path, message in checking.rule_faults(rule, pack.signals, pack.rules, concluded):
            yield pack.origins[name].problem(path, message)
        for path, message in size_faults(rule):
            yield pack.origins[name].problem(path, message)
        yield from _citation_problems(pack, rule)
    circle = checking.conclusion_cycle(pack.rules)
    if circle is not None:
        message = f"these rules conclude what one another need: {' > '.join(circle)}"
        yield pack.origins[circle[0]].problem(("concludes",), message)
    circle = checking.replacement_cycle(pack.rules)
    if circle is not None:
        message = f"these rules replace one another, so that none would speak: {' > '.join(circle)}"
        yield pack.origins[circle[0]].problem(("replaces",), message)


def _findings_twice(pack: Pack) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for review in pack.reviews.values():
        for number, finding in enumerate(review.findings):
            if finding.id in seen:
                message = f"{finding.id} is already a finding of {seen[finding.id]}"
                yield pack.origins[review.id].problem(("findings", number, "id"), message)
            seen[finding.id] = review.id


def _citation_problems(pack: Pack, rule: Rule) -> Iterable[Problem]:
    origin = pack.origins[rule.id]
    if rule.theme not in pack.themes:
        message = f"there is no theme {rule.theme}.{suggestion(rule.theme, pack.themes)}"
        yield origin.problem(("theme",), message)
    for number, name in enumerate(rule.sources):
        if name not in pack.findings:
            message = f"there is no finding {name}.{suggestion(name, pack.findings)}"
            yield origin.problem(("sources", number), message)
