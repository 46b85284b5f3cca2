"""What is read is plain data, nothing is guessed, and every fault has its line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.problems import InputError, Problem
from advisor.reading import MAX_BYTES, MAX_DEPTH, MAX_TEXT, read_file, read_text, text_of_bytes

names = st.text("abcdefgh_", min_size=1, max_size=6).filter(lambda name: name not in ("y", "n"))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(-1000, 1000, width=32),
    # A writer of YAML 1.1 leaves y, n and 0o7 without quotes, which this reader refuses.
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12).filter(
        lambda text: not re.match(r"[-+.0-9]|[yn]$", text, re.IGNORECASE)
    ),
)
data_of_any_shape = st.recursive(
    scalars,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(names, part, max_size=3),
    max_leaves=12,
)


def only_problem(text: str, *, is_json: bool = False) -> Problem:
    with pytest.raises(InputError) as error:
        read_text(text, "doc", is_json=is_json)
    assert len(error.value.problems) == 1
    return error.value.problems[0]


@settings(max_examples=80)
@given(data_of_any_shape)
def test_what_was_written_is_read_back_from_json_and_from_yaml(data: Any) -> None:
    assert read_text(json.dumps(data), "doc", is_json=True).data == data
    assert read_text(yaml.safe_dump(data), "doc").data == data


@settings(max_examples=60)
@given(data_of_any_shape)
def test_json_is_read_alike_as_json_and_as_yaml_with_the_same_lines(data: Any) -> None:
    text = json.dumps(data, indent=2)
    as_json, as_yaml = read_text(text, "doc", is_json=True), read_text(text, "doc")
    assert as_json.data == as_yaml.data
    for path in as_yaml.lines:
        assert as_json.line(path) == as_yaml.line(path)


@settings(max_examples=200)
@given(st.text(max_size=60), st.booleans())
def test_any_text_is_read_or_refused_and_nothing_else(text: str, is_json: bool) -> None:
    try:
        read_text(text, "doc", is_json=is_json)
    except InputError as error:
        assert all(problem.source == "doc" for problem in error.problems)


@pytest.mark.parametrize("is_json", [False, True])
def test_each_part_is_found_on_its_line(is_json: bool) -> None:
    text = '{\n "a": [\n  1,\n  {"b": 2,\n   "c": 3}\n ],\n "d": {}\n}'
    document = read_text(text, "doc", is_json=is_json)
    assert document.line(("a",)) == 2
    assert document.line(("a", 0)) == 3
    assert document.line(("a", 1, "b")) == 4
    assert document.line(("a", 1, "c")) == 5
    assert document.line(("d",)) == 7


def test_what_is_missing_is_placed_where_it_would_stand() -> None:
    document = read_text("a:\n  b:\n    c: 1\n", "doc")
    assert document.line(("a", "b", "missing", 3)) == 2
    assert document.line(("missing",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "given twice"),
        ("a:\n  b: 1\n  b: 2", 3, "given twice"),
        ("a: 1\nb: yes", 2, "true or false"),
        ("a: [on]", 1, "true or false"),
        ("a: No", 1, "true or false"),
        ("a: 1\nno: 2", 2, "quote it"),
        ("y: 2", 1, "quote it"),
        ("a: &x 1", 1, "anchors and aliases"),
        ("a: 1\nb: *x", 2, "anchors and aliases|not YAML"),
        ("a: !!str 1", 1, "tags"),
        ("a: !thing {}", 1, "tags"),
        ("? [a]\n: 1", 1, "plain text"),
        ("a: 1\n<<: {b: 1}", 2, "merge keys"),
        ("a: 1:30", 1, "another number"),
        ("a: 190:20:30", 1, "another number"),
        ("a: 0123", 1, "another number"),
        ("a: 0x1F", 1, "another number"),
        ("a: 1_000", 1, "another number"),
        ("a: .inf", 1, "not a number"),
        ("a: -.INF", 1, "not a number"),
        ("a: .NaN", 1, "not a number"),
        ("a: 9999999999999999999", 1, "too large"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("a: 1\nb: [1", 3, "not YAML"),
        ("a: 1\n\tb: 2", 2, "not YAML"),
        ("a: 1\nb: \x00", 2, "control character"),
        ('a: "\\u0000"', 1, "control character"),
        ('a: 1\n"b\\u0007": 1', 2, "control character"),
        ("a: 1\nb: \ud800", 2, "control character"),
        ("", 0, "empty"),
        ("  \n\n", 0, "empty"),
        ("# only a remark\n", 0, "empty"),
    ],
)
def test_yaml_that_could_mean_something_else_is_refused_on_its_line(
    text: str, line: int, words: str
) -> None:
    problem = only_problem(text)
    assert problem.line == line
    assert any(each in problem.message for each in words.split("|")), problem.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 2024-06-03", "2024-06-03"),
        ("a: 2024-06", "2024-06"),
        ("a: 'yes'", "yes"),
        ('a: "no"', "no"),
        ("a: 'true'", "true"),
        ("a: ! yes", "yes"),
        ("a: '0123'", "0123"),
        ("a: =", "="),
        ("a: 12h", "12h"),
        ("a: ~", None),
        ("a:", None),
        ("a: True", True),
        ("a: -3", -3),
        ("a: 1e3", 1000.0),
        ("a: +.5", 0.5),
    ],
)
def test_yaml_means_what_it_looks_like(text: str, expected: Any) -> None:
    value = read_text(text, "doc").data["a"]
    assert value == expected and type(value) is type(expected)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"a": 1,\n "a": 2}', 2, "given twice"),
        ('{"a": [\n{"b": 1,\n"b": 2}]}', 3, "given twice"),
        ('{"a": NaN}', 0, "NaN"),
        ('{"a": -Infinity}', 0, "NaN"),
        ('{"a": 9999999999999999999}', 0, "too large"),
        ('{"a": 1,}', 1, "not JSON"),
        ("{\n'a': 1}", 2, "not JSON"),
        ('{"a": 1}\n{"b": 2}', 2, "not JSON"),
        ('{"a": "\\u0000"}', 0, "control character"),
        ('{"a": "\\ud800"}', 0, "control character"),
        ('{"\\u0001": 1}', 0, "control character"),
        ('{"a": 01}', 1, "not JSON"),
        ('{"a": undefined}', 1, "not JSON"),
        ("", 0, "empty"),
    ],
)
def test_json_that_is_not_strict_is_refused_on_its_line(text: str, line: int, words: str) -> None:
    problem = only_problem(text, is_json=True)
    assert words in problem.message
    assert problem.line in (line, line or 1)


@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        ("[" * 10_000, False),
        ("[" * 10_000 + "]" * 10_000, True),
        ('{"a":' * 10_000, True),
        ("{a: " * 10_000, False),
        ("- " * 10_000, False),
        ('["' + "[" * 10_000 + '"' + "[" * (MAX_DEPTH + 1), True),
    ],
)
def test_deep_nesting_is_refused_before_it_does_harm(text: str, is_json: bool) -> None:
    problem = only_problem(text, is_json=is_json)
    assert "levels deep" in problem.message or "not " in problem.message


@pytest.mark.parametrize("is_json", [False, True])
def test_nesting_up_to_the_limit_is_read(is_json: bool) -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_text(text, "doc", is_json=is_json).data is not None
    assert "levels deep" in only_problem(f"[{text}]", is_json=is_json).message


@pytest.mark.parametrize("is_json", [False, True])
def test_a_text_without_end_is_refused(is_json: bool) -> None:
    assert read_text(json.dumps({"a": "x" * MAX_TEXT}), "doc", is_json=is_json).data
    problem = only_problem(json.dumps({"a": "x" * (MAX_TEXT + 1)}), is_json=is_json)
    assert problem.field == "a" and "characters" in problem.message


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="give one case a file"):
        text_of_bytes(b" " * (MAX_BYTES + 1), "doc")


def test_text_that_is_not_utf_8_is_refused_on_its_line() -> None:
    with pytest.raises(InputError, match="doc:2: this is not UTF-8"):
        text_of_bytes(b"a: 1\nb: \xff\n", "doc")


def test_the_name_of_a_file_says_how_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.JSON").write_text('{"a": true}', encoding="utf-8")
    (tmp_path / "a.yaml").write_text("\ufeffa: true  # a remark\n", encoding="utf-8")
    assert read_file(tmp_path / "a.JSON").data == read_file(tmp_path / "a.yaml").data


def test_a_message_never_repeats_a_key_that_may_hold_a_name() -> None:
    problem = only_problem("Jo Bloggs: 1\nJo Bloggs: 2")
    assert "Bloggs" not in str(problem)
    assert "Bloggs" not in str(only_problem('{"Jo Bloggs": 1, "Jo Bloggs": 2}', is_json=True))
