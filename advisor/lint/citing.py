"""Checks of what rules and findings cite."""

from __future__ import annotations

from collections.abc import Iterator

from advisor import citations
from advisor.lint.base import Check, Subject
from advisor.problems import Problem
from advisor.reviews import Pinpoint, PinpointError


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
        if subject.texts is not None:
            sources = {origin.document.source for origin in subject.pack.origins.values()}
            yield from citations.copied(subject.pack, sorted(sources), subject.texts)
