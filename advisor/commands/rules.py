"""The commands about rules: lint, test, list, show, coverage and diff."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from advisor.commands.shared import AT_FAULT, DONE, complain, pack_of, print_json, read_case
from advisor.explaining import find_rule
from advisor.language.documents import Rule
from advisor.language.english import URGENCIES
from advisor.pack import Pack
from advisor.page import Page

if TYPE_CHECKING:
    from advisor.proving import Proved
    from advisor.snapshot import Snapshot


def lint(options: Namespace) -> int:
    """Look for faults in the rules, and print each with its place and what to do."""
    from advisor.lint import lint as problems_of

    pack = pack_of(options)
    found = problems_of(pack, options.texts)
    for problem in found:
        complain(str(problem))
    if found:
        complain(f"{_number(len(found), 'problem')} in {_number(len(pack.rules), 'rule')}")
        return AT_FAULT
    print(f"No problem in {_number(len(pack.rules), 'rule')}.")
    return DONE


def test(options: Namespace) -> int:
    """Run the examples of the rules, and print each that does not hold."""
    from advisor.proving import prove

    pack = pack_of(options)
    chosen = [find_rule(pack, name) for name in options.rules] or list(pack.rules.values())
    ran = missed = failed = 0
    for rule in chosen:
        for proved in prove(pack, rule):
            ran += 1
            missed += proved.example.known_miss is not None
            if not proved.holds:
                failed += 1
                complain(
                    str(
                        pack.origins[rule.id].problem(("examples", proved.number), _failure(proved))
                    )
                )
    told = f"{_number(len(chosen), 'rule')}, {_number(ran, 'example')}"
    if missed:
        told += f", {_number(missed, 'known miss', 'known misses')}"
    print(f"{told}: {f'{failed} failed' if failed else 'all hold'}.")
    return AT_FAULT if failed else DONE


def _failure(proved: Proved) -> str:
    example = proved.example
    if example.known_miss is not None:
        return f'"{example.name}" is {proved.verdict}, as it should be: take known_miss away'
    return (
        f'"{example.name}" should be {example.expect}, and is {proved.verdict}: correct the rule '
        "or the example"
    )


def list_rules(options: Namespace) -> int:
    """Print every rule of the pack, also drafts and those retired, in authored order."""
    pack = pack_of(options)
    if options.format == "json":
        print_json([_listed(rule, pack) for rule in pack.rules.values()])
        return DONE
    page = Page()
    for theme, meaning in pack.themes.items():
        rules = [rule for rule in pack.rules.values() if rule.theme == theme]
        if not rules:
            continue
        page.heading(f"{theme}: {meaning}")
        for rule in rules:
            note = "" if rule.status == "active" else f" ({rule.status})"
            page.text(f"{rule.id}{note}", indent=2)
            page.text(f"{URGENCIES[rule.prompt.urgency]}: {rule.title}", indent=4)
    page.gap()
    page.text(f"{_number(len(pack.rules), 'rule')}. `advisor rules show ID` shows one in full.")
    return DONE


def _listed(rule: Rule, pack: Pack) -> dict[str, object]:
    cited = (pack.findings[name] for name in rule.sources)
    return {
        "id": rule.id,
        "version": rule.version,
        "status": rule.status,
        "theme": rule.theme,
        "title": rule.title,
        "urgency": rule.prompt.urgency,
        "sources": [{"review": review.id, "at": list(finding.at)} for review, finding in cited],
    }


def show(options: Namespace) -> int:
    """Print a rule in plain English."""
    from advisor.rendering import rule_in_english, standing

    pack = pack_of(options)
    rule = find_rule(pack, options.rule)
    page = Page()
    page.text(rule.title)
    page.text(standing(rule) + ".")
    for section in rule_in_english(rule, pack):
        page.heading(section.heading)
        for line in section.lines:
            if line.depth:
                page.item(line.text, indent=2 + 2 * line.depth)
            else:
                page.text(line.text, indent=2)
    return DONE


def coverage(options: Namespace) -> int:
    """Print which truth values of which conditions the examples and scenarios reached."""
    from advisor.coverage import cover

    pack = pack_of(options)
    for line in cover(pack, list(_snapshots(pack, options.files))).lines():
        print(line)
    return DONE


def differ(options: Namespace) -> int:
    """Print what differs between two packs, as written and on the scenarios and examples."""
    from advisor.comparison import compare
    from advisor.pack import load

    old, new = load(options.old), load(options.new)
    for line in compare(old, new, _snapshots(old, [])).lines():
        print(line)
    return DONE


def _snapshots(pack: Pack, files: list[str]) -> Iterator[Snapshot]:
    from advisor.data import scenarios_folder
    from advisor.proving import snapshot_of
    from advisor.scenario import scenarios

    for rule in pack.rules.values():
        for number in range(len(rule.examples)):
            yield snapshot_of(pack, rule, number)
    for scenario in scenarios(scenarios_folder()):
        yield scenario.snapshot
    for name in files:
        yield read_case(name)


def _number(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"
