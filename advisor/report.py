"""Advice as a page to read: what to do first, why, what to ask next, what was not looked at."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.advice import IN_FULL, Advice, Prompt, Question, SourceShown
from advisor.language.english import KINDS, URGENCIES, day, words
from advisor.page import Page
from advisor.telling import (
    NO_PROMPTS,
    NO_QUESTIONS,
    Titles,
    counted,
    effects,
    grouped,
    in_short,
    not_looked_at,
    reasons,
    rests_on,
    source_named,
    titled,
)
from advisor.wording import people

QUESTIONS_SHOWN = 5
_FINDINGS_SHOWN = 1
_UNKNOWN_SHOWN = 4
_GROUPS_SHOWN = 6
_LABEL = "{:<11}"


def write_advice(page: Page, advice: Advice, titles: Titles, *, everything: bool = False) -> None:
    """Write the advice on one snapshot; ``everything`` leaves nothing to a count."""
    page.text(
        f"Snapshot {advice.snapshot_id}, as of {day(advice.as_of)}. "
        f"Rules: {advice.pack.name} {advice.pack.version}."
    )
    page.gap()
    page.text(advice.notice)
    _write_prompts(page, advice.prompts, titles, everything=everything)
    _write_next(page, advice, titles, everything=everything)
    _write_not_looked_at(page, advice, titles, everything=everything)
    if advice.notes:
        page.heading("Changed locally")
        for note in advice.notes:
            page.item(note, indent=2)
    page.heading("Counts")
    counts = advice.counts
    page.text(
        f"{counted(counts.rules, 'rule')} in force, {counts.in_play} of them in play; "
        f"{counted(counts.raised, 'prompt')} raised, {counts.needs_information} waiting for "
        "information. These count rules and say nothing of a child.",
        indent=2,
    )


def write_questions(
    page: Page, advice: Advice, titles: Titles, *, everything: bool = False
) -> None:
    """Write the questions worth asking next, for the command that asks for them alone."""
    page.text(f"Snapshot {advice.snapshot_id}, as of {day(advice.as_of)}.")
    limit = len(advice.questions) if everything else QUESTIONS_SHOWN * 2
    _write_questions(page, advice.questions, titles, limit)
    if not advice.questions:
        page.text(NO_QUESTIONS)


def _write_prompts(
    page: Page, prompts: Sequence[Prompt], titles: Titles, *, everything: bool
) -> None:
    page.heading("Prompts")
    if not prompts:
        page.text(NO_PROMPTS, indent=2)
        return
    full = len(prompts) if everything else IN_FULL
    for number, prompt in enumerate(prompts[:full], start=1):
        page.gap()
        _write_prompt(page, number, prompt, titles, everything=everything)
    rest = prompts[full:]
    if rest:
        page.heading(f"{counted(len(rest), 'more prompt')}, in short (--all shows them in full)")
        for number, prompt in enumerate(rest, start=full + 1):
            page.text(
                f"{URGENCIES[prompt.urgency]}, {people(prompt.children)}: {in_short(prompt)}",
                label=f"{number:>3}. ",
            )


def _write_prompt(
    page: Page, number: int, prompt: Prompt, titles: Titles, *, everything: bool
) -> None:
    condition = ", if it applies" if prompt.verdict == "needs_information" else ""
    page.text(
        f"{URGENCIES[prompt.urgency].upper()}, {people(prompt.children)}: "
        f"{KINDS[prompt.kind]}{condition}",
        label=f"{number}. ",
    )
    page.text(prompt.text, indent=3)
    page.text(prompt.who, indent=3, label=_LABEL.format("Who"))
    for place, told in enumerate(reasons(prompt)):
        page.text(told, indent=3, label=_LABEL.format("" if place else "Because"))
    _write_unknown(page, prompt, everything=everything)
    _write_sources(page, prompt.sources, everything=everything)
    page.text(prompt.limits, indent=3, label=_LABEL.format("Limits"))
    if prompt.replaces:
        page.text(titled(prompt.replaces, titles), indent=3, label=_LABEL.format("Includes"))
    page.text(
        f"{prompt.rule}, version {prompt.rule_version}", indent=3, label=_LABEL.format("Rule")
    )


def _write_unknown(page: Page, prompt: Prompt, *, everything: bool) -> None:
    lead = rests_on(prompt)
    label = _LABEL.format("Not known")
    if lead:
        page.text(lead, indent=3, label=label)
        label = _LABEL.format("")
    shown = prompt.unknown if everything else prompt.unknown[:_UNKNOWN_SHOWN]
    for each in shown:
        page.text(f"{each.ask} ({each.reason})", indent=3, label=label)
        label = _LABEL.format("")
    if len(shown) < len(prompt.unknown):
        more = len(prompt.unknown) - len(shown)
        page.text(f"and {more} more (--all lists them)", indent=3, label=label)


def _write_sources(page: Page, sources: Sequence[SourceShown], *, everything: bool) -> None:
    """The first source with its finding; of the others the places, unless all is asked for."""
    shown = sources if everything else sources[:_FINDINGS_SHOWN]
    for number, source in enumerate(shown):
        page.text(
            f"{source_named(source)}: {source.finding}",
            indent=3,
            label=_LABEL.format("" if number else "Source"),
        )
    others: dict[str, tuple[SourceShown, dict[str, None]]] = {}
    for source in sources[len(shown) :]:
        others.setdefault(source.review, (source, {}))[1].update(dict.fromkeys(source.at))
    for source, at in others.values():
        page.text(f"Also {source_named(source, list(at))}", indent=3, label=_LABEL.format(""))


def _write_next(page: Page, advice: Advice, titles: Titles, *, everything: bool) -> None:
    if advice.questions:
        limit = len(advice.questions) if everything else QUESTIONS_SHOWN
        _write_questions(page, advice.questions, titles, limit)


def _write_questions(page: Page, questions: Sequence[Question], titles: Titles, limit: int) -> None:
    if not questions:
        return
    page.heading("Ask next")
    for number, question in enumerate(questions[:limit], start=1):
        page.gap()
        write_question(page, number, question, titles)
    more = len(questions) - limit
    if more > 0:
        page.gap()
        page.text(f"and {counted(more, 'more question')}: `advisor ask --all` lists them", indent=2)


def write_question(page: Page, number: int, question: Question, titles: Titles) -> None:
    """Write one question: who may know, and what each answer would raise or settle."""
    page.text(f"{question.ask} ({question.reason})", label=f"{number}. ")
    if question.hint:
        page.text(question.hint, indent=3)
    if question.who_may_know:
        page.text(words(question.who_may_know), indent=3, label="May know: ", hang=2)
    for label, raises, settles in effects(question):
        told = []
        if raises:
            told.append("raises " + titled(raises, titles))
        if settles:
            told.append("settles " + titled(settles, titles))
        page.text("; ".join(told), indent=3, label=f"{label}: ", hang=2)
    if not question.would:
        page.text(titled(question.bears_on, titles), indent=3, label="Bears on: ", hang=2)


def _write_not_looked_at(page: Page, advice: Advice, titles: Titles, *, everything: bool) -> None:
    page.heading("Not looked at")
    page.text(not_looked_at(advice.not_evaluated), indent=2)
    groups = grouped(advice.not_evaluated)
    limit = len(groups) if everything else _GROUPS_SHOWN
    for why, children, names in groups[:limit]:
        told = titled(names, titles) if everything else counted(len(names), "rule")
        page.item(f"{people(children)}: {why} ({told})", indent=2)
    left = {name for _, _, names in groups[limit:] for name in names}
    if left:
        more = counted(len(groups) - limit, "more reason")
        page.item(f"{more}, for {counted(len(left), 'rule')} (--all lists them)", indent=2)
