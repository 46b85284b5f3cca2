"""Running the examples that stand inside rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.case import Case
from advisor.engine import Engine
from advisor.evaluation import ChildResult, evaluate
from advisor.language.documents import Example, Rule
from advisor.pack import Pack
from advisor.problems import InputError, Problem
from advisor.snapshot import Snapshot
from advisor.truth import UNKNOWN

EXAMPLE_DAY = "2024-06-03"
EXAMPLE_AUTHORITY = "here"


@dataclass(frozen=True)
class Proved:
    """One example, what came of it, and whether that is what was expected."""

    rule: Rule
    number: int
    example: Example
    verdict: str
    rests_on_unknown: bool

    @property
    def holds(self) -> bool:
        """Whether the verdict is the one expected, or is not and the miss is on record."""
        return (self.verdict == self.example.expect) is (self.example.known_miss is None)


def snapshot_of(pack: Pack, rule: Rule, number: int) -> Snapshot:
    """The snapshot of an example; raises InputError naming the rule's file and line.

    ``child: {...}`` stands for a family with one child whose id is ``child``; the header is filled
    in where it is left out.
    """
    example = rule.examples[number]
    try:
        return Snapshot.from_data(completed(example.case))
    except InputError as error:
        origin = pack.origins.get(rule.id)
        if origin is None:
            raise
        place = ("examples", number, "case")
        raise InputError(
            Problem(
                origin.document.source,
                origin.document.line(place),
                f"examples[{number}].case.{problem.field}",
                problem.message,
            )
            for problem in error.problems
        ) from None


def completed(case: Mapping[str, Any]) -> dict[str, Any]:
    """An example's case as a whole snapshot."""
    made = dict(case)
    header = made.get("snapshot") or {}
    made["snapshot"] = {
        "id": "example",
        "as_of": EXAMPLE_DAY,
        "authority": EXAMPLE_AUTHORITY,
        **header,
    }
    if "child" in made:
        child = made.pop("child") or {}
        made["children"] = [{"id": "child", **child}]
    return made


def prove(pack: Pack, rule: Rule) -> Iterator[Proved]:
    """Run a rule's examples, whatever its status; rules that it builds on run beside it."""
    others = [each for each in pack.rules.values() if each.id != rule.id]
    engine = Engine(pack, [*others, rule])
    for number, example in enumerate(rule.examples):
        result = _result(engine, snapshot_of(pack, rule, number), rule, example, pack)
        yield Proved(
            rule,
            number,
            example,
            result.outcomes[rule.id].verdict,
            any(
                result.values[c.name] is UNKNOWN
                for c in engine.logics[rule.id].singles
                if not c.is_concern
            ),
        )


def _result(
    engine: Engine, snapshot: Snapshot, rule: Rule, example: Example, pack: Pack
) -> ChildResult:
    case = Case(snapshot)
    child = example.child or next(iter(case.children))
    if child not in case.children:
        origin = pack.origins[rule.id]
        raise InputError([origin.problem(("examples",), f"there is no child {child} in it")])
    return evaluate(engine, case, child)
