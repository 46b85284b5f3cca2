"""A generated rule pack in the advisor's own language, of what every engine here can say.

Comparisons of choices, numbers and true-or-false facts, and / or / not, some / every over lists,
and tests of whether a fact is known. No dates and ages (they are intervals here, and no other
engine has those), no counts, no lists in lists, and no rules that build on others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from advisor.case import Case
from advisor.facts.shape import Kind, Type
from advisor.language.documents import Finding, Review, Rule, Signal
from advisor.pack import Pack
from advisor.problems import InputError
from advisor.snapshot import Snapshot
from advisor.vocabulary import BELONGING, DERIVED, MEMBERS, Entry, entries
from tests.generation import SnapshotMaker

_TYPES = (Type.BOOL, Type.CHOICE, Type.NUMBER)
_LISTS = {
    "child.injuries": "injury", "child.plans": "plan", "child.orders": "order",
    "child.moves": "move", "child.adults": "adult", "child.events": "event",
    "child.services": "service", "child.meetings": "meeting",
}  # fmt: skip
_WORDS = [["true"]] * 6 + [["false"], ["unknown"], ["false", "unknown"]]
# The share of each in the rules that are shipped, about.
_UNKNOWN = ["ask"] * 7 + ["raise"] * 2 + ["silent"]


def pack_of(rules: int, seed: int = 1, *, silent: bool = False) -> Pack:
    """A pack of so many rules; with ``silent`` they are raised or not, with no third verdict."""
    return _Maker(seed, silent=silent).pack(rules)


def cases_of(number: int, seed: int = 2) -> list[Snapshot]:
    """So many random snapshots of one child, with about half of all facts unknown."""
    alone = (each for each in endless(seed, 0.4) if len(Case(each).children) == 1)
    return list(islice(alone, number))


def endless(seed: int, missing: float) -> Iterator[Snapshot]:
    """Random snapshots without end; what contradicts itself, such as a date, is left out."""
    maker = SnapshotMaker(seed, missing)
    while True:
        with suppress(InputError):
            yield Snapshot.from_data(maker.snapshot())


class _Maker:
    def __init__(self, seed: int, *, silent: bool) -> None:
        self.chance = random.Random(seed)
        self.silent = silent
        self.signals: dict[str, Signal] = {}
        readable = [e for e in entries() if e.slot.kind is Kind.FACT and e.slot.type in _TYPES]
        self.facts = {
            name: [e for e in readable if e.path.split(".")[0] == name and _plain(e)]
            for name in ("child", "referral", "household", *MEMBERS)
        }

    def pack(self, number: int) -> Pack:
        rules = [self.rule(place) for place in range(number)]
        finding = Finding(
            id="made.up", at=("1.1",), theme="made-up", finding="A made up one.", status="encoded"
        )
        review = Review(
            id="made", title="Made", publisher="Nobody", published="2024", text="made.txt",
            findings=(finding,),
        )  # fmt: skip
        return Pack(
            name="benchmark",
            version="1.0.0",
            themes={"made-up": "made up"},
            reviews={"made": review},
            signals=self.signals,
            rules={rule.id: rule for rule in rules},
        )

    def rule(self, number: int) -> Rule:
        chance = self.chance
        when = {
            "given": [self.condition() for _ in range(chance.choice([0, 1]))],
            "and": [self.condition() for _ in range(chance.randint(1, 3))],
        }
        handling = chance.choice(_UNKNOWN)
        prompt = {
            "kind": "question", "urgency": "today", "who": "somebody",
            "text": f"Ask about {{child}}, {number}.",
        }  # fmt: skip
        return Rule.model_validate(
            {
                "id": f"made-up.r{number}", "title": "A made up rule", "theme": "made-up",
                "status": "active", "version": 1, "about": "child", "when": when,
                "when_unknown": "silent" if self.silent else handling,
                "because": "It is made up.", "prompt": prompt, "sources": ["made.up"],
                "limits": "It is made up.",
            }
        )  # fmt: skip

    def condition(self) -> dict[str, Any]:
        """A condition on a signal of its own: no engine gains by working one out only once."""
        name = f"child.s{len(self.signals)}"
        data = {
            "id": name, "about": "child", "ask": "Is it so?", "is": self.expression(),
            "says": {"true": "it is", "false": "it is not", "unknown": "not known"},
        }  # fmt: skip
        self.signals[name] = Signal.model_validate(data)
        return {"signal": name, "is": self.chance.choice(_WORDS)}

    def expression(self) -> Any:
        kind = self.chance.choice(["fact", "fact", "all", "any", "not", "some", "every", "known"])
        if kind in ("some", "every"):
            listed = self.chance.choice(list(_LISTS))
            return {kind: listed, "where": self.where(_LISTS[listed])}
        names = ("child", "child", "referral", "household")
        if kind in ("all", "any"):
            size = self.chance.randint(2, 3)
            return {kind: [self.fact(self.chance.choice(names)) for _ in range(size)]}
        if kind == "known":
            path = self.chance.choice(self.facts[self.chance.choice(names)]).path
            return {self.chance.choice(["known", "unknown"]): path}
        tested = self.fact(self.chance.choice(names))
        return {"not": tested} if kind == "not" else tested

    def where(self, member: str) -> Any:
        if self.chance.random() < 0.5:
            return self.fact(member)
        join = self.chance.choice(["all", "any"])
        return {join: [self.fact(member) for _ in range(2)]}

    def fact(self, name: str) -> Any:
        entry = self.chance.choice(self.facts[name])
        test: dict[str, Any] = {"fact": entry.path}
        if entry.slot.type is Type.BOOL:
            return {**test, "is": self.chance.random() < 0.5}
        if entry.slot.type is Type.NUMBER:
            return {**test, **self.chance.choice([{"at_least": 2}, {"at_most": 3}])}
        some = self.chance.sample(entry.slot.choices, min(2, len(entry.slot.choices)))
        return {**test, **self.chance.choice([{"is": some[0]}, {"in": some}])}


def _plain(entry: Entry) -> bool:
    return entry.path.split(".")[-1] not in DERIVED and entry.path.split(".")[-1] not in BELONGING
