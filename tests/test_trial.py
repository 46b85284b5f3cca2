"""Trying the rules on scenarios: what was expected, what happened, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.pack import Pack, load
from advisor.scenario import Scenario, read_scenario
from advisor.trial import Trial, try_on
from tests.command_line import Run

OPINION, WALKING = "non-mobile-injury.opinion", "absent-information.walking"

HEAD = """\
scenario:
  title: A mark is seen
  {expects}
  ceiling: {ceiling}
case:
  snapshot: {{id: {name}, as_of: 2024-06-03, authority: here}}
  children:
    - id: wren
      movement: {{walks: {walks}}}
      injuries: {injuries}
"""
MARK = "[{kind: bruise, known_birthmark: false}]"


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    return folder


def scenario(
    folder: Path,
    name: str,
    expects: str,
    *,
    walks: str = "false",
    injuries: str = MARK,
    ceiling: int = 3,
) -> Scenario:
    path = folder / f"{name}.yaml"
    text = HEAD.format(name=name, expects=expects, walks=walks, injuries=injuries, ceiling=ceiling)
    path.write_text(text, encoding="utf-8")
    return read_scenario(path)


def point(rules: str) -> str:
    return f'{{review: robin, at: ["2.1"], {rules}}}'.strip("{}").replace(", ", "\n  ")


def tried(pack: Pack, *scenarios: Scenario) -> Trial:
    return try_on(pack, scenarios)


def test_a_rule_that_is_due_and_raised_leaves_no_fault(pack: Pack, made: Path) -> None:
    trial = tried(pack, scenario(made, "one", point(f"must_raise: [{OPINION}]")))
    assert trial.holds and list(trial.faults()) == []
    assert trial.rules[OPINION].due == trial.rules[OPINION].raised == ["one"]
    assert trial.totals()["must_raise_met"] == trial.totals()["must_raise"] == 1


def test_a_rule_that_is_due_and_silent_is_missed_and_so_is_one_that_only_asks(
    pack: Pack, made: Path
) -> None:
    trial = tried(
        pack,
        scenario(made, "walks", point(f"must_raise: [{OPINION}]"), walks="true"),
        scenario(made, "unknown", point(f"must_raise: [{OPINION}]"), walks="{unknown: not_asked}"),
    )
    assert trial.rules[OPINION].missed == ["walks", "unknown"]
    assert list(trial.faults()) == [
        f"walks: {OPINION} should have been raised",
        f"unknown: {OPINION} should have been raised (it asks for information)",
    ]
    assert not trial.holds


def test_noise_counts_whether_it_is_raised_or_asked(pack: Pack, made: Path) -> None:
    trial = tried(
        pack,
        scenario(made, "raised", point(f"noise: [{OPINION}]")),
        scenario(made, "asked", point(f"noise: [{OPINION}]"), walks="{unknown: not_asked}"),
        scenario(made, "quiet", point(f"noise: [{OPINION}]"), walks="true"),
    )
    assert trial.rules[OPINION].noise == ["raised", "asked"]


def test_more_prompts_than_the_ceiling_are_a_fault(pack: Pack, made: Path) -> None:
    trial = tried(pack, scenario(made, "full", point("noise: []"), ceiling=0))
    assert list(trial.faults()) == ["full: 1 prompts, 0 at most"]


def test_a_rule_may_speak_on_a_tenth_of_the_ordinary_referrals_and_no_more(
    pack: Pack, made: Path
) -> None:
    quiet = [scenario(made, f"quiet-{n}", "changes: []", injuries="[]") for n in range(9)]
    loud = scenario(made, "loud", "changes: []")
    assert tried(pack, *quiet, loud).holds
    trial = tried(pack, *quiet[:8], loud)
    assert [each.rule for each in trial.too_often] == [OPINION]
    assert f"{OPINION}: raised on 1 of 9 ordinary" in trial.faults()
    assert trial.totals()["ordinary_silent"] == 8


def test_a_change_of_one_fact_must_turn_the_rule(pack: Pack, made: Path) -> None:
    change = f"changes: [{{path: children.wren.movement.walks, to: false, raises: {OPINION}}}]"
    turning = scenario(made, "turning", change, walks="true")
    still = scenario(made, "still", change, injuries="[]")
    already = scenario(made, "already", change)
    trial = tried(pack, turning, still, already)
    assert [each for each in trial.faults() if "change" in each] == [
        f"still: {OPINION} should be raised by the change, and only by it",
        f"already: {OPINION} should be raised by the change, and only by it",
    ]
    assert trial.totals()["changes_met"] == 1


def test_a_due_rule_beyond_the_prompts_shown_in_full_is_late(
    pack: Pack, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.trial.IN_FULL", 0)
    found = scenario(made, "one", point(f"must_raise: [{OPINION}]"))
    assert try_on(pack, [found]).rules[OPINION].late == []  # more are due than could be shown
    monkeypatch.setattr("advisor.trial.IN_FULL", 1)
    assert try_on(pack, [found]).rules[OPINION].late == []
    trial = try_on(pack, [found])
    trial.tried[0].places[OPINION] = 2
    assert trial.tried[0].late == [OPINION]


def test_the_command_tells_where_each_rule_spoke(run: Run, made: Path) -> None:
    scenario(made, "one", point(f"must_raise: [{OPINION}]"))
    code, out, err = run("rules", "coverage", "--scenarios", made)
    assert (code, err) == (0, "")
    assert f"{OPINION}\n  raised at decision points (1): one\n" in out
    assert f"{WALKING}\n  no scenario expects it\n" in out
    assert "must raise met: 1" in out


def test_the_command_fails_with_each_fault_on_its_line(run: Run, made: Path) -> None:
    scenario(made, "one", point(f"must_raise: [{OPINION}]"), walks="true")
    code, _, err = run("rules", "coverage", "--scenarios", made)
    assert (code, err) == (2, f"one: {OPINION} should have been raised\n")


def test_the_command_gives_both_reports_as_json(run: Run, made: Path) -> None:
    scenario(made, "one", point(f"must_raise: [{OPINION}]"))
    code, out, _ = run("rules", "coverage", "--scenarios", "--format", "json", made)
    report = json.loads(out)
    assert code == 0 and report["totals"]["decision_points"] == 1
    assert report["rules"][0]["rule"] == OPINION and report["rules"][0]["raised"] == ["one"]
    plain = json.loads(run("rules", "coverage", "--format", "json")[1])
    assert plain["totals"]["signal_values"] >= plain["totals"]["signal_values_reached"]
    assert all(isinstance(each, str) for each in plain["never_reached"])
