"""What every page, record and screen says of advice, in the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from advisor.advice import Because, FactShown, NotEvaluated, Prompt, Question, SourceShown
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.language.english import day, word, words
from advisor.proofs import Reading
from advisor.rendering import places
from advisor.snapshot import Snapshot
from advisor.values import Model
from advisor.vocabulary import BELONGING, place
from advisor.wording import people, person, question

NO_PROMPTS = (
    "No prompt is raised. That is not reassurance: it says nothing of whether a child is safe. It "
    "means only that no lesson known here was seen to apply to what was entered."
)
NO_QUESTIONS = "No answer to a question known here would change a prompt. That is not reassurance."
ALL_LOOKED_AT = "Every rule could be looked at for every child."

_PEOPLE = ("children", "adults", "links")

Titles = Mapping[str, str]
"""The title of each rule by its id."""


def counted(count: int, noun: str) -> str:
    """So many of something: ``1 rule``, ``2 rules``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def reasons(prompt: Prompt) -> tuple[str, ...]:
    """Why a prompt is raised here, each reason once."""
    return tuple(dict.fromkeys(reason(because) for because in prompt.because))


def reason(because: Because) -> str:
    """One reason why a prompt is raised."""
    if because.signal.startswith("concern."):
        return f"Another prompt is raised: {because.says}"
    return because.says


def rests_on(prompt: Prompt) -> str:
    """What the unknown facts of a prompt mean for it; empty where it rests on none."""
    return {
        "needs_information": "Whether this applies depends on what is not known:",
        "raised_on_precaution": "This is raised on precaution, because of what is not known:",
        "raised": "This rests on something not being known:" if prompt.rests_on_absence else "",
    }[prompt.verdict]


def source_named(source: SourceShown, at: Sequence[str] | None = None) -> str:
    """A review with its year and the places in it."""
    found = places(source.at if at is None else at)
    return f"{source.title} ({source.published[:4]}), {found}"


def sources_named(prompt: Prompt) -> tuple[str, ...]:
    """The reviews behind a prompt, each once with all its places."""
    reviews: dict[str, tuple[SourceShown, dict[str, None]]] = {}
    for source in prompt.sources:
        reviews.setdefault(source.review, (source, {}))[1].update(dict.fromkeys(source.at))
    return tuple(source_named(source, list(at)) for source, at in reviews.values())


def titled(rules: Sequence[str], titles: Titles) -> str:
    """Rules by their titles, in quotation marks."""
    return "; ".join(f'"{titles.get(rule, rule)}"' for rule in rules)


Would = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Answers in words, the rules that they raise, and the rules that they settle."""


def effects(question: Question) -> tuple[Would, ...]:
    """What the answers would do, those that do the same taken together."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[object]] = {}
    for effect in question.would:
        groups.setdefault((effect.raises, effect.settles), []).append(effect.answer)
    return tuple((f"If {words(answers)}", *would) for would, answers in groups.items())


def not_looked_at(parts: Sequence[NotEvaluated]) -> str:
    """How many rules could not be looked at, and what their silence means."""
    if not parts:
        return ALL_LOOKED_AT
    rules = {rule for each in parts for rule in each.rules}
    return (
        f"{counted(len(rules), 'rule')} could not be looked at, because of what is not known. "
        "They are silent for that reason, and not because all is well."
    )


Group = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A reason, the children it holds for, and the rules that it stops."""


def grouped(parts: Sequence[NotEvaluated]) -> list[Group]:
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


def facts_told(prompt: Prompt) -> tuple[str, ...]:
    """The facts behind a prompt in words, each once."""
    shown = (fact for because in prompt.because for fact in because.facts)
    return tuple(dict.fromkeys(fact_told(fact) for fact in shown))


def fact_told(fact: FactShown) -> str:
    """A fact as a question with its answer, and since when it was known."""
    value = tuple(fact.value) if isinstance(fact.value, list) else fact.value
    # A list may hold both true and 1, which are equal and are not said alike.
    told = _fact(fact.path, value, isinstance(value, bool))
    return f"{told} (known on {day(fact.known_on)})" if fact.known_on else told


@lru_cache(maxsize=8192)
def _fact(path: str, value: Any, _: bool) -> str:
    if path == "referral.about" and isinstance(value, bool):
        return f"The decision is {'' if value else 'not '}about this child."
    slot, steps = _slot(path)
    if slot is None:  # no field of a snapshot: what is counted or picked out for a child
        return f"{' of '.join(reversed(steps))}: {word(value)}"
    name, asked = steps[-1], _asked(path, slot, steps)
    if slot.name in ("born", "due", "age") and not _is_date(value):
        # Worked out from a date: a number of weeks or months, which stands nowhere on the record.
        return f"{asked} Recorded; the age on the day of the decision follows from it."
    if slot.type is Type.ENTITY and isinstance(value, int):
        return f"{asked} {value or 'None'} recorded."
    if slot.type is Type.ENTITY:
        if value == "recorded" and steps[0] in ("children", "adults") and len(steps) == 2:
            return f"{heading([name])} is recorded."
        if value == "recorded":
            return f"{asked} One is recorded: {name}."
    return f"{asked} {_value(slot, value)}."


def _slot(path: str) -> tuple[Slot | None, tuple[str, ...]]:
    """The field that a path of a snapshot leads to, or the list whose entry it names."""
    steps = tuple(path.split("."))
    if len(steps) == 3 and steps[0] == "children" and steps[2] in BELONGING:
        return place(f"child.{steps[2]}").slot, steps
    model: type[Model] | None = Snapshot
    slot: Slot | None = None
    for step in steps:
        if slot is not None and slot.kind is Kind.LIST:
            model, slot = slot.model, Slot(step, Kind.GROUP, slot.model, Type.ENTITY, ask=slot.ask)
            continue
        slot = slots(model).get(step) if model is not None else None
        if slot is None:
            return None, steps
        model = slot.model
    return slot, steps


def _asked(path: str, slot: Slot, steps: Sequence[str]) -> str:
    people_named = {kind: entry for kind, entry in pairwise(steps) if kind in _PEOPLE}
    child = people_named.get("children") or people_named.get("links") or "child"
    who = people_named.get("adults") or people_named.get("children")
    asked = question(Reading(path, path, None, None, slot, who), child)
    return f"{heading([who])}: {asked}" if who and person(who) not in asked else asked


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and value[:4].isdecimal() and len(value) in (4, 7, 10)


def _value(slot: Slot, value: Any) -> str:
    if isinstance(value, tuple):
        said = words(value, "and") if value else "none"
    elif slot.type in (Type.DATE, Type.DATE_OR_NONE) and _is_date(value):
        said = day(value)
    elif slot.type is Type.DATE_OR_NONE and value == "none":
        said = "it has not happened"
    else:
        said = word(value)
    return said[:1].upper() + said[1:]


def heading(children: Sequence[str]) -> str:
    """The people whom something is about, as a sentence begins."""
    told = people(children)
    return told[:1].upper() + told[1:]


def in_short(prompt: Prompt) -> str:
    """A prompt's title, and whether it waits for information."""
    waiting = " (needs information)" if prompt.verdict == "needs_information" else ""
    return f"{prompt.title}{waiting}"


def each_child(prompts: Sequence[Prompt]) -> Iterator[tuple[str, str, Prompt]]:
    """Each rule that speaks with each child it speaks of, and the prompt in which it does."""
    for prompt in prompts:
        for child in prompt.children:
            yield prompt.rule, child, prompt
