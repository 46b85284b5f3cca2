"""The command line: ``advisor check FILE`` and its companions.

Exit codes: 0 done, with prompts or without; 2 the input, the rules or the options are at fault, as
said on standard error; 1 the advisor itself failed; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from advisor import __version__
from advisor.commands.parsing import Commands as _Commands
from advisor.commands.parsing import Parser, commands_of
from advisor.commands.parsing import add_command as _command
from advisor.commands.parsing import add_group as _group
from advisor.commands.shared import AT_FAULT, OUR_FAULT, complain, complain_of, our_fault
from advisor.problems import InputError

INTERRUPTED = 130
"""The exit code by which a shell knows that the user stopped the command."""

BROKEN_PIPE = 141
"""The exit code by which a shell knows that the reader of the output went away."""

_ABOUT = """\
Prompts, drawn from published reviews, for whoever decides on a child safeguarding referral.
Never a score, never a decision; and no prompt is no reassurance.
"""

_MORE = """\
Begin with:
  advisor check case.yaml            the prompts for a case, with reasons and sources
  advisor ask case.yaml              what to ask next
  advisor explain case.yaml RULE     why a rule was raised, or was not
  advisor replay jack                a story through time

Exit codes: 0 done; 2 the input or the rules are at fault, as said on standard error;
1 the advisor itself failed.
"""


def main(argv: list[str] | None = None) -> int:
    """Run one command; gives its exit code and never raises for what a user may do."""
    try:
        _make_output_safe()
        options = parser().parse_args(argv)
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # argparse has said what is wrong, or has shown help
        return stop.code if isinstance(stop.code, int) else AT_FAULT
    except InputError as error:
        complain_of(error)
        return AT_FAULT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What is still buffered must not be tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        from advisor.data import DataNotFoundError

        if isinstance(error, DataNotFoundError):
            complain(str(error))
            return AT_FAULT
        our_fault(error)
        return OUR_FAULT


def _make_output_safe() -> None:
    """JSON is UTF-8 everywhere, and a character that a terminal lacks must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        encoding = "utf-8" if stream is sys.stdout and not stream.isatty() else None
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=encoding, errors="replace")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = Parser(prog="advisor", description=_ABOUT, epilog=_MORE)
    top.add_argument("--version", action="version", version=f"advisor {__version__}")
    commands = commands_of(top)
    _add_case_commands(commands)
    _add_rules_commands(_group(commands, "rules", "read, check and try out the rules"))
    _add_reviews_commands(
        _group(commands, "reviews", "what each review teaches, and which rules carry it")
    )
    _add_scenario_commands(
        _group(commands, "scenario", "the stories and exercises, and sheets to train with")
    )
    _add_record_commands(
        _group(commands, "records", "what the web application keeps: how much, how long, deleting")
    )
    _add_other_commands(commands)
    return top


def _add_format(command: argparse.ArgumentParser, json_form: str) -> None:
    command.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help=f"text to read (the default), or {json_form}",
    )


