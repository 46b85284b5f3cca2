"""Expressions of the rule language as plain English, and the words that stand for its terms.

Every operator has its words here. An expression becomes lines with a depth: a line that ends in a
colon is explained by the deeper lines that follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.dates import PartialDate
from advisor.facts.shape import Kind, Type
from advisor.language.documents import Signal
from advisor.language.expressions import (
    All,
    AnyOf,
    CountOf,
    Every,
    Expression,
    FactTest,
    Known,
    Not,
    SignalRef,
    Some,
    UnknownTest,
)
from advisor.vocabulary import Place, list_place, place

URGENCIES = {
    "now": "Now",
    "today": "Today",
    "before_decision": "Before the decision",
    "during_assessment": "During the assessment",
}
KINDS = {
    "action": "action to consider",
    "question": "question to ask",
    "challenge": "assumption to challenge",
}
VERDICTS = {
    "raised": "raised",
    "raised_on_precaution": "raised on precaution, because something is not known",
    "needs_information": "not decided: it needs information",
    "not_raised": "not raised",
}

_MEMBERS = {
    "injury": ("injury or mark of {owner}", "injuries or marks of {owner}"),
    "plan": ("plan for {owner}", "plans for {owner}"),
    "order": ("order or condition about {owner}", "orders or conditions about {owner}"),
    "move": ("move of {owner}", "moves of {owner}"),
    "adult": ("adult in or around {owner}'s life", "adults in or around {owner}'s life"),
    "sibling": ("other child of the household or family", "other children of the family"),
    "event": ("event that concerns {owner}", "events that concern {owner}"),
    "service": ("service involved with {owner}", "services involved with {owner}"),
    "meeting": ("meeting about {owner}", "meetings about {owner}"),
    "history": ("entry in {owner}'s history", "entries in {owner}'s history"),
    "check": ("check made on {owner}", "checks made on {owner}"),
    "agency_check": ("check with an agency", "checks with agencies"),
}
"""What one member of a list, and several, are called."""

_ANSWERS = {"true": "yes", "false": "no", "unknown": "not known"}
_OWNERS = {"child": "the child", "sibling": "the other child", "adult": "the adult"}
_ACRONYMS = {"gp": "GP", "camhs": "CAMHS", "cafcass": "Cafcass", "a_and_e": "A&E"}


@dataclass(frozen=True)
class Line:
    """One line of English; ``depth`` is how far inside the lines above it stands."""

    text: str
    depth: int = 0


def word(value: object) -> str:
    """A value of a fact as a reader says it: ``child_in_need`` becomes ``child in need``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if text in _ACRONYMS:
        return _ACRONYMS[text]
    said = (_ACRONYMS.get(part, part) for part in text.split("_"))
    return " ".join(said).replace("childrens ", "children's ")


def words(values: Iterable[object], joiner: str = "or") -> str:
    """Several values as a reader says them: ``a, b or c``."""
    said = [word(value) for value in values]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {joiner} {said[-1]}"


def day(text: str) -> str:
    """A date in words: ``2017-05-18`` becomes ``18 May 2017``; a month or year likewise."""
    first = PartialDate.parse(text).first
    shown = {10: f"{first.day} {first:%B %Y}", 7: f"{first:%B %Y}"}
    return shown.get(len(text), text)


def generic(text: str, owner: str = "the child") -> str:
    """A text of a rule or question about nobody in particular."""
    filled = text.replace("{child}", owner).replace("{adult}", "the adult")
    return filled[:1].upper() + filled[1:]


def signal_says(signal: Signal, value: str) -> str:
    """A signal with a value (``true``, ``false`` or ``unknown``), about nobody in particular."""
    told = {"true": signal.says.true, "false": signal.says.false, "unknown": signal.says.unknown}
    text = told[value]
    if text is None:
        text = f"{signal.ask} {'No' if value == 'false' else 'Not known'}"
    return generic(text)


def expression(
    node: Expression, signals: Mapping[str, Signal], depth: int = 0, *, negated: bool = False
) -> Iterator[Line]:
    """An expression, or its opposite, as lines of English."""
    if isinstance(node, Not):
        yield from expression(node.negated, signals, depth, negated=not negated)
    elif isinstance(node, All | AnyOf):
        yield from _junction(node, signals, depth, negated)
    elif isinstance(node, Some | Every | CountOf):
        yield from _quantified(node, signals, depth, negated)
    elif isinstance(node, FactTest):
        yield Line(_test(node, negated), depth)
    elif isinstance(node, Known | UnknownTest):
        yield Line(_knowledge(node, negated), depth)
    else:
        yield Line(_reference(node, signals, negated), depth)


def _junction(
    node: All | AnyOf, signals: Mapping[str, Signal], depth: int, negated: bool
) -> Iterator[Line]:
    parts = node.all if isinstance(node, All) else node.any
    if len(parts) == 1:
        yield from expression(parts[0], signals, depth, negated=negated)
        return
    recorded = _recorded(node)
    if recorded is not None:
        told = "it is not on record" if negated else "it is on record"
        yield Line(f"{told}: {_test(recorded, False)}", depth)
        return
    if isinstance(node, All):
        head = "not all of these hold:" if negated else "all of these hold:"
    else:
        head = "none of these holds:" if negated else "at least one of these holds:"
    yield Line(head, depth)
    for part in parts:
        yield from expression(part, signals, depth + 1)


