"""One case through time: on each day on which knowledge changed, which prompts stood, and why.

Walks a chronology as one holder knew it. Nothing known later can reach a day: each day is worked
out from the snapshot that follows from what was known by then. Beside it stands, for each rule, the
first day on which it would have been raised on what was held, and on what was knowable had all
agencies put together what they held.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from advisor.advice import NOTICE, PackShown, Prompt
from advisor.advise import engine_for, prompts_from
from advisor.case import Case
from advisor.chronology.story import Entry, Story
from advisor.chronology.views import knows_from
from advisor.engine import Engine
from advisor.evaluation import ChildResult, DisagreementError, evaluate
from advisor.facts.wider import Header
from advisor.language.documents import Urgency
from advisor.pack import Pack
from advisor.scenario import Scenario
from advisor.snapshot import Snapshot
from advisor.truth import FALSE, TRUE
from advisor.walking import Walk
from advisor.wording import says

REPLAY_VERSION = "1"


class Shown(BaseModel):
    """A part of a replay."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Learnt(Shown):
    """Something that became known on a day."""

    entry: str
    what: str
    happened_on: str | None
    source: str | None


class DecisionShown(Shown):
    """A decision that was made on a day."""

    scenario: str
    title: str
    decided: str | None


class PromptStanding(Shown):
    """A prompt on a day: new, or standing since an earlier day."""

    rule: str
    title: str
    children: tuple[str, ...]
    verdict: Literal["raised", "raised_on_precaution", "needs_information"]
    urgency: Urgency
    state: Literal["appears", "persists"]
    text: str
    because: tuple[str, ...]


class PromptGone(Shown):
    """A prompt that stood the day before: what it asked for is done, or it no longer bears."""

    rule: str
    title: str
    state: Literal["settled", "lapses"]
    why: str


class ReplayDay(Shown):
    """A day on which knowledge changed or something was decided."""

    day: str
    learnt: tuple[Learnt, ...]
    decision: DecisionShown | None
    prompts: tuple[PromptStanding, ...]
    gone: tuple[PromptGone, ...]


class FirstRaised(Shown):
    """The first day on which a rule would have been raised; None where it never was."""

    rule: str
    title: str
    held: str | None
    knowable: str | None


class Replay(Shown):
    """A case as one holder came to know it, with the prompts of each day."""

    replay_version: str = REPLAY_VERSION
    notice: str = NOTICE
    story: str
    title: str
    holder: str
    holder_name: str
    pack: PackShown
    days: tuple[ReplayDay, ...]
    firsts: tuple[FirstRaised, ...]


@dataclass(frozen=True)
class Moment:
    """One day of a walk: what was learnt on it, its decision, and what that adds to the case."""

    day: dt.date
    learnt: tuple[Entry, ...]
    decision: Scenario | None
    case: Mapping[str, Any]


