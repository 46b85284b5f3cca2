"""Each module imports only from those below it, and the engine stands behind one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import advisor

ROOT = Path(advisor.__file__).parent

LAYERS = """
problems truth dates schemas document values data
strict_json strict_yaml reading
facts.base facts.terms facts.child facts.adult facts.wider facts.shape
canonical consistency snapshot vocabulary
language.expressions language.documents language.validation language.checking
language.limits language.overlaying language.english
pack case proofs residuals comparing signals remainder compiled
logic interpreter dependence network inference engine evaluation
advice wording asking advise explaining
addresses parts questionnaire answering.people answering.asked answering.said answering.given
answering.documents answering.entries answering.merging answering.tally answering
chronology.leaves chronology.story chronology.views
scenario exercise trial held standing walking replay proving coverage comparison
picture_contents picture_table picture_layout picture
reviewtext.signs reviewtext.layout reviewtext.pinpoint reviewtext.places
reviewtext.appendix reviewtext.structure reviews citations
lint.base lint.citing lint.checks lint
page rendering telling report stages sheets releases searching library site
responses changes record record_text
store.keeping store.address store.tables store.migrations.versions.v0001_first store.migrating
store.migrations.env store.database store.owned store.cases store.runs store.sessions
commands.shared commands.cases commands.explanation commands.replay commands.reviews commands.rules
commands.scenarios commands.schema commands.records commands.parsing
web.problem_details web.unechoed web.bodies web.service web.catalogue web.settings
web.static_files web.visitors web.drawing web.problem_pages web.guard web.door
web.describing web.staging web.routes web.story_routes web.forms web.marks
web.provider web.signin web.refusals web.signin_routes web.page_routes
web.cases web.sheet web.starting web.advices web.case_view web.case_routes web.section_routes
web.advice_view web.advised web.advice_routes web.record_routes
web.revealing web.exercise_view web.group_routes web.exercise_routes
web.trying web.shelf web.library_routes web.app commands.serve cli
"""
ORDER = LAYERS.split()
"""Every module, each below those that may import it. A new module is put in here."""

EMPTY = ("facts", "language", "chronology", "reviewtext", "store", "commands", "web")
"""Packages whose own file holds nothing."""

EVERYWHERE = {"advisor"}
"""May be imported from anywhere: it holds the version only."""

LATE: set[tuple[str, str]] = set()
"""Arrows that may point upwards because the import stands in a function. None has been needed."""

LARGE = {"facts/child.py"}
"""Files that are mostly data, which may be long."""

WRITES_TO_SCREEN = ("cli.py", "page.py", "commands/")


@cache
def trees() -> dict[str, tuple[Path, ast.Module]]:
    """Every module by its name inside ``advisor``, with its file and syntax tree."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        steps = list(path.relative_to(ROOT).with_suffix("").parts)
        if steps[-1] == "__init__":
            steps.pop()
        found[".".join(steps) or "advisor"] = (path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def imports(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """The modules that one imports, and whether the import stands inside a function."""
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        late = id(node) in inside
        if isinstance(node, ast.Import):
            yield from ((name.name, late) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            assert node.level == 0, "imports are written in full"
            base = node.module or ""
            for name in node.names:
                whole = f"{base}.{name.name}"
                is_module = whole.removeprefix("advisor.") in trees()
                yield (whole if base.startswith("advisor") and is_module else base), late


def arrows() -> Iterator[tuple[str, str, bool]]:
    """Every import of one of our modules by another, and whether it stands inside a function."""
    for module, (_, tree) in trees().items():
        for name, late in imports(tree):
            if name == "advisor" or name.startswith("advisor."):
                yield module, name.removeprefix("advisor."), late


def test_every_module_has_its_place_in_the_order() -> None:
    empty = {"advisor", *EMPTY}
    assert set(trees()) - empty - set(ORDER) == set()
    assert len(ORDER) == len(set(ORDER))


def test_a_package_file_that_has_no_place_holds_nothing() -> None:
    for name in EMPTY:
        assert not list(imports(trees()[name][1])), name


def test_no_arrow_points_upwards() -> None:
    place = {name: number for number, name in enumerate(ORDER)}
    wrong = sorted(
        f"{module} imports {name}"
        for module, name, late in arrows()
        if name not in EVERYWHERE
        and module in place
        and place.get(name, len(ORDER)) >= place[module]
        and not (late and (module, name) in LATE)
    )
    assert not wrong, "\n".join(wrong)


def test_every_exemption_is_needed() -> None:
    late = {(module, name) for module, name, inside in arrows() if inside}
    assert late >= LATE
    assert {path.relative_to(ROOT).as_posix() for path, _ in trees().values()} >= LARGE


@pytest.mark.parametrize("package", ["durable", "durable_rules_engine"])
def test_only_the_inference_imports_durable_rules(package: str) -> None:
    importers = {
        module
        for module, (_, tree) in trees().items()
        for name, _ in imports(tree)
        if name.split(".")[0] == package
    }
    assert importers <= {"inference"}


def test_nothing_in_the_library_imports_what_stands_on_top_of_it_or_beside_it() -> None:
    above = {"api", "tests", "benchmarks"}
    found = {
        (module, name)
        for module, (_, tree) in trees().items()
        for name, _ in imports(tree)
        if name.split(".")[0] in above
    }
    assert found == set()


def test_what_decides_does_not_know_of_screens_networks_or_clocks() -> None:
    core = set(ORDER[: ORDER.index("explaining")])
    outside = {"fastapi", "starlette", "uvicorn", "rich", "argparse", "logging", "time"}
    outside |= {"socket", "urllib", "http", "ssl", "subprocess", "random"}
    found = {
        (module, name)
        for module in core & set(trees())
        for name, _ in imports(trees()[module][1])
        if name.split(".")[0] in outside
    }
    assert found == set()


def test_no_module_reaches_for_another_host() -> None:
    clients = {"requests", "httpx", "httpx2", "aiohttp", "urllib3", "ftplib", "smtplib"}
    found = {
        (module, name)
        for module, (_, tree) in trees().items()
        for name, _ in imports(tree)
        if name.split(".")[0] in clients or name in ("urllib.request", "http.client")
    }
    assert found == set()


def test_files_are_small_enough_to_read_at_one_go() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for path, _ in trees().values()
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert long - LARGE == set()


def test_only_the_page_and_the_command_line_print() -> None:
    printing = {
        path.relative_to(ROOT).as_posix()
        for path, tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert {name for name in printing if not name.startswith(WRITES_TO_SCREEN)} == set()


def test_nothing_reads_the_clock_to_decide() -> None:
    asked = {
        (module, node.attr)
        for module in set(ORDER[: ORDER.index("lint.base")]) & set(trees())
        for node in ast.walk(trees()[module][1])
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
    }
    assert asked == set()
