"""What a signal ``is``: a tree of few operators over facts and other signals.

======================  =====================================================================
``all`` ``any`` ``not``  and, or, not
``some`` ``every``       a member, every member, of a list (``where`` says of which kind)
``count``                ``at_least`` so many members of a list
``fact``                 a fact is true; or ``is``, ``in``, ``includes``, ``at_least``,
                         ``at_most``, ``before``, ``after``, ``within`` ... ``before``,
                         ``same_as``
``known`` ``unknown``    whether a fact is known: never itself unknown
``signal``               another signal; ``is`` names the values accepted; or just its id
======================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from advisor.values import UnknownReason

Path = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+)+$", max_length=120)]
SignalId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z0-9_]+$", max_length=120)]
PeriodText = Annotated[str, StringConstraints(pattern=r"^\d{1,4} (day|week|month|year)s?$")]
Scalar = bool | int | float | str


def _word(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _words(value: object) -> object:
    return (_word(value),) if isinstance(value, bool | str) else value


_WORD_SCHEMA = {"enum": ["true", "false", "unknown", True, False]}
TruthWord = Annotated[Literal["true", "false", "unknown"], BeforeValidator(_word)]
TruthWords = Annotated[
    tuple[TruthWord, ...],
    BeforeValidator(_words),
    Field(min_length=1),
    WithJsonSchema(
        {"anyOf": [_WORD_SCHEMA, {"type": "array", "items": _WORD_SCHEMA, "minItems": 1}]}
    ),
]
"""The values a reference accepts: one, or a list."""


class Node(BaseModel):
    """A part of an expression. Nothing extra is accepted."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )


class All(Node):
    """True if every part is."""

    all: tuple[Expression, ...] = Field(min_length=1)


class AnyOf(Node):
    """True if one part is."""

    any: tuple[Expression, ...] = Field(min_length=1)


class Not(Node):
    """Turns true and false round."""

    negated: Expression = Field(alias="not")


class Some(Node):
    """True if a member of the list satisfies ``where``; unknown if a missing one might."""

    some: Path
    where: Expression | None = None


class Every(Node):
    """True if every member satisfies ``where``; unknown if a missing one might not."""

    every: Path
    where: Expression


class CountOf(Node):
    """True if ``at_least`` so many members satisfy ``where``."""

    count: Path
    at_least: Annotated[int, Field(strict=True, ge=1, le=1000)]
    where: Expression | None = None


class FactTest(Node):
    """A test of one fact. With no test, the fact itself, which must be true or false."""

    fact: Path
    equals: Scalar | None = Field(default=None, alias="is")
    among: tuple[Scalar, ...] | None = Field(default=None, alias="in", min_length=1)
    includes: str | tuple[str, ...] | None = None
    at_least: int | float | None = None
    at_most: int | float | None = None
    before: str | None = None
    after: str | None = None
    within: PeriodText | None = None
    same_as: Path | None = None

    @property
    def tests(self) -> dict[str, Any]:
        """The tests that are given, by the name under which a rule writes them."""
        held = {
            "is": self.equals,
            "in": self.among,
            "includes": self.includes,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "before": self.before,
            "after": self.after,
            "within": self.within,
            "same_as": self.same_as,
        }
        return {name: value for name, value in held.items() if value is not None}


class Known(Node):
    """True if the fact is known, false if not. Never unknown."""

    known: Path


class UnknownTest(Node):
    """True if the fact is not known (for one of ``because``, if given). Never unknown."""

    unknown: Path
    because: tuple[UnknownReason, ...] | None = None


class SignalRef(Node):
    """Another signal. With ``is``, true if its value is one of those named, else false."""

    signal: SignalId
    accepts: TruthWords | None = Field(default=None, alias="is")


OPERATORS: dict[str, type[Node]] = {
    "all": All,
    "any": AnyOf,
    "not": Not,
    "some": Some,
    "every": Every,
    "count": CountOf,
    "fact": FactTest,
    "known": Known,
    "unknown": UnknownTest,
    "signal": SignalRef,
}


def _operator(value: Any) -> str | None:
    if isinstance(value, str):
        return "id"
    if isinstance(value, Node):
        return next(name for name, model in OPERATORS.items() if isinstance(value, model))
    if isinstance(value, dict):
        found = [name for name in OPERATORS if name in value]
        if len(found) == 1:
            return found[0]
    return None


Expression = Annotated[
    Union[  # noqa: UP007 - written so that pydantic can resolve the forward references
        Annotated[SignalId, Tag("id")],
        Annotated[All, Tag("all")],
        Annotated[AnyOf, Tag("any")],
        Annotated[Not, Tag("not")],
        Annotated[Some, Tag("some")],
        Annotated[Every, Tag("every")],
        Annotated[CountOf, Tag("count")],
        Annotated[FactTest, Tag("fact")],
        Annotated[Known, Tag("known")],
        Annotated[UnknownTest, Tag("unknown")],
        Annotated[SignalRef, Tag("signal")],
    ],
    Discriminator(
        _operator,
        custom_error_type="operator",
        custom_error_message="write the id of a signal, or one of: " + ", ".join(OPERATORS),
    ),
]

for _model in OPERATORS.values():
    _model.model_rebuild()

Steps = tuple[str | int, ...]


def accepted(reference: SignalRef) -> frozenset[str] | None:
    """The values a reference accepts, or None if it passes the signal's own value on."""
    return None if reference.accepts is None else frozenset(reference.accepts)


def parts(node: Expression) -> Iterator[tuple[Steps, Expression]]:
    """The expressions directly inside one, each with the keys that lead to it."""
    if isinstance(node, All | AnyOf):
        key = "all" if isinstance(node, All) else "any"
        for number, part in enumerate(node.all if isinstance(node, All) else node.any):
            yield (key, number), part
    elif isinstance(node, Not):
        yield ("not",), node.negated
    elif isinstance(node, Some | Every | CountOf) and node.where is not None:
        yield ("where",), node.where


def every_part(node: Expression, path: Steps = ()) -> Iterator[tuple[Steps, Expression]]:
    """An expression and all those inside it, each with the keys that lead to it."""
    yield path, node
    for steps, part in parts(node):
        yield from every_part(part, path + steps)


def signals_read(node: Expression) -> Iterator[str]:
    """The ids of the signals that an expression refers to directly."""
    for _, part in every_part(node):
        if isinstance(part, str):
            yield part
        elif isinstance(part, SignalRef):
            yield part.signal


def facts_read(node: Expression) -> Iterator[str]:
    """The paths of the facts and lists that an expression reads itself."""
    for _, part in every_part(node):
        if isinstance(part, FactTest):
            yield part.fact
            others = (part.same_as, part.before, part.after)
            yield from (path for path in others if path is not None and not path[0].isdigit())
        elif isinstance(part, Known):
            yield part.known
        elif isinstance(part, UnknownTest):
            yield part.unknown
        elif isinstance(part, Some):
            yield part.some
        elif isinstance(part, Every):
            yield part.every
        elif isinstance(part, CountOf):
            yield part.count
