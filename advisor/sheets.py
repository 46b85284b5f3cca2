"""The sheets of an exercise for paper: the participants', and the facilitator's with the reveal.

A page of the participants' sheet holds what is disclosed in its own stage and nothing else, so that
no page gives a later one away. Slips hold what one hand knows and the others do not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from advisor.advice import IN_FULL
from advisor.exercise import Exercise
from advisor.language.english import KINDS, URGENCIES
from advisor.pack import Pack
from advisor.problems import InputError, fault
from advisor.rendering import places
from advisor.stages import by_review, reveal_of, stage_pages
from advisor.telling import NO_PROMPTS
from advisor.wording import people

BROWSER = "ADVISOR_BROWSER"
"""The environment variable that names the browser which prints."""

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("msedge", "microsoft-edge", "microsoft-edge-stable"),
)
"""The programs that are looked for, the first of them first."""

_PRINTING_SECONDS = 120


@dataclass(frozen=True)
class Timing:
    """How the minutes may be divided: to begin, for each stage, and to close."""

    begin: int
    stage: int
    close: int


def participants(exercise: Exercise, pack: Pack) -> str:
    """The participants' sheet as one HTML page: the stages, then the slips of each stage."""
    return _draw("participants.html", exercise, pack, stages=tuple(stage_pages(exercise)))


def facilitator(exercise: Exercise, pack: Pack) -> str:
    """The facilitator's sheet as one HTML page: all that is seen, and the reveal of each stage."""
    found = tuple((page, reveal_of(exercise, page, pack)) for page in stage_pages(exercise))
    return _draw(
        "facilitator.html", exercise, pack, stages=found, timing=timing(exercise), in_full=IN_FULL
    )


def reveals(exercise: Exercise, pack: Pack) -> str:
    """The reveals alone as one HTML page, to hand out once everything is decided."""
    found = tuple((page, reveal_of(exercise, page, pack)) for page in stage_pages(exercise))
    return _draw("reveals.html", exercise, pack, stages=found, in_full=IN_FULL)


def write_sheets(exercise: Exercise, pack: Pack, folder: Path, pdf: bool) -> list[Path]:
    """Write both sheets into a folder, as PDF too if asked: all of it or nothing.

    Sheets of this exercise that stand there are written anew; other files are left alone.

    Raises:
        InputError: there is no browser that prints, or the folder cannot be written to.
    """
    browser = find_browser() if pdf else None
    folder = folder.absolute()
    texts = {
        "participants": participants(exercise, pack),
        "facilitator": facilitator(exercise, pack),
    }
    base = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryDirectory(
            prefix="sheets-", suffix="-unfinished", dir=base, ignore_cleanup_errors=True
        ) as name:
            made = Path(name)
            files: list[Path] = []
            for kind, text in texts.items():
                page = made / f"{exercise.head.id}-{kind}.html"
                page.write_text(text, encoding="utf-8", newline="\n")
                files.append(page)
                if browser is not None:
                    files.append(page.with_suffix(".pdf"))
                    _print(browser, page, files[-1], made / "profile")
            folder.mkdir(parents=True, exist_ok=True)
            for file in files:
                if (folder / file.name).is_dir():
                    raise fault(str(folder / file.name), "a folder of this name is in the way")
            return [file.replace(folder / file.name) for file in files]
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise fault(str(folder), f"the sheets cannot be written here: {why}") from None


def timing(exercise: Exercise) -> Timing:
    """A division of the minutes that leaves a fifth of them for the debrief."""
    minutes = exercise.head.minutes
    begin, close = round(minutes * 0.1), round(minutes * 0.2)
    stage = (minutes - begin - close) // len(exercise.stages)
    return Timing(begin, stage, minutes - begin - stage * len(exercise.stages))


def _draw(template: str, exercise: Exercise, pack: Pack, **values: Any) -> str:
    environment = Environment(
        loader=PackageLoader("advisor", "templates/sheets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(places=places, people=people, by_review=by_review)
    environment.globals.update(urgencies=URGENCIES, kinds=KINDS, no_prompts=NO_PROMPTS)
    found = environment.get_template(template)
    return found.render(exercise=exercise, head=exercise.head, pack=pack, **values)


def find_browser() -> str:
    """The Chromium-family browser that prints: the one named, else the first one found.

    Raises:
        InputError: there is none.
    """
    named = os.environ.get(BROWSER)
    for name in [named] if named else BROWSERS:
        found = shutil.which(name)
        if found is not None:
            return found
    if named:
        raise fault(BROWSER, "there is no such program: name a Chromium, Chrome or Edge browser")
    raise fault(
        "--pdf",
        "no browser was found that could print: install Chromium, Chrome or Edge, or set "
        f"{BROWSER} to one; or leave --pdf out and print the HTML pages from any browser",
    )


def _print(browser: str, page: Path, target: Path, profile: Path) -> None:
    """Print a page to PDF with a browser that has no network and forgets everything."""
    command = [
        *(browser, "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        "--disable-extensions",
        *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9"),
        *("--no-pdf-header-footer", f"--user-data-dir={profile}", f"--print-to-pdf={target}"),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # the sandbox refuses to start for root
    try:
        subprocess.run(
            [*command, page.as_uri()], capture_output=True, timeout=_PRINTING_SECONDS, check=False
        )
        printed = target.is_file() and target.read_bytes()[:5] == b"%PDF-"
    except (OSError, subprocess.TimeoutExpired):
        printed = False
    if not printed:
        raise _not_printed(browser)


def _not_printed(browser: str) -> InputError:
    return fault(
        "--pdf",
        f"{browser} printed nothing: set {BROWSER} to another browser, or leave --pdf out and "
        "print the HTML pages",
    )
