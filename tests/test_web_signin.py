"""Sign-in from end to end, with a provider on this machine."""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from advisor.pack import load
from advisor.problems import InputError
from advisor.store.tables import HeldFormRow, SessionRow
from advisor.web.app import AdvisorApp, create_app
from advisor.web.forms import form_of
from advisor.web.provider import user_in
from advisor.web.settings import ROLES, Settings
from advisor.web.signin import own_path
from advisor.web.visitors import ROLE_WORDS, require
from tests import oidc_provider
from tests.oidc_provider import FAULTS, PUBLIC, USERS, Provider, away, sign_in

HOST = "advisor.example"


@pytest.fixture(scope="module")
def serving() -> Iterator[Provider]:
    with oidc_provider.serving() as provider:
        yield provider


@pytest.fixture
def provider(serving: Provider) -> Provider:
    serving.reset()
    return serving


@pytest.fixture(scope="module")
def made() -> Iterator[list[AdvisorApp]]:
    """The one application of this module, once a test has needed it."""
    apps: list[AdvisorApp] = []
    yield apps
    for each in apps:
        each.state.keeping.close()


@pytest.fixture
def app(made: list[AdvisorApp], provider: Provider, small_pack: Path, tmp_path: Path) -> AdvisorApp:
    """The application, with nobody signed in and nothing held."""
    if not made:
        made.append(new_app(provider, small_pack, tmp_path))
        add_tries(made[0])
    with made[0].state.keeping.stores.database.writing() as kept:
        for table in (SessionRow, HeldFormRow):
            kept.execute(delete(table))
    return made[0]


def new_app(
    provider: Provider,
    pack: Path,
    folder: Path,
    *,
    public: str = PUBLIC,
    secret: str = oidc_provider.CLIENT_SECRET,
) -> AdvisorApp:
    url = f"sqlite:///{folder / 'kept.sqlite3'}"
    settings = oidc_provider.settings(provider, public=public, secret=secret, database_url=url)
    return create_app(load(pack), settings)


def add_tries(app: AdvisorApp) -> None:
    """A page for each role, and a form that says what it was sent."""

    @app.get("/try/{role}", include_in_schema=False)
    async def page_of_a_role(request: Request, role: str) -> Response:
        user = require(request, role)
        return JSONResponse({"id": user.id, "name": user.name, "roles": sorted(user.roles)})

    @app.post("/try/worker/form", include_in_schema=False)
    async def form_of_a_worker(request: Request) -> Response:
        require(request, "worker")
        return JSONResponse((await form_of(request)).pairs)


Browsing = Callable[[], TestClient]


@pytest.fixture
def browse(app: AdvisorApp) -> Browsing:
    """Makes browsers, each with cookies of its own, that follow nothing by themselves."""

    def made() -> TestClient:
        return TestClient(app, base_url=PUBLIC, headers={"Origin": PUBLIC}, follow_redirects=False)

    return made


@pytest.fixture
def web(browse: Browsing) -> TestClient:
    return browse()


def sessions(app: AdvisorApp) -> list[SessionRow]:
    with app.state.keeping.stores.database.reading() as kept:
        return list(kept.scalars(select(SessionRow)))


def pass_time(app: AdvisorApp, *, idle: int = 0, whole: int = 0) -> None:
    """Let minutes pass since each session was used last, or since it began."""
    with app.state.keeping.stores.database.writing() as kept:
        for row in kept.scalars(select(SessionRow)):
            row.used_at -= dt.timedelta(minutes=idle)
            row.created_at -= dt.timedelta(minutes=whole)


def ours(caplog: pytest.LogCaptureFixture) -> str:
    """What the application logged; the provider and the browser of these tests log too."""
    names = ("advisor", "authlib", "joserfc")
    return "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(names))


def cookie_of(answer: Any) -> list[str]:
    return [part.strip().lower() for part in answer.headers["set-cookie"].split(";")]


def test_the_provider_is_asked_with_a_challenge_a_state_and_a_nonce(
    web: TestClient, provider: Provider
) -> None:
    page = web.get("/sign-in")
    assert page.status_code == 200
    assert "Sign in with your organisation’s account" in page.text
    assert 'href="/sign-in/go"' in page.text
    sign_in(web, provider, "wanda")
    (asked,) = provider.asked
    assert asked["redirect_uri"] == f"{PUBLIC}/sign-in/back"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid profile"


