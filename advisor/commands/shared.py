"""What the commands share: reading cases and packs, and telling the user what is wrong."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.problems import InputError

if TYPE_CHECKING:
    from advisor.pack import Pack
    from advisor.snapshot import Snapshot

DONE, OUR_FAULT, AT_FAULT = 0, 1, 2
"""Exit codes: done; a fault of the advisor; a fault of the input, the rules or the options."""

STDIN = "<stdin>"
_PROBLEMS_SHOWN = 20
_LONGEST = 1000


def complain(text: str) -> None:
    """Write one line to standard error, with nothing in it that a terminal would act on."""
    shown = "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
    if len(shown) > _LONGEST:
        shown = f"{shown[:_LONGEST]}..."
    print(shown, file=sys.stderr)


def complain_of(error: InputError) -> None:
    """Write the problems of an error, one a line; the first twenty where there are more."""
    for problem in error.problems[:_PROBLEMS_SHOWN]:
        complain(str(problem))
    left = len(error.problems) - _PROBLEMS_SHOWN
    if left > 0:
        complain(f"{error.problems[0].source}: and {left} more; put these right first")


def pack_of(options: Namespace) -> Pack:
    """The pack that the options name, or the shipped one; raises InputError."""
    from advisor.pack import load

    return load(options.pack, options.local)


def read_case(name: str) -> Snapshot:
    """The snapshot in a file, or in a scenario file; ``-`` is standard input."""
    from advisor.reading import read_file
    from advisor.scenario import snapshot_in

    return snapshot_in(_standard_input() if name == "-" else read_file(Path(name)))


def _standard_input() -> Any:
    import re

    from advisor.reading import MAX_BYTES, read_text, text_of_bytes

    text = text_of_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), STDIN)
    is_json = re.match(r'\s*\{\s*["}]', text) is not None
    return read_text(text, STDIN, is_json=is_json)


def print_json(data: Any) -> None:
    """Print data as indented JSON."""
    import json

    print(json.dumps(data, indent=2, ensure_ascii=False))


def our_fault(error: BaseException, about: str = "") -> None:
    """Say in one line that the advisor itself failed, and where; nothing of a case is shown.

    With ``ADVISOR_DEBUG`` set, the traceback follows: it may show what is in the case.
    """
    import os
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    of = f"{about}: nothing is advised here: " if about else ""
    complain(
        f"{of}the advisor itself failed ({type(error).__name__}{place}). Set "
        "ADVISOR_DEBUG=1 to see more, and report it without the case."
    )
    if os.environ.get("ADVISOR_DEBUG"):
        traceback.print_exception(error)


def counted(count: int, one: str, several: str = "") -> str:
    """A number with its noun: ``1 rule``, ``2 rules``."""
    return f"{count} {one if count == 1 else several or one + 's'}"
