"""The words of a record: its parts for any page, and the plain text to paste into a case system."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from advisor.advice import NotEvaluated
from advisor.language.english import KINDS, URGENCIES, day
from advisor.record import ANSWERS, AnswerRecorded, NoLongerRaised, PromptRecorded, RecordDocument
from advisor.telling import (
    ALL_LOOKED_AT,
    NO_PROMPTS,
    NO_QUESTIONS,
    counted,
    grouped,
    heading,
    not_looked_at,
    reasons,
    rests_on,
    sources_named,
)

WIDTH = 76
"""Columns of the plain text; case systems break longer lines where they like."""

QUESTIONS_TOLD, REASONS_TOLD = 10, 12
"""How many questions and reasons the text holds; the record as JSON holds them all."""

ANSWERED_OTHERWISE = "Answered where it was about other children too, or in another version:"
"""Before an answer to the same lesson, given to a prompt that stood otherwise."""

TITLE = "Record of prompts, for the case file"
_LABEL = 12
_GONE = {
    "not_raised": "It is not raised on what is entered now. That does not mean that a child is "
    "safe.",
    "taken_in": "It is now part of another prompt.",
    "not_looked_at": "Its rule can no longer be looked at, because of what is not known.",
    "not_in_use": "Its rule is not in use in the rules that made this record.",
}

ENGLAND = ZoneInfo("Europe/London")
"""The time that those who read a record live by."""


@dataclass(frozen=True)
class Row:
    """A label and the lines that belong to it."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One thing under a heading, with its rows."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs, rows, entries and points, in this order. Any may be empty."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    entries: tuple[Entry, ...] = ()
    points: tuple[str, ...] = ()


def sections(record: RecordDocument) -> tuple[Section, ...]:
    """The whole record as sections, in the order in which a reader of the file needs them."""
    return tuple(_sections(record))


def as_text(record: RecordDocument) -> str:
    """The record as plain text of at most 76 columns, to paste into a case system."""
    lines = [TITLE.upper(), "=" * WIDTH]
    for section in sections(record):
        lines += ["", section.heading.upper(), "-" * len(section.heading)]
        for paragraph in section.paragraphs:
            lines += [*_wrapped(paragraph), ""]
        lines += _rows(section.rows)
        for place, entry in enumerate(section.entries, start=1):
            lead = f"{place}. "
            lines += ["", *_wrapped(entry.title, lead, " " * len(lead))]
            lines += _rows(entry.rows, "   ")
        for point in section.points:
            lines += _wrapped(point, "- ", "  ")
    return _without_double_gaps(lines)


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    # Every kind of white space counts: a line separator that somebody typed breaks no line.
    told = " ".join(text.split())
    return textwrap.wrap(
        told, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )


def _rows(rows: Sequence[Row], indent: str = "") -> Iterator[str]:
    for row in rows:
        lead = f"{indent}{row.label:<{_LABEL}}"
        for place, text in enumerate(row.texts):
            yield from _wrapped(text, " " * len(lead) if place else lead, " " * len(lead))


