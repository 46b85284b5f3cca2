"""The documents of a rule pack: rules, signals, reviews, themes, the pack itself, local packs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from advisor.language.expressions import Expression, SignalId, TruthWords

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$", max_length=120)]
FindingId = RuleId
ConcernId = Annotated[str, StringConstraints(pattern=r"^concern\.[a-z0-9_]+$", max_length=80)]
Sentence = Annotated[str, StringConstraints(min_length=10, max_length=1500)]
Line = Annotated[str, StringConstraints(min_length=3, max_length=200)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
Status = Literal["draft", "active", "retired"]
Urgency = Literal["now", "today", "before_decision", "during_assessment"]
Kind = Literal["action", "question", "challenge"]
Verdict = Literal["raised", "raised_on_precaution", "needs_information", "not_raised"]
URGENCIES: tuple[Urgency, ...] = ("now", "today", "before_decision", "during_assessment")
VERDICTS: tuple[Verdict, ...] = (
    "raised",
    "raised_on_precaution",
    "needs_information",
    "not_raised",
)


class DocumentModel(BaseModel):
    """A document or a part of one. Nothing extra is accepted."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )


class Finding(DocumentModel):
    """One thing that a review teaches, in our own words, and what has become of it here."""

    id: FindingId
    at: tuple[str, ...] = Field(min_length=1)
    fingerprint: Fingerprint | None = None
    theme: Slug
    basis: Literal["stated", "implied"] = "stated"
    praise: bool = False
    finding: Sentence
    status: Literal["encoded", "partly", "not_promptable", "pending"]
    why: Sentence | None = None


class Contradiction(DocumentModel):
    """A place where a review disagrees with itself."""

    at: tuple[str, ...] = Field(min_length=1)
    says: Sentence


class Review(DocumentModel):
    """The catalogue of one published review."""

    id: Slug
    title: Line
    publisher: Line
    published: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    text: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.txt$")]
    scope: Sentence | None = None
    contradictions: tuple[Contradiction, ...] = ()
    findings: tuple[Finding, ...]


class Says(DocumentModel):
    """How a signal is put into words for each of its values."""

    true: Line
    false: Line | None = None
    unknown: Line | None = None


About = Literal[
    "child",
    "sibling",
    "adult",
    "injury",
    "plan",
    "order",
    "move",
    "history",
    "check",
    "agency_check",
    "event",
    "service",
    "meeting",
    "referral",
    "household",
]


class Signal(DocumentModel):
    """A three-valued fact with a name: a word of the practice vocabulary."""

    id: SignalId
    about: About
    ask: Line
    says: Says
    tree: Expression = Field(alias="is")
    note: Sentence | None = None


class ConditionSpec(DocumentModel):
    """A condition that names the values it accepts."""

    signal: SignalId
    accepts: TruthWords = Field(default=("true",), alias="is")


def _form(value: Any) -> str | None:
    if isinstance(value, str):
        return "id"
    if isinstance(value, dict):
        return "signal" if "signal" in value else "at_least" if "at_least" in value else None
    return "signal" if isinstance(value, ConditionSpec) else "at_least"


_BARE = Annotated[SignalId, Tag("id")]
_SPEC = Annotated[ConditionSpec, Tag("signal")]
SingleCondition = Annotated[
    _BARE | _SPEC,
    Discriminator(
        _form,
        custom_error_type="condition",
        custom_error_message="write the id of a signal, or {signal: id, is: [values]}",
    ),
]


class AtLeast(DocumentModel):
    """A condition met when so many of several signals or concerns are."""

    at_least: Annotated[int, Field(strict=True, ge=1, le=5)]
    of: tuple[SingleCondition, ...] = Field(min_length=2, max_length=8)


RuleCondition = Annotated[
    _BARE | _SPEC | Annotated[AtLeast, Tag("at_least")],
    Discriminator(
        _form,
        custom_error_type="condition",
        custom_error_message=(
            "write the id of a signal, or {signal: id, is: [values]}, or {at_least: n, of: [...]}"
        ),
    ),
]


class When(DocumentModel):
    """When a rule speaks: ``given`` must definitely hold, ``and`` may be unknown."""

    given: tuple[SingleCondition, ...] = ()
    conditions: tuple[RuleCondition, ...] = Field(alias="and", min_length=1)


class PromptSpec(DocumentModel):
    """What a rule says, to whom, how soon, and which signals would settle it."""

    kind: Kind
    urgency: Urgency
    who: Line
    text: Sentence
    settled_by: tuple[SignalId, ...] = ()


class Example(DocumentModel):
    """A small case and the verdict expected of it. Its name is a sentence."""

    name: Line
    case: dict[str, Any]
    child: str | None = None
    expect: Verdict
    known_miss: Sentence | None = None


class InForce(DocumentModel):
    """The days between which a rule applies, both included."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None


class Rule(DocumentModel):
    """One lesson, as a condition on a case and the prompt it raises."""

    id: RuleId
    title: Line
    theme: Slug
    status: Status
    version: Annotated[int, Field(strict=True, ge=1)]
    about: Literal["child"]
    when: When
    when_unknown: Literal["ask", "raise", "silent"]
    because: Sentence | None = None
    prompt: PromptSpec
    concludes: ConcernId | None = None
    replaces: tuple[RuleId, ...] = ()
    sources: tuple[FindingId, ...] = Field(min_length=1)
    limits: Sentence
    in_force: InForce = InForce()
    examples: tuple[Example, ...] = ()


class PackFile(DocumentModel):
    """``rules/pack.yaml``: the name and version of the pack."""

    name: Slug
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    language: Literal[1]


class Change(DocumentModel):
    """What a local pack changes in one rule. Weakening needs reason, approver and expiry."""

    rule: RuleId
    urgency: Urgency | None = None
    status: Literal["off"] | None = None
    reason: Sentence | None = None
    approver: Line | None = None
    expires: Day | None = None


class LocalPack(DocumentModel):
    """A council's own additions, role names and changes, laid over a pack."""

    local: Slug
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    roles: dict[Line, Line] = {}
    signals: tuple[Signal, ...] = ()
    rules: tuple[Rule, ...] = ()
    reviews: tuple[Review, ...] = ()
    changes: tuple[Change, ...] = ()
