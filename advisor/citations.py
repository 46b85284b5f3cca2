"""Citations held against the texts of the reviews: is each cited place there, and unchanged?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from advisor.language.documents import Finding, Review
from advisor.pack import Origin, Pack
from advisor.problems import Problem, fault
from advisor.reading import Steps, read_text, text_of_file
from advisor.reviews import PinpointError, ReviewText, fingerprint, shared_runs

WORDS_SHARED = 8
"""How many words in a row may not be the same in what we write and in a review."""


@dataclass(frozen=True)
class Cited:
    """A finding with the fingerprint of the passages that it cites, as the text has them now."""

    review: Review
    finding: Finding
    path: Steps
    fingerprint: str


def problems(pack: Pack, texts: Path) -> Iterator[Problem]:
    """Every cited place that is not in its text, or is no longer as it was when it was read."""
    for review in pack.reviews.values():
        origin = pack.origins[review.id]
        yield from misplaced(pack, review, texts)
        for cited in cited_findings(pack, review, texts):
            written = cited.finding.fingerprint
            if written is None:
                message = "no fingerprint: run `advisor reviews fingerprint` to write it"
                yield origin.problem((*cited.path, "at"), message)
            elif written != cited.fingerprint:
                message = (
                    "the text of these places is not as it was: read them again, and then run "
                    "`advisor reviews fingerprint --renew`"
                )
                yield origin.problem((*cited.path, "fingerprint"), message)


def misplaced(pack: Pack, review: Review, texts: Path) -> Iterator[Problem]:
    """The pinpoints of one review that its text does not have."""
    origin, text = pack.origins[review.id], _text(pack, review, texts)
    if isinstance(text, Problem):
        yield text
        return
    cited = [("findings", number, each.at) for number, each in enumerate(review.findings)]
    cited += [("contradictions", n, each.at) for n, each in enumerate(review.contradictions)]
    for kind, number, at in cited:
        for position, pinpoint in enumerate(at):
            try:
                text.passage(pinpoint)
            except PinpointError as error:
                yield origin.problem((kind, number, "at", position), str(error))


def cited_findings(pack: Pack, review: Review, texts: Path) -> Iterator[Cited]:
    """The findings of one review whose cited places are all in its text."""
    text = _text(pack, review, texts)
    if isinstance(text, Problem):
        return
    for number, finding in enumerate(review.findings):
        try:
            passages = [text.passage(pinpoint) for pinpoint in finding.at]
        except PinpointError:
            continue
        yield Cited(review, finding, ("findings", number), fingerprint(passages))


def copied(pack: Pack, sources: Iterable[str], texts: Path) -> Iterator[Problem]:
    """The runs of words that these files share with a review. Titles of reviews are passed over."""
    theirs = {path.name: text_of_file(path) for path in sorted(texts.glob("*.txt"))}
    titles = {review.title for review in pack.reviews.values()}
    for source in sources:
        ours = text_of_file(Path(source))
        for review, text in theirs.items():
            for run in shared_runs(ours, text, WORDS_SHARED):
                if not any(run in title for title in titles):
                    message = f"these words stand in {review}, use your own: {run}"
                    yield Problem(source, _line(ours, run), "", message)


def _line(text: str, run: str) -> int:
    """The line on which a run starts, that may go over several; 0 where it is not found."""
    found = re.search(r"\s+".join(map(re.escape, run.split())), text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _text(pack: Pack, review: Review, texts: Path) -> ReviewText | Problem:
    path = texts / review.text
    if not path.is_file():
        message = f"there is no text {path}: save the review there, or name another folder"
        return pack.origins[review.id].problem(("text",), message)
    return ReviewText(text_of_file(path), path.stem)


def filled_in(origin: Origin, cited: list[Cited]) -> str:
    """The text of a review's file with these fingerprints in it, and nothing else changed.

    Raises:
        InputError: the file is written in a way in which a line cannot simply be put in.
    """
    document = origin.document
    lines = text_of_file(Path(document.source)).splitlines(keepends=True)
    for each in sorted(
        cited, key=lambda each: document.line(origin.path + each.path), reverse=True
    ):
        place = origin.path + each.path
        value = f"fingerprint: {each.fingerprint}"
        if each.finding.fingerprint is not None:
            number = document.line((*place, "fingerprint")) - 1
            lines[number] = lines[number].replace(
                f"fingerprint: {each.finding.fingerprint}", value, 1
            )
            continue
        at = document.line((*place, "at"))
        keys = (
            document.line((*place, key))
            for key in Finding.model_fields
            if (*place, key) in document.lines
        )
        after = min((line for line in keys if line > at), default=0)
        if not after:
            raise fault(document.source, "write at: before finding:, each on its own line", line=at)
        before = lines[after - 1]
        lines.insert(after - 1, f"{before[: len(before) - len(before.lstrip())]}{value}\n")
    text = "".join(lines)
    _check_only_filled_in(origin, cited, text)
    return text


def _check_only_filled_in(origin: Origin, cited: list[Cited], text: str) -> None:
    """Refuse a text that reads otherwise than the file with the fingerprints put in."""
    wanted = {each.finding.id: each.fingerprint for each in cited}
    made = Review.model_validate(_at(read_text(text, origin.document.source).data, origin.path))
    was = Review.model_validate(_at(origin.document.data, origin.path))
    findings = tuple(
        finding.model_copy(update={"fingerprint": wanted.get(finding.id, finding.fingerprint)})
        for finding in was.findings
    )
    if made != was.model_copy(update={"findings": findings}):
        raise fault(
            origin.document.source,
            "the fingerprints could not be put in: write each key of a finding on its own line",
        )


def _at(data: object, path: Steps) -> object:
    for step in path:
        data = data[step]  # type: ignore[index]
    return data
