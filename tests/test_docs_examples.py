"""The examples in the documentation run, and are what they are said to be."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from advisor import cli
from advisor.chronology.story import Entry, Holder, StoryHead, story_of
from advisor.exercise import ExerciseHead, Hand, Option, Stage, read_exercise
from advisor.language.checking import signal_faults
from advisor.language.documents import Review, Signal
from advisor.language.expressions import OPERATORS, FactTest
from advisor.language.validation import make
from advisor.lint import CHECKS, Subject
from advisor.pack import load
from advisor.problems import InputError
from advisor.proving import prove
from advisor.reading import read_text
from advisor.replay import replay
from advisor.scenario import FactChange, ScenarioHead, scenarios
from advisor.snapshot import Snapshot
from advisor.trial import try_on
from advisor.web.app import create_app
from advisor.web.settings import Settings
from docs.generate import FENCE, ROOT, pages

OURS = [page for page in pages() if page.name != "performance.md"]
WORKED = ("reviews/robin.yaml", "signals/schooling.yaml", "unseen-child/off-the-roll.yaml")


def fences(*kinds: str) -> list[Any]:
    """Each fenced block of these kinds on any page, as a parameter of a test."""
    made = []
    for each in OURS:
        for number, found in enumerate(FENCE.finditer(each.read_text(encoding="utf-8"))):
            if found["kind"] in kinds:
                where = f"{each.relative_to(ROOT)}-{number}"
                made.append(pytest.param(found["text"], id=where))
    return made


def test_every_example_in_yaml_says_what_it_is() -> None:
    told = {"snapshot", "scenario", "exercise", "signals", "expressions", "rule", "review", "local"}
    told |= {"chronology", "refused-snapshot", "refused-rule"}
    found = {f["kind"] for each in OURS for f in FENCE.finditer(each.read_text(encoding="utf-8"))}
    assert {kind for kind in found if kind.startswith("yaml")} == {f"yaml {kind}" for kind in told}


@pytest.mark.parametrize("text", fences("yaml snapshot"))
def test_a_snapshot_on_a_page_can_be_advised_on(text: str) -> None:
    assert Snapshot.from_document(read_text(text, "page")).children.items


@pytest.mark.parametrize("text", fences("yaml scenario"))
def test_a_scenario_on_a_page_is_one_and_is_met(text: str, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    trial = try_on(load(), scenarios(path))
    assert trial.holds, list(trial.faults())


@pytest.mark.parametrize("text", fences("yaml exercise"))
def test_an_exercise_on_a_page_can_be_staged(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "training"
    folder.mkdir()
    (tmp_path / "reviews").symlink_to(ROOT / "scenarios" / "reviews", target_is_directory=True)
    (folder / "page.yaml").write_text(text, encoding="utf-8")
    made = read_exercise(folder / "page.yaml")
    assert made.stages and all(stage.told for stage in made.stages)


def test_every_key_of_an_exercise_is_told() -> None:
    text = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
    for model in (ExerciseHead, Stage, Option, Hand):
        for key in model.model_fields:
            assert f"`{key}`" in text, key


@pytest.mark.parametrize("text", fences("yaml chronology"))
def test_a_story_on_a_page_can_be_replayed(text: str) -> None:
    story = story_of(read_text(text, "page"))
    for holder in story.front_doors():
        assert any(day.prompts for day in replay(story, holder, load(), ()).days)


def test_every_key_of_a_story_is_told() -> None:
    text = (ROOT / "docs" / "chronology.md").read_text(encoding="utf-8")
    for model in (StoryHead, Holder, Entry):
        for key in model.model_fields:
            assert f"`{key}`" in text, key


def test_every_key_of_a_scenario_is_told() -> None:
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for model in (ScenarioHead, FactChange):
        for key in model.model_fields:
            assert f"`{key}`" in text, key


@pytest.mark.parametrize("text", fences("yaml refused-snapshot"))
def test_a_snapshot_that_is_to_be_refused_is(text: str) -> None:
    with pytest.raises(InputError):
        Snapshot.from_document(read_text(text, "page"))


@pytest.mark.parametrize("text", fences("yaml signals", "yaml expressions"))
def test_signals_and_expressions_on_a_page_fit_the_pack(text: str) -> None:
    data = read_text(text, "page").data
    pack = load()
    for number, each in enumerate(data):
        given = each if isinstance(each, dict) and "id" in each else None
        says = {"true": "it is so"}
        whole = {
            "id": f"child.x{number}",
            "about": "child",
            "ask": "Is it so?",
            "says": says,
            "is": each,
        }
        signal = TypeAdapter(Signal).validate_python(given or whole)
        signals = {**pack.signals, signal.id: signal}
        assert list(signal_faults(signal, signals)) == []


def test_the_expressions_on_the_page_use_every_operator_and_test() -> None:
    blocks = [
        f["text"]
        for f in FENCE.finditer((ROOT / "docs" / "language.md").read_text(encoding="utf-8"))
        if "expr" in f["kind"]
    ]
    used = set(re.findall(r"\b[a-z_]+(?=:)", "".join(blocks)))
    tests = {field.alias or name for name, field in FactTest.model_fields.items()}
    assert used >= {*OPERATORS, *tests}


@pytest.mark.parametrize("text", fences("yaml review"))
def test_a_review_on_a_page_is_well_formed(text: str) -> None:
    document = read_text(text, "page")
    assert make(Review, document, document.data).findings


@pytest.mark.parametrize("text", fences("yaml local"))
def test_a_local_pack_on_a_page_can_be_laid_over_the_rules(text: str, tmp_path: Path) -> None:
    local = tmp_path / "local.yaml"
    local.write_text(text, encoding="utf-8")
    assert load(local=local).name.endswith("+anytown")


def test_the_worked_example_is_a_whole_rule_that_passes_all_but_the_fingerprint(
    tmp_path: Path,
) -> None:
    text = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    blocks = {found["kind"]: found["text"] for found in FENCE.finditer(text)}
    where = dict(zip(("yaml review", "yaml signals", "yaml rule"), WORKED, strict=True))
    for kind, name in where.items():
        assert f"`rules/{name}`" in text
        assert not (folder / name).exists(), "choose another name on the page"
        (folder / name).write_text(blocks[kind], encoding="utf-8")
    pack = load(folder)
    rule = pack.rules["unseen-child.off-the-roll"]
    proved = list(prove(pack, rule))
    assert [each.name for each in rule.examples if each.expect == "needs_information"]
    assert all(each.holds for each in proved)
    subject = Subject(pack, None)
    subject.__dict__["live"] = [rule]
    mine = {str(folder / name) for name in WORKED}
    problems = [each for check in CHECKS for each in check().problems(subject)]
    left = [each.message for each in problems if each.source in mine]
    assert len(left) == 1
    assert left[0].startswith("no fingerprint: run `advisor reviews fingerprint`")
    assert "lint keeps asking for the fingerprint" in text


@pytest.mark.parametrize("text", fences("json"))
def test_json_on_a_page_is_json(text: str) -> None:
    assert json.loads(text)


@pytest.mark.parametrize("text", fences("python"))
def test_python_on_a_page_runs(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(text, "page", "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.parametrize("text", fences("ini"))
def test_settings_on_a_page_can_be_read(text: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("made-up", encoding="utf-8")
    given = dict(line.split("=", 1) for line in text.splitlines())
    given["ADVISOR_OIDC_CLIENT_SECRET_FILE"] = str(secret)
    assert Settings.read(given).sign_in is not None


@pytest.mark.parametrize("text", fences("sh"))
def test_commands_on_a_page_can_be_run(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    targets = set(
        re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for line in text.splitlines():
        program, *words = [w for w in shlex.split(line, comments=True) if w != "&"]
        if program == "make":
            assert set(words) <= targets
        elif program.endswith("advisor"):
            assert callable(cli.parser().parse_args(words).run)
        elif program == "curl":
            assert answer_to(words) == 200
        else:
            assert (program, *words[:1]) in {("python", "-m"), (".venv/bin/pip", "install")}


def answer_to(words: list[str]) -> int:
    """The status with which the API answers a command of curl."""
    url = next(word for word in words if word.startswith("http://127.0.0.1:8000/"))
    headers = dict(word.split(": ") for word in words if word.startswith("Content-Type: "))
    bodies = [Path(word[1:]).read_bytes() for word in words if word.startswith("@")]
    with TestClient(
        create_app(), base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000)
    ) as client:
        path = url.removeprefix("http://127.0.0.1:8000")
        sent = client.post(path, content=bodies[0], headers=headers) if bodies else client.get(path)
    return sent.status_code