@pytest.mark.parametrize(
    ("who", "role", "name"),
    [
        ("wanda", "worker", "Wanda Worker"),
        ("walter", "worker", "walter@council.example"),
        ("tom", "trainer", "Tom Trainer"),
        ("ada", "auditor", "Ada Auditor"),
        ("arthur", "author", "Arthur Author"),
    ],
)
def test_whoever_is_in_a_group_has_its_role_and_no_other(
    web: TestClient, provider: Provider, who: str, role: str, name: str
) -> None:
    answer = sign_in(web, provider, who, then=f"/try/{role}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/try/{role}")
    told = web.get(f"/try/{role}").json()
    assert (told["name"], told["roles"]) == (name, [role])
    for other in set(ROLES) - {role}:
        refused = web.get(f"/try/{other}")
        assert refused.status_code == 403
        assert f"does not have the role for this: {ROLE_WORDS[other]}." in refused.text


def test_roles_add_up(web: TestClient, provider: Provider) -> None:
    provider.users["both"] = {"name": "Bo Both", "roles": ["trainers", "auditors", "trainers"]}
    sign_in(web, provider, "both")
    assert web.get("/try/auditor").json()["roles"] == ["auditor", "trainer"]


@pytest.mark.parametrize("who", ["olive", "nobody"])
def test_somebody_without_a_role_stays_outside_and_is_told_whom_to_ask(
    app: AdvisorApp, web: TestClient, provider: Provider, who: str
) -> None:
    answer = sign_in(web, provider, who)
    assert answer.status_code == 403
    assert "You have no role here" in answer.text
    assert "Ask whoever looks after accounts at your organisation" in answer.text
    assert sessions(app) == []
    assert not list(web.cookies.jar)
    assert web.get("/try/worker").headers["location"].startswith("/sign-in")


def test_a_user_is_known_by_an_id_that_tells_nothing_and_outlives_their_name(
    browse: Browsing, provider: Provider
) -> None:
    ids = []
    for name in ("Wanda Worker", "Wanda Wedded"):
        provider.users["wanda"] = {**USERS["wanda"], "name": name}
        web = browse()
        sign_in(web, provider, "wanda")
        ids.append(web.get("/try/worker").json()["id"])
    provider.users["wanda"] = dict(USERS["wanda"])
    assert ids[0] == ids[1]
    assert "wanda" not in ids[0]
    web = browse()
    sign_in(web, provider, "walter")
    assert web.get("/try/worker").json()["id"] != ids[0]


def test_the_cookie_is_a_mark_for_this_host_that_no_script_and_no_other_site_can_use(
    web: TestClient, provider: Provider
) -> None:
    asked = web.get("/sign-in/go")
    given = sign_in(web, provider, "wanda")
    for answer in (asked, given):
        cookie = cookie_of(answer)
        assert cookie[0].startswith("__host-advisor=")
        assert {"httponly", "secure", "path=/", "samesite=lax"} == set(cookie[1:])
        assert len(answer.headers.get_list("set-cookie")) == 1
        held = answer.headers["set-cookie"]
        assert not any(secret in held for secret in [*provider.secrets, "wanda", "worker"])


def test_on_this_machine_without_https_the_cookie_has_its_plain_name(
    provider: Provider, small_pack: Path, tmp_path: Path
) -> None:
    public = "http://127.0.0.1:8000"
    app = new_app(provider, small_pack, tmp_path, public=public)
    with TestClient(app, base_url=public, follow_redirects=False) as web:
        cookie = cookie_of(sign_in(web, provider, "wanda"))
        assert cookie[0].startswith("advisor=")
        assert set(cookie[1:]) == {"httponly", "path=/", "samesite=lax"}
        assert web.get("/sign-in").headers["location"] == "/"


def test_a_page_leads_to_sign_in_and_back_to_itself(web: TestClient, provider: Provider) -> None:
    answer = web.get("/try/worker?a=1&b=%2Fc")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?then=/try/worker%3Fa%3D1%26b%3D%252Fc"
    page = web.get(answer.headers["location"])
    go = unescape(page.text.partition('href="/sign-in/go')[2].partition('"')[0])
    provider.chosen = "wanda"
    there = away(web.get(f"/sign-in/go{go}").headers["location"])
    back = web.get(there.headers["location"])
    assert back.headers["location"] == "/try/worker?a=1&b=%2Fc"
    assert web.get("/sign-in?then=/try/worker").headers["location"] == "/try/worker"


