"""Advice as a page to read: what to do first, why, what to ask next, what was not looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advisor.advice import IN_FULL, Advice, Because, NotEvaluated, Prompt, Question, SourceShown
from advisor.language.english import KINDS, URGENCIES, day, words
from advisor.page import Page
from advisor.rendering import places
from advisor.wording import people, person

QUESTIONS_SHOWN = 5
_FINDINGS_SHOWN = 1
_UNKNOWN_SHOWN = 4
_GROUPS_SHOWN = 6
_LABEL = "{:<11}"

NO_PROMPTS = (
    "No prompt is raised. That is not reassurance: it says nothing of whether a child is safe. It "
    "means only that no lesson known here was seen to apply to what was entered."
)

Titles = Mapping[str, str]
"""The title of each rule by its id."""


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
        f"{_number(counts.rules, 'rule')} in force, {counts.in_play} of them in play; "
        f"{_number(counts.raised, 'prompt')} raised, {counts.needs_information} waiting for "
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
        page.text(
            "No answer to a question known here would change a prompt. That is not reassurance."
        )


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
        page.heading(f"{_number(len(rest), 'more prompt')}, in short (--all shows them in full)")
        for number, prompt in enumerate(rest, start=full + 1):
            page.text(
                f"{URGENCIES[prompt.urgency]}, {people(prompt.children)}: {prompt.title}"
                f"{_waiting(prompt)}",
                label=f"{number:>3}. ",
            )


def _waiting(prompt: Prompt) -> str:
    return " (needs information)" if prompt.verdict == "needs_information" else ""


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
    for place, told in enumerate(dict.fromkeys(_reason(because) for because in prompt.because)):
        page.text(told, indent=3, label=_LABEL.format("" if place else "Because"))
    _write_unknown(page, prompt, everything=everything)
    _write_sources(page, prompt.sources, everything=everything)
    page.text(prompt.limits, indent=3, label=_LABEL.format("Limits"))
    if prompt.replaces:
        page.text(_titled(prompt.replaces, titles), indent=3, label=_LABEL.format("Includes"))
    page.text(
        f"{prompt.rule}, version {prompt.rule_version}", indent=3, label=_LABEL.format("Rule")
    )


def _reason(because: Because) -> str:
    if because.signal.startswith("concern."):
        return f"Another prompt is raised: {because.says}"
    return because.says


def _write_unknown(page: Page, prompt: Prompt, *, everything: bool) -> None:
    lead = {
        "needs_information": "Whether this applies depends on what is not known:",
        "raised_on_precaution": "This is raised on precaution, because of what is not known:",
        "raised": "This rests on something not being known:" if prompt.rests_on_absence else "",
    }[prompt.verdict]
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
            f"{_source(source, source.at)}: {source.finding}",
            indent=3,
            label=_LABEL.format("" if number else "Source"),
        )
    others: dict[str, tuple[SourceShown, dict[str, None]]] = {}
    for source in sources[len(shown) :]:
        others.setdefault(source.review, (source, {}))[1].update(dict.fromkeys(source.at))
    for source, at in others.values():
        page.text(f"Also {_source(source, list(at))}", indent=3, label=_LABEL.format(""))


def _source(source: SourceShown, at: Sequence[str]) -> str:
    return f"{source.title} ({source.published[:4]}), {places(at)}"


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
        page.text(f"and {_number(more, 'more question')}: `advisor ask --all` lists them", indent=2)


def write_question(page: Page, number: int, question: Question, titles: Titles) -> None:
    """Write one question: who may know, and what each answer would raise or settle."""
    page.text(f"{question.ask} ({question.reason})", label=f"{number}. ")
    if question.hint:
        page.text(question.hint, indent=3)
    if question.who_may_know:
        page.text(words(question.who_may_know), indent=3, label="May know: ", hang=2)
    for label, raises, settles in _effects(question):
        told = []
        if raises:
            told.append("raises " + _titled(raises, titles))
        if settles:
            told.append("settles " + _titled(settles, titles))
        page.text("; ".join(told), indent=3, label=f"{label}: ", hang=2)
    if not question.would:
        page.text(_titled(question.bears_on, titles), indent=3, label="Bears on: ", hang=2)


def _effects(question: Question) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What the answers would do, those that do the same taken together."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[object]] = {}
    for effect in question.would:
        groups.setdefault((effect.raises, effect.settles), []).append(effect.answer)
    return [(f"If {words(answers)}", *would) for would, answers in groups.items()]


def _titled(rules: Sequence[str], titles: Titles) -> str:
    return "; ".join(f'"{titles.get(rule, rule)}"' for rule in rules)


def _write_not_looked_at(page: Page, advice: Advice, titles: Titles, *, everything: bool) -> None:
    page.heading("Not looked at")
    if not advice.not_evaluated:
        page.text("Every rule could be looked at for every child.", indent=2)
        return
    rules = {rule for each in advice.not_evaluated for rule in each.rules}
    page.text(
        f"{_number(len(rules), 'rule')} could not be looked at, because of what is not known. "
        "They are silent for that reason, and not because all is well.",
        indent=2,
    )
    groups = _grouped(advice.not_evaluated)
    limit = len(groups) if everything else _GROUPS_SHOWN
    for why, children, names in groups[:limit]:
        told = _titled(names, titles) if everything else _number(len(names), "rule")
        page.item(f"{people(children)}: {why} ({told})", indent=2)
    left = {name for _, _, names in groups[limit:] for name in names}
    if left:
        more = _number(len(groups) - limit, "more reason")
        page.item(f"{more}, for {_number(len(left), 'rule')} (--all lists them)", indent=2)


def _grouped(
    parts: Sequence[NotEvaluated],
) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Reasons with the children and rules they hold for, those that stop most rules first."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for part in parts:
        key = (part.why.replace(person(part.child), "{child}"), part.rules)
        found.setdefault(key, []).append(part.child)
    groups = []
    for (why, rules), children in found.items():
        name = person(children[0]) if len(children) == 1 else "the child"
        told = why.replace("{child}", name)
        told = f"i{told[1:]}" if told.startswith("It ") else told
        groups.append((told, tuple(children), rules))
    return sorted(groups, key=lambda group: -len(group[2]))


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
