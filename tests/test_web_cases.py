"""Checking a decision: starting, answering section by section, coming back, deleting."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from advisor.pack import load
from advisor.questionnaire import read_questionnaire
from advisor.snapshot import Snapshot
from advisor.web.marks import mark
from advisor.web.settings import Settings
from tests.pages import Page, Reader
from tests.web_pack import client

HOSTILE = "<script>alert('x')</script>\"'&{{7*7}}"


@pytest.fixture
def web(small_pack: Path, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'records.sqlite3'}")
    with client(load(small_pack), settings) as made:
        yield made


@pytest.fixture
def reader(web: TestClient) -> Reader:
    return Reader(web)


def started(reader: Reader, **given: Any) -> Page:
    return reader.send(reader.open("/cases/new"), "Start", **given)


def case_of(page: Page) -> str:
    return page.url.partition("/cases/")[2].partition("/")[0].partition("?")[0]


def document(reader: Reader, page: Page) -> dict[str, Any]:
    held: dict[str, Any] = reader.client.get(f"/cases/{case_of(page)}/snapshot.json").json()
    return held


def section(reader: Reader, page: Page, name: str, owner: str) -> Page:
    case = case_of(page)
    return reader.open(f"/cases/{case}/sections/{name}/{mark(case, owner)}")


def tasks(reader: Reader, page: Page) -> Page:
    return reader.open(f"/cases/{case_of(page)}")


def test_a_check_starts_with_its_children_and_goes_to_the_first_section(reader: Reader) -> None:
    page = started(reader, children="2", every_child="yes", name="case-9")
    first = read_questionnaire().sections[0]
    assert page.headings[0] == first.title
    held = document(reader, page)
    assert held["snapshot"]["id"] == "case-9"
    assert held["children"] == [{"id": "child-1"}, {"id": "child-2"}]


def test_children_are_an_open_list_unless_somebody_says_that_they_are_all(reader: Reader) -> None:
    held = document(reader, started(reader, children="1"))
    assert held["children"] == {"complete": False, "items": [{"id": "child-1"}]}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"children": "0"}, "Enter how many children"),
        ({"children": "many"}, "Enter how many children"),
        ({"name": "Jane Doe"}, "Your name for this check must be lower-case"),
        (
            {"answers": {"day!day": "31", "day!month": "2"}},
            "The day of the decision must be a real",
        ),
        ({"authority": "No Such Place!"}, "The authority must be lower-case"),
    ],
)
def test_a_start_that_is_at_fault_says_what_to_do_and_keeps_what_was_typed(
    reader: Reader, given: dict[str, Any], error: str
) -> None:
    page = started(reader, **given)
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert any(each.startswith(error) for each in page.errors())
    for name, value in {**given.get("answers", {}), **given}.items():
        if name != "answers":
            assert (name, value) in page.form("Start").fields
    assert reader.open("/cases").text.count("Record of") == 0


def test_what_is_answered_is_kept_and_what_is_left_out_stays_unrecorded(reader: Reader) -> None:
    page = started(reader)
    following = reader.send(
        page,
        "Save and continue",
        answers={"referral.source": "school", "referral.reports": ["neglect"]},
    )
    assert following.headings[0] != page.headings[0]
    referral = document(reader, page)["referral"]
    assert referral["source"] == "school"
    assert referral["reports"] == {"complete": False, "items": ["neglect"]}
    assert set(referral) == {"source", "reports"}


def test_not_known_carries_its_reason_and_its_note(reader: Reader) -> None:
    page = started(reader)
    reader.send(
        page,
        "Save and continue",
        answers={
            "referral.history_searched": "!not_known",
            "referral.history_searched!why": "withheld",
            "referral.history_searched!note": HOSTILE,
        },
    )
    told = document(reader, page)["referral"]["history_searched"]
    assert told == {"unknown": "withheld", "note": HOSTILE}
    again = reader.open(page.url)
    assert "<script>alert" not in again.html
    assert ("referral.history_searched!note", HOSTILE) in again.form("Save").fields


def test_an_answer_at_fault_is_shown_beside_its_question_and_nothing_is_lost(
    reader: Reader,
) -> None:
    page = started(reader)
    wrong = reader.send(
        page,
        "Save and continue",
        answers={
            "referral.received_on!day": "31",
            "referral.received_on!month": "2",
            "referral.received_on!year": "2024",
            "referral.source": "school",
        },
    )
    assert wrong.status == 422
    assert wrong.title.startswith("Error: ")
    assert "real date" in wrong.errors()[0]
    fields = wrong.form("Save").fields
    assert ("referral.received_on!day", "31") in fields
    assert ("referral.source", "school") in fields
    assert "referral" not in document(reader, page)
    right = reader.send(wrong, "Save and continue", answers={"referral.received_on!day": "28"})
    assert right.status == 200
    assert document(reader, page)["referral"]["received_on"] == "2024-02-28"


def test_a_skipped_section_says_so_and_changes_nothing(reader: Reader) -> None:
    page = started(reader)
    before = document(reader, page)
    reader.send(page, "Skip for now")
    assert document(reader, page) == before
    assert "Skipped" in tasks(reader, page).text


def test_an_adult_is_added_once_however_often_the_form_is_sent(reader: Reader) -> None:
    page = tasks(reader, started(reader, children="2"))
    for _ in range(2):
        reader.send(page, "Add this adult", relation="mother:mother")
    adults = document(reader, page)["adults"]["items"]
    assert [each["id"] for each in adults] == ["mother"]
    assert [(link["child"], link["relation"]) for link in adults[0]["links"]["items"]] == [
        ("child-1", "mother"),
        ("child-2", "mother"),
    ]
    again = reader.send(tasks(reader, page), "Add this adult", relation="mother:mother-2")
    assert again.status == 200
    assert len(document(reader, page)["adults"]["items"]) == 2


def test_an_injury_is_added_answered_and_removed(reader: Reader) -> None:
    page = tasks(reader, started(reader))
    injury = reader.send(page, "Add an injury or mark")
    assert injury.headings[0] == "The injury or mark"
    name = "children.child-1.injuries.injury-1"
    reader.send(injury, "Save and continue", answers={f"{name}.kind": "bruise"})
    held = document(reader, page)["children"]["items"][0]["injuries"]["items"]
    assert held == [{"id": "injury-1", "kind": "bruise"}]
    listed = tasks(reader, page)
    asked = reader.open(listed.link("Remove Child 1: bruise"))
    assert reader.send(asked, "Remove").text.count("It is removed") == 1
    assert "injuries" not in document(reader, page)["children"]["items"][0]


def test_removing_somebody_tells_what_goes_with_them(reader: Reader) -> None:
    page = tasks(reader, started(reader))
    reader.send(page, "Add this adult", relation="father:father")
    asked = reader.open(tasks(reader, page).link("Remove The father"))
    assert asked.status == 200
    reader.send(asked, "Remove")
    assert "adults" not in document(reader, page)


def test_the_only_child_cannot_be_removed(reader: Reader) -> None:
    page = tasks(reader, started(reader))
    asked = reader.open(page.link("Remove Child 1"))
    assert asked.status == 422
    assert "at least one child" in asked.text


def test_two_tabs_on_one_section_lose_nothing(reader: Reader) -> None:
    page = started(reader)
    one, two = reader.open(page.url), reader.open(page.url)
    reader.send(one, "Save and continue", answers={"referral.source": "school"})
    reader.send(two, "Save and continue", answers={"referral.reports": ["neglect"]})
    referral = document(reader, page)["referral"]
    assert referral["source"] == "school"
    assert referral["reports"]["items"] == ["neglect"]


def test_where_two_tabs_answer_the_same_the_later_one_is_asked(reader: Reader) -> None:
    page = started(reader)
    one, two = reader.open(page.url), reader.open(page.url)
    reader.send(one, "Save and continue", answers={"referral.source": "school"})
    clash = reader.send(
        two,
        "Save and continue",
        answers={"referral.source": "police", "referral.reports": ["neglect"]},
    )
    assert clash.status == 409
    assert "was answered elsewhere: school" in clash.text
    referral = document(reader, page)["referral"]
    assert referral["source"] == "school"
    assert referral["reports"]["items"] == ["neglect"]
    assert ("referral.source", "police") in clash.form("Save").fields
    assert reader.send(clash, "Save and continue").status == 200
    assert document(reader, page)["referral"]["source"] == "police"


def test_sending_a_section_twice_is_as_sending_it_once(reader: Reader) -> None:
    page = started(reader)
    for _ in range(2):
        sent = reader.send(page, "Save and continue", answers={"referral.source": "school"})
        assert sent.status == 200
    assert document(reader, page)["referral"] == {"source": "school"}


def test_a_snapshot_is_pasted_and_comes_back_as_it_was(reader: Reader) -> None:
    text = """\
