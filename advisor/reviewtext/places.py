"""The addressable places of a review, while they are being collected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from advisor.reviewtext.layout import ENDED, Line


@dataclass
class Block:
    """One paragraph, bullet or heading: its lines, top to bottom."""

    lines: list[Line] = field(default_factory=list)

    @property
    def no(self) -> int:
        """The 1-based line of the file where it starts."""
        return self.lines[0].no

    @property
    def last(self) -> str:
        """The text of its last line."""
        return self.lines[-1].text if self.lines else ""

    @property
    def text(self) -> str:
        """The whole on one line; a word broken at a line end keeps its hyphen."""
        return join(line.text for line in self.lines)


@dataclass
class Place:
    """A numbered thing of a review.

    `own` is its own paragraph, `items` what follows without a number, `questions` the questions put
    to the board or to senior leaders there, `title` the heading beside its number if that stood
    alone. `line` is the 1-based line where it starts.
    """

    key: str
    line: int
    own: list[Block] = field(default_factory=list)
    items: list[Block] = field(default_factory=list)
    questions: list[Block] = field(default_factory=list)
    title: Block | None = None

    @property
    def text(self) -> str:
        """Its own text, without the items."""
        return " ".join(block.text for block in self.own)

    def finish(self) -> None:
        """Tidy up once all its lines are read.

        The headings of what comes next go from the end of the last paragraph, and so does what
        stands among the questions and asks nothing; a title that is all there is stays.
        """
        self.questions = [block for block in self.questions if "?" in block.text]
        if not self.own and self.title:
            self.own = [self.title]
        blocks = self.items or self.own
        lines = blocks[-1].lines if blocks else []
        for run in (2, 1):
            tail = lines[-run:]
            if len(lines) > run and lines[-run - 1].ended and all(map(is_title, tail)):
                del lines[-run:]
                return


def is_title(line: Line) -> bool:
    """Whether a line could be a heading: short, a capital first, no full stop last."""
    return (
        len(line.text) <= 70
        and not line.marks
        and ENDED.search(line.text) is None
        and not line.text.endswith(",")
        and re.match(r"[A-Z\d‘“\"']", line.text) is not None
    )


def join(texts: Iterable[str]) -> str:
    """Lines of prose as one line, white space collapsed."""
    joined = "\n".join(" ".join(t.split()) for t in texts)
    joined = re.sub(r"(?<=\w)-\n(?=[a-z])", "-", joined)
    return joined.replace("\n", " ").strip()
