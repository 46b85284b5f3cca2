"""The checks, one small class each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from advisor.case import Case
from advisor.coverage import possible
from advisor.engine import Engine
from advisor.language.checking import conditions
from advisor.language.documents import AtLeast, ConditionSpec, Rule
from advisor.language.expressions import facts_read, signals_read
from advisor.lint.base import Check, Subject
from advisor.lint.citing import Citations, Fingerprints, Pinpoints, SharedWords
from advisor.logic import Condition, logic_of
from advisor.problems import Problem
from advisor.snapshot import Snapshot

REFUSED_FACTS = {
    "adult.pregnant": "an adult's pregnancy is no ground; rest on the unborn child",
    "adult.aged_under_21": "an adult's age is no ground; rest on a need of the child",
}
"""Facts that a snapshot may hold and no rule may rest on, and why."""

_PERSONAL = re.compile(
    r"ethnic|race|religio|faith|(^|[._])sex($|[._])|gender|orientation|nationality|immigration"
)
_RECORDING = re.compile(r"_(recorded|explored)$")


class ExamplesComplete(Check):
    """A rule has an example that raises it, one that does not, and one with an unknown."""

    code = "examples-complete"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each kind of example that is missing."""
        for rule in subject.live:
            proved = subject.proved[rule.id]
            expected = {each.example.expect for each in proved if each.holds}
            if "raised" not in expected:
                message = "no example raises it, so nothing shows that it can be: add one"
                yield subject.problem(rule.id, ("examples",), message)
            if "not_raised" not in expected:
                message = "no example shows when it is silent: add an ordinary case"
                yield subject.problem(rule.id, ("examples",), message)
            if not any(each.rests_on_unknown for each in proved):
                message = "no example has an unknown that the rule meets: add one"
                yield subject.problem(rule.id, ("examples",), message)


class ExamplesHold(Check):
    """Every example gives the verdict that is expected of it."""

    code = "examples-hold"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each example that does not hold."""
        for rule in subject.live:
            for each in subject.proved[rule.id]:
                if not each.holds:
                    message = (
                        f"'{each.example.name}': expected {each.example.expect}, got {each.verdict}"
                    )
                    if each.example.known_miss is not None:
                        message = f"'{each.example.name}': no longer missed; drop known_miss"
                    yield subject.problem(rule.id, ("examples", each.number), message)


class ExampleNames(Check):
    """The names of a rule's examples differ, and read as sentences."""

    code = "example-names"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each name that is repeated or too short to be a sentence."""
        for rule in subject.live:
            names = [example.name for example in rule.examples]
            for number, name in enumerate(names):
                if name in names[:number] or len(name.split()) < 3:
                    message = "name each example in a sentence of its own"
                    yield subject.problem(rule.id, ("examples", number, "name"), message)


class Placed(Check):
    """A rule stands in the folder of its theme, in a file with its name."""

    code = "placed"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each rule that is not where its id says."""
        for rule in subject.pack.rules.values():
            theme, name = rule.id.split(".")
            if theme != rule.theme:
                message = f"the id begins with {theme}, the theme is {rule.theme}; make them agree"
                yield subject.problem(rule.id, ("id",), message)
            origin = subject.pack.origins[rule.id]
            path = PurePath(origin.document.source)
            if not origin.path and (path.stem != name or path.parent.name != theme):
                message = f"save this rule as {theme}/{name}.yaml"
                yield subject.problem(rule.id, ("id",), message)


