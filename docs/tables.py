"""Tables and lists of the documentation, made from the product's own declarations."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any, Literal, get_args, get_origin

from fastapi.routing import APIRoute

from advisor import cli, truth
from advisor.data import scenarios_folder
from advisor.exercise import exercises
from advisor.facts import terms
from advisor.facts.shape import Kind, Type
from advisor.language.english import word
from advisor.pack import load
from advisor.scenario import scenarios
from advisor.trial import try_on
from advisor.truth import Truth
from advisor.vocabulary import AS_OF, BELONGING, GLOBALS, Entry, entries, place
from docs.modules import modules
from docs.writing import table

# What there is -----------------------------------------------------------------------------------


def counts() -> str:
    """How many rules, signals, findings and scenarios there are."""
    pack = load()
    findings = [finding for _, finding in pack.findings.values()]

    def of(status: str) -> int:
        return sum(finding.status == status for finding in findings)

    heads = [scenario.head for scenario in scenarios(scenarios_folder())]
    reviewed = sum(head.review is not None for head in heads)
    invented = sum(head.review is None and bool(head.known_to) for head in heads)
    ordinary = len(heads) - reviewed - invented
    staged = exercises(scenarios_folder())
    rules = [rule for rule in pack.rules.values() if rule.status == "active"]
    examples = sum(len(rule.examples) for rule in rules)
    rows = [
        ["Rules in force", str(len(rules)), f"with {examples} examples inside them"],
        ["Signals", str(len(pack.signals)), "the practice vocabulary that rules are made of"],
        ["Reviews", str(len(pack.reviews)), "; ".join(r.title for r in pack.reviews.values())],
        ["Findings", str(len(findings)), "lessons of the reviews, in our own words, each cited"],
        ["... encoded", str(of("encoded")), "carried whole by rules"],
        ["... partly", str(of("partly")), "carried in part; the catalogue says what is missing"],
        ["... not promptable", str(of("not_promptable")), "no question about one child follows"],
        *([["... pending", str(of("pending")), "not yet worked on"]] if of("pending") else []),
        [
            "Scenarios",
            str(len(heads)),
            f"{reviewed} from reviews, {invented} of invented families, {ordinary} ordinary",
        ],
        ["Exercises", str(len(staged)), f"with {sum(len(e.stages) for e in staged)} stages"],
    ]
    return table(["What", "How many", ""], rows)


def trial() -> str:
    """How the rules do on the scenarios, for each review and for ordinary referrals."""
    pack = load()
    found = try_on(pack, scenarios(scenarios_folder()))
    rows = []
    for review in pack.reviews.values():
        points = [each for each in found.points if each.scenario.head.review == review.id]
        due = sum(len(each.scenario.head.must_raise) for each in points)
        met = due - sum(len(each.missed) for each in points)
        numbers = sorted(len(each.advice.prompts) for each in points)
        rows.append(
            [
                review.title,
                str(len(points)),
                f"{met} of {due}",
                str(sum(len(each.noise) for each in points)),
                f"{numbers[0]} to {numbers[-1]}, half at most {numbers[len(numbers) // 2]}",
            ]
        )
    quiet = sum(not each.advice.prompts for each in found.ordinary)
    most = max(len(each.ordinary) for each in found.rules.values())
    heads = ["Review", "Decision points", "Must be raised", "Noise raised", "Prompts at a point"]
    return (
        table(heads, rows)
        + f"\nOf {len(found.ordinary)} ordinary referrals {quiet} get no prompt; no "
        f"rule is raised on more than {most} of them.\n"
    )


# Truth tables ------------------------------------------------------------------------------------


def truth_tables() -> str:
    """And, or and not; and the three quantifiers over lists with and without missing members."""
    shown = (truth.FALSE, truth.UNKNOWN, truth.TRUE)
    pairs = [
        [a.word, b.word, truth.all_of([a, b]).word, truth.any_of([a, b]).word]
        for number, a in enumerate(shown)
        for b in shown[number:]
    ]
    members: list[list[Truth]] = [[], [truth.FALSE], [truth.UNKNOWN], [truth.TRUE]]
    members.append([truth.TRUE, truth.FALSE])
    lists = [
        [
            ", ".join(each.word for each in held) or "(none)",
            "complete" if complete else "open",
            truth.some(held, complete=complete).word,
            truth.every(held, complete=complete).word,
            truth.at_least(held, 2, complete=complete).word,
        ]
        for held in members
        for complete in (True, False)
    ]
    negated = [[each.word, truth.negate(each).word] for each in shown]
    return "\n".join(
        [
            table(["`not`", "is"], negated),
            table(["one", "other", "`all`", "`any`"], pairs),
            table(["`where` of the members", "list", "`some`", "`every`", "`count` of 2"], lists),
        ]
    )


# Vocabulary --------------------------------------------------------------------------------------


def vocabulary() -> str:
    """Every fact that a rule may read, and the words that several facts share."""
    parts = []
    for group, found in groupby(entries(), key=_group):
        rows = [_fact_row(each) for each in found]
        heads = ["Fact", "Value", "Question", "Who usually holds it", "Data sets"]
        if group == "snapshot":
            rows.insert(0, _fact_row(Entry("snapshot.as_of", AS_OF)))
        if group == "child":
            rows.extend(_fact_row(Entry(path, place(path).slot)) for path in _belonging())
        parts.append(f"## {group}\n\n{_standing(group)}\n\n{table(heads, rows)}")
    parts.append("## Words that several facts share\n")
    for name, words in _shared().items():
        parts.append(f"### {name}\n\n{', '.join(f'`{each}`' for each in words)}\n")
    return "\n".join(parts)


def _belonging() -> list[str]:
    return [f"child.{name}" for name in BELONGING]


def _standing(group: str) -> str:
    """Where the facts of a group can be used."""
    if group in GLOBALS:
        return "Can be used everywhere."
    if group == "child":
        return "The child that a rule is about."
    if group == "adult.link":
        return "What the adult is to the child that the rule is about."
    lists = [
        path
        for path in [*(each.path for each in entries()), *_belonging()]
        if place(path).member == group
    ]
    return f"One member of {' or '.join(f'`{path}`' for path in lists)}."


def _group(entry: Entry) -> str:
    name, *steps = entry.path.split(".")
    return "adult.link" if (name, *steps[:1]) == ("adult", "link") else name


def _fact_row(entry: Entry) -> list[str]:
    slot = entry.slot
    asked = f"{slot.ask} ({slot.hint})" if slot.hint else slot.ask
    held = ", ".join(word(each) for each in slot.held_by)
    return [f"`{entry.path}`", _value(entry), asked, held, ", ".join(slot.data)]


_HEADINGS = {"sibling": "child"}
"""Members whose facts stand under another heading."""


def _value(entry: Entry) -> str:
    slot = entry.slot
    if slot.type is Type.ENTITY:
        member = place(entry.path).member
        return (
            f"list of [{member}](#{_HEADINGS.get(member, member)}) entries"
            if member
            else "list of [links](#adultlink)"
        )
    if slot.choices and slot.type is Type.CHOICE:
        shared = next((name for name, held in _shared().items() if held == slot.choices), None)
        words = (
            f"[{shared}](#{shared.lower()})"
            if shared
            else ", ".join(f"`{each}`" for each in slot.choices)
        )
        return f"list of: {words}" if slot.kind is Kind.LIST else words
    told = slot.type.value if slot.type else ""
    return f"list of {told}s" if slot.kind is Kind.LIST else told


@cache
def _shared() -> dict[str, tuple[str, ...]]:
    return {name: _words(held) for name, held in vars(terms).items() if get_origin(held) is Literal}


def _words(held: Any) -> tuple[str, ...]:
    found: list[str] = []
    for each in get_args(held):
        found.extend([each] if isinstance(each, str) else _words(each))
    return tuple(found)


# Commands ----------------------------------------------------------------------------------------


def leaves(
    parser: argparse.ArgumentParser | None = None, name: str = "advisor"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that can be run, by its whole name."""
    parser = parser or cli.parser()
    below = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    if not below:
        yield name, parser
    for action in below:
        for name_of, inner in action.choices.items():
            yield from leaves(inner, f"{name} {name_of}")


