"""How much of a questionnaire has been answered for a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.addresses import resolve
from advisor.parts import held_at
from advisor.questionnaire import Questionnaire, Section


@dataclass(frozen=True)
class Progress:
    """One section for one owner: how many of its questions have an answer."""

    section: Section
    owner: str
    answered: int
    asked: int


def progress(questionnaire: Questionnaire, document: Mapping[str, Any]) -> tuple[Progress, ...]:
    """Every section that makes sense for everybody in a case, in order, with what is answered.

    Not known for a reason is an answer, as is a list that may have further members; what is not
    recorded is none.
    """
    found = []
    for section, owner in questionnaire.pages(document):
        addresses = [address for _, address in section.asked(document, owner)]
        held = [held_at(document, resolve(address)) for address in addresses]
        answered = sum(each.state != "blank" for each in held)
        found.append(Progress(section, owner, answered, len(addresses)))
    return tuple(found)
