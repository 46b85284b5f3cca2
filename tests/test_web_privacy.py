from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.testclient import TestClient

import advisor.web.service
from advisor.facts.shape import Kind, Slot, Type, slots
from advisor.pack import load
from advisor.problems import Problem
from advisor.snapshot import Snapshot
from advisor.values import Model
from advisor.web.app import create_app
from advisor.web.unechoed import field_errors
from tests.web_pack import CASE, caller, client

CANARY = "zzcanaryzz"
JSON = {"Content-Type": "application/json"}
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def app(small_pack: Path) -> FastAPI:
    return create_app(load(small_pack))


@pytest.fixture
def web(app: FastAPI) -> Iterator[TestClient]:
    with caller(app) as made:
        yield made


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def wrong(model: type[Model]) -> dict[str, Any]:
    """A model's facts, each with a canary for its value, its note and its provenance."""
    held = {"note": f"{CANARY} note", "known_on": f"{CANARY}3", "known_to": [f"{CANARY} 4"]}
    made: dict[str, Any] = {}
    for name, slot in slots(model).items():
        if slot.kind is Kind.GROUP and slot.model is not None:
            made[name] = wrong(slot.model)
        elif slot.kind is Kind.PLAIN:
            made[name] = f"{CANARY}-plain"
        elif slot.type is Type.ENTITY and slot.model is not None:
            made[name] = [wrong(slot.model)]
        elif slot.kind is Kind.LIST:
            made[name] = {"items": [f"{CANARY}-item"], "from": f"{CANARY} from", **held}
        else:
            made[name] = {"value": f"{CANARY}-value", "from": f"{CANARY} from", **held}
    return made


def well_formed(model: type[Model], name: str = CANARY) -> dict[str, Any]:
    """A model's facts, each well formed, with the canary wherever an id or a note may stand."""
    made: dict[str, Any] = {}
    for fact, slot in slots(model).items():
        if slot.kind is Kind.GROUP and slot.model is not None:
            made[fact] = well_formed(slot.model)
        elif slot.type is Type.ENTITY and slot.model is not None:
            made[fact] = [well_formed(slot.model, f"{CANARY}-{fact}")] * 2
        elif slot.kind in (Kind.FACT, Kind.LIST):
            value = _value(slot)
            key = "items" if slot.kind is Kind.LIST else "value"
            content: Any = [value, value] if slot.kind is Kind.LIST else value
            made[fact] = {key: content, "note": f"{CANARY} note", "from": CANARY}
        elif fact in ("id", "child"):
            made[fact] = name
        elif fact == "as_of":
            made[fact] = "2020-01-01"
    return made


def _value(slot: Slot) -> Any:
    if slot.choices:
        return slot.choices[0]
    return {
        Type.BOOL: True,
        Type.DATE: "2020-02",
        Type.DATE_OR_NONE: "2020-02",
        Type.NUMBER: 1,
        Type.REFERENCE: f"{CANARY}-other",
    }.get(slot.type or Type.BOOL)


def keys(data: Any) -> Any:
    """The same data with the canary in every key too."""
    if isinstance(data, Mapping):
        return {f"{CANARY}{name}": keys(value) for name, value in data.items()} | dict(data)
    return [keys(each) for each in data] if isinstance(data, list) else data


def silent(answer: Any, caplog: pytest.LogCaptureFixture) -> bool:
    said = [answer.text, *map(str, answer.headers.items()), caplog.text]
    return CANARY not in "\n".join(said).lower()


@pytest.mark.parametrize("spoilt", [wrong(Snapshot), keys(wrong(Snapshot)), keys(CASE)])
@pytest.mark.parametrize("path", ["/v1/advice", "/v1/questions"])
def test_a_refused_case_is_not_repeated_whatever_is_wrong_with_it(
    web: TestClient, caplog: pytest.LogCaptureFixture, spoilt: Any, path: str
) -> None:
    for answer in (
        web.post(path, json=spoilt),
        web.post(path, content=json.dumps(spoilt, indent=1), headers=YAML),
        web.post(path, json={"scenario": {CANARY: CANARY}, "case": spoilt}),
    ):
        assert answer.status_code == 422
        assert len(answer.json()["errors"]) > 1
        assert silent(answer, caplog)