class Raisable(Check):
    """Some case can raise the rule, and not every case does."""

    code = "raisable"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """Contradictory conditions, quorums out of reach, and rules that an empty case raises."""
        empty = {"snapshot": {"id": "empty", "as_of": "2024-06-03"}, "children": [{"id": "child"}]}
        case = Case(Snapshot.from_data(empty))
        engine = Engine(subject.pack, subject.live, plain=True)
        outcomes = engine.outcomes(engine.values(case, "child"))
        for rule in subject.live:
            yield from self._contradictions(subject, rule)
            if outcomes[rule.id].verdict != "not_raised":
                message = "a case of which nothing is known raises it: add what must be known"
                yield subject.problem(rule.id, ("when",), message)

    def _contradictions(self, subject: Subject, rule: Rule) -> Iterator[Problem]:
        held: dict[str, frozenset[str]] = {}
        logic = logic_of(rule)
        plain = [each for each in logic.conditions if isinstance(each, Condition)]
        for condition in (*logic.given, *plain):
            words = held.get(condition.name, condition.words) & condition.words
            held[condition.name] = words
            if not words:
                message = (
                    f"nothing can raise it: its conditions on {condition.name} exclude each other"
                )
                yield subject.problem(rule.id, ("when",), message)
        for number, spec in enumerate(rule.when.conditions):
            if isinstance(spec, AtLeast) and spec.at_least > len(spec.of):
                message = f"nothing can raise it: {spec.at_least} of {len(spec.of)} cannot hold"
                yield subject.problem(rule.id, ("when", "and", number), message)
        for path, single in conditions(rule):
            if isinstance(single, ConditionSpec) and len(set(single.accepts)) == 3:
                message = f"{single.signal} may be anything here: drop the condition"
                yield subject.problem(rule.id, path, message)


class SignalsUsed(Check):
    """Every signal is read by a rule, or by a signal that is."""

    code = "signals-used"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each signal that nothing reads."""
        pack = subject.pack
        pending = {
            condition if isinstance(condition, str) else condition.signal
            for rule in pack.rules.values()
            for _, condition in conditions(rule)
        }
        pending |= {name for rule in pack.rules.values() for name in rule.prompt.settled_by}
        used: set[str] = set()
        while pending:
            name = pending.pop()
            if name in pack.signals and name not in used:
                used.add(name)
                pending |= set(signals_read(pack.signals[name].tree))
        for name in pack.signals:
            if name not in used:
                yield subject.problem(name, ("id",), "no rule reads this signal: use or drop it")


class SaysWhatIsAccepted(Check):
    """A signal has words for every value that some rule accepts of it."""

    code = "says"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each value that would be shown as a reason without words."""
        needed: dict[str, set[str]] = {}
        for rule in subject.live:
            for condition in logic_of(rule).singles:
                needed.setdefault(condition.name, {"unknown"}).update(condition.words)
        for name, words in needed.items():
            if name.startswith("concern."):
                continue
            signal = subject.pack.signals[name]
            able = {value.word for value in possible(signal.tree, subject.pack.signals)}
            for word in sorted(words & able):
                if getattr(signal.says, word) is None:
                    message = f"a rule may give its being {word} as a reason: add words for it"
                    yield subject.problem(name, ("says",), message)


class FairConditions(Check):
    """No rule rests on a personal characteristic, or on an adult's age or pregnancy.

    Whether such a thing is recorded or has been explored may count; its value never does.
    """

    code = "fair-conditions"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each signal that reads such a fact."""
        for name, signal in subject.pack.signals.items():
            for fact in facts_read(signal.tree):
                why = REFUSED_FACTS.get(fact)
                if why is None and _PERSONAL.search(fact) and not _RECORDING.search(fact):
                    why = "whether it is recorded may count, its value never"
                if why is not None:
                    yield subject.problem(name, ("is",), f"no rule may rest on {fact}: {why}")


class LimitsSaySomething(Check):
    """The limits of a rule are a sentence about the rule."""

    code = "limits"

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem for each rule whose limits are a stopgap."""
        for rule in subject.live:
            short = len(rule.limits.split()) < 5
            if short or re.match(r"(none|unknown|n/a|tbd|to do)\b", rule.limits, re.IGNORECASE):
                message = "say in a sentence where this prompt does not apply or may be noise"
                yield subject.problem(rule.id, ("limits",), message)


CHECKS: tuple[type[Check], ...] = (
    ExamplesComplete,
    ExamplesHold,
    ExampleNames,
    Placed,
    Raisable,
    SignalsUsed,
    SaysWhatIsAccepted,
    FairConditions,
    LimitsSaySomething,
    Citations,
    Pinpoints,
    Fingerprints,
    SharedWords,
)