def _add_all(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--all", action="store_true", help=what)


def _add_texts(command: argparse.ArgumentParser, *, required: bool) -> None:
    command.add_argument(
        "--texts",
        type=Path,
        metavar="DIR",
        required=required,
        help="the folder that holds the texts of the reviews, such as jack.txt",
    )


_FILE = "a snapshot or scenario, YAML or JSON; - reads standard input"


def _add_case_commands(commands: _Commands) -> None:
    check = _command(
        commands, "check", "give the prompts for one case or several", "cases", "check"
    )
    check.add_argument("files", nargs="+", metavar="FILE", help=_FILE)
    _add_format(check, "JSON, one line for each case")
    _add_all(check, "show every prompt in full, every question, and all that was not looked at")
    ask = _command(commands, "ask", "give the questions worth asking next", "cases", "ask")
    ask.add_argument("file", metavar="FILE", help=_FILE)
    _add_all(ask, "show every question, not the first ten")
    explain = _command(
        commands,
        "explain",
        "say why a rule was raised for a case, or was not",
        "explanation",
        "explain_rule",
    )
    explain.add_argument("file", metavar="FILE", help=_FILE)
    explain.add_argument(
        "rule", metavar="RULE", help="the id of the rule, see `advisor rules list`"
    )
    explain.add_argument("--child", metavar="ID", help="only for this child")
    replay = _command(
        commands,
        "replay",
        "walk a story through time: what was raised when, and since when it could have been",
        "replay",
        "replay",
    )
    replay.add_argument(
        "scenario",
        metavar="SCENARIO",
        help="a chronology, its folder, a decision point in it, or the name of a shipped story",
    )
    replay.add_argument(
        "--as",
        dest="holder",
        metavar="HOLDER",
        help="walk it as this holder came to know it (each front door of the story if not given)",
    )
    _add_format(replay, "JSON, one line for each holder")


def _add_rules_commands(commands: _Commands) -> None:
    lint = _command(commands, "lint", "look for faults in the rules", "rules", "lint")
    _add_texts(lint, required=False)
    test = _command(
        commands, "test", "run the examples that stand inside the rules", "rules", "test"
    )
    test.add_argument("rules", nargs="*", metavar="ID", help="only these rules (all if none)")
    listing = _command(commands, "list", "list the rules", "rules", "list_rules")
    _add_format(listing, "a JSON array")
    show = _command(commands, "show", "show a rule in plain English", "rules", "show")
    show.add_argument("rule", metavar="ID", help="the id of the rule")
    cover = _command(
        commands,
        "coverage",
        "say which truth values the examples and scenarios reached",
        "rules",
        "coverage",
    )
    cover.add_argument(
        "--scenarios",
        action="store_true",
        help="instead, say where each rule spoke on the scenarios, and where it should have",
    )
    _add_format(cover, "a JSON object")
    cover.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="cases to count as well as those shipped; with --scenarios, the scenarios or folders "
        "of them to try instead",
    )
    pages = _command(
        commands,
        "pages",
        "write a page for each rule, signal and review, to read in a browser",
        "rules",
        "write_pages",
    )
    pages.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="a new folder, or one written before"
    )
    differ = _command(
        commands,
        "diff",
        "say what differs between two packs, and which version step it calls for",
        "rules",
        "differ",
        pack=False,
    )
    differ.add_argument("old", type=Path, metavar="OLD", help="the folder of the earlier pack")
    differ.add_argument("new", type=Path, metavar="NEW", help="the folder of the later pack")
    told = "write the record of this version, from which later changes are told"
    release = _command(commands, "release", told, "rules", "write_release")
    told = "the record to write, named after the version, such as rules/releases/0.2.0.json"
    release.add_argument("--out", type=Path, metavar="FILE", required=True, help=told)
    _command(
        commands,
        "schema",
        "print the JSON Schemas of all rule documents",
        "schema",
        "rule_documents",
        pack=False,
    )


def _add_reviews_commands(commands: _Commands) -> None:
    _command(commands, "list", "list the reviews", "reviews", "list_reviews")
    show = _command(
        commands,
        "show",
        "show each finding of a review and the rules that carry it",
        "reviews",
        "show",
    )
    show.add_argument("review", metavar="ID", help="the id of the review")
    verify = _command(
        commands,
        "verify",
        "check that each cited place is in the text, unchanged, and that no words were copied",
        "reviews",
        "verify",
    )
    _add_texts(verify, required=True)
    verify.add_argument(
        "--scenarios",
        type=Path,
        metavar="DIR",
        help="a folder of scenarios to compare with the texts, instead of those shipped",
    )
    fill = _command(
        commands,
        "fingerprint",
        "write the fingerprints of cited passages into the review files",
        "reviews",
        "fill_in",
    )
    _add_texts(fill, required=True)
    fill.add_argument(
        "--renew",
        action="store_true",
        help="also replace fingerprints that no longer fit; read the passages again first",
    )


