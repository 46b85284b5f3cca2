"""A wheel is whole: it runs from any folder, with the source out of reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from advisor.data import DataNotFoundError, rules_folder, scenarios_folder

ROOT = Path(__file__).resolve().parents[1]
DATA = ("rules", "scenarios")


def run(*command: str | Path, cwd: Path) -> str:
    """The command's standard output; the test fails with its error output if it fails."""
    kept = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "ADVISOR_DATA"}}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stderr}"
    return done.stdout


def files_below(folder: Path) -> set[str]:
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the source tree."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "-q", "--wheel", "--no-isolation", "-o", out, cwd=ROOT)
    return next(out.glob("*.whl"))


@dataclass(frozen=True)
class Installed:
    """A second environment that holds the wheel, and a folder to run it from."""

    programs: Path
    elsewhere: Path

    def python(self, code: str) -> str:
        """What the code prints, run with nothing of this folder or environment in reach."""
        return run(self.programs / "python", "-I", "-c", code, cwd=self.elsewhere)

    def advisor(self, *arguments: str | Path) -> str:
        return run(self.programs / "advisor", *arguments, cwd=self.elsewhere)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own, with the libraries borrowed from this one."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=False)
    base = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=base))
    # Folders named in a .pth file bring their packages, but not their own .pth files: the
    # libraries are in reach, the editable install of the source is not.
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    programs = Path(sysconfig.get_path("scripts", "venv", vars=base))
    pip = (sys.executable, "-m", "pip", "--python", programs / "python", "-q", "install")
    run(*pip, "--no-deps", "--no-index", "--ignore-installed", wheel, cwd=home)
    return Installed(programs, tmp_path_factory.mktemp("elsewhere"))


@pytest.mark.parametrize("name", DATA)
def test_the_wheel_carries_every_file_of_the_data_folders(wheel: Path, name: str) -> None:
    prefix = f"advisor/_data/{name}/"
    shipped = {n.removeprefix(prefix) for n in contents(wheel) if n.startswith(prefix)}
    assert any(n.endswith(".yaml") for n in shipped)
    assert shipped == files_below(ROOT / name)


def test_the_wheel_adds_nothing_beside_the_package_and_the_api_module(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in contents(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"advisor", "api.py"}


def test_a_wheel_made_from_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "-q", "--no-isolation", "-o", tmp_path, cwd=ROOT)
    assert contents(next(tmp_path.glob("*.whl"))) == contents(wheel)


def test_an_editable_install_holds_no_copy_that_could_go_stale(tmp_path: Path) -> None:
    code = f"from hatchling.build import build_editable; build_editable({str(tmp_path)!r})"
    run(sys.executable, "-c", code, cwd=ROOT)
    names = contents(next(tmp_path.glob("*.whl")))
    outside = [n for n in names if ".dist-info/" not in n and not n.endswith(".pth")]
    assert outside == []


def test_an_installed_copy_finds_its_own_data_with_the_source_out_of_reach(
    installed: Installed,
) -> None:
    seen = json.loads(
        installed.python(
            "import json, sys, advisor.data as data\n"
            "count = lambda folder: sum(f.is_file() for f in folder.rglob('*'))\n"
            "rules, scenarios = data.rules_folder(), data.scenarios_folder()\n"
            "print(json.dumps({'path': sys.path, 'from': [data.__file__, str(rules),"
            " str(scenarios)], 'rules': count(rules), 'scenarios': count(scenarios)}))"
        )
    )
    assert str(ROOT) not in seen["path"]
    home = installed.programs.parent
    assert all(Path(place).is_relative_to(home) for place in seen["from"])
    assert seen["rules"] == len(files_below(ROOT / "rules"))
    assert seen["scenarios"] == len(files_below(ROOT / "scenarios"))


def test_the_installed_api_module_offers_the_web_application(installed: Installed) -> None:
    said = installed.python("import api; print(api.__file__); print(callable(api.app))")
    place, is_callable = said.split("\n")[:2]
    assert Path(place).is_relative_to(installed.programs.parent)
    assert is_callable == "True"


def test_the_installed_application_draws_its_pages_and_keeps_a_case(
    installed: Installed, tmp_path: Path
) -> None:
    code = f"""
from starlette.testclient import TestClient
from advisor.web.app import create_app
from advisor.web.settings import Settings
app = create_app(None, Settings(database_url="sqlite:///{tmp_path / "kept.sqlite3"}"))
here = "http://127.0.0.1"
options = dict(base_url=here, client=("127.0.0.1", 1), headers={{"Origin": here}})
with TestClient(app, **options) as web:
    paths = ["/", "/cases/new", "/rules", "/exercises", "/changes", "/static/app.css"]
    print([web.get(path).status_code for path in paths])
    print(web.post("/cases/new", data={{"how": "form", "children": "1"}}).status_code)
"""
    assert installed.python(code).split("\n")[:2] == [str([200] * 6), "200"]


def test_the_installed_command_lists_the_same_rules_as_the_source(installed: Installed) -> None:
    here = run(Path(sys.executable).with_name("advisor"), "rules", "list", cwd=ROOT)
    listed = json.loads(installed.advisor("rules", "list", "--format", "json"))
    assert installed.advisor("rules", "list") == here
    assert listed
    authored = {f.stem for f in (ROOT / "rules").glob("*/*.yaml")}
    assert all(rule["id"].rpartition(".")[2] in authored for rule in listed)


def test_the_installed_command_checks_a_shipped_scenario(installed: Installed) -> None:
    shipped = installed.python("import advisor.data as data; print(data.scenarios_folder())")
    case = Path(shipped.strip(), "reviews", "jack", "2017-05-facial-mark.yaml")
    advice = json.loads(installed.advisor("check", case, "--format", "json"))
    assert advice["prompts"]


def test_a_checkout_uses_its_own_rules_and_scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADVISOR_DATA", raising=False)
    assert (rules_folder(), scenarios_folder()) == (ROOT / "rules", ROOT / "scenarios")


def test_a_named_data_folder_comes_before_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rules").mkdir()
    monkeypatch.setenv("ADVISOR_DATA", str(tmp_path))
    assert rules_folder() == tmp_path / "rules"


def test_a_named_data_folder_without_rules_is_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ADVISOR_DATA", str(tmp_path))
    with pytest.raises(DataNotFoundError, match=r"ADVISOR_DATA: there is no folder .* or unset it"):
        rules_folder()
