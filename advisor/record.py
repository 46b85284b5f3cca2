"""The record for the case file: what was raised, what was answered, and what it rests on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from advisor.advice import (
    Advice,
    EngineShown,
    NotEvaluated,
    PackShown,
    Prompt,
    Question,
)
from advisor.changes import Gone, why_gone
from advisor.language.english import word
from advisor.pack import Pack
from advisor.responses import Answer, Response
from advisor.snapshot import Snapshot

RECORD_VERSION = "1"

ANSWERS: Mapping[Answer, str] = {
    "addressed": "Addressed",
    "already_done": "Already done",
    "does_not_apply": "Does not apply here",
    "disagree": "We disagree",
    "awaiting": "Awaiting",
}
"""What a worker may say to a prompt, in words."""


class RecordPart(BaseModel):
    """A part of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseRecorded(RecordPart):
    """The snapshot that was advised on. ``decision`` is the one proposed, or why it is unknown."""

    snapshot_id: str
    snapshot_sha256: str
    as_of: str
    revision: int
    decision: str


class Made(RecordPart):
    """When the record was made, by whom, and in which role."""

    at: AwareDatetime
    by: str
    role: str


class AnswerRecorded(RecordPart):
    """What a worker answered to a prompt.

    ``on_this_snapshot`` is whether the case has stood unchanged since.
    """

    answer: Answer
    reason: str
    who: str
    by: dt.date | None
    given_by: str
    given_at: AwareDatetime
    revision: int
    on_this_snapshot: bool


class PromptRecorded(RecordPart):
    """A prompt as the advice has it, the latest answer to it, and those before, oldest first.

    ``answered_otherwise`` holds answers to the same lesson where it was about other children too,
    or stood in an earlier version. ``takes_in`` names the weaker prompts that it replaces.
    """

    prompt: Prompt
    takes_in: tuple[str, ...]
    answer: AnswerRecorded | None
    earlier: tuple[AnswerRecorded, ...]
    answered_otherwise: tuple[AnswerRecorded, ...]


class NoLongerRaised(RecordPart):
    """A prompt that was answered and is not raised any more for these children, and why not."""

    prompt: str
    rule: str
    rule_version: int
    title: str
    children: tuple[str, ...]
    why: Gone | Literal["not_in_use"]
    taken_in_by: str
    answer: AnswerRecorded
    earlier: tuple[AnswerRecorded, ...]


class NotLookedAt(RecordPart):
    """Rules that could not be looked at for a child, by id and title, and why."""

    child: str
    rules: tuple[tuple[str, str], ...]
    why: str
    ask: tuple[str, ...]


class RecordDocument(RecordPart):
    """Everything that goes into the case file. Its keys are fixed; more may be added."""

    record_version: str = RECORD_VERSION
    made: Made
    case: CaseRecorded
    notice: str
    prompts: tuple[PromptRecorded, ...]
    no_longer_raised: tuple[NoLongerRaised, ...]
    questions: tuple[Question, ...]
    not_looked_at: tuple[NotLookedAt, ...]
    notes: tuple[str, ...]
    pack: PackShown
    engine: EngineShown


def record_of(
    snapshot: Snapshot,
    advice: Advice,
    responses: Sequence[Response],
    pack: Pack,
    *,
    revision: int,
    made_at: dt.datetime,
    made_by: str,
    role: str,
    names: Mapping[str, str] | None = None,
) -> RecordDocument:
    """The record of a case as it stands, with every answer given to its prompts.

    ``advice`` is that of ``pack`` on ``snapshot``, which is the case at ``revision``;
    ``responses`` stand in the order in which they were given; ``names`` has what to call those
    who gave them, by the id that is kept. Raises ValueError for advice on
    another snapshot or from another pack.
    """
    if (advice.snapshot_sha256, advice.pack.sha256) != (snapshot.sha256, pack.sha256):
        raise ValueError("this advice is on another snapshot, or from another pack")
    answers = Answers(advice, responses, names or {})
    titles = {rule.id: rule.title for rule in pack.rules.values()}
    return RecordDocument(
        made=Made(at=made_at, by=made_by, role=role),
        case=CaseRecorded(
            snapshot_id=advice.snapshot_id,
            snapshot_sha256=advice.snapshot_sha256,
            as_of=advice.as_of,
            revision=revision,
            decision=decision_proposed(snapshot),
        ),
        notice=advice.notice,
        prompts=tuple(_recorded(prompt, answers, titles) for prompt in advice.prompts),
        no_longer_raised=tuple(_no_longer(advice, answers, pack, snapshot.as_of.first)),
        questions=advice.questions,
        not_looked_at=tuple(_not_looked_at(each, titles) for each in advice.not_evaluated),
        notes=advice.notes,
        pack=advice.pack,
        engine=advice.engine,
    )


