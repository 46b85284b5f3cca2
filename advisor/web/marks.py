"""What stands in a web address for a part of a case, so that nothing of the case does.

A mark is worked out from the case's own random id, so that it says nothing by itself, and the same
part of another case has another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def mark(case: str, part: str) -> str:
    """The mark of a part of a case: of a fact or entry by its address, or of a prompt by its id."""
    return hashlib.blake2b(f"{case}\n{part}".encode(), digest_size=6).hexdigest()


def part_of(case: str, given: str, parts: Iterable[str]) -> str | None:
    """The part that a mark stands for, of those that there are; None if it is none of them."""
    return next((part for part in parts if mark(case, part) == given), None)
