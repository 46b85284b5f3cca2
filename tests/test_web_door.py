from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from advisor.web.door import Door
from advisor.web.settings import Settings, SignIn

PUBLIC = "https://advisor.example"
SIGN_IN = SignIn(
    issuer="https://login.example",
    client_id="client",
    client_secret="secret",
    claim="roles",
    roles={"worker": frozenset({"mash"})},
)
SHARED = Settings(public_url=PUBLIC, sign_in=SIGN_IN)


async def done(request: Request) -> Response:
    return PlainTextResponse("done")


def behind(settings: Settings, client: str = "127.0.0.1") -> TestClient:
    """A browser on some machine, and an application that does whatever the door lets in."""
    methods = ["GET", "POST", "PUT", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", done, methods=methods)])
    app.state.settings = settings
    app.add_middleware(Door, settings=settings)
    return TestClient(app, client=(client, 50000), base_url="http://nothing.example")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST"])
def test_without_sign_in_this_machine_is_served_under_its_own_names(host: str) -> None:
    assert behind(Settings()).get("/cases", headers={"Host": host}).text == "done"
    assert behind(Settings(), "::1").get("/cases", headers={"Host": "[::1]:8000"}).text == "done"


@pytest.mark.parametrize(
    "host",
    [
        "advisor.example",
        "127.0.0.1.advisor.example",
        "localhost.advisor.example",
        "advisor.example:127.0.0.1",
        "localhost@advisor.example",
        "0.0.0.0",
        "[::1",
        "",
    ],
)
def test_without_sign_in_another_name_that_leads_here_is_not_served(host: str) -> None:
    answer = behind(Settings()).get("/cases", headers={"Host": host})
    assert answer.status_code == 403
    assert "on its own machine only" in answer.text


@pytest.mark.parametrize("client", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "testclient"])
def test_without_sign_in_no_other_machine_is_served(client: str) -> None:
    answer = behind(Settings(), client).get("/", headers={"Host": "127.0.0.1"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "header", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"]
)
def test_without_sign_in_what_a_proxy_passes_on_is_not_served(header: str) -> None:
    headers = {"Host": "127.0.0.1:8000", header: "192.0.2.7"}
    assert behind(Settings()).get("/cases", headers=headers).status_code == 403


def test_with_sign_in_any_machine_and_any_proxy_is_served_under_the_public_name() -> None:
    web = behind(SHARED, "192.0.2.7")
    headers = {"Host": "Advisor.Example", "X-Forwarded-For": "198.51.100.1"}
    assert web.get("/cases", headers=headers).text == "done"
    for host in ("127.0.0.1", "localhost", "advisor.example:80", "other.example", ""):
        answer = web.get("/cases", headers={"Host": host})
        assert answer.status_code == 403
        assert "under its own address only" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": PUBLIC}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Origin": PUBLIC}, 200),
        ({"Origin": "http://advisor.example"}, 403),
        ({"Origin": "https://advisor.example:8443"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "https://advisor.example.elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://["}, 403),
        ({}, 403),
    ],
)
def test_a_write_is_taken_from_our_own_pages_only(
    method: str, headers: dict[str, str], status: int
) -> None:
    host = {"Host": "advisor.example"}
    answer = behind(SHARED).request(method, "/cases", headers={**host, **headers})
    assert answer.status_code == status
    if status == 403:
        assert "sent from another site" in answer.text


def test_reading_is_not_held_up_by_the_page_that_a_link_was_on() -> None:
    headers = {"Host": "advisor.example", "Sec-Fetch-Site": "cross-site"}
    assert behind(SHARED).get("/sign-in/back", headers=headers).status_code == 200
    assert behind(SHARED).head("/", headers=headers).status_code == 200


def test_on_one_machine_a_write_is_taken_from_the_same_port_only() -> None:
    web = behind(Settings())
    host = {"Host": "127.0.0.1:8000"}
    assert web.post("/cases", headers={**host, "Origin": "http://127.0.0.1:8000"}).text == "done"
    for origin in ("http://127.0.0.1:3000", "http://localhost:8000", "https://127.0.0.1:8000"):
        assert web.post("/cases", headers={**host, "Origin": origin}).status_code == 403


def test_a_program_names_no_page_and_writes_to_its_own_paths_only() -> None:
    web = behind(Settings())
    host = {"Host": "127.0.0.1:8000"}
    assert web.post("/v1/advice", headers=host).text == "done"
    for path in ("/cases", "/v1", "/v1advice"):
        assert web.post(path, headers=host).status_code == 403
    refused = web.post("/v1/advice", headers={**host, "Origin": "https://elsewhere.example"})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
