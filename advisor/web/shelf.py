"""What the pages of the library are drawn from: made once for a pack, the same for everybody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request

from advisor.data import rules_folder, scenarios_folder
from advisor.language.documents import Rule
from advisor.language.english import Line
from advisor.library import Library, Point, nested
from advisor.pack import Pack
from advisor.releases import (
    FOLDER,
    GROUPS,
    Change,
    FindingStatus,
    Release,
    changed,
    record_of,
    releases,
)
from advisor.scenario import Scenario, scenarios
from advisor.searching import Index
from advisor.trial import Trial
from advisor.web.routes import service_of
from advisor.web.trying import Progress, Trying

IN_USE = "in-use"
"""The key of the pack in use among the versions, where no record is of it."""


@dataclass(frozen=True)
class Filter:
    """Which rules of a list are shown; an empty word leaves a choice open."""

    theme: str = ""
    urgency: str = ""
    review: str = ""

    def takes(self, rule: Rule, pack: Pack) -> bool:
        """Whether a rule is one of those."""
        return (
            self.theme in ("", rule.theme)
            and self.urgency in ("", rule.prompt.urgency)
            and (
                not self.review
                or any(pack.findings[name][0].id == self.review for name in rule.sources)
            )
        )


@dataclass(frozen=True)
class ReviewChanged:
    """How many findings of a review had and have come how far, and which came further."""

    title: str
    before: dict[FindingStatus, int]
    after: dict[FindingStatus, int]
    moved: tuple[Change, ...]


@dataclass(frozen=True)
class Changes:
    """What changed between two versions, as it is laid out."""

    groups: tuple[tuple[str, str, tuple[Change, ...]], ...]
    """The key of each group that has changes, its heading, and those changes."""
    reviews: dict[str, ReviewChanged]


class Shelf:
    """The library of a pack, the index to it, the records of its versions, and the scenarios."""

    def __init__(
        self,
        pack: Pack,
        read: Callable[[], Iterable[Scenario]] | None = None,
        recorded: Callable[[], tuple[Release, ...]] | None = None,
    ) -> None:
        """Over a pack; with the scenarios and records that come with the product if not given."""
        self.pack = pack
        self.trying = Trying(pack, read or (lambda: scenarios(scenarios_folder())))
        self._library = Library(pack, Trial((), {}))
        self._recorded = recorded or (lambda: releases(rules_folder() / FOLDER))

    @property
    def library(self) -> Library:
        """The pages, without where the rules are raised."""
        return self._library

    def tried(self) -> tuple[Library, Progress]:
        """The pages with where the rules are raised, as far as that is worked out."""
        progress = self.trying.progress()
        return self._library.after(progress.trial), progress

    @cached_property
    def index(self) -> Index:
        """The index for searching."""
        return Index.of(self.pack)

    @cached_property
    def versions(self) -> dict[str, Release]:
        """Every version that can be compared, the earliest first, the pack in use last."""
        own = record_of(self.pack)
        held = [each for each in self._recorded() if each.name == own.name]
        found = {each.version: each for each in held if each.sha256 != own.sha256}
        return {**found, own.version if own.version not in found else IN_USE: own}

    def changes(self, old: str, new: str) -> Changes:
        """What changed from one version to another; raises KeyError if there is no such version."""
        before, after = self.versions[old], self.versions[new]
        found = changed(before, after)
        groups = (
            (kind, heading, tuple(each for each in found if each.kind == kind))
            for kind, heading in GROUPS.items()
        )
        return Changes(
            groups=tuple(each for each in groups if each[2] and each[0] != "findings"),
            reviews=dict(_reviews(before, after, found)),
        )


def _reviews(
    before: Release, after: Release, found: tuple[Change, ...]
) -> Iterable[tuple[str, ReviewChanged]]:
    for name in sorted({*before.reviews, *after.reviews}):
        was, now = before.reviews.get(name), after.reviews.get(name)
        findings = {*(was.findings if was else ()), *(now.findings if now else ())}
        changes = [each for each in found if each.kind == "findings" and each.id in findings]
        if changes:
            yield (
                name,
                ReviewChanged(
                    title=changes[0].title,
                    before=was.counts if was else {},
                    after=now.counts if now else {},
                    moved=tuple(each for each in changes if each.before and each.after),
                ),
            )


def indented(lines: Iterable[str]) -> tuple[Point, ...]:
    """Lines that a record indents by two spaces for each depth, as points inside one another."""
    stripped = ((line.lstrip(" "), line) for line in lines)
    return nested([Line(text, (len(line) - len(text)) // 2) for text, line in stripped])


_making = threading.Lock()


def shelf_of(request: Request) -> Shelf:
    """The shelf of the application that a request came to, made when it is first needed."""
    state = request.app.state
    with _making:
        if getattr(state, "shelf", None) is None:
            state.shelf = Shelf(service_of(request).ready.pack)
        shelf: Shelf = state.shelf
    return shelf
