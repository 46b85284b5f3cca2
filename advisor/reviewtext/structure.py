"""Cutting the prose of a review into its numbered places and what follows each."""

from __future__ import annotations

import re

from advisor.reviewtext.layout import APPENDIX, NUMBERED, Layout, Line
from advisor.reviewtext.pinpoint import ROMANS
from advisor.reviewtext.places import Block, Place, is_title
from advisor.reviewtext.signs import (
    ASKED,
    BACK,
    CATEGORY,
    CONTENTS,
    CUE,
    FINDING,
    HEADS,
    LEARNING,
    LISTED,
    QUESTIONS,
    RECOMMENDATION,
    ROMAN,
    SECTION,
    WEAK,
    follows,
)


def read_places(layout: Layout) -> tuple[list[Place], list[Line]]:
    """The places of the body, in reading order, and the lines of the appendices after it."""
    reader = _Reader(layout)
    return reader.places, reader.rest


class _Reader:
    def __init__(self, layout: Layout) -> None:
        self._layout, self._lines = layout, layout.lines
        self.places: list[Place] = []
        self.rest: list[Line] = []
        self._at: Place | None = None
        self._open: Block | None = None
        self._number: tuple[int, ...] = ()
        self._roman = self._listed = self._stacked = 0
        self._finding = self._recommending = self._asking = self._listing = False
        self._contents = False
        self._read()

    def _read(self) -> None:
        skip = 0
        for i, line in enumerate(self._lines):
            if skip:
                skip -= 1
                continue
            if APPENDIX.fullmatch(line.text) and not self._cued(i) and not self._in_contents(i):
                self._close()
                self.rest = list(self._lines[i:])
                return
            if self._in_contents(i) or self._numbered(i) or self._titled(i):
                continue
            skip = self._heading(i)
            if not skip:
                self._prose(i)
                continue
            skip -= 1
        self._close()

    # --- what begins a place -------------------------------------------------------------------

    def _numbered(self, i: int) -> bool:
        line = self._lines[i]
        found = NUMBERED.match(line.text)
        if found is None or line.marks:
            return False
        number = tuple(int(n) for n in found[1].split("."))
        if self._number and number != self._number and not follows(self._number, number):
            return False
        if number == self._number and not (self._ended() or line.gap):
            return False
        if self._cued(i, weak=False) or (self._cued(i) and self._again(i, found[1])):
            return False
        self._number = number
        self._begin(found[1], line, line.text[found.end() :])
        self._finding = False
        if line.heading:
            self._open = None
        return True

    def _titled(self, i: int) -> bool:
        line = self._lines[i]
        if line.marks or (self._cued(i) and not ROMAN.fullmatch(line.text)):
            return False
        if found := RECOMMENDATION.fullmatch(line.text):
            self._begin(f"rec {int(found[1])}", line, found[2])
        elif (found := FINDING.fullmatch(line.text)) and (found[1].isupper() or self._ended()):
            self._begin(f"finding {int(found[2])}", line, found[3])
            self._finding = True
            self._end_headline()
            return True
        elif self._at and (found := ROMAN.fullmatch(line.text)) and self._next_roman(found[1]):
            self._roman += 1
            base = ".".join(map(str, self._number))
            self._begin(f"{base}.{found[1]}", line, found[2] or "", keep_roman=True)
        elif (found := SECTION.fullmatch(line.text)) and self._is_section(i, found):
            self._number = (int(found[1]),)
            title = found[2] or ""
            self._begin(found[1], line, title)
            self._recommending = "recommendation" in title.lower()
            if line.heading or (title and len(line.text) < 0.7 * self._layout.width):
                self._open = None
        else:
            return False
        self._finding = False
        return True

    def _next_roman(self, text: str) -> bool:
        return text in ROMANS and ROMANS.index(text) == self._roman and len(self._number) > 1

    def _is_section(self, i: int, found: re.Match[str]) -> bool:
        n, line = int(found[1]), self._lines[i]
        top = self._number[0] if self._number else 0
        if not (top < n <= top + (2 if self._number else 99)) or n == self._listed + 1 > 1:
            return False
        ahead = (NUMBERED.match(later.text) for later in self._lines[i + 1 :])
        first = next((a[1] for a in ahead if a), "")
        if first in (f"{n}.1", f"{n}.1.1"):
            return True
        return bool(found[2]) and is_title(line) and (self._ended() or line.gap or line.heading)

    def _begin(self, key: str, line: Line, rest: str, keep_roman: bool = False) -> None:
        self._close()
        known = sum(1 for p in self.places if p.key == key or p.key.startswith(f"{key}/"))
        # A finding is named twice, over its discussion and over its box; a number, by mistake.
        self._at = Place(key if not known else f"{key}/{known + 1}", line.no)
        self.places.append(self._at)
        self._roman = self._roman if keep_roman else 0
        self._listed = self._stacked = 0
        self._asking = self._listing = False
        if rest:
            self._open = Block([Line(line.no, rest, line.lead, line.gap)])
            self._at.own.append(self._open)

    def _close(self) -> None:
        if self._at:
            self._at.finish()
        self._open = None

    # --- headings inside a place ---------------------------------------------------------------

    def _heading(self, i: int) -> int:
        """How many lines from `i` on are a heading that is no place; 0 if none."""
        line = self._lines[i]
        if line.marks:
            return 0
        if BACK.fullmatch(line.text):
            self._close()
            self._at = None
            return 1
        if CONTENTS.fullmatch(line.text) and not self.places:
            self._contents = True
            return 1
        asks = QUESTIONS.fullmatch(line.text) is not None
        if (asks or LEARNING.fullmatch(line.text)) and self._ended():
            self._open, self._listing, self._asking = None, True, asks
            return 1
        if self._finding and not self._asking and self._ended() and ASKED.match(line.text):
            for n in range(1, HEADS + 1):
                text = self._lines[min(i + n, len(self._lines)) - 1].text
                if text.endswith("?") or text == "Introduction":
                    self._open = None
                    return n
        return self._plain_heading(i)

    def _plain_heading(self, i: int) -> int:
        line = self._lines[i]
        if line.heading:
            self._open, self._asking = None, False
            return 1
        last = self._open.last if self._open else ""
        if not (line.gap or line.lead or self._open is None) or last.endswith((":", ";")):
            return 0
        if not self._ended() or self._layout.whole or self._stacked:
            return 0
        for n in range(1, HEADS + 1):
            part = self._lines[i : i + n]
            if len(part) < n or (n == 1 and not is_title(line) and len(line.text) < 60):
                return 0
            after = self._lines[i + n] if i + n < len(self._lines) else None
            if n > 1 and SECTION.fullmatch(part[-1].text):
                return 0
            if part[-1].ended or part[-1].marks or (n > 1 and part[-1].gap):
                return 0
            starts = after is None or NUMBERED.match(after.text) is not None
            apart = (
                after is not None
                and after.gap
                and is_title(part[-1])
                and not after.text[0].islower()
                and not (self._listing and line.lead)
            )
            if starts or (n == 1 and (apart or self._over_heading(i))):
                self._open, self._asking = None, False
                if self._at and not self._at.own:
                    self._at.title = Block(list(part))
                return n
        return 0

    def _over_heading(self, i: int) -> bool:
        after = self._lines[i + 1]
        return after.lead and after.ended is False and LEARNING.fullmatch(after.text) is not None

    # --- prose ---------------------------------------------------------------------------------

    def _prose(self, i: int) -> None:
        line = self._lines[i]
        if self._at is None:
            return
        if not self._fresh(i):
            assert self._open is not None
            self._open.lines.append(line)
            self._end_headline()
            return
        self._open = Block([line])
        if self._asking:
            self._at.questions.append(self._open)
        elif self._at.own or self._listing:
            self._at.items.append(self._open)
        else:
            self._at.own.append(self._open)
        self._end_headline()
        found = LISTED.match(line.text)
        if found and int(found[1]) == self._listed + 1:
            self._listed += 1
            if self._recommending:
                self._recommend(line, found)

    def _end_headline(self) -> None:
        """The statement of a finding ends with its category in brackets."""
        assert self._at is not None
        in_headline = self._finding and not self._at.items and self._open in self._at.own
        if in_headline and self._at.own and CATEGORY.search(self._at.own[0].text):
            self._open = None

    def _recommend(self, line: Line, found: re.Match[str]) -> None:
        """A numbered list under a heading 'Recommendations' holds the recommendations."""
        assert self._at is not None and self._open is not None
        self.places.append(Place(f"rec {int(found[1])}", line.no, [self._open]))

    def _fresh(self, i: int) -> bool:
        """Whether line `i` starts a paragraph or item of its own."""
        line, block = self._lines[i], self._open
        if line.marks > 1:
            self._stacked = line.marks - 1
            return True
        if block is None or line.marks:
            self._stacked = 0 if line.marks else self._stacked
            return True
        low = re.match(r"[\"'“‘(\[]*[a-z]", line.text) is not None
        ended, full = self._ended(), self._is_full(i)
        if self._asking and not low and block.last.endswith("?"):
            return True
        found = LISTED.match(line.text)
        if found and int(found[1]) == self._listed + 1 and (ended or line.gap):
            return True
        if self._stacked and (ended or not (full or low or line.text[0].isdigit())):
            self._stacked -= 1
            return True
        if self._layout.whole:
            return ended
        if self._finding and not self._asking:
            return ended and not full and not low
        if not (line.gap or line.lead):
            return False
        if not ended:
            return not (low or full)
        in_list = self._listing or bool(self._at and self._at.items) or block.last[-1] in ":;"
        return line.gap or in_list or not full

    def _is_full(self, i: int) -> bool:
        """Whether the line above was so long that this one's first word would not have fitted."""
        near = self._lines[max(0, i - 6) : i + 6]
        width = min(self._layout.width, max(len(line.text) for line in near))
        word = self._lines[i].text.split()[0]
        return len(self._lines[i - 1].text) + 1 + len(word) > width - 5

    def _ended(self) -> bool:
        return (
            self._open is None
            or re.search(r"[.?!;:…][\"'”’)\]]*(?:\s?\d{1,2})?$", self._open.last) is not None
        )

    def _cued(self, i: int, weak: bool = True) -> bool:
        """Whether a number or title at the start of line `i` belongs to the sentence above."""
        last = self._open.last if self._open else ""
        return bool(CUE.search(last) or (weak and WEAK.search(last)))

    def _again(self, i: int, number: str) -> bool:
        """Whether a later line starts with the same paragraph number."""
        later = (NUMBERED.match(line.text) for line in self._lines[i + 1 :])
        return any(found is not None and found[1] == number for found in later)

    def _in_contents(self, i: int) -> bool:
        line = self._lines[i]
        entry = re.search(r"(\.{3,}|\t|\s{3,})\s*\d{1,3}$", line.text) is not None
        if self._contents and (NUMBERED.match(line.text) or SECTION.fullmatch(line.text)):
            self._contents = entry or re.search(r"\s\d{1,3}$", line.text) is not None
        return entry or self._contents
