"""What the five stories show when they are walked, for the documentation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from advisor.chronology.story import FILE, Story, read_story
from advisor.data import scenarios_folder
from advisor.pack import load
from advisor.replay import Replay, ReplayDay, replay
from advisor.scenario import scenarios
from docs.writing import table


@cache
def _story(name: str) -> Story:
    return read_story(scenarios_folder() / "reviews" / name / FILE)


@cache
def _walked(name: str, holder: str) -> Replay:
    decisions = list(scenarios(scenarios_folder() / "reviews" / name))
    return replay(_story(name), holder, load(), decisions)


def first_days(name: str, holder: str) -> str:
    """The first day of each prompt in a story, on what was held and on what was knowable."""
    made = _walked(name, holder)
    rows = [
        [first.title, first.held or "never", first.knowable or "never"]
        for first in sorted(made.firsts, key=lambda first: (first.held or "9", first.title))
    ]
    heads = ["Prompt", "Raised on what was held", "On what was knowable"]
    return f"{made.title}, as known to {made.holder_name}.\n\n{table(heads, rows)}"


def days(name: str, holder: str, first: str, last: str) -> str:
    """The days of a story between two, with what was learnt, decided and newly raised."""
    made = _walked(name, holder)
    chosen = [day for day in made.days if first <= day.day <= last]
    return "\n".join(_day(day) for day in chosen)


def _day(day: ReplayDay) -> str:
    lines = [f"**{day.day}**", ""]
    lines += [f"* Learnt: {each.what}" for each in day.learnt]
    if day.decision is not None:
        lines.append(f"* To decide: {day.decision.title}. {day.decision.decided or ''}".rstrip())
    for state, word in (("appears", "New"), ("persists", "Stands")):
        titles = [
            each.title
            for each in day.prompts
            if each.state == state and each.verdict != "needs_information"
        ]
        if titles:
            lines.append(f"* {word}: {'; '.join(titles)}")
    lines += [
        f"* {'Settled' if each.state == 'settled' else 'Lapses'}: {each.title}: {each.why}"
        for each in day.gone
    ]
    return "\n".join([*lines, ""])


PARTS: dict[str, Callable[..., str]] = {"first days": first_days, "replay": days}
"""Parts that tell of a story, by the name that a page gives them."""
