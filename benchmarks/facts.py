"""The facts that a set of formulas reads, as plain data: what the other engines are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from advisor.case import Case
from advisor.truth import TRUE
from advisor.vocabulary import entries, list_place, place
from benchmarks.formula import Both, Either, Formula, Items, Test, complete, flat

Facts = dict[str, Any]
"""Each fact by its flat name, None where it is missing; a list of such for each list."""


def tests_in(formula: Formula) -> Iterator[Test | Items]:
    """The tests and quantifiers of a formula, without looking inside the quantifiers."""
    if isinstance(formula, Both | Either):
        for part in formula.parts:
            yield from tests_in(part)
    else:
        yield formula


class Schema:
    """The names that formulas read: ``scalars``, and ``lists`` with the facts of their items."""

    def __init__(self, formulas: Iterable[Formula]) -> None:
        scalars: dict[str, None] = {}
        lists: dict[str, dict[str, None]] = {}
        for formula in formulas:
            for part in tests_in(formula):
                if isinstance(part, Test):
                    scalars[part.fact] = None
                    continue
                names = lists.setdefault(part.listed, {})
                names.update({t.fact: None for t in tests_in(part.body) if isinstance(t, Test)})
        self.scalars = sorted(scalars)
        self.lists = {name: sorted(lists[name]) for name in sorted(lists)}

    def kind(self, name: str) -> Any:
        """The type of a scalar or of a fact of an item; None of the flags that lists carry."""
        return None if name not in _PATHS else place(_PATHS[name]).slot.type

    def read(self, case: Case, child: str) -> Facts:
        """The facts of one child of a case."""
        scope = {name: getattr(case, name) for name in ("snapshot", "referral", "household")}
        scope["child"] = case.children[child]
        made: Facts = {}
        for name in self.scalars:
            if name in _PATHS:
                made[name] = _value(scope, _PATHS[name])
        for name, inner in self.lists.items():
            listed = list_place(_PATHS[name])
            rows = _reached(scope, listed.path)
            made[complete(name)] = rows.complete
            made[name] = [_item(item, str(listed.member), inner) for item in rows.items]
        return made


_PATHS = {flat(entry.path): entry.path for entry in entries()}
_PATHS.update({f"child_{name}": f"child.{name}" for name in
               ("adults", "events", "services", "meetings")})  # fmt: skip


def _item(item: Any, member: str, names: list[str]) -> Facts:
    made: Facts = {}
    for name in names:
        if name == f"{member}_belongs":
            made[name] = True if item.belongs is TRUE else None
        else:
            made[name] = _value({member: item}, _PATHS[name])
    return made


def _reached(scope: dict[str, Any], path: str) -> Any:
    name, *steps = path.split(".")
    thing = scope[name]
    for step in steps:
        thing = getattr(thing, step)
    return thing


def _value(scope: dict[str, Any], path: str) -> Any:
    held = _reached(scope, path)
    return held.value if held.unknown is None else None
