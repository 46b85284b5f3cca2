from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from advisor.advice import Advice
from advisor.advise import advise
from advisor.data import scenarios_folder
from advisor.facts.shape import Kind
from advisor.pack import Pack, load
from advisor.reading import read_text
from advisor.scenario import read_scenario, scenario_paths
from advisor.schemas import DIALECT
from advisor.snapshot import Snapshot
from advisor.vocabulary import DERIVED, entries
from advisor.web.describing import EXAMPLE, EXAMPLE_YAML
from tests.web_pack import CASE, client

SCHEMA = Snapshot.model_json_schema()
ROUTES = {
    "/v1/advice": "post",
    "/v1/questions": "post",
    "/v1/replay": "post",
    "/v1/scenarios": "get",
    "/v1/scenarios/{id}": "get",
    "/v1/rules": "get",
    "/v1/rules/{id}": "get",
    "/v1/reviews": "get",
    "/v1/reviews/{id}": "get",
    "/v1/schema/snapshot": "get",
    "/healthz": "get",
    "/openapi.json": "get",
    "/docs": "get",
}


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


@pytest.fixture
def web(pack: Pack) -> Iterator[TestClient]:
    with client(pack) as made:
        yield made


@pytest.fixture
def described(web: TestClient) -> dict[str, Any]:
    made: dict[str, Any] = web.get("/openapi.json").json()
    return made


def every(part: Any) -> Iterator[Any]:
    """A part of a document and all parts below it."""
    yield part
    if isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from every(each)


def faults(case: Any) -> list[Any]:
    return list(Draft202012Validator(SCHEMA).iter_errors(case))


def with_facts(**facts: Any) -> dict[str, Any]:
    return {**CASE, "children": [{"id": "baby", **facts}]}


# --- schemas --------------------------------------------------------------------------------------


def test_the_schemas_of_snapshot_and_advice_are_json_schema_of_2020() -> None:
    assert SCHEMA["$schema"] == DIALECT
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(Advice.model_json_schema())


def test_every_reference_of_the_schema_leads_to_a_definition_with_a_short_name() -> None:
    used = {part["$ref"] for part in every(SCHEMA) if isinstance(part, dict) and "$ref" in part}
    assert used == {f"#/$defs/{name}" for name in SCHEMA["$defs"]}
    assert all(re.fullmatch(r"\w{3,70}", name) for name in SCHEMA["$defs"])
    assert {"Fact_date", "Fact_boolean", "Listing_Injury", "Child"} <= SCHEMA["$defs"].keys()


@pytest.mark.parametrize("path", scenario_paths(scenarios_folder()), ids=lambda p: p.stem)
def test_the_schema_accepts_the_case_of_every_scenario(path: Path) -> None:
    assert faults(read_scenario(path).whole_case) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"born": 2017, "lives_in_household": None, "plans": None},
        {"born": {"value": "2017-05", "known_on": "2018", "known_to": ["gp"], "from": "gp"}},
        {"born": {"unknown": "withheld", "note": "asked twice"}, "age": {"months": 3}},
        {"plans": [{"ended_on": "none"}, {"ended_on": "2017-05-18"}, {"ended_on": 2017}]},
        {"injuries": {"complete": False, "items": [{"sites": ["face"]}], "from": "gp"}},
        {"injuries": {"items": []}, "moves": {"unknown": "awaiting"}},
        {"health": {"appointments_missed": 2, "disabled": {"value": None}}},
    ],
)
def test_the_schema_accepts_every_way_of_writing_a_fact_that_the_reader_accepts(
    facts: dict[str, Any],
) -> None:
    case = with_facts(**facts)
    assert faults(case) == []
    assert faults(Snapshot.from_data(case).plain) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"injuires": []},
        {"movement": {"walks": "yes"}},
        {"movement": {"walks": {"note": "no value"}}},
        {"born": "18/05/2017"},
        {"born": {"unknown": "lost"}},
        {"injuries": {"complete": False}},
        {"injuries": [{"kind": "bruse"}]},
        {"health": {"appointments_missed": -1}},
        {"id": "Jane Smith"},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(facts: dict[str, Any]) -> None:
    assert faults(with_facts(**facts)) != []
    with pytest.raises(ValueError, match=r"children\[0\]"):
        Snapshot.from_data(with_facts(**facts))


def test_every_fact_has_its_question_and_what_is_known_about_it_in_the_schema() -> None:
    told = [
        (name, {key: part[key] for key in ("ask", "hint", "held_by", "data") if key in part})
        for definition in [SCHEMA, *SCHEMA["$defs"].values()]
        for name, part in definition.get("properties", {}).items()
    ]
    for entry in entries():
        slot = entry.slot
        if slot.name in DERIVED or slot.kind not in (Kind.FACT, Kind.LIST):
            continue
        about = {
            "ask": slot.ask,
            "hint": slot.hint,
            "held_by": list(slot.held_by),
            "data": list(slot.data),
        }
        assert (slot.name, {key: value for key, value in about.items() if value}) in told