def replay(
    story: Story, holder: str, pack: Pack, decisions: Iterable[Scenario], *, plain: bool = False
) -> Replay:
    """Walk a story as a holder came to know it.

    ``decisions`` are the decision points that follow from this story; those of other holders are
    passed over. Raises InputError where the facts known on a day make no snapshot.

    Only where a signal has changed, or something was decided, is the snapshot of a day made from
    nothing, and the reasons worked out: the walk's verdicts are then held against it.
    """
    own = [each for each in decisions if holder in each.head.known_to]
    days: list[ReplayDay] = []
    first_held: dict[str, str] = {}
    before: dict[str, Prompt] = {}
    prompts: list[Prompt] = []
    results: list[ChildResult] = []
    stood: object = None
    walk = Walk(story, [holder], engines_of(pack, plain=plain))
    for moment in moments(story, [holder], holder, own):
        if not walk.to(moment.day, moment.case):
            continue  # nobody knew yet that there is a child
        engine = walk.engine
        stands = (engine, {name: each.values for name, each in walk.children.items()})
        if moment.decision is not None or stands != stood:
            results = worked_out(engine, walk.snapshot(moment.case))
            _hold_against(results, walk)
            prompts = list(prompts_from(engine, results))
        stood = stands
        now = _by_rule(prompts)
        days.append(
            ReplayDay(
                day=moment.day.isoformat(),
                learnt=tuple(map(_learnt, moment.learnt)),
                decision=_decision(moment.decision),
                prompts=tuple(_standing(each, before) for each in prompts),
                gone=tuple(
                    _gone(engine, results, prompt)
                    for rule, prompt in before.items()
                    if rule not in now
                ),
            )
        )
        for prompt in prompts:
            if prompt.verdict != "needs_information":
                for rule in (prompt.rule, *prompt.replaces):
                    first_held.setdefault(rule, moment.day.isoformat())
        before = now
    knowable = _first_knowable(story, holder, pack, own, plain=plain)
    rules = [rule for rule in pack.rules if rule in first_held or rule in knowable]
    return Replay(
        story=story.head.id,
        title=story.head.title,
        holder=holder,
        holder_name=story.head.holders[holder].name,
        pack=PackShown(name=pack.name, version=pack.version, sha256=pack.sha256),
        days=tuple(days),
        firsts=tuple(
            FirstRaised(
                rule=rule,
                title=pack.rules[rule].title,
                held=first_held.get(rule),
                knowable=knowable.get(rule),
            )
            for rule in rules
        ),
    )


def moments(
    story: Story, holders: Collection[str], holder: str, decisions: Sequence[Scenario]
) -> Iterator[Moment]:
    """Each day on which these holders learnt something or ``holder`` decided, in order of time.

    A day of several decisions comes once for each, by the ids of their snapshots; what was learnt
    on it comes with the first.
    """
    learnt: dict[dt.date, list[Entry]] = {}
    for entry in story.entries:
        since = knows_from(entry, holders)
        if since is not None:
            learnt.setdefault(since.last, []).append(entry)
    decided: dict[dt.date, list[Scenario]] = {}
    for each in sorted(decisions, key=lambda scenario: scenario.id):
        decided.setdefault(each.snapshot.as_of.first, []).append(each)
    for day in sorted({*learnt, *decided}):
        entries = tuple(learnt.get(day, ()))
        for decision in decided.get(day, (None,)):
            yield Moment(day, entries, decision, _case(story, holder, day, entries, decision))
            entries = ()


def _case(
    story: Story,
    holder: str,
    day: dt.date,
    learnt: Sequence[Entry],
    decision: Scenario | None,
) -> Mapping[str, Any]:
    if decision is not None:
        return decision.own_case
    referral: dict[str, Any] = {"received_on": day.isoformat(), "decision_point": "new_information"}
    reports = sorted({concern for entry in learnt for concern in entry.reports})
    if reports:
        referral["reports"] = {"complete": False, "items": reports}
    sources = {entry.source for entry in learnt if entry.source is not None}
    if len(sources) == 1:
        referral["source"] = sources.pop()
    return {
        "snapshot": {
            "id": f"{story.head.id}-{day.isoformat()}",
            "as_of": day.isoformat(),
            "authority": story.head.holders[holder].authority,
        },
        "referral": referral,
    }


def worked_out(engine: Engine, snapshot: Snapshot) -> list[ChildResult]:
    """What an engine works out for each child of a snapshot."""
    case = Case(snapshot)
    return [evaluate(engine, case, child) for child in case.children]


def _first_knowable(
    story: Story, holder: str, pack: Pack, decisions: Sequence[Scenario], *, plain: bool
) -> dict[str, str]:
    first: dict[str, str] = {}
    walk = Walk(story, story.head.holders, engines_of(pack, plain=plain))
    for moment in moments(story, story.head.holders, holder, decisions):
        if not walk.to(moment.day, moment.case):
            continue
        for standing in walk.children.values():
            for rule, outcome in standing.outcomes.items():
                if outcome.verdict in ("raised", "raised_on_precaution"):
                    first.setdefault(rule, moment.day.isoformat())
    return first


