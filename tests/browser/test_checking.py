"""Checking a decision in a browser, with scripts and without: every step from start to record."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.browser.visiting import MARKED, begun, begun_from, chosen, held, question


def saved(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def case_of(page: Page) -> str:
    found = re.search(r"/cases/[^/?#]+", page.url)
    assert found is not None
    return found[0]


def test_a_decision_is_checked_from_the_start_page_to_its_prompts(page: Page) -> None:
    page.goto("/")
    page.locator("main").get_by_role("link", name="Check a decision").click()
    page.get_by_role("button", name="Start a check").click()
    page.get_by_label("How many children").fill("1")
    chosen(page, "Is that every child", "Yes")
    page.get_by_label("Your name for this check").fill("made-up-7")
    page.get_by_role("button", name="Start", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The referral and the decision")
    chosen(page, "Which decision is proposed?", "No further action")
    page.get_by_role("checkbox", name="Injury or mark").check()
    saved(page)
    page.get_by_role("checkbox", name="Mother", exact=True).check()
    saved(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("About Child 1")
    born = question(page, "When was Child 1 born")
    born.get_by_role("radio", name="Age").check()
    born.get_by_role("textbox", name="Age").fill("4")
    born.get_by_label("Unit").select_option(label="Months")
    for words in ("walk without help", "crawl or shuffle", "roll over"):
        chosen(page, words, "No")
    chosen(page, "any bruise, mark", "There is one or more, to be added next")
    saved(page)
    chosen(page, "What kind of injury", "Bruise")
    saved(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("About the mother")
    chosen(page, "Where does the mother live", "In the household")
    saved(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Prompts for this case")
    expect(page.get_by_role("heading", level=3).first).to_contain_text("senior paediatric opinion")
    document = held(page, case_of(page))
    assert document["referral"]["decision"] == "no_further_action"
    child = document["children"][0] if isinstance(document["children"], list) else None
    child = child or document["children"]["items"][0]
    assert (child["movement"]["walks"], "sits" in child["movement"]) == (False, False)


def test_a_prompt_is_answered_and_the_record_holds_the_answer(page: Page) -> None:
    case = begun(page, MARKED)
    page.goto(f"{case}/advice")
    prompt = page.locator("article").first
    title = prompt.get_by_role("heading").inner_text()
    prompt.get_by_label("We disagree").check()
    prompt.get_by_role("button", name="Save this answer").click()
    # Nothing is lost where the reason is missing.
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There is a problem")
    expect(prompt.get_by_label("We disagree")).to_be_checked()
    alert.get_by_role("link").click()
    expect(page.locator(":focus")).to_have_attribute("name", "reason")
    prompt.get_by_label("Reason").fill("Seen at birth, and on the record.")
    prompt.get_by_role("button", name="Save this answer").click()
    expect(page).to_have_url(re.compile(r"/advice#prompt-\w+$"))
    expect(prompt).to_contain_text("Seen at birth, and on the record.")

    page.get_by_role("link", name="Record for the case file").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator("article", has_text=title).first).to_contain_text("Seen at birth")
    plain = page.request.get(f"{case}/record.txt").text()
    words = " ".join(plain.split())
    assert title in words
    assert "Seen at birth, and on the record." in words
    page.get_by_role("link", name="Back to the prompts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prompts for this case")


def test_an_answer_that_is_awaited_says_whose_it_is_and_by_when(page: Page) -> None:
    page.goto(f"{begun(page, MARKED)}/advice")
    prompt = page.locator("article").first
    prompt.get_by_label("Awaiting").check()
    prompt.get_by_text("If awaiting").click()
    prompt.get_by_role("textbox", name="Whose answer").fill("duty paediatrician")
    for part, value in (("Day", "4"), ("Month", "3"), ("Year", "2026")):
        prompt.get_by_label(part).fill(value)
    prompt.get_by_role("button", name="Save this answer").click()
    expect(prompt).to_contain_text("duty paediatrician")
    expect(prompt).to_contain_text("4 March 2026")


def test_a_question_is_answered_in_place_and_what_changed_is_told(page: Page) -> None:
    case = begun(page, MARKED)
    page.goto(f"{case}/advice")
    form = page.locator(".app-question form").filter(has=page.get_by_role("radio")).first
    words = form.get_by_role("group").first.locator("legend").inner_text()
    form.get_by_role("radio").first.check()
    form.get_by_role("button", name="Save and see what changes").click()
    expect(page).to_have_url(re.compile(r"/advice\?since=1#what-changed$"))
    told = page.get_by_role("region", name="What changed")
    expect(told).to_be_in_viewport()
    expect(told.get_by_role("listitem").first).to_be_visible()
    asked = page.locator("#ask-next").locator("xpath=..").get_by_role("group", name=words)
    expect(asked).to_have_count(0)
    page.get_by_role("link", name="Record for the case file").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ecord")


def test_a_case_is_come_back_to_and_changed(page: Page) -> None:
    case = begun(page, MARKED)
    page.goto("/cases")
    page.get_by_role("row", name="made-up-1").get_by_role("link", name="made-up-1").first.click()
    page.get_by_role("region", name="Baby").get_by_role("link", name="Main questions").click()
    walks = question(page, "walk without help")
    expect(walks.get_by_label("No", exact=True)).to_be_checked()
    walks.get_by_label("Not known").check()
    page.get_by_role("button", name="Save and go to all sections").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answers are kept")
    items = held(page, case_of(page))["children"]
    assert items[0]["movement"]["walks"] == {"unknown": "asked_not_known"}
    assert case


def test_a_snapshot_is_pasted(page: Page) -> None:
    page.goto("/cases/new")
    page.get_by_text("Paste a snapshot").click()
    page.get_by_label("Snapshot, as YAML or JSON").fill(yaml.safe_dump(MARKED))
    page.get_by_role("button", name="Use this").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("made-up-1")


def test_a_snapshot_that_cannot_be_used_is_shown_with_its_faults_by_line(page: Page) -> None:
    page.goto("/cases/new")
    page.get_by_text("Paste a snapshot").click()
    text = "snapshot: {id: a, as_of: 2026-03-02}\nchildren:\n- {id: b, shoes: 2}"
    page.get_by_label("Snapshot, as YAML or JSON").fill(text)
    page.get_by_role("button", name="Use this").click()
    expect(page.get_by_role("alert")).to_contain_text("This snapshot cannot be used")
    expect(page.get_by_text("Line 3")).to_contain_text("shoes")
    assert page.get_by_label("Snapshot, as YAML or JSON").input_value() == text


@pytest.mark.parametrize(
    ("name", "write"), [("case.json", json.dumps), ("case.yaml", yaml.safe_dump)]
)
def test_a_snapshot_is_sent_as_a_file(page: Page, name: str, write: object) -> None:
    assert callable(write)
    page.goto("/cases/new")
    page.get_by_text("Paste a snapshot").click()
    page.get_by_label("Or choose a file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": write(MARKED).encode()}
    )
    page.get_by_role("button", name="Use this").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("made-up-1")


def test_a_check_begins_from_an_example(page: Page) -> None:
    page.goto("/cases/new")
    page.get_by_text("Start from an example").click()
    page.get_by_label("Example", exact=True).select_option("noise-upstairs")
    page.get_by_role("button", name="Start from this").click()
    page.get_by_role("button", name="See the advice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prompts for this case")
    expect(page.locator("main")).to_contain_text("No prompt is raised. That is not reassurance")


def test_an_adult_is_added_from_the_list(page: Page) -> None:
    case = begun(page, MARKED)
    page.goto(case)
    page.get_by_label("An adult: who are they").select_option(label="Father")
    page.get_by_role("button", name="Add this adult").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("About the father")
    page.get_by_role("link", name="All sections").click()
    expect(page.get_by_role("region", name="The father")).to_be_visible()


def test_a_child_is_removed_with_what_mentions_them(page: Page) -> None:
    children = [{"id": "elder"}, {"id": "baby"}]
    about = {"referral": {"about": ["baby"]}, "children": children}
    case = begun(page, {**MARKED, **about})
    page.goto(case)
    page.get_by_role("link", name="Remove The baby").click()
    expect(page.locator("main")).to_contain_text("This goes with it")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("alert")).to_contain_text("removed")
    assert "baby" not in json.dumps(held(page, case))


def test_a_case_is_deleted_with_all_that_was_kept_of_it(page: Page) -> None:
    case = begun_from(page, "noise-upstairs")
    page.goto(case)
    page.get_by_role("link", name="delete it").click()
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="delete it").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("alert")).to_contain_text("deleted")
    for path in ("", "/advice", "/record", "/record.txt", "/snapshot.json"):
        assert page.request.get(f"{case}{path}").status == 404
