"""What is wrong is said once, where it stands, and without repeating what is in a case."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor.reading import MAX_BYTES
from tests.command_line import CASE, Run

SECRET = "zebedee"
"""Stands for what a case holds: whatever goes wrong, it must not be repeated."""


def test_a_fault_on_standard_input_is_told_with_its_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = CASE.replace("walks:", "wlaks:")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, _, err = run("check", "-")
    assert code == 2
    assert err.startswith("<stdin>:4: children[0].movement.wlaks: ")


BAD: dict[str, tuple[str, bytes, str]] = {
    "a misspelt field": (
        "case.yaml",
        CASE.replace("walks: false", f"wlaks: {SECRET}").encode(),
        ":4: children[0].movement.wlaks: there is no such fact here. Did you mean walks?",
    ),
    "a word where yes or no is wanted": (
        "case.yaml",
        CASE.replace("walks: false", f"walks: {SECRET}").encode(),
        ":4: children[0].movement.walks: write true or false, or {unknown: reason}",
    ),
    "a value that is none of the choices": (
        "case.yaml",
        CASE.replace("kind: bruise", f"kind: {SECRET}").encode(),
        ":5: children[0].injuries[0].kind: this is not one of its values: ",
    ),
    "a list where a set of keys is wanted": (
        "case.yaml",
        CASE.replace("{walks: false}", f"[{SECRET}]").encode(),
        ":4: children[0].movement: ",
    ),
    "a word where a number is wanted": (
        "case.yaml",
        CASE.replace("movement: {walks: false}", f"age: {{months: {SECRET}}}").encode(),
        ":4: children[0].age.months: write a whole number",
    ),
    "a number out of range": (
        "case.yaml",
        CASE.replace("movement: {walks: false}", "age: {years: 18}").encode(),
        ":4: children[0].age.years: write 17 or less",
    ),
    "a reason that is none of those there are": (
        "case.yaml",
        CASE.replace("walks: false", f"walks: {{unknown: {SECRET}}}").encode(),
        ":4: children[0].movement.walks.unknown: this is not one of its values: not_recorded,",
    ),
    "a number where an id is wanted": (
        "case.yaml",
        CASE.replace("kind: bruise", "id: 7").encode(),
        ":5: children[0].injuries[0].id: write text here, in quotes if it is all digits",
    ),
    "a list as the whole document": ("case.yaml", f"- {SECRET}\n".encode(), ":1: a snapshot is"),
    "a key given twice in YAML": (
        "case.yaml",
        CASE.replace("walks: false", f"walks: {SECRET}, walks: true").encode(),
        ":4: children[0].movement.walks: the key walks is given twice; keep one",
    ),
    "a key given twice in JSON": (
        "case.json",
        f'{{"snapshot": {{"id": "{SECRET}", "id": "b"}}}}'.encode(),
        ": id: this key is given twice; keep one",
    ),
    "yes for a boolean": (
        "case.yaml",
        CASE.replace("walks: false", "walks: yes").encode(),
        ":4: children[0].movement.walks: write true or false, or put the word in quotes",
    ),
    "on as a key": (
        "case.yaml",
        CASE.replace("walks: false", f"on: {SECRET}").encode(),
        ":4: children[0].movement: on as a key is read as true or false: quote it",
    ),
    "dates the wrong way round": (
        "case.yaml",
        CASE.replace(
            "kind: bruise", "kind: bruise, happened_on: 2024-05-09, seen_on: 2024-05-01"
        ).encode(),
        ":5: children[0].injuries[0].seen_on: seen_on is before happened_on; check both dates",
    ),
    "a day that does not exist": (
        "case.yaml",
        CASE.replace("kind: bruise", "kind: bruise, seen_on: 2024-02-31").encode(),
        ":5: children[0].injuries[0].seen_on: there is no such day or month in the calendar",
    ),
    "a date after the day of the snapshot": (
        "case.yaml",
        CASE.replace("kind: bruise", "kind: bruise, seen_on: 2024-06-09").encode(),
        ":5: children[0].injuries[0].seen_on: this is after the snapshot's day",
    ),
    "an id that is used twice": (
        "case.yaml",
        (CASE + "  - {id: wren}\n").replace("wren", SECRET).encode(),
        ":6: children[1].id: this id is used twice; give each person their own",
    ),
    "a word listed twice": (
        "case.yaml",
        f"{CASE}referral: {{reports: [neglect, neglect]}}\n".encode(),
        ":6: referral.reports[1]: this is listed twice; keep one",
    ),
    "an id that is a name": (
        "case.yaml",
        CASE.replace("wren", f"Mr {SECRET}").encode(),
        ":3: children[0].id: an id has lower-case letters",
    ),
    "NUL": ("case.yaml", CASE.encode() + b"\x00", ":6: a control character stands here"),
    "an escape sequence in a key": (
        "case.yaml",
        CASE.replace("walks: false", f'"\\e[31m": {SECRET}').encode(),
        ":4: children[0].movement: a control character in a key; remove it",
    ),
    "half of a surrogate pair in JSON": (
        "case.json",
        f'{{"snapshot": {{"id": "{SECRET}\\ud800"}}}}'.encode(),
        ": snapshot.id: a control character stands here",
    ),
    "NaN in JSON": (
        "case.json",
        b'{"snapshot": {"id": NaN}}',
        ": NaN and Infinity are not numbers of JSON; leave the fact out",
    ),
    "NaN in YAML": (
        "case.yaml",
        CASE.replace("walks: false", "walks: .nan").encode(),
        ":4: children[0].movement.walks: this is not a number; leave the fact out",
    ),
    "a huge number in YAML": (
        "case.yaml",
        CASE.replace("movement: {walks: false}", "age: {years: " + "9" * 30 + "}").encode(),
        ":4: children[0].age.years: this number is too large",
    ),
    "a huge number in JSON": (
        "case.json",
        b'{"children": [{"id": "a", "age": {"years": ' + b"9" * 5000 + b"}}]}",
        ": a number is too large",
    ),
    "a number beyond every number": (
        "case.json",
        b'{"snapshot": {"id": "a", "as_of": "2024"}, "children": [{"id": "a", '
        b'"health": {"appointments_missed": 1e999}}]}',
        "children[0].health.appointments_missed: ",
    ),
    "an empty file": ("case.yaml", b"", ": this is empty; a document was expected"),
    "a file of comments": ("case.yaml", b"# nothing\n", ": this is empty; a document was expected"),
    "latin-1": (
        "case.yaml",
        CASE.encode() + "# Chloé\n".encode("latin-1"),
        ":6: this is not UTF-8 text; save it as UTF-8",
    ),
    "deep nesting in YAML": ("case.yaml", b"[" * 5000, "nested over 40 levels deep"),
    "deep nesting in JSON": (
        "case.json",
        b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        "nested over 40 levels deep",
    ),
    "a YAML tag": (
        "case.yaml",
        f"snapshot: !!python/object/apply:os.system [{SECRET}]\n".encode(),
        ":1: snapshot: tags (!) are not used here; write the plain value",
    ),
    "a billion laughs": (
        "case.yaml",
        b"a: &a [lol]\n"
        + b"".join(b"%c: &%c [*%c, *%c]\n" % (n + 1, n + 1, n, n) for n in range(97, 110)),
        ":1: a: anchors and aliases (& and *) are not used here",
    ),
    "two documents in one file": (
        "case.yaml",
        f"{CASE}---\n{CASE}".encode(),
        ":6: a second document starts here; give one a file",
    ),
    "a bracket that is not closed": (
        "case.yaml",
        CASE.replace("walks: false}", f"walks: {SECRET}").encode(),
        ": this is not YAML: ",
    ),
    "JSON that breaks off": ("case.json", f'{{"a": "{SECRET}'.encode(), ":1: this is not JSON: "),
    "too much": ("case.yaml", b"#" * (MAX_BYTES + 1), "over 8,000,000 bytes"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_clear_message_that_repeats_nothing_of_the_case(
    run: Run, tmp_path: Path, name: str
) -> None:
    file, content, message = BAD[name]
    path = tmp_path / file
    path.write_bytes(content)
    code, out, err = run("check", path)
    assert (code, out) == (2, "")
    assert err.startswith(str(path))
    assert message in err
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    assert all(word not in err for word in (SECRET, "wren", "case-1", "neglect", "2024-"))
    assert err.rstrip("\n").isprintable()


def test_a_reference_to_nobody_names_the_id_so_that_it_can_be_found(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE + "adults: [{id: mother, links: [{child: wern}]}]\n")
    code, _, err = run("check", path)
    assert code == 2
    assert err == (
        f"{path}:6: adults[0].links[0].child: there is no child wern here. Did you mean wren?\n"
    )


def test_a_byte_order_mark_is_accepted(run: Run, case: Path) -> None:
    case.write_bytes(b"\xef\xbb\xbf" + CASE.encode())
    assert run("check", case)[0] == 0


def test_a_folder_is_told_from_a_file(run: Run, tmp_path: Path) -> None:
    assert run("check", tmp_path) == (
        2,
        "",
        f"{tmp_path}: this is a folder; name a file in it\n",
    )


def test_a_file_that_may_not_be_read_is_reported(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = Path.open

    def open_unless_refused(path: Path, *arguments: Any, **settings: Any) -> Any:
        if path == case:  # the permissions of a file do not bind an administrator
            raise PermissionError(13, "Permission denied")
        return really_open(path, *arguments, **settings)

    monkeypatch.setattr(Path, "open", open_unless_refused)
    code, _, err = run("check", case)
    assert code == 2
    assert err == f"{case}: this file may not be read; ask for permission to it\n"


def test_a_file_with_very_many_faults_does_not_flood_the_screen(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE + "".join(f"key{number}: 1\n" for number in range(500)))
    code, _, err = run("check", path)
    assert code == 2
    assert len(err.splitlines()) == 21
    assert err.splitlines()[-1] == f"{path}: and 480 more; put these right first"


def test_a_fault_of_ours_is_one_line_without_the_case_or_a_traceback(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("advisor.advise.advise", broken)
    monkeypatch.delenv("ADVISOR_DEBUG", raising=False)
    code, out, err = run("check", case, case)
    assert (code, out) == (1, "")
    assert [line.split(" failed")[0] for line in err.splitlines()] == (
        [f"{case}: nothing is advised here: the advisor itself"] * 2
    )
    assert "KeyError at test_cli_faults.py, line" in err
    assert SECRET not in err
    assert "Traceback" not in err
    assert run("ask", case)[0] == 1


def test_a_fault_of_ours_can_be_traced_on_request(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("here")

    monkeypatch.setattr("advisor.advise.advise", broken)
    monkeypatch.setenv("ADVISOR_DEBUG", "1")
    assert "Traceback" in run("check", case)[2]


def test_a_fault_in_the_rules_is_told_with_its_place(
    run: Run, case: Path, small_pack: Path
) -> None:
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    path.write_text(path.read_text().replace("child.walks, is", "child.wlaks, is"))
    code, out, err = run("check", case)
    assert (code, out) == (2, "")
    assert err.startswith(f"{path}:10: when.and[0]: there is no signal child.wlaks. Did you mean")


def test_a_folder_without_rules_is_told(run: Run, case: Path, tmp_path: Path) -> None:
    code, _, err = run("check", case, "--pack", tmp_path, pack=False)
    assert (code, err) == (2, f"{tmp_path}: this is no rule pack: it has no pack.yaml\n")


def test_shipped_rules_that_cannot_be_found_are_told(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_DATA", str(tmp_path / "nowhere"))
    code, _, err = run("check", case, pack=False)
    assert code == 2
    assert "or unset it" in err


def test_what_a_terminal_would_act_on_is_spelt_out_in_a_message(run: Run, tmp_path: Path) -> None:
    code, _, err = run("check", tmp_path / "case\x1b[31m\n.yaml")
    assert code == 2
    assert "case\\x1b[31m\\n.yaml: there is no such file" in err
