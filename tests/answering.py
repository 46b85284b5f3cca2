"""Snapshots with one more fact: the answer to a question."""

from __future__ import annotations

import copy
from typing import Any

from advisor.residuals import NONE_OTHER
from advisor.snapshot import Snapshot


def answered(made: Snapshot, path: str, answer: Any, *, is_list: bool) -> Snapshot:
    """The snapshot with an answer put at a path; raises InputError if it cannot stand there."""
    data = copy.deepcopy(made.plain)
    place: Any = data
    steps = path.split(".")
    for step in steps[:-1]:
        place = _step(place, step)
    name = steps[-1]
    held = place.get(name)
    entries = isinstance(held, dict) and "items" in held
    if answer == NONE_OTHER and (is_list or entries):
        place[name] = held["items"] if entries else []
    else:
        place[name] = answer
    return Snapshot.from_data(data)


def _step(place: Any, step: str) -> Any:
    if isinstance(place, dict) and "items" in place and step != "items":
        place = place["items"]
    if isinstance(place, list):
        for item in place:
            if step in (item.get("id"), item.get("child")):
                return item
        place.append({"child": step})
        return place[-1]
    if step == "links" and not isinstance(place.get(step), list | dict):
        place[step] = []
    if step == "links" and isinstance(place[step], dict) and "items" not in place[step]:
        place[step] = []
    return place.setdefault(step, {})
