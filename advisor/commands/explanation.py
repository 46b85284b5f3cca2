"""The command that explains a rule on a case: condition by condition, in words."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence

from advisor.advice import FactShown
from advisor.commands.shared import DONE, pack_of, read_case
from advisor.explaining import ConditionShown, Explanation, explain, find_rule
from advisor.language.english import VERDICTS, day, word, words
from advisor.page import Page
from advisor.rendering import standing
from advisor.report import write_question
from advisor.wording import person

_QUESTIONS_SHOWN = 5
_MARKS = {"met": "[met]", "not met": "[not met]", "not known": "[not known]"}


def explain_rule(options: Namespace) -> int:
    """Print why a rule was raised or not, for each child or for one."""
    pack = pack_of(options)
    rule = find_rule(pack, options.rule)
    snapshot = read_case(options.file)
    found = explain(snapshot, pack, options.rule, options.child)
    titles = {each.id: each.title for each in pack.rules.values()}
    page = Page()
    page.text(rule.title)
    page.text(standing(rule) + ".")
    page.text(f"Snapshot {snapshot.snapshot.id}, as of {day(str(snapshot.as_of))}.")
    for explanation in found:
        write_explanation(page, explanation, titles)
    return DONE


def write_explanation(page: Page, shown: Explanation, titles: Mapping[str, str]) -> None:
    """Write what became of a rule for one child."""
    page.heading(f"{_upper(person(shown.child))}: {VERDICTS[shown.verdict]}.")
    for line in _remarks(shown):
        page.text(line, indent=2)
    if shown.given:
        page.text("It is looked at only where each of these is known to be so:", indent=2)
        _write_conditions(page, shown.given)
        page.text("It then speaks where each of these is so:", indent=2)
    else:
        page.text("It speaks where each of these is so:", indent=2)
    _write_conditions(page, shown.conditions)
    if not shown.would:
        return
    page.heading("What would change it")
    for number, question in enumerate(shown.would[:_QUESTIONS_SHOWN], start=1):
        page.gap()
        write_question(page, number, question, titles)
    more = len(shown.would) - _QUESTIONS_SHOWN
    if more > 0:
        page.gap()
        page.text(f"and {more} more, each named above as not known", indent=2)


def _remarks(shown: Explanation) -> list[str]:
    remarks = []
    if not shown.used:
        remarks.append(
            "This rule is not in use on the day of the snapshot, so no advice holds it. This is "
            "what it would say."
        )
    if shown.folded_into:
        stronger = "; ".join(f'"{title}"' for title in shown.folded_into)
        remarks.append(f"Its prompt is not shown by itself: {stronger} takes its place.")
    stopped = [*shown.given, *shown.conditions]
    if shown.verdict == "not_raised" and any(each.status == "not met" for each in stopped):
        remarks.append("At least one condition is known not to hold.")
    elif shown.verdict == "not_raised" and not shown.in_play:
        remarks.append("It was not looked at: a condition for looking at it is not known.")
    elif shown.verdict == "not_raised":
        remarks.append(f"It stays silent where this is not known: {shown.rule.because}")
    return remarks


def _write_conditions(page: Page, conditions: Sequence[ConditionShown], indent: int = 4) -> None:
    for each in conditions:
        mark = f"{_MARKS[each.status]} "
        page.text(each.says, indent=indent, label=mark, hang=4)
        inner = indent + 4
        if each.needs and each.status == "not met":
            page.text(each.needs, indent=inner, label="Needed: ", hang=2)
        for fact in each.facts:
            page.text(_fact(fact), indent=inner, label="Fact: ", hang=2)
        for unknown in each.unknown:
            page.text(
                f"{unknown.ask} ({unknown.reason}; {unknown.path})",
                indent=inner,
                label="Not known: ",
                hang=2,
            )
        _write_conditions(page, each.parts, inner)


def _fact(fact: FactShown) -> str:
    value = fact.value
    text = (words(value, "and") if value else "none") if isinstance(value, list) else word(value)
    known = f", known on {day(fact.known_on)}" if fact.known_on else ""
    return f"{fact.path}: {text}{known}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
