"""Random stories: dated entries about a family, of every kind that a chronology knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from advisor.chronology.leaves import leaves
from advisor.chronology.story import Story, story_of
from advisor.facts.adult import Adult, HistoryItem
from advisor.facts.child import Child, Injury, Move, Order, Plan
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.facts.wider import Event, Household, Meeting, Service
from advisor.reading import Document
from advisor.values import Model
from tests.generation import SnapshotMaker

FIRST = dt.date(2021, 1, 4)
BORN = "2019-05-17"
HOLDERS = ("council", "police", "nursery")
_AGENCIES = ("childrens_social_care", "police", "nursery_or_childminder")
_KINDS = {
    "event": 8, "child": 5, "injury": 2, "service": 2, "meeting": 2, "history": 2, "adult": 2,
    "plan": 1, "move": 1, "order": 1, "household": 1, "whole": 1,
}  # fmt: skip
_LISTS: dict[str, tuple[str, type[Model]]] = {
    "injury": ("injuries", Injury),
    "plan": ("plans", Plan),
    "move": ("moves", Move),
    "order": ("orders", Order),
}
_SHARED: dict[str, tuple[str, type[Model]]] = {
    "event": ("events", Event),
    "service": ("services", Service),
    "meeting": ("meetings", Meeting),
}


class StoryMaker(SnapshotMaker):
    """Makes stories; ``tangled`` ones have corrections, disputes, withdrawals and late learning."""

    def __init__(self, seed: int, *, children: int = 1, tangled: bool = False) -> None:
        super().__init__(seed, 0.75)
        self.children = ["wren", "robin", "lark"][:children]
        self.adults = ["dee", "eve"]
        self.tangled = tangled
        self.day = FIRST
        self.made: list[dict[str, Any]] = []

    def story(self, entries: int) -> Story:
        """A story of so many entries, each learnt on its own day; of tangled ones, also later."""
        self.made = [self.entry(0, self.beginning())]
        while len(self.made) < entries:
            sets = self.sets(len(self.made))
            self.made.append(self.entry(len(self.made), sets))
        holders = {
            name: {"agency": agency, "name": name, "authority": "here", "front_door": True}
            for name, agency in zip(HOLDERS, _AGENCIES, strict=True)
        }
        head = {"id": "random", "title": "A random story", "holders": holders}
        if self.tangled:
            later = self.made[1:]
            self.random.shuffle(later)
            self.made[1:] = later
        return story_of(Document("story", {"story": head, "entries": self.made}, {(): 0}))

    def beginning(self) -> dict[str, Any]:
        """Who there is: everybody knows that from the first day."""
        links = [{"child": name, "lives_with_child": True} for name in self.children]
        born: dict[str, Any] = {"born": BORN}
        return {
            "children": [{"id": name, **born} for name in self.children],
            "adults": [{"id": name, "links": links} for name in self.adults],
        }

    def entry(self, number: int, sets: Mapping[str, Any]) -> dict[str, Any]:
        """One entry, known to the council from its day, and to others perhaps."""
        chance = self.random
        self.day = FIRST + dt.timedelta(days=number)
        made: dict[str, Any] = {
            "id": f"entry-{number}",
            "what": "Something happened.",
            "happened_on": self.day.isoformat(),
            "known": {"council": self.day.isoformat()},
            "sets": dict(sets),
        }
        if number == 0:
            made["known"] = dict.fromkeys(HOLDERS, self.day.isoformat())
            return made
        if chance.random() < 0.3:
            made["source"] = "police"
            made["reports"] = ["domestic_abuse"]
        if self.tangled:
            self.tangle(made)
        return made

    def tangle(self, made: dict[str, Any]) -> None:
        """Let others learn it too, late or never, and let it undo what went before."""
        chance = self.random
        holders = chance.sample(HOLDERS, chance.randint(1, 3))
        later = (self.day + dt.timedelta(days=chance.choice([0, 0, 1, 9, 40])) for _ in holders)
        made["known"] = {name: day.isoformat() for name, day in zip(holders, later, strict=True)}
        if chance.random() < 0.2:
            made["known"] = {name: day[:7] for name, day in made["known"].items()}
        if chance.random() < 0.2:
            made["happened_on"] = made["happened_on"][: chance.choice([4, 7])]
        earlier = [each for each in self.made[1:] if "corrects" not in each and each["sets"]]
        if not earlier or chance.random() < 0.6:
            return
        other = chance.choice(earlier)
        path, value = chance.choice(sorted(_single(other["sets"]).items()))
        if chance.random() < 0.3 and not path.endswith(".id"):
            made["withdraws"] = [path]
            made["happened_on"] = self.day.isoformat()
            other["happened_on"] = FIRST.isoformat()
        elif not path.endswith((".id", ".complete")):
            made["sets"] = {path: chance.choice([value, {"unknown": "declined"}])}
            made[chance.choice(["corrects", "disputes"])] = other["id"]

    def sets(self, number: int) -> dict[str, Any]:
        """What one entry sets."""
        chance = self.random
        kind = chance.choices(list(_KINDS), list(_KINDS.values()))[0]
        child = f"children.{chance.choice(self.children)}"
        if kind in _SHARED:
            name, model = _SHARED[kind]
            there = chance.randrange(number) if chance.random() < 0.2 else number
            made = self.filled(model)
            if chance.random() < 0.7:
                made["children"] = chance.sample(self.children, 1)
            return {f"{name}.{kind}-{there}": made}
        if kind in _LISTS:
            name, model = _LISTS[kind]
            return {f"{child}.{name}.{kind}-{number}": self.filled(model)}
        adult = f"adults.{chance.choice(self.adults)}"
        if kind == "history":
            return {f"{adult}.history.item-{number}": self.filled(HistoryItem)}
        if kind == "adult":
            return {f"{adult}.{name}": value for name, value in self.some(Adult)}
        if kind == "household":
            return {f"household.{name}": value for name, value in self.some(Household)}
        if kind == "whole":
            name = chance.choice(["events", "services", "meetings", "adults", f"{child}.injuries"])
            return {f"{name}.complete": chance.choice([True, False])}
        return {f"{child}.{name}": value for name, value in self.some(Child)}

    def filled(self, model: type[Model]) -> dict[str, Any]:
        """An entry of a list, of which something at least is told."""
        made = {name: value for name, value in self.model(model).items() if value != {}}
        return made or dict([self.one(model)])

    def some(self, model: type[Model]) -> list[tuple[str, Any]]:
        """One or two facts of a model that are its own."""
        return [self.one(model) for _ in range(self.random.randint(1, 2))]

    def one(self, model: type[Model]) -> tuple[str, Any]:
        """One fact of a model, or of a group of it."""
        chance = self.random
        kept = ("born", "due", "about")
        named = [
            slot
            for slot in slots(model).values()
            if slot.kind is Kind.GROUP
            or (slot.kind is not Kind.PLAIN and slot.type is not Type.ENTITY)
        ]
        slot = chance.choice([each for each in named if each.name not in kept])
        if slot.kind is Kind.GROUP and slot.model is not None:
            name, value = self.one(slot.model)
            return f"{slot.name}.{name}", value
        return slot.name, self.value(slot)

    def value(self, slot: Slot) -> Any:
        """A value, which the story itself says since when it was known."""
        made = super().value(slot)
        return made["value"] if isinstance(made, dict) and "value" in made else made

    def scalar(self, slot: Slot) -> Any:
        """A value; a date is one that has come, some of them known to the month only."""
        if slot.type not in (Type.DATE, Type.DATE_OR_NONE):
            return super().scalar(slot)
        chance = self.random
        if slot.type is Type.DATE_OR_NONE and chance.random() < 0.3:
            return "none"
        day = max(self.day - dt.timedelta(days=chance.choice([0, 0, 1, 3, 30, 200])), FIRST)
        return day.isoformat()[: chance.choice([7, 10, 10, 10])]


def _single(sets: Mapping[str, Any]) -> dict[str, Any]:
    """The single facts of an entry, by their paths."""
    return {
        ".".join(path): value
        for start, told in sets.items()
        for path, value in leaves(tuple(start.split(".")), told)
    }
