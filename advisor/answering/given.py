"""A posted form as answers: what was picked and typed for each question, read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.answering.asked import Field, Shown
from advisor.answering.said import WrongAnswerError, said_by
from advisor.parts import Held

Form = Mapping[str, Sequence[str]] | Iterable[tuple[str, str]]
"""What was posted: every name with its values, or names and values in turn."""

_ENDS = ("day", "month", "year", "number", "unit", "why", "note", "complete")


class FormError(ValueError):
    """Answers at fault: ``messages`` by the name of the field, or "" for the form as a whole."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        self.messages = dict(messages)
        super().__init__("\n".join(self.messages.values()))


@dataclass(frozen=True)
class Answer:
    """What the form says of one fact, and what was held when the form was drawn."""

    address: str
    ask: str
    said: Held
    held: Held
    add: bool = False
    """Whether a list of entries has a first one, to be added."""


@dataclass(frozen=True)
class Answers:
    """The answers of a form that differ from what was held."""

    changed: tuple[Answer, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.changed)


def answers_of(fields: Iterable[Field], form: Form) -> Answers:
    """The answers in a posted form to these questions, as they were drawn.

    A question of which nothing was sent stays as it is, and so does one that was sent as drawn.

    Raises:
        FormError: with every fault, each by the name of its field.
    """
    sent = _by_name(form)
    changed: list[Answer] = []
    wrong: dict[str, str] = {}
    for field in fields:
        posted = _posted(field, sent)
        if posted is None or posted == field.shown:
            continue
        try:
            said = said_by(field, posted, note_sent=f"{field.name}!note" in sent)
        except WrongAnswerError as error:
            wrong[field.name] = str(error)
            continue
        add = field.kind == "entries" and "!add" in posted.chosen
        if add or said != field.held:
            changed.append(Answer(field.address, field.ask, said, field.held, add))
    if wrong:
        raise FormError(wrong)
    return Answers(tuple(changed))


def as_posted(fields: Iterable[Field], form: Form) -> tuple[Field, ...]:
    """The same questions with what was posted in their controls, for drawing the page again."""
    sent = _by_name(form)
    return tuple(replace(field, shown=_posted(field, sent) or field.shown) for field in fields)


def _by_name(form: Form) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    if isinstance(form, Mapping):
        for name, values in form.items():
            sent[name] = [values] if isinstance(values, str) else list(values)
        return sent
    for name, value in form:
        sent.setdefault(name, []).append(value)
    return sent


def _posted(field: Field, sent: Mapping[str, Sequence[str]]) -> Shown | None:
    """What the controls of a question held when they were sent; None if none of them was."""
    ends = {
        end: values[-1].replace("\r\n", "\n").replace("\r", "\n").strip()
        for end in _ENDS
        if (values := sent.get(f"{field.name}!{end}"))
    }
    own = sent.get(field.name)
    if own is None and not ends:
        return None
    typed = {**field.shown.typed, **ends}
    chosen = field.shown.chosen
    if own is not None:
        values = [value.strip() for value in own if value.strip()]
        if field.kind in ("number", "text"):
            typed[""] = " ".join(value for value in values if not value.startswith("!"))
            values = [value for value in values if value.startswith("!")]
        if field.kind in ("many", "references") and "complete" not in ends:
            typed["complete"] = ""
        order = [value for value, _ in (*field.choices, *field.specials)]
        known = [value for value in order if value in values]
        strange = [value for value in values if value not in order]
        chosen = (*dict.fromkeys(known), *dict.fromkeys(strange))
    return Shown(chosen, {name: text for name, text in typed.items() if text})
