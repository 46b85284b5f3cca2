"""Checks of what rules and findings cite."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from advisor import citations
from advisor.lint.base import Check, Subject
from advisor.problems import Problem
from advisor.reading import text_of_file
from advisor.reviews import Pinpoint, PinpointError, shared_runs

WORDS_SHARED = 8
"""How many words in a row may not be the same in a rule and in a review."""


class Citations(Check):
    """Rules cite findings that can be prompted, and each finding that is encoded has its rule."""

    code = "citations"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """Rules and findings that say different things of one another."""
        pack = subject.pack
        cited = {name for rule in subject.live for name in rule.sources}
        for rule in subject.live:
            for number, name in enumerate(rule.sources):
                if pack.findings[name][1].status in ("not_promptable", "pending"):
                    message = (
                        f"{name} is marked {pack.findings[name][1].status}: correct one of them"
                    )
                    yield subject.problem(rule.id, ("sources", number), message)
        for review in pack.reviews.values():
            for number, finding in enumerate(review.findings):
                path = ("findings", number, "status")
                if finding.status in ("encoded", "partly") and finding.id not in cited:
                    message = f"no rule cites {finding.id}: write one, or say why none can"
                    yield subject.problem(review.id, path, message)
                if finding.status != "encoded" and finding.why is None:
                    message = f"{finding.id} is {finding.status}: add why"
                    yield subject.problem(review.id, path, message)
                if finding.theme not in pack.themes:
                    message = f"there is no theme {finding.theme}"
                    yield subject.problem(review.id, ("findings", number, "theme"), message)


class Pinpoints(Check):
    """Every pinpoint is written in a form that a program can find in a text."""

    code = "pinpoints"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each pinpoint that is not in such a form."""
        for review in subject.pack.reviews.values():
            for number, finding in enumerate(review.findings):
                for position, pinpoint in enumerate(finding.at):
                    try:
                        Pinpoint.parse(pinpoint)
                    except PinpointError as error:
                        place = ("findings", number, "at", position)
                        yield subject.problem(review.id, place, str(error))


class Fingerprints(Check):
    """Every finding has the fingerprint of what it cites; with the texts at hand, the right one."""

    code = "fingerprints"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """Missing fingerprints; with texts, also stale ones and places that do not exist."""
        if subject.texts is not None:
            yield from citations.problems(subject.pack, subject.texts)
            return
        for review in subject.pack.reviews.values():
            for number, finding in enumerate(review.findings):
                if finding.fingerprint is None:
                    message = "no fingerprint: run `advisor reviews fingerprint` to write it"
                    yield subject.problem(review.id, ("findings", number, "at"), message)


class SharedWords(Check):
    """With the texts at hand: no run of eight words of ours stands in a review."""

    code = "shared-words"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each run that is shared. The titles of reviews are passed over."""
        if subject.texts is None:
            return
        texts = {path.name: text_of_file(path) for path in sorted(subject.texts.glob("*.txt"))}
        titles = {review.title for review in subject.pack.reviews.values()}
        for name, ours in sorted(_documents(subject).items()):
            for review, theirs in texts.items():
                for run in shared_runs(ours, theirs, WORDS_SHARED):
                    if any(run in title for title in titles):
                        continue
                    yield Problem(name, _line(ours, run), "", f"shared with {review}: {run}")


def _documents(subject: Subject) -> dict[str, str]:
    sources = {origin.document.source for origin in subject.pack.origins.values()}
    return {source: _text(source) for source in sources}


@cache
def _text(source: str) -> str:
    return text_of_file(Path(source))


def _line(text: str, run: str) -> int:
    start = text.find(" ".join(run.split()[:3]))
    return text.count("\n", 0, start) + 1 if start >= 0 else 0
