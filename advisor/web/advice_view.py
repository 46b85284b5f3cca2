"""What stands on the advice page of a case, in words; knows nothing of how it is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.addresses import AddressError
from advisor.advice import IN_FULL, Prompt, Question
from advisor.answering.asked import Field, field_at
from advisor.language.english import KINDS, URGENCIES, words
from advisor.questionnaire import Questionnaire
from advisor.record import ANSWERS, AnswerRecorded, Answers
from advisor.record_text import answer_told
from advisor.responses import Response
from advisor.telling import (
    Titles,
    counted,
    effects,
    facts_told,
    grouped,
    heading,
    not_looked_at,
    reasons,
    rests_on,
    source_named,
)
from advisor.web.advices import Looked
from advisor.web.marks import mark

QUESTIONS_OPEN = 5
"""How many questions can be answered in place; the others open one at a time."""

REASONS_SHOWN = 6
"""How many reasons why rules could not be looked at stand in full."""

CHOICES = (
    ("addressed", f"{ANSWERS['addressed']}: we are doing it, or have arranged it"),
    ("already_done", f"{ANSWERS['already_done']}, before this prompt"),
    ("does_not_apply", f"{ANSWERS['does_not_apply']} (say why)"),
    ("disagree", f"{ANSWERS['disagree']} (say why)"),
    ("awaiting", f"{ANSWERS['awaiting']}: say whose answer, and by when"),
)
"""What a worker may say to a prompt: the value, and the words beside the button."""


@dataclass(frozen=True)
class Unknown:
    """A question that a prompt rests on, with why it is not known, and its mark."""

    text: str
    mark: str


@dataclass(frozen=True)
class Typed:
    """What stands in the answer form of a prompt, and what is wrong with it by field."""

    values: Mapping[str, str]
    errors: Mapping[str, str]

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.errors.get(name, "")


BLANK = Typed({}, {})


@dataclass(frozen=True)
class PromptView:
    """A prompt as the page shows it."""

    id: str
    mark: str
    title: str
    urgency: str
    soon: str
    about: str
    kind: str
    standing: str
    text: str
    who: str
    reasons: tuple[str, ...]
    rests_on: str
    unknown: tuple[Unknown, ...]
    settled_by: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    limits: str
    takes_in: tuple[tuple[str, str], ...]
    rule: str
    version: int
    answer: str
    answer_word: str
    stale: bool
    earlier: tuple[str, ...]
    otherwise: tuple[str, ...]
    typed: Typed

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each fault of the form, with the link to the field."""
        return [(f"#p{self.mark}-{name}", text) for name, text in self.typed.errors.items()]


@dataclass(frozen=True)
class GroupView:
    """The prompts of one urgency: those that stand in full, and those in a line each."""

    urgency: str
    words: str
    full: tuple[PromptView, ...]
    folded: tuple[PromptView, ...]


@dataclass(frozen=True)
class Effect:
    """What an answer would do: the titles of the rules that it raises and settles."""

    answer: str
    raises: tuple[str, ...]
    settles: tuple[str, ...]


@dataclass(frozen=True)
class QuestionView:
    """A question worth asking; ``field`` is its form, where it is open and can be answered here."""

    mark: str
    text: str
    reason: str
    who: str
    effects: tuple[Effect, ...]
    bears_on: tuple[str, ...]
    field: Field | None


@dataclass(frozen=True)
class Reason:
    """Why rules could not be looked at, for whom, and which."""

    about: str
    why: str
    rules: tuple[str, ...]

    @property
    def count(self) -> str:
        """How many rules, in words."""
        return counted(len(self.rules), "rule")


@dataclass(frozen=True)
class AdvicePage:
    """Everything on the page that follows from the advice and the answers to it."""

    groups: tuple[GroupView, ...]
    asked: tuple[QuestionView, ...]
    to_ask: tuple[QuestionView, ...]
    stopped: str
    reasons: tuple[Reason, ...]
    more_reasons: tuple[Reason, ...]

    @property
    def folded(self) -> bool:
        """Whether any prompt stands in a line only."""
        return any(group.folded for group in self.groups)

    def prompt(self, name: str) -> PromptView | None:
        """The prompt with this id."""
        prompts = (each for group in self.groups for each in (*group.full, *group.folded))
        return next((each for each in prompts if each.id == name), None)


