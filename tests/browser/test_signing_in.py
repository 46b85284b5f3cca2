"""Sign-in in a browser: its pages, and what becomes of work when a session is over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from advisor.store.keeping import utcnow
from advisor.store.tables import SessionRow
from advisor.web.app import AdvisorApp
from tests.browser.places import ELSEWHERE
from tests.browser.test_every_page import faults
from tests.browser.visiting import EXERCISE, held, opened
from tests.oidc_provider import Provider

Guarded = tuple[str, AdvisorApp]


def signed_in(page: Page, who: str, path: str = "/sign-in") -> None:
    """Sign in as a user of the provider, from any page that asks for it."""
    page.goto(path)
    page.get_by_role("button", name="Sign in with your organisation’s account").click()
    page.get_by_role("link", name=who, exact=True).click()


def let_expire(app: AdvisorApp) -> None:
    """Make every session as old as if its user had been away for a while."""
    database = app.state.keeping.stores.database
    long_ago = utcnow() - dt.timedelta(hours=2)
    with database.writing() as session:
        session.execute(update(SessionRow).values(used_at=long_ago))


def test_a_page_that_needs_sign_in_is_come_back_to_after_it(signing_in: Page) -> None:
    signed_in(signing_in, "wanda", "/cases/new")
    expect(signing_in.get_by_role("heading", level=1)).to_have_text("Start a check")
    signing_in.get_by_role("button", name="Sign out").click()
    expect(signing_in.get_by_role("heading", level=1)).to_have_text("You are signed out")
    signing_in.go_back()
    signing_in.goto("/cases")
    expect(signing_in.get_by_role("heading", level=1)).to_have_text("Sign in")


def answered_after_expiry(page: Page, app: AdvisorApp) -> str:
    """Begin a case, fill a page of it in, and send it when the session is over; the case."""
    signed_in(page, "wanda", "/cases/new")
    page.get_by_role("button", name="Start", exact=True).click()
    case = re.sub(r"/sections/.*", "", page.url)
    page.get_by_label("Which decision is proposed?").select_option(label="Early help")
    page.get_by_role("checkbox", name="Neglect").check()
    let_expire(app)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator("main")).to_contain_text("What you entered is kept")
    return case


def test_what_was_entered_before_a_session_ended_is_not_lost(
    signing_in: Page, guarded: Guarded
) -> None:
    case = answered_after_expiry(signing_in, guarded[1])
    signing_in.get_by_role("button", name="Sign in with your organisation’s account").click()
    signing_in.get_by_role("link", name="wanda", exact=True).click()
    expect(signing_in.get_by_role("heading", level=1)).to_have_text("What you entered is kept")
    signing_in.reload()
    signing_in.get_by_role("button", name="Continue").click()
    expect(signing_in.get_by_role("heading", level=1)).to_have_text("Who is in the family")
    referral = held(signing_in, case)["referral"]
    assert referral["decision"] == "early_help"
    assert referral["reports"]["items"] == ["neglect"]


def test_what_somebody_else_had_entered_is_not_shown(signing_in: Page, guarded: Guarded) -> None:
    case = answered_after_expiry(signing_in, guarded[1])
    signing_in.get_by_role("button", name="Sign in with your organisation’s account").click()
    signing_in.get_by_role("link", name="walter", exact=True).click()
    expect(signing_in.locator("main")).to_contain_text("Nothing is kept here for you")
    assert signing_in.request.get(case).status == 404


def test_a_group_decides_by_its_link_without_an_account(signing_in: Page) -> None:
    signed_in(signing_in, "tom", f"/exercises/{EXERCISE}")
    signing_in.get_by_label("A name for this run").fill("Tuesday morning")
    signing_in.get_by_role("button", name="Start the run").click()
    run = signing_in.url
    link = signing_in.get_by_role("row", name="Everyone").get_by_role("link")
    group = str(link.get_attribute("href"))
    signing_in.context.clear_cookies()
    signing_in.goto(f"{group}/stages/1")
    signing_in.get_by_role("radio").first.check()
    signing_in.get_by_role("button", name="Keep this decision").click()
    expect(signing_in.get_by_role("heading", level=1)).to_contain_text("the reveal")
    for path in (run, "/exercises", "/cases"):
        signing_in.goto(path)
        expect(signing_in.get_by_role("heading", level=1)).to_have_text("Sign in")


def _lost(page: Page, provider: Provider, app: AdvisorApp) -> None:
    page.goto("/sign-in?lost=1")


def _kept(page: Page, provider: Provider, app: AdvisorApp) -> None:
    answered_after_expiry(page, app)


def _held(page: Page, provider: Provider, app: AdvisorApp) -> None:
    answered_after_expiry(page, app)
    page.get_by_role("button", name="Sign in with your organisation’s account").click()
    page.get_by_role("link", name="wanda", exact=True).click()


def _failed(page: Page, provider: Provider, app: AdvisorApp) -> None:
    provider.fault = "denied"
    try:
        signed_in(page, "wanda")
    finally:
        provider.fault = ""


def _no_role(page: Page, provider: Provider, app: AdvisorApp) -> None:
    signed_in(page, "nobody")


def _leaving(page: Page, provider: Provider, app: AdvisorApp) -> None:
    signed_in(page, "wanda")
    # The way on to the provider is not answered, so that the page stays.
    page.route(re.compile("/end"), lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-out/provider")


def _signed_out(page: Page, provider: Provider, app: AdvisorApp) -> None:
    page.goto("/signed-out")


def _forbidden(page: Page, provider: Provider, app: AdvisorApp) -> None:
    signed_in(page, "tom", "/cases")


def _records(page: Page, provider: Provider, app: AdvisorApp) -> None:
    signed_in(page, "wanda", "/cases/new")
    page.get_by_role("button", name="Start", exact=True).click()
    case = re.sub(r"/sections/.*", "", page.url)
    page.context.clear_cookies()
    signed_in(page, "ada", "/cases")
    page.goto(f"{case}/advice")


PAGES: dict[str, tuple[str, Callable[[Page, Provider, AdvisorApp], None]]] = {
    "sign-in after a form was lost": ("/sign-in", _lost),
    "sign-in after a form was kept": ("/sign-in", _kept),
    "the form that was kept": ("/held/{name}", _held),
    "a sign-in that failed": ("/sign-in/back", _failed),
    "a user without a role": ("/sign-in/back", _no_role),
    "leaving": ("/sign-out/provider", _leaving),
    "signed out": ("/signed-out", _signed_out),
    "a page for another role": ("/cases", _forbidden),
    "advice for an auditor": ("/cases/{case}/advice", _records),
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wrong_with(
    name: str, signing_in: Page, guarded: Guarded, provider: Provider
) -> None:
    route, reach = PAGES[name]
    reach(signing_in, provider, guarded[1])
    # The last step may be a click, after which the page is still on its way.
    there = re.escape(guarded[0]) + re.sub(r"\{[^}]+\}", "[^/]+", route) + r"(\?.*)?"
    signing_in.wait_for_url(re.compile(f"^{there}$"), wait_until="load")
    expect(signing_in.locator("h1")).to_have_count(1)
    opened(signing_in)
    assert faults(signing_in) == {}


def test_every_page_of_sign_in_has_been_looked_at() -> None:
    only_leads_on = {"/sign-in/go"}
    assert ELSEWHERE - {route for route, _ in PAGES.values()} == only_leads_on
