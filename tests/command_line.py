"""What the tests of the command line share: a case, and the form of running a command."""

from __future__ import annotations

from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]
"""Runs a command; gives its exit code, standard output and standard error."""

CASE = """\
snapshot: {id: case-1, as_of: 2024-06-03, authority: here}
children:
  - id: wren
    movement: {walks: false}
    injuries: [{kind: bruise, known_birthmark: false}]
"""
