"""How the rules do on scenarios: where each spoke, where it should have, and where it was noise.

A decision point is a scenario of a review; an ordinary referral is one of none, on which a prompt
is seldom worth reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from advisor.advice import IN_FULL, Advice
from advisor.advise import advise
from advisor.pack import Pack
from advisor.scenario import Scenario

ORDINARY_SHARE = 10
"""No rule may be raised on more than one in so many of the ordinary referrals."""


@dataclass(frozen=True)
class Tried:
    """A scenario, and what the rules of a pack said of it."""

    scenario: Scenario
    advice: Advice
    after: tuple[frozenset[str], ...] = ()
    """The rules that are raised after each change of one fact that the scenario names."""

    @property
    def name(self) -> str:
        """The scenario's name: that of its snapshot."""
        return self.scenario.id

    @property
    def is_ordinary(self) -> bool:
        """Whether it is an ordinary referral, and not a decision point of a story."""
        head = self.scenario.head
        return head.review is None and not head.known_to

    @cached_property
    def places(self) -> dict[str, int]:
        """The rules that are raised, each with the place of its prompt, the first being 1.

        A rule that is folded into a stronger one stands where that one stands.
        """
        found: dict[str, int] = {}
        for number, prompt in enumerate(self.advice.prompts, start=1):
            if prompt.verdict != "needs_information":
                for rule in (prompt.rule, *prompt.replaces):
                    found.setdefault(rule, number)
        return found

    @cached_property
    def asked(self) -> frozenset[str]:
        """The rules that need information and are not raised for another child."""
        prompts = self.advice.prompts
        asked = {each.rule for each in prompts if each.verdict == "needs_information"}
        return frozenset(asked - set(self.places))

    @property
    def missed(self) -> list[str]:
        """Rules that should have been raised and were not."""
        return [rule for rule in self.scenario.head.must_raise if rule not in self.places]

    @property
    def noise(self) -> list[str]:
        """Rules that were raised, or asked, and are noise here."""
        return [
            rule for rule in self.scenario.head.noise if rule in self.places or rule in self.asked
        ]

    @property
    def late(self) -> list[str]:
        """Rules that should be among the first prompts and stand after them.

        Asked only where so few must be raised that all could be shown in full.
        """
        due = self.scenario.head.must_raise
        if len(due) > IN_FULL:
            return []
        return [rule for rule in due if self.places.get(rule, 0) > IN_FULL]

    @property
    def over(self) -> int:
        """How many prompts there are beyond the ceiling."""
        return max(0, len(self.advice.prompts) - self.scenario.head.ceiling)

    @property
    def unmoved(self) -> list[str]:
        """Rules that a change of one fact should raise and does not, or that were there before."""
        head = self.scenario.head
        return [
            change.raises
            for change, after in zip(head.changes, self.after, strict=True)
            if change.raises not in after or change.raises in self.places
        ]


