"""The commands about rules and schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Run


@pytest.mark.parametrize("command", [("explain", "CASE"), ("rules", "show"), ("rules", "test")])
def test_an_unknown_rule_gets_a_suggestion(run: Run, case: Path, command: tuple[str, ...]) -> None:
    words = [str(case) if word == "CASE" else word for word in command]
    code, _, err = run(*words, "non-mobile-injury.opinon")
    assert code == 2
    assert (
        "there is no rule non-mobile-injury.opinon. Did you mean non-mobile-injury.opinion?" in err
    )


def test_the_list_of_rules_has_exactly_the_agreed_keys(run: Run) -> None:
    code, out, _ = run("rules", "list", "--format", "json")
    assert code == 0
    assert json.loads(out)[0] == {
        "id": "non-mobile-injury.opinion",
        "version": 2,
        "status": "active",
        "theme": "non-mobile-injury",
        "title": "A mark on a child who does not walk needs a senior opinion",
        "urgency": "today",
        "sources": [{"review": "robin", "at": ["2.1", "2.2"]}],
    }
    assert [rule["id"] for rule in json.loads(out)] == [
        "non-mobile-injury.opinion",
        "absent-information.walking",
    ]


def test_the_list_of_rules_reads_by_theme(run: Run) -> None:
    _, out, _ = run("rules", "list")
    assert "non-mobile-injury: any mark on a child who cannot yet move\n" in out
    assert "    Today: A mark on a child who does not walk needs a senior opinion\n" in out
    assert "2 rules." in out


def test_a_rule_is_shown_in_plain_english(run: Run) -> None:
    code, out, _ = run("rules", "show", "non-mobile-injury.opinion")
    assert code == 0
    assert "It then speaks where this is so:\n    - The child does not walk yet\n" in out
    assert max(len(line) for line in out.splitlines()) <= 80


def test_examples_that_hold_are_counted(run: Run) -> None:
    assert run("rules", "test") == (0, "2 rules, 6 examples: all hold.\n", "")
    assert run("rules", "test", "absent-information.walking")[1].startswith("1 rule, 3 examples")


def test_an_example_that_fails_is_told_with_its_place(run: Run, small_pack: Path) -> None:
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    path.write_text(path.read_text().replace("expect: raised", "expect: not_raised"))
    code, out, err = run("rules", "test")
    assert code == 2
    assert "1 failed" in out
    assert err == (
        f'{path}:21: examples[0]: "a mark on a baby who does not walk" should be not_raised, and '
        "is raised: correct the rule or the example\n"
    )


def test_a_miss_on_record_does_not_fail_until_it_is_mended(run: Run, small_pack: Path) -> None:
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    miss = "\n    known_miss: It does not look at crawling yet."
    text = path.read_text()
    path.write_text(text.replace("expect: raised", "expect: not_raised" + miss))
    assert run("rules", "test")[1] == "2 rules, 6 examples, 1 known miss: all hold.\n"
    path.write_text(text.replace("expect: raised", "expect: raised" + miss))
    assert run("rules", "test")[0] == 2


@pytest.mark.parametrize(
    ("of", "key"), [("snapshot", "children"), ("advice", "prompts"), ("rule", "when_unknown")]
)
def test_a_schema_is_printed_as_json(run: Run, of: str, key: str) -> None:
    code, out, err = run("schema", of, pack=False)
    assert (code, err) == (0, "")
    assert key in json.loads(out)["properties"]


def test_the_schema_of_rules_takes_values_as_authors_write_them(run: Run) -> None:
    made = json.loads(run("schema", "rule", pack=False)[1])
    accepted = made["$defs"]["ConditionSpec"]["properties"]["is"]["anyOf"]
    assert accepted[0]["enum"] == ["true", "false", "unknown", True, False]
    assert accepted[1]["items"] == accepted[0]


def test_the_schemas_of_all_rule_documents_are_printed_together(run: Run) -> None:
    made = json.loads(run("rules", "schema", pack=False)[1])
    assert set(made) == {"rule", "signals", "review", "local"}
    assert made["signals"]["type"] == "array"
    assert "changes" in made["local"]["properties"]
