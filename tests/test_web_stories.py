"""The routes of stories: a replay of what was sent, and exercises that give nothing away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from advisor.chronology.story import read_story
from advisor.pack import Pack, load
from advisor.replay import replay
from advisor.web import staging
from tests.small_story import CHRONOLOGY, write_story
from tests.web_pack import client

YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return write_story(tmp_path / "data")


@pytest.fixture
def web(
    pack: Pack, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    monkeypatch.setenv("ADVISOR_DATA", str(tmp_path / "data"))
    staging.shared.cache_clear()
    with client(pack) as made:
        yield made
    staging.shared.cache_clear()


def shown(web: TestClient, *decided: str) -> dict[str, Any]:
    answer = web.get("/v1/scenarios/a-mark", params={"decided": list(decided)})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_chronology_is_answered_with_the_replay_that_the_library_gives(
    web: TestClient, pack: Pack, story: Path
) -> None:
    answer = web.post("/v1/replay", content=CHRONOLOGY, headers=YAML)
    assert answer.status_code == 200
    wanted = replay(read_story(story / "chronology.yaml"), "council", pack, ())
    assert answer.json() == json.loads(wanted.model_dump_json())
    assert [day["day"] for day in answer.json()["days"]] == [
        "2024-01-10",
        "2024-05-10",
        "2024-06-03",
        "2024-07-02",
    ]


def test_a_replay_is_of_the_holder_that_is_named(web: TestClient) -> None:
    answer = web.post("/v1/replay?holder=nursery", content=CHRONOLOGY, headers=YAML)
    assert answer.json()["holder_name"] == "The nursery"
    assert [day["day"] for day in answer.json()["days"]] == [
        "2024-01-10",
        "2024-04-20",
        "2024-05-02",
    ]


@pytest.mark.parametrize("holder", ["nobody", ""])
def test_a_holder_that_the_story_has_not_is_refused(web: TestClient, holder: str) -> None:
    answer = web.post("/v1/replay", params={"holder": holder}, content=CHRONOLOGY, headers=YAML)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "Name one of the story's holders in ?holder=."


@pytest.mark.parametrize(
    ("was", "now", "field"),
    [
        ("known: {nursery: 2024-05-02", "known: {nursery: 2024-04-02", "entries[2].known"),
        ("children.wren.movement.walks: true", "children.wren.movement.hops: true", "entries[3]"),
        ("born: 2023-11", "born: 2025-11", "children"),
    ],
)
def test_a_chronology_at_fault_is_told_by_field_without_its_words(
    web: TestClient, was: str, now: str, field: str
) -> None:
    content = CHRONOLOGY.replace(was, now).replace("wren", "secretname")
    answer = web.post("/v1/replay", content=content, headers=YAML)
    assert answer.status_code == 422
    assert any(each["field"].startswith(field) for each in answer.json()["errors"])
    assert "secretname" not in answer.text


def test_the_list_names_exercises_and_ordinary_referrals_and_no_stage(web: TestClient) -> None:
    answer = web.get("/v1/scenarios").json()["scenarios"]
    assert [(each["id"], each["kind"], each["stages"]) for each in answer] == [
        ("a-mark", "exercise", 2),
        ("bump", "ordinary", None),
    ]


def test_nothing_is_revealed_before_the_first_decision(web: TestClient) -> None:
    made = shown(web)
    assert [stage["number"] for stage in made["stages"]] == [1]
    assert made["stages"][0]["reveal"] is None
    text = json.dumps(made)
    for later in ("rings again", "Advice was given", "Three weeks went by", "walked", "2024-06"):
        assert later not in text, later


def test_a_hand_holds_what_the_others_were_not_told(web: TestClient) -> None:
    (stage,) = shown(web)["stages"]
    assert [each["what"] for each in stage["hands"]["Nursery"]] == [
        "The nursery noted that the baby did not walk yet."
    ]
    assert stage["hands"]["Duty worker"] == []


def test_a_decision_brings_its_reveal_and_the_next_stage_and_no_more(web: TestClient) -> None:
    first, second = shown(web, "advice")["stages"]
    assert first["chosen"] == "advice"
    assert first["reveal"]["decided_then"] == "Advice was given, and no more."
    assert [each["rule"] for each in first["reveal"]["would_have_asked"]] == [
        "absent-information.walking"
    ]
    assert second["reveal"] is None
    assert [each["what"] for each in second["disclosed"]] == [
        "The nursery noted that the baby did not walk yet."
    ]
    last = shown(web, "advice", "medical")["stages"][1]
    assert [each["rule"] for each in last["reveal"]["would_have_asked"]] == [
        "non-mobile-injury.opinion"
    ]


@pytest.mark.parametrize(
    ("decided", "detail"),
    [
        (["guess"], "Stage 1: decide on one of advice, medical."),
        (["advice", "wait", "wait"], "There are 2 stages: give no more decisions."),
    ],
)
def test_a_decision_that_is_no_option_is_refused(
    web: TestClient, decided: list[str], detail: str
) -> None:
    answer = web.get("/v1/scenarios/a-mark", params={"decided": decided})
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)


def test_an_ordinary_referral_is_given_with_its_case(web: TestClient) -> None:
    answer = web.get("/v1/scenarios/bump").json()
    assert answer["case"]["children"] == [{"id": "ivy", "movement": {"walks": True}}]


def test_a_scenario_that_is_not_there_gets_a_suggestion(web: TestClient) -> None:
    answer = web.get("/v1/scenarios/a-marc")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such scenario. Did you mean a-mark?"


def test_a_decision_that_rests_on_a_story_cannot_be_sent_without_it(
    web: TestClient, story: Path
) -> None:
    sent = (story / "2024-05-10-call.yaml").read_text()
    answer = web.post("/v1/advice", content=sent, headers=YAML)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["message"].startswith("this decision follows from chronology.yaml in its folder")
