"""The modules of the package, in order of import, from their own source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docs.writing import table

ROOT = Path(__file__).resolve().parents[1]


def modules() -> str:
    """The modules in order of import: each imports only from those above it."""
    needs = _imports()
    depth: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((level(each) for each in needs[name]), default=0)
        return depth[name]

    rows = [
        [str(level(name)), f"`{name}`", _first_line(name)]
        for name in sorted(needs, key=lambda name: (level(name), name))
    ]
    return table(["Level", "Module", "What it does"], rows)


@cache
def module_names() -> dict[str, Path]:
    """Every module of the package that holds code, by its dotted name, with its file."""
    found = {}
    for path in sorted((ROOT / "advisor").rglob("*.py")):
        steps = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(steps[:-1] if steps[-1] == "__init__" else steps)
        if any(not isinstance(node, ast.Expr) for node in ast.parse(path.read_text()).body):
            found[name] = path
    return found


def _first_line(name: str) -> str:
    text = ast.get_docstring(ast.parse(module_names()[name].read_text(encoding="utf-8"))) or ""
    return text.split("\n\n")[0]


def _imports() -> dict[str, set[str]]:
    names = module_names()
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        found[name] = set()
        for node in _running(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for each in node.names:
                    whole = f"{node.module}.{each.name}"
                    found[name].add(whole if whole in names else node.module)
        found[name] &= set(names)
        found[name] -= {name}
    return found


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only type checkers see."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    for inner in ast.iter_child_nodes(node):
        yield from _running(inner)
