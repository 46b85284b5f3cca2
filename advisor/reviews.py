"""The texts of published reviews: finding a cited place, and keeping our words apart from theirs.

A pinpoint names a place the way a reader would find it on the page:

    5.43            a numbered paragraph: its own text, without the list or bullets under it
    5               a section; useful with + where its text has no numbers
    4.1.2           a deeper paragraph
    3.3/2           the second paragraph that a review numbers 3.3 by mistake
    5.49+3          the third unnumbered item after 5.49, before the next numbered place: learning
                    points, bullets, entries of a list and plain paragraphs count, headings do not
    22.4.iv         a Roman sub-item; 22.4.iv+2 the second item after it
    rec 6           a recommendation, under its own heading or in the list under 'Recommendations'
    finding 4       a finding: where it is set out and then repeated in a box, the box, that is the
                    statement and the text under it; otherwise the statement alone
    finding 4+2     the second paragraph or bullet of its discussion
    finding 4 q 2   the second question to the board under it
    4.5.12 q 1      the first reflective question that follows paragraph 4.5.12
    app csc 3       the third recommendation of an agency's action plan in an appendix; the agency
                    by its initials (csc: Children's Social Care)

`ReviewText.pinpoints` lists all that a review has.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from advisor.reviewtext.appendix import read_appendix
from advisor.reviewtext.layout import read_layout
from advisor.reviewtext.pinpoint import Pinpoint, PinpointError, nearest
from advisor.reviewtext.places import Block, Place
from advisor.reviewtext.structure import read_places

__all__ = ["Pinpoint", "PinpointError", "ReviewText", "fingerprint", "shared_runs"]

_UNIFIED = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "\u00ad": "",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "―": "-",
        "−": "-",
    }
)
_BULLET = re.compile("(?m)^\\s*(?:[\uf0b7\uf0a7\uf0d8•●▪‣·◦*]+\\s*|[-o]\\s+)")


class ReviewText:
    """A published review as text, with every place a pinpoint can name."""

    def __init__(self, text: str, name: str = "the review") -> None:
        """`text` as saved from the publication; `name` is how error messages call it."""
        self.name = name
        body, rest = read_places(read_layout(text))
        self._places: dict[str, Place] = {}
        for place in _joined(body) + read_appendix(rest):
            if place.own or place.items:
                self._places.setdefault(place.key, place)

    @classmethod
    def from_file(cls, path: str | Path) -> ReviewText:
        """Read a UTF-8 text file; its stem is the name used in messages."""
        path = Path(path)
        # Line numbers must be those an editor shows, whatever the line ends.
        with path.open(encoding="utf-8", newline="") as file:
            return cls(file.read(), path.stem)

    def passage(self, pinpoint: str | Pinpoint) -> str:
        """The cited text on one line, white space and page furniture gone. Raises PinpointError."""
        return self._find(pinpoint).text

    def line(self, pinpoint: str | Pinpoint) -> int:
        """The 1-based line of the file where the cited text starts. Raises PinpointError."""
        found = self._find(pinpoint)
        return found.line if isinstance(found, Place) else found.no

    def pinpoints(self) -> list[str]:
        """Every pinpoint this review answers to, in reading order."""
        found: list[str] = []
        for key, place in self._places.items():
            found.append(key)
            found += [f"{key}+{n}" for n in range(1, len(place.items) + 1)]
            found += [f"{key} q {n}" for n in range(1, len(place.questions) + 1)]
        return found

    def _find(self, pinpoint: str | Pinpoint) -> Place | Block:
        wanted = Pinpoint.parse(pinpoint) if isinstance(pinpoint, str) else pinpoint
        place = self._places.get(wanted.place)
        if place is None:
            near = nearest(wanted.place, list(self._places))
            hint = f"the nearest are {', '.join(near)}" if near else "it has none of that kind"
            raise PinpointError(f"{self.name}: no {wanted.place} for pinpoint {wanted}; {hint}")
        if wanted.item is None and wanted.question is None:
            return place
        blocks, sign, what = (
            (place.items, "+", "unnumbered items")
            if wanted.item is not None
            else (place.questions, " q ", "questions")
        )
        n = wanted.item or wanted.question or 0
        if n > len(blocks):
            last = f", the last is {wanted.place}{sign}{len(blocks)}" if blocks else ""
            raise PinpointError(
                f"{self.name}: no {wanted}: {len(blocks)} {what} follow {wanted.place}{last}"
            )
        return blocks[n - 1]


def _joined(places: list[Place]) -> list[Place]:
    """Findings set out and then repeated in a box become one place; the rest stays as it is."""
    kept = {place.key: place for place in places}
    for key, first in list(kept.items()):
        box = kept.get(f"{key}/2") if key.startswith("finding ") else None
        if box is not None:
            del kept[box.key]
            own = box.own + box.items
            kept[key] = Place(key, box.line, own, first.items, box.questions or first.questions)
    return list(kept.values())


def fingerprint(passages: Iterable[str]) -> str:
    """`sha256:` and 64 hex digits over the passages in the order given.

    The same for the same words whatever the line breaks, bullets, hyphens at a line end and kinds
    of quotation mark or dash; different when a word or its case changes.
    """
    digest = hashlib.sha256()
    for passage in passages:
        text = unicodedata.normalize("NFKC", _BULLET.sub(" ", passage)).translate(_UNIFIED)
        text = re.sub(r"(?<=\w)-\s*(?=\w)", "", text)
        digest.update(" ".join(text.split()).encode() + b"\n")
    return f"sha256:{digest.hexdigest()}"


def shared_runs(ours: str, theirs: str, words: int = 8) -> list[str]:
    """Runs of `words` or more consecutive words of `ours` that also stand in `theirs`.

    Words are compared without case or punctuation. Each run is as long as it goes and is given as
    written in `ours`, in reading order, once.
    """
    if words < 1:
        raise ValueError("words must be at least 1")
    our_words = [(_plain(m[0]), m.start(), m.end()) for m in _WORD.finditer(ours)]
    their_words = [_plain(m[0]) for m in _WORD.finditer(theirs)]
    wanted = {
        tuple(w for w, _, _ in our_words[i : i + words]) for i in range(len(our_words) - words + 1)
    }
    places: dict[tuple[str, ...], set[int]] = {}
    for i in range(len(their_words) - words + 1):
        gram = tuple(their_words[i : i + words])
        if gram in wanted:
            places.setdefault(gram, set()).add(i)
    runs: dict[str, None] = {}
    start, at = 0, set[int]()
    for i in range(len(our_words) - words + 2):
        gram = tuple(w for w, _, _ in our_words[i : i + words])
        here = places.get(gram, set()) if len(gram) == words else set()
        on = {p + 1 for p in at} & here
        if at and not on:
            end = our_words[i - 1 + words - 1][2]
            runs[" ".join(ours[our_words[start][1] : end].split())] = None
        if not on:
            start = i
        at = on or here
    return list(runs)


_WORD = re.compile(r"\w+(?:['’]\w+)*")


def _plain(word: str) -> str:
    return word.replace("'", "").replace("’", "").casefold()