def test_ids_that_do_not_fit_together_are_not_repeated(
    web: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    whole = well_formed(Snapshot)
    parts = [
        whole,
        *({"snapshot": whole["snapshot"], name: whole[name]} for name in whole),
        {**CASE, "events": [{"children": [CANARY]}]},
        {**CASE, "children": [{"id": CANARY}], "events": [{"children": [f"{CANARY}s"]}]},
        {**CASE, "adults": [{"id": CANARY, "links": [{"child": "babby"}]}] * 2},
        {**CASE, "children": [{"id": "a", "injuries": [{"id": CANARY}, {"id": CANARY}]}]},
    ]
    for part in parts:
        answer = web.post("/v1/advice", json=part)
        assert answer.status_code == 422
        assert silent(answer, caplog)


@pytest.mark.parametrize(
    ("field", "message", "told"),
    [
        ("adults[0].links", "there is no child zoe here.", "there is no child … here."),
        ("", "there is no child zoe here. Did you mean zo-2?", "there is no child … here."),
        ("events[3].children[0]", "zo-2 is listed twice", "… is listed twice"),
        ("children[0].born", "there is no such day as 2024-02-30", "there is no such day as …"),
        ("children[0].injuires", "Did you mean injuries?", "Did you mean injuries?"),
        ("snapshot.authority", "this is needed here", "this is needed here"),
    ],
)
def test_words_of_the_case_are_taken_out_of_messages_and_ours_stay(
    field: str, message: str, told: str
) -> None:
    data = {"a": "here", "b": ["zoe", "injuries"], "c": {"zo-2": "2024-02-30"}}
    (error,) = field_errors((Problem("body", 0, field, message),), data)
    assert (error.field, error.line, error.message) == (field, None, told)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("children[0].injuires[12].kind", "children[0].injuires[12].kind"),
        ("children[0].jane", "children[0].…"),
        ("jane.smith[1].children", "….…[1].children"),
        ("children[07700900123]", "children.…"),
        ("jane smith, of 3 High Street", "…"),
        ("", ""),
    ],
)
def test_a_field_is_named_by_our_words_or_near_misses_of_them(field: str, told: str) -> None:
    (error,) = field_errors((Problem("body", 2, field, "this is needed"),))
    assert (error.field, error.line) == (told, 2)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f'{{"{CANARY}": 1, "{CANARY}": 2}}', JSON),
        (f'{{"{CANARY} a.b[1]": 1, "{CANARY} a.b[1]": 2}}', JSON),
        (f"{CANARY}: 1\n{CANARY}: 2\n", YAML),
        (f"{CANARY} x y: 1\n{CANARY} x y: 2\n", YAML),
        (f'"{CANARY}\\nis given twice": 1\n"{CANARY}\\nis given twice": 2\n', YAML),
        (f'{{"{CANARY}": NaN}}', JSON),
        (f'{{"{CANARY}": {CANARY}}}', JSON),
        (f'{{"{CANARY}', JSON),
        (f'"{CANARY}\\ud800"', JSON),
        (f'{{"{CANARY}": "' + "x" * 30_000 + '"}', JSON),
        (f'{{"a": ["{CANARY}\\u0000"]}}', JSON),
        (f"{CANARY}: !{CANARY} {CANARY}", YAML),
        (f"{CANARY}: &{CANARY} {CANARY}", YAML),
        (f"{CANARY}: *{CANARY}", YAML),
        (f"%{CANARY} 1\n--- a", YAML),
        (f"%TAG !{CANARY}! tag:{CANARY}:\n---\na: !{CANARY}!x b", YAML),
        (f"{CANARY}: [{CANARY}", YAML),
        (f"{CANARY}: @{CANARY}", YAML),
        (f'{CANARY}: "\\{CANARY}"', YAML),
        (f"{CANARY}: {CANARY}: {CANARY}", YAML),
        (f"{CANARY}:\n  - a\n {CANARY}", YAML),
        (f"{CANARY}: 1__{CANARY}", YAML),
        (f"? [{CANARY}]\n: 1", YAML),
        (f"<<: {CANARY}", YAML),
        (f"{CANARY}", YAML),
        (f'["{CANARY}"]', JSON),
        (f'"{CANARY}"'.encode("utf-16"), JSON),
    ],
)
def test_text_that_cannot_be_read_is_not_repeated(
    web: TestClient, caplog: pytest.LogCaptureFixture, body: Any, kind: dict[str, str]
) -> None:
    answer = web.post("/v1/advice", content=body, headers=kind)
    assert answer.status_code == 422
    assert silent(answer, caplog)