def shown_actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The arguments and options of a command, without ``--help``."""
    return [each for each in parser._actions if each.dest != "help"]


def commands() -> str:
    """Each command with its arguments and options, in the words of its own help."""
    parts = []
    for name, parser in leaves():
        words = " ".join([name, *(_usage(each) for each in shown_actions(parser))])
        parts.append(f"## {name}\n\n{parser.description}\n\n```text\n{words}\n```\n")
        rows = [[f"`{_written(each)}`", each.help or ""] for each in shown_actions(parser)]
        if rows:
            parts.append(table(["Argument or option", "Meaning"], rows))
    return "\n".join(parts)


def _written(action: argparse.Action) -> str:
    meta = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices is not None:
        meta = "|".join(str(each) for each in action.choices)
    if not action.option_strings:
        return meta
    return action.option_strings[-1] if action.nargs == 0 else f"{action.option_strings[-1]} {meta}"


def _usage(action: argparse.Action) -> str:
    text = _written(action)
    if action.nargs in ("+", "*"):
        text += "..."
    # Whether ``*`` counts as required differs between versions of Python.
    return text if action.required and action.nargs != "*" else f"[{text}]"


# Routes and checks ------------------------------------------------------------------------------


def routes() -> list[APIRoute]:
    """The routes of the API, in the order in which it declares them."""
    from advisor.web import routes as cases
    from advisor.web import story_routes

    declared = (*cases.router.routes, *story_routes.router.routes)
    return [route for route in declared if isinstance(route, APIRoute)]


def method_of(route: APIRoute) -> str:
    """The one method that a route takes."""
    return next(iter(route.methods or ()))


def routes_told() -> str:
    """Each route with what it does and the statuses it answers with."""
    parts = []
    for route in routes():
        method = method_of(route)
        statuses = ", ".join(str(each) for each in route.responses if each != "default")
        text = inspect.cleandoc(route.description).replace("\n\n", "\x00").replace("\n", " ")
        parts.append(
            f"### {method} {route.path}\n\n{route.summary}. " + text.replace("\x00", "\n\n") + "\n"
            f"\nAnswers with: {statuses}.\n"
        )
    return "\n".join(parts)


def lint() -> str:
    """Each check of the rules: its code, what must hold, and what it reports."""
    from advisor.lint import CHECKS

    parts = []
    for check in CHECKS:
        holds = " ".join(inspect.cleandoc(check.__doc__ or "").split())
        told = " ".join(inspect.cleandoc(check.problems.__doc__ or "").split())
        parts.append(f"### {check.code}\n\n{holds}\n\nReports: {told[:1].lower()}{told[1:]}\n")
    return "\n".join(parts)


TABLES: dict[str, Callable[[], str]] = {
    "counts": counts,
    "trial": trial,
    "truth tables": truth_tables,
    "vocabulary": vocabulary,
    "commands": commands,
    "routes": routes_told,
    "lint": lint,
    "modules": modules,
}
"""Parts that need nothing but the product, by the name that a page gives them."""
