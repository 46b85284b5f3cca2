"""What the pages of exercises show, and what their forms may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category

from advisor.advice import IN_FULL, Prompt, SourceShown
from advisor.exercise import Exercise
from advisor.language.documents import Urgency
from advisor.language.english import KINDS, URGENCIES, day
from advisor.pack import Pack
from advisor.rendering import places
from advisor.stages import Reveal, by_review
from advisor.store.runs import Group, Run
from advisor.web.forms import Form, readable
from advisor.web.staging import Staging
from advisor.wording import people

MAX_NAME, MAX_REASON, MAX_GROUPS = 80, 1000, 12
EVERYONE = "Everyone"
"""The one group of a run whose trainer named none."""

_ASKED = 4
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
FOLD = 12
"""With more entries than this a list is folded."""

Errors = list[tuple[str, str]]
"""What is wrong with a form: a link to the field, and what to do."""


@dataclass(frozen=True)
class Listed:
    """An exercise in the list: what it is on, and whether it can be run under the rules in use."""

    exercise: Exercise
    origin: str
    usable: bool


@dataclass(frozen=True)
class Standing:
    """A group and how far it has come. ``stage`` is the one that it decides next, from 1."""

    group: Group
    stage: int
    url: str


@dataclass(frozen=True)
class Choice:
    """What one group decided at a stage; ``option`` is empty where it has not."""

    group: str
    option: str
    reason: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """A stage with the decision of each group, in the order in which the groups were named."""

    number: int
    date: str
    by_everybody: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class PromptTold:
    """A prompt of the reveal: its heading, what it says and where it comes from."""

    number: int
    title: str
    urgency: Urgency
    line: str
    text: str
    because: tuple[str, ...]
    unknown: tuple[str, ...]
    more: int
    finding: str
    also: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """The prompts of a reveal: those in full, those folded, and what could not be looked at."""

    full: tuple[PromptTold, ...]
    folded: tuple[PromptTold, ...]
    silent: str


def listed(staging: Staging, pack: Pack) -> tuple[Listed, ...]:
    """Every exercise that ships."""
    return tuple(listed_as(each, pack) for each in staging.exercises.values())


def listed_as(exercise: Exercise, pack: Pack) -> Listed:
    """An exercise as it stands in the list."""
    on = exercise.story.head.review
    named = {on, *(stage.decision.head.review for stage in exercise.stages)} - {None}
    if on is None:
        origin = "An invented family."
    elif on in pack.reviews:
        origin = f"On a published review: {pack.reviews[on].title}."
    else:
        origin = "On a review that the rules in use do not know."
    return Listed(exercise, origin, named <= pack.reviews.keys())


def first_open(group: Group, stages: int) -> int:
    """The stage that a group decides next, from 1; one more than there are when all are decided."""
    decided = {each.stage for each in group.decisions}
    return next((number for number in range(1, stages + 1) if number not in decided), stages + 1)


def standings(run: Run, exercise: Exercise, base: str) -> tuple[Standing, ...]:
    """The groups of a run in order, with their links below the address ``base``."""
    return tuple(
        Standing(each, first_open(each, len(exercise.stages)), f"{base}/groups/{each.code}")
        for each in run.groups
    )


def compared(run: Run, exercise: Exercise, *, unfinished: bool) -> tuple[Compared, ...]:
    """The stages that every group has decided; ``unfinished`` adds those that only some have."""
    found = []
    for number, staged in enumerate(exercise.stages, start=1):
        choices = tuple(choice(each, exercise, number) for each in run.groups)
        decided = [bool(each.option) for each in choices]
        if all(decided) or (unfinished and any(decided)):
            date = day(str(staged.decision.snapshot.as_of))
            found.append(Compared(number, date, all(decided), choices))
    return tuple(found)


def choice(group: Group, exercise: Exercise, number: int) -> Choice:
    """What a group decided at a stage, in the words of the exercise."""
    words = {each.id: each.text for each in exercise.stages[number - 1].stage.options}
    for each in group.decisions:
        if each.stage == number:
            lines = tuple(each.reason.splitlines())
            return Choice(group.name, words.get(each.option, each.option), lines)
    return Choice(group.name, "", ())


def asked(reveal: Reveal) -> Asked:
    """What the advisor would have asked, for people to read."""
    prompts = tuple(_told(*each) for each in enumerate(reveal.advice.prompts, start=1))
    return Asked(prompts[:IN_FULL], prompts[IN_FULL:], _silent(reveal))


def _told(number: int, prompt: Prompt) -> PromptTold:
    kind = KINDS[prompt.kind] + (", if it applies" if prompt.verdict == "needs_information" else "")
    unknown: dict[str, None] = {}
    if prompt.verdict != "raised" or prompt.rests_on_absence:
        unknown = dict.fromkeys(each.ask for each in prompt.unknown)
    first, *others = prompt.sources
    return PromptTold(
        number=number,
        title=prompt.title,
        urgency=prompt.urgency,
        line=f"{URGENCIES[prompt.urgency]}, {people(prompt.children)}: {kind}. To: {prompt.who}",
        text=prompt.text,
        because=tuple(dict.fromkeys(each.says for each in prompt.because)),
        unknown=tuple(unknown)[:_ASKED],
        more=max(0, len(unknown) - _ASKED),
        finding=f"{_source(first, first.at)}: {first.finding}",
        also=tuple(_source(each, at) for each, at in by_review(others)),
    )


def _source(source: SourceShown, at: Sequence[str]) -> str:
    return f"{source.title} ({source.published[:4]}), {places(at)}"


def _silent(reveal: Reveal) -> str:
    if not reveal.silent:
        return ""
    shown, more = reveal.silent[:6], len(reveal.silent) - 6
    count = reveal.silent_rules
    lead = (
        "1 rule could not be looked at and is"
        if count == 1
        else (f"{count} rules could not be looked at and are")
    )
    rest = f"; and for {more} more reasons" if more > 0 else ""
    return f"{lead} silent, because of what was not known: {'; '.join(shown)}{rest}."


def name_of(form: Form, taken: Sequence[str] = ()) -> tuple[str, Errors]:
    """The name of a group in a form, and what is wrong with it."""
    name = form.one("name")
    errors = [("#name", each) for each in _faults(name, "the group")]
    if not errors and name.casefold() in {each.casefold() for each in taken}:
        errors.append(("#name", "Give this group another name: there is one of this name."))
    if len(taken) >= MAX_GROUPS:
        errors.append(("#name", f"A run has at most {MAX_GROUPS} groups: start another run."))
    return name, errors


def run_of(form: Form) -> tuple[str, tuple[str, ...], Errors]:
    """The name of a run and those of its groups in a form, and what is wrong with them."""
    name = form.one("name")
    errors = [("#name", each) for each in _faults(name, "the run")]
    groups = tuple(line.strip() for line in form.one("groups").split("\n") if line.strip())
    groups = groups or (EVERYONE,)
    errors += [("#groups", each) for each in _group_faults(groups)]
    return name, groups, errors


def decision_of(form: Form, options: Sequence[str]) -> tuple[str, str, Errors]:
    """The option and the reason in a form, and what is wrong with them."""
    option, reason = form.one("option"), form.one("reason")
    errors: Errors = []
    if option not in options:
        errors.append(("#option", "Select what you decide."))
    if len(reason) > MAX_REASON:
        errors.append(("#reason", f"Shorten the reason to {MAX_REASON:,} characters or fewer."))
    if not readable(reason):
        errors.append(("#reason", "Take out the characters of the reason that cannot be seen."))
    return option, reason, errors


def _group_faults(groups: Sequence[str]) -> Iterator[str]:
    if len(groups) > MAX_GROUPS:
        yield f"Name at most {MAX_GROUPS} groups, one on each line; there are {len(groups)}."
        return
    faults = [fault for name in groups for fault in _faults(name, "each group")]
    yield from dict.fromkeys(faults)
    if len({name.casefold() for name in groups}) < len(groups):
        yield "Give each group a name of its own: two of them are the same."


def _faults(name: str, what: str) -> Iterator[str]:
    if not name:
        yield f"Enter a name for {what}."
    if len(name) > MAX_NAME:
        yield f"Shorten the name of {what} to {MAX_NAME} characters."
    if any(category(character) in _UNSEEN for character in name):
        yield f"Take out the characters in the name of {what} that cannot be seen."