def _recorded(node: All | AnyOf) -> FactTest | None:
    """The test in ``{all: [{known: P}, {fact: P}]}``, by which rules say "recorded as true"."""
    if not isinstance(node, All) or len(node.all) != 2:
        return None
    first, second = node.all
    if isinstance(first, Known) and isinstance(second, FactTest) and first.known == second.fact:
        return second
    return None


def _quantified(
    node: Some | Every | CountOf, signals: Mapping[str, Signal], depth: int, negated: bool
) -> Iterator[Line]:
    one, several = _members(node)
    if isinstance(node, Some):
        head = f"no {one}" if negated else f"at least one {one}"
    elif isinstance(node, Every):
        head = f"not every {one}" if negated else f"every {one}"
    else:
        head = (
            f"fewer than {node.at_least} {several}"
            if negated
            else (f"at least {node.at_least} {several}")
        )
    if node.where is None:
        yield Line(f"{head} is recorded" if not isinstance(node, CountOf) else head, depth)
        return
    inner = list(expression(node.where, signals, depth + 1))
    if len(inner) == 1:
        yield Line(f"{head}, where {_lower(inner[0].text)}", depth)
    elif inner[0].text == "all of these hold:":
        yield Line(f"{head}, where all of these hold:", depth)
        yield from (Line(line.text, line.depth - 1) for line in inner[1:])
    else:
        yield Line(f"{head}, where this holds:", depth)
        yield from inner


def _members(node: Some | Every | CountOf) -> tuple[str, str]:
    path = (
        node.some
        if isinstance(node, Some)
        else node.every
        if isinstance(node, Every)
        else (node.count)
    )
    listed = list_place(path)
    assert listed.member is not None
    owner = _OWNERS.get(listed.name, "")
    one, several = _MEMBERS[listed.member]
    return one.format(owner=owner), several.format(owner=owner)


def _question(found: Place) -> str:
    return f'"{generic(found.slot.ask or found.path, _OWNERS.get(found.name, "the child"))}"'


def _answer(path: str) -> str:
    """What a date or id is compared with: a date itself, the day of the decision, or a fact."""
    if path[0].isdigit():
        return day(path)
    if path == "snapshot.as_of":
        return "the day of the decision"
    return f"the answer to {_question(place(path))}"


def _test(node: FactTest, negated: bool) -> str:
    found = place(node.fact)
    asked = _question(found)
    yes = node.equals is None or node.equals is True
    if found.slot.kind is Kind.FACT and found.slot.type is Type.BOOL:
        return f"{'yes' if yes is not negated else 'no'} to {asked}"
    positive, negative = _comparison(node)
    return f"the answer to {asked} {negative if negated else positive}"


def _comparison(node: FactTest) -> tuple[str, str]:
    """What is said of the answer where the test is passed, and where it is not."""
    if node.equals is not None:
        return f"is {word(node.equals)}", f"is not {word(node.equals)}"
    if node.among is not None:
        return f"is {words(node.among)}", f"is not {words(node.among)}"
    if node.includes is not None:
        wanted = words([node.includes] if isinstance(node.includes, str) else node.includes)
        return f"includes {wanted}", f"does not include {wanted}"
    if node.within is not None:
        span = f"in the {node.within} up to {_answer(node.before or '')}"
        return f"falls {span}", f"does not fall {span}"
    if node.before is not None:
        return f"is before {_answer(node.before)}", f"is not before {_answer(node.before)}"
    if node.after is not None:
        return f"is after {_answer(node.after)}", f"is not after {_answer(node.after)}"
    if node.same_as is not None:
        other = _answer(node.same_as)
        return f"is the same as {other}", f"is not the same as {other}"
    if node.at_least is not None and node.at_most is not None:
        span = f"from {node.at_least} to {node.at_most}"
        return f"is {span}", f"is not {span}"
    if node.at_least is not None:
        return f"is {node.at_least} or more", f"is less than {node.at_least}"
    return f"is {node.at_most} or less", f"is more than {node.at_most}"


def _knowledge(node: Known | UnknownTest, negated: bool) -> str:
    path = node.known if isinstance(node, Known) else node.unknown
    asked = _question(place(path))
    if isinstance(node, UnknownTest) and node.because is not None:
        why = "; ".join(reason.words for reason in node.because)
        told = (
            "is not known for any of these reasons"
            if not negated
            else ("is known, or is unknown for another reason than these")
        )
        return f"the answer to {asked} {told}: {why}"
    known = isinstance(node, Known) is not negated
    return f"the answer to {asked} is {'known, whatever it is' if known else 'not known'}"


def _reference(node: str | SignalRef, signals: Mapping[str, Signal], negated: bool) -> str:
    name = node if isinstance(node, str) else node.signal
    signal = signals[name]
    values: Sequence[str] = ("true",)
    if isinstance(node, SignalRef) and node.accepts is not None:
        values = node.accepts
        if negated:
            values = [value for value in ("true", "false", "unknown") if value not in values]
    elif negated:
        values = ("false",)
    if not values:
        return f"never ({name})"
    told = {"true": signal.says.true, "false": signal.says.false, "unknown": signal.says.unknown}
    said = [_lower(generic(text)) for value in values if (text := told[value]) is not None]
    unsaid = [_ANSWERS[value] for value in values if told[value] is None]
    if unsaid:
        said.append(f'{", or ".join(unsaid)} to "{generic(signal.ask)}"')
    return f"{', or '.join(said)} ({name})"


def _lower(text: str) -> str:
    """The text as the middle of a sentence; names in capitals stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
