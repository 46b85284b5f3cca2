"""The command that walks a story: which prompts stood on each day, and since when they could."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.advice import NOTICE
from advisor.commands.shared import DONE, pack_of
from advisor.page import Page
from advisor.problems import fault, suggestion

if TYPE_CHECKING:
    from advisor.chronology.story import Story
    from advisor.replay import Replay, ReplayDay


def replay(options: Namespace) -> int:
    """Print a story as those who decided, or another holder, came to know it."""
    from advisor.chronology.story import read_story
    from advisor.replay import replay as walk
    from advisor.scenario import scenarios

    path = chronology_of(options.scenario)
    story, pack = read_story(path), pack_of(options)
    decisions = list(scenarios(path.parent))
    holders = [holder_of(story, options.holder)] if options.holder else story.front_doors()
    if not holders:
        raise fault(str(path), "nobody here decides: mark a holder front_door: true, or use --as")
    page = Page()
    for number, holder in enumerate(holders):
        made = walk(story, holder, pack, decisions)
        if options.format == "json":
            print(made.model_dump_json())
            continue
        if number:
            page.rule()
        _write(page, made)
    return DONE


def chronology_of(name: str) -> Path:
    """The chronology that is meant: the file, its folder, a decision point in it, or an id."""
    from advisor.chronology.story import FILE
    from advisor.data import scenarios_folder

    path = Path(name)
    if path.name == FILE:
        return path
    for folder in (path, path.parent):
        if (folder / FILE).is_file():
            return folder / FILE
    stories = {each.parent.name: each for each in sorted(scenarios_folder().rglob(FILE))}
    if name in stories:
        return stories[name]
    raise fault(name, f"there is no chronology here, and no such story.{suggestion(name, stories)}")


def holder_of(story: Story, name: str) -> str:
    """A holder of the story by name; raises InputError with a suggestion."""
    if name not in story.head.holders:
        near = suggestion(name, story.head.holders)
        raise fault("--as", f"the story has no holder {name}.{near}")
    return name


def _write(page: Page, made: Replay) -> None:
    page.text(f"{made.title}: as known to {made.holder_name}")
    page.text(f"Rules: {made.pack.name} {made.pack.version}.")
    page.gap()
    page.text(NOTICE)
    for day in made.days:
        page.heading(day.day)
        _write_day(page, day)
    page.heading("The first day on which each prompt would have been raised")
    for first in made.firsts:
        held = first.held or "never"
        knowable = first.knowable or "never"
        page.text(f"{first.title} ({first.rule})", indent=2, hang=2)
        page.text(
            f"on what was held: {held}; had all put together what they held: {knowable}", indent=4
        )


def _write_day(page: Page, day: ReplayDay) -> None:
    for each in day.learnt:
        late = f" (happened {each.happened_on})" if each.happened_on not in (None, day.day) else ""
        page.text(f"{each.what}{late}", indent=2, label="Learnt: ", hang=2)
    if day.decision is not None:
        page.text(day.decision.title, indent=2, label="To decide: ", hang=2)
        if day.decision.decided is not None:
            page.text(day.decision.decided, indent=2, label="Decided then: ", hang=2)
    standing = [each for each in day.prompts if each.state == "persists"]
    for prompt in day.prompts:
        if prompt.state == "appears":
            label = "Asks: " if prompt.verdict == "needs_information" else "New: "
            page.text(f"{prompt.title} ({prompt.rule})", indent=2, label=label, hang=2)
            if prompt.because:
                page.text("; ".join(prompt.because), indent=4, label="because: ", hang=2)
    if standing:
        page.text("; ".join(each.title for each in standing), indent=2, label="Stands: ", hang=2)
    for gone in day.gone:
        label = "Settled: " if gone.state == "settled" else "Lapses: "
        page.text(f"{gone.title}: {gone.why}", indent=2, label=label, hang=2)
