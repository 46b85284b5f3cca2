"""The advice page of a case, the answers given on it, and the record for the case file."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from advisor.advice import NOTICE
from advisor.advise import advise
from advisor.pack import Pack, load
from advisor.snapshot import Snapshot
from advisor.telling import NO_PROMPTS
from advisor.web import visitors
from advisor.web.advices import Advices, Looked, looked_at
from advisor.web.app import AdvisorApp
from advisor.web.marks import mark
from advisor.web.settings import Settings
from advisor.web.visitors import Stores, User
from tests.making import pack as pack_of
from tests.making import rule, signal
from tests.pages import Page, Reader
from tests.web_pack import client

OPINION, WALKING = "non-mobile-injury.opinion", "absent-information.walking"
WALKS = "children.wren.movement.walks"
HOSTILE = "</pre><script>alert('x')</script>\"'&{{7*7}}"
MARK = [{"id": "cheek", "kind": "bruise", "known_birthmark": False}]
CASE: dict[str, Any] = {
    "snapshot": {"id": "case-1", "as_of": "2024-06-03", "authority": "here"},
    "referral": {"decision": "no_further_action"},
    "children": [{"id": "wren", "injuries": MARK}],
}


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


@pytest.fixture
def web(pack: Pack, tmp_path: Path) -> Iterator[TestClient]:
    with client(pack, settings(tmp_path)) as made:
        yield made


@pytest.fixture
def reader(web: TestClient) -> Reader:
    return Reader(web)


def settings(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'records.sqlite3'}")


def stores(web: TestClient) -> Stores:
    app = web.app
    assert isinstance(app, AdvisorApp)
    kept: Stores = app.state.keeping.stores
    return kept


def kept(web: TestClient, data: Any = CASE, owner: str = "local") -> str:
    """The id of a new case."""
    document = Snapshot.from_data(data).plain
    return stores(web).cases.create(owner, document).id


def path(case: str) -> str:
    return f"/cases/{case}/advice"


def change(web: TestClient, case: str, walks: bool | None) -> None:
    """What another tab does to the case meanwhile."""
    now = stores(web).cases.get(case, None)
    child = {"id": "wren", "injuries": MARK, "movement": {"walks": walks}}
    document = Snapshot.from_data({**CASE, "children": [child]}).plain
    stores(web).cases.save(case, now.owner, document, expected=now.revision)


def many_rules(number: int) -> Pack:
    return pack_of(
        [rule(f"r{n}", ["child.a"], text=f"Text of rule {n}.") for n in range(1, number + 1)]
    )


AMY = {
    "snapshot": {"id": "made", "as_of": "2024-06-03", "authority": "here"},
    "children": [{"id": "amy", "health": {"disabled": True}}],
}


def flat(page: Page) -> str:
    return " ".join(page.text.split())


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


# What the page says


def test_a_prompt_says_how_soon_what_who_why_and_what_it_rests_on(
    web: TestClient, reader: Reader
) -> None:
    page = reader.open(path(kept(web)))
    text = flat(page)
    for expected in (
        "case-1, as known on 3 June 2024",
        "Decision proposed: no further action.",
        "Today. Wren: action to consider, if it applies. Needs information.",
        "Ask a senior paediatrician to look at Wren's mark today.",
        "Who: social worker, with the duty senior paediatrician",
        "Why here Wren has a mark that is not a known birthmark",
        "Not known. Whether this applies depends on what is not known: Does Wren walk yet? (not "
        "recorded)",
        "What settles it Wren walks",
        "Source: A made-up review about Robin (2019), paragraphs 2.1, 2.2",
        "A mark on a baby who could not move was not shown to a senior doctor.",
        "Limits: It says nothing of a mark that a senior paediatrician has seen.",
        "Before the decision. Wren: question to ask.",
    ):
        assert expected in text, expected
    assert page.status == 200
    assert page.headings[:3] == [
        "Prompts for this case",
        "Today",
        "A mark on a child who does not walk needs a senior opinion",
    ]


def test_a_prompt_leads_to_its_rule_and_to_the_question_it_rests_on(
    web: TestClient, reader: Reader
) -> None:
    case = kept(web)
    page = reader.open(path(case))
    assert page.link(OPINION).endswith(f"/rules/{OPINION}")
    marked = mark(case, WALKS)
    assert page.link("Does Wren walk yet?").endswith(f"?ask={marked}#question-{marked}")


def test_the_notice_stands_with_prompts_and_without(web: TestClient, reader: Reader) -> None:
    quiet = {**CASE, "children": [{"id": "wren", "injuries": []}]}
    for case in (kept(web), kept(web, quiet)):
        assert NOTICE in flat(reader.open(path(case)))


def test_where_nothing_is_raised_the_page_warns_that_this_is_no_reassurance(
    web: TestClient, reader: Reader
) -> None:
    page = reader.open(path(kept(web, {**CASE, "children": [{"id": "wren", "injuries": []}]})))
    assert f"Warning {NO_PROMPTS}" in flat(page)
    assert page.html.index(NO_PROMPTS) < page.html.index("ask-next")


def test_what_was_not_looked_at_is_told_with_its_reason(web: TestClient, reader: Reader) -> None:
    page = reader.open(path(kept(web, {**CASE, "children": [{"id": "wren"}]})))
    assert "2 rules could not be looked at, because of what is not known." in flat(page)
    assert "Wren: it is not recorded whether Wren has a mark (2 rules)" in flat(page)


def test_five_prompts_stand_in_full_and_the_rest_are_folded_until_asked_for(
    tmp_path: Path,
) -> None:
    with client(many_rules(8), settings(tmp_path)) as web:
        page = Reader(web).open(path(kept(web, AMY)))
        assert len([name for name in ids(page.html) if name.startswith("prompt-")]) == 8
        assert page.html.count("<article") == 5
        assert "Amy: The rule called r8" in flat(page)
        whole = Reader(web).follow(page, "Show every prompt in full")
        assert whole.html.count("<article") == 8


def test_the_prompts_stand_under_their_urgencies_in_authored_order(tmp_path: Path) -> None:
    rules = [
        rule("late", ["child.a"], urgency="during_assessment"),
        rule("soon", ["child.a"], urgency="now"),
        rule("today", ["child.a"]),
    ]
    with client(pack_of(rules), settings(tmp_path)) as web:
        page = Reader(web).open(path(kept(web, AMY)))
    assert page.headings[1:7] == [
        "Now",
        "The rule called soon",
        "Today",
        "The rule called today",
        "During the assessment",
        "The rule called late",
    ]


def test_the_rules_the_program_and_the_snapshot_are_named(
    web: TestClient, reader: Reader, pack: Pack
) -> None:
    text = flat(reader.open(path(kept(web))))
    assert f"Rules: small, version 1.0.0, sha256 {pack.sha256}." in text
    assert f"Snapshot: sha256 {Snapshot.from_data(CASE).sha256}." in text


def test_no_id_stands_twice_and_nothing_runs_inside_the_page(tmp_path: Path) -> None:
    with client(many_rules(8), settings(tmp_path)) as web:
        html = Reader(web).open(path(kept(web, AMY))).html
    assert len(ids(html)) == len(set(ids(html)))
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


# Answering a prompt


def test_an_answer_is_kept_and_shown_at_its_prompt(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    page = reader.send(
        reader.open(path(case)), "Save this answer", answer="disagree", reason="Seen this morning."
    )
    assert "Your answer We disagree. Seen this morning. (a user of this machine, " in flat(page)
    assert page.url.endswith(f"#prompt-{mark(case, f'{OPINION}@2:wren')}")
    (response,) = stores(web).cases.responses(case)
    assert (response.prompt, response.rule, response.rule_version) == (
        f"{OPINION}@2:wren",
        OPINION,
        2,
    )
    assert response.snapshot_sha256 == Snapshot.from_data(CASE).sha256
    assert "(we disagree)" in flat(page)


def test_the_same_answer_sent_twice_is_kept_once(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    page = reader.open(path(case))
    for _ in range(2):
        reader.send(page, "Save this answer", answer="addressed")
    assert len(stores(web).cases.responses(case)) == 1


def test_the_same_answer_sent_twice_at_once_is_kept_once(web: TestClient) -> None:
    case = kept(web)
    form = {"prompt": f"{OPINION}@2:wren", "revision": "1", "answer": "already_done"}
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(web.post, f"{path(case)}/respond", data=form) for _ in range(4)]
        assert {each.result().status_code for each in sent} == {200}
    assert len(stores(web).cases.responses(case)) == 1


def test_a_changed_answer_stands_with_the_one_before(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    page = reader.send(reader.open(path(case)), "Save this answer", answer="addressed")
    page = reader.send(page, "Save this answer", answer="does_not_apply", reason="No mark")
    assert "Your answer Does not apply here. No mark." in flat(page)
    assert "Earlier answers Addressed. (a user of this machine, " in flat(page)


def test_the_form_to_change_an_answer_holds_it(web: TestClient, reader: Reader) -> None:
    awaiting = {"by!day": "5", "by!month": "6", "by!year": "2024"}
    page = reader.send(
        reader.open(path(kept(web))),
        "Save this answer",
        answer="awaiting",
        who="duty health visitor",
        answers=awaiting,
    )
    assert "Your answer Awaiting: duty health visitor, by 5 June 2024." in flat(page)
    fields = dict(page.form("Save this answer").fields)
    assert fields["answer"] == "awaiting"
    assert fields["who"] == "duty health visitor"
    assert {name: fields[name] for name in awaiting} == awaiting


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({}, "answer", "Choose what you did about this prompt"),
        ({"answer": "disagree"}, "reason", "Say why, in a sentence"),
        ({"answer": "awaiting", "by!day": "5"}, "who", "Give the role of whoever is to answer"),
        ({"answer": "awaiting", "who": "GP"}, "by", "Give the day by which you expect an answer"),
        (
            {"answer": "awaiting", "who": "GP", "by!day": "1", "by!month": "6", "by!year": "2024"},
            "by",
            "The day must not be before 03/06/2024",
        ),
    ],
)
def test_an_answer_at_fault_is_told_at_its_prompt_and_nothing_typed_is_lost(
    web: TestClient, reader: Reader, given: dict[str, str], field: str, message: str
) -> None:
    case = kept(web)
    page = reader.send(
        reader.open(path(case)), "Save this answer", answers={**given, "reason": given.get("r", "")}
    )
    assert page.status == 422
    assert page.title.startswith("Error: ")
    leads = page.link(message).partition("#")[2]
    assert leads == f"p{mark(case, f'{OPINION}@2:wren')}-{field}"
    assert leads in ids(page.html)
    assert any(error.startswith(message) for error in page.errors())
    fields = dict(page.form("Save this answer").fields)
    assert {name: fields.get(name, "") for name in given} == given
    assert stores(web).cases.responses(case) == ()


def test_a_fault_in_a_folded_prompt_is_shown_open(tmp_path: Path) -> None:
    with client(many_rules(7), settings(tmp_path)) as web:
        case = kept(web, AMY)
        form = {"prompt": "made-up.r7@1:amy", "revision": "1", "answer": "disagree"}
        html = web.post(f"{path(case)}/respond", data=form).text
    folded = html.rindex("<details", 0, html.index("Amy: The rule called r7"))
    assert html[folded : html.index(">", folded)].endswith(" open")


def test_an_answer_to_a_prompt_that_has_gone_meanwhile_is_kept(
    web: TestClient, reader: Reader
) -> None:
    case = kept(web)
    page = reader.open(path(case))
    change(web, case, walks=True)
    page = reader.send(page, "Save this answer", answer="addressed")
    assert "Your answer is kept. The case was changed meanwhile" in flat(page)
    (response,) = stores(web).cases.responses(case)
    assert response.revision == 1
    assert "Answered, and no longer raised" in flat(reader.open(f"/cases/{case}/record"))


def test_an_answer_given_before_the_case_changed_says_so(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    reader.send(reader.open(path(case)), "Save this answer", answer="addressed")
    change(web, case, walks=False)
    page = reader.open(path(case))
    assert "It was given before the case was last changed." in flat(page)


# What to ask next


def test_an_answer_to_a_question_tells_what_it_changed(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    page = reader.open(path(case))
    assert "If no: raises “A mark on a child who does not walk" in flat(page)
    page = reader.send(page, "Save and see what changes", answers={WALKS: "false"})
    assert page.url.endswith(f"{path(case)}?since=1#what-changed")
    text = flat(page)
    assert "What changed Prompts that stand otherwise Today, Wren: A mark on a child" in text
    assert "It is now raised." in text
    assert "No longer raised Wren: Find out whether a child with a mark can walk." in text
    assert "does not mean that a child is safe" in text
    assert "Today. Wren: action to consider. " in text
    held = stores(web).cases.get(case, "local")
    assert held.document["children"][0]["movement"] == {"walks": False}


def test_an_answer_sent_twice_makes_one_change(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    page = reader.open(path(case))
    for _ in range(2):
        after = reader.send(page, "Save and see what changes", answers={WALKS: "false"})
        assert "What changed" in flat(after)
    assert stores(web).cases.get(case, None).revision == 2


def test_a_question_to_which_nothing_is_chosen_says_so(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    page = reader.send(reader.open(path(case)), "Save and see what changes")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.link("Select an answer. Nothing was changed").endswith(f"#{WALKS}")
    assert WALKS in ids(page.html)
    assert stores(web).cases.get(case, None).revision == 1


def test_a_question_is_opened_by_its_mark_and_another_mark_opens_none(tmp_path: Path) -> None:
    wanted = [f"child.{name}" for name in "abcdefgh"]
    facts = ("disabled", "born_early", "complex_health_needs", "practitioner_in_contact")
    paths = [f"child.health.{name}" for name in facts]
    paths += ["child.movement.walks", "child.movement.crawls", "child.movement.sits"]
    paths += ["child.singled_out"]
    signals = [signal(n, {"fact": fact}) for n, fact in zip(wanted, paths, strict=True)]
    rules = [rule(name[-1], [name]) for name in wanted]
    data = {**AMY, "children": [{"id": "amy"}]}
    with client(pack_of(rules, signals), settings(tmp_path)) as web:
        case = kept(web, data)
        reader = Reader(web)
        page = reader.open(path(case))
        asked = [each for each in page.forms if each.action.endswith("/answer")]
        assert len(asked) == 5
        folded = advise(Snapshot.from_data(data), pack_of(rules, signals)).questions[-1]
        opened = reader.follow(page, folded.ask)
        first = next(each for each in opened.forms if each.action.endswith("/answer"))
        assert ("question", folded.path) in first.fields
        assert reader.open(f"{path(case)}?ask=0123456789ab").forms == page.forms


def test_what_was_answered_in_another_tab_is_not_overwritten(
    web: TestClient, reader: Reader
) -> None:
    case = kept(web)
    page = reader.open(path(case))
    change(web, case, walks=True)
    clash = reader.send(page, "Save and see what changes", answers={WALKS: "false"})
    assert clash.status == 409
    assert "In the case now yes Your answer, not yet kept no" in flat(clash)
    held = stores(web).cases.get(case, None)
    assert held.document["children"][0]["movement"] == {"walks": True}
    after = reader.send(clash, "Put my answer in its place")
    assert after.status == 200
    held = stores(web).cases.get(case, None)
    assert held.document["children"][0]["movement"] == {"walks": False}


def test_an_answer_about_an_entry_that_is_gone_changes_nothing(
    web: TestClient, reader: Reader
) -> None:
    case = kept(web)
    fact = "children.wren.injuries.cheek.examined_by_gp"
    document = Snapshot.from_data({**CASE, "children": [{"id": "wren", "injuries": []}]}).plain
    stores(web).cases.save(case, "local", document, expected=1)
    form = {"question": fact, "revision": "1", fact: "true"}
    page = Page(web.post(f"{path(case)}/answer", data=form))
    assert "What you answered about was removed meanwhile. Nothing was changed." in flat(page)
    assert stores(web).cases.get(case, None).revision == 2


@pytest.mark.parametrize("since", ["0", "9", "-1", "x", "99999999999", "1.5"])
def test_a_revision_that_is_none_compares_with_nothing(
    web: TestClient, reader: Reader, since: str
) -> None:
    page = reader.open(f"{path(kept(web))}?since={since}")
    assert page.status == 200
    assert "What changed" not in page.headings


def test_what_the_last_change_did_can_be_asked_for(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    change(web, case, walks=False)
    page = reader.follow(reader.open(path(case)), "What the last change did")
    assert "What changed" in page.headings


def test_a_change_that_changed_nothing_says_so_without_reassurance(
    web: TestClient, reader: Reader
) -> None:
    case = kept(web)
    document = Snapshot.from_data({**CASE, "referral": {"decision": "early_help"}}).plain
    stores(web).cases.save(case, "local", document, expected=1)
    text = flat(reader.open(f"{path(case)}?since=1"))
    assert "Nothing changed in the prompts, in what to ask or in what could be looked at." in text


# The record


def test_the_record_is_a_page_plain_text_and_json(web: TestClient, reader: Reader) -> None:
    case = kept(web)
    reader.send(reader.open(path(case)), "Save this answer", answer="addressed")
    page = reader.open(f"/cases/{case}/record")
    text = web.get(f"/cases/{case}/record.txt")
    document = web.get(f"/cases/{case}/record.json")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert document.headers["content-type"] == "application/json"
    for answer, ending in ((text, "txt"), (document, "json")):
        assert answer.headers["content-disposition"] == f'inline; filename="record.{ending}"'
        assert answer.headers["cache-control"] == "no-store"
    assert "Answer      Addressed. (a user of this machine, " in text.text
    assert json.loads(document.text)["prompts"][0]["answer"]["answer"] == "addressed"
    assert "Answer Addressed. (a user of this machine, " in flat(page)
    assert '<pre class="app-record" id="record-text">RECORD OF PROMPTS' in page.html
    assert 'data-app-copy="record-text"' in page.html
    assert "Prompts: today" in page.headings


def test_the_record_says_in_the_page_what_it_says_in_the_text(
    web: TestClient, reader: Reader
) -> None:
    case = kept(web)
    page = flat(reader.open(f"/cases/{case}/record"))
    words = re.sub(r"^[-=]+$", "", web.get(f"/cases/{case}/record.txt").text, flags=re.M)
    for line in words.splitlines()[2:]:
        told = re.sub(r"^[ ]*(\d+\. |- )?", "", line)
        told = re.sub(r"^([A-Z][a-z ]{1,10}?) {2,}", r"\1 ", told)
        if told and not told.isupper() and not told.startswith("Made"):
            assert " ".join(told.split()) in page, told


# Who may see it, and what leaves


@pytest.mark.parametrize("ending", ["advice", "record", "record.txt", "record.json"])
def test_a_case_that_is_not_there_or_is_somebody_elses_is_not_found(
    web: TestClient, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = kept(web, owner="somebody-else")
    worker = User("local", "", frozenset({"worker"}))
    monkeypatch.setattr(visitors, "user_of", lambda _: worker)
    for case in (another, "no-such-case", "x" * 22):
        assert web.get(f"/cases/{case}/{ending}").status_code == 404


@pytest.mark.parametrize("form", ["respond", "answer"])
def test_nothing_is_answered_in_somebody_elses_case(web: TestClient, form: str) -> None:
    case = kept(web, owner="somebody-else")
    data = {"prompt": f"{OPINION}@2:wren", "answer": "addressed", "question": WALKS, WALKS: "true"}
    assert web.post(f"{path(case)}/{form}", data=data).status_code == 404
    assert stores(web).cases.responses(case) == ()
    assert stores(web).cases.get(case, None).revision == 1


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("respond", {"prompt": "no.such@1:wren", "revision": "1", "answer": "addressed"}),
        ("respond", {"prompt": ""}),
        ("answer", {"question": "children.nobody.movement.walks", "revision": "1"}),
        ("answer", {"question": "no.such.fact"}),
        ("answer", {"question": ""}),
    ],
)
def test_an_answer_to_nothing_that_is_there_is_not_found(
    web: TestClient, form: str, data: dict[str, str]
) -> None:
    assert web.post(f"{path(kept(web))}/{form}", data=data).status_code == 404


def test_an_auditor_reads_everything_and_answers_nothing(
    web: TestClient, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = kept(web, owner="somebody-else")
    auditor = User("auditor-1", "An auditor", frozenset({"auditor"}))
    monkeypatch.setattr(visitors, "user_of", lambda _: auditor)
    page = reader.open(path(case))
    assert page.status == 200
    assert not [form for form in page.forms if case in form.action]
    assert "No answer is recorded." in flat(page)
    assert "by An auditor (auditor)" in web.get(f"/cases/{case}/record.txt").text
    assert web.post(f"{path(case)}/respond", data={"prompt": ""}).status_code == 403


def test_somebody_without_the_role_is_refused(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = kept(web)
    trainer = User("local", "", frozenset({"trainer"}))
    monkeypatch.setattr(visitors, "user_of", lambda _: trainer)
    for ending in ("advice", "record", "record.txt", "record.json"):
        assert web.get(f"/cases/{case}/{ending}").status_code == 403


@pytest.mark.parametrize("ending", ["advice", "record", "record.txt", "record.json"])
def test_head_is_answered_as_get_is_without_a_body(web: TestClient, ending: str) -> None:
    answer = web.head(f"/cases/{kept(web)}/{ending}")
    assert answer.status_code == 200
    assert answer.content == b""


def test_hostile_text_is_shown_as_text_wherever_it_stands(web: TestClient, reader: Reader) -> None:
    unknown = {"unknown": "asked_not_known", "note": HOSTILE}
    child = {"id": "wren", "injuries": MARK, "movement": {"walks": unknown}}
    case = kept(web, {**CASE, "children": [child]})
    page = reader.send(
        reader.open(path(case)), "Save this answer", answer="disagree", reason=HOSTILE
    )
    assert HOSTILE in page.text
    for html in (page.html, web.get(f"/cases/{case}/record").text):
        assert "<script>alert" not in html
        assert "</pre><script" not in html
    faulty = {
        "prompt": f"{OPINION}@2:wren",
        "answer": "awaiting",
        "who": HOSTILE,
        "reason": HOSTILE,
    }
    assert "<script>alert" not in web.post(f"{path(case)}/respond", data=faulty).text
    assert HOSTILE in web.get(f"/cases/{case}/record.txt").text.replace("\n               ", " ")


def test_nothing_of_a_case_reaches_an_address_or_the_log(
    web: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    case = kept(web)
    sent = [
        ("respond", {"prompt": f"{OPINION}@2:wren", "answer": "disagree", "reason": "zzcanary"}),
        ("respond", {"prompt": f"{OPINION}@2:wren", "answer": "disagree", "who": "zzcanary"}),
        ("answer", {"question": WALKS, WALKS: "false", f"{WALKS}!note": "zzcanary"}),
    ]
    for form, data in sent:
        answer = web.post(f"{path(case)}/{form}", data=data, follow_redirects=False)
        location = answer.headers.get("location", "")
        assert "wren" not in location
        assert "walks" not in location
    said = caplog.text.lower()
    assert "zzcanary" not in said
    assert "wren" not in said


# What is kept in memory


def test_a_page_drawn_again_is_not_worked_out_again(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(document: Any, pack: Pack) -> Looked:
        made.append(str(document["snapshot"]["id"]))
        return looked_at(document, pack)

    monkeypatch.setattr("advisor.web.advised.looked_at", counted)
    case = kept(web)
    for _ in range(3):
        assert web.get(path(case)).status_code == 200
    assert made == ["case-1"]
    change(web, case, walks=False)
    web.get(f"{path(case)}?since=1")
    assert len(made) == 2


def test_only_so_many_advices_are_kept_and_a_case_can_be_forgotten(pack: Pack) -> None:
    kept_ones, made = Advices(most=2), list[str]()

    def maker(name: str) -> Callable[[], Looked]:
        def make() -> Looked:
            made.append(name)
            return looked_at(CASE, pack)

        return make

    for name in ("a", "b", "a", "c", "a", "b"):
        kept_ones.get((name, 1, pack.sha256), maker(name))
    assert made == ["a", "b", "c", "b"]
    kept_ones.forget("b")
    kept_ones.get(("b", 1, pack.sha256), maker("b"))
    kept_ones.get(("a", 1, pack.sha256), maker("a"))
    assert made == ["a", "b", "c", "b", "b"]


def test_advices_are_kept_for_several_threads_at_once(pack: Pack) -> None:
    kept_ones = Advices(most=3)
    looked = looked_at(CASE, pack)

    def asked(number: int) -> Looked:
        if number % 10 == 0:
            kept_ones.forget(f"case-{number % 5}")
        return kept_ones.get((f"case-{number % 5}", 1, pack.sha256), lambda: looked)

    with ThreadPoolExecutor(8) as pool:
        assert set(map(id, pool.map(asked, range(2000)))) == {id(looked)}
