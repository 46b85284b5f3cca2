"""Starting a check: from a few answers, from a snapshot that was pasted or sent, or an example."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from advisor.data import scenarios_folder
from advisor.problems import InputError, Problem
from advisor.reading import read_text
from advisor.scenario import Scenario, scenarios, snapshot_in
from advisor.snapshot import Snapshot
from advisor.web.forms import Form, readable

MOST_CHILDREN = 12
_IDENTIFIER = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
_PASTED = "what you pasted"


class StartError(ValueError):
    """A start form at fault. ``errors`` has a sentence for each field."""

    def __init__(self, errors: Mapping[str, str], problems: tuple[Problem, ...] = ()) -> None:
        self.errors, self.problems = dict(errors), problems
        super().__init__("this check cannot be started")


def blank(form: Form, today: dt.date) -> dict[str, Any]:
    """The document of a new case: its name, its day, its authority and its children.

    Fields read: ``name``, ``day!day``, ``day!month``, ``day!year``, ``authority``, ``children``
    and ``every_child``. Raises StartError with every fault.
    """
    errors: dict[str, str] = {}
    children = form.one("children")
    number = int(children[:3]) if children.isascii() and children.isdecimal() else 0
    if not 1 <= number <= MOST_CHILDREN:
        errors["children"] = f"Enter how many children there are, from 1 to {MOST_CHILDREN}"
    day = _day(form, errors, today)
    name = form.one("name") or f"check-{today.isoformat()}"
    if not _IDENTIFIER.fullmatch(name):
        errors["name"] = _made_up("Your name for this check")
    authority = form.one("authority")
    if authority and not _IDENTIFIER.fullmatch(authority):
        errors["authority"] = _made_up("The authority")
    if errors:
        raise StartError(errors)
    header = {"id": name, "as_of": day.isoformat()}
    if authority:
        header["authority"] = authority
    document = {
        "snapshot": header,
        "children": {
            "complete": form.one("every_child") == "yes",
            "items": [{"id": f"child-{each}"} for each in range(1, number + 1)],
        },
    }
    try:
        return Snapshot.from_data(document).plain
    except InputError as error:
        raise StartError({"day!day": error.problems[0].message}) from None


def _made_up(what: str) -> str:
    return (
        f"{what} must be lower-case letters, digits and hyphens only, such as “case-12”: "
        "made up, and never a person’s name"
    )


def _day(form: Form, errors: dict[str, str], today: dt.date) -> dt.date:
    parts = [form.one(f"day!{part}") for part in ("year", "month", "day")]
    if not any(parts):
        return today
    try:
        if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts):
            raise ValueError
        year, month, day = map(int, parts)
        return dt.date(year, month, day)
    except ValueError:
        errors["day!day"] = "The day of the decision must be a real date, such as 27 3 2026"
        return today


def pasted(text: str, source: str = _PASTED) -> dict[str, Any]:
    """The document in a text of YAML or JSON; raises StartError with its problems by line."""
    if not text.strip():
        raise StartError({"text": "Paste a snapshot, or choose a file that holds one"})
    if not readable(text):
        raise StartError({"text": "There is a control character in this text; remove it"})
    try:
        is_json = re.match(r'\s*\{\s*["}]', text) is not None
        return snapshot_in(read_text(text, source, is_json=is_json)).plain
    except InputError as error:
        raise StartError({"text": "This snapshot cannot be used"}, error.problems) from None


class Example(NamedTuple):
    """A shipped case to begin from."""

    id: str
    title: str
    group: str
    scenario: Scenario


@cache
def examples() -> dict[str, Example]:
    """Every shipped case by its id: ordinary referrals, then decision points of each story."""
    folder = scenarios_folder()
    found = {}
    for kind in ("ordinary", "reviews"):
        for scenario in scenarios(folder / kind):
            group = "Ordinary referrals" if kind == "ordinary" else _story(scenario)
            found[scenario.id] = Example(scenario.id, scenario.head.title, group, scenario)
    return found


def _story(scenario: Scenario) -> str:
    name = scenario.path.parent.name.replace("-", " ").title()
    return f"Review: {name.replace(' And ', ' and ')}"


def by_group() -> dict[str, list[Example]]:
    """The examples in their groups, in order."""
    groups: dict[str, list[Example]] = {}
    for each in examples().values():
        groups.setdefault(each.group, []).append(each)
    return groups


def example(name: str) -> dict[str, Any]:
    """The document of an example; raises StartError if there is none of that name."""
    found = examples().get(name)
    if found is None:
        raise StartError({"example": "Select an example"})
    return found.scenario.snapshot.plain
