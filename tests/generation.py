"""Random snapshots and packs, for holding the engines against each other."""

from __future__ import annotations

import random
from typing import Any

from advisor.facts.adult import Adult, Link
from advisor.facts.child import Child
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.facts.wider import Event, Household, Meeting, Referral, Service
from advisor.values import Model, UnknownReason

DAY = "2024-06-03"
DATES = ["2024", "2024-05", "2024-06-01", "2024-06-03", "2023", "2023-06-03", "2023-05", "2022-01"]
REASONS = [reason.value for reason in UnknownReason]
CHILD_IDS, ADULT_IDS = ["amy", "ben", "cal"], ["dee", "eve", "fay"]
AUTHORITIES = ["here", "there"]


class SnapshotMaker:
    """Makes valid snapshots as plain data. ``missing`` is how often a fact is left out."""

    def __init__(self, seed: int, missing: float = 0.4) -> None:
        self.random = random.Random(seed)
        self.missing = missing
        self.children: list[str] = []
        self.adults: list[str] = []

    def snapshot(self) -> dict[str, Any]:
        """One snapshot."""
        chance = self.random
        self.children = chance.sample(CHILD_IDS, chance.choice([1, 1, 2, 3]))
        self.adults = chance.sample(ADULT_IDS, chance.choice([0, 1, 2]))
        made: dict[str, Any] = {
            "snapshot": {"id": "random", "as_of": DAY, "authority": chance.choice(AUTHORITIES)},
            "referral": self.model(Referral),
            "household": self.model(Household),
            "children": self.listed([self.child(name) for name in self.children]),
        }
        people = [{**self.model(Adult), "id": name} for name in self.adults]
        for person in people:
            linked = chance.sample(self.children, chance.randint(0, len(self.children)))
            person["links"] = [{**self.model(Link), "child": name} for name in linked]
        if people or chance.random() < 0.5:
            made["adults"] = self.listed(people)
        for name, model in (("events", Event), ("services", Service), ("meetings", Meeting)):
            if chance.random() > self.missing:
                made[name] = self.listed([self.model(model) for _ in range(chance.randint(0, 3))])
        return made

    def child(self, name: str) -> dict[str, Any]:
        """One child: unborn, with a date of birth, an age, or neither."""
        made = self.model(Child)
        for key in ("born", "due", "age"):
            made.pop(key, None)
        kind = self.random.choice(["born", "born", "age", "none", "due"])
        if kind == "due":
            made["due"] = self.random.choice(["2024-07-01", "2024-08", "2024-12-20"])
            made.pop("movement", None)
            made.pop("injuries", None)
        elif kind == "born":
            made["born"] = self.random.choice(["2024-03-09", "2023", "2019-05", "2010-01-31"])
        elif kind == "age":
            unit = self.random.choice(["years", "months", "weeks"])
            made["age"] = {unit: self.random.randint(0, 17)}
        if kind == "born":
            made.pop("injuries", None) if self.random.random() < 0.3 else self.undate(made)
            if isinstance(made.get("seen"), dict):
                made["seen"].pop("last_seen_on", None)
        made["id"] = name
        return made

    @staticmethod
    def undate(made: dict[str, Any]) -> None:
        """Leave out days of injuries that might lie before the birth."""
        injuries = made.get("injuries")
        items = injuries.get("items", []) if isinstance(injuries, dict) else injuries or []
        for injury in items:
            injury.pop("seen_on", None)
            injury.pop("happened_on", None)

    def model(self, model: type[Model]) -> dict[str, Any]:
        """A model with some of its facts filled in."""
        made: dict[str, Any] = {}
        for name, slot in slots(model).items():
            if slot.kind is Kind.GROUP and slot.model is not None:
                made[name] = self.model(slot.model)
            elif slot.kind in (Kind.FACT, Kind.LIST) and self.random.random() > self.missing:
                made[name] = self.value(slot)
        self.in_order(made)
        return made

    @staticmethod
    def in_order(made: dict[str, Any]) -> None:
        """Drop an end that stands before its beginning."""
        for end in ("ended_on", "seen_on"):
            made.pop(end, None) if made.get(end) != "none" else None
        if made.get("received_on") is not None:
            made["received_on"] = DAY

    def value(self, slot: Slot) -> Any:
        """A value of a fact or list, or a reason why it is unknown."""
        chance = self.random
        if chance.random() < 0.15:
            return {"unknown": chance.choice(REASONS)}
        if slot.kind is Kind.LIST:
            if slot.type is Type.ENTITY and slot.model is not None:
                number = chance.choice([0, 1, 1, 2])
                items: list[Any] = [self.model(slot.model) for _ in range(number)]
                return [] if slot.name == "links" else self.listed(items)
            pool = list(slot.choices) or self.ids(slot.name)
            return self.listed(chance.sample(pool, min(len(pool), chance.randint(0, 3))))
        value = self.scalar(slot)
        if chance.random() < 0.1 and value is not None:
            return {"value": value, "known_on": "2024-05", "from": "police"}
        return value

    def scalar(self, slot: Slot) -> Any:
        chance = self.random
        if slot.type is Type.BOOL:
            return chance.random() < 0.5
        if slot.type is Type.CHOICE:
            return chance.choice(slot.choices)
        if slot.type is Type.DATE:
            return chance.choice(DATES)
        if slot.type is Type.DATE_OR_NONE:
            return chance.choice([*DATES, "none", "none"])
        if slot.type is Type.NUMBER:
            return chance.randint(0, 6)
        pool = self.ids(slot.name)
        return chance.choice(pool) if pool else None

    def ids(self, name: str) -> list[str]:
        """Ids that a reference of this name may hold."""
        if name in ("about", "children", "child"):
            return self.children
        if name in ("authority", "from_authority", "to_authority"):
            return AUTHORITIES
        return self.adults

    def listed(self, items: list[Any]) -> Any:
        """A list that is complete, or says that it is not."""
        if self.random.random() < 0.3:
            return {"complete": False, "items": items}
        return items


def shuffled(data: Any, chance: random.Random) -> Any:
    """The same data with every list and every set of keys in another order."""
    if isinstance(data, dict):
        keys = list(data)
        chance.shuffle(keys)
        return {key: shuffled(data[key], chance) for key in keys}
    if isinstance(data, list):
        items = [shuffled(item, chance) for item in data]
        chance.shuffle(items)
        return items
    return data
