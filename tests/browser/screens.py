"""Draws the pictures of docs/screens.md anew: ``python -m tests.browser.screens``."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from advisor.web.app import create_app
from advisor.web.settings import Settings
from tests.browser.serving import QUIET, listening, program, serving
from tests.browser.visiting import EXERCISE, NARROW, Kept, opened

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
HEIGHT = 860
_QUALITY = 45


def taken(page: Page, name: str, *, width: int = 1080, top: str = "") -> None:
    """Keep what a window of this width shows, from an element on if one is named."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate("() => scrollTo(0, 0)")
    if top:
        page.locator(top).first.evaluate("here => here.scrollIntoView()")
    page.wait_for_load_state("networkidle")
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))


def draw(page: Page, kept: Kept) -> None:
    """Every picture, from shipped examples."""
    page.goto("/")
    taken(page, "start")
    page.goto(kept.case)
    taken(page, "tasks")
    page.goto(kept.question_page("about"))
    taken(page, "questions")
    page.goto(f"{kept.case}/advice")
    taken(page, "advice")
    taken(page, "prompt", top="#group-today")
    taken(page, "prompt-narrow", width=NARROW, top="#group-today")
    form = page.locator(".app-question form").filter(has=page.get_by_role("radio")).first
    form.get_by_role("radio").first.check()
    form.get_by_role("button").click()
    taken(page, "what-changed", top="h1")
    page.goto(f"{kept.case}/record")
    taken(page, "record")
    page.goto(f"/exercises/{EXERCISE}")
    taken(page, "exercise")
    page.goto(f"{kept.groups[0]}/stages/2")
    opened(page)
    taken(page, "stage")
    page.goto(f"{kept.groups[0]}/stages/1/reveal")
    taken(page, "reveal", top="h2:has-text('and who knew')")
    page.goto("/reviews/jack")
    taken(page, "review")


def main() -> None:
    """Serve the application with an empty store, visit it, and keep the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = create_app(None, Settings(database_url=f"sqlite:///{folder}/records.sqlite3"))
        found, site = listening()
        with found, serving(app, found):
            kept = Kept.made(site)
            browser = playwright.chromium.launch(executable_path=program(), args=list(QUIET))
            draw(browser.new_page(base_url=site), kept)
            browser.close()


if __name__ == "__main__":
    main()
