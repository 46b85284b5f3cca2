"""Text that would do harm if a page took it for more than text, in every field of every form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import too_wide
from tests.browser.visiting import EXERCISE, MARKED, NARROW, Kept, begun, opened, sent

HOSTILE = "\"><script>alert(1)</script><img src=//x.example onerror=alert()>'{{7*191}}😀"
"""As much as fits into the shortest field that takes any text, which is 80 characters."""

LONG = HOSTILE + " " + "w" * 300 + " \u202eright to left\u202c &lt;b&gt;"

_TEXT = "input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea"


def forms(page: Page) -> int:
    """How many forms of a page have a field for text."""
    return page.locator("main form").filter(has=page.locator(_TEXT)).count()


def filled_and_sent(page: Page, number: int) -> None:
    """Put the text into every such field of one form, and send it by its first button."""
    opened(page)
    form = page.locator("main form").filter(has=page.locator(_TEXT)).nth(number)
    for box in form.locator(_TEXT).all():
        box.fill(HOSTILE)
    form.get_by_role("button").first.click()
    page.wait_for_load_state()


def only_text(page: Page) -> None:
    """The text stands on the page as it was typed, and nothing of it became an element."""
    assert page.locator("img, script:not([src])").count() == 0
    shown = page.evaluate(
        """() => {
            const boxes = [...document.querySelectorAll('input, textarea')];
            return [document.body.textContent, ...boxes.map(each => each.value)].join('\\n');
        }"""
    )
    assert HOSTILE in shown
    assert "1337" not in shown


PATHS: dict[str, Callable[[Kept], str]] = {
    "starting a check": lambda kept: "/cases/new",
    "a section": lambda kept: kept.question_page("this-check"),
    "a person": lambda kept: kept.question_page("about"),
    "advice": lambda kept: f"{kept.blank}/advice",
    "an exercise": lambda kept: f"/exercises/{EXERCISE}",
    "a stage": lambda kept: f"{kept.groups[0]}/stages/2",
    "rules": lambda kept: "/rules",
    "search": lambda kept: "/search",
}


@pytest.mark.parametrize("where", PATHS)
def test_hostile_text_stays_text_in_every_field_of(where: str, scripted: Page, kept: Kept) -> None:
    scripted.goto(PATHS[where](kept))
    for number in range(min(forms(scripted), 3)):
        scripted.goto(PATHS[where](kept))
        filled_and_sent(scripted, number)
        only_text(scripted)


def test_hostile_text_that_is_kept_with_a_case_stays_text_wherever_it_is_shown(
    narrow: Page,
) -> None:
    case = begun(narrow, MARKED)
    narrow.goto(case)
    narrow.get_by_role("link", name="The referral and the decision").click()
    opened(narrow)
    form = narrow.locator("form[data-app-unsaved]")
    form.get_by_label("Note").last.fill(LONG)
    form.get_by_role("button", name="Save and go to all sections").click()
    narrow.goto(f"{case}/advice")
    prompt = narrow.locator("article").first
    prompt.get_by_label("Awaiting").check()
    opened(narrow)
    prompt.get_by_label("Reason").fill(LONG)
    prompt.get_by_role("textbox", name="Whose answer").fill(HOSTILE)
    for part, value in (("Day", "4"), ("Month", "3"), ("Year", "2026")):
        prompt.get_by_label(part).fill(value)
    prompt.get_by_role("button", name="Save this answer").click()
    expect(prompt).to_contain_text("right to left")
    for path in ("/advice", "/record"):
        narrow.goto(case + path)
        opened(narrow)
        only_text(narrow)
        assert too_wide(narrow) == 0
    narrow.goto(case)
    narrow.get_by_role("link", name="The referral and the decision").click()
    only_text(narrow)
    assert LONG in narrow.get_by_label("Note").last.input_value()
    narrow.goto(f"{case}/record.txt")
    assert HOSTILE in " ".join(narrow.locator("body").inner_text().split())


def test_hostile_text_that_is_kept_with_a_run_stays_text_wherever_it_is_shown(
    narrow: Page,
) -> None:
    narrow.goto(f"/exercises/{EXERCISE}")
    narrow.get_by_label("A name for this run").fill(HOSTILE)
    narrow.get_by_label("Groups, one on each line").fill(f"{HOSTILE}\n{'w' * 80}")
    narrow.get_by_role("button", name="Start the run").click()
    run = narrow.url
    group = str(narrow.get_by_role("row").nth(1).get_by_role("link").get_attribute("href"))
    narrow.goto(f"{group}/stages/1")
    narrow.get_by_role("radio").first.check()
    narrow.get_by_label("Why?").fill(LONG.replace("\u202e", "").replace("\u202c", ""))
    narrow.get_by_role("button", name="Keep this decision").click()
    for path in (
        run, f"{run}?all=1", f"{run}/delete", "/exercises", group,
        f"{group}/stages/1", f"{group}/stages/1/reveal", f"{group}/stages/2",
    ):  # fmt: skip
        narrow.goto(path)
        opened(narrow)
        only_text(narrow)
        assert too_wide(narrow) == 0, path


def test_characters_that_nobody_can_see_are_refused(scripted: Page, kept: Kept) -> None:
    case = begun(scripted, MARKED)
    scripted.goto(f"{case}/advice")
    prompt = str(scripted.locator("input[name=prompt]").first.get_attribute("value"))
    stage = f"{kept.groups[1]}/stages/2"
    scripted.goto(stage)
    option = str(scripted.locator("input[name=option]").first.get_attribute("value"))
    for path, fields in (
        ("/cases/new", {"how": "text", "text": "snapshot: {id: a\0}"}),
        ("/cases/new", {"how": "form", "children": "1", "name": "a\0b"}),
        (f"{case}/advice/respond", {"prompt": prompt, "answer": "disagree", "reason": "a\0b"}),
        (f"/exercises/{EXERCISE}/runs", {"name": "a\0b"}),
        (f"{kept.run}/groups", {"name": "a\0b"}),
        (stage, {"option": option, "reason": "a\0b"}),
    ):
        assert sent(scripted, path, **fields).status == 422, path


def test_a_note_with_characters_that_nobody_can_see_is_refused(scripted: Page) -> None:
    case = begun(scripted, MARKED)
    scripted.goto(case)
    scripted.locator("main a[href*='/sections/']").first.click()
    name = str(scripted.locator("textarea[name$='!note']").first.get_attribute("name"))
    fact = name.partition("!")[0]
    path = scripted.url.partition("#")[0].removeprefix(scripted.url.partition("/cases")[0])
    fields = {fact: "!not_known", name: "a\0b", "revision": "1"}
    assert sent(scripted, path, **fields).status == 422


def test_long_words_do_not_widen_a_page(narrow: Page) -> None:
    narrow.set_viewport_size({"width": NARROW, "height": 900})
    narrow.goto(f"/search?q={'w' * 150}")
    assert too_wide(narrow) == 0
    narrow.goto(f"/{'w' * 300}")
    assert too_wide(narrow) == 0
