"""Pinpoints: how a catalogue says which place of a review it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_TENS = ("", "x", "xx", "xxx")
ROMANS: tuple[str, ...] = tuple(t + u for t in _TENS for u in _UNITS)[1:]
"""`i` to `xxxix`; the numeral for n is at n - 1."""

_N = r"[1-9]\d{0,2}"
_PINPOINT = re.compile(
    rf"(?:(?P<number>{_N}(?:\.{_N})*)(?:\.(?P<roman>[ivx]+))?(?:/(?P<repeat>{_N}))?"
    rf"|rec (?P<rec>{_N})|finding (?P<finding>{_N})"
    rf"|app (?P<agency>[a-z][a-z0-9]*) (?P<app>{_N}))"
    rf"(?:\+(?P<item>{_N})| q (?P<question>{_N}))?"
)
_FORMS = "5.43, 5.49+3, 4.5.12 q 1, 22.4.iv+2, 3.3/2, rec 6, finding 4, finding 4 q 2 or app csc 3"


class PinpointError(ValueError):
    """A pinpoint that is malformed, or that the review does not contain."""


@dataclass(frozen=True)
class Pinpoint:
    """One place in a review.

    `place` is the numbered thing (`5.49`, `22.4.iv`, `rec 6`, `finding 4`, `app csc 3`); `item`
    counts the unnumbered items after it from 1, `question` its board or reflective questions from
    1. At most one of the two is set.
    """

    place: str
    item: int | None = None
    question: int | None = None

    @classmethod
    def parse(cls, text: str) -> Pinpoint:
        """Read a pinpoint as written in a catalogue; PinpointError if it has no known form."""
        found = _PINPOINT.fullmatch(" ".join(text.split()))
        roman = found["roman"] if found else None
        if found is None or (roman is not None and roman not in ROMANS) or found["repeat"] == "1":
            raise PinpointError(f"{text!r} is not a pinpoint; write it like {_FORMS}")
        if found["number"]:
            place = found["number"] + (f".{roman}" if roman else "")
            place += f"/{found['repeat']}" if found["repeat"] else ""
        elif found["agency"]:
            place = f"app {found['agency']} {found['app']}"
        else:
            place = f"rec {found['rec']}" if found["rec"] else f"finding {found['finding']}"
        item, question = found["item"], found["question"]
        return cls(place, int(item) if item else None, int(question) if question else None)

    def __str__(self) -> str:
        if self.item is not None:
            return f"{self.place}+{self.item}"
        return self.place if self.question is None else f"{self.place} q {self.question}"


def nearest(place: str, known: list[str], limit: int = 3) -> list[str]:
    """The places of `known` a mistyped `place` is most likely to have meant, best first."""
    wanted, words = _numbers(place), place.split()[:-1]
    same = [k for k in known if k.split()[:-1][:1] == words[:1]]
    own = [k for k in same if k.split()[:-1] == words]

    def distance(other: str) -> tuple[int, int, int]:
        have = _numbers(other)
        pairs = list(zip(wanted, have, strict=False))
        shared = next((i for i, (a, b) in enumerate(pairs) if a != b), len(pairs))
        gap = abs(wanted[shared] - have[shared]) if shared < len(pairs) else 0
        return (-shared, abs(len(wanted) - len(have)), gap)

    return sorted(own or same, key=distance)[:limit]


def _numbers(place: str) -> list[int]:
    parts = re.findall(r"\d+|(?<=\.)[ivx]+", place)
    return [int(p) if p.isdigit() else ROMANS.index(p) + 1 if p in ROMANS else 0 for p in parts]
