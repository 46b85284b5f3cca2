"""Release records: what they hold, and what they tell of the change from one to another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from advisor.data import rules_folder
from advisor.pack import load
from advisor.problems import InputError
from advisor.releases import (
    FOLDER,
    GROUPS,
    Change,
    changed,
    read_release,
    record_of,
    releases,
    text_of,
)
from tests.command_line import Run

OPINION = "non-mobile-injury/opinion.yaml"
OPINION_ID = "non-mobile-injury.opinion"
REVIEW = "reviews/robin.yaml"


def after(
    small_pack: Path, tmp_path: Path, edits: dict[str, tuple[str, str]]
) -> tuple[Change, ...]:
    """What changed in the small pack by an edit of some of its files."""
    other = tmp_path / "later"
    shutil.copytree(small_pack, other)
    for name, (old, new) in edits.items():
        text = (other / name).read_text(encoding="utf-8")
        assert old in text
        (other / name).write_text(text.replace(old, new), encoding="utf-8")
    return changed(record_of(load(small_pack)), record_of(load(other)))


def only(found: tuple[Change, ...], kind: str) -> Change:
    (change,) = (each for each in found if each.kind == kind)
    return change


def test_the_record_of_the_shipped_version_is_up_to_date() -> None:
    pack = load()
    path = rules_folder() / FOLDER / f"{pack.version}.json"
    command = f".venv/bin/advisor rules release --out rules/{FOLDER}/{pack.version}.json"
    assert path.is_file(), f"there is no record of this version; run: {command}"
    is_current = path.read_text(encoding="utf-8") == text_of(record_of(pack))
    assert is_current, f"the record of this version is out of date; run: {command}"


def test_every_record_that_is_shipped_can_be_read_and_compared_with_each_other() -> None:
    held = releases(rules_folder() / FOLDER)
    assert [each.version for each in held][:2] == ["0.1.0", "0.2.0"]
    for old in held:
        for new in held:
            found = changed(old, new)
            assert bool(found) is (old != new)
            assert {each.kind for each in found} <= set(GROUPS)


def test_records_bear_on_nothing_that_a_pack_is_known_by(small_pack: Path) -> None:
    before = load(small_pack)
    (small_pack / FOLDER).mkdir()
    (small_pack / FOLDER / "1.0.0.json").write_text(text_of(record_of(before)), encoding="utf-8")
    later = load(small_pack)
    assert later.sha256 == before.sha256 and later.rules == before.rules


def test_a_record_is_read_as_it_was_written(small_pack: Path, tmp_path: Path) -> None:
    record = record_of(load(small_pack))
    path = tmp_path / "1.0.0.json"
    path.write_text(text_of(record), encoding="utf-8")
    assert read_release(path) == record
    assert record.reviews["robin"].counts == {"encoded": 1, "partly": 1, "not_promptable": 1}


def test_a_pack_does_not_differ_from_itself(small_pack: Path, tmp_path: Path) -> None:
    assert after(small_pack, tmp_path, {}) == ()


def test_a_new_rule_is_told_with_what_it_says(small_pack: Path) -> None:
    new = record_of(load(small_pack))
    old = new.model_copy(update={"rules": {}})
    first, second = changed(old, new)
    assert (first.kind, first.id, second.id) == ("new", "absent-information.walking", OPINION_ID)
    assert second.title == "A mark on a child who does not walk needs a senior opinion"
    assert second.before == ()
    assert second.after == (
        "Today",
        "Ask a senior paediatrician to look at the child's mark today.",
    )


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_rule_that_is_not_active_is_no_longer_in_force(
    small_pack: Path, tmp_path: Path, status: str
) -> None:
    edits = {OPINION: ("status: active", f"status: {status}")}
    (change,) = after(small_pack, tmp_path, edits)
    assert (change.kind, change.id, change.after) == ("gone", OPINION_ID, ())
    assert change.before[0] == "Today"


@pytest.mark.parametrize(
    ("urgency", "kind", "words"),
    [("now", "sooner", "Now"), ("during_assessment", "later", "During the assessment")],
)
def test_another_urgency_is_told_as_sooner_or_later(
    small_pack: Path, tmp_path: Path, urgency: str, kind: str, words: str
) -> None:
    (change,) = after(small_pack, tmp_path, {OPINION: ("urgency: today", f"urgency: {urgency}")})
    assert (change.kind, change.before, change.after) == (kind, ("Today",), (words,))


def test_what_is_done_when_something_is_unknown_is_told(small_pack: Path, tmp_path: Path) -> None:
    edits = {OPINION: ("when_unknown: ask", "when_unknown: raise")}
    (change,) = after(small_pack, tmp_path, edits)
    assert change.kind == "unknown"
    assert change.before == ("it asks for what is missing",)
    assert change.after == ("it speaks on precaution",)


def test_another_wording_is_told_with_the_old_and_the_new(small_pack: Path, tmp_path: Path) -> None:
    change = only(after(small_pack, tmp_path, {OPINION: ("mark today", "mark now")}), "wording")
    assert change.before[1].endswith("mark today.") and change.after[1].endswith("mark now.")


def test_other_conditions_are_told_in_plain_english(small_pack: Path, tmp_path: Path) -> None:
    edits = {OPINION: ("child.walks, is: false", "child.walks, is: [false, unknown]")}
    (change,) = after(small_pack, tmp_path, edits)
    assert change.kind == "conditions"
    assert change.before[-1] == "  The child does not walk yet"
    assert "it is not recorded whether the child walks" in change.after[-1].lower()


def test_other_days_and_a_rule_that_is_replaced_are_told(small_pack: Path, tmp_path: Path) -> None:
    more = "about: child\nin_force: {from: 2024-06-03}\nreplaces: [absent-information.walking]"
    found = after(small_pack, tmp_path, {OPINION: ("about: child", more)})
    days = only(found, "days")
    assert (days.before, days.after) == (("on every day",), ("from 3 June 2024",))
    replaced = only(found, "replaces")
    assert replaced.after == ("Find out whether a child with a mark can walk",)


def test_only_the_findings_that_were_added_or_dropped_are_told(
    small_pack: Path, tmp_path: Path
) -> None:
    edits = {
        "absent-information/walking.yaml": (
            "sources: [robin.walking-not-recorded, ",
            "sources: [robin.leaflet, ",
        )
    }
    (change,) = after(small_pack, tmp_path, edits)
    assert change.kind == "sources"
    assert change.before == ("A made-up review about Robin, paragraph 2.3",)
    assert change.after == ("A made-up review about Robin, recommendation 1",)


def test_a_finding_that_came_further_is_told(small_pack: Path, tmp_path: Path) -> None:
    edits = {REVIEW: ("status: not_promptable", "status: partly")}
    (change,) = after(small_pack, tmp_path, edits)
    assert (change.kind, change.id) == ("findings", "robin.leaflet")
    assert change.before == ("no prompt can carry it",)
    assert change.after == ("a rule carries part of it",)


def test_a_signal_that_is_worked_out_otherwise_is_told(small_pack: Path, tmp_path: Path) -> None:
    edits = {"signals/child.yaml": ("child.movement.walks", "child.movement.crawls")}
    (change,) = after(small_pack, tmp_path, edits)
    assert (change.kind, change.id) == ("signals", "child.walks")


def test_records_stand_in_the_order_of_their_versions(small_pack: Path, tmp_path: Path) -> None:
    record = record_of(load(small_pack))
    for version in ("0.10.0", "0.9.0", "1.0.0"):
        text = text_of(record.model_copy(update={"version": version}))
        (tmp_path / f"{version}.json").write_text(text, encoding="utf-8")
    held = [each.version for each in releases(tmp_path) if each.name == "small"]
    assert held == ["0.9.0", "0.10.0", "1.0.0"]


def test_where_there_is_no_folder_there_are_no_records(tmp_path: Path) -> None:
    assert releases(tmp_path / "none") == ()


def test_a_record_named_after_another_version_is_told(small_pack: Path, tmp_path: Path) -> None:
    (tmp_path / "2.0.0.json").write_text(text_of(record_of(load(small_pack))), encoding="utf-8")
    with pytest.raises(InputError, match=r"name this file 1\.0\.0\.json"):
        releases(tmp_path)


def test_a_faulty_record_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "1.0.0.json").write_text('{\n "name": "small",\n "versions": "1"\n}')
    with pytest.raises(InputError, match=r"1\.0\.0\.json:3: versions"):
        releases(tmp_path)


def test_the_command_writes_the_record(run: Run, small_pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "records" / "1.0.0.json"
    code, told, _ = run("rules", "release", "--out", out)
    assert (code, told) == (0, f"{out}: the record of small 1.0.0.\n")
    assert releases(out.parent) == (record_of(load(small_pack)),)


def test_a_record_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    code, _, err = run("rules", "release", "--out", tmp_path)
    assert code == 2 and "cannot be written" in err
