"""The commands about cases, and the command line as a whole: what is printed, and how it ends."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor import __version__, cli
from tests.command_line import CASE, Run


def test_check_gives_the_prompts_of_a_case_as_text(run: Run, case: Path) -> None:
    code, out, err = run("check", case)
    assert (code, err) == (0, "")
    assert "Ask a senior paediatrician to look at Wren's mark today." in out


def test_check_gives_one_line_of_json_for_each_case(run: Run, case: Path) -> None:
    code, out, err = run("check", case, case, "--format", "json")
    assert (code, err) == (0, "")
    first, second = (json.loads(line) for line in out.splitlines())
    assert first == second
    assert [prompt["rule"] for prompt in first["prompts"]] == ["non-mobile-injury.opinion"]


def test_check_reads_a_scenario_as_the_case_in_it(run: Run, tmp_path: Path) -> None:
    indented = "".join(f"  {line}\n" for line in CASE.splitlines())
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(f"scenario: {{title: A mark, ceiling: 3}}\ncase:\n{indented}")
    code, out, _ = run("check", scenario, "--format", "json")
    assert code == 0
    assert json.loads(out)["snapshot_id"] == "case-1"


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_check_reads_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    data = {"snapshot": {"id": "piped", "as_of": "2024-06-03"}, "children": [{"id": "wren"}]}
    text = json.dumps(data, indent="\t") if form == "json" else CASE.replace("case-1", "piped")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, out, err = run("check", "-", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["snapshot_id"] == "piped"


def test_a_bad_file_among_several_is_reported_and_the_others_are_still_advised(
    run: Run, case: Path, tmp_path: Path
) -> None:
    code, out, err = run("check", case, tmp_path / "missing.yaml", case, "--format", "json")
    assert code == 2
    assert len(out.splitlines()) == 2
    assert err == f"{tmp_path / 'missing.yaml'}: there is no such file\n"


def test_an_interrupted_command_ends_quietly(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("advisor.advise.advise", interrupted)
    assert run("check", case) == (130, "", "")


def test_a_reader_who_stops_reading_is_no_error(small_pack: Path, case: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "advisor.cli", "check", str(case), "--pack", str(small_pack)]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_local_pack_is_laid_over_the_rules(run: Run, case: Path, tmp_path: Path) -> None:
    local = tmp_path / "local.yaml"
    local.write_text(
        "local: borough\nversion: 1.0.0\nroles: {social worker: duty worker}\n"
        "changes: [{rule: non-mobile-injury.opinion, urgency: now}]\n"
    )
    code, out, _ = run("check", case, "--local", local)
    assert code == 0
    assert "1. NOW, Wren" in out
    assert "duty worker, with the duty senior paediatrician" in out
    assert "Changed locally\n  - non-mobile-injury.opinion: made now locally\n" in out


def test_ask_gives_the_questions_and_what_each_answer_would_change(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE.replace("    movement: {walks: false}\n", ""))
    code, out, _ = run("ask", path)
    assert code == 0
    assert "1. Does Wren walk yet? (not recorded)" in out
    assert 'If no: raises "A mark on a child who does not walk needs a senior opinion"' in out


def test_ask_without_questions_says_that_this_is_no_reassurance(run: Run, case: Path) -> None:
    assert "That is not\nreassurance.\n" in run("ask", case)[1]


def test_explain_shows_each_condition_with_its_facts(run: Run, case: Path) -> None:
    code, out, _ = run("explain", case, "non-mobile-injury.opinion")
    assert code == 0
    assert "Wren: raised." in out
    assert "[met] Wren does not walk yet" in out
    assert "Fact: children.wren.movement.walks: no" in out


def test_explain_says_why_a_rule_was_not_raised_and_what_it_needs(run: Run, case: Path) -> None:
    case.write_text(CASE.replace("walks: false", "walks: true"))
    _, out, _ = run("explain", case, "non-mobile-injury.opinion")
    assert "Wren: not raised." in out
    assert "[not met] Wren walks\n        Needed: The child does not walk yet\n" in out


def test_explain_says_what_would_change_it(run: Run, case: Path) -> None:
    case.write_text(CASE.replace("walks: false", ""))
    _, out, _ = run("explain", case, "non-mobile-injury.opinion")
    assert "Wren: not decided: it needs information." in out
    assert "[not known] It is not recorded whether Wren walks" in out
    after = out.split("What would change it")[1]
    assert "1. Does Wren walk yet? (not recorded)" in after
    assert "If no: raises" in after


def test_explain_speaks_of_one_child_if_asked(run: Run, case: Path) -> None:
    case.write_text(CASE + "  - {id: robin}\n")
    both = run("explain", case, "non-mobile-injury.opinion")[1]
    assert "Wren: raised." in both
    assert "Robin: not raised." in both
    assert "It was not looked at: a condition for looking at it is not known." in both
    one = run("explain", case, "non-mobile-injury.opinion", "--child", "robin")[1]
    assert "Wren" not in one
    code, _, err = run("explain", case, "non-mobile-injury.opinion", "--child", "wern")
    assert code == 2
    assert err == "--child: there is no child wern in it. Did you mean wren?\n"


def test_explain_tells_that_a_rule_is_not_in_use(run: Run, case: Path, small_pack: Path) -> None:
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    path.write_text(path.read_text().replace("status: active", "status: draft"))
    _, out, _ = run("explain", case, "non-mobile-injury.opinion")
    assert "a draft, which is not yet used" in out
    assert "This rule is not in use on the day of the snapshot" in out
    assert "Wren: raised." in out


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "council.example", ""])
def test_serve_refuses_any_address_but_this_machines_own(run: Run, host: str) -> None:
    code, out, err = run("serve", "--host", host, pack=False)
    assert (code, out) == (2, "")
    assert err.startswith("--host: cases must not leave this machine")


def test_serve_takes_this_machines_own_addresses() -> None:
    from advisor.commands.serve import listening_address
    from advisor.web.settings import Settings

    hosts = ("127.0.0.1", "localhost", "::1", "127.1.2.3")
    assert [listening_address(host, Settings()) for host in hosts] == [
        "127.0.0.1",
        "127.0.0.1",
        "::1",
        "127.1.2.3",
    ]


def test_serve_tells_that_a_port_is_taken_or_is_none(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = run("serve", "--port", str(port), pack=False)
    assert code == 2
    assert f"port {port}: " in err
    assert "choose another with --port" in err
    assert run("serve", "--port", "70000", pack=False)[0] == 2


def test_serve_runs_the_application_without_a_log_of_requests(
    run: Run, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    (small_pack.parent / "rules").symlink_to(small_pack)
    monkeypatch.setenv("ADVISOR_DATA", str(small_pack.parent))

    seen: list[Any] = []

    def ran(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        seen.extend([server.config, sockets[0].getsockname()])

    monkeypatch.setattr(uvicorn.Server, "run", ran)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, _, err = run("serve", "--port", str(port), pack=False)
    assert code == 0
    assert f"http://127.0.0.1:{port} " in err
    config, address = seen
    assert config.app.state.service.ready.pack.name == "small"
    assert (config.access_log, address) == (False, ("127.0.0.1", port))


def test_serve_does_not_start_on_rules_that_are_at_fault(
    run: Run, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_pack.parent / "rules").symlink_to(small_pack)
    monkeypatch.setenv("ADVISOR_DATA", str(small_pack.parent))
    (small_pack / "absent-information" / "walking.yaml").write_text("id: yes\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, _, err = run("serve", "--port", str(port), pack=False)
    assert code == 2
    assert "walking.yaml:1: id: write true or false" in err
    assert "The advisor is at" not in err


def test_the_version_is_told(run: Run) -> None:
    assert run("--version", pack=False) == (0, f"advisor {__version__}\n", "")


def test_help_names_every_command_and_says_what_the_advisor_is_not(run: Run) -> None:
    code, out, _ = run("--help", pack=False)
    assert code == 0
    assert "Never a score, never a decision" in out
    for command in ("check", "ask", "explain", "rules", "reviews", "schema", "serve"):
        assert f"\n    {command} " in out


def every_parser(parser: Any) -> list[Any]:
    subs = [action for action in parser._actions if hasattr(action, "_name_parser_map")]
    inner = [each for action in subs for each in action._name_parser_map.values()]
    return [parser, *(found for each in inner for found in every_parser(each))]


def test_every_command_and_option_has_help() -> None:
    parsers = every_parser(cli.parser())
    assert len(parsers) == 31
    for parser in parsers:
        assert parser.description
        for action in parser._actions:
            assert action.help or hasattr(action, "_name_parser_map"), (parser.prog, action.dest)


@pytest.mark.parametrize(
    "wrong", [(), ("chekc",), ("check",), ("rules",), ("check", "x", "--formt", "json")]
)
def test_a_command_that_does_not_exist_or_is_incomplete_is_at_fault(
    run: Run, wrong: tuple[str, ...]
) -> None:
    code, out, err = run(*wrong, pack=False)
    assert (code, out) == (2, "")
    assert "usage: advisor" in err