snapshot: {id: pasted-1, as_of: 2024-06-03}
children: [{id: wren, movement: {walks: {unknown: conflicting, note: "he said, she said"}}}]
"""
    page = reader.send(reader.open("/cases/new"), "Use this", text=text)
    assert page.headings[0] == "pasted-1"
    expected = Snapshot.from_data(yaml.safe_load(text.replace("2024-06-03", '"2024-06-03"'))).plain
    assert document(reader, page) == expected
    sent = reader.client.get(f"/cases/{case_of(page)}/snapshot.yaml")
    assert reader.send(reader.open("/cases/new"), "Use this", text=sent.text).status == 200


def test_a_snapshot_that_cannot_be_used_is_told_by_line_and_stays_in_the_box(
    reader: Reader,
) -> None:
    text = "snapshot: {id: x, as_of: 2024-06-03}\nchildren:\n  - {id: a, walks: true}"
    page = reader.send(reader.open("/cases/new"), "Use this", text=text)
    assert page.status == 422
    assert "Line 3" in page.text
    assert "there is no such fact here" in page.text
    assert ("text", text) in page.form("Use this").fields


def test_a_file_is_taken_in_memory_and_named_in_its_errors(web: TestClient) -> None:
    good = json.dumps(
        {"snapshot": {"id": "sent-1", "as_of": "2024-06-03"}, "children": [{"id": "a"}]}
    )
    fields = {"how": "text", "text": ""}
    page = Page(web.post("/cases/new", data=fields, files={"file": ("case.json", good)}))
    assert page.headings[0] == "sent-1"
    page = Page(web.post("/cases/new", data=fields, files={"file": ("case.json", "{")}))
    assert page.status == 422
    page = Page(web.post("/cases/new", data=fields, files={"file": ("case.bin", b"\xff\xfe\x00")}))
    assert page.status == 422
    assert "UTF-8" in page.text


def test_a_check_starts_from_any_example(reader: Reader) -> None:
    new = reader.open("/cases/new")
    names = [value for value in new.form("Start from this").values("example") if value]
    assert len(names) > 100
    page = reader.send(new, "Start from this", example=names[0])
    assert page.headings[0] == names[0]
    assert reader.send(new, "Start from this", example="").status == 422


def test_a_start_that_is_sent_twice_begins_one_check(reader: Reader) -> None:
    page = reader.open("/cases/new")
    first, second = (reader.send(page, "Start", children="2") for _ in range(2))
    assert case_of(first) == case_of(second)
    other = reader.send(page, "Start", children="3")
    assert case_of(other) != case_of(first)
    assert reader.open("/cases").text.count("Record of") == 2


def test_an_id_that_somebody_makes_up_begins_a_check_of_its_own(reader: Reader) -> None:
    page = reader.open("/cases/new")
    made_up = reader.send(page, "Start", id="../../x")
    assert made_up.status == 200
    assert case_of(made_up) != ".."


def test_a_deleted_case_is_gone_with_everything(reader: Reader) -> None:
    page = started(reader)
    case = case_of(page)
    asked = reader.open(f"/cases/{case}/delete")
    assert "every answer to a prompt" in asked.text
    done = reader.send(asked, "Delete it")
    assert "deleted" in done.text
    assert reader.open(f"/cases/{case}").status == 404
    assert reader.open(f"/cases/{case}/snapshot.json").status == 404
    assert "Nothing is kept" in done.text


def test_every_section_of_every_shipped_case_can_be_opened_and_sent_unchanged(
    reader: Reader,
) -> None:
    new = reader.open("/cases/new")
    names = [value for value in new.form("Start from this").values("example") if value]
    for name in (names[0], names[-1]):
        page = reader.send(new, "Start from this", example=name)
        before = document(reader, page)
        case = case_of(page)
        for each, owner in read_questionnaire().pages(before):
            opened = reader.open(f"/cases/{case}/sections/{each.id}/{mark(case, owner)}")
            assert opened.status == 200, (each.id, owner)
            assert reader.send(opened, "Save and go to all").status == 200, (each.id, owner)
        assert document(reader, page) == before


@pytest.mark.parametrize("path", ["/cases/nothing", "/cases/nothing/sections/referral/abc"])
def test_what_is_not_there_is_a_page_that_says_so(reader: Reader, path: str) -> None:
    page = reader.open(path)
    assert page.status == 404
    assert "There is no such check here" in page.text


def test_nothing_of_a_case_stands_in_an_address_or_a_log(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = """\
snapshot: {id: zzcanary-case, as_of: 2024-06-03}
children: [{id: zzcanary-child, injuries: [{id: zzcanary-mark, kind: bruise}]}]
adults: [{id: zzcanary-adult}]
"""
    page = reader.send(reader.open("/cases/new"), "Use this", text=text)
    seen = [page.url, *(href for _, href in page.links)]
    for _, href in page.links:
        if href.startswith("/cases/"):
            opened = reader.open(href)
            seen += [opened.url, *(link for _, link in opened.links)]
            seen += [form.action for form in opened.forms]
    assert len(seen) > 100
    assert not [each for each in seen if "zzcanary" in each]
    assert "zzcanary" not in caplog.text


def test_a_form_from_another_site_is_refused(web: TestClient) -> None:
    fields = {"how": "form", "children": "1"}
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = web.post("/cases/new", data=fields, headers=headers)
        assert answer.status_code == 403
    assert "Nothing is kept" in web.get("/cases").text


def test_a_form_of_more_than_the_limit_is_refused_before_it_is_read(web: TestClient) -> None:
    answer = web.post("/cases/new", data={"how": "text", "text": "x" * 8_000_001})
    assert answer.status_code == 413
    many = {f"field-{number}": "x" for number in range(1500)}
    assert web.post("/cases/new", data=many).status_code == 400
