"""Writes the library of rules, signals and reviews as pages for a browser, that need no server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from advisor.language.english import generic, word
from advisor.library import Library
from advisor.problems import fault
from advisor.releases import STATUSES
from advisor.rendering import places

MARK = ".advisor-pages"
"""A file that says that a folder was written here, and may be written again."""


@dataclass(frozen=True)
class Links:
    """Where the pages stand, seen from one of them: what comes before and after a name."""

    before: str
    after: str
    theme_before: str

    def rule(self, name: str) -> str:
        """The page of a rule."""
        return f"{self.before}rules/{name}{self.after}"

    def signal(self, name: str) -> str:
        """The page of a signal."""
        return f"{self.before}signals/{name}{self.after}"

    def review(self, name: str, finding: str = "") -> str:
        """The page of a review, or the place of one of its findings there."""
        place = f"#{finding}" if finding else ""
        return f"{self.before}reviews/{name}{self.after}{place}"

    def theme(self, name: str) -> str:
        """The rules of a theme."""
        return f"{self.theme_before}{name}"


def write(library: Library, folder: Path) -> int:
    """Write every page into a folder, whole or not at all; gives how many pages there are.

    Raises:
        InputError: the folder holds something that was not written here.
    """
    if folder.exists() and not _ours(folder):
        raise fault(str(folder), "this folder holds other files: name a new or empty one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        count = 0
        for name, text in _pages(library):
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            count += 1
        style = files("advisor").joinpath("templates/library/style.css")
        (made / "style.css").write_text(style.read_text(encoding="utf-8"), encoding="utf-8")
        (made / MARK).write_text("Written by `advisor rules pages`; it may be written again.\n")
        made.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return count


def _ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))


def _pages(library: Library) -> Iterator[tuple[str, str]]:
    draw = _drawing(library)
    rules, signals = list(library.rules()), list(library.signals())
    reviews = list(library.reviews())
    yield "index.html", draw("index.html", "", reviews=reviews, signals=signals)
    for rule in rules:
        yield f"rules/{rule.rule.id}.html", draw("rule.html", "../", page=rule)
    for signal in signals:
        yield f"signals/{signal.signal.id}.html", draw("signal.html", "../", page=signal)
    for review in reviews:
        yield f"reviews/{review.review.id}.html", draw("review.html", "../", page=review)


def _drawing(library: Library) -> Any:
    environment = Environment(
        # What both kinds of pages have in them stands with those of the web application.
        loader=ChoiceLoader(
            [PackageLoader("advisor", f"templates/{folder}") for folder in ("library", "web")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["generic"] = generic
    environment.filters["places"] = places
    environment.filters["word"] = word
    environment.globals.update(library=library, pack=library.pack, statuses=STATUSES)

    def draw(template: str, up: str, **values: Any) -> str:
        to = Links(up, ".html", f"{up}index.html#")
        return environment.get_template(template).render(up=up, to=to, **values)

    return draw