def _add_scenario_commands(commands: _Commands) -> None:
    listing = _command(
        commands,
        "list",
        "list the stories, their decision points and the exercises",
        "scenarios",
        "list_scenarios",
        pack=False,
    )
    listing.add_argument(
        "--scenarios",
        type=Path,
        metavar="DIR",
        help="a folder of scenarios, instead of those shipped",
    )
    picture = _command(
        commands,
        "picture",
        "write a chronology as a picture and a table, as it stood by a day",
        "scenarios",
        "write_picture",
    )
    picture.add_argument(
        "scenario",
        metavar="SCENARIO",
        help="a chronology, its folder, a decision point in it, or the name of a shipped story",
    )
    picture.add_argument("--until", metavar="DATE", required=True, help="the day, as YYYY-MM-DD")
    picture.add_argument(
        "--as",
        dest="holder",
        metavar="HOLDER",
        help="whose knowledge (the front door of the story, where it has one only)",
    )
    picture.add_argument(
        "--others", action="store_true", help="also what others knew by then, and since when"
    )
    picture.add_argument(
        "--out", type=Path, metavar="FILE", required=True, help="the page to write, such as x.html"
    )
    sheet = _command(
        commands,
        "sheet",
        "write the participants' and the facilitator's sheet of an exercise",
        "scenarios",
        "write_exercise_sheets",
    )
    sheet.add_argument("file", metavar="FILE", help="an exercise, such as those under training")
    sheet.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="the folder to write them into"
    )
    sheet.add_argument(
        "--pdf",
        action="store_true",
        help="also print them to PDF, with a Chromium, Chrome or Edge browser found on this "
        "machine, or the one that ADVISOR_BROWSER names",
    )


def _add_record_commands(commands: _Commands) -> None:
    added = {
        name: _command(commands, name, about, "records", function, pack=False)
        for name, about, function in (
            ("status", "say where records are kept, how many, how many overdue", "status"),
            ("list", "list the id and dates of each case and run, never contents", "list_records"),
            ("purge", "delete what has been kept for its time", "purge"),
            ("delete", "delete one case or exercise run at once", "delete"),
        )
    }
    added["purge"].add_argument(
        "--all-before",
        metavar="DATE",
        help="also delete whatever last changed before this day (YYYY-MM-DD)",
    )
    added["delete"].add_argument("id", metavar="ID", help="the id, see `advisor records list`")
    for command in added.values():
        command.add_argument(
            "--database",
            metavar="URL",
            help="the database, instead of ADVISOR_DATABASE_URL or your own file; put a password "
            "into the variable, as others may see the options of a command",
        )
        command.add_argument(
            "--keep-days",
            metavar="N",
            help="days from the last change to deletion, instead of ADVISOR_KEEP_DAYS or 7",
        )


def _add_other_commands(commands: _Commands) -> None:
    schema = _command(
        commands, "schema", "print a JSON Schema", "schema", "print_schema", pack=False
    )
    schema.add_argument("of", choices=("snapshot", "advice", "record", "rule"), help="what of")
    about = "run the web application on this machine; for others only behind sign-in and HTTPS"
    serve = _command(commands, "serve", about, "serve", "serve", pack=False)
    told = "the address to listen on (127.0.0.1); any but this machine's own needs sign-in"
    serve.add_argument("--host", default="127.0.0.1", help=told)
    serve.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
    told = (
        "where cases are kept, instead of ADVISOR_DATABASE_URL or your own file; put a password "
        "into the variable, as others may see the options of a command"
    )
    serve.add_argument("--database", metavar="URL", help=told)
    told = "days from the last change of a case to its deletion, instead of ADVISOR_KEEP_DAYS or 7"
    serve.add_argument("--keep-days", metavar="N", help=told)


if __name__ == "__main__":
    sys.exit(main())
