"""Answers put into a document: by one person, or by two who answer at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.addresses import Address, AddressError, find, items, owner_exists, resolve
from advisor.answering.documents import checked, copied, first_id, put
from advisor.answering.given import Answer
from advisor.parts import Held, held_of, part_at, part_of


@dataclass(frozen=True)
class Clash:
    """A fact that somebody else answered otherwise meanwhile; neither answer is lost.

    ``base`` is what was held when the form was drawn, ``theirs`` what is held now (None where its
    entry has been removed), ``yours`` what the form says.
    """

    address: str
    ask: str
    base: Held
    theirs: Held | None
    yours: Held


@dataclass(frozen=True)
class Merge:
    """A document with every answer that could be put in, and the clashes that were not."""

    document: dict[str, Any]
    clashes: tuple[Clash, ...] = ()


def apply(document: Mapping[str, Any], answers: Iterable[Answer]) -> dict[str, Any]:
    """The document with these answers, in canonical form; the one given stays as it is.

    Raises:
        FormError: the answers do not fit each other or the rest of the case.
        AddressError: an answer is about an entry that is not there.
    """
    answers = tuple(answers)
    made: dict[str, Any] = copied(document)
    for answer in answers:
        address = resolve(answer.address)
        if not owner_exists(document, address.owner):
            raise AddressError(f"{address.owner} is not in this case")
        part = part_of(answer.said, address, part_at(made, address))
        if answer.add and not items(part):
            note = {"note": answer.said.note} if answer.said.note else {}
            part = {"complete": False, "items": [{"id": first_id(address)}], **note}
        put(made, address, part)
    return checked(made, {answer.address: answer.ask for answer in answers})


def merge(base: Mapping[str, Any], now: Mapping[str, Any], answers: Iterable[Answer]) -> Merge:
    """Put answers given to ``base`` into ``now``, which may have changed since.

    Only answers that differ from ``base`` are put in. Where ``now`` differs both from ``base`` and
    from the answer, that is a clash, and ``now`` keeps what it has there.

    Raises:
        FormError: what is put in does not fit the rest of the case as it is now.
    """
    taken: list[Answer] = []
    clashes: list[Clash] = []
    for answer in answers:
        address = resolve(answer.address)
        was = held_of(part_at(base, address), address)
        if _gone(base, now, address):
            clashes.append(Clash(answer.address, answer.ask, was, None, answer.said))
            continue
        theirs = held_of(part_at(now, address), address)
        if answer.add:
            if theirs.values:
                continue  # somebody has added one meanwhile, perhaps this same form sent twice
        elif answer.said in (was, theirs):
            continue
        if theirs != was:
            clashes.append(Clash(answer.address, answer.ask, was, theirs, answer.said))
        else:
            taken.append(answer)
    return Merge(apply(now, taken), tuple(clashes))


def _gone(base: Mapping[str, Any], now: Mapping[str, Any], address: Address) -> bool:
    """Whether the entry that holds the fact has been removed since."""
    if not owner_exists(now, address.owner):
        return True
    steps = tuple(address.owner.split("."))
    return bool(address.owner) and find(base, steps) is not None and find(now, steps) is None
