"""Random rule packs over the real vocabulary, for holding the engines against each other."""

from __future__ import annotations

import random
from typing import Any

from advisor.facts.shape import Kind, Slot, Type
from advisor.language.checking import scope_of
from advisor.language.documents import Finding, Review, Rule, Signal
from advisor.pack import Pack
from advisor.vocabulary import BELONGING, Entry, entries, place

WORDS = ["true", "false", "unknown"]
FACTS = list(entries())


def generated_pack(seed: int, signals: int = 40, rules: int = 40) -> Pack:
    """A pack with so many signals and rules, some of which build on others' conclusions."""
    return _PackMaker(seed).pack(signals, rules)


class _PackMaker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made: dict[str, Signal] = {}

    def pack(self, signals: int, rules: int) -> Pack:
        for number in range(signals):
            about = self.chance.choice(["child"] * 4 + ["adult", "injury", "plan", "referral"])
            tree = self.expression(scope_of(about), depth=3)
            data = {
                "id": f"{about}.s{number}",
                "about": about,
                "ask": "Is it so?",
                "says": {"true": "it is", "false": "it is not", "unknown": "not known"},
                "is": tree,
            }
            self.made[data["id"]] = Signal.model_validate(data)
        made_rules = [self.rule(number) for number in range(rules)]
        finding = Finding(
            id="made.up", at=("1.1",), theme="made-up", finding="A made up one.", status="encoded"
        )
        review = Review(
            id="made", title="Made", publisher="Nobody", published="2024", text="made.txt",
            findings=(finding,),
        )  # fmt: skip
        return Pack(
            name="generated",
            version="1.0.0",
            themes={"made-up": "made up"},
            reviews={"made": review},
            signals=dict(self.made),
            rules={rule.id: rule for rule in made_rules},
        )

    def expression(self, scope: frozenset[str], depth: int) -> Any:
        chance = self.chance
        kind = chance.choice(["fact"] * 3 + ["known", "signal"])
        if depth > 0:
            kind = chance.choice(
                ["all", "any", "not", "some", "every", "count", "fact", "signal", "known"]
            )
        if kind in ("all", "any"):
            parts = [self.expression(scope, depth - 1) for _ in range(chance.randint(1, 3))]
            return {kind: parts}
        if kind == "not":
            return {"not": self.expression(scope, depth - 1)}
        if kind in ("some", "every", "count"):
            return self.quantified(kind, scope, depth)
        if kind == "known":
            path = chance.choice(self.readable(scope)).path
            if chance.random() < 0.5:
                return {"known": path}
            because = chance.sample(["not_asked", "declined", "not_recorded"], 2)
            return (
                {"unknown": path, "because": because}
                if chance.random() < 0.5
                else {"unknown": path}
            )
        if kind == "signal":
            near = [n for n, s in self.made.items() if scope_of(s.about) <= scope]
            if near:
                name = chance.choice(near)
                if chance.random() < 0.5:
                    return name
                return {"signal": name, "is": chance.sample(WORDS, chance.randint(1, 2))}
        return self.fact(scope)

    def quantified(self, kind: str, scope: frozenset[str], depth: int) -> Any:
        chance = self.chance
        lists = [
            entry.path
            for entry in FACTS
            if entry.slot.kind is Kind.LIST
            and entry.slot.type is Type.ENTITY
            and entry.path.split(".")[0] in scope
            and place(entry.path).member is not None
        ]
        lists += [f"child.{name}" for name in BELONGING] if "child" in scope else []
        path = chance.choice(lists) if lists else None
        if path is None:
            return self.fact(scope)
        member = place(path).member
        assert member is not None
        where = self.expression(scope | {member}, depth - 1)
        if kind == "count":
            return {"count": path, "at_least": chance.randint(1, 2), "where": where}
        if kind == "some" and chance.random() < 0.2:
            return {"some": path}
        return {kind: path, "where": where}

    def readable(self, scope: frozenset[str]) -> list[Entry]:
        return [
            entry
            for entry in FACTS
            if entry.path.split(".")[0] in scope and entry.slot.type is not Type.ENTITY
        ]

    def fact(self, scope: frozenset[str]) -> Any:
        chance = self.chance
        entry = chance.choice(self.readable(scope))
        slot, test = entry.slot, {"fact": entry.path}
        if slot.kind is Kind.LIST:
            pool = list(slot.choices) or ["amy", "dee"]
            return {**test, "includes": chance.sample(pool, min(2, len(pool)))}
        return {**test, **self.test(slot)}

    def test(self, slot: Slot) -> dict[str, Any]:
        chance = self.chance
        if slot.type is Type.BOOL:
            return chance.choice([{}, {"is": True}, {"is": False}])
        if slot.type is Type.CHOICE:
            some = chance.sample(slot.choices, min(2, len(slot.choices)))
            return chance.choice([{"is": some[0]}, {"in": some}])
        if slot.type is Type.NUMBER:
            return chance.choice([{"at_least": 2}, {"at_most": 3}, {"at_least": 1, "at_most": 40}])
        if slot.type is Type.REFERENCE:
            return {"same_as": "snapshot.authority"}
        return chance.choice(
            [
                {"before": "snapshot.as_of"},
                {"after": "2023-06"},
                {"before": "referral.received_on"},
                {"within": "12 months", "before": "snapshot.as_of"},
                {"within": "6 weeks", "before": "referral.incident_on"},
            ]
        )

    def rule(self, number: int) -> Rule:
        chance = self.chance
        usable = [n for n, s in self.made.items() if scope_of(s.about) <= scope_of("child")]

        def condition() -> Any:
            name = chance.choice(usable)
            words = chance.sample(WORDS, chance.choice([1, 1, 2]))
            return name if chance.random() < 0.5 else {"signal": name, "is": words}

        conditions: list[Any] = [condition() for _ in range(chance.randint(1, 3))]
        if number > 8 and chance.random() < 0.4:
            conditions.append(f"concern.c{chance.randint(0, 3)}")
        if chance.random() < 0.15:
            of = [condition() for _ in range(3)]
            conditions.append({"at_least": 2, "of": of})
        elif number > 8 and chance.random() < 0.2:
            conditions.append({"at_least": 2, "of": [f"concern.c{n}" for n in range(4)]})
        return Rule.model_validate(
            {
                "id": f"made-up.r{number}",
                "title": "A made up rule",
                "theme": "made-up",
                "status": "active",
                "version": 1,
                "about": "child",
                "when": {"given": [condition() for _ in range(chance.randint(0, 2))],
                         "and": conditions},
                "when_unknown": chance.choice(["ask", "raise", "silent"]),
                "because": "It is made up.",
                "prompt": {
                    "kind": "question", "urgency": chance.choice(["now", "today"]),
                    "who": "somebody", "text": f"Ask about {{child}}, {number}.",
                },
                "concludes": f"concern.c{number % 4}" if number <= 8 else None,
                "sources": ["made.up"],
                "limits": "It is made up.",
            }
        )  # fmt: skip
