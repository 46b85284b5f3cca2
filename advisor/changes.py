"""What differs between the advice on a case before and after it was changed.

A prompt is followed by its rule and each child: one that now speaks of fewer children has not gone
for those who remain. That a prompt is no longer raised is never called good news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from advisor.advice import Advice, Prompt, Question
from advisor.language.documents import Verdict
from advisor.language.english import URGENCIES, VERDICTS
from advisor.telling import Titles, counted, each_child, heading

Gone = Literal["not_raised", "taken_in", "not_looked_at"]
"""Why a prompt stands no longer: its rule does not speak, a stronger prompt says it, or its rule
cannot be looked at any more."""

STILL_NO_REASSURANCE = (
    "A prompt that is no longer raised does not mean that a child is safe. It means that the "
    "lesson is no longer seen to apply to what is entered."
)

Key = tuple[str, str]
"""A rule and a child."""


@dataclass(frozen=True)
class Change:
    """One rule's prompt for some children, before and after.

    ``prompt`` is the id of the prompt in which it stands now, and ``into`` the rule that takes it
    in; each is empty where there is none.
    """

    rule: str
    title: str
    urgency: str
    children: tuple[str, ...]
    was: Verdict
    now: Verdict
    prompt: str = ""
    gone: Gone | None = None
    into: str = ""


@dataclass(frozen=True)
class Changes:
    """Everything that differs; empty parts where nothing does.

    ``looked_at`` and ``not_looked_at`` are the rules that could not be looked at for some child
    before and no longer stand in that list, and those that have come to stand in it.
    """

    new: tuple[Change, ...]
    verdict: tuple[Change, ...]
    gone: tuple[Change, ...]
    asked: tuple[Question, ...]
    no_longer_asked: tuple[Question, ...]
    looked_at: tuple[str, ...]
    not_looked_at: tuple[str, ...]

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


def changed(before: Advice, after: Advice) -> Changes:
    """What differs between two advices on one case, from one to the other."""
    was, now = _speaking(before), _speaking(after)
    stopped_before, stopped = _stopped(before), _stopped(after)
    return Changes(
        new=_put_together(_new(key, now[key]) for key in now if key not in was),
        verdict=_put_together(
            _turned(key, was[key], now[key])
            for key in now
            if key in was and was[key].verdict != now[key].verdict
        ),
        gone=_put_together(_gone(key, was[key], after, now) for key in was if key not in now),
        asked=_besides(after.questions, before.questions),
        no_longer_asked=_besides(before.questions, after.questions),
        looked_at=_rules(stopped_before, stopped),
        not_looked_at=_rules(stopped, stopped_before),
    )


def why_gone(rule: str, child: str, after: Advice) -> tuple[Gone, str]:
    """Why a rule has no prompt of its own for a child, and the rule that takes it in, if any."""
    return _why_gone((rule, child), after, _speaking(after))


def _speaking(advice: Advice) -> dict[Key, Prompt]:
    return {(rule, child): prompt for rule, child, prompt in each_child(advice.prompts)}


def _stopped(advice: Advice) -> dict[Key, None]:
    return {(rule, each.child): None for each in advice.not_evaluated for rule in each.rules}


def _rules(these: Iterable[Key], others: Mapping[Key, None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule for rule, child in these if (rule, child) not in others))


def _besides(these: Sequence[Question], others: Sequence[Question]) -> tuple[Question, ...]:
    known = {each.path for each in others}
    return tuple(each for each in these if each.path not in known)


def _new(key: Key, prompt: Prompt) -> Change:
    return _change(key, prompt, ("not_raised", prompt.verdict), prompt.id)


def _turned(key: Key, before: Prompt, after: Prompt) -> Change:
    return _change(key, after, (before.verdict, after.verdict), after.id)


def _gone(key: Key, before: Prompt, after: Advice, now: Mapping[Key, Prompt]) -> Change:
    why, into = _why_gone(key, after, now)
    prompt = now[into, key[1]].id if into else ""
    found = _change(key, before, (before.verdict, "not_raised"), prompt)
    return replace(found, gone=why, into=into)


def _why_gone(key: Key, after: Advice, now: Mapping[Key, Prompt]) -> tuple[Gone, str]:
    rule, child = key
    for (other, about), prompt in now.items():
        if about == child and rule in prompt.replaces:
            return "taken_in", other
    return ("not_looked_at" if key in _stopped(after) else "not_raised"), ""


def _change(key: Key, prompt: Prompt, verdicts: tuple[Verdict, Verdict], place: str) -> Change:
    rule, child = key
    was, now = verdicts
    return Change(
        rule=rule,
        title=prompt.title,
        urgency=URGENCIES[prompt.urgency],
        children=(child,),
        was=was,
        now=now,
        prompt=place,
    )


def _put_together(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Those that differ in nothing but the child, as one."""
    found: dict[Change, tuple[str, ...]] = {}
    for each in changes:
        alike = replace(each, children=())
        found[alike] = (*found.get(alike, ()), *each.children)
    return tuple(replace(each, children=children) for each, children in found.items())


@dataclass(frozen=True)
class Told:
    """One line about a change, and the prompt that it leads to, if one stands."""

    text: str
    prompt: str = ""


def in_words(changes: Changes, titles: Titles) -> tuple[tuple[str, tuple[Told, ...]], ...]:
    """The changes as headings with their lines; a heading without lines is left out."""
    parts = (
        ("New prompts", tuple(Told(_named(each), each.prompt) for each in changes.new)),
        ("Prompts that stand otherwise", tuple(_turn_told(each) for each in changes.verdict)),
        ("No longer raised", tuple(_gone_told(each, titles) for each in changes.gone)),
        ("Now worth asking", tuple(Told(each.ask) for each in changes.asked)),
        ("No longer asked", tuple(Told(each.ask) for each in changes.no_longer_asked)),
        ("What can be looked at", tuple(_looked_at(changes))),
    )
    return tuple((words, lines) for words, lines in parts if lines)


def _named(change: Change) -> str:
    return f"{change.urgency}, {heading(change.children)}: {change.title}"


def _turn_told(change: Change) -> Told:
    text = f"{_named(change)}. It was {VERDICTS[change.was]}. It is now {VERDICTS[change.now]}."
    return Told(text, change.prompt)


def _gone_told(change: Change, titles: Titles) -> Told:
    named = f"{heading(change.children)}: {change.title}"
    if change.gone == "taken_in":
        into = titles.get(change.into, change.into)
        return Told(f'{named}. It is now part of another prompt: "{into}".', change.prompt)
    if change.gone == "not_looked_at":
        return Told(f"{named}. It can no longer be looked at, because of what is not known.")
    return Told(f"{named}.")


def _looked_at(changes: Changes) -> Iterable[Told]:
    if changes.looked_at:
        rules = counted(len(changes.looked_at), "rule")
        yield Told(f"{rules} could not be looked at before for some child, and now can be.")
    if changes.not_looked_at:
        rules = counted(len(changes.not_looked_at), "rule")
        yield Told(f"{rules} can no longer be looked at for some child.")
