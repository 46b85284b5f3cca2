"""Search in the rules, signals and findings of a pack, by the words that stand in them.

Every word asked for must stand somewhere in what is found, or begin a word there. Capitals and
accents make no difference. A pinpoint such as ``5.44`` is a word like any other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from advisor.language.english import generic, signal_says
from advisor.pack import Pack
from advisor.rendering import places

Sort = Literal["rule", "signal", "finding"]

LONGEST = 200
"""The most characters that may be asked for at once."""

_EXCERPT = 220
"""About how many characters of a text are shown around what was found in it."""

# A pinpoint (5.44, 22.4.iv+2) is one word; elsewhere dots, hyphens and underscores part words.
_WORD = re.compile(r"\d+(?:\.\w+)+(?:\+\d+)?|[^\W_]+(?:['’][^\W_]+)*")


class QueryError(ValueError):
    """Nothing can be searched for with these words; the message says why and what to do."""


@dataclass(frozen=True)
class Segment:
    """A piece of a text, and whether it is what was asked for."""

    text: str
    matched: bool


@dataclass(frozen=True)
class Hit:
    """A rule, signal or finding that was found; ``within`` is the review of a finding."""

    kind: Sort
    id: str
    title: str
    excerpt: tuple[Segment, ...]
    within: str = ""


@dataclass(frozen=True)
class _Entry:
    kind: Sort
    id: str
    title: str
    within: str
    fields: tuple[str, ...]
    """What is searched, the weightiest first."""
    shown: tuple[str, ...]
    """The texts of which an excerpt may be shown, the best first."""


class Index:
    """The words of a pack, each with where it stands. Make one with :meth:`of`."""

    def __init__(self, entries: tuple[_Entry, ...]) -> None:
        self._entries = entries
        self._where: dict[str, dict[int, int]] = {}
        for number, entry in enumerate(entries):
            for rank, text in enumerate(entry.fields):
                for word in _WORD.findall(text):
                    self._where.setdefault(_fold(word), {}).setdefault(number, rank)
        self._words = sorted(self._where)

    @classmethod
    def of(cls, pack: Pack) -> Index:
        """The index of every rule, signal and finding of a pack."""
        return cls(tuple(_entries(pack)))

    def search(self, words: str, limit: int | None = 50) -> tuple[Hit, ...]:
        """What holds every word, the best first: what holds them in its title stands before.

        Raises:
            QueryError: no word was given, or far too many.
        """
        wanted = _wanted(words)
        order = sorted((rank, number) for number, rank in self._found(wanted).items())
        return tuple(_hit(self._entries[number], wanted) for _, number in order[:limit])

    def count(self, words: str) -> int:
        """How many a search without a limit would give; raises QueryError as that does."""
        return len(self._found(_wanted(words)))

    def _found(self, wanted: tuple[str, ...]) -> dict[int, int]:
        """The entries that hold every word, each with its rank, lower for a better one."""
        found = self._ranks(wanted[0])
        for word in wanted[1:]:
            ranks = self._ranks(word)
            found = {each: found[each] + ranks[each] for each in found if each in ranks}
        return found

    def _ranks(self, wanted: str) -> dict[int, int]:
        """Where a word stands, lower for a weightier place; the whole word before its beginning."""
        found: dict[int, int] = {}
        for position in range(bisect_left(self._words, wanted), len(self._words)):
            word = self._words[position]
            if not word.startswith(wanted):
                break
            for number, rank in self._where[word].items():
                placed = 2 * rank + (word != wanted)
                found[number] = min(placed, found.get(number, placed))
        return found


def _wanted(words: str) -> tuple[str, ...]:
    if len(words) > LONGEST:
        message = f"Write fewer words: at most {LONGEST} characters can be searched for."
        raise QueryError(message)
    found = tuple(dict.fromkeys(_fold(word) for word in _WORD.findall(_composed(words))))
    if not found:
        raise QueryError("Write a word to look for, or a paragraph of a review such as 5.44.")
    return found


def _composed(text: str) -> str:
    """A text in which a letter and its accent are one character, so that words stay whole."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=16384)
def _fold(word: str) -> str:
    """A word without capitals and accents, so that different spellings of it are one."""
    parted = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _entries(pack: Pack) -> Iterator[_Entry]:
    for rule in pack.rules.values():
        text = generic(rule.prompt.text)
        others = f"{rule.limits} {pack.themes[rule.theme]} {rule.theme}"
        fields = (f"{rule.title} {rule.id}", text, others)
        yield _entry("rule", rule.id, rule.title, fields, (text, rule.limits))
    for name, signal in sorted(pack.signals.items()):
        ask = generic(signal.ask)
        says = tuple(signal_says(signal, value) for value in ("true", "false", "unknown"))
        yield _entry("signal", name, ask, (f"{ask} {name}", " ".join(says)), says)
    for name, (review, finding) in pack.findings.items():
        at = places(finding.at)
        title = f"{review.title}, {at}"
        fields = (f"{at} {name}", finding.finding, review.title)
        yield _entry("finding", name, title, fields, (finding.finding,), within=review.id)


def _entry(
    kind: Sort,
    name: str,
    title: str,
    fields: tuple[str, ...],
    shown: tuple[str, ...],
    *,
    within: str = "",
) -> _Entry:
    fields, shown = (tuple(_composed(each) for each in texts) for texts in (fields, shown))
    return _Entry(kind, name, title, within, fields, shown)


def _hit(entry: _Entry, wanted: tuple[str, ...]) -> Hit:
    marked = ((text, _spans(text, wanted)) for text in entry.shown)
    text, spans = max(marked, key=lambda each: len(each[1]) > 0)
    return Hit(entry.kind, entry.id, entry.title, _excerpt(text, spans), entry.within)


def _spans(text: str, wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    return [
        match.span() for match in _WORD.finditer(text) if _fold(match.group()).startswith(wanted)
    ]


def _excerpt(text: str, spans: list[tuple[int, int]]) -> tuple[Segment, ...]:
    """The part of a text around the first thing found, cut between words."""
    begin, end = 0, len(text)
    if end > _EXCERPT:
        first = spans[0][0] if spans else 0
        if first > _EXCERPT // 2:
            begin = text.find(" ", first - _EXCERPT // 3, first) + 1 or first
        cut = begin + _EXCERPT
        if cut < end:
            end = text.rfind(" ", begin + _EXCERPT // 2, cut)
            end = cut if end < 0 else end
    pieces: list[Segment] = [Segment("… ", False)] if begin else []
    at = begin
    for start, stop in spans:
        if start < begin or stop > end:
            continue
        pieces += [Segment(text[at:start], False), Segment(text[start:stop], True)]
        at = stop
    pieces.append(Segment(text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple(each for each in pieces if each.text)
