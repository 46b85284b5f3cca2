"""Finds the rules and scenarios that come with the product."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

OVERRIDE = "ADVISOR_DATA"


class DataNotFoundError(FileNotFoundError):
    """The rules or scenarios are not where they should be. The message says what to do."""


def rules_folder() -> Path:
    """The folder of rules, signals and reviews.

    Raises:
        DataNotFoundError: there is none.
    """
    return _folder("rules")


def scenarios_folder() -> Path:
    """The folder of example cases, in one step or several.

    Raises:
        DataNotFoundError: there is none.
    """
    return _folder("scenarios")


def _folder(name: str) -> Path:
    override = os.environ.get(OVERRIDE)
    if override:
        # Never fall back: whoever names a folder must not be given other rules in silence.
        folder = Path(override).expanduser().absolute() / name
        if folder.is_dir():
            return folder
        raise DataNotFoundError(
            f"{OVERRIDE}: there is no folder {folder}. "
            f"Set {OVERRIDE} to a folder that holds 'rules' and 'scenarios', or unset it."
        )
    package = Path(str(files("advisor")))
    installed = package / "_data" / name
    if installed.is_dir():
        return installed
    checkout = package.parent
    # Without this test a stranger's 'rules' folder beside an installed package would pass for ours.
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise DataNotFoundError(
        f"There is no folder '{name}' in the installed package ({installed}) or beside it. "
        f"Install the package again, or set {OVERRIDE} to a folder that holds "
        "'rules' and 'scenarios'."
    )
