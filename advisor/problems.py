"""What is wrong with a document that was given to us, said so that it can be put right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: the document, its line (from 1; 0 if none), the field, what and what to do."""

    source: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return (
            f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
        )


class InputError(ValueError):
    """A document, rule or option at fault. Holds every problem found, in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def fault(source: str, message: str, *, line: int = 0, field: str = "") -> InputError:
    """An :class:`InputError` with a single problem."""
    return InputError([Problem(source, line, field, message)])


def suggestion(wrong: object, known: Iterable[str]) -> str:
    """`` Did you mean x?`` where a known name is close to the wrong one; otherwise nothing."""
    if not isinstance(wrong, str) or len(wrong) > 100:
        return ""
    close = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]}?" if close else ""


def field_name(path: Sequence[str | int]) -> str:
    """A path of keys and positions as a reader writes it: ``children[0].injuries[2].site``."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name
