"""Recommendations of agencies' own action plans, in the appendices of a review."""

from __future__ import annotations

import re

from advisor.reviewtext.layout import APPENDIX, Line
from advisor.reviewtext.pinpoint import ROMANS
from advisor.reviewtext.places import Block, Place

_AGENCY = re.compile(r"\(([A-Z][^()]{2,60})\)")
_PLAN = re.compile(r"(?i)action plan.*")
_LIST = re.compile(r"(?i)(agency )?recommendations?( of .*)?:?")
_MARK = re.compile(r"(?:(\d{1,2})[.,)]?|([ivx]+)[.)]?)(?:\s+(?=[A-Z])(.*)|$)")
_BOILERPLATE = re.compile(r"\(This should be|lifted directly from|the IMR\)|Appendix.*", re.I)
_FILLERS = {"of", "the", "and", "for", "nhs", "s"}


def agency_names(agency: str) -> list[str]:
    """The short names an agency goes by in a pinpoint.

    The abbreviation in its name if it has one, else its initials, with and without a last 'Trust'.
    """
    words = re.findall(r"[A-Za-z]+", agency.replace("’", "'").replace("'s", "s"))
    kept = [w for w in words if w.lower() not in _FILLERS]
    initials = "".join(w[0] for w in kept).lower()
    names = [w.lower() for w in kept if w.isupper() and len(w) > 1]
    if not names:
        names = [initials] if len(initials) > 1 else [w.lower() for w in kept]
        if kept and kept[-1] == "Trust" and len(kept) > 3:
            names.append(initials[:-1])
    return list(dict.fromkeys(names))


def read_appendix(lines: list[Line]) -> list[Place]:
    """The recommendations of each agency.

    Its list counts; the table of its action plan only fills in numbers the list has lost, for a
    table's cells do not survive being saved as text.
    """
    listed: dict[str, dict[int, Block]] = {}
    tables: dict[str, dict[int, Block]] = {}
    for i, line in enumerate(lines):
        found = _AGENCY.fullmatch(line.text)
        above = lines[i - 1].text if i else ""
        if found is None:
            continue
        section = _section(lines, i + 1)
        if _LIST.fullmatch(above):
            listed[found[1]] = _list(section)
        elif _PLAN.match(above):
            tables[found[1]] = _table(section)
    places: dict[str, Place] = {}
    for source in (listed, tables):
        for agency, blocks in source.items():
            for name in agency_names(agency):
                for number, block in sorted(blocks.items()):
                    key = f"app {name} {number}"
                    places.setdefault(key, Place(key, block.no, [block]))
    return list(places.values())


def _section(lines: list[Line], start: int) -> list[Line]:
    for i in range(start, len(lines)):
        if APPENDIX.fullmatch(lines[i].text) or re.fullmatch(r"Appendix.*:", lines[i].text):
            return lines[start:i]
    return lines[start:]


def _list(lines: list[Line]) -> dict[int, Block]:
    """A list in Roman or Arabic numerals, which may be stacked above what they number."""
    found: dict[int, Block] = {}
    queue: list[int] = []  # numbers still without their text
    block: Block | None = None
    roman: bool | None = None
    last, stray = 0, False
    for line in lines:
        mark = _MARK.fullmatch(line.text)
        number = _value(mark) if mark else 0
        if mark and number and roman is not (mark[1] is not None):
            is_roman = mark[2] is not None
            if number <= last:
                break
            if not is_roman and number != last + 1:
                stray = True  # the row of another agency's table
                continue
            roman, last, stray = is_roman, number, False
            queue.append(number)
            if mark[3]:
                block = found[queue.pop()] = Block([Line(line.no, mark[3])])
        elif stray or (mark and number and not mark[3]):
            continue
        elif queue and not (block and not block.lines[-1].ended and line.text[0].islower()):
            block = found[queue.pop(0)] = Block([line])
        elif block:
            block.lines.append(line)
        elif not last:
            last, block = 1, Block([line])
            found[1] = block
    return found


def _table(lines: list[Line]) -> dict[int, Block]:
    """The first cell of each row: the text between its number and the next blank line.

    Rows whose numbers were stacked together cannot be told apart and are left out.
    """
    found: dict[int, Block] = {}
    rest = [line for line in lines if not _BOILERPLATE.match(line.text)]
    for i, line in enumerate(rest):
        mark = _MARK.fullmatch(line.text)
        number = _value(mark) if mark else 0
        if not mark or mark[3] or not number or number != max(found, default=0) + 1:
            continue
        cell = rest[i + 1 : i + 2]
        for later in rest[i + 2 :]:
            if later.gap or _MARK.fullmatch(later.text):
                break
            cell.append(later)
        if cell and not _MARK.fullmatch(cell[0].text):
            found[number] = Block(cell)
    return found


def _value(mark: re.Match[str]) -> int:
    if mark[1]:
        return int(mark[1])
    return ROMANS.index(mark[2]) + 1 if mark[2] in ROMANS else 0
