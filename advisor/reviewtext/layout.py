"""From the lines of a published PDF, saved as text, to lines of prose.

Reviews are set in many ways: every line followed by an empty one, a whole paragraph on one line,
page headers and page numbers, footnotes at the foot of a page, markdown left by a converter. What
is left here is each line of prose with its line number and what its setting says about it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?(?:\s+(?=[^a-z\s])|$)")
"""The start of a numbered paragraph; a number that goes on in lower case is running text."""
APPENDIX = re.compile(r"Appendix\s+(?:\d+|[A-Z])\b(?:\s*[:–—-].*|\s+[A-Z][\w ]{0,60})?")
ENDED = re.compile(r"[.?!;:…][\"'”’)\]*]*$")
"""A line that ends a sentence, or announces a list."""

_GLYPHS = "\uf0b7\uf0a7\uf0d8\u2022\u25cf\u25aa\u2023\u00b7\u25e6"
_BULLET = re.compile(rf"(?:[{_GLYPHS}]\s*|(?:[-–*]|o)(?:\s+|$))")
_LONE = re.compile(r"\d{1,2}")
_FOOTNOTE = re.compile(r"(\d{1,2})\s+[^\s.].*")
_FURNITURE = re.compile(
    r"(?i)page\s+\d+(\s+of\s+\d+)?|(figure|table)\s+\d+\s*[:.].*|-{3,}|_{3,}|(https?://\S+\s*)+"
)
_STAMP = re.compile(r"(?i)\b(version|confidential|official|draft|publication|page \d+)\b")
_FOOT_LINES = 14  # a footnote block is at most this many lines from the end of its page
_LONGEST = 200  # no page is this many characters wide
_SUP = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>")


@dataclass(frozen=True)
class Line:
    """One line of prose.

    `no`: its number in the file, from 1. `lead`: set in from the margin, so a bullet that lost its
    sign or the top of a page. `gap`: a blank line is above it. `marks`: bullet signs in front of
    it, more than one if they were stacked. `heading`: marked as one by a converter.
    """

    no: int
    text: str
    lead: bool = False
    gap: bool = False
    marks: int = 0
    heading: bool = False

    @property
    def ended(self) -> bool:
        """Whether a sentence ends with this line."""
        return ENDED.search(self.text) is not None


@dataclass(frozen=True)
class Layout:
    """The prose of a text.

    `width`: how long its full lines are, in characters. `whole`: whether each line is a whole
    paragraph.
    """

    lines: tuple[Line, ...]
    width: int
    whole: bool


def read_layout(text: str) -> Layout:
    """Take the page out of a text."""
    raw = text.replace("\r\n", "\n").replace("\u00a0", " ").replace("\u00ad", "").split("\n")
    full = [len(line.strip()) for line in raw if line.strip()]
    width = sorted(full)[int(len(full) * 0.9)] if full else 0
    whole = width > _LONGEST
    body = [i for i, line in enumerate(raw) if line.strip()]
    blank_after = sum(1 for i in body if i + 1 < len(raw) and raw[i + 1] == "")
    spaced = not whole and len(body) > 3 and blank_after > 0.6 * len(body)
    dropped, notes = _debris(raw, spaced)
    return Layout(tuple(_prose(raw, dropped, notes, spaced)), width, whole)


def _prose(raw: list[str], dropped: set[int], notes: set[int], spaced: bool) -> Iterator[Line]:
    gap = marks = 0
    last = -2  # the index of the last line that was not blank
    for i, line in enumerate(raw):
        if not line.strip():
            # In a double-spaced text the empty line under each line says nothing.
            gap |= int(not (spaced and line == "" and last == i - 1))
            continue
        last = i
        if i in dropped:
            continue
        stripped, heading = _unmark(line.strip())
        bullet = _BULLET.match(stripped)
        marks += int(bullet is not None)
        stripped = _unnote(stripped[bullet.end() :] if bullet else stripped, notes)
        if stripped:
            lead = line[0] in " \t\f"
            yield Line(i + 1, stripped, lead, bool(gap), marks, heading)
            gap = marks = 0


def _unmark(text: str) -> tuple[str, bool]:
    """Without a converter's markdown and HTML; and whether it marked a heading."""
    plain = re.sub(r"^#+\s+|</?(?:b|i|u|strong|em)>", "", text)
    heading = plain != text and "<i>" not in text
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    plain = re.sub(r"\*\*|(?<!\S)\*(?=\S)|(?<=\S)\*(?![\w*])|\*(?=<sup>)", "", plain)
    return _SUP.sub("", plain).strip(), heading


