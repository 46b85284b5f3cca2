"""What is printed: all of the text, and nothing of what only a screen needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.visiting import EXERCISE, Kept

PRINTED: dict[str, Callable[[Kept], str]] = {
    "the advice": lambda kept: f"{kept.case}/advice",
    "the record": lambda kept: f"{kept.case}/record",
    "a rule": lambda kept: "/rules/non-mobile-injury.any-injury-on-a-plan",
    "the participants’ sheet": lambda kept: f"/exercises/{EXERCISE}/sheets/participants",
    "the facilitator’s sheet": lambda kept: f"/exercises/{EXERCISE}/sheets/facilitator?open=1",
    "the reveals": lambda kept: f"/exercises/{EXERCISE}/sheets/reveal?open=1",
}

_UNSEEN = """() => {
    const seen = element => element.checkVisibility(
        {contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true});
    const apart = 'form, .app-no-print, nav, button, .govuk-visually-hidden, [hidden], style';
    const walker = document.createTreeWalker(
        document.querySelector('main') || document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const words = walker.currentNode.textContent.trim();
        const here = walker.currentNode.parentElement;
        if (words && !here.closest(apart) && !seen(here)) { found.push(words); }
    }
    return found;
}"""

_SCREEN_ONLY = "header, footer, .govuk-back-link, .govuk-skip-link, .app-no-print, form, button"


@pytest.mark.parametrize("what", PRINTED)
def test_all_of_the_text_is_printed_and_nothing_else_of(
    what: str, scripted: Page, kept: Kept
) -> None:
    scripted.goto(PRINTED[what](kept))
    scripted.emulate_media(media="print")
    assert scripted.evaluate(_UNSEEN) == []
    for each in scripted.locator(_SCREEN_ONLY).all():
        if not what.endswith(("sheet", "reveals")):  # a sheet's own header is for paper
            assert not each.is_visible(), each.evaluate("here => here.outerHTML.slice(0, 120)")


@pytest.mark.parametrize("what", PRINTED)
def test_a_tagged_pdf_is_made_of(what: str, scripted: Page, kept: Kept) -> None:
    scripted.goto(PRINTED[what](kept))
    made = scripted.pdf(tagged=True, prefer_css_page_size=True)
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert b"/Lang (en" in made


def test_what_is_folded_on_the_screen_is_open_on_paper(scripted: Page, kept: Kept) -> None:
    scripted.goto(f"{kept.case}/advice")
    folded = scripted.locator("article details", has_text="Limits:").first
    assert not folded.get_by_text("Limits:").is_visible()
    scripted.emulate_media(media="print")
    assert folded.get_by_text("Limits:").is_visible()
    inside = folded.get_by_text("Limits:").bounding_box()
    around = folded.bounding_box()
    assert inside is not None and around is not None
    assert around["height"] > inside["height"] > 10
