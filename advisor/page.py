"""Plain pages for a terminal or a pipe: headings, paragraphs and lists at a fixed width."""

from __future__ import annotations

import sys
import textwrap
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80
"""Columns where nothing says how wide the reader's window is, as in a pipe or a file."""

_NARROWEST, _WIDEST = 40, 100


class Page:
    """Writes text wrapped to the reader's window, or to 80 columns where there is none.

    Bold type is the only style, and only on a terminal: nothing is said by looks alone.
    """

    def __init__(self, file: IO[str] | None = None) -> None:
        self._file = sys.stdout if file is None else file
        self._terminal: Console | None = None
        self.width = WIDTH
        if self._file.isatty():
            from rich.console import Console

            self._terminal = Console(file=self._file, highlight=False, markup=False, emoji=False)
            self.width = max(_NARROWEST, min(_WIDEST, self._terminal.width))

    def heading(self, text: str) -> None:
        """A heading, with a blank line before it."""
        self.gap()
        for line in textwrap.wrap(text, self.width, break_on_hyphens=False):
            self._line(line, bold=len(line))

    def gap(self) -> None:
        """A blank line."""
        self._line("")

    def rule(self) -> None:
        """A line across the page, between one case and the next."""
        self._line("=" * self.width)

    def text(self, text: str, *, indent: int = 0, label: str = "", hang: int | None = None) -> None:
        """A paragraph, indented; a label stands before its first line.

        ``hang`` is how far later lines stand in, beside ``indent``; if not given, they stand under
        the text that follows the label.
        """
        lead = " " * indent + label
        lines = textwrap.wrap(
            text,
            self.width,
            initial_indent=lead,
            subsequent_indent=" " * (indent + (len(label) if hang is None else hang)),
            break_on_hyphens=False,
            break_long_words=False,
        )
        for number, line in enumerate(lines):
            named = number == 0 and label[:1].isalnum()
            self._line(line, bold=len(lead.rstrip()) if named else 0)

    def item(self, text: str, *, indent: int = 0) -> None:
        """A point of a list."""
        self.text(text, indent=indent, label="- ")

    def _line(self, line: str, *, bold: int = 0) -> None:
        if self._terminal is None or not bold:
            self._file.write(f"{line}\n")
            return
        from rich.text import Text

        shown = Text(line)
        shown.stylize("bold", 0, bold)
        self._terminal.print(shown, soft_wrap=True)
