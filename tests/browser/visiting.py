"""What somebody does in a browser, and what is kept before they come, for the browser tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
import yaml
from playwright.sync_api import APIResponse, ConsoleMessage, Dialog, Locator, Page, Request

WIDE, NARROW = 1280, 320
CASE_EXAMPLE, EXERCISE = "jack-2017-05-19", "somebody-new"
"""A shipped case with many prompts, and the exercise whose reveals are worked out fastest."""

MARKED: dict[str, object] = {
    "snapshot": {"id": "made-up-1", "as_of": "2026-03-02"},
    "referral": {"decision": "no_further_action"},
    "children": [
        {
            "id": "baby",
            "age": {"months": 4},
            "movement": {"walks": False, "crawls": False, "rolls": False},
            "injuries": [{"id": "cheek", "kind": "bruise"}],
        }
    ],
}
"""A case that raises prompts, and leaves questions to ask."""

_OURS = ("http://127.0.0.1:", "data:", "blob:")


@dataclass
class Watch:
    """Watches pages for what must never be: faults in the console, foreign requests, dialogs."""

    faults: list[str] = field(default_factory=list)

    def page(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._said)
        page.on("request", self._asked)
        page.on("dialog", self._dialog)

    def _said(self, message: ConsoleMessage) -> None:
        # An error page has its own status, which Chromium reports as a failed load.
        expected = "the server responded with a status of" in message.text
        if message.type == "error" and not expected:
            self.faults.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(_OURS):
            self.faults.append(f"a request to {request.url}")

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # the browser's own question before answers are lost
            dialog.accept()
        else:
            self.faults.append(f"a dialog: {dialog.message}")
            dialog.dismiss()


def sent(page: Page, path: str, **fields: str | int) -> APIResponse:
    """Send a form as a page of ours would, from outside the page; redirects are not followed."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    if page.url == "about:blank":
        page.goto("/accessibility")
        return sent(page, path, **fields)
    return page.request.post(path, form={**fields}, headers={"Origin": origin}, max_redirects=0)


def begun(page: Page, document: dict[str, Any]) -> str:
    """Keep a case with this document; its path."""
    answer = sent(page, "/cases/new", how="text", text=yaml.safe_dump(document))
    assert answer.status == 303, answer.text()
    return answer.headers["location"]


def begun_from(page: Page, example: str) -> str:
    """Keep a case from a shipped example; its path."""
    answer = sent(page, "/cases/new", how="example", example=example)
    assert answer.status == 303, answer.text()
    return answer.headers["location"]


def held(page: Page, case: str) -> dict[str, Any]:
    """The document of a case as it is kept now."""
    found: dict[str, Any] = page.request.get(f"{case}/snapshot.json").json()
    return found


def question(page: Page, words: str) -> Locator:
    """The group of controls, or the list, that answers a question."""
    group = page.get_by_role("group", name=words)
    return group.or_(page.get_by_role("combobox", name=words)).first


def chosen(page: Page, words: str, answer: str) -> None:
    """Choose an answer to a question, whether it has radios or a list."""
    asked = question(page, words)
    if asked.evaluate("here => here.localName") == "select":
        asked.select_option(label=answer)
    else:
        asked.get_by_label(answer, exact=True).check()


def opened(page: Page) -> None:
    """Open everything that can be opened on a page."""
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")


@dataclass(frozen=True)
class Kept:
    """What was kept before a test: the paths of a case, a blank one, a run and its groups."""

    case: str
    blank: str
    run: str
    groups: tuple[str, ...]
    questions: tuple[str, ...]
    """Every page of questions about the blank case, which has one entry in every list."""

    @classmethod
    def made(cls, site: str) -> Kept:
        """Keep it, by the forms of the application at an address."""
        with httpx2.Client(
            base_url=site, headers={"Origin": site}, trust_env=False, timeout=60
        ) as client:
            case = _posted(client, "/cases/new", how="example", example=CASE_EXAMPLE)
            blank = _posted(client, "/cases/new", how="form", children="1").partition("/sections")[
                0
            ]
            prompt = re.findall(r'name="prompt" value="([^"]+)"', client.get(f"{case}/advice").text)
            _posted(
                client, f"{case}/advice/respond",
                prompt=prompt[0], revision="1", answer="disagree", reason="A made-up reason",
            )  # fmt: skip
            run = _posted(
                client, f"/exercises/{EXERCISE}/runs",
                name="Tuesday morning", groups="Table 1\nTable 2",
            )  # fmt: skip
            groups = tuple(re.findall(r'href="(/groups/[^"]+)"', client.get(run).text))
            stage = client.get(f"{groups[0]}/stages/1").text
            options = re.findall(r'name="option" type="radio" value="([^"]+)"', stage)
            for group in groups:
                _posted(client, f"{group}/stages/1", option=options[0], reason="We would ask more.")
            _everything_added(client, blank)
            page = client.get(blank).text
            links = re.findall(r'href="(/cases/[^/"]+/(?:sections|about)/[^"]+)"', page)
        return cls(case, blank, run, groups, tuple(dict.fromkeys(links)))

    def question_page(self, part: str) -> str:
        """The first page of questions that has this part in its path."""
        return next(path for path in self.questions if f"/{part}/" in path)


_ENTRIES = {
    "children.child-1": ("injuries", "plans", "orders", "moves"),
    "adults.mother": ("history", "checks"),
    "": ("referral.checks", "events", "services", "meetings"),
}
_NAMED = {"injuries": "injury", "history": "history", "referral.checks": "check"}


def _everything_added(client: httpx2.Client, case: str) -> None:
    """Add an adult, and one entry to every list there is, so that each section is asked once."""
    _posted(client, f"{case}/entries/add", collection="adults", relation="mother:mother")
    for owner, collections in _ENTRIES.items():
        for name in collections:
            new = f"{_NAMED.get(name, name[:-1])}-1"
            _posted(client, f"{case}/entries/add", owner=owner, collection=name, id=new)


def _posted(client: httpx2.Client, path: str, **fields: str) -> str:
    answer = client.post(path, data=fields, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    location: str = answer.headers["location"]
    return location.partition("#")[0]
