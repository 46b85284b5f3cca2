"""Running an exercise in a browser, with scripts and without."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.visiting import EXERCISE


def started(page: Page, groups: str) -> str:
    """Start a run of the shortest exercise from the start page; its address."""
    page.goto("/")
    page.get_by_role("link", name="Choose an exercise").click()
    page.locator(f"a[href='/exercises/{EXERCISE}']").click()
    page.get_by_label("A name for this run").fill("Tuesday morning")
    page.get_by_label("Groups, one on each line").fill(groups)
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday morning")
    return page.url


def decided(page: Page, option: int, reason: str) -> None:
    """Decide the stage that is open, and come to its reveal."""
    page.get_by_role("group", name="What do you decide?").get_by_role("radio").nth(option).check()
    page.get_by_label("Why?").fill(reason)
    page.get_by_role("button", name="Keep this decision").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("the reveal")


def test_two_groups_run_an_exercise_to_its_end_and_are_compared(page: Page) -> None:
    run = started(page, "Table 1\nTable 2")
    for number, name in enumerate(("Table 1", "Table 2")):
        page.goto(run)
        page.get_by_role("row", name=name).get_by_role("link").click()
        expect(page.get_by_role("heading", name="Before you begin")).to_be_visible()
        page.get_by_role("button", name="Begin with stage 1").click()
        for stage in range(1, 5):
            expect(page.get_by_role("heading", level=1)).to_contain_text(f"Stage {stage} of 4")
            assert page.get_by_text("What was decided then").count() == 0
            decided(page, number, f"{name} went by stage {stage}.")
            expect(page.get_by_text(f"{name} went by stage {stage}.")).to_be_visible()
            expect(page.get_by_role("heading", name="What was decided then")).to_be_visible()
            if stage < 4:
                page.get_by_role("button", name=f"Go on to stage {stage + 1}").click()
        page.get_by_role("button", name="Back to your first page").click()
        expect(page.locator("main")).to_contain_text("You have decided every stage.")
    page.goto(run)
    expect(page.get_by_text("All stages decided")).to_have_count(2)
    for stage in range(1, 5):
        table = page.get_by_role("region", name=f"Decisions at stage {stage}")
        expect(table).to_contain_text(f"Table 1 went by stage {stage}.")
        expect(table).to_contain_text(f"Table 2 went by stage {stage}.")


def test_what_only_one_group_has_decided_is_not_compared_unless_asked_for(page: Page) -> None:
    run = started(page, "Table 1\nTable 2")
    page.get_by_role("row", name="Table 1").get_by_role("link").click()
    page.get_by_role("button", name="Begin with stage 1").click()
    decided(page, 0, "Only ours.")
    page.goto(run)
    expect(page.get_by_text("Only ours.")).to_have_count(0)
    page.get_by_role("link", name="Show what some groups have decided already").click()
    expect(page.get_by_text("Only ours.")).to_be_visible()


def test_a_hand_sees_what_only_it_holds_and_comes_back(page: Page) -> None:
    started(page, "")
    page.get_by_role("row", name="Everyone").get_by_role("link").click()
    page.get_by_role("button", name="Begin with stage 1").click()
    page.get_by_role("link", name="Nursery", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What only you hold: Nursery")
    page.get_by_role("link", name="Back to stage 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stage 1 of 4")


def test_a_stage_that_is_not_open_yet_leads_to_the_one_that_is(page: Page) -> None:
    started(page, "")
    page.get_by_role("row", name="Everyone").get_by_role("link").click()
    group = page.url
    for path in ("/stages/3", "/stages/1/reveal"):
        page.goto(group + path)
        assert page.url == f"{group}/stages/1"


def test_a_run_is_deleted_and_its_links_stop_working(page: Page) -> None:
    started(page, "")
    link = page.get_by_role("row", name="Everyone").get_by_role("link").get_attribute("href")
    page.get_by_role("link", name="Delete this run").click()
    page.get_by_role("button", name="Delete this run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Exercises")
    assert page.request.get(str(link)).status == 404