def _without_double_gaps(lines: Iterable[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"


def _sections(record: RecordDocument) -> Iterator[Section]:
    yield Section("What this is", (record.notice,), _about(record))
    if not record.prompts:
        yield Section("Prompts", (NO_PROMPTS,))
    for urgency, words in URGENCIES.items():
        there = [each for each in record.prompts if each.prompt.urgency == urgency]
        if there:
            yield Section(f"Prompts: {words.lower()}", entries=tuple(_prompt(e) for e in there))
    if record.no_longer_raised:
        yield Section(
            "Answered, and no longer raised",
            entries=tuple(_no_longer(each) for each in record.no_longer_raised),
        )
    yield _questions(record)
    yield _not_looked_at(record)
    if record.notes:
        yield Section("Changed locally", points=record.notes)
    yield Section("What it was made from", rows=_made_from(record))


def moment(at: dt.datetime) -> str:
    """A moment in words, by the clocks of England: ``3 June 2024 at 15:05 BST``."""
    here = at.astimezone(ENGLAND)
    return f"{here.day} {here:%B %Y} at {here:%H:%M} {here:%Z}"


def _about(record: RecordDocument) -> tuple[Row, ...]:
    case, made = record.case, record.made
    return (
        _row("Case", f"snapshot {case.snapshot_id}, as of {day(case.as_of)}"),
        _row("Decision", f"{case.decision} (the decision proposed, not what came of it)"),
        _row("Made", f"{moment(made.at)}, by {made.by} ({made.role})"),
    )


def _prompt(recorded: PromptRecorded) -> Entry:
    return Entry(recorded.prompt.title, tuple(row for row in _prompt_rows(recorded) if row.texts))


def _prompt_rows(recorded: PromptRecorded) -> Iterator[Row]:
    prompt = recorded.prompt
    condition = ", if it applies" if prompt.verdict == "needs_information" else ""
    yield _row("About", f"{heading(prompt.children)}: {KINDS[prompt.kind]}{condition}")
    yield _row("How soon", URGENCIES[prompt.urgency])
    yield _row("Prompt", prompt.text)
    yield _row("Who", prompt.who)
    yield _row("Because", *reasons(prompt))
    told = [f"{each.ask} ({each.reason})" for each in prompt.unknown]
    yield _row("Not known", *([rests_on(prompt), *told] if rests_on(prompt) else told))
    yield _row("Settled by", *prompt.settled_by)
    yield _row("Source", *sources_named(prompt))
    yield _row("Limits", prompt.limits)
    yield _row("Includes", *recorded.takes_in)
    yield _row("Rule", f"{prompt.rule}, version {prompt.rule_version}")
    if recorded.answer is None:
        yield _row("Answer", "No answer is recorded.")
    else:
        yield from _answers(recorded.answer, recorded.earlier)
    otherwise = [f"{ANSWERED_OTHERWISE} {answer_told(e)}" for e in recorded.answered_otherwise]
    yield _row("Otherwise", *otherwise)


def _row(label: str, *texts: str) -> Row:
    return Row(label, texts)


def _answers(answer: AnswerRecorded, earlier: Sequence[AnswerRecorded]) -> Iterator[Row]:
    stale = "" if answer.on_this_snapshot else " It was given before the case was last changed."
    yield _row("Answer", answer_told(answer) + stale)
    yield _row("Before", *(answer_told(each) for each in earlier))


def answer_told(answer: AnswerRecorded) -> str:
    """An answer in words: what, why, for whom one waits, and who gave it when."""
    parts = [ANSWERS[answer.answer]]
    if answer.who and answer.by:
        parts[0] += f": {answer.who}, by {day(answer.by.isoformat())}"
    if answer.reason:
        parts.append(answer.reason.strip().rstrip("."))
    return f"{'. '.join(parts)}. ({answer.given_by}, {moment(answer.given_at)})"


def _no_longer(gone: NoLongerRaised) -> Entry:
    why = _GONE[gone.why]
    if gone.taken_in_by:
        why = f'{why[:-1]}: "{gone.taken_in_by}".'
    rows = (
        _row("About", heading(gone.children)),
        _row("Now", why),
        _row("Rule", f"{gone.rule}, version {gone.rule_version}"),
        *_answers(gone.answer, gone.earlier),
    )
    return Entry(gone.title, tuple(row for row in rows if row.texts))


def _questions(record: RecordDocument) -> Section:
    name = "Questions still open"
    if not record.questions:
        return Section(
            name,
            (NO_QUESTIONS,),
        )
    told = [f"{each.ask} ({each.reason})" for each in record.questions[:QUESTIONS_TOLD]]
    more = len(record.questions) - len(told)
    if more > 0:
        told.append(f"and {counted(more, 'more question')}: the record as JSON lists them")
    return Section(name, points=tuple(told))


def _not_looked_at(record: RecordDocument) -> Section:
    name = "Not looked at"
    if not record.not_looked_at:
        return Section(name, (ALL_LOOKED_AT,))
    parts = [
        NotEvaluated(child=e.child, rules=tuple(rule for rule, _ in e.rules), why=e.why, unknown=())
        for e in record.not_looked_at
    ]
    groups = grouped(parts)
    told = [
        f"{heading(children)}: {why} ({counted(len(rules), 'rule')})"
        for why, children, rules in groups[:REASONS_TOLD]
    ]
    more = len(groups) - len(told)
    if more > 0:
        told.append(f"and {counted(more, 'more reason')}: the record as JSON lists them")
    return Section(name, (not_looked_at(parts),), points=tuple(told))


def _made_from(record: RecordDocument) -> tuple[Row, ...]:
    case, pack, engine = record.case, record.pack, record.engine
    return (
        _row("Rules", f"{pack.name}, version {pack.version}", f"sha256 {pack.sha256}"),
        _row("Program", f"advisor {engine.advisor}, inference by {engine.inference}"),
        _row(
            "Snapshot",
            f"{case.snapshot_id}, revision {case.revision} as it is kept here",
            f"sha256 {case.snapshot_sha256}",
        ),
    )