def _unnote(text: str, notes: set[int]) -> str:
    """Without footnote numbers stuck to the end of a word."""

    def drop(found: re.Match[str]) -> str:
        return "" if int(found[0]) in notes else found[0]

    before = r"(?:(?<=[a-z]{3})|(?<=[a-z]['’”)])|(?<=[A-Z]\))|(?<=[a-z’”)]{3}[.,]))"
    return re.sub(rf"{before}\d{{1,2}}(?=[\s.,;:)’”]|$)", drop, text)


def _debris(raw: list[str], spaced: bool) -> tuple[set[int], set[int]]:
    """The indexes of lines that are no prose, and the numbers of the footnotes among them."""
    dropped: set[int] = set()
    notes: set[int] = set()
    times = Counter(line.strip() for line in raw)
    i = 0
    while i < len(raw):
        line = raw[i].strip()
        if APPENDIX.fullmatch(line):
            # Tables of an action plan number their rows with bare numbers.
            dropped |= {j for j in range(i, len(raw)) if _is_furniture(raw[j].strip(), times)}
            break
        end = i
        sup = _SUP.match(line)
        note = _FOOTNOTE.fullmatch(raw[i].rstrip())
        if line and _is_furniture(line, times):
            end = i + 1
        elif sup:
            notes.add(int(sup[1]))
            end = i + 1
        elif _LONE.fullmatch(line) and not re.search(r"(?i)\bpage$", raw[i - 1].strip()):
            stop = _page_end(raw, i)
            dropped.add(i)
            # Notes are numbered in order; a number far ahead is the page's.
            if stop is not None and int(line) <= max(notes, default=0) + 3:
                found = {int(t) for t in map(str.strip, raw[i:stop]) if _LONE.fullmatch(t)}
                notes |= found
                end = stop
        elif note and int(note[1]) == max(notes, default=0) + 1 and i and not raw[i - 1].strip():
            stop = _page_end(raw, i, limit=60 if spaced else _FOOT_LINES)
            if stop is not None and (raw[i - 1] or not spaced):
                end = stop
                starts = (_FOOTNOTE.fullmatch(raw[j].rstrip()) for j in range(i, stop))
                notes |= {int(s[1]) for s in starts if s}
        dropped |= set(range(i, end))
        i = max(i + 1, end)
    return dropped, notes


def _page_end(raw: list[str], start: int, limit: int = _FOOT_LINES) -> int | None:
    """The index where the page with a footnote at `start` ends.

    That is the next line set in from the margin. None if a numbered paragraph comes first or the
    page goes on too long for this to be a footnote.
    """
    seen = 0
    for i in range(start + 1, len(raw)):
        line = raw[i].strip()
        if not line:
            continue
        seen += 1
        if raw[i][0] in " \t\f":
            # A note can lose its own number and be set in itself: the page ends further on.
            return (_page_end_near(raw, i) if seen == 1 else None) or i
        alone = _LONE.fullmatch(line) and _LONE.fullmatch(raw[start].strip())
        if alone and int(line) > int(raw[start]) + 6:
            return i  # the number of the page
        if seen > limit or NUMBERED.match(line) or re.fullmatch(r"(\d{1,2}|[ivx]+)\.", line):
            return None
    return len(raw)


def _page_end_near(raw: list[str], start: int) -> int | None:
    """The index of a numbered paragraph set in from the margin right after the line at `start`."""
    if NUMBERED.match(raw[start].strip()):
        return None
    for i in range(start + 1, min(start + 3, len(raw))):
        if raw[i].strip() and raw[i][0] in " \t\f" and NUMBERED.match(raw[i].strip()):
            return i
    return None


def _is_furniture(line: str, times: Counter[str]) -> bool:
    if _FURNITURE.fullmatch(line):
        return True
    bare = re.sub(r"(?i)page\s+\d+.*", "", line).strip()
    if bare != line and bare and sum(n for t, n in times.items() if t.startswith(bare)) > 1:
        return True
    return times[line] > 1 and _STAMP.search(line) is not None and len(line) < 100
