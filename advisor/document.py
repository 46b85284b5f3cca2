"""A document that was read: plain data, and the line on which each part of it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 8_000_000
MAX_DEPTH = 40
MAX_TEXT = 20_000

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Characters that no document may hold: control characters and lone surrogates."""

Steps = tuple[str | int, ...]
"""The keys and positions that lead to a part of a document."""


@dataclass(frozen=True)
class Document:
    """One document as read: where from, its data, and the line of each part of it."""

    source: str
    data: Any
    lines: dict[Steps, int] = field(repr=False)

    def line(self, path: Steps) -> int:
        """The line of the part at ``path``, or of the nearest part that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def safe_key(text: str) -> str:
    """A key as it may be shown in a message, or nothing if it could hold anything."""
    return text if re.fullmatch(r"[\w.-]{1,60}", text) else ""
