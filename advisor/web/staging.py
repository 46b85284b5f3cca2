"""Scenarios as the application gives them: an exercise by stages, never ahead of a decision."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any, Literal

from advisor.advise import advise
from advisor.chronology.story import Entry
from advisor.data import scenarios_folder
from advisor.exercise import Exercise, Option, Staged, exercises
from advisor.language.documents import Urgency
from advisor.pack import Pack
from advisor.scenario import Scenario, scenarios
from advisor.web.catalogue import Citation, Shown


class ScenarioListed(Shown):
    """A scenario in a list: an exercise in stages, or one ordinary referral."""

    id: str
    kind: Literal["exercise", "ordinary"]
    title: str
    minutes: int | None = None
    stages: int | None = None


class ScenarioList(Shown):
    """Every exercise and every ordinary referral that ships."""

    scenarios: tuple[ScenarioListed, ...]


class Disclosed(Shown):
    """Something that became known: in words, and when it happened."""

    what: str
    happened_on: str | None


class PromptTold(Shown):
    """A prompt that the advisor would have raised, with the places that it comes from."""

    rule: str
    title: str
    urgency: Urgency
    text: str
    because: tuple[str, ...]
    sources: tuple[Citation, ...]


class Reveal(Shown):
    """What is told once the group has decided."""

    decided_then: str | None
    review: str | None
    at: tuple[str, ...]
    review_says: str | None
    would_have_asked: tuple[PromptTold, ...]
    after: str | None


class StageShown(Shown):
    """A stage: what all are told, what each hand holds, the options; the reveal once decided."""

    number: int
    day: str
    told: str
    disclosed: tuple[Disclosed, ...]
    hands: dict[str, tuple[Disclosed, ...]]
    options: tuple[Option, ...]
    discuss: tuple[str, ...]
    chosen: str | None
    reveal: Reveal | None


class ScenarioShown(Shown):
    """An exercise as far as its decisions have been given, or an ordinary referral.

    ``stages`` ends with the stage that is to be decided next. Nothing of a later stage, and no
    reveal of the open one, is given before the decision is.
    """

    id: str
    kind: Literal["exercise", "ordinary"]
    title: str
    about: str | None = None
    care: str | None = None
    stages_in_all: int | None = None
    stages: tuple[StageShown, ...] = ()
    case: dict[str, Any] | None = None


class Staging:
    """The scenarios that ship, read once."""

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """Every exercise by its id."""
        return {each.head.id: each for each in exercises(scenarios_folder())}

    @cached_property
    def ordinary(self) -> dict[str, Scenario]:
        """Every ordinary referral by the id of its snapshot."""
        return {each.id: each for each in scenarios(scenarios_folder() / "ordinary")}

    @cached_property
    def listed(self) -> ScenarioList:
        """All of them in a list."""
        staged = (
            ScenarioListed(
                id=name,
                kind="exercise",
                title=each.head.title,
                minutes=each.head.minutes,
                stages=len(each.stages),
            )
            for name, each in self.exercises.items()
        )
        plain = (
            ScenarioListed(id=name, kind="ordinary", title=each.head.title)
            for name, each in self.ordinary.items()
        )
        return ScenarioList(scenarios=(*staged, *plain))


@cache
def shared() -> Staging:
    """The scenarios that ship, for every route that shows them."""
    return Staging()


class DecisionError(ValueError):
    """A decision that was given is none of the options of its stage. The message says which."""


def exercise_shown(exercise: Exercise, pack: Pack, decided: Sequence[str]) -> ScenarioShown:
    """An exercise as far as the decisions go; raises DecisionError."""
    if len(decided) > len(exercise.stages):
        raise DecisionError(f"There are {len(exercise.stages)} stages: give no more decisions.")
    stages = []
    for number, staged in enumerate(exercise.stages[: len(decided) + 1], start=1):
        chosen = decided[number - 1] if number <= len(decided) else None
        options = [option.id for option in staged.stage.options]
        if chosen is not None and chosen not in options:
            raise DecisionError(f"Stage {number}: decide on one of {', '.join(options)}.")
        stages.append(_stage(staged, number, chosen, pack))
    head = exercise.head
    return ScenarioShown(
        id=head.id,
        kind="exercise",
        title=head.title,
        about=head.about,
        care=head.care,
        stages_in_all=len(exercise.stages),
        stages=tuple(stages),
    )


def ordinary_shown(scenario: Scenario) -> ScenarioShown:
    """An ordinary referral with its case."""
    return ScenarioShown(
        id=scenario.id,
        kind="ordinary",
        title=scenario.head.title,
        case=scenario.snapshot.plain,
    )


def _stage(staged: Staged, number: int, chosen: str | None, pack: Pack) -> StageShown:
    return StageShown(
        number=number,
        day=str(staged.decision.snapshot.as_of),
        told=staged.stage.told,
        disclosed=tuple(map(_disclosed, staged.told)),
        hands={name: tuple(map(_disclosed, held)) for name, held in staged.held.items()},
        options=staged.stage.options,
        discuss=staged.stage.discuss,
        chosen=chosen,
        reveal=None if chosen is None else _reveal(staged, pack),
    )


def _disclosed(entry: Entry) -> Disclosed:
    happened = None if entry.happened_on is None else str(entry.happened_on)
    return Disclosed(what=entry.what, happened_on=happened)


def _title(pack: Pack, review: str | None) -> str | None:
    held = None if review is None else pack.reviews.get(review)
    return None if held is None else held.title


def _reveal(staged: Staged, pack: Pack) -> Reveal:
    head = staged.decision.head
    made = advise(staged.decision.snapshot, pack, ask=False)
    return Reveal(
        decided_then=head.decided,
        review=_title(pack, head.review),
        at=head.at,
        review_says=head.review_says,
        would_have_asked=tuple(
            PromptTold(
                rule=prompt.rule,
                title=prompt.title,
                urgency=prompt.urgency,
                text=prompt.text,
                because=tuple(dict.fromkeys(each.says for each in prompt.because)),
                sources=tuple(
                    Citation(review=source.review, at=source.at) for source in prompt.sources
                ),
            )
            for prompt in made.prompts
            if prompt.verdict != "needs_information"
        ),
        after=staged.stage.after,
    )
