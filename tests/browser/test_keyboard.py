"""The keyboard alone: everything is reached, in order, and what has the focus can be seen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.visiting import MARKED, begun

MOST = 400
"""More stops than any page here has."""

_FOCUSED = """() => {
    const here = document.activeElement;
    if (!here || here === document.body || here === document.documentElement) { return null; }
    const style = getComputedStyle(here), box = here.getBoundingClientRect();
    const beside = here.matches('.govuk-radios__input, .govuk-checkboxes__input')
        ? getComputedStyle(here.nextElementSibling, '::before') : style;
    const words = (here.labels && here.labels.length ? here.labels[0] : here).textContent;
    return {
        words: words.replace(/\\s+/g, ' ').trim(),
        tag: here.localName,
        name: here.getAttribute('name') || '',
        value: here.value || '',
        seen: beside.boxShadow !== 'none' || (style.outlineStyle !== 'none'
            && style.outlineWidth !== '0px' && style.outlineColor !== 'rgba(0, 0, 0, 0)'),
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


def stop(page: Page) -> dict[str, Any] | None:
    """What has the focus now; None if nothing has."""
    found: dict[str, Any] | None = page.evaluate(_FOCUSED)
    return found


def to(page: Page, words: str, *, tag: str = "", value: str = "") -> None:
    """Press Tab until what begins with these words has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = stop(page)
        if here is None:
            continue
        assert here["seen"], f"the focus cannot be seen on {here}"
        assert here["inside"], f"the focus is outside of the window on {here}"
        if (
            here["words"].startswith(words)
            and tag in ("", here["tag"])
            and value in ("", here["value"])
        ):
            return
    raise AssertionError(f"Tab never came to {words!r}")


def pressed(page: Page, words: str, *keys: str, tag: str = "") -> None:
    """Go to something and press keys on it."""
    to(page, words, tag=tag)
    for key in keys:
        page.keyboard.press(key)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_decision_is_checked_and_a_prompt_answered_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    to(page, "Choose an exercise")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    heading(page, "Your checks")
    pressed(page, "Start a check", "Enter")
    heading(page, "Start a check")
    to(page, "How many children")
    page.keyboard.type("1")
    pressed(page, "Yes", "Space")
    page.keyboard.press("Enter")  # in a control of a form it sends the form

    heading(page, "The referral and the decision")
    to(page, "Which decision is proposed?")
    page.keyboard.type("No further")
    pressed(page, "Save and continue", "Enter")
    heading(page, "Who is in the family")
    pressed(page, "Save and continue", "Space")
    heading(page, "About Child 1")
    to(page, "Date of birth", tag="input")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert (stop(page) or {})["words"] == "Age"
    while not (stop(page) or {"name": ""})["name"].endswith("!number"):
        page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.type("Months")
    pressed(page, "There is one or more", "Space")
    pressed(page, "Yes", "ArrowDown")  # does the child walk: No
    pressed(page, "Save and continue", "Enter")
    expect(page.get_by_label("What kind of injury")).to_be_visible()
    to(page, "What kind of injury")
    page.keyboard.type("Bruise")
    pressed(page, "Save and see the advice", "Enter")

    heading(page, "Prompts for this case")
    pressed(page, "Addressed", "Space", tag="input")
    pressed(page, "Save this answer", "Enter")
    expect(page.locator("article").first).to_contain_text("Addressed")


def test_the_skip_link_comes_first_and_leads_past_the_menu(page: Page) -> None:
    page.goto("/rules")
    page.keyboard.press("Tab")
    assert (stop(page) or {})["words"] == "Skip to main content"
    expect(page.locator(".govuk-skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
    assert inside


def test_tab_goes_through_a_whole_page_and_out_of_it_again(scripted: Page) -> None:
    scripted.goto(f"{begun(scripted, MARKED)}/advice")
    stops: list[tuple[str, str, str]] = []
    for _ in range(MOST):
        scripted.keyboard.press("Tab")
        here = stop(scripted)
        if here is None:
            break
        assert here["seen"] and here["inside"], here
        stops.append((here["tag"], here["words"], here["name"]))
    assert stops[0][1] == "Skip to main content"
    assert stops[-1][1] == "For programs"
    assert {"a", "input", "textarea", "button", "summary"} <= {tag for tag, _, _ in stops}


def test_what_is_folded_is_opened_with_enter_and_with_space(page: Page) -> None:
    page.goto(f"{begun(page, MARKED)}/advice")
    to(page, "Source: ", tag="summary")
    source = page.locator("article details", has_text="Source: ").first
    page.keyboard.press("Enter")
    expect(source).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(source).not_to_have_attribute("open", "")


def test_after_an_error_the_summary_has_the_focus_and_leads_to_the_field(scripted: Page) -> None:
    scripted.goto("/cases/new")
    to(scripted, "How many children")
    scripted.keyboard.type("no")
    scripted.keyboard.press("Enter")
    expect(scripted.locator(".govuk-error-summary")).to_be_focused()
    scripted.keyboard.press("Tab")
    scripted.keyboard.press("Enter")
    expect(scripted.locator("#children")).to_be_focused()


def test_the_menu_of_a_narrow_page_opens_with_the_keyboard(narrow: Page) -> None:
    narrow.goto("/help")
    pressed(narrow, "Menu", "Enter")
    expect(narrow.get_by_role("link", name="Exercises")).to_be_visible()
    pressed(narrow, "Exercises", "Enter")
    heading(narrow, "Exercises")
