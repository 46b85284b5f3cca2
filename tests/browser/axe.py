"""axe-core, run in a page: what it finds against WCAG 2.2 AA and its own good practice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    # Read as text: evaluating it is not stopped by the pages' own policy for scripts.
    path = Path(__file__).parent.parent / "vendor" / "axe.min.js"
    return path.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Found:
    """What axe says of a page: each violation in a line, and how many of its rules were kept."""

    violations: tuple[str, ...]
    passes: int


def examined(page: Page) -> Found:
    """The page as it stands now, examined by axe; each violation with its first elements."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: dict[str, Any] = page.evaluate(
        """async tags => {
            const run = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']};
            const {violations, passes} = await axe.run(document, run);
            const html = nodes => nodes.slice(0, 3).map(node => node.html);
            const told = violations.map(({id, help, nodes}) => ({id, help, html: html(nodes)}));
            return {violations: told, passes: passes.length};
        }""",
        TAGS,
    )
    violations = tuple(
        f"{each['id']}: {each['help']}: " + "; ".join(html[:160] for html in each["html"])
        for each in found["violations"]
    )
    return Found(violations, int(found["passes"]))


def too_wide(page: Page) -> int:
    """By how many pixels the page itself scrolls sideways; 0 if it does not."""
    wide: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