def test_a_program_is_told_to_sign_in_and_not_sent_to_a_page(
    web: TestClient, provider: Provider
) -> None:
    for answer in (web.get("/v1/rules"), web.post("/v1/advice", json={})):
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert "www-authenticate" in answer.headers
    sign_in(web, provider, "arthur")
    assert web.get("/v1/rules").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/help", "/accessibility", "/privacy", "/docs", "/healthz", "/openapi.json", "/sign-in"],
)
def test_pages_without_cases_are_open_to_everybody(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert 'href="/cases"' not in answer.text or path == "/"


def test_style_sheets_are_open_to_everybody(web: TestClient) -> None:
    assert web.get("/static/app.css").status_code == 200


def test_whether_a_page_exists_is_not_told_to_a_stranger(web: TestClient) -> None:
    for path in ("/cases/none", "/no-such-page", "/help/more"):
        assert web.get(path).headers["location"] == f"/sign-in?then={path}"
    assert web.get("/sign-in/other").headers["location"] == "/sign-in"


OPEN_REDIRECTS = [
    "https://elsewhere.example",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/%09/elsewhere.example".replace("%09", "\t"),
    "/\n/elsewhere.example",
    " /cases",
    "javascript:alert(1)",
    "elsewhere.example",
    "/..//elsewhere.example",
    "/a b",
    "/é",
    "/\x7f",
    "",
    "/sign-in/go",
    "/sign-out/provider",
    "/signed-out",
    "/" + "a" * 5000,
]


@pytest.mark.parametrize("then", OPEN_REDIRECTS)
def test_sign_in_leads_to_our_own_pages_only(
    browse: Browsing, provider: Provider, then: str
) -> None:
    web = browse()
    page = web.get("/sign-in", params={"then": then})
    assert 'href="/sign-in/go"' in page.text
    assert sign_in(web, provider, "wanda", then).headers["location"] == "/"
    assert web.get("/sign-in", params={"then": then}).headers["location"] == "/"
    assert web.get("/sign-in/go", params={"then": then}).headers["location"] == "/"


@pytest.mark.parametrize("path", ["/", "/cases/x", "/signals", "/cases/x?day=1", "/search?q=a%20b"])
def test_our_own_pages_are_gone_back_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sign_in_that_fails_is_one_plain_page_and_tells_no_secret(
    app: AdvisorApp,
    web: TestClient,
    provider: Provider,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.fault = fault
    answer = sign_in(web, provider, "wanda")
    assert answer.status_code in (400, 503)
    assert "Sign-in did not work" in answer.text
    assert "Try again" in answer.text
    assert [row.user_id for row in sessions(app)] == [None]
    assert web.get("/try/worker").status_code == 303
    told = [answer.text, *map(str, answer.headers.items()), ours(caplog)]
    for secret in [*provider.secrets, oidc_provider.CLIENT_SECRET, "Wanda"]:
        assert secret not in "\n".join(told)
    (record,) = [record for record in caplog.records if record.name == "advisor.web"]
    assert record.getMessage().startswith("sign-in did not work: ")
    provider.fault = ""
    assert sign_in(web, provider, "wanda").status_code == 303


def test_no_secret_of_a_sign_in_that_works_is_in_a_log_or_a_page(
    app: AdvisorApp, web: TestClient, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = sign_in(web, provider, "wanda")
    assert answer.status_code == 303
    given = [*provider.secrets, oidc_provider.CLIENT_SECRET]
    assert len(given) == 7
    told = [answer.text, ours(caplog), *(str(row.data) for row in sessions(app))]
    assert not any(secret in "\n".join(told) for secret in given)


@pytest.mark.parametrize("error", ["access_denied", "zzcanaryzz", "<b>"])
def test_what_a_callback_says_is_neither_shown_nor_logged_unless_it_is_an_error_of_oauth(
    web: TestClient, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    caplog.set_level(logging.DEBUG)
    params = {"error": error, "error_description": "zzcanaryzz", "state": "zzcanaryzz"}
    answer = web.get("/sign-in/back", params=params)
    assert answer.status_code == 400
    assert "zzcanaryzz" not in answer.text + ours(caplog)
    assert error not in answer.text
    assert (error in ours(caplog)) is (error == "access_denied")


def test_a_wrong_secret_of_ours_is_told_in_the_log(
    small_pack: Path, tmp_path: Path, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    app = new_app(provider, small_pack, tmp_path, secret="zz-wrong-zz")
    with TestClient(app, base_url=PUBLIC, follow_redirects=False) as web:
        answer = sign_in(web, provider, "wanda")
    assert answer.status_code == 400
    assert "sign-in did not work: OAuthError invalid_client" in ours(caplog)
    assert "zz-wrong-zz" not in answer.text + caplog.text


def test_a_provider_that_does_not_answer_is_told_in_a_page(
    small_pack: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = new_app(Provider(9), small_pack, tmp_path)  # nobody listens there
    with TestClient(app, base_url=PUBLIC, follow_redirects=False) as web:
        answer = web.get("/sign-in/go")
        assert answer.status_code == 503
        assert "Sign-in did not work" in answer.text
        assert "sign-in did not work: ConnectError" in ours(caplog)
        assert web.get("/signed-out").status_code == 200
        assert web.get("/sign-out/provider").headers["location"] == "/signed-out"


def test_a_provider_that_calls_itself_another_is_not_used(
    small_pack: Path, tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = new_app(provider, small_pack, tmp_path)
    monkeypatch.setattr(provider, "issuer", "http://127.0.0.1:1")
    with TestClient(app, base_url=PUBLIC, follow_redirects=False) as web:
        answer = web.get("/sign-in/go")
    assert (answer.status_code, "location" in answer.headers) == (503, False)


def test_a_new_key_of_the_provider_is_fetched(browse: Browsing, provider: Provider) -> None:
    assert sign_in(browse(), provider, "wanda").status_code == 303
    provider.rotate()
    assert sign_in(browse(), provider, "wanda").status_code == 303


def test_a_token_from_before_sign_in_is_not_signed_in_by_it(
    browse: Browsing, provider: Provider
) -> None:
    attacker, victim = browse(), browse()
    provider.chosen = "wanda"
    attacker.get("/sign-in/go")
    (planted,) = attacker.cookies.jar
    victim.cookies.set(planted.name, planted.value or "", domain=HOST)
    answer = sign_in(victim, provider, "wanda")
    assert answer.status_code == 303
    assert str(planted.value) not in answer.headers["set-cookie"]
    assert attacker.get("/try/worker").status_code == 303


def test_a_token_that_nobody_gave_is_not_taken_up(browse: Browsing, provider: Provider) -> None:
    web = browse()
    web.cookies.set("__Host-advisor", "mine", domain=HOST)
    assert web.get("/try/worker").status_code == 303
    assert "mine" not in sign_in(web, provider, "wanda").headers["set-cookie"]


def test_a_callback_counts_in_the_browser_only_that_went_out_for_it(
    browse: Browsing, provider: Provider
) -> None:
    provider.chosen = "tom"
    attacker, victim = browse(), browse()
    there = away(attacker.get("/sign-in/go").headers["location"])
    for before in (False, True):  # with and without a sign-in of their own under way
        if before:
            victim.get("/sign-in/go")
        assert victim.get(there.headers["location"]).status_code == 400
        assert victim.get("/try/trainer").status_code == 303


def test_a_callback_counts_once(browse: Browsing, provider: Provider) -> None:
    web = browse()
    provider.chosen = "wanda"
    there = away(web.get("/sign-in/go").headers["location"]).headers["location"]
    assert web.get(there).status_code == 303
    assert web.get(there).headers["location"] == "/"
    web.cookies.clear()
    assert web.get(there).status_code == 400


def test_a_callback_does_not_end_or_change_a_session(browse: Browsing, provider: Provider) -> None:
    web = browse()
    sign_in(web, provider, "wanda")
    assert web.get("/sign-in/back?error=access_denied").headers["location"] == "/"
    assert web.get("/try/worker").json()["name"] == "Wanda Worker"


def test_signing_out_ends_the_session_here_and_at_the_provider(
    app: AdvisorApp, browse: Browsing, provider: Provider
) -> None:
    web, thief = browse(), browse()
    sign_in(web, provider, "wanda")
    (cookie,) = web.cookies.jar
    thief.cookies.set(cookie.name, cookie.value or "", domain=HOST)
    assert thief.get("/try/worker").status_code == 200
    answer = web.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-out/provider")
    assert "max-age=0" in cookie_of(answer)
    assert (sessions(app), list(web.cookies.jar)) == ([], [])
    assert thief.get("/try/worker").status_code == 303
    page = web.get("/sign-out/provider")
    way = page.headers["refresh"].removeprefix("0; url=")
    assert f'href="{way}"' in unescape(page.text)
    assert away(way).headers["location"].startswith(f"{PUBLIC}/signed-out")
    (asked,) = provider.signed_out
    assert asked["client_id"] == oidc_provider.CLIENT_ID
    assert "id_token_hint" not in asked
    assert "You are signed out" in web.get("/signed-out").text


def test_signing_out_is_asked_for_by_our_own_pages_only(
    web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert web.post("/sign-out", headers=elsewhere).status_code == 403
    assert web.get("/sign-out").status_code == 405
    assert web.get("/try/worker").status_code == 200
    assert 'action="/sign-out"' in web.get("/").text


def test_where_the_provider_has_no_sign_out_ours_is_all_there_is(
    small_pack: Path, tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "has_way_out", False)
    app = new_app(provider, small_pack, tmp_path)
    with TestClient(app, base_url=PUBLIC, follow_redirects=False) as web:
        assert web.get("/sign-out/provider").headers["location"] == "/signed-out"


def test_a_session_is_over_after_an_hour_away(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=59)
    assert web.get("/try/worker").status_code == 200
    pass_time(app, idle=59)
    assert web.get("/try/worker").status_code == 200
    pass_time(app, idle=61)
    assert web.get("/try/worker").status_code == 303


def test_a_session_is_over_after_twelve_hours_however_busy(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, whole=12 * 60 - 1)
    assert web.get("/try/worker").status_code == 200
    pass_time(app, whole=2)
    assert web.get("/try/worker").status_code == 303


FIELDS = {"a": ["1", "2"], "b": "x < y & \"z\" 'é'\r\nnext", "empty": "", "a!note": "of <b>"}
PAIRS = [["a", "1"], ["a", "2"], ["b", "x < y & \"z\" 'é'\nnext"], ["empty", ""]]
PAIRS += [["a!note", "of <b>"]]


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden fields of a page, as a browser would send them."""
    found = []
    for each in page.split('<input type="hidden" name="')[1:]:
        name, _, rest = each.partition('" value="')
        found.append((unescape(name), unescape(rest.partition('">')[0])))
    return found


def sent_again(web: TestClient, page: Any) -> Any:
    """What the button of a held form sends."""
    action = page.text.partition('<form method="post" action="')[2].partition('"')[0]
    if 'action="/sign-out"' in page.text:
        forms = page.text.split('<form method="post" action="')[1:]
        action = next(each for each in forms if not each.startswith("/sign-out")).partition('"')[0]
    fields: dict[str, list[str]] = {}
    for name, value in hidden(page.text):
        fields.setdefault(name, []).append(value)
    return web.post(unescape(action), data=fields)


@pytest.mark.parametrize("gone", [{"idle": 61}, {"whole": 721}])
def test_a_form_that_is_sent_after_the_session_is_kept_for_the_same_user(
    app: AdvisorApp, web: TestClient, provider: Provider, gone: dict[str, int]
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, **gone)
    answer = web.post("/try/worker/form", data=FIELDS)
    assert answer.status_code == 303
    where = answer.headers["location"].removeprefix("/sign-in?then=")
    assert where.startswith("/held/")
    assert "What you entered is kept" in web.get(answer.headers["location"]).text
    assert sign_in(web, provider, "wanda", where).headers["location"] == where
    page = web.get(where)
    assert "You were signed out while you were away. What you entered is kept." in page.text
    assert sent_again(web, page).json() == PAIRS


def test_what_was_kept_of_an_upload_is_its_text(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    files = {"file": ("case.yaml", b"snapshot:\n  id: a\n", "application/yaml")}
    answer = web.post("/try/worker/form", data={"how": "file"}, files=files)
    where = answer.headers["location"].removeprefix("/sign-in?then=")
    sign_in(web, provider, "wanda", where)
    assert sent_again(web, web.get(where)).json() == [
        ["how", "file"],
        ["file", "snapshot:\n  id: a\n"],
        ["file!name", "case.yaml"],
    ]


def test_another_user_does_not_get_what_was_kept(
    app: AdvisorApp, browse: Browsing, provider: Provider
) -> None:
    web = browse()
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    where = web.post("/try/worker/form", data=FIELDS).headers["location"].partition("=")[2]
    for who in ("walter", "ada"):
        other = browse()
        sign_in(other, provider, who, where)
        answer = other.get(where)
        assert answer.status_code == 404
        assert "next" not in answer.text
    assert browse().get(where).headers["location"].startswith("/sign-in")
    sign_in(web, provider, "wanda", where)
    assert web.get(where).status_code == 200


def test_a_form_from_a_second_window_is_kept_while_the_first_signs_in(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    provider.chosen = "wanda"
    there = away(web.get("/sign-in/go").headers["location"]).headers["location"]
    answer = web.post("/try/worker/form", data=FIELDS)
    where = answer.headers["location"].removeprefix("/sign-in?then=")
    assert where.startswith("/held/")
    assert web.get(there).status_code == 303
    assert sent_again(web, web.get(where)).json() == PAIRS


def test_roles_are_asked_for_again_when_a_kept_form_is_sent(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    where = web.post("/try/worker/form", data=FIELDS).headers["location"].partition("=")[2]
    provider.users["wanda"] = {"name": "Wanda Worker", "roles": ["trainers"]}
    try:
        sign_in(web, provider, "wanda", where)
        assert sent_again(web, web.get(where)).status_code == 403
    finally:
        provider.users["wanda"] = dict(USERS["wanda"])


@pytest.mark.parametrize("path", ["/no-such-page", "/help", "//elsewhere.example/x"])
def test_a_form_for_no_page_of_ours_is_not_kept(
    app: AdvisorApp, web: TestClient, provider: Provider, path: str
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    answer = web.post(f"{PUBLIC}{path}", data=FIELDS)
    assert answer.status_code in (303, 405)
    assert "held" not in answer.headers.get("location", "")


def test_a_form_of_a_stranger_is_not_kept_and_they_are_told(web: TestClient) -> None:
    answer = web.post("/try/worker/form", data=FIELDS)
    assert answer.headers["location"] == "/sign-in?lost=1"
    assert "what you sent last was not done and is not kept" in web.get("/sign-in?lost=1").text


def test_a_form_that_is_too_large_to_keep_is_refused(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    assert web.post("/try/worker/form", data={"a": "x" * 9_000_000}).status_code == 413
    assert web.post("/try/worker/form", content=b"{}").status_code == 415


SENT = {
    "how": "text",
    "text": "snapshot: {id: zz-wandas, as_of: 2024-06-03}\nchildren: [{id: baby}]\n",
}


def test_a_case_is_seen_and_changed_by_whoever_began_it_and_read_by_an_auditor(
    browse: Browsing, provider: Provider
) -> None:
    wanda, walter, ada, tom = browse(), browse(), browse(), browse()
    for web, who in ((wanda, "wanda"), (walter, "walter"), (ada, "ada"), (tom, "tom")):
        sign_in(web, provider, who)
    where = wanda.post("/cases/new", data=SENT).headers["location"]
    assert where.startswith("/cases/")
    assert wanda.get(where).status_code == 200
    for web in (wanda, ada):
        assert "zz-wandas" in web.get("/cases").text
    assert "zz-wandas" not in walter.get("/cases").text
    assert tom.get("/cases").status_code == 403
    for web in (walter, ada, tom, browse()):
        for answer in (
            web.post(f"{where}/delete"),
            web.post("/cases/new", data=SENT) if web in (ada, tom) else web.get(where),
            web.get(where),
        ):
            assert answer.status_code in (303, 403, 404)
            assert "zz-wandas" not in answer.text
            assert not answer.headers.get("location", "/sign-in").startswith("/cases")
    assert wanda.get(where).status_code == 200


def test_a_case_that_was_sent_after_the_session_is_begun_after_signing_in_again(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    where = web.post("/cases/new", data=SENT).headers["location"].partition("=")[2]
    assert where.startswith("/held/")
    sign_in(web, provider, "wanda", where)
    begun = sent_again(web, web.get(where))
    assert "zz-wandas" in web.get(begun.headers["location"]).text


def test_a_kept_form_is_still_there_when_its_page_is_loaded_again(
    app: AdvisorApp, web: TestClient, provider: Provider
) -> None:
    sign_in(web, provider, "wanda")
    pass_time(app, idle=61)
    where = web.post("/try/worker/form", data=FIELDS).headers["location"].partition("=")[2]
    sign_in(web, provider, "wanda", where)
    pages = [web.get(where) for _ in range(3)]
    assert {page.status_code for page in pages} == {200}
    assert sent_again(web, pages[2]).json() == PAIRS


@pytest.mark.parametrize(
    ("claim", "claims", "roles"),
    [
        ("roles", {"roles": ["mash-workers"]}, {"worker"}),
        ("roles", {"roles": "mash-workers"}, {"worker"}),
        ("roles", {"roles": "mash-workers trainers"}, set()),
        ("roles", {"roles": {"mash-workers": True}}, set()),
        ("roles", {"roles": [["mash-workers"], 1, None]}, set()),
        ("roles", {"groups": ["mash-workers"]}, set()),
        ("realm_access.roles", {"realm_access": {"roles": ["trainers"]}}, {"trainer"}),
        ("realm_access.roles", {"realm_access": ["trainers"]}, set()),
        ("https://a.example/roles", {"https://a.example/roles": ["authors"]}, {"author"}),
    ],
)
def test_the_claim_for_roles_may_be_a_list_a_text_or_inside_another(
    provider: Provider, claim: str, claims: dict[str, Any], roles: set[str]
) -> None:
    chosen = oidc_provider.settings(provider).sign_in
    assert chosen is not None
    named = type(chosen)(chosen.issuer, "id", "secret", claim, chosen.roles)
    assert user_in({"iss": "i", "sub": "s", **claims}, named).roles == roles


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({}, ""),
        ({"name": ""}, ""),
        ({"name": ["Ann"]}, ""),
        ({"name": "Ann\x1b[2J\u202e O’Neil"}, "Ann[2J O’Neil"),
        ({"name": "a" * 500}, "a" * 100),
        ({"preferred_username": "ann"}, "ann"),
    ],
)
def test_a_name_is_shown_without_what_cannot_be_seen(
    provider: Provider, claims: dict[str, Any], name: str
) -> None:
    chosen = oidc_provider.settings(provider).sign_in
    assert chosen is not None
    assert user_in({"iss": "i", "sub": "s", **claims}, chosen).name == name


def test_the_same_subject_of_two_providers_is_two_users(provider: Provider) -> None:
    chosen = oidc_provider.settings(provider).sign_in
    assert chosen is not None
    ids = {user_in({"iss": iss, "sub": "s"}, chosen).id for iss in ("one", "two")}
    assert len(ids) == 2


def test_without_sign_in_there_are_no_such_pages(small_pack: Path) -> None:
    local = TestClient(
        create_app(load(small_pack), Settings()),
        base_url="http://127.0.0.1",
        client=("127.0.0.1", 1),
        headers={"Origin": "http://127.0.0.1"},
    )
    paths = ("/sign-in", "/sign-in/go", "/sign-in/back", "/sign-out/provider", "/signed-out")
    assert {local.get(path).status_code for path in paths} == {404}
    assert local.post("/sign-out").status_code == 404


def test_without_the_libraries_for_sign_in_it_is_told_at_the_start(
    provider: Provider, small_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "authlib.integrations.starlette_client", None)
    with pytest.raises(InputError, match=r"install referral-triage-advisor\[sso\]"):
        create_app(load(small_pack), oidc_provider.settings(provider))
    create_app(load(small_pack), Settings())


def test_without_sign_in_its_libraries_are_not_loaded() -> None:
    code = "import sys, advisor.web.app; sys.exit('authlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_address_of_a_sign_in_under_way_is_made_of_the_public_one(
    web: TestClient, provider: Provider
) -> None:
    answer = web.get("/sign-in/go", headers={"X-Forwarded-Host": "elsewhere.example"})
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{PUBLIC}/sign-in/back"]
    refused = web.get("/sign-in/go", headers={"Host": "elsewhere.example"})
    assert refused.status_code == 403
