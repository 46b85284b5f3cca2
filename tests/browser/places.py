"""Every page of the application, and every state of a page that looks different, for axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from playwright.sync_api import Page

from advisor.web.app import AdvisorApp
from tests.browser.visiting import EXERCISE, MARKED, Kept, begun, begun_from, sent

Reach = Callable[[Page, Kept], None]


@dataclass(frozen=True)
class Place:
    """A page in one state: of which route, what it is called here, and how to come to it."""

    name: str
    route: str
    status: int
    reach: Reach

    def holds(self, address: str) -> bool:
        """Whether an address is one of the route."""
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", self.route)
        return re.fullmatch(pattern, urlsplit(address).path) is not None


PLACES: list[Place] = []


def _simply(route: str, name: str, path: Callable[[Kept], str], status: int = 200) -> None:
    def reach(page: Page, kept: Kept) -> None:
        page.goto(path(kept))

    PLACES.append(Place(name, route, status, reach))


def _by(route: str, status: int) -> Callable[[Reach], Reach]:
    """The page to which a function leads; its name says what is to be seen."""

    def added(reach: Reach) -> Reach:
        PLACES.append(Place(reach.__name__.strip("_").replace("_", " "), route, status, reach))
        return reach

    return added


def _always(*paths: str) -> None:
    for path in paths:
        _simply(path, path, partial(_itself, path))


def _itself(path: str, kept: Kept) -> str:
    return path


_always("/", "/cases", "/cases/new", "/exercises", "/rules", "/signals", "/reviews", "/search")
_always("/changes", "/help", "/accessibility", "/privacy", "/docs")

# Cases --------------------------------------------------------------------------------------------

CASE, SECTION = "/cases/{case}", "/cases/{case}/sections/{section}/{marked}"
_simply(CASE, "tasks of an example", lambda kept: kept.case)
_simply(CASE, "tasks with every entry", lambda kept: kept.blank)
_simply(CASE, "tasks after saving", lambda kept: f"{kept.blank}?said=saved")
_simply(f"{CASE}/delete", "deleting a case", lambda kept: f"{kept.case}/delete")
_simply("/cases", "cases after deleting one", lambda kept: "/cases?deleted=1")
_simply(SECTION, "a section", lambda kept: kept.question_page("this-check"))
_simply(f"{CASE}/about/{{marked}}", "about a child", lambda kept: kept.question_page("about"))


@_by(f"{CASE}/entries/{{marked}}/remove", 200)
def _removing_an_adult(page: Page, kept: Kept) -> None:
    page.goto(kept.blank)
    page.get_by_role("link", name="Remove The mother").first.click()


@_by("/cases/new", 422)
def _starting_with_faults(page: Page, kept: Kept) -> None:
    page.goto("/cases/new")
    page.get_by_label("How many children").fill("none")
    page.get_by_label("Your name for this check").fill("Jane Doe")
    page.get_by_label("Day", exact=True).fill("45")
    page.get_by_label("Authority").fill("No!")
    page.get_by_role("button", name="Start", exact=True).click()


@_by("/cases/new", 422)
def _pasting_with_faults(page: Page, kept: Kept) -> None:
    page.goto("/cases/new")
    page.get_by_text("Paste a snapshot").click()
    page.get_by_label("Snapshot, as YAML").fill("snapshot: {id: a, as_of: soon}\nchildren: 3\n")
    page.get_by_role("button", name="Use this").click()


@_by("/cases/new", 422)
def _choosing_no_example(page: Page, kept: Kept) -> None:
    page.goto("/cases/new")
    page.get_by_text("Start from an example").click()
    page.get_by_role("button", name="Start from this").click()


@_by(SECTION, 422)
def _a_section_with_faults(page: Page, kept: Kept) -> None:
    page.goto(kept.question_page("this-check"))
    for box in page.get_by_label("Day", exact=True).all():
        box.fill("99")
    page.get_by_role("button", name="Save and continue").click()


@_by(SECTION, 409)
def _a_section_answered_elsewhere(page: Page, kept: Kept) -> None:
    case = begun(page, {"snapshot": {"id": "a", "as_of": "2026-03-02"}, "children": [{"id": "b"}]})
    page.goto(case)
    page.locator("main a[href*='/sections/']").first.click()
    first = page.locator("input[type=radio]").first
    name, value = str(first.get_attribute("name")), str(first.get_attribute("value"))
    answer = {name: value, "revision": "1"}
    assert sent(page, urlsplit(page.url).path, **answer).status == 303
    page.locator(f"input[name='{name}']").nth(1).check()
    page.get_by_role("button", name="Save and continue").click()


# Advice -------------------------------------------------------------------------------------------

ADVICE = f"{CASE}/advice"
_simply(ADVICE, "advice", lambda kept: f"{kept.case}/advice")
_simply(ADVICE, "advice with every prompt", lambda kept: f"{kept.case}/advice?show=all")
_simply(ADVICE, "advice with little entered", lambda kept: f"{kept.blank}/advice")
_simply(f"{CASE}/record", "record", lambda kept: f"{kept.case}/record")


@_by(ADVICE, 200)
def _advice_after_a_question(page: Page, kept: Kept) -> None:
    page.goto(f"{begun_from(page, 'noise-upstairs')}/advice")
    question = page.locator("#ask-next").locator("..").locator("form").first
    question.locator("input[type=radio]").first.check()
    question.get_by_role("button").click()


@_by(f"{CASE}/advice/answer", 422)
def _a_question_with_nothing_chosen(page: Page, kept: Kept) -> None:
    page.goto(f"{begun(page, MARKED)}/advice")
    page.get_by_role("button", name="Save and see what changes").first.click()


@_by(f"{CASE}/advice/answer", 409)
def _a_question_answered_elsewhere(page: Page, kept: Kept) -> None:
    case = begun_from(page, "noise-upstairs")
    page.goto(f"{case}/advice")
    form = (
        page.locator("form[action$='/advice/answer']")
        .filter(has=page.locator("input[type=radio]"))
        .first
    )
    values = form.locator("input[type=radio]")
    name = str(values.first.get_attribute("name"))
    question = str(form.locator("input[name=question]").get_attribute("value"))
    first = {name: str(values.nth(0).get_attribute("value"))}
    assert sent(page, f"{case}/advice/answer", question=question, revision=1, **first).status == 303
    values.nth(1).check()
    form.get_by_role("button").click()


@_by(f"{CASE}/advice/respond", 422)
def _an_answer_to_a_prompt_with_faults(page: Page, kept: Kept) -> None:
    page.goto(f"{begun(page, MARKED)}/advice")
    form = page.locator("form[action$='/advice/respond']").first
    form.get_by_label("Awaiting").check()
    form.get_by_role("button", name="Save this answer").click()


# Exercises ----------------------------------------------------------------------------------------

GROUP, RUN = "/groups/{code}", "/runs/{code}"
SHEET = "/exercises/{name}/sheets/{which}"
_simply("/exercises/{name}", "an exercise", lambda kept: f"/exercises/{EXERCISE}")
for _which in ("participants", "facilitator", "reveal"):
    _path = f"/exercises/{EXERCISE}/sheets/{_which}?open=1"
    _simply(SHEET, f"sheet {_which}", partial(_itself, _path))
_simply(SHEET, "before a sheet", lambda kept: f"/exercises/{EXERCISE}/sheets/facilitator")
_simply(RUN, "a run", lambda kept: kept.run)
_simply(RUN, "a run with all", lambda kept: f"{kept.run}?all=1")
_simply(f"{RUN}/delete", "deleting a run", lambda kept: f"{kept.run}/delete")
_simply(GROUP, "a group", lambda kept: kept.groups[0])
_simply(f"{GROUP}/stages/{{number}}", "an open stage", lambda kept: f"{kept.groups[0]}/stages/2")
_simply(f"{GROUP}/stages/{{number}}", "a decided stage", lambda kept: f"{kept.groups[0]}/stages/1")
_simply(f"{GROUP}/stages/{{number}}", "a hand", lambda kept: f"{kept.groups[0]}/stages/2?hand=1")


@_by(f"{GROUP}/stages/{{number}}/reveal", 200)
def _a_reveal(page: Page, kept: Kept) -> None:
    page.goto(f"{kept.groups[0]}/stages/1/reveal")
    page.locator(".picture-region").wait_for()


@_by(f"{GROUP}/stages/{{number}}", 422)
def _a_stage_with_faults(page: Page, kept: Kept) -> None:
    page.goto(f"{kept.groups[0]}/stages/2")
    page.get_by_role("button", name="Keep this decision").click()


@_by("/exercises/{name}/runs", 422)
def _a_run_with_faults(page: Page, kept: Kept) -> None:
    page.goto(f"/exercises/{EXERCISE}")
    page.get_by_label("Groups, one on each line").fill("Table 1\nTable 1")
    page.get_by_role("button", name="Start the run").click()


@_by("/runs/{code}/groups", 422)
def _a_group_without_a_name(page: Page, kept: Kept) -> None:
    page.goto(kept.run)
    page.get_by_role("button", name="Add the group").click()


@_by(f"{GROUP}/stages/{{number}}", 409)
def _a_stage_decided_elsewhere(page: Page, kept: Kept) -> None:
    made = sent(page, f"/exercises/{EXERCISE}/runs", name="Once", groups="").headers["location"]
    page.goto(made)
    page.get_by_role("link", name="/groups/").click()
    page.get_by_role("button", name="Begin").or_(page.get_by_role("link", name="Begin")).click()
    options = page.locator("input[name=option]")
    first = str(options.first.get_attribute("value"))
    assert sent(page, urlsplit(page.url).path, option=first, reason="One.").status == 303
    options.nth(1).check()
    page.get_by_role("button", name="Keep this decision").click()


# Library ------------------------------------------------------------------------------------------

_RULE, _REVIEW = "non-mobile-injury.any-injury-on-a-plan", "jack"
_simply("/rules", "rules of a theme", lambda kept: "/rules?theme=non-mobile-injury")
_simply("/rules/{name}", "a rule", lambda kept: f"/rules/{_RULE}")
_simply("/reviews/{name}", "a review", lambda kept: f"/reviews/{_REVIEW}")
_simply("/search", "search with results", lambda kept: "/search?q=bruise")
_simply("/search", "search without results", lambda kept: "/search?q=zebra")
_simply("/search", "search with a fault", lambda kept: "/search?q=", 422)


@_by("/signals/{name}", 200)
def _a_signal(page: Page, kept: Kept) -> None:
    page.goto("/signals")
    page.locator("main a[href^='/signals/']").first.click()


# Errors -------------------------------------------------------------------------------------------

_simply("/{anything}", "no such page", lambda kept: "/nowhere", 404)
_simply(CASE, "no such case", lambda kept: "/cases/AAAAAAAAAAAAAAAAAAAAAA", 404)
_simply("/rules/{name}", "no such rule", lambda kept: f"/rules/{_RULE}s", 404)
_simply(RUN, "no such run", lambda kept: "/runs/AAAAAAAAAAAAAAAAAAAAAA", 404)
_simply(GROUP, "no such group", lambda kept: "/groups/AAAAAAAAAAAAAAAAAAAAAA", 404)
_simply("/sign-in", "no sign-in", lambda kept: "/sign-in", 404)
_simply("/runs/{code}/groups", "not a page", lambda kept: f"{kept.run}/groups", 405)

NOT_PAGES = frozenset(
    {
        "/healthz",
        "/openapi.json",
        "/static/{name:path}",
        "/library/progress.json",
        f"{GROUP}/stages/{{number}}/progress",
        f"{CASE}/snapshot.yaml",
        f"{CASE}/snapshot.json",
        f"{CASE}/record.txt",
        f"{CASE}/record.json",
    }
)
"""What can be fetched and is not HTML."""

ELSEWHERE = frozenset(
    {
        "/sign-in",
        "/sign-in/go",
        "/sign-in/back",
        "/sign-out/provider",
        "/signed-out",
        "/held/{name}",
    }
)
"""The pages of sign-in, which only an application with sign-in has."""


def routes(app: AdvisorApp) -> set[str]:
    """The path of every route of an application that a browser may get, but the API's."""
    found: set[str] = set()
    rest = list(app.routes)
    while rest:
        route = rest.pop()
        inner = getattr(route, "original_router", None)
        if inner is not None:
            rest += inner.routes
        elif "GET" in (getattr(route, "methods", None) or ()):
            found.add(str(getattr(route, "path", "")))
    return {path for path in found if not path.startswith("/v1/")}
