from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from advisor.pack import load
from advisor.reading import MAX_BYTES
from advisor.web.app import create_app
from tests.web_pack import CASE, answered, case, client

YAML = "application/yaml"
TEXT = json.dumps(CASE)


@pytest.fixture
def web(small_pack: Path) -> Iterator[TestClient]:
    with client(load(small_pack)) as made:
        yield made


def post(web: TestClient, body: str | bytes, kind: str = "application/json") -> Any:
    return web.post("/v1/advice", content=body, headers={"Content-Type": kind})


def faults(web: TestClient, body: str | bytes, kind: str = "application/json") -> Any:
    """The errors of a body that must be refused as a snapshot that cannot be used."""
    answer = post(web, body, kind)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told.keys() == {"type", "title", "status", "detail", "errors"}
    assert (told["type"], told["status"]) == ("/docs#unusable-snapshot", 422)
    assert all(error.keys() == {"field", "line", "message"} for error in told["errors"])
    return told["errors"]


def test_a_misspelt_fact_is_named_with_the_right_one(web: TestClient) -> None:
    body = json.dumps(case(injuires=[]), indent=1)
    (error,) = faults(web, body)
    assert error["field"] == "children[0].injuires"
    assert error["message"] == "there is no such fact here. Did you mean injuries?"
    assert "injuires" in body.splitlines()[error["line"] - 1]


def test_a_fault_in_a_scenario_is_found_on_its_line(web: TestClient) -> None:
    body = f"scenario: {{title: A made-up day}}\ncase:\n  snapshot: {{}}\n  kids: []\n{TEXT[:0]}"
    assert {error["line"] for error in faults(web, body, YAML)} == {3, 4}


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"movement": {"walks": "no"}}, "children[0].movement.walks", "write true or false"),
        ({"movement": {"walks": 0}}, "children[0].movement.walks", "write true or false"),
        ({"movement": []}, "children[0].movement", "write keys here"),
        ({"injuries": "none"}, "children[0].injuries", "write a list"),
        ({"injuries": [{"kind": "bruse"}]}, "children[0].injuries[0].kind", "mean bruise?"),
        ({"born": True}, "children[0].born", "write a date as YYYY-MM-DD"),
        ({"born": "2024-02-30"}, "children[0].born", "there is no such day"),
        ({"age": {"years": 2.5}}, "children[0].age.years", "write a whole number"),
        ({"age": {"years": -1}}, "children[0].age.years", "write 0 or more"),
        ({"id": "Jane Smith"}, "children[0].id", "never a name"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_to_write(
    web: TestClient, facts: dict[str, Any], field: str, message: str
) -> None:
    errors = faults(web, json.dumps(case(**facts)))
    assert errors[0]["field"] == field
    assert message in errors[0]["message"]
    assert errors[0]["line"] == 1


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("", "application/json", "this is empty"),
        (" \n", YAML, "this is empty"),
        ("# nothing\n", YAML, "this is empty"),
        ("[]", "application/json", "a snapshot is a set of keys"),
        ("null", "application/json", "a snapshot is a set of keys"),
        ("{}", "application/json", "this is needed"),
        ("{", "application/json", "this is not JSON"),
        ("a: [", YAML, "this is not YAML"),
        (TEXT + TEXT, "application/json", "this is not JSON"),
        (f"--- {TEXT}\n--- {TEXT}\n", YAML, "a second document"),
        ('{"a": 1, "a": 2}', "application/json", "this key is given twice"),
        ("a: 1\na: 2\n", YAML, "this key is given twice"),
        (TEXT.replace("case-1", "case\x00"), "application/json", "control character"),
        (TEXT.replace("case-1", "case\\u0000"), "application/json", "control character"),
        (TEXT.replace("case-1", "case\\ud800"), "application/json", "control character"),
        ('{"\\udfff": 1}', "application/json", "control character"),
        ('"\\ud800"', YAML, "not YAML"),
        ('{"a": NaN}', "application/json", "not numbers"),
        ('{"a": -Infinity}', "application/json", "not numbers"),
        ("a: .nan", YAML, "not a number"),
        ('{"a": 1' + "0" * 5000 + "}", "application/json", "too large"),
        ("a: 1" + "0" * 5000, YAML, "too large"),
        ('{"a": ' + "[" * 100_000, "application/json", "levels deep"),
        ("[" * 100_000, YAML, "levels deep"),
        ("- " * 20_000, YAML, "levels deep"),
        ("a: !!python/object/apply:os.system [id]", YAML, "tags (!) are not used"),
        ("a: !secret b", YAML, "tags (!) are not used"),
        ("a: &x [lol]\nb: &y [*x, *x]\nc: [*y, *y]\n", YAML, "anchors and aliases"),
        ("a: yes", YAML, "write true or false"),
        (json.dumps(case(injuries="x" * 30_000)), "application/json", "a text of over"),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_why(
    web: TestClient, body: str, kind: str, message: str
) -> None:
    assert message in faults(web, body, kind)[0]["message"]


def test_a_number_beyond_all_bounds_is_no_value_of_any_fact(web: TestClient) -> None:
    body = json.dumps(case(age={"years": 1})).replace('"years": 1', '"years": 1e999')
    assert faults(web, body)[0]["field"] == "children[0].age.years"


def test_text_that_is_not_utf_8_is_refused(web: TestClient) -> None:
    body = TEXT.replace("case-1", "café").encode("latin-1")
    assert "save it as UTF-8" in faults(web, body)[0]["message"]


@pytest.mark.parametrize("kind", ["application/json", YAML])
def test_a_byte_order_mark_changes_nothing(web: TestClient, kind: str) -> None:
    marked = post(web, b"\xef\xbb\xbf" + TEXT.encode(), kind)
    assert marked.status_code == 200
    assert marked.content == post(web, TEXT).content


def test_ten_thousand_injuries_are_read_and_answered(web: TestClient) -> None:
    body = json.dumps(case(injuries=[{"kind": "bruise", "sites": ["arm"]}] * 10_000))
    body = body.replace('"arm"', '"face"')
    answer = post(web, body)
    assert answer.status_code == 200
    assert len(answer.json()["prompts"]) == 2


def test_many_faults_are_counted_and_the_first_of_them_listed(web: TestClient) -> None:
    answer = post(web, json.dumps(case(injuries=[{"kind": "brse"}] * 10_000)))
    assert len(answer.json()["errors"]) == 50
    assert answer.json()["detail"].endswith("The first 50 of 10000 faults are listed.")
    assert len(answer.content) < 100_000


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"Content-Type": "text/plain"}, "application/json, application/yaml, text/yaml"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "application/json"),
        ({"Content-Type": "jane-smith/canary"}, "application/json"),
        ({}, "application/json"),
        ({"Content-Type": "application/json; charset=latin-1"}, "UTF-8"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, "without compression"),
    ],
)
def test_another_media_type_is_refused_with_those_accepted(
    web: TestClient, headers: dict[str, str], detail: str
) -> None:
    answer = web.post("/v1/questions", content=TEXT.encode(), headers=headers)
    assert answer.status_code == 415
    assert detail in answer.json()["detail"]
    assert answer.headers["accept-post"] == "application/json, application/yaml, text/yaml"
    assert "canary" not in answer.text


