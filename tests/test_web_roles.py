"""Who may open which page, once people sign in; and what an ended session loses: nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from advisor.pack import load
from advisor.store.tables import SessionRow
from advisor.web.app import AdvisorApp, create_app
from tests import oidc_provider
from tests.oidc_provider import PUBLIC, Provider, sign_in
from tests.pages import Page, Reader

Person = Callable[[str], Reader]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with oidc_provider.serving() as made:
        yield made


@pytest.fixture
def app(provider: Provider, small_pack: Path, tmp_path: Path) -> Iterator[AdvisorApp]:
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    made = create_app(load(small_pack), oidc_provider.settings(provider, database_url=url))
    yield made
    made.state.keeping.close()


def browser(app: AdvisorApp) -> TestClient:
    return TestClient(app, base_url=PUBLIC, headers={"Origin": PUBLIC})


@pytest.fixture
def person(app: AdvisorApp, provider: Provider) -> Person:
    """Makes somebody who is signed in, with a browser of their own."""

    def made(who: str) -> Reader:
        web = browser(app)
        sign_in(web, provider, who)
        return Reader(web)

    return made


def case_of(page: Page) -> str:
    return "/cases/" + page.url.partition("/cases/")[2].partition("/")[0]


def started(reader: Reader) -> Page:
    return reader.send(reader.open("/cases/new"), "Start", name="case-7")


@pytest.mark.parametrize(
    ("who", "may", "may_not"),
    [
        ("wanda", ["/", "/cases", "/cases/new", "/rules", "/search"], ["/exercises"]),
        ("tom", ["/exercises", "/exercises/somebody-new", "/rules"], ["/cases", "/cases/new"]),
        ("ada", ["/cases", "/reviews"], ["/cases/new", "/exercises"]),
        ("arthur", ["/rules", "/signals", "/changes"], ["/cases", "/exercises"]),
    ],
)
def test_each_role_opens_its_own_pages(
    person: Person, who: str, may: list[str], may_not: list[str]
) -> None:
    reader = person(who)
    assert {path: reader.open(path).status for path in may} == dict.fromkeys(may, 200)
    assert {path: reader.open(path).status for path in may_not} == dict.fromkeys(may_not, 403)
    shown = {href for _, href in reader.open("/").links}
    assert not shown & set(may_not)


def test_one_worker_cannot_see_the_case_of_another(person: Person) -> None:
    page = started(person("wanda"))
    walter = person("walter")
    assert "case-7" not in walter.open("/cases").text
    case = case_of(page)
    for path in ("", "/advice", "/record", "/record.json", "/snapshot.yaml", "/delete"):
        assert walter.open(f"{case}{path}").status == 404, path
    assert walter.client.post(f"{case}/delete").status_code == 404
    assert person("wanda").open(case).status == 200


def test_an_auditor_reads_every_record_and_changes_none(person: Person) -> None:
    case = case_of(started(person("wanda")))
    ada = person("ada")
    assert "case-7" in ada.open("/cases").text
    advice = ada.open(f"{case}/advice")
    assert advice.status == 200
    assert [form for form in advice.forms if form.action != "/sign-out"] == []
    assert ada.open(f"{case}/record").status == 200
    assert ada.open(f"{case}/snapshot.json").status == 200
    assert ada.open(case).status == 403
    assert ada.client.post(f"{case}/delete").status_code == 403
    assert ada.client.post(f"{case}/advice/respond", data={"answer": "x"}).status_code == 403


def test_the_link_of_a_group_needs_no_account_and_opens_nothing_else(
    app: AdvisorApp, person: Person
) -> None:
    tom = person("tom")
    exercise = tom.open("/exercises/somebody-new")
    run = tom.send(exercise, "Start", name="Tuesday", groups="Red")
    link = next(href for _, href in run.links if "/groups/" in href)
    guest = Reader(browser(app))
    group = guest.open(link)
    assert group.status == 200
    assert "Red" in group.text
    stage = guest.open(f"{link}/stages/1")
    option = stage.form("Keep").values("option")[0] if stage.forms else ""
    told = guest.send(stage, "Keep", option=option)
    assert told.status == 200
    assert "What was decided then" in told.headings
    for path in (run.url, "/exercises", "/cases", "/rules"):
        assert "/sign-in" in guest.open(path).url


def test_a_section_sent_after_the_session_ended_is_kept_and_taken_after_signing_in(
    app: AdvisorApp, person: Person, provider: Provider
) -> None:
    wanda = person("wanda")
    page = started(wanda)
    with app.state.keeping.stores.database.writing() as kept:
        for row in kept.scalars(select(SessionRow)):
            row.used_at -= dt.timedelta(minutes=61)
    asked = wanda.send(page, "Save and continue", answers={"referral.source": "school"})
    assert asked.url.startswith(f"{PUBLIC}/sign-in")
    held = asked.url.partition("then=")[2].replace("%2F", "/")
    sign_in(wanda.client, provider, "wanda", held)
    again = wanda.open(held)
    assert "What you entered is kept" in again.text
    done = wanda.send(again, "Continue")
    assert done.status == 200
    document = wanda.client.get(f"{case_of(page)}/snapshot.json").json()
    assert document["referral"]["source"] == "school"
