"""What a check is, and what it is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from advisor.language.documents import Rule
from advisor.pack import Pack
from advisor.problems import Problem
from advisor.proving import Proved, prove
from advisor.reading import Steps


class Subject:
    """A pack under check, with what several checks need worked out once."""

    def __init__(self, pack: Pack, texts: Path | None) -> None:
        self.pack, self.texts = pack, texts

    @cached_property
    def proved(self) -> dict[str, list[Proved]]:
        """The examples of each rule, run."""
        return {rule.id: list(prove(self.pack, rule)) for rule in self.live}

    @cached_property
    def live(self) -> list[Rule]:
        """The rules that are not retired."""
        return [rule for rule in self.pack.rules.values() if rule.status != "retired"]

    def problem(self, item: str, path: Steps, message: str) -> Problem:
        """A problem at a place inside the rule, signal or review with this id."""
        return self.pack.origins[item].problem(path, message)


class Check(ABC):
    """One thing that is checked of a pack."""

    code: ClassVar[str]

    @abstractmethod
    def problems(self, subject: Subject) -> Iterator[Problem]:
        """What is wrong, each with what to do."""
