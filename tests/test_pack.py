"""A pack is whole or is refused, each fault with its file and line; its hash is its content."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from advisor.lint import lint
from advisor.pack import Pack, load
from advisor.problems import InputError, Problem

DAY = dt.date(2024, 6, 3)
OPINION, WALKING = "non-mobile-injury/opinion.yaml", "absent-information/walking.yaml"
CHILD, ROBIN = "signals/child.yaml", "reviews/robin.yaml"
MARK = "is: {fact: child.movement.walks}"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        load(folder)
    return error.value.problems


def line_of(folder: Path, name: str, words: str) -> int:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "words"),
    [
        (
            OPINION,
            "theme: non-mobile-injury",
            "theme: non-mobile-injuries",
            "theme:",
            "Did you mean",
        ),
        (OPINION, "[robin.mark-not-examined]", "[robin.mark-examined]", "sources:", "no finding"),
        (OPINION, "given: [child.has_mark]", "given: [child.has_marks]", "given:", "no signal"),
        (
            OPINION,
            "settled_by: [child.walks]",
            "settled_by: [child.walk]",
            "settled_by",
            "no signal",
        ),
        (OPINION, "signal: child.walks", "signal: child.wlaks", "child.wlaks", "Did you mean"),
        (OPINION, "status: active", "status: live", "status:", "write one of"),
        (OPINION, "urgency: today", "urgency: soon", "urgency:", "write one of"),
        (OPINION, "version: 2", "version: '2'", "version:", ""),
        (OPINION, "version: 2", "version: 0", "version:", ""),
        (OPINION, "when_unknown: ask", "when_unknown: silent", "when_unknown:", "because"),
        (OPINION, "limits: It", "limit: It", "limit:", "Did you mean limits?"),
        (OPINION, "about: child", "about: child\nreplaces: [a.b]", "replaces:", "no rule a.b"),
        (
            OPINION,
            "about: child",
            "about: child\nreplaces: [non-mobile-injury.opinion]",
            "replaces:",
            "cannot replace itself",
        ),
        (
            OPINION,
            "signal: child.walks, is: false",
            "signal: concern.x",
            "concern.x",
            "no rule conc",
        ),
        (CHILD, MARK, "is: {fact: child.movement.wlaks}", "wlaks", "Did you mean walks?"),
        (CHILD, MARK, "is: {fact: child.movement}", "fact: child.movement}", "group of facts"),
        (CHILD, MARK, "is: {fact: injury.kind, is: bruise}", "injury.kind", "not in scope"),
        (CHILD, MARK, "is: {fact: child.born}", "child.born", "say what"),
        (
            CHILD,
            MARK,
            "is: {fact: child.movement.walks, at_least: 2}",
            "at_least",
            "cannot be tested",
        ),
        (CHILD, MARK, "is: {fact: child.interim_safety, is: non}", "non}", "Did you mean none?"),
        (CHILD, MARK, "is: {fact: child.movement.walks, is: 1}", "is: 1", "is true or false"),
        (CHILD, MARK, "is: {fact: child.injuries}", "child.injuries}", "use some, every or count"),
        (CHILD, MARK, "is: {some: child.movement.walks}", "some: child.mov", "not a list"),
        (CHILD, MARK, "is: child.limp", "is: child.limp", "no signal"),
        (CHILD, MARK, "is: {fact: child.movement.walks, not: x}", "not: x", ""),
        (CHILD, MARK, "is: {al: []}", "al: []", "one of: all"),
        (CHILD, MARK, "is: {all: []}", "all: []", ""),
        (
            CHILD,
            "- id: child.walks\n  about: child",
            "- id: child.walks\n  about: adult",
            "id: child.walks",
            "begins adult",
        ),
        (
            CHILD,
            MARK,
            "is: {fact: child.born, within: 2 weeks}",
            "within: 2",
            "within needs before",
        ),
        (CHILD, MARK, "is: {fact: child.born, before: 2024-13}", "2024-13", "no such day"),
        (ROBIN, "status: encoded", "status: done", "status: done", "write one of"),
        ("pack.yaml", "version: 1.0.0", "version: first", "version:", ""),
        ("pack.yaml", "language: 1", "language: 2", "language:", ""),
    ],
)
def test_a_fault_in_a_pack_is_told_with_its_file_and_line(  # noqa: PLR0917 - one row each
    small_pack: Path, name: str, old: str, new: str, at: str, words: str
) -> None:
    edit(small_pack, name, old, new)
    expected = line_of(small_pack, name, at)
    found = faults(small_pack)
    matching = [
        each
        for each in found
        if each.source.endswith(name) and words in each.message and each.line == expected
    ]
    assert matching, "\n".join(str(each) for each in found)


def test_faults_of_several_files_are_told_at_once(small_pack: Path) -> None:
    edit(small_pack, OPINION, "status: active", "status: live")
    edit(small_pack, WALKING, "kind: question", "kind: query")
    sources = {Path(each.source).name for each in faults(small_pack)}
    assert sources == {"opinion.yaml", "walking.yaml"}


@pytest.mark.parametrize(
    ("name", "copy"),
    [(OPINION, "non-mobile-injury/again.yaml"), (CHILD, "signals/again.yaml"),
     (ROBIN, "reviews/again.yaml")],
)  # fmt: skip
def test_an_id_that_is_used_twice_names_both_files(small_pack: Path, name: str, copy: str) -> None:
    shutil.copy(small_pack / name, small_pack / copy)
    assert any(
        "is already in" in each.message and {Path(each.source).name, Path(name).name} <= {
            Path(name).name, "again.yaml", Path(each.source).name
        }
        for each in faults(small_pack)
    )  # fmt: skip


def test_a_finding_that_two_reviews_claim_is_refused(small_pack: Path) -> None:
    text = (small_pack / ROBIN).read_text(encoding="utf-8")
    again = text.replace("id: robin\n", "id: wren\n", 1)
    (small_pack / "reviews" / "wren.yaml").write_text(again, encoding="utf-8")
    assert any("robin.mark-not-examined" in each.message for each in faults(small_pack))


def test_rules_that_conclude_what_one_another_need_are_refused(small_pack: Path) -> None:
    edit(small_pack, OPINION, "given: [child.has_mark]", "given: [child.has_mark, concern.b]")
    edit(small_pack, WALKING, "given: [child.has_mark]", "given: [child.has_mark, concern.a]")
    edit(small_pack, OPINION, "when_unknown: ask", "when_unknown: ask\nconcludes: concern.a")
    edit(small_pack, WALKING, "when_unknown: ask", "when_unknown: ask\nconcludes: concern.b")
    (problem,) = faults(small_pack)
    assert "conclude what one another need" in problem.message and problem.line > 1


def test_a_rule_that_needs_its_own_conclusion_is_refused(small_pack: Path) -> None:
    edit(small_pack, OPINION, "given: [child.has_mark]", "given: [concern.a]")
    edit(small_pack, OPINION, "when_unknown: ask", "when_unknown: ask\nconcludes: concern.a")
    assert any("conclude what one another need" in each.message for each in faults(small_pack))


def test_rules_that_replace_one_another_are_refused_or_both_would_fall_silent(
    small_pack: Path,
) -> None:
    edit(
        small_pack, OPINION, "about: child", "about: child\nreplaces: [absent-information.walking]"
    )
    edit(small_pack, WALKING, "about: child", "about: child\nreplaces: [non-mobile-injury.opinion]")
    assert faults(small_pack)


def test_a_concern_can_only_be_required_to_hold(small_pack: Path) -> None:
    edit(small_pack, OPINION, "when_unknown: ask", "when_unknown: ask\nconcludes: concern.a")
    edit(small_pack, WALKING, "signal: child.walks, is: unknown", "signal: concern.a, is: false")
    assert any("only be required to be true" in each.message for each in faults(small_pack))


def test_a_pack_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no pack\.yaml"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["themes.yaml", "pack.yaml"])
def test_a_file_of_the_pack_that_is_empty_or_of_another_form_is_told(
    small_pack: Path, name: str
) -> None:
    for text in ("[]", "text", "a: 1"):
        (small_pack / name).write_text(text, encoding="utf-8")
        assert any(each.source.endswith(name) for each in faults(small_pack))


def test_the_hash_changes_with_anything_that_bears_on_advice(small_pack: Path) -> None:
    hashes = {load(small_pack).sha256}
    for name, old, new in (
        (OPINION, "look at {child}'s mark today", "look at {child}'s mark now"),
        (OPINION, "version: 2", "version: 3"),
        (OPINION, "is: false", "is: [false, unknown]"),
        (CHILD, '"{child} walks"', '"{child} walks alone"'),
        (CHILD, MARK, "is: {fact: child.movement.crawls}"),
        (ROBIN, "was not shown", "had not been shown"),
        ("pack.yaml", "version: 1.0.0", "version: 1.0.1"),
    ):
        edit(small_pack, name, old, new)
        hashes.add(load(small_pack).sha256)
    assert len(hashes) == 8


def test_the_hash_does_not_change_with_examples_remarks_or_file_names(small_pack: Path) -> None:
    before = load(small_pack).sha256
    edit(small_pack, OPINION, "name: a mark on a baby", "name: some mark on a baby")
    edit(small_pack, OPINION, "id: non", "# a remark\nid: non")
    (small_pack / WALKING).rename(small_pack / "absent-information" / "a.yaml")
    (small_pack / CHILD).rename(small_pack / "signals" / "z.yaml")
    again = load(small_pack)
    assert again.sha256 == before


def test_the_order_of_files_changes_nothing(small_pack: Path, tmp_path: Path) -> None:
    text = (small_pack / CHILD).read_text(encoding="utf-8")
    other = tmp_path / "other"
    shutil.copytree(small_pack, other)
    first, second = text.split("\n\n")
    (other / CHILD).write_text(second, encoding="utf-8")
    (other / "signals" / "a.yaml").write_text(first, encoding="utf-8")
    one, two = load(small_pack), load(other)
    assert one.sha256 == two.sha256 and list(one.rules) == list(two.rules)


@pytest.mark.parametrize(
    ("dates", "day", "applies"),
    [
        ("{from: 2024-06-03}", "2024-06-03", True),
        ("{from: 2024-06-03}", "2024-06-02", False),
        ("{until: 2024-06-03}", "2024-06-03", True),
        ("{until: 2024-06-03}", "2024-06-04", False),
        ("{from: 2024-01-01, until: 2024-12-31}", "2024-06-03", True),
    ],
)
def test_a_rule_is_in_force_between_its_dates_both_included(
    small_pack: Path, dates: str, day: str, applies: bool
) -> None:
    edit(small_pack, OPINION, "about: child", f"about: child\nin_force: {dates}")
    rules = {rule.id for rule in load(small_pack).in_force(dt.date.fromisoformat(day))}
    assert ("non-mobile-injury.opinion" in rules) is applies


def test_dates_of_force_that_are_reversed_are_refused(small_pack: Path) -> None:
    reversed_dates = "in_force: {from: 2024-06-03, until: 2024-06-02}"
    edit(small_pack, OPINION, "about: child", f"about: child\n{reversed_dates}")
    assert faults(small_pack)


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_rule_that_is_not_active_is_not_in_force(small_pack: Path, status: str) -> None:
    edit(small_pack, OPINION, "status: active", f"status: {status}")
    pack = load(small_pack)
    assert "non-mobile-injury.opinion" in pack.rules
    assert [rule.id for rule in pack.in_force(DAY)] == ["absent-information.walking"]


def test_rules_come_in_authored_order_the_soonest_first(small_pack: Path) -> None:
    found = [rule.id for rule in load(small_pack).in_force(DAY)]
    assert found == ["non-mobile-injury.opinion", "absent-information.walking"]
    edit(small_pack, WALKING, "urgency: before_decision", "urgency: now")
    assert [rule.id for rule in load(small_pack).in_force(DAY)] == list(reversed(found))


@pytest.mark.parametrize("path", ["adult.aged_under_21", "adult.pregnant"])
def test_a_signal_on_what_no_rule_may_rest_on_is_found_by_lint(small_pack: Path, path: str) -> None:
    edit(small_pack, CHILD, MARK, f"is: {{some: child.adults, where: {{fact: {path}}}}}")
    assert any(f"no rule may rest on {path}" in each.message for each in lint(load(small_pack)))


def test_a_pack_cannot_be_changed(small_pack: Path) -> None:
    pack: Pack = load(small_pack)
    with pytest.raises(AttributeError):
        pack.version = "2.0.0"  # type: ignore[misc]
