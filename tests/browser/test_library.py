"""Reading the rules in a browser, with scripts and without."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_the_library_is_searched_and_a_rule_read_down_to_the_paragraph(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Open the library").click()
    page.get_by_label("Search rules, signals and findings").fill("bruise senior paediatric")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main mark").first).to_be_visible()
    page.locator("main a[href^='/rules/']").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    expect(page.get_by_role("heading", name="Where it comes from")).to_be_visible()
    page.locator("main dt a[href^='/reviews/']").first.click()
    finding = page.locator(":target")
    expect(finding).to_be_in_viewport()
    expect(finding.get_by_role("link", name=title)).to_be_visible()
    finding.get_by_role("link", name=title).click()
    page.locator("main a[href^='/signals/']").first.click()
    expect(page.get_by_role("heading", name="Yes where")).to_be_visible()


def test_the_rules_of_a_theme_and_an_urgency_are_picked_out(page: Page) -> None:
    page.goto("/rules")
    every = page.locator("main li a[href^='/rules/']").count()
    page.get_by_label("How soon").select_option("now")
    page.get_by_role("button", name="Show").click()
    shown = page.locator("main li a[href^='/rules/']").count()
    assert 0 < shown < every
    page.get_by_role("link", name="Show every rule").click()
    expect(page.locator("main li a[href^='/rules/']")).to_have_count(every)


def test_a_review_shows_how_far_its_findings_are_carried(page: Page) -> None:
    page.goto("/reviews")
    page.locator("main th a").first.click()
    expect(page.get_by_role("heading", name="How far each theme is carried")).to_be_visible()
    expect(page.get_by_role("heading", name="Decision points")).to_be_visible()


def test_what_changed_between_two_versions_is_read(page: Page) -> None:
    page.goto("/changes")
    versions = page.get_by_label("From version")
    oldest = versions.locator("option").first
    versions.select_option(str(oldest.get_attribute("value")))
    page.get_by_role("button", name="Compare").click()
    heading = page.get_by_role("heading", level=2).filter(has_text="From ")
    expect(heading).to_contain_text(oldest.inner_text())
    page.locator("main ul a[href^='#']").first.click()
    expect(page.locator(":target")).to_be_in_viewport()


def test_a_search_for_nothing_says_what_to_do(page: Page) -> None:
    page.goto("/search")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#q")).to_be_focused()
