"""The documentation says what is so: it is current, complete, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from advisor import __version__
from advisor.advice import Advice, Effect, Prompt, Question
from advisor.language.documents import (
    VERDICTS,
    AtLeast,
    Change,
    Finding,
    LocalPack,
    Review,
    Rule,
    Signal,
    When,
)
from advisor.language.expressions import OPERATORS, FactTest
from advisor.lint import CHECKS
from advisor.pack import load
from advisor.record import (
    AnswerRecorded,
    CaseRecorded,
    Made,
    NoLongerRaised,
    NotLookedAt,
    PromptRecorded,
    RecordDocument,
)
from advisor.responses import Answer
from advisor.scenario import scenario_paths
from advisor.snapshot import Snapshot
from advisor.values import UnknownReason
from advisor.web.app import create_app
from docs import generate, modules, tables
from docs.generate import FENCE, ROOT

RECORD = (
    *(RecordDocument, Made, CaseRecorded, PromptRecorded, AnswerRecorded, NoLongerRaised),
    NotLookedAt,
)
PAGES = [*generate.pages(), ROOT / "rules" / "CHANGELOG.md", ROOT / "rules" / "LICENSE.md"]
OURS = [page for page in PAGES if page.name != "performance.md"]
HOSTS = ("https://creativecommons.org/", "https://pypi.org/project/durable-rules/", "https://www.gov.uk/",
         "https://www.legislation.gov.uk/")  # fmt: skip


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def names(text: str) -> set[str]:
    """Every word that stands as code on a page, also inside a longer piece of code."""
    return {
        word for code in re.findall(r"`([^`\n]+)`", text) for word in re.split(r"[^\w-]+", code)
    }


def headings(text: str) -> set[str]:
    plain = FENCE.sub("", text)
    return {found.strip("`") for found in re.findall(r"^#+ (.+)$", plain, re.MULTILINE)}


def keys(*models: Any) -> set[str]:
    return {field.alias or name for m in models for name, field in m.model_fields.items()}


# What is generated is current ---------------------------------------------------------------------


@pytest.mark.parametrize("path", generate.pages(), ids=lambda path: path.name)
def test_a_generated_part_is_as_it_would_be_now(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert generate.regenerated(text) == text, "run `make docs`"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_terminal_example_is_generated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    by_hand = generate.BLOCK.sub("", text)
    assert not [f["kind"] for f in FENCE.finditer(by_hand) if f["kind"] in ("console", "http")]
    assert (
        text.count("<!-- generated: ")
        == len(generate.BLOCK.findall(text))
        == text.count("<!-- end -->")
    )


def test_make_advise_runs_the_case_that_the_readme_shows() -> None:
    assert f"CASE ?= {generate.ADVISE_CASE}\n" in page("Makefile")


def test_the_readme_gives_each_count_as_it_is() -> None:
    pack = load()
    shown = {
        cells[1].strip(): int(cells[2])
        for line in page("README.md").splitlines()
        if len(cells := line.split("|")) == 5 and cells[2].strip().isdigit()
    }
    statuses = [finding.status for _, finding in pack.findings.values()]
    assert shown["Signals"] == len(pack.signals)
    assert shown["Rules in force"] == sum(r.status == "active" for r in pack.rules.values())
    assert shown["Findings"] == len(statuses)
    assert shown["... encoded"] == statuses.count("encoded")
    assert shown["... partly"] == statuses.count("partly")
    assert shown["... not promptable"] == statuses.count("not_promptable")
    assert shown["Scenarios"] == len(scenario_paths(ROOT / "scenarios"))


def test_the_versions_are_those_of_the_program_and_the_pack() -> None:
    assert f"Version {__version__}:" in page("README.md")
    assert f"## [{__version__}]" in page("CHANGELOG.md")
    assert f"## {load().version} " in page("rules/CHANGELOG.md")


def test_the_readme_says_what_does_not_exist_for_as_long_as_it_does_not() -> None:
    commands = {name.removeprefix("advisor ") for name, _ in tables.leaves()}
    missing = re.search(r"What does not exist yet: (.+?)\n\n", page("README.md"), re.DOTALL)
    told = "" if missing is None else missing[1]
    assert ("replay" in told) is not ("replay" in commands)
    assert ("audit" in told) is not ("audit" in commands)
    assert ("web pages" in told) is not ("/" in create_app().state.paths)


# Everything has a place ---------------------------------------------------------------------------


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_has_a_heading(operator: str) -> None:
    assert operator in headings(page("docs/language.md"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("docs/language.md", keys(FactTest, Rule, Signal, AtLeast, When, Review, Finding)),
        ("docs/language.md", keys(LocalPack, Change) - {"local"}),
        ("docs/snapshot.md", {reason.value for reason in UnknownReason}),
        ("docs/snapshot.md", keys(Snapshot)),
        ("docs/record.md", {*get_args(Answer), *keys(*RECORD)}),
        ("docs/advice.md", {*VERDICTS, *keys(Advice, Prompt, Question, Effect)}),
        ("docs/language.md", {"ask", "raise", "silent", "draft", "active", "retired"}),
    ],
    ids=["rules", "local packs", "reasons", "snapshot", "record", "advice", "words of a rule"],
)
def test_every_key_and_word_is_told(name: str, words: set[str]) -> None:
    text = page(name)
    in_examples = {
        word
        for found in FENCE.finditer(text)
        for word in re.findall(r"\b[a-z_]+(?=:)", found["text"])
    }
    assert words - names(text) - in_examples == set()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_is_told_where_rules_are_written(verdict: str) -> None:
    assert verdict in page("docs/language.md")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_of_the_rules_has_a_heading_and_a_sentence(check: Any) -> None:
    assert check.code in headings(page("docs/lint.md"))
    assert check.__doc__.strip().endswith(".")


@pytest.mark.parametrize(("name", "parser"), list(tables.leaves()), ids=lambda each: str(each)[:30])
def test_every_command_and_option_is_told(name: str, parser: Any) -> None:
    text = page("docs/commands.md")
    assert name in headings(text)
    section = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
    for action in tables.shown_actions(parser):
        assert action.help
        assert all(option in section for option in action.option_strings)


@pytest.mark.parametrize("route", tables.routes(), ids=lambda route: route.path)
def test_every_route_has_a_heading(route: Any) -> None:
    assert f"{tables.method_of(route)} {route.path}" in headings(page("docs/api.md"))


def test_every_module_stands_below_those_it_imports() -> None:
    text = page("docs/architecture.md")
    levels = {
        name: int(n) for n, name in re.findall(r"^\| (\d+) \| `([\w.]+)`", text, re.MULTILINE)
    }
    assert set(levels) == set(modules.module_names())
    assert levels["advisor.truth"] < levels["advisor.signals"] < levels["advisor.cli"]


def test_every_decision_is_listed_short_and_has_its_three_parts() -> None:
    listed = page("docs/decisions/README.md")
    records = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert len(records) >= 12
    for number, record in enumerate(records, start=1):
        text = record.read_text(encoding="utf-8")
        assert record.name.startswith(f"{number:04}-")
        assert f"({record.name})" in listed
        assert text.startswith(f"# {number}. ")
        assert headings(text) >= {"Context", "Decision", "Consequences"}
        assert len(text.splitlines()) <= 25


# Links --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere_and_to_no_host_but_a_few(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" in link:
            assert link.startswith(HOSTS), link
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        if anchor:
            found = {slug(each) for each in headings(target.read_text(encoding="utf-8"))}
            assert anchor in found, link


def slug(heading: str) -> str:
    """The anchor of a heading: lower case, spaces as hyphens, no other signs."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_holds_a_path_of_somebody_s_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"(?<![\w.])/(?:home|Users|root|tmp|work|var|opt)/|[A-Z]:\\", text)