def test_advice_is_as_its_schema_says(pack: Pack) -> None:
    told = json.loads(advise(Snapshot.from_data(CASE), pack).model_dump_json())
    assert told["prompts"]
    assert list(Draft202012Validator(Advice.model_json_schema()).iter_errors(told)) == []


# --- OpenAPI --------------------------------------------------------------------------------------


def test_every_route_is_described_and_no_other(described: dict[str, Any], web: TestClient) -> None:
    assert {path: next(iter(item)) for path, item in described["paths"].items()} == ROUTES
    for item in described["paths"].values():
        (operation,) = item.values()
        assert operation["summary"]
        assert operation["description"]
        assert {"200", "default"} <= operation["responses"].keys()
    for path, method in ROUTES.items():
        assert web.request(method, path).status_code not in (405, 500)


def test_the_description_is_openapi_3_1_whose_references_all_lead_somewhere(
    described: dict[str, Any],
) -> None:
    assert described["openapi"] == "3.1.0"
    schemas = described["components"]["schemas"]
    used = {part["$ref"] for part in every(described) if isinstance(part, dict) and "$ref" in part}
    assert used == {f"#/components/schemas/{name}" for name in schemas}
    assert {"Snapshot", "Advice", "ProblemDetails"} <= schemas.keys()
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_the_description_names_no_outside_host(web: TestClient) -> None:
    for path in ("/openapi.json", "/docs"):
        assert re.findall(r"\w+:/{2}[^\s\"<]*", web.get(path).text) == []


def test_the_examples_are_what_they_are_examples_of(
    described: dict[str, Any], web: TestClient
) -> None:
    assert read_text(EXAMPLE_YAML, "example").data == EXAMPLE == yaml.safe_load(
        EXAMPLE_YAML.replace("2024-06-03", "'2024-06-03'").replace("2024-06-02", "'2024-06-02'")
    )  # fmt: skip
    for path in ("/v1/advice", "/v1/questions"):
        operation = described["paths"][path]["post"]
        content = operation["requestBody"]["content"]
        assert content.keys() == {"application/json", "application/yaml", "text/yaml"}
        for kind, media in content.items():
            body = media["example"]
            sent = body if isinstance(body, str) else json.dumps(body)
            answer = web.post(path, content=sent, headers={"Content-Type": kind})
            told = operation["responses"]["200"]["content"]["application/json"]
            assert answer.json() == told["example"]
            resolved = {**told["schema"], "components": described["components"]}
            assert list(Draft202012Validator(resolved).iter_errors(answer.json())) == []
        problem = operation["responses"]["422"]["content"]["application/problem+json"]
        answer = web.post(path, content=EXAMPLE_YAML.replace("injuries", "injuires"), headers={
            "Content-Type": "text/yaml"
        })  # fmt: skip
        assert {**answer.json(), "errors": []} == {**problem["example"], "errors": []}
        given, shown = answer.json()["errors"][0], problem["example"]["errors"][0]
        assert given == shown


@pytest.mark.parametrize(
    "path", ["/v1/rules", "/v1/rules/{id}", "/v1/reviews", "/v1/reviews/{id}", "/healthz"]
)
def test_answers_are_as_their_described_schemas_say(
    described: dict[str, Any], web: TestClient, path: str
) -> None:
    names = {"/v1/rules/{id}": "non-mobile-injury.opinion", "/v1/reviews/{id}": "robin"}
    answer = web.get(path.replace("{id}", names.get(path, "")))
    assert answer.status_code == 200
    told = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    resolved = {**told["schema"], "components": described["components"]}
    assert list(Draft202012Validator(resolved).iter_errors(answer.json())) == []


# --- the page -------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Collects the tags of a page, their attributes and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str]] = {}
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_lists_every_route_in_plain_html(web: TestClient) -> None:
    answer = web.get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Tags(answer.text)
    assert all(f"{method.upper()} {path}" in page.words for path, method in ROUTES.items())
    assert EXAMPLE_YAML in page.words
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    assert page.attributes["lang"] == ["en-GB"]
    assert "unusable-snapshot" in page.attributes["id"]
    for address in page.attributes["href"]:
        assert web.get(address).status_code == 200


def test_the_page_keeps_its_style_under_its_own_policy(web: TestClient) -> None:
    from base64 import b64encode
    from hashlib import sha256

    answer = web.get("/docs")
    (style,) = re.findall(r"<style>(.*)</style>", answer.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    assert "style" not in Tags(answer.text).attributes
