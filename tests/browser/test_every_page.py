"""Every page in every state: accessible, as wide as the screen, and readable with larger text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response, expect

from advisor.web.app import AdvisorApp
from tests.browser.axe import examined, too_wide
from tests.browser.places import ELSEWHERE, NOT_PAGES, PLACES, Place, routes
from tests.browser.visiting import NARROW, WIDE, Kept, opened

_LEADS_NOWHERE = """() => {
    const named = name => [...document.querySelectorAll(`[${name}]`)]
        .flatMap(each => each.getAttribute(name).trim().split(/\\s+/));
    const links = named('href').filter(each => each.startsWith('#')).map(each => each.slice(1));
    const ids = [...links, ...named('for'), ...named('aria-describedby'),
                 ...named('aria-labelledby'), ...named('aria-controls')];
    return ids.filter(id => !document.getElementById(id));
}"""


def faults(page: Page) -> dict[str, object]:
    """What is wrong with a page at either width and with larger text; empty if nothing is."""
    found: dict[str, object] = {}
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        found[f"axe at {width}"] = examined(page).violations
        found[f"sideways at {width}"] = too_wide(page)
    # 1280 pixels at 200 % zoom are 640; then the text alone at twice its usual size.
    page.set_viewport_size({"width": WIDE // 2, "height": 900})
    found["sideways at 200 % zoom"] = too_wide(page)
    page.set_viewport_size({"width": WIDE, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
    found["sideways with text at 200 %"] = too_wide(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    session.detach()
    found["leads nowhere"] = page.evaluate(_LEADS_NOWHERE)
    return {what: fault for what, fault in found.items() if fault}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_nothing_is_wrong_with(place: Place, reused: Page, kept: Kept) -> None:
    answers: list[int] = []

    def answered(said: Response) -> None:
        if said.request.is_navigation_request():
            answers.append(said.status)

    reused.on("response", answered)
    place.reach(reused, kept)
    reused.wait_for_load_state("load")
    reused.remove_listener("response", answered)
    assert place.holds(reused.url), reused.url
    assert answers[-1] == place.status
    expect(reused.locator("h1")).to_have_count(1)
    summary = reused.locator(".govuk-error-summary")
    assert reused.title().startswith("Error: ") == bool(summary.count())
    opened(reused)
    assert faults(reused) == {}


# What is folded beside each question is the same on every one of these pages.
def test_nothing_is_wrong_with_any_page_of_questions(reused: Page, kept: Kept) -> None:
    found = {}
    for path in kept.questions:
        reused.goto(path)
        assert reused.locator("h1").count() == 1
        found[path] = faults(reused)
    assert len(found) > 40
    assert {path: what for path, what in found.items() if what} == {}


def test_every_page_that_there_is_has_been_looked_at(application: AdvisorApp) -> None:
    looked_at = {place.route for place in PLACES if place.status == 200}
    assert routes(application) - looked_at - NOT_PAGES - ELSEWHERE == set()


def test_what_is_named_as_no_page_is_none(scripted: Page, kept: Kept) -> None:
    values = {
        "{case}": kept.case.rpartition("/")[2],
        "{code}": kept.groups[0].rpartition("/")[2],
        "{number}": "1",
        "{name:path}": "app.css",
    }
    scripted.goto("/accessibility")
    for path in NOT_PAGES:
        for name, value in values.items():
            path = path.replace(name, value)  # noqa: PLW2901 - one path, filled in part by part
        answer = scripted.request.get(path)
        assert answer.status == 200, path
        assert not answer.headers["content-type"].startswith("text/html"), path