@dataclass
class RuleTried:
    """Where one rule spoke, by the names of the scenarios."""

    rule: str
    due: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    ordinary: list[str] = field(default_factory=list)
    ordinary_asked: list[str] = field(default_factory=list)
    turned: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """A pack tried on scenarios."""

    tried: tuple[Tried, ...]
    rules: dict[str, RuleTried]

    @property
    def points(self) -> list[Tried]:
        """The decision points of reviews and of invented stories."""
        return [each for each in self.tried if not each.is_ordinary]

    @property
    def ordinary(self) -> list[Tried]:
        """The ordinary referrals."""
        return [each for each in self.tried if each.is_ordinary]

    @property
    def too_often(self) -> list[RuleTried]:
        """The rules that are raised on more than their share of the ordinary referrals."""
        return [
            each
            for each in self.rules.values()
            if len(each.ordinary) * ORDINARY_SHARE > len(self.ordinary)
        ]

    @property
    def holds(self) -> bool:
        """Whether every expectation was met."""
        return not self.too_often and not any(
            each.missed or each.noise or each.late or each.over or each.unmoved
            for each in self.tried
        )

    def faults(self) -> Iterator[str]:
        """What was expected and did not happen, one line each."""
        for each in self.tried:
            for rule in each.missed:
                asked = " (it asks for information)" if rule in each.asked else ""
                yield f"{each.name}: {rule} should have been raised{asked}"
            for rule in each.noise:
                yield f"{each.name}: {rule} is noise here"
            for rule in each.late:
                place = each.places[rule]
                yield f"{each.name}: {rule} is prompt {place}, not among the first {IN_FULL}"
            for rule in each.unmoved:
                yield f"{each.name}: {rule} should be raised by the change, and only by it"
            if each.over:
                count, most = len(each.advice.prompts), each.scenario.head.ceiling
                yield f"{each.name}: {count} prompts, {most} at most"
        for trial in self.too_often:
            yield f"{trial.rule}: raised on {len(trial.ordinary)} of {len(self.ordinary)} ordinary"

    def totals(self) -> dict[str, int]:
        """The figures over all scenarios."""
        points, ordinary = self.points, self.ordinary
        return {
            "decision_points": len(points),
            "must_raise": sum(len(each.scenario.head.must_raise) for each in points),
            "must_raise_met": sum(
                len(each.scenario.head.must_raise) - len(each.missed) for each in points
            ),
            "must_raise_late": sum(len(each.late) for each in points),
            "noise_raised": sum(len(each.noise) for each in self.tried),
            "over_ceiling": sum(each.over > 0 for each in points),
            "most_prompts": max((len(each.advice.prompts) for each in points), default=0),
            "ordinary": len(ordinary),
            "ordinary_within_ceiling": sum(not each.over for each in ordinary),
            "ordinary_silent": sum(not each.advice.prompts for each in ordinary),
            "changes": sum(len(each.scenario.head.changes) for each in self.tried),
            "changes_met": sum(
                len(each.scenario.head.changes) - len(each.unmoved) for each in self.tried
            ),
            "rules": len(self.rules),
            "rules_due_somewhere": sum(
                bool(each.due or each.turned) for each in self.rules.values()
            ),
            "rules_too_often": len(self.too_often),
        }


def try_on(pack: Pack, scenarios: Iterable[Scenario]) -> Trial:
    """Advise on each scenario and each change of it; raises InputError for a faulty change."""
    return trial_of(pack, tuple(try_each(pack, scenarios)))


def try_each(pack: Pack, scenarios: Iterable[Scenario]) -> Iterator[Tried]:
    """Each scenario tried, one after the other, for whoever wants to know how far it has come."""
    for scenario in scenarios:
        yield _tried(pack, scenario)


def trial_of(pack: Pack, tried: tuple[Tried, ...]) -> Trial:
    """The trial of a pack that scenarios tried on it make up."""
    rules = {rule.id: RuleTried(rule.id) for rule in pack.rules.values() if rule.status == "active"}
    for each in tried:
        for rule, trial in rules.items():
            if rule in each.places:
                (trial.ordinary if each.is_ordinary else trial.raised).append(each.name)
            elif rule in each.asked and each.is_ordinary:
                trial.ordinary_asked.append(each.name)
            for names, into in (
                (each.scenario.head.must_raise, trial.due),
                (each.missed, trial.missed),
                (each.noise, trial.noise),
                (each.late, trial.late),
                ([change.raises for change in each.scenario.head.changes], trial.turned),
            ):
                if rule in names:
                    into.append(each.name)
    return Trial(tried, rules)


def _tried(pack: Pack, scenario: Scenario) -> Tried:
    after = tuple(
        frozenset(Tried(scenario, advise(scenario.changed(change), pack, ask=False)).places)
        for change in scenario.head.changes
    )
    return Tried(scenario, advise(scenario.snapshot, pack, ask=False), after)
