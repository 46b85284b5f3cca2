from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from advisor.advice import NOTICE
from advisor.advise import advise
from advisor.pack import Pack, load
from advisor.snapshot import Snapshot
from tests.web_pack import CASE, case, client

RULE = "absent-information.walking"
KEPT = [
    "/v1/rules",
    f"/v1/rules/{RULE}",
    "/v1/reviews",
    "/v1/reviews/robin",
    "/v1/schema/snapshot",
    "/openapi.json",
    "/docs",
]
"""What is the same until the pack changes."""
GET = [*KEPT, "/healthz"]


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


@pytest.fixture
def web(pack: Pack) -> Iterator[TestClient]:
    with client(pack) as made:
        yield made


def test_a_snapshot_is_answered_with_the_advice_that_the_library_gives(
    web: TestClient, pack: Pack
) -> None:
    answer = web.post("/v1/advice", json=CASE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.text == advise(Snapshot.from_data(CASE), pack).model_dump_json()
    assert [prompt["rule"] for prompt in answer.json()["prompts"]] == [
        "non-mobile-injury.opinion",
        RULE,
    ]
    assert answer.json()["notice"] == NOTICE


@pytest.mark.parametrize("kind", ["application/yaml", "text/yaml", "Text/YAML; charset=UTF-8"])
def test_yaml_says_the_same_as_json(web: TestClient, kind: str) -> None:
    as_yaml = web.post("/v1/advice", content=yaml.safe_dump(CASE), headers={"Content-Type": kind})
    assert as_yaml.status_code == 200
    assert as_yaml.content == web.post("/v1/advice", json=CASE).content


def test_a_scenario_is_answered_as_its_case_is(web: TestClient) -> None:
    scenario = {"scenario": {"title": "A made-up day"}, "case": CASE}
    assert (
        web.post("/v1/advice", json=scenario).content == web.post("/v1/advice", json=CASE).content
    )


def test_the_same_facts_give_the_same_bytes_in_any_order(web: TestClient) -> None:
    turned = {name: CASE[name] for name in reversed(CASE)}
    turned["children"] = list(reversed(CASE["children"]))
    first = web.post("/v1/advice", json=CASE)
    assert web.post("/v1/advice", json=CASE).content == first.content
    assert web.post("/v1/advice", json=turned).content == first.content


def test_the_questions_worth_asking_are_those_of_the_advice(web: TestClient) -> None:
    asked = web.post("/v1/questions", json=CASE).json()
    advised = web.post("/v1/advice", json=CASE).json()
    assert asked == {
        "snapshot_id": "case-1",
        "questions": advised["questions"],
        "notice": NOTICE,
    }
    assert asked["questions"][0]["path"] == "children.baby.movement.walks"


def test_every_rule_is_listed_with_the_places_it_comes_from(web: TestClient, pack: Pack) -> None:
    listed = web.get("/v1/rules").json()
    assert listed["pack"] == {"name": "small", "version": "1.0.0", "sha256": pack.sha256}
    assert [rule["id"] for rule in listed["rules"]] == list(pack.rules)
    assert listed["rules"][1] == {
        "id": RULE,
        "version": 1,
        "status": "active",
        "theme": "absent-information",
        "title": "Find out whether a child with a mark can walk",
        "urgency": "before_decision",
        "sources": [
            {"review": "robin", "at": ["2.3"]},
            {"review": "robin", "at": ["2.1", "2.2"]},
        ],
    }


def test_a_rule_is_shown_with_its_conditions_words_and_findings(web: TestClient) -> None:
    rule = web.get(f"/v1/rules/{RULE}").json()
    assert rule["text"].startswith("Ask the health visitor")
    assert rule["when"] == {
        "given": [
            {
                "signal": "child.has_mark",
                "ask": "Has {child} a mark that is not a known birthmark?",
                "accepts": ["true"],
            }
        ],
        "conditions": [
            {"signal": "child.walks", "ask": "Does {child} walk yet?", "accepts": ["unknown"]}
        ],
    }
    assert rule["sources"][0] == {
        "id": "robin.walking-not-recorded",
        "review": "robin",
        "title": "A made-up review about Robin",
        "published": "2019",
        "at": ["2.3"],
        "finding": "Nobody had written down what the child was able to do.",
    }
    assert {"name": "nothing is recorded about marks", "expect": "not_raised"} in rule["examples"]


def test_reviews_are_listed_with_how_far_their_findings_have_come(web: TestClient) -> None:
    assert web.get("/v1/reviews").json()["reviews"] == [
        {
            "id": "robin",
            "title": "A made-up review about Robin",
            "publisher": "A made-up board",
            "published": "2019",
            "findings": {"encoded": 1, "not_promptable": 1, "partly": 1},
        }
    ]


def test_a_review_is_shown_with_the_rules_that_carry_each_finding(web: TestClient) -> None:
    findings = web.get("/v1/reviews/robin").json()["findings"]
    assert {each["id"]: each["rules"] for each in findings} == {
        "robin.mark-not-examined": ["non-mobile-injury.opinion", RULE],
        "robin.walking-not-recorded": [RULE],
        "robin.leaflet": [],
    }
    assert findings[2]["why"].startswith("It is a task for the board")


def test_the_schema_of_a_snapshot_is_served(web: TestClient) -> None:
    answer = web.get("/v1/schema/snapshot")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json() == Snapshot.model_json_schema()


def test_health_names_the_pack_and_the_engine_that_advise(web: TestClient) -> None:
    advised = web.post("/v1/advice", json=CASE).json()
    answer = web.get("/healthz")
    assert answer.json() == {
        "status": "ok",
        "pack": advised["pack"],
        "engine": advised["engine"],
    }
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", KEPT)
def test_a_caller_who_has_the_bytes_is_told_so(web: TestClient, path: str) -> None:
    first = web.get(path)
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    for held in (tag, f'"other", W/{tag}', "*"):
        again = web.get(path, headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert web.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_a_changed_pack_changes_the_tag(web: TestClient, small_pack: Path) -> None:
    before = web.get("/v1/rules").headers["etag"]
    file = small_pack / "pack.yaml"
    file.write_text(file.read_text().replace("1.0.0", "1.0.1"))
    with client(load(small_pack)) as later:
        answer = later.get("/v1/rules", headers={"If-None-Match": before})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", GET)
def test_head_has_the_headers_of_get_and_no_body(web: TestClient, path: str) -> None:
    head, get = web.head(path), web.get(path)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/v1/rules/absent-information.walkng", " Did you mean absent-information.walking?"),
        ("/v1/rules/something-else", ""),
        ("/v1/reviews/robbin", " Did you mean robin?"),
        ("/v1/rule", " Did you mean /v1/rules?"),
        ("/v1/rules/", " Did you mean /v1/rules?"),
        ("/v1/nowhere-at-all-in-here", ""),
    ],
)
def test_what_is_not_there_is_a_404_with_a_near_name(web: TestClient, path: str, near: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["title"], told["status"]) == ("about:blank", "Not Found", 404)
    assert told["detail"].endswith(near or ".")
    assert path.rpartition("/")[2] not in answer.text or path.endswith("/") or path == "/v1/rule"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/advice", "POST"),
        ("HEAD", "/v1/questions", "POST"),
        ("OPTIONS", "/v1/advice", "POST"),
        ("DELETE", "/v1/rules", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("BREW", "/healthz", "GET, HEAD"),
    ],
)
def test_another_method_is_a_405_that_says_which_to_use(
    web: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = web.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    if method != "HEAD":
        assert answer.json()["detail"] == f"This path answers to {allowed}."


def test_every_response_has_the_security_headers_and_no_leave_for_other_sites(
    web: TestClient,
) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    answers = [web.get(path, headers=foreign) for path in [*GET, "/nowhere", "/v1/advice"]]
    answers += [web.post("/v1/advice", json=json_body, headers=foreign) for json_body in (CASE, {})]
    answers.append(web.options("/v1/advice", headers=foreign))
    answers.append(web.get("/v1/rules", headers={"If-None-Match": "*"}))
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert not any(name.startswith("access-control") for name in answer.headers)
    kept = {answer.headers["cache-control"] for answer in answers[: len(KEPT)]}
    assert kept == {"no-cache"}
    assert {each.headers["cache-control"] for each in answers[len(KEPT) : -1]} == {"no-store"}


def test_answers_to_many_callers_at_once_are_each_their_own(web: TestClient) -> None:
    def made(number: int) -> dict[str, Any]:
        walks: Any = [True, False, {"unknown": "awaiting"}][number % 3]
        snapshot = {**CASE["snapshot"], "id": f"case-{number}"}
        return {**case(movement={"walks": walks}), "snapshot": snapshot}

    bodies = [made(number) for number in range(60)]
    alone = [web.post("/v1/advice", json=body).content for body in bodies]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda body: web.post("/v1/advice", json=body).content, bodies))
    assert together == alone
    rules = {
        tuple(prompt["rule"] for prompt in json.loads(answer)["prompts"]) for answer in together
    }
    assert rules == {(), ("non-mobile-injury.opinion",), ("non-mobile-injury.opinion", RULE)}
    assert len(set(together)) == len(bodies)
