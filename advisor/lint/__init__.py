"""Checks of a pack that is well formed: is each rule proved, cited, raisable, quiet, fair?

Each check is a small class in :mod:`advisor.lint.checks`; its docstring is its page in the docs.
"""

from __future__ import annotations

from pathlib import Path

from advisor.lint.base import Check, Subject
from advisor.lint.checks import CHECKS
from advisor.pack import Pack
from advisor.problems import Problem

__all__ = ["CHECKS", "Check", "Subject", "lint"]


def lint(pack: Pack, texts: Path | None = None) -> list[Problem]:
    """Every problem that the checks find, in the order of files and lines.

    ``texts`` is a folder with the reviews' texts; without it, citations are checked for their form
    only.
    """
    subject = Subject(pack, texts)
    found = {problem for check in CHECKS for problem in check().problems(subject)}
    return sorted(found)
