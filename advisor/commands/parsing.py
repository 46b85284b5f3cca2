"""The parts of which the command line is built: a parser, its commands and groups of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


class Parser(argparse.ArgumentParser):
    """A parser whose help keeps its line breaks, and which takes no abbreviated options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
                prog, max_help_position=30, width=88
            ),
            allow_abbrev=False,
            **settings,
        )


Commands = Any  # argparse keeps the type of what add_subparsers gives to itself


def commands_of(owner: argparse.ArgumentParser) -> Commands:
    """The commands of a parser, to which more can be added."""
    return owner.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add_command(
    commands: Commands, name: str, about: str, module: str, function: str, *, pack: bool = True
) -> argparse.ArgumentParser:
    """Add a command: a function of a module in ``advisor.commands``; it reads rules if ``pack``."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=f"{about[:1].upper()}{about[1:]}."
    )
    made.set_defaults(run=runs(module, function))
    if pack:
        made.add_argument(
            "--pack", type=Path, metavar="DIR", help="a folder of rules, instead of those shipped"
        )
        made.add_argument(
            "--local",
            type=Path,
            metavar="FILE",
            help="a council's own additions and changes, laid over the rules",
        )
    return made


def add_group(commands: Commands, name: str, about: str) -> Commands:
    """Add a command that has commands of its own; gives those."""
    owner = commands.add_parser(name, help=about, description=f"{about[:1].upper()}{about[1:]}.")
    return commands_of(owner)


def runs(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """A command that is imported only when it is called, so that the others start quickly."""

    def run(options: argparse.Namespace) -> int:
        code: int = getattr(import_module(f"advisor.commands.{module}"), name)(options)
        return code

    return run
