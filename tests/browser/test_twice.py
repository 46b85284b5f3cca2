"""What is sent twice, gone back to, or done in two tabs at once: nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.visiting import EXERCISE, MARKED, begun, begun_from, chosen, held, sent

PARALLEL = 4


def at_once(site: str, path: str, fields: dict[str, str]) -> list[int]:
    """Send the same form several times at once; the status of each answer."""

    def send(_: int) -> int:
        with httpx2.Client(base_url=site, headers={"Origin": site}, trust_env=False) as client:
            return client.post(path, data=fields, follow_redirects=False).status_code

    with ThreadPoolExecutor(PARALLEL) as pool:
        return list(pool.map(send, range(PARALLEL)))


def test_going_back_after_saving_shows_the_page_and_sends_nothing(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.goto("/cases/new")
    page.get_by_role("button", name="Start", exact=True).click()
    first = page.url
    page.get_by_label("Which decision is proposed?").select_option(label="Early help")
    page.get_by_role("button", name="Save and continue").click()
    assert len(posts) == 2
    page.go_back()
    assert page.url == first
    expect(page.get_by_label("Which decision is proposed?")).to_have_value("early_help")
    page.go_forward()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is in the family")
    assert len(posts) == 2


def test_going_back_to_a_question_that_was_answered_says_so_and_changes_nothing(
    page: Page,
) -> None:
    case = begun(page, MARKED)
    page.goto(f"{case}/advice")
    form = page.locator(".app-question form").filter(has=page.get_by_role("radio")).first
    form.get_by_role("radio").first.check()
    form.get_by_role("button").click()
    after = held(page, case)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prompts for this case")
    assert held(page, case) == after


def test_a_double_click_begins_one_case(scripted: Page) -> None:
    scripted.goto("/cases/new")
    scripted.get_by_label("Your name for this check").fill("clicked-twice")
    scripted.get_by_role("button", name="Start", exact=True).dblclick()
    expect(scripted.get_by_role("heading", level=1)).to_have_text("The referral and the decision")
    scripted.goto("/cases")
    expect(scripted.get_by_role("link", name="clicked-twice", exact=True)).to_have_count(1)


def test_a_double_click_keeps_one_answer(page: Page) -> None:
    case = begun(page, MARKED)
    page.goto(f"{case}/advice")
    prompt = page.locator("article").first
    prompt.get_by_label("Already done").check()
    prompt.get_by_role("button", name="Save this answer").dblclick()
    expect(prompt).to_contain_text("Change your answer")
    answers = page.request.get(f"{case}/record.json").json()
    assert str(answers).count("already_done") == 1


def test_a_double_click_adds_one_adult(page: Page) -> None:
    case = begun(page, MARKED)
    page.goto(case)
    page.get_by_role("button", name="Add this adult").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("About")
    adults = held(page, case)["adults"]
    assert len(adults["items"] if isinstance(adults, dict) else adults) == 1


def _answer(page: Page) -> tuple[str, dict[str, str]]:
    case = begun(page, MARKED)
    page.goto(f"{case}/advice")
    prompt = str(page.locator("input[name=prompt]").first.get_attribute("value"))
    return f"{case}/advice/respond", {"prompt": prompt, "revision": "1", "answer": "addressed"}


def _adult(page: Page) -> tuple[str, dict[str, str]]:
    fields = {"collection": "adults", "relation": "father:father"}
    return f"{begun(page, MARKED)}/entries/add", fields


def _decision(page: Page) -> tuple[str, dict[str, str]]:
    page.goto(sent(page, f"/exercises/{EXERCISE}/runs", name="Once").headers["location"])
    page.get_by_role("row", name="Everyone").get_by_role("link").click()
    page.goto(f"{page.url}/stages/1")
    option = str(page.locator("input[name=option]").first.get_attribute("value"))
    return page.url, {"option": option, "reason": "Once."}


@pytest.mark.parametrize("form", [_answer, _adult, _decision])
def test_a_form_sent_several_times_at_once_is_done_once(
    scripted: Page, site: str, form: Callable[[Page], tuple[str, dict[str, str]]]
) -> None:
    path, fields = form(scripted)
    assert at_once(site, path, fields) == [303] * PARALLEL
    case = path.rpartition("/advice")[0] or path.rpartition("/entries")[0]
    if "/advice" in path:
        assert scripted.request.get(f"{case}/record.json").text().count('"addressed"') == 1
    elif "/entries" in path:
        assert scripted.request.get(f"{case}/snapshot.json").text().count('"father"') == 2
    else:
        scripted.goto(path)
        expect(scripted.get_by_text("Once.")).to_have_count(1)


def test_two_tabs_that_answer_different_questions_both_count(page: Page) -> None:
    case = begun(page, MARKED)
    page.goto(case)
    page.get_by_role("region", name="Baby").get_by_role("link", name="Main questions").click()
    with page.context.new_page() as other:
        other.goto(page.url)
        chosen(other, "live in the household", "Yes")
        other.get_by_role("button", name="Save and continue").click()
        chosen(page, "sit without support", "No")
        page.get_by_role("button", name="Save and continue").click()
    baby = held(page, case)["children"][0]
    assert (baby["lives_in_household"], baby["movement"]["sits"]) == (True, False)


def test_two_tabs_that_answer_one_question_differently_are_asked_which_is_right(
    page: Page,
) -> None:
    case = begun(page, MARKED)
    page.goto(case)
    page.get_by_role("region", name="Baby").get_by_role("link", name="Main questions").click()
    with page.context.new_page() as other:
        other.goto(page.url)
        chosen(other, "sit without support", "Yes")
        other.get_by_role("button", name="Save and continue").click()
    chosen(page, "sit without support", "No")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("answered elsewhere: yes")
    assert held(page, case)["children"][0]["movement"]["sits"] is True
    page.get_by_role("button", name="Save and continue").click()
    assert held(page, case)["children"][0]["movement"]["sits"] is False


def test_a_tab_on_a_case_that_was_deleted_in_another_says_so(page: Page) -> None:
    case = begun_from(page, "noise-upstairs")
    page.goto(case)
    page.locator("main a[href*='/sections/']").first.click()
    assert sent(page, f"{case}/delete").status == 303
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("main")).to_contain_text("There is no such check here")


def test_a_browser_warns_before_answers_that_were_not_saved_are_left(scripted: Page) -> None:
    asked: list[str] = []
    scripted.on("dialog", lambda dialog: asked.append(dialog.type))
    scripted.goto("/cases/new")
    scripted.get_by_role("button", name="Start", exact=True).click()
    scripted.get_by_label("Which decision is proposed?").select_option(label="Early help")
    scripted.get_by_role("link", name="All sections").click()
    expect(scripted.get_by_role("button", name="See the advice")).to_be_visible()
    assert asked == ["beforeunload"]
