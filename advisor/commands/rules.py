"""The commands about rules: lint, test, list, show, coverage, pages, diff and release."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.commands.shared import (
    AT_FAULT,
    DONE,
    complain,
    counted,
    pack_of,
    print_json,
    read_case,
)
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
        complain(f"{counted(len(found), 'problem')} in {counted(len(pack.rules), 'rule')}")
        return AT_FAULT
    print(f"No problem in {counted(len(pack.rules), 'rule')}.")
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
    told = f"{counted(len(chosen), 'rule')}, {counted(ran, 'example')}"
    if missed:
        told += f", {counted(missed, 'known miss', 'known misses')}"
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
    page.text(f"{counted(len(pack.rules), 'rule')}. `advisor rules show ID` shows one in full.")
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
    """Print which truth values were reached, or where each rule spoke on the scenarios."""
    if options.scenarios:
        return _on_scenarios(options)
    from advisor.coverage import cover

    pack = pack_of(options)
    found = cover(pack, list(_snapshots(pack, options.files)))
    if options.format == "json":
        print_json({"totals": found.totals(), "never_reached": list(found.missing())})
        return DONE
    for line in found.lines():
        print(line)
    return DONE


def _on_scenarios(options: Namespace) -> int:
    from advisor.data import scenarios_folder
    from advisor.scenario import scenarios
    from advisor.trial import try_on

    places = [Path(name) for name in options.files] or [scenarios_folder()]
    trial = try_on(pack_of(options), (each for place in places for each in scenarios(place)))
    if options.format == "json":
        rules = [asdict(each) for each in trial.rules.values()]
        print_json({"totals": trial.totals(), "faults": list(trial.faults()), "rules": rules})
        return DONE if trial.holds else AT_FAULT
    page = Page()
    for each in trial.rules.values():
        page.gap()
        page.text(each.rule)
        for said, names in (
            ("raised at decision points", each.raised),
            ("should have been raised", each.missed),
            ("noise", each.noise),
            ("raised on ordinary referrals", each.ordinary),
            ("asks on ordinary referrals", each.ordinary_asked),
            ("raised there by a change of one fact", each.turned),
        ):
            if names:
                page.text(", ".join(names), indent=2, label=f"{said} ({len(names)}): ", hang=2)
        if not each.due and not each.turned:
            page.text("no scenario expects it", indent=2)
    page.heading("All scenarios")
    for name, number in trial.totals().items():
        page.text(f"{name.replace('_', ' ')}: {number}", indent=2)
    for fault in trial.faults():
        complain(fault)
    return DONE if trial.holds else AT_FAULT


def write_pages(options: Namespace) -> int:
    """Write the library of rules, signals and reviews as pages."""
    from advisor.data import scenarios_folder
    from advisor.library import Library
    from advisor.scenario import scenarios
    from advisor.site import write
    from advisor.trial import try_on

    pack = pack_of(options)
    trial = try_on(pack, () if options.pack else scenarios(scenarios_folder()))
    count = write(Library(pack, trial), options.out)
    print(f"{counted(count, 'page')} written; begin with {options.out / 'index.html'}.")
    return DONE


def differ(options: Namespace) -> int:
    """Print what differs between two packs, as written and on the scenarios and examples."""
    from advisor.comparison import compare
    from advisor.pack import load

    old, new = load(options.old), load(options.new)
    for line in compare(old, new, _snapshots(old, [])).lines():
        print(line)
    return DONE


def write_release(options: Namespace) -> int:
    """Write the record of a pack, from which what changed since then can be told."""
    from advisor.problems import fault
    from advisor.releases import record_of, text_of

    pack = pack_of(options)
    out: Path = options.out
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text_of(record_of(pack)), encoding="utf-8", newline="\n")
    except OSError as error:
        raise fault(str(out), f"this file cannot be written: {error.strerror}") from None
    print(f"{out}: the record of {pack.name} {pack.version}.")
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