def test_names_in_paths_queries_methods_and_headers_are_not_repeated(
    web: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    asked = {"Accept": CANARY, "If-None-Match": CANARY, "X-Case": CANARY, "Cookie": f"a={CANARY}"}
    answers = [
        web.get(f"/v1/rules/{CANARY}", headers=asked),
        web.get(f"/v1/reviews/{CANARY}"),
        web.get(f"/{CANARY}?{CANARY}={CANARY}"),
        web.request(CANARY, "/v1/rules"),
        web.get(f"/v1/rules?name={CANARY}", headers=asked),
        web.post("/v1/advice", content=CANARY, headers={"Content-Type": f"text/{CANARY}"}),
    ]
    caplog.clear()  # the client of these tests logs the addresses that it asks for
    assert [answer.status_code for answer in answers] == [404, 404, 404, 405, 200, 415]
    assert all(silent(answer, caplog) for answer in answers)


def test_the_log_of_a_good_request_holds_nothing_of_the_case(
    web: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    adults = [{"id": CANARY, "identity": {"unknown": "declined", "note": f"{CANARY} said"}}]
    answer = web.post("/v1/advice", json={**CASE, "adults": adults})
    assert answer.status_code == 200
    assert CANARY not in caplog.text


@pytest.mark.parametrize("fails", ["advise", "snapshot_of"])
def test_our_own_fault_is_a_500_that_says_nothing_and_logs_only_its_place(
    web: TestClient,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    fails: str,
) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError(CANARY)

    where = advisor.web.service if fails == "advise" else advisor.web.routes
    monkeypatch.setattr(where, fails, broken)
    answer = web.post("/v1/advice", json=CASE)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert silent(answer, caplog)
    (record,) = [record for record in caplog.records if record.name == "advisor.web"]
    assert record.exc_info is None
    assert record.getMessage().startswith("KeyError at test_web_privacy.py:")
    reference = record.getMessage().rpartition(" ")[2]
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": f"The fault is ours; nothing was advised. Its reference is {reference}.",
    }


def test_a_parameter_of_the_wrong_kind_is_refused_without_repeating_it(app: FastAPI) -> None:
    @app.get("/v1/number")
    def number(value: int) -> int:
        return value

    answer = caller(app).get("/v1/number", params={"value": CANARY})
    assert answer.status_code == 422
    assert CANARY not in answer.text
    assert answer.json()["detail"] == "A parameter of this request is not as described."
    assert RequestValidationError in app.exception_handlers


def test_the_access_log_of_the_server_has_only_paths_that_are_ours(
    small_pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("uvicorn.access")

    def logged(method: str, path: str) -> str:
        caplog.clear()
        log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", method, path, "1.1", 200)
        return caplog.records[0].getMessage()

    with client(load(small_pack)):
        assert logged("POST", "/v1/advice") == '127.0.0.1:1 - "POST /v1/advice HTTP/1.1" 200'
        known = "/v1/rules/non-mobile-injury.opinion"
        assert logged("GET", f"{known}?a={CANARY}") == f'127.0.0.1:1 - "GET {known} HTTP/1.1" 200'
        assert logged(CANARY, f"/v1/{CANARY}") == '127.0.0.1:1 - "OTHER /… HTTP/1.1" 200'
    assert log.filters == []


def test_no_answer_sets_a_cookie(web: TestClient) -> None:
    answers = [web.get("/docs"), web.post("/v1/advice", content=json.dumps(CASE), headers=JSON)]
    assert not any("set-cookie" in answer.headers for answer in answers)
