"""Small snapshots, signals, rules and packs, made in memory for one test at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.case import Case
from advisor.language.documents import Finding, Review, Rule, Signal
from advisor.pack import Pack
from advisor.proofs import Proof
from advisor.signals import ChildSignals
from advisor.snapshot import Snapshot

DAY = "2024-06-03"
FACTS = {
    "child.a": "child.health.disabled",
    "child.b": "child.health.born_early",
    "child.c": "child.movement.walks",
    "child.d": "child.singled_out",
}
"""Four signals that are each one fact, and the facts."""


def case_data(child: Mapping[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """Plain data of a snapshot with one child, ``amy``."""
    return {
        "snapshot": {"id": "made", "as_of": DAY, "authority": "here"},
        "children": [{"id": "amy", **(child or {})}],
        **rest,
    }


def snapshot(child: Mapping[str, Any] | None = None, **rest: Any) -> Snapshot:
    """A snapshot with one child, ``amy``."""
    return Snapshot.from_data(case_data(child, **rest))


def letters(values: str) -> dict[str, Any]:
    """A child whose signals ``child.a`` to ``child.d`` have these values, such as ``TFU``."""
    made: dict[str, Any] = {}
    for letter, path in zip(values, FACTS.values(), strict=False):
        place = made
        *groups, name = path.split(".")[1:]
        for group in groups:
            place = place.setdefault(group, {})
        if letter != "U":
            place[name] = letter == "T"
    return made


def signal(name: str, tree: Any, **more: Any) -> Signal:
    """A signal; what it is about stands in its id."""
    data = {
        "id": name,
        "about": name.split(".", maxsplit=1)[0],
        "ask": "Is it so of {child}?",
        "says": {"true": f"{name} is so", "false": f"{name} is not so", "unknown": "not known"},
        "is": tree,
        **more,
    }
    return Signal.model_validate(data)


def rule(name: str, conditions: Sequence[Any], given: Sequence[Any] = (), **more: Any) -> Rule:
    """A rule of the theme ``made-up``; ``urgency``, ``who`` and ``text`` go to its prompt."""
    prompt = {
        "kind": "question",
        "urgency": more.pop("urgency", "today"),
        "who": more.pop("who", "whoever decides"),
        "text": more.pop("text", "Ask about {child} today."),
        "settled_by": more.pop("settled_by", []),
    }
    data = {
        "id": f"made-up.{name}",
        "title": f"The rule called {name}",
        "theme": "made-up",
        "status": "active",
        "version": 1,
        "about": "child",
        "when": {"given": list(given), "and": list(conditions)},
        "when_unknown": "ask",
        "because": "It is made up for a test.",
        "prompt": prompt,
        "sources": ["made.up"],
        "limits": "It is made up for a test.",
        **more,
    }
    return Rule.model_validate(data)


def pack(rules: Sequence[Rule], signals: Sequence[Signal] | None = None, **more: Any) -> Pack:
    """A pack of these rules; its signals are ``child.a`` to ``child.d`` unless others are given."""
    if signals is None:
        signals = [signal(name, {"fact": path}) for name, path in FACTS.items()]
    finding = Finding(
        id="made.up", at=("1.1",), theme="made-up", finding="A made up finding.", status="encoded"
    )
    review = Review(
        id="made",
        title="A made up review",
        publisher="Nobody",
        published="2024",
        text="made.txt",
        findings=(finding,),
    )
    parts: dict[str, Any] = {
        "name": "made-up",
        "version": "1.0.0",
        "themes": {"made-up": "made up"},
        "reviews": {"made": review},
        "signals": {each.id: each for each in signals},
        "rules": {each.id: each for each in rules},
        **more,
    }
    return Pack(**parts)


def proof(tree: Any, child: Mapping[str, Any] | None = None, **rest: Any) -> Proof:
    """The proof of an expression about the child of a case."""
    signals = {"child.it": signal("child.it", tree)}
    return ChildSignals(Case(snapshot(child, **rest)), "amy", signals).proof("child.it")