def as_json(record: RecordDocument) -> str:
    """The record as JSON, for a program or an archive."""
    return json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def decision_proposed(snapshot: Snapshot) -> str:
    """The decision that was checked, in words, or why it is not known."""
    held = snapshot.referral.decision
    return word(held.value) if held.unknown is None else held.unknown.words


def children_of(prompt: str) -> tuple[str, ...]:
    """The children in the id of a prompt, ``rule@version:child+child``."""
    return tuple(prompt.rpartition(":")[2].split("+"))


class Answers:
    """The answers given to the prompts of a case, beside the advice on it as it stands.

    ``names`` has what to call those who gave them, by the id that is kept.
    """

    def __init__(
        self, advice: Advice, responses: Iterable[Response], names: Mapping[str, str]
    ) -> None:
        self._snapshot, self._names = advice.snapshot_sha256, names
        self._standing = {prompt.id for prompt in advice.prompts}
        self._by_prompt: dict[str, list[Response]] = {}
        for each in responses:
            self._by_prompt.setdefault(each.prompt, []).append(each)

    def given_to(self, prompt: str) -> tuple[AnswerRecorded, ...]:
        """Every answer to the prompt with this id, oldest first."""
        return tuple(self._shown(each) for each in self._by_prompt.get(prompt, ()))

    def given_otherwise(self, prompt: Prompt) -> tuple[AnswerRecorded, ...]:
        """Answers to the same rule about some of the same children, where it stood otherwise."""
        return tuple(
            self._shown(each)
            for name, given in self._by_prompt.items()
            if name not in self._standing and not {*children_of(name)}.isdisjoint(prompt.children)
            for each in given
            if each.rule == prompt.rule
        )

    def not_standing(self) -> dict[str, Response]:
        """The latest answer to each prompt that stands no longer under that id."""
        return {
            name: given[-1] for name, given in self._by_prompt.items() if name not in self._standing
        }

    def _shown(self, response: Response) -> AnswerRecorded:
        return AnswerRecorded(
            answer=response.answer,
            reason=response.reason,
            who=response.who,
            by=response.by,
            given_by=self._names.get(response.given_by, response.given_by),
            given_at=response.given_at,
            revision=response.revision,
            on_this_snapshot=response.snapshot_sha256 == self._snapshot,
        )


def _recorded(prompt: Prompt, answers: Answers, titles: Mapping[str, str]) -> PromptRecorded:
    given = answers.given_to(prompt.id)
    return PromptRecorded(
        prompt=prompt,
        takes_in=tuple(titles.get(rule, rule) for rule in prompt.replaces),
        answer=given[-1] if given else None,
        earlier=given[:-1],
        answered_otherwise=answers.given_otherwise(prompt),
    )


def _no_longer(
    advice: Advice, answers: Answers, pack: Pack, day: dt.date
) -> Iterable[NoLongerRaised]:
    in_use = {rule.id for rule in pack.in_force(day)}
    standing = {(each.rule, child) for each in advice.prompts for child in each.children}
    for name, response in answers.not_standing().items():
        rule = pack.rules.get(response.rule)
        groups: dict[tuple[Gone | Literal["not_in_use"], str], list[str]] = {}
        for child in children_of(name):
            if (response.rule, child) not in standing:
                key = _why(response.rule, child, advice, in_use)
                groups.setdefault(key, []).append(child)
        given = answers.given_to(name)
        for (why, into), children in groups.items():
            yield NoLongerRaised(
                prompt=name,
                rule=response.rule,
                rule_version=response.rule_version,
                title=rule.title if rule else response.rule,
                children=tuple(children),
                why=why,
                taken_in_by=pack.rules[into].title if into else "",
                answer=given[-1],
                earlier=given[:-1],
            )


def _why(
    rule: str, child: str, advice: Advice, in_use: Container[str]
) -> tuple[Gone | Literal["not_in_use"], str]:
    return why_gone(rule, child, advice) if rule in in_use else ("not_in_use", "")


def _not_looked_at(part: NotEvaluated, titles: Mapping[str, str]) -> NotLookedAt:
    return NotLookedAt(
        child=part.child,
        rules=tuple((rule, titles.get(rule, rule)) for rule in part.rules),
        why=part.why,
        ask=tuple(each.ask for each in part.unknown),
    )
