"""The shipped rules: every example holds, lint is clean, and no words of a prompt sum up."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from advisor.data import rules_folder
from advisor.language.documents import URGENCIES
from advisor.lint import lint
from advisor.pack import Pack, load
from advisor.problems import InputError
from advisor.proving import Proved, prove

FOLDER = rules_folder()


@cache
def shipped() -> Pack:
    return load()


@cache
def proved(rule: str) -> list[Proved]:
    return list(prove(shipped(), shipped().rules[rule]))


def examples() -> list[object]:
    """One item for each example; none while the pack cannot be read, which a test then tells."""
    try:
        pack = shipped()
    except InputError:
        return []
    return [
        pytest.param(
            name,
            number,
            id=f"rules/{Path(pack.origins[name].document.source).relative_to(FOLDER).as_posix()}"
            f"::{example.name}",
        )
        for name, rule in pack.rules.items()
        for number, example in enumerate(rule.examples)
    ]


def test_the_shipped_rules_can_be_read() -> None:
    assert len(shipped().rules) >= 50


@pytest.mark.parametrize(("rule", "number"), examples())
def test_example(rule: str, number: int) -> None:
    found = proved(rule)[number]
    assert found.holds, f"expected {found.example.expect}, got {found.verdict}"


def test_lint_is_clean() -> None:
    found = lint(shipped())
    assert not found, "\n".join(str(each) for each in found)


def test_every_theme_used_exists_and_every_folder_is_a_theme() -> None:
    assert {rule.theme for rule in shipped().rules.values()} <= set(shipped().themes)
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and list(path.iterdir())}
    assert folders - {"reviews", "signals", "releases"} <= set(shipped().themes)


SCORE = re.compile(
    r"\d+\s*(%|/\s*\d|per cent|points?\b|out of\b)|\b(score|scored|rating|ranked?|percent|"
    r"probability|likelihood|traffic light|amber|red flags?|risk level|level of risk)\b",
    re.IGNORECASE,
)


def test_no_prompt_holds_a_score_or_a_word_for_one() -> None:
    for rule in shipped().rules.values():
        for text in (rule.title, rule.prompt.text, rule.prompt.who, rule.limits):
            found = SCORE.search(text)
            assert found is None, f"{rule.id}: {found}"


def test_no_prompt_decides_or_reassures() -> None:
    refused = re.compile(
        r"\b(is safe|are safe|no risk|must be removed|should be removed|close the case|"
        r"no further action is needed|meets? the threshold|threshold is met|nothing to worry)\b",
        re.IGNORECASE,
    )
    for rule in shipped().rules.values():
        for text in (rule.title, rule.prompt.text):
            assert refused.search(text) is None, rule.id


def test_every_prompt_speaks_of_a_child() -> None:
    for rule in shipped().rules.values():
        assert "child" in rule.prompt.text or "baby" in rule.prompt.text, rule.id


def test_no_prompt_folds_away_one_that_is_more_urgent() -> None:
    for rule in shipped().rules.values():
        for name in rule.replaces:
            weaker = shipped().rules[name]
            assert URGENCIES.index(rule.prompt.urgency) <= URGENCIES.index(weaker.prompt.urgency), (
                f"{rule.id} replaces {name}"
            )


def test_texts_name_only_people_that_can_be_filled_in() -> None:
    for rule in shipped().rules.values():
        for text in (rule.prompt.text, *(s for n in rule.prompt.settled_by
                                         for s in [shipped().signals[n].says.true])):  # fmt: skip
            assert set(re.findall(r"\{[^}]*\}", text)) <= {"{child}", "{adult}"}, rule.id


def test_every_encoded_finding_is_cited_and_every_other_says_why_not() -> None:
    cited = {name for rule in shipped().rules.values() for name in rule.sources}
    for name, (_, finding) in shipped().findings.items():
        if finding.status in ("encoded", "partly"):
            assert name in cited, name
        if finding.status != "encoded":
            assert finding.why, name
