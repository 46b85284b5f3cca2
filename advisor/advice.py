"""The advice: what is said of a snapshot, as fixed keys that other programs rely on."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from advisor.language.documents import Kind, Urgency

ADVICE_VERSION = "1"
IN_FULL = 5
"""How many prompts stand in full on paper and screen; the rest in a line each."""

NOTICE = (
    "These are prompts drawn from published reviews, for a person who decides. They are not a "
    "score, a threshold or a decision. No prompt, or few, does not mean that a child is safe: the "
    "advisor sees only what was entered, and knows only the lessons it was given. What could not "
    "be looked at is listed."
)
"""The fixed words that stand on every output."""


class Part(BaseModel):
    """A part of the advice."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FactShown(Part):
    """A fact behind a prompt: where it stands in the snapshot, and its value."""

    path: str
    value: Any
    known_on: str | None = None


class Because(Part):
    """One condition that was met, in words, with the facts that made it so."""

    signal: str
    says: str
    value: Literal["true", "false", "unknown"]
    child: str
    facts: tuple[FactShown, ...] = ()


class UnknownShown(Part):
    """An unknown fact on which something depends, why it is unknown, and what to ask."""

    path: str
    reason: str
    ask: str


class SourceShown(Part):
    """Where a review says what the prompt carries, and what it found, in our words."""

    review: str
    title: str
    published: str
    at: tuple[str, ...]
    finding: str


class Prompt(Part):
    """A question to ask, an action to consider or an assumption to challenge."""

    id: str
    rule: str
    rule_version: int
    theme: str
    title: str
    child: str
    children: tuple[str, ...]
    verdict: Literal["raised", "raised_on_precaution", "needs_information"]
    rests_on_absence: bool
    urgency: Urgency
    kind: Kind
    who: str
    text: str
    settled_by: tuple[str, ...]
    because: tuple[Because, ...]
    unknown: tuple[UnknownShown, ...]
    sources: tuple[SourceShown, ...]
    limits: str
    replaces: tuple[str, ...] = ()


class Effect(Part):
    """What one answer to a question would do."""

    answer: str | bool | int
    raises: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()


class Question(Part):
    """An unknown fact worth asking about, and what each answer would change."""

    path: str
    ask: str
    hint: str = ""
    about: str | None
    who_may_know: tuple[str, ...]
    reason: str
    bears_on: tuple[str, ...]
    would: tuple[Effect, ...]


class NotEvaluated(Part):
    """Rules that could not be looked at for a child, and the unknown facts in the way."""

    child: str
    rules: tuple[str, ...]
    why: str
    unknown: tuple[UnknownShown, ...]


class PackShown(Part):
    """The rule pack that was used."""

    name: str
    version: str
    sha256: str


class EngineShown(Part):
    """The program that was used."""

    advisor: str
    inference: str


class Counts(Part):
    """How many rules there were, were in play, and led to prompts. They say nothing of a child."""

    rules: int
    in_play: int
    raised: int
    needs_information: int


class Advice(Part):
    """Everything the advisor says of one snapshot."""

    advice_version: str = ADVICE_VERSION
    snapshot_id: str
    snapshot_sha256: str
    as_of: str
    pack: PackShown
    engine: EngineShown
    notice: str = NOTICE
    prompts: tuple[Prompt, ...]
    questions: tuple[Question, ...]
    not_evaluated: tuple[NotEvaluated, ...]
    counts: Counts
    notes: tuple[str, ...] = Field(
        default=(), description="What a local pack changed, and what was left out"
    )
