"""A council's own pack may add and sharpen freely; to weaken it must say why, who and how long."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.pack import Pack, load
from advisor.problems import InputError, Problem
from advisor.snapshot import Snapshot

HEAD = "local: our-council\nversion: 1.0.0\n"
OPINION, WALKING = "non-mobile-injury.opinion", "absent-information.walking"
WHY = "reason: A nurse does this here., approver: A. Made-Up, head of service"
MARK = {"movement": {"walks": False}, "injuries": [{"kind": "bruise"}]}
OWN_RULE = """\
rules:
  - id: absent-information.own
    title: A rule of our own council
    theme: absent-information
    status: active
    version: 1
    about: child
    when: {given: [child.has_mark], and: [child.limps]}
    when_unknown: ask
    prompt:
      kind: question
      urgency: today
      who: duty worker
      text: Ask why {child} limps.
      settled_by: [child.limps]
    sources: [our.finding]
    limits: It says nothing of a child who does not limp.
"""
OWN_SIGNAL = """\
signals:
  - id: child.limps
    about: child
    ask: Does {child} limp?
    says: {true: "{child} limps", false: "{child} does not limp", unknown: "not recorded"}
    is: {fact: child.singled_out}
reviews:
  - id: our-review
    title: Our own made-up review
    publisher: Our made-up board
    published: "2023"
    text: our.txt
    findings:
      - id: our.finding
        at: ["1.1"]
        theme: absent-information
        finding: Nobody asked why a child limped.
        status: encoded
