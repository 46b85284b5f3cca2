"""Parts of a signal that are still open, each with what any single answer would make of it.

Where nothing that is not known can change a part any more, it is one of the constants ``NO`` and
``YES``. Each other keeps only the answers that would change it. Most go no further than the part
they are about, for one answer seldom decides a whole signal; so no answer need be tried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import gt, lt

from advisor.facts.shape import Kind, Slot, Type
from advisor.proofs import Reading
from advisor.truth import FALSE, TRUE, UNKNOWN, Truth
from advisor.vocabulary import DERIVED

NONE_OTHER = "none"
"""The answer to a question about a list: there is none, or none besides those named."""

Answer = tuple[str, str | bool]
"""The path of an unknown fact, and an answer to it."""

Changes = Mapping[Answer, Truth]
_NOTHING: Changes = {}


class Part:
    """A value, what answers would change it to, and the parts or the reading that it rests on."""

    __slots__ = ("_unknown", "changes", "of", "reading", "value")

    def __init__(
        self,
        value: Truth,
        changes: Changes = _NOTHING,
        of: Sequence[Part] = (),
        reading: Reading | None = None,
    ) -> None:
        self.value, self.changes, self.of, self.reading = value, changes, of, reading
        self._unknown: Mapping[str, Reading] | None = None

    @property
    def unknown(self) -> Mapping[str, Reading]:
        """The readings, by their paths, that leave the value unknown; none if it is not."""
        if self._unknown is None:
            found: dict[str, Reading] = {}
            if self.value is UNKNOWN:
                if self.reading is not None:
                    found[self.reading.path] = self.reading
                for each in self.of:
                    found.update(each.unknown)
            self._unknown = found
        return self._unknown


NO, YES = Part(FALSE), Part(TRUE)
CONSTANT = {FALSE: NO, TRUE: YES}
"""The constant for a value that nothing can change."""


def answers(slot: Slot) -> Sequence[str | bool]:
    """The answers to an unknown fact that can be foreseen; none for a date or a number."""
    if slot.kind is Kind.LIST:
        return (NONE_OTHER,)
    if slot.type is Type.BOOL and slot.name not in DERIVED:
        return (True, False)
    return slot.choices if slot.type is Type.CHOICE else ()


def leaf(value: Truth, reading: Reading, after: Mapping[str | bool, Truth]) -> Part:
    """What rests on one unknown fact, and what each answer to it makes of that."""
    path = reading.path
    return Part(value, {(path, answer): new for answer, new in after.items()}, (), reading)


def least(parts: Sequence[Part]) -> Part:
    """And, of one part or more that are not constants."""
    return _joined(min, lt, parts) if len(parts) > 1 else parts[0]


def greatest(parts: Sequence[Part]) -> Part:
    """Or, of one part or more that are not constants."""
    return _joined(max, gt, parts) if len(parts) > 1 else parts[0]


def _joined(
    join: Callable[[Iterable[Truth]], Truth],
    beyond: Callable[[Truth, Truth], bool],
    parts: Sequence[Part],
) -> Part:
    value = join([part.value for part in parts])
    changes: dict[Answer, Truth] = {}
    deciding: list[Changes] = []
    for part in parts:
        if part.value is value:
            deciding.append(part.changes)
        # An answer that takes one part beyond the value takes the whole with it.
        for answer, after in part.changes.items():
            if beyond(after, value):
                changes[answer] = join((after, changes.get(answer, value)))
    # To bring the whole back, an answer must bring back every part that has the value.
    for answer in min(deciding, key=len):
        if answer not in changes and all(answer in each for each in deciding):
            after = join([part.changes.get(answer, part.value) for part in parts])
            if after is not value:
                changes[answer] = after
    return Part(value, changes or _NOTHING, parts)


def mapped(table: Sequence[Truth], part: Part) -> Part:
    """A part with another value in the place of each."""
    value = table[part.value]
    if part is NO or part is YES:
        return CONSTANT[value]
    changes = {answer: table[after] for answer, after in part.changes.items()}
    return Part(value, {each: new for each, new in changes.items() if new is not value}, (part,))


def at_least(number: int, parts: Sequence[Part]) -> Part:
    """Whether so many of the parts hold."""
    value = _so_many(number, [part.value for part in parts])
    changes = {}
    for answer in dict.fromkeys(answer for part in parts for answer in part.changes):
        after = _so_many(number, [part.changes.get(answer, part.value) for part in parts])
        if after is not value:
            changes[answer] = after
    return Part(value, changes, parts)


def _so_many(number: int, values: Sequence[Truth]) -> Truth:
    if values.count(TRUE) >= number:
        return TRUE
    return FALSE if len(values) - values.count(FALSE) < number else UNKNOWN
