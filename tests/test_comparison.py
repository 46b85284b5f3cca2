"""Two packs compared: what was written differently, what it changes, which version it calls for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from advisor.comparison import Comparison, compare
from advisor.pack import load
from advisor.proving import snapshot_of
from tests.command_line import Run

OPINION = "non-mobile-injury/opinion.yaml"


def changed(small_pack: Path, tmp_path: Path, *edits: tuple[str, str]) -> Path:
    """A copy of the small pack with its first rule edited."""
    other = tmp_path / "later"
    shutil.copytree(small_pack, other)
    path = other / OPINION
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return other


def compared(old: Path, new: Path) -> Comparison:
    before = load(old)
    cases = [
        snapshot_of(before, rule, number)
        for rule in before.rules.values()
        for number in range(len(rule.examples))
    ]
    return compare(before, load(new), cases)


def test_a_pack_does_not_differ_from_itself(small_pack: Path) -> None:
    assert compared(small_pack, small_pack).step == "none"


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("urgency: today", "urgency: now", "minor"),
        ("urgency: today", "urgency: during_assessment", "major"),
        ("when_unknown: ask", "when_unknown: raise", "minor"),
        ("when_unknown: ask", "when_unknown: silent\nbecause: It is made up here.", "major"),
        ("status: active", "status: retired", "major"),
        ("mark today", "mark this very day", "patch"),
        ("about: child", "about: child\nreplaces: [absent-information.walking]", "major"),
    ],
)
def test_weakening_is_a_major_step_and_strengthening_a_minor_one(
    small_pack: Path, tmp_path: Path, old: str, new: str, step: str
) -> None:
    found = compared(small_pack, changed(small_pack, tmp_path, (old, new)))
    assert found.step == step
    assert any(each.rule == "non-mobile-injury.opinion" for each in found.differences)


def test_a_condition_that_says_less_on_the_cases_is_a_major_step(
    small_pack: Path, tmp_path: Path
) -> None:
    edit = ("given: [child.has_mark]", "given: [child.has_mark, child.walks]")
    found = compared(small_pack, changed(small_pack, tmp_path, edit))
    assert found.step == "major"
    assert any("says less on" in each.what for each in found.differences)


def test_a_new_rule_is_a_minor_step(small_pack: Path, tmp_path: Path) -> None:
    other = changed(small_pack, tmp_path)
    text = (other / OPINION).read_text(encoding="utf-8")
    text = text.replace("non-mobile-injury.opinion", "non-mobile-injury.second")
    (other / "non-mobile-injury" / "second.yaml").write_text(text, encoding="utf-8")
    assert compared(small_pack, other).step == "minor"
    assert compared(other, small_pack).step == "major"


def test_the_command_prints_each_difference_and_the_step(
    run: Run, small_pack: Path, tmp_path: Path
) -> None:
    other = changed(small_pack, tmp_path, ("urgency: today", "urgency: now"))
    code, out, _ = run("rules", "diff", str(small_pack), str(other), pack=False)
    assert code == 0
    assert "non-mobile-injury.opinion: today becomes now (minor)" in out
    assert out.splitlines()[-1].endswith("a minor version: more is asked, or sooner.")


def test_a_folder_that_is_no_pack_is_told(run: Run, small_pack: Path, tmp_path: Path) -> None:
    code, _, err = run("rules", "diff", str(small_pack), str(tmp_path / "none"), pack=False)
    assert code == 2 and "no pack.yaml" in err