class Drawing:
    """Puts the advice on one revision of a case into the words of its page."""

    def __init__(
        self,
        case: str,
        looked: Looked,
        responses: Sequence[Response],
        titles: Titles,
        questionnaire: Questionnaire,
        *,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._case, self._looked, self._titles = case, looked, titles
        self._answers = Answers(looked.advice, responses, names or {})
        self._questionnaire = questionnaire

    def page(
        self,
        *,
        opened: str = "",
        everything: bool = False,
        typed: Mapping[str, Typed] | None = None,
        posted: Field | None = None,
    ) -> AdvicePage:
        """The page; ``opened`` is the address of a question to open first.

        ``everything`` folds no prompt away; ``typed`` holds, by prompt, what was posted, and
        ``posted`` the question that was answered, as it was.
        """
        advice = self._looked.advice
        asked, to_ask = self._questions(opened, posted)
        stopped = [
            Reason(heading(children), why, tuple(self._titles.get(rule, rule) for rule in rules))
            for why, children, rules in grouped(advice.not_evaluated)
        ]
        return AdvicePage(
            groups=tuple(self._groups(everything, typed or {})),
            asked=asked,
            to_ask=to_ask,
            stopped=not_looked_at(advice.not_evaluated),
            reasons=tuple(stopped[:REASONS_SHOWN]),
            more_reasons=tuple(stopped[REASONS_SHOWN:]),
        )

    def addresses(self) -> Iterator[str]:
        """Every fact that the page asks about."""
        yield from (each.path for each in self._looked.advice.questions)
        for prompt in self._looked.advice.prompts:
            yield from (each.path for each in prompt.unknown)

    def _groups(self, everything: bool, typed: Mapping[str, Typed]) -> Iterator[GroupView]:
        prompts = self._looked.advice.prompts
        full = len(prompts) if everything else IN_FULL
        shown = [self._prompt(each, typed.get(each.id, BLANK)) for each in prompts]
        for urgency, soon in URGENCIES.items():
            there = [(place, e) for place, e in enumerate(shown) if e.urgency == urgency]
            if there:
                yield GroupView(
                    urgency,
                    soon,
                    tuple(each for place, each in there if place < full),
                    tuple(each for place, each in there if place >= full),
                )

    def _prompt(self, prompt: Prompt, typed: Typed) -> PromptView:
        waits = prompt.verdict == "needs_information"
        given = self._answers.given_to(prompt.id)
        latest = given[-1] if given else None
        return PromptView(
            id=prompt.id,
            mark=mark(self._case, prompt.id),
            title=prompt.title,
            urgency=prompt.urgency,
            soon=URGENCIES[prompt.urgency],
            about=heading(prompt.children),
            kind=f"{KINDS[prompt.kind]}{', if it applies' if waits else ''}",
            standing=_STANDING[prompt.verdict],
            text=prompt.text,
            who=prompt.who,
            reasons=reasons(prompt),
            rests_on=rests_on(prompt),
            unknown=tuple(
                Unknown(f"{each.ask} ({each.reason})", mark(self._case, each.path))
                for each in prompt.unknown
            ),
            settled_by=prompt.settled_by,
            sources=tuple((source_named(each), each.finding) for each in prompt.sources),
            facts=facts_told(prompt),
            limits=prompt.limits,
            takes_in=tuple((rule, self._titles.get(rule, rule)) for rule in prompt.replaces),
            rule=prompt.rule,
            version=prompt.rule_version,
            answer=answer_told(latest) if latest else "",
            answer_word=ANSWERS[latest.answer] if latest else "",
            stale=latest is not None and not latest.on_this_snapshot,
            earlier=tuple(answer_told(each) for each in given[:-1]),
            otherwise=tuple(answer_told(e) for e in self._answers.given_otherwise(prompt)),
            typed=typed if typed is not BLANK else _as_answered(latest),
        )

    def _questions(
        self, opened: str, posted: Field | None
    ) -> tuple[tuple[QuestionView, ...], tuple[QuestionView, ...]]:
        """The questions that stand open, the one asked for first, and the others."""
        found = {each.path: each for each in self._looked.advice.questions}
        first = [path for path in found if path != opened][:QUESTIONS_OPEN]
        asked = [self._question(found[path], self._field(path)) for path in first]
        if opened:
            field = posted or self._field(opened)
            question = found.get(opened)
            if question is not None:
                asked.insert(0, self._question(question, field))
            elif field is not None:
                asked.insert(0, self._unlisted(field))
        rest = [path for path in found if path not in first and path != opened]
        return tuple(asked), tuple(self._question(found[path], None) for path in rest)

    def _field(self, address: str) -> Field | None:
        try:
            return field_at(address, self._looked.snapshot.plain, self._questionnaire)
        except AddressError:
            return None

    def _question(self, question: Question, field: Field | None) -> QuestionView:
        return QuestionView(
            mark=mark(self._case, question.path),
            text=question.ask,
            reason=question.reason,
            who=words(question.who_may_know) if question.who_may_know else "",
            effects=tuple(
                Effect(answer, self._titled(raises), self._titled(settles))
                for answer, raises, settles in effects(question)
            ),
            bears_on=() if question.would else self._titled(question.bears_on),
            field=field,
        )

    def _unlisted(self, field: Field) -> QuestionView:
        """A question that a prompt rests on, though no answer to it alone would change one."""
        return QuestionView(
            mark(self._case, field.address), field.ask, "", field.who_may_know, (), (), field
        )

    def _titled(self, rules: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._titles.get(rule, rule) for rule in rules)


_STANDING = {
    "raised": "",
    "raised_on_precaution": "Raised on precaution",
    "needs_information": "Needs information",
}


def _as_answered(answer: AnswerRecorded | None) -> Typed:
    """The form as the latest answer filled it, for changing it."""
    if answer is None:
        return BLANK
    values: dict[str, Any] = {"answer": answer.answer, "reason": answer.reason, "who": answer.who}
    if answer.by is not None:
        values |= {"by!day": answer.by.day, "by!month": answer.by.month, "by!year": answer.by.year}
    return Typed({name: str(value) for name, value in values.items()}, {})