def test_a_declared_length_over_the_limit_is_refused_before_a_byte_is_read(
    small_pack: Path,
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    for length in (MAX_BYTES + 1, 50_000_000, 10**40):
        headers = {"content-type": "application/json", "content-length": str(length)}
        app = create_app(load(small_pack))
        status, _, told = asyncio.run(answered(app, chunks, headers))
        assert status == 413
        assert told["detail"].startswith("Send at most 8,000,000 bytes")


@pytest.mark.parametrize("declared", [{}, {"content-length": "12"}])
def test_a_body_of_unknown_length_is_given_up_once_it_is_over_the_limit(
    small_pack: Path, declared: dict[str, str]
) -> None:
    taken = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 50_000_000:
            taken += 65_536
            yield b" " * 65_536

    headers = {"content-type": "application/json", **declared}
    status, told, _ = asyncio.run(answered(create_app(load(small_pack)), chunks, headers))
    assert status == 413
    assert told["content-type"] == "application/problem+json"
    assert MAX_BYTES < taken <= MAX_BYTES + 65_536


def test_a_body_of_exactly_the_limit_is_read(web: TestClient) -> None:
    body = TEXT.encode()
    assert post(web, body + b" " * (MAX_BYTES - len(body))).status_code == 200
    assert post(web, body + b" " * (MAX_BYTES - len(body) + 1)).status_code == 413


def test_a_caller_who_hangs_up_is_not_an_error(
    small_pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/advice",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(create_app(load(small_pack))(scope, receive, send))
    assert sent == []
    assert caplog.records == []