"""


def laid_over(folder: Path, text: str) -> Pack:
    path = folder.parent / "local.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(folder, path)


def faults(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        laid_over(folder, text)
    assert all(each.source.endswith("local.yaml") for each in error.value.problems)
    return error.value.problems


def case(day: str = "2024-06-03", **child: object) -> Snapshot:
    return Snapshot.from_data(
        {"snapshot": {"id": "case", "as_of": day}, "children": [{"id": "amy", **MARK, **child}]}
    )


def test_urgency_may_be_raised_freely(small_pack: Path) -> None:
    pack = laid_over(small_pack, f"changes: [{{rule: {OPINION}, urgency: now}}]\n")
    advice = advise(case(), pack)
    assert [prompt.urgency for prompt in advice.prompts] == ["now"]
    assert advice.notes == (f"{OPINION}: made now locally",)


@pytest.mark.parametrize("change", ["urgency: during_assessment", 'status: "off"'])
def test_to_lower_or_switch_off_needs_reason_approver_and_expiry(
    small_pack: Path, change: str
) -> None:
    found = faults(small_pack, f"changes:\n  - rule: {OPINION}\n    {change}\n")
    assert [each.field for each in found] == [
        "changes[0].approver",
        "changes[0].expires",
        "changes[0].reason",
    ]
    assert all(each.line >= 3 for each in found)


def test_a_rule_is_switched_off_until_the_change_expires(small_pack: Path) -> None:
    text = f'changes: [{{rule: {OPINION}, status: "off", {WHY}, expires: 2024-06-30}}]\n'
    pack = laid_over(small_pack, text.replace(", head", " head"))
    assert advise(case("2024-06-30"), pack).prompts == ()
    (note,) = advise(case("2024-06-30"), pack).notes
    assert "switched off locally" in note and "A nurse does this here." in note
    after = advise(case("2024-07-01"), pack)
    assert [prompt.rule for prompt in after.prompts] == [OPINION]
    assert after.notes == (f"{OPINION}: a local change has expired",)


def test_a_lowered_urgency_falls_away_when_it_expires(small_pack: Path) -> None:
    text = f"changes: [{{rule: {OPINION}, urgency: during_assessment, {WHY}, expires: 2024-06-30}}]"
    pack = laid_over(small_pack, text.replace(", head", " head"))
    for day, urgency in (("2024-06-30", "during_assessment"), ("2024-07-01", "today")):
        (prompt,) = advise(case(day), pack).prompts
        assert prompt.urgency == urgency


def test_a_change_of_a_rule_that_is_not_there_is_refused(small_pack: Path) -> None:
    (problem,) = faults(small_pack, "changes: [{rule: non-mobile-injury.opinions, urgency: now}]")
    assert "Did you mean non-mobile-injury.opinion?" in problem.message and problem.line == 3


def test_a_change_that_changes_nothing_is_refused(small_pack: Path) -> None:
    assert faults(small_pack, f"changes: [{{rule: {OPINION}}}]")


def test_two_changes_of_one_rule_are_refused(small_pack: Path) -> None:
    one = f"{{rule: {OPINION}, urgency: now}}"
    assert faults(small_pack, f"changes: [{one}, {{rule: {OPINION}, urgency: today}}]")


def test_other_parts_of_a_rule_cannot_be_changed(small_pack: Path) -> None:
    (problem,) = faults(small_pack, f"changes: [{{rule: {OPINION}, text: Nothing to see here.}}]")
    assert "no such key" in problem.message


def test_roles_are_renamed_in_every_prompt(small_pack: Path) -> None:
    pack = laid_over(small_pack, "roles: {duty senior paediatrician: named doctor}\n")
    (prompt,) = advise(case(), pack).prompts
    assert prompt.who == "social worker, with the named doctor"


def test_each_role_is_renamed_once_whatever_their_order(small_pack: Path) -> None:
    roles = ["social worker: duty senior paediatrician", "duty senior paediatrician: social worker"]
    expected = "duty senior paediatrician, with the social worker"
    for both in (roles, roles[::-1]):
        pack = laid_over(small_pack, f"roles: {{{', '.join(both)}}}\n")
        assert advise(case(), pack).prompts[0].who == expected


def test_packs_of_one_hash_give_the_same_advice(small_pack: Path) -> None:
    roles = ["social worker: duty senior paediatrician", "duty senior paediatrician: a doctor"]
    packs = [laid_over(small_pack, f"roles: {{{', '.join(r)}}}\n") for r in (roles, roles[::-1])]
    told = {(pack.sha256, advise(case(), pack).prompts[0].who) for pack in packs}
    assert len({sha256 for sha256, _ in told}) == len(told)


def test_a_role_is_not_renamed_inside_another_word(small_pack: Path) -> None:
    pack = laid_over(small_pack, "roles: {paediatric: childrens}\n")
    assert (
        advise(case(), pack).prompts[0].who == "social worker, with the duty senior paediatrician"
    )


def test_a_council_may_add_rules_signals_and_reviews_of_its_own(small_pack: Path) -> None:
    pack = laid_over(small_pack, OWN_SIGNAL + OWN_RULE)
    advice = advise(case(singled_out=True), pack)
    assert [prompt.rule for prompt in advice.prompts] == [OPINION, "absent-information.own"]
    assert advice.prompts[1].sources[0].review == "our-review"


def test_a_fault_in_an_own_rule_is_told_on_its_line(small_pack: Path) -> None:
    text = OWN_SIGNAL + OWN_RULE.replace("and: [child.limps]", "and: [child.lims]")
    (problem,) = faults(small_pack, text)
    line = next(n for n, x in enumerate((HEAD + text).splitlines(), 1) if "child.lims]" in x)
    assert (problem.line, problem.field) == (line, "rules[0].when.and[0]")


def test_an_own_rule_cannot_take_the_place_of_a_shipped_one(small_pack: Path) -> None:
    text = OWN_SIGNAL + OWN_RULE.replace("absent-information.own", OPINION)
    assert any("is already in" in each.message for each in faults(small_pack, text))


def test_an_own_rule_cannot_fold_a_shipped_one_away_without_a_reason(small_pack: Path) -> None:
    text = OWN_SIGNAL + OWN_RULE.replace("    about:", f"    replaces: [{OPINION}]\n    about:")
    assert faults(small_pack, text)


def test_a_local_pack_shows_in_name_version_and_hash(small_pack: Path) -> None:
    plain = load(small_pack)
    pack = laid_over(small_pack, f"changes: [{{rule: {OPINION}, urgency: now}}]\n")
    assert (pack.name, pack.version) == ("small+our-council", "1.0.0+1.0.0")
    assert pack.sha256 != plain.sha256
    other = laid_over(small_pack, f"changes: [{{rule: {WALKING}, urgency: now}}]\n")
    assert other.sha256 != pack.sha256


def test_without_a_local_pack_there_are_no_notes(small_pack: Path) -> None:
    assert advise(case(), load(small_pack)).notes == ()
