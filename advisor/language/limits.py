"""How large a rule may be, so that every engine can hold it: measured on durable-rules."""

from __future__ import annotations

import math
from collections.abc import Iterator

from advisor.language.checking import Fault, conditions
from advisor.language.documents import AtLeast, Rule

MAX_CONDITIONS = 40
MAX_ALTERNATIVES = 64
MAX_JOINED_CONCERNS = 12


def size_faults(rule: Rule) -> Iterator[Fault]:
    """What is too large in a rule: its conditions, its alternatives, the concerns it joins."""
    singles = [each if isinstance(each, str) else each.signal for _, each in conditions(rule)]
    if len(singles) > MAX_CONDITIONS:
        yield ("when",), f"over {MAX_CONDITIONS} conditions: move some into signals, or split it"
    if sum(name.startswith("concern.") for name in singles) > MAX_JOINED_CONCERNS:
        yield ("when",), f"over {MAX_JOINED_CONCERNS} concerns: split it"
    alternatives = math.prod(
        math.comb(len(each.of), each.at_least)
        for each in rule.when.conditions
        if isinstance(each, AtLeast)
    )
    if alternatives > MAX_ALTERNATIVES:
        message = f"{alternatives} ways to meet at_least; over {MAX_ALTERNATIVES}: split it"
        yield ("when", "and"), message