def engines_of(pack: Pack, *, plain: bool = False) -> Callable[[dt.date], Engine]:
    """The engine of the rules in force on a day; asked for anew only where these may differ."""
    ends = [rule.in_force.until for rule in pack.rules.values()]
    ends += [change.expires for change in pack.changes]
    turns = {rule.in_force.since for rule in pack.rules.values() if rule.in_force.since}
    turns |= {end + dt.timedelta(days=1) for end in ends if end is not None}
    days, found = sorted(turns), dict[int, Engine]()

    def engine_on(day: dt.date) -> Engine:
        place = bisect_right(days, day)
        if place not in found:
            header = Header.model_validate({"id": "day", "as_of": day.isoformat()})
            found[place] = engine_for(pack, Snapshot.model_construct(snapshot=header), plain=plain)
        return found[place]

    return engine_on


def _hold_against(results: Sequence[ChildResult], walk: Walk) -> None:
    """Refuse to go on where what was worked out from nothing is not what the walk came to."""
    walked = {name: (each.values, each.outcomes) for name, each in walk.children.items()}
    if {each.child: (each.values, each.outcomes) for each in results} != walked:
        raise DisagreementError("two evaluations of a day differ; nothing is shown")


def _by_rule(prompts: Iterable[Prompt]) -> dict[str, Prompt]:
    """The strongest prompt of each rule."""
    found: dict[str, Prompt] = {}
    for prompt in prompts:
        held = found.get(prompt.rule)
        if held is None or held.verdict == "needs_information":
            found[prompt.rule] = prompt
    return found


def _learnt(entry: Entry) -> Learnt:
    happened = None if entry.happened_on is None else str(entry.happened_on)
    return Learnt(entry=entry.id, what=entry.what, happened_on=happened, source=entry.source)


def _decision(scenario: Scenario | None) -> DecisionShown | None:
    if scenario is None:
        return None
    head = scenario.head
    return DecisionShown(scenario=scenario.id, title=head.title, decided=head.decided)


def _standing(prompt: Prompt, before: Mapping[str, Prompt]) -> PromptStanding:
    was = before.get(prompt.rule)
    raised_before = was is not None and was.verdict != "needs_information"
    same = was is not None and (raised_before or prompt.verdict == "needs_information")
    return PromptStanding(
        rule=prompt.rule,
        title=prompt.title,
        children=prompt.children,
        verdict=prompt.verdict,
        urgency=prompt.urgency,
        state="persists" if same else "appears",
        text=prompt.text,
        because=tuple(dict.fromkeys(each.says for each in prompt.because)),
    )


def _gone(engine: Engine, results: Sequence[ChildResult], prompt: Prompt) -> PromptGone:
    """Why a prompt of the day before stands no longer."""
    rule = engine.pack.rules[prompt.rule]
    signals = engine.pack.signals
    mine = [result for result in results if result.child in prompt.children]
    for result in mine:
        for name in rule.prompt.settled_by:
            proof = result.signals.proof(name)
            if proof.value is TRUE:
                why = says(signals[name], TRUE, result.child)
                return PromptGone(rule=rule.id, title=rule.title, state="settled", why=why)
    for result in mine:
        if result.concludes(rule.id):
            why = "a stronger prompt takes its place"
            return PromptGone(rule=rule.id, title=rule.title, state="lapses", why=why)
        singles = [each for each in engine.logics[rule.id].singles if not each.is_concern]
        for condition in singles:
            if result.status(condition) is FALSE:
                why = says(signals[condition.name], result.values[condition.name], result.child)
                return PromptGone(rule=rule.id, title=rule.title, state="lapses", why=why)
        for condition in singles:
            if result.status(condition) is not TRUE and condition in engine.logics[rule.id].given:
                why = f"no longer on record: {says(signals[condition.name], TRUE, result.child)}"
                return PromptGone(rule=rule.id, title=rule.title, state="lapses", why=why)
    why = "what made it bear on the case is no longer so"
    return PromptGone(rule=rule.id, title=rule.title, state="lapses", why=why)
