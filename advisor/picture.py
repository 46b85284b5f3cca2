"""A chronology as a picture, and the same as rows of a table: what happened, and who knew when.

The picture is an SVG of classes only; ``stylesheet()`` gives them colours and shapes. Neither it
nor the rows hold anything that happened, or that anybody learnt, after the day that is asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from advisor.chronology.story import Story
from advisor.language.english import day as in_words
from advisor.picture_contents import Contents, contents
from advisor.picture_layout import (
    LEFT,
    RADIUS,
    RIGHT,
    TOP,
    WIDTH,
    Badge,
    Band,
    Layout,
    Mark,
    layout,
)
from advisor.picture_table import NOT_KNOWN, Row, happened, known, rows
from advisor.replay import Replay

__all__ = ["NOT_KNOWN", "Row", "draw", "rows", "stylesheet"]

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FOOT = 124


def draw(
    story: Story,
    replay: Replay,
    until: dt.date,
    *,
    others: bool = False,
    prompts: bool = True,
) -> str:
    """A story as an SVG, as it stood by a day, seen by the holder of a replay.

    Without ``others``, only what this holder knew is drawn, as before a decision. With them, so is
    what others knew by then and when, as after it. ``prompts`` says whether to mark the days on
    which prompts would have appeared; leave them out where a group is still to decide.

    Raises:
        ValueError: the replay is of another story.
    """
    shown = contents(story, replay, until, others=others, prompts=prompts)
    placed = layout(shown)
    height = placed.bottom + _FOOT
    name = f"picture-{shown.here}-{until.isoformat()}{'-others' if others else ''}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" id="{name}" role="img"'
        f' viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' aria-labelledby="{name}-title" aria-describedby="{name}-desc">',
        f'<title id="{name}-title">{_text(_title(shown))}</title>',
        f'<desc id="{name}-desc">{_text(_description(shown))}</desc>',
        f'<rect class="paper" x="0" y="0" width="{WIDTH}" height="{height}"/>',
        *_ground(placed, until),
        *(part for mark in placed.marks for part in _event(mark, shown)),
        *(part for badge in placed.badges for part in _prompts(badge)),
    ]
    if not shown.seen:
        middle = (TOP + placed.bottom) // 2 + 4
        nothing = "Nothing was known by this day." if others else "Nothing was known here by then."
        lines.append(f'<text class="empty" x="{LEFT + 40}" y="{middle}">{nothing}</text>')
    lines += [*_legend(placed.bottom + 70, others=others, prompts=prompts), "</svg>"]
    return "\n".join(lines) + "\n"


def stylesheet() -> str:
    """The style sheet of the picture, for a page that holds one."""
    return files("advisor").joinpath("templates/picture.css").read_text(encoding="utf-8")


def _text(words: str) -> str:
    """Words as they may stand in an SVG, without what XML cannot hold."""
    return escape(_NOT_IN_XML.sub("\ufffd", words))


def _title(shown: Contents) -> str:
    day = in_words(shown.until.isoformat())
    return f"What happened by {day}, and when {shown.lanes[shown.here]} knew of it"


def _description(shown: Contents) -> str:
    known = sum(each.known_here is not None for each in shown.seen)
    unknown = len(shown.seen) - known
    day = in_words(shown.until.isoformat())
    said = f"Events known here by {day}: {known}."
    if unknown:
        said += f" Known to others and not here: {unknown}."
    if shown.raised:
        said += f" Days on which prompts would have appeared: {len(shown.raised)}."
    return f"{said} The table tells each in words, by its number."


def _ground(placed: Layout, until: dt.date) -> Iterator[str]:
    """Lanes, days and the end of what is shown."""
    bottom = placed.bottom
    for number, band in enumerate(placed.bands):
        yield from _band(band, "even" if number % 2 else "odd", placed.scale.left)
    if placed.scale.earlier:
        edge = placed.scale.left - 8
        yield f'<text class="tick" x="{(LEFT + edge) // 2}" y="{TOP - 12}">Earlier</text>'
        yield f'<path class="break" d="M{edge} {TOP - 6}V{bottom}"/>'
    for x, name in placed.scale.ticks():
        yield f'<path class="grid" d="M{x} {TOP - 6}V{bottom}"/>'
        yield f'<text class="tick" x="{x}" y="{TOP - 12}">{name}</text>'
        yield f'<text class="tick" x="{x}" y="{bottom + 18}">{name}</text>'
    yield f'<path class="after" d="{_hatching(RIGHT, TOP, WIDTH - RIGHT, bottom - TOP)}"/>'
    yield f'<path class="until" d="M{RIGHT} {TOP - 6}V{bottom + 26}"/>'
    day = in_words(until.isoformat())
    yield f'<text class="day" x="{WIDTH - 4}" y="{bottom + 40}">{day}</text>'


def _band(band: Band, parity: str, left: int) -> Iterator[str]:
    kind = "lane here" if band.here else f"lane {parity}"
    yield (f'<rect class="{kind}" x="0" y="{band.top}" width="{WIDTH}" height="{band.height}"/>')
    y = band.top + 20
    for line in band.name:
        yield f'<text class="name" x="10" y="{y}">{_text(line)}</text>'
        y += 15
    if band.here:
        yield f'<path class="side" d="M2 {band.top}v{band.height}"/>'
        yield f'<text class="note" x="10" y="{y}">“here” in this picture</text>'
    elif band.empty:
        nothing = "knew nothing sooner than others"
        yield f'<text class="quiet" x="{left + 14}" y="{band.top + 20}">{nothing}</text>'


def _hatching(left: int, top: int, width: int, height: int) -> str:
    """Slanting lines over an area, drawn out so that no pattern has to be named."""
    lines = []
    for start in range(8, width + height, 8):
        x, y = min(start, width), max(0, start - width)
        length = min(x, height - y)
        lines.append(f"M{left + x} {top + y}l{-length} {length}")
    return "".join(lines)


def _event(mark: Mark, shown: Contents) -> Iterator[str]:
    seen, x, y = mark.seen, mark.x, mark.y
    yield f'<g class="event {"unknown" if seen.known_here is None else "known"}">'
    told = f"{seen.number}. {happened(seen)}. {seen.entry.what} {shown.lanes[seen.lane]}."
    since = known(seen) if seen.known_here is None else f"known here {known(seen)}"
    yield f"<title>{_text(f'{told} {since[:1].upper()}{since[1:]}.')}</title>"
    if mark.known is not None and mark.known > x + RADIUS + 6:
        yield _gap(x, mark.known, y)
    yield from _mark(x, y, dated=seen.dated)
    if mark.ends is not None:
        yield _bar(*mark.ends, y)
    yield f'<text class="number" x="{x}" y="{y + 4}">{seen.number}</text>'
    yield "</g>"


def _gap(x: int, known: int, y: int) -> str:
    """The time from a mark to the day on which it became known here."""
    return (
        f'<path class="gap" d="M{x + RADIUS} {y}H{known - 5}"/>'
        f'<path class="learnt" d="M{known - 5} {y}l5 -6 5 6 -5 6z"/>'
    )


def _mark(x: int, y: int, *, dated: bool) -> Iterator[str]:
    if dated:
        yield f'<circle class="mark" cx="{x}" cy="{y}" r="{RADIUS}"/>'
    else:
        side = 2 * RADIUS - 2
        at = RADIUS - 1
        yield f'<rect class="mark" x="{x - at}" y="{y - at}" width="{side}" height="{side}"/>'


def _bar(left: int, right: int, y: int) -> str:
    """The days between which something happened, with ends that show however near they are."""
    return f'<path class="bar" d="M{left} {y + 9}v5M{left} {y + 12}H{right}M{right} {y + 9}v5"/>'


def _prompts(badge: Badge) -> Iterator[str]:
    count, day = len(badge.raised.prompts), in_words(badge.raised.day.isoformat())
    yield '<g class="prompt">'
    listed = " ".join(f"{each}." for each in badge.raised.prompts)
    yield f"<title>{_text(f'Prompts on {day}: {count}. {listed}')}</title>"
    yield from _flag(badge.x, badge.y, f"! {count}")
    yield "</g>"


def _flag(x: int, y: int, words: str) -> Iterator[str]:
    half = 16
    point = f"h-{half - 4}l-4 5 -4 -5h-{half - 4}z"
    yield f'<path class="flag" d="M{x - half} {y - 9}h{2 * half}v15{point}"/>'
    yield f'<text class="count" x="{x}" y="{y + 3}">{words}</text>'


def _legend(top: int, *, others: bool, prompts: bool) -> Iterator[str]:
    """What the shapes mean."""
    samples: list[tuple[str, str]] = [
        ("known dated", "happened, known here"),
        ("known dated gap", "when it became known here"),
        ("known dated bar", "some day within the bar"),
        ("known", "no day: where first known"),
        ("after", "later: left out"),
    ]
    if others:
        samples.insert(1, ("unknown dated", "happened, not known here"))
    if prompts:
        samples.append(("prompt", "prompts, and how many"))
    for number, (kind, words) in enumerate(samples):
        x, y = 26 + 246 * (number % 4), top + 32 * (number // 4)
        yield f'<g class="event {kind.split()[0]}">'
        yield from _sample(kind.split(), x, y)
        yield f'</g><text class="key" x="{x + 44}" y="{y + 4}">{words}</text>'


def _sample(kind: Sequence[str], x: int, y: int) -> Iterator[str]:
    if "after" in kind:
        yield f'<path class="after" d="{_hatching(x - 16, y - 9, 32, 18)}"/>'
    elif "prompt" in kind:
        yield from _flag(x, y, "! 3")
    else:
        if "gap" in kind:
            yield _gap(x, x + 32, y)
        yield from _mark(x, y, dated="dated" in kind)
        if "bar" in kind:
            yield _bar(x - 14, x + 14, y)
