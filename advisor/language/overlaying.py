"""What a local pack may do to the rules that it is laid over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.language.checking import Fault
from advisor.language.documents import URGENCIES, Change, LocalPack, Rule
from advisor.problems import suggestion


def overlay_faults(local: LocalPack, shipped: Mapping[str, Rule]) -> Iterator[Fault]:
    """Changes that name no rule, change nothing, or weaken without saying why and until when."""
    seen: set[str] = set()
    for number, change in enumerate(local.changes):
        path = ("changes", number)
        rule = shipped.get(change.rule)
        if rule is None:
            message = f"there is no rule {change.rule}.{suggestion(change.rule, shipped)}"
            yield (*path, "rule"), message
            continue
        if change.rule in seen:
            yield (*path, "rule"), "this rule is changed twice; give one change a rule"
        seen.add(change.rule)
        if change.status is None and change.urgency in (None, rule.prompt.urgency):
            yield path, "this changes nothing; give another urgency, or status: off"
        for name in _missing(change, rule):
            yield (*path, name), f"lowering or switching off a rule needs {name}: add it"
    for number, rule in enumerate(local.rules):
        for position, name in enumerate(rule.replaces):
            if name in shipped:
                message = "an own rule cannot fold a shipped one away: switch that one off instead"
                yield ("rules", number, "replaces", position), message


def _missing(change: Change, rule: Rule) -> Iterator[str]:
    later = change.urgency is not None and (
        URGENCIES.index(change.urgency) > URGENCIES.index(rule.prompt.urgency)
    )
    if later or change.status == "off":
        for name in ("reason", "approver", "expires"):
            if getattr(change, name) is None:
                yield name
