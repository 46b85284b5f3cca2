"""Exercises in the application: nothing before its turn, a decision kept first, no ranking."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from advisor.chronology.views import knows_from
from advisor.exercise import Exercise, exercises, read_exercise
from advisor.pack import Pack, load
from advisor.replay import Replay, replay
from advisor.stages import StagePage, stage_pages
from advisor.web import group_routes, revealing, staging, visitors
from advisor.web.app import AdvisorApp, create_app
from advisor.web.revealing import Revealing, revealed, told_so_far
from advisor.web.settings import ROLES, Settings
from advisor.web.visitors import LOCAL, User
from tests.small_story import write_story
from tests.web_pack import caller

HOSTILE = '<script>alert(1)</script> & "quotes" \''
SHIPPED = [each.head.id for each in exercises(Path(__file__).parent.parent / "scenarios")]


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The small story with its exercise, in place of those that ship."""
    made = write_story(tmp_path / "data")
    monkeypatch.setenv("ADVISOR_DATA", str(tmp_path / "data"))
    staging.shared.cache_clear()
    yield made
    staging.shared.cache_clear()


def application(pack: Pack | None, folder: Path) -> AdvisorApp:
    return built(pack, Settings(database_url=f"sqlite:///{folder / 'kept.sqlite'}"))


def built(pack: Pack | None, settings: Settings) -> AdvisorApp:
    app = create_app(pack, settings)
    return app


@pytest.fixture
def app(pack: Pack, story: Path, tmp_path: Path) -> AdvisorApp:
    return application(pack, tmp_path)


@pytest.fixture
def web(app: AdvisorApp) -> Iterator[TestClient]:
    with caller(app, follow_redirects=False) as made:
        yield made


def started(web: TestClient, exercise: str = "a-mark", groups: str = "Red\nBlue") -> str:
    """Start a run; gives its path."""
    form = {"name": "Tuesday", "groups": groups}
    answer = web.post(f"/exercises/{exercise}/runs", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def groups_of(web: TestClient, run: str) -> list[str]:
    """The paths of the groups of a run, in order."""
    found = re.findall(r'href="(/groups/[\w-]{22})"', web.get(run).text)
    return list(dict.fromkeys(found))


@pytest.fixture
def red(web: TestClient) -> str:
    """The path of a group in a new run."""
    return groups_of(web, started(web))[0]


def decided(
    web: TestClient, group: str, stage: int, option: str, reason: str = ""
) -> httpx2.Response:
    return web.post(f"{group}/stages/{stage}", data={"option": option, "reason": reason})


def words(answer: httpx2.Response) -> str:
    """A page as text, with every sign as it reads."""
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


class Checked(HTMLParser):
    """Reads a page and fails on what a strict policy or a reader would stumble over."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.regions: list[str | None] = []
        self.feed(text)
        self.close()
        assert len(self.ids) == len(set(self.ids)), "an id is used twice"
        assert self.headings.count("h1") == 1
        assert len(self.regions) == len(set(self.regions)), "two regions of one name"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        assert tag != "style" and "style" not in held
        assert tag != "script" or held.get("src")
        assert not [name for name in held if name.startswith("on")]
        self.ids += [value for name, value in attrs if name == "id" and value]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if held.get("role") == "region":
            assert held.get("tabindex") == "0"
            self.regions.append(held.get("aria-label"))


# What is told, and when


class Canaries:
    """What each page of an exercise may not hold yet, worked out from the files alone."""

    def __init__(self, exercise: Exercise, pack: Pack) -> None:
        self.exercise, self.pack = exercise, pack
        self.pages: list[StagePage] = list(stage_pages(exercise))

    def entries_before(self, number: int, hand: int | None) -> set[str]:
        """The entries that may be seen at a stage before its decision, by what they say."""
        stages = self.exercise.stages
        seen = {each.what for stage in stages[:number] for each in stage.told}
        if hand is not None:
            name = self.exercise.head.hands[hand].name
            seen |= {each.what for each in stages[number - 1].held[name]}
        else:
            # The picture tells what those who decide have known all along.
            deciders = stages[number - 1].decision.head.known_to
            back = {each.id for each in stages[number - 1].kept_back}
            earlier = {each.id for stage in stages[: number - 1] for each in stage.kept_back}
            day = stages[number - 1].decision.snapshot.as_of.first
            for each in self.exercise.story.entries:
                since = knows_from(each, deciders)
                if since is not None and since.last <= day and each.id not in back - earlier:
                    seen.add(each.what)
        return seen

    def entries_after(self, number: int) -> set[str]:
        """Those that may be seen in the reveal of a stage: what anybody knew by that day."""
        day = self.exercise.stages[number - 1].decision.snapshot.as_of.first
        return {
            each.what
            for each in self.exercise.story.entries
            if any(since.last <= day for since in each.known.values())
        }

    def told_later(self, number: int, *, reveal: bool) -> Iterator[str]:
        """What belongs to a later stage than this, or to its own reveal before that is due."""
        before = self.exercise.stages[:number]
        options = {option.text for stage in before for option in stage.stage.options}
        for stage in self.exercise.stages[number:]:
            yield stage.stage.told
            yield from stage.stage.discuss
            yield from (each.text for each in stage.stage.options if each.text not in options)
        for stage in self.exercise.stages[number if reveal else number - 1 :]:
            head = stage.decision.head
            yield from filter(None, (stage.stage.after, head.decided, head.review_says, head.title))

    def assert_none(
        self, text: str, number: int, *, reveal: bool = False, hand: int | None = None
    ) -> None:
        seen = self.entries_after(number) if reveal else self.entries_before(number, hand)
        every = {each.what for each in self.exercise.story.entries}
        # What came after a decision may be told in the words of an entry.
        heads = [stage.decision.head for stage in self.exercise.stages[:number] if reveal]
        told = [*(each.decided for each in heads), *(each.review_says for each in heads)]
        told += [stage.stage.after for stage in self.exercise.stages[:number] if reveal]
        unsaid = [each for each in every - seen if not any(each in (said or "") for said in told)]
        found = [each for each in unsaid if each in text]
        found += [each for each in self.told_later(number, reveal=reveal) if each in text]
        if not reveal:
            found += [rule.title for rule in self.pack.rules.values() if rule.title in text]
            found += [each.title for each in self.pack.reviews.values() if each.title in text]
            found += [each for each in self.exercise.head.aims if each in text]
            assert self.exercise.head.about not in text
        assert found == []


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> AdvisorApp:
    """The application as it ships."""
    return application(None, tmp_path_factory.mktemp("shipped"))


@pytest.mark.parametrize("name", SHIPPED)
def test_no_page_of_a_shipped_exercise_holds_anything_before_its_turn(
    name: str, shipped: AdvisorApp
) -> None:
    app = shipped
    with caller(app, follow_redirects=False) as web:
        pack = app.state.service.ready.pack
        exercise = staging.shared().exercises[name]
        canaries = Canaries(exercise, pack)
        run = started(web, name, "")
        (group,) = groups_of(web, run)
        for number, staged in enumerate(exercise.stages, start=1):
            here = f"{group}/stages/{number}"
            for path in (run, f"{run}?all=1", group, here):
                page = web.get(path)
                Checked(page.text)
                canaries.assert_none(words(page), number)
            for hand in range(len(exercise.head.hands)):
                page = web.get(f"{here}?hand={hand + 1}")
                Checked(page.text)
                canaries.assert_none(words(page), number, hand=hand)
            early = [f"{here}/reveal", f"{here}/progress"]
            if number < len(exercise.stages):
                early += [
                    f"{group}/stages/{number + 1}{more}" for more in ("", "?hand=1", "/reveal")
                ]
            for path in early:
                answer = web.get(path)
                assert (answer.status_code, answer.content) == (303, b""), path
                assert answer.headers["location"] == here
            if number == 1:
                assert exercise.head.care in words(web.get(here))
                assert exercise.head.care in words(web.get(group))

            assert decided(web, group, number, staged.stage.options[0].id).status_code == 303
            revealed_to(web, app, here, exercise, number)
            page = web.get(f"{here}/reveal")
            Checked(page.text)
            assert '<svg xmlns="http://www.w3.org/2000/svg" class="picture"' in page.text
            canaries.assert_none(words(page), number, reveal=True)
            assert str(staged.decision.head.decided) in words(page)
            for each in staged.kept_back:
                assert each.what in words(page)


def revealed_to(web: TestClient, app: AdvisorApp, here: str, exercise: Exercise, n: int) -> None:
    """Wait until a reveal is whole."""
    assert web.get(f"{here}/reveal").status_code == 200
    assert app.state.revealing.picture(exercise, n, 60) is not None
    assert web.get(f"{here}/progress").json() == {"done": 2, "of": 2}


def test_a_stage_shows_what_was_known_and_preselects_nothing(web: TestClient, red: str) -> None:
    page = words(web.get(f"{red}/stages/1"))
    assert "Stage 1 of 2: 10 May 2024" in page
    assert "The nursery rings." in page
    assert "The nursery saw a mark on the cheek, and rang eight days later." in page
    assert "What has nobody asked yet?" in page
    assert page.count('type="radio"') == 2 and " checked" not in page
    assert "Three weeks went by." not in page and "did not walk yet" not in page


def test_what_a_hand_holds_stands_on_its_own_page_alone(web: TestClient, red: str) -> None:
    nursery = words(web.get(f"{red}/stages/1?hand=2"))
    worker = words(web.get(f"{red}/stages/1?hand=1"))
    assert "The nursery noted that the baby did not walk yet." in nursery
    assert "You hold nothing beyond what everybody is told." in worker
    assert "did not walk yet" not in worker
    for wrong in ("3", "0", "-1", "x", "1%00"):
        assert web.get(f"{red}/stages/1?hand={wrong}").status_code == 404


def test_a_long_list_is_folded_and_a_short_one_is_not(
    web: TestClient, red: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "What is known: 2 points" not in words(web.get(f"{red}/stages/1"))
    monkeypatch.setattr("advisor.web.exercise_view.FOLD", 1)
    assert "What is known: 2 points" in words(web.get(f"{red}/stages/1"))


def test_the_reveal_tells_all_of_its_own_stage_and_none_of_the_next(
    web: TestClient, app: AdvisorApp, red: str
) -> None:
    answer = decided(web, red, 1, "advice", "It was small.\nWe knew no more.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{red}/stages/1/reveal")
    exercise = staging.shared().exercises["a-mark"]
    revealed_to(web, app, f"{red}/stages/1", exercise, 1)
    page = words(web.get(f"{red}/stages/1/reveal"))
    for told in (
        "Give advice",
        "It was small.",
        "Advice was given, and no more.",
        "The story is invented, so there is no review of it.",
        "Find out whether a child with a mark can walk",
        "Before the decision, Wren: question to ask. To: whoever takes the referral",
        "A made-up review about Robin (2019), paragraph 2.3",
        "The nursery noted that the baby did not walk yet.",
        "Three weeks went by.",
        "What happened by 10 May 2024, and when The council knew of it",
    ):
        assert told in page, told
    for later in ("The nursery rings again.", "Wait", "A doctor was asked.", "walked."):
        assert later not in page, later


def test_a_decision_leads_to_the_next_stage_and_the_last_to_the_close(
    web: TestClient, red: str
) -> None:
    decided(web, red, 1, "advice")
    assert f'href="{red}/stages/2"' in web.get(f"{red}/stages/1/reveal").text
    assert "Go on with stage 2" in web.get(red).text
    assert decided(web, red, 2, "wait").status_code == 303
    assert "To close" in web.get(f"{red}/stages/2/reveal").text
    assert "You have decided every stage." in web.get(red).text
    past = web.get(f"{red}/stages/1").text
    assert 'type="radio"' not in past and "See what is revealed" in past


# Decisions


def test_a_decision_out_of_turn_is_not_kept(web: TestClient, red: str) -> None:
    answer = decided(web, red, 2, "wait")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{red}/stages/1")
    assert "Begin with stage 1" in web.get(red).text


def test_the_same_form_sent_twice_is_one_decision(web: TestClient, red: str) -> None:
    for _ in range(2):
        answer = decided(web, red, 1, "advice", "It was small.")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{red}/stages/1/reveal")


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("medical", "It was small."),
        ("advice", "On second thoughts"),
        ("", ""),
        ("guess", "x" * 2000),
    ],
)
def test_a_second_decision_changes_nothing_and_shows_the_first(
    web: TestClient, red: str, option: str, reason: str
) -> None:
    decided(web, red, 1, "advice", "It was small.")
    answer = decided(web, red, 1, option, reason)
    assert answer.status_code == 409
    assert "This group has already decided" in answer.text
    assert "Give advice" in answer.text and "It was small." in answer.text
    Checked(answer.text)
    assert "It was small." in web.get(f"{red}/stages/1").text


@pytest.mark.parametrize(
    ("option", "reason", "message"),
    [
        ("", "because", "Select what you decide."),
        ("guess", "because", "Select what you decide."),
        ("advice", "x" * 1001, "Shorten the reason to 1,000 characters or fewer."),
        ("advice", "be\x07cause", "Take out the characters of the reason that cannot be seen."),
    ],
)
def test_a_form_at_fault_is_shown_again_with_what_was_written_and_not_kept(
    web: TestClient, red: str, option: str, reason: str, message: str
) -> None:
    answer = decided(web, red, 1, option, reason)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text and "There is a problem" in answer.text
    assert message in answer.text
    assert "\x07" in reason or reason in answer.text
    Checked(answer.text)
    assert web.get(f"{red}/stages/1/reveal").status_code == 303


def test_groups_that_decide_at_once_leave_one_decision(web: TestClient, red: str) -> None:
    answers: list[int] = []
    forms = [("advice", f"voice {number}") for number in range(6)]
    threads = [
        threading.Thread(target=lambda f=form: answers.append(decided(web, red, 1, *f).status_code))
        for form in forms
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [303, 409, 409, 409, 409, 409]


# Runs


def test_a_run_shows_each_group_with_its_link_and_how_far_it_is(web: TestClient) -> None:
    run = started(web, groups="Red\n\n  Blue  \n")
    page = words(web.get(run))
    assert "Tuesday" in page and page.index("Red") < page.index("Blue")
    red, _ = groups_of(web, run)
    assert f"http://127.0.0.1{red}</a>" in page
    assert page.count("Deciding on stage 1 of 2") == 2
    decided(web, red, 1, "advice")
    decided(web, red, 2, "wait")
    page = words(web.get(run))
    assert "All stages decided" in page and "Deciding on stage 1 of 2" in page
    Checked(web.get(run).text)


def test_a_run_without_named_groups_is_for_everyone(web: TestClient) -> None:
    run = started(web, groups=" \n ")
    assert len(groups_of(web, run)) == 1
    assert "Everyone" in web.get(run).text


def test_links_have_the_address_that_the_installation_is_known_by(
    pack: Pack, story: Path, tmp_path: Path
) -> None:
    kept = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    app = built(pack, Settings(database_url=kept, public_url="http://localhost:9000"))
    with caller(app, follow_redirects=False) as web:
        run = started(web)
        assert f"http://localhost:9000{groups_of(web, run)[0]}</a>" in web.get(run).text


def test_decisions_are_compared_only_once_every_group_has_taken_them(web: TestClient) -> None:
    run = started(web)
    red, blue = groups_of(web, run)
    decided(web, blue, 1, "medical", "Nobody knew whether.")
    page = words(web.get(run))
    assert "Nobody knew whether." not in page and "10 May 2024" not in page
    assert "Show what some groups have decided already" in page
    asked = words(web.get(f"{run}?all=1"))
    assert "Some groups have not decided yet: do not show this on the shared screen." in asked
    assert "Nobody knew whether." in asked and "Not decided yet" in asked
    decided(web, red, 1, "advice", "It was small.")
    page = words(web.get(run))
    compared = page[page.index("Stage 1: 10 May 2024") :]
    # In the order of their naming, whoever decided first.
    assert compared.index("It was small.") < compared.index("Nobody knew whether.")
    assert "Some groups have not decided yet" not in words(web.get(f"{run}?all=1"))
    for word in ("right", "wrong", "correct", "score", "best", "most"):
        assert not re.search(rf"\b{word}\b", compared[: compared.index("Add a group")]), word


def test_a_group_can_be_added_and_is_the_last(web: TestClient) -> None:
    run = started(web)
    answer = web.post(f"{run}/groups", data={"name": "Green"})
    assert (answer.status_code, answer.headers["location"]) == (303, run)
    assert len(groups_of(web, run)) == 3
    page = web.get(run).text
    assert page.index("Blue") < page.index("Green")


def test_a_run_has_at_most_twelve_groups(web: TestClient) -> None:
    run = started(web, groups="\n".join(f"Table {number}" for number in range(12)))
    assert "Add the group" not in web.get(run).text
    answer = web.post(f"{run}/groups", data={"name": "Thirteen"})
    assert answer.status_code == 422 and "at most 12 groups" in answer.text
    assert len(groups_of(web, run)) == 12


@pytest.mark.parametrize(
    ("name", "groups", "message"),
    [
        ("", "Red", "Enter a name for the run."),
        ("x" * 81, "Red", "Shorten the name of the run to 80 characters."),
        ("Tues\x1bday", "Red", "Take out the characters in the name of the run"),
        ("Tues\u202eday", "Red", "Take out the characters in the name of the run"),
        ("Tuesday", "x" * 81, "Shorten the name of each group to 80 characters."),
        ("Tuesday", "Red\tBlue", "Take out the characters in the name of each group"),
        ("Tuesday", "Red\nred", "Give each group a name of its own"),
        (
            "Tuesday",
            "\n".join(map(str, range(13))),
            "at most 12 groups, one on each line; there are 13",
        ),
    ],
)
def test_a_run_that_cannot_be_is_refused_with_what_to_do(
    web: TestClient, name: str, groups: str, message: str
) -> None:
    answer = web.post("/exercises/a-mark/runs", data={"name": name, "groups": groups})
    assert answer.status_code == 422
    assert message in answer.text and "<title>Error: " in answer.text
    Checked(answer.text)
    assert "You have no run at present." in web.get("/exercises").text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Enter a name for the group."),
        ("RED", "Give this group another name"),
        ("a\x00b", "that cannot be seen"),
    ],
)
def test_a_group_that_cannot_be_is_refused(web: TestClient, name: str, message: str) -> None:
    run = started(web)
    answer = web.post(f"{run}/groups", data={"name": name})
    assert answer.status_code == 422 and message in answer.text
    Checked(answer.text)
    assert len(groups_of(web, run)) == 2


def test_a_run_is_deleted_only_after_it_was_asked(web: TestClient) -> None:
    run = started(web)
    (red, *_) = groups_of(web, run)
    asked = web.get(f"{run}/delete")
    assert "Delete this run?" in asked.text
    Checked(asked.text)
    assert web.get(run).status_code == 200
    answer = web.post(f"{run}/delete")
    assert (answer.status_code, answer.headers["location"]) == (303, "/exercises")
    for gone in (run, f"{run}/delete", red, f"{red}/stages/1", f"{red}/stages/1/reveal"):
        assert web.get(gone).status_code == 404, gone
    assert web.post(f"{run}/delete").status_code == 404
    assert decided(web, red, 1, "advice").status_code == 404


def test_the_list_shows_what_each_exercise_is_on_and_ones_own_runs(web: TestClient) -> None:
    page = words(web.get("/exercises"))
    assert "30 minutes, 2 stages. An invented family." in page
    assert "A call from a nursery, and what it left out." in page
    run = started(web)
    page = words(web.get("/exercises"))
    assert f'href="{run}"' in page and f'href="{run}/delete"' in page
    Checked(web.get("/exercises").text)


def test_the_page_of_an_exercise_has_its_care_note_aims_and_sheets(web: TestClient) -> None:
    answer = web.get("/exercises/a-mark")
    page = words(answer)
    assert "Anybody may step out at any time, and nobody has to say why." in page
    assert "To ask what a child can do before weighing a mark." in page
    for which in ("participants", "facilitator", "reveal"):
        assert f"/exercises/a-mark/sheets/{which}" in page
    Checked(answer.text)
    assert web.get("/exercises/a-marc").status_code == 404


def test_hostile_words_stay_words_on_every_page(web: TestClient) -> None:
    form = {"name": HOSTILE, "groups": f"{HOSTILE}\n{{{{ 7*7 }}}}"}
    run = web.post("/exercises/a-mark/runs", data=form).headers["location"]
    red, blue = groups_of(web, run)
    decided(web, red, 1, "advice", HOSTILE)
    decided(web, blue, 1, "advice", HOSTILE)
    again = decided(web, red, 1, "medical", HOSTILE)
    pages = [
        web.get(path)
        for path in (
            "/exercises",
            run,
            f"{run}/delete",
            red,
            blue,
            f"{red}/stages/1",
            f"{red}/stages/2",
            f"{red}/stages/1/reveal",
        )
    ]
    for answer in (again, *pages):
        assert "<script>alert" not in answer.text
        assert "49" not in re.sub(r"[\w-]{22}", "", answer.text) or "{{ 7*7 }}" not in answer.text
        assert HOSTILE in html.unescape(answer.text) or "7*7" in answer.text
        Checked(answer.text)
        assert "'unsafe" not in answer.headers["content-security-policy"]


# Who may


def as_user(monkeypatch: pytest.MonkeyPatch, user: User | None) -> None:
    for module in (visitors, group_routes):
        monkeypatch.setattr(module, "user_of", lambda request: user)


def test_another_trainers_run_is_not_there_but_its_groups_are_for_whoever_has_the_link(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started(web)
    (red, *_) = groups_of(web, run)
    as_user(monkeypatch, User("other", "", frozenset({"trainer"})))
    assert f'href="{run}"' not in web.get("/exercises").text
    for answer in (
        web.get(run),
        web.get(f"{run}?all=1"),
        web.get(f"{run}/delete"),
        web.post(f"{run}/delete"),
        web.post(f"{run}/groups", data={"name": "Green"}),
    ):
        assert answer.status_code == 404
    assert web.get(red).status_code == 200
    assert "Back to the run" not in web.get(red).text
    as_user(monkeypatch, LOCAL)
    assert "Back to the run" in web.get(red).text
    assert len(groups_of(web, run)) == 2


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"trainer"}))
def test_only_a_trainer_opens_exercises_runs_and_sheets(
    web: TestClient, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    run = started(web)
    (red, *_) = groups_of(web, run)
    as_user(monkeypatch, User("somebody", "", frozenset({role})))
    sheets = [f"/exercises/a-mark/sheets/{each}?open=1" for each in revealing.SHEETS]
    for path in ("/exercises", "/exercises/a-mark", run, f"{run}/delete", *sheets):
        assert web.get(path).status_code == 403, path
    for path in ("/exercises/a-mark/runs", f"{run}/groups", f"{run}/delete"):
        assert web.post(path, data={"name": "x"}).status_code == 403, path
    assert web.get(red).status_code == 200
    assert decided(web, red, 1, "advice").status_code == 303


def test_whoever_has_the_link_of_a_group_needs_no_account(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (red, *_) = groups_of(web, started(web))
    as_user(monkeypatch, None)
    for path in (red, f"{red}/stages/1", f"{red}/stages/1?hand=1"):
        assert web.get(path).status_code == 200, path
    assert "Back to the run" not in web.get(red).text


@pytest.mark.parametrize("code", ["x", "A" * 22, "%00", "..%2f", "'" * 22, "é" * 22, "9" * 5000])
def test_a_link_that_nobody_gave_out_leads_nowhere(web: TestClient, code: str) -> None:
    for path in (f"/groups/{code}", f"/groups/{code}/stages/1", f"/runs/{code}"):
        assert web.get(path).status_code == 404


@pytest.mark.parametrize("stage", ["0", "3", "-1", "one", "01", "٢", "1.0", "9" * 400])
def test_a_stage_that_is_not_there_is_not_found(web: TestClient, red: str, stage: str) -> None:
    for more in ("", "/reveal", "/progress"):
        assert web.get(f"{red}/stages/{stage}{more}").status_code == 404
    assert decided(web, red, 1, "advice").status_code == 303
    assert web.post(f"{red}/stages/{stage}", data={"option": "wait"}).status_code == 404


def test_a_run_of_an_exercise_that_no_longer_ships_can_still_be_deleted(
    web: TestClient, app: AdvisorApp
) -> None:
    runs = app.state.keeping.stores.runs
    made = runs.create(LOCAL.id, "gone", "Old", ["Red"])
    assert "No longer among the exercises" in web.get("/exercises").text
    for path in (f"/runs/{made.id}", f"/groups/{made.groups[0].code}"):
        answer = web.get(path)
        assert answer.status_code == 404 and "no longer among those in use" in answer.text
    assert web.post(f"/runs/{made.id}/delete").status_code == 303


def test_an_exercise_whose_review_the_rules_do_not_know_says_so_and_cannot_be_run(
    web: TestClient, story: Path
) -> None:
    chronology = story / "chronology.yaml"
    text = chronology.read_text().replace("  id: wren\n", "  id: wren\n  review: unheard-of\n", 1)
    chronology.write_text(text)
    staging.shared.cache_clear()
    assert "On a review that the rules in use do not know." in web.get("/exercises").text
    page = web.get("/exercises/a-mark").text
    assert "so its reveal cannot be given" in page and "Start the run" not in page
    assert web.post("/exercises/a-mark/runs", data={"name": "Tuesday"}).status_code == 409
    assert web.get("/exercises/a-mark/sheets/facilitator?open=1").status_code == 409


# Sheets


def test_sheets_that_tell_the_outcome_stand_behind_a_page_that_says_so(web: TestClient) -> None:
    for which in ("facilitator", "reveal"):
        warned = words(web.get(f"/exercises/a-mark/sheets/{which}"))
        assert "This sheet tells how the story goes on" in warned
        assert "Advice was given" not in warned and "A doctor was asked." not in warned
        Checked(web.get(f"/exercises/a-mark/sheets/{which}").text)
        opened = words(web.get(f"/exercises/a-mark/sheets/{which}?open=1"))
        assert "Advice was given, and no more." in opened and "A doctor was asked." in opened
    given = words(web.get("/exercises/a-mark/sheets/participants"))
    assert "Advice was given" not in given and "The nursery rings again." in given
    assert web.get("/exercises/a-mark/sheets/answers").status_code == 404


def test_a_sheet_is_shown_in_its_own_style_and_no_other(web: TestClient) -> None:
    for which in revealing.SHEETS:
        answer = web.get(f"/exercises/a-mark/sheets/{which}?open=1")
        (style,) = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'sha256-{digest}'" in policy and "unsafe" not in policy
        assert "script" not in answer.text


# Pictures


def test_a_reveal_does_not_wait_for_its_picture_and_says_how_far_it_is(
    web: TestClient, app: AdvisorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(*given: object, **more: object) -> Replay:
        assert go_on.wait(30)
        return replay(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(revealing, "replay", slow)
    (red, *_) = groups_of(web, started(web))
    decided(web, red, 1, "advice")
    waiting = web.get(f"{red}/stages/1/reveal")
    Checked(waiting.text)
    assert f'data-app-progress="{red}/stages/1/progress"' in waiting.text
    assert f'<a class="govuk-link" href="{red}/stages/1/reveal">Look again</a>' in waiting.text
    assert "Advice was given, and no more." in waiting.text and "<svg" not in waiting.text
    assert web.get(f"{red}/stages/1/progress").json() == {"done": 1, "of": 2}
    go_on.set()
    revealed_to(web, app, f"{red}/stages/1", staging.shared().exercises["a-mark"], 1)
    assert "data-app-progress" not in web.get(f"{red}/stages/1/reveal").text


def test_a_picture_that_fails_is_said_to_and_the_rest_of_the_reveal_stands(
    web: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: object, **more: object) -> Replay:
        raise ValueError("Wren was seen")

    monkeypatch.setattr(revealing, "replay", broken)
    (red, *_) = groups_of(web, started(web))
    decided(web, red, 1, "advice")
    page = words(web.get(f"{red}/stages/1/reveal"))
    assert "The picture could not be drawn." in page and "Three weeks went by." in page
    assert "data-app-progress" not in page
    assert "ValueError" in caplog.text and "Wren" not in caplog.text


def test_a_story_is_walked_once_whoever_asks(
    pack: Pack, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks: list[object] = []

    def counted(*given: object, **more: object) -> Replay:
        walks.append(given)
        return replay(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(revealing, "replay", counted)
    exercise = staging.shared().exercises["a-mark"]
    shared = Revealing(pack)
    threads = [
        threading.Thread(target=shared.picture, args=(exercise, number, 30))
        for number in (1, 2) * 4
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(walks) == 1
    assert shared.reveal(exercise, 1) is shared.reveal(exercise, 1)


def exercise_with(folder: Path, *changes: tuple[str, str]) -> Exercise:
    """The exercise of the small story, with its files changed."""
    scenarios = folder / "data" / "scenarios"
    files = [*(scenarios / "stories" / "wren").glob("*.yaml"), scenarios / "training/a-mark.yaml"]
    for old, new in changes:
        found = [path for path in files if old in path.read_text()]
        assert found, old
        for path in found:
            path.write_text(path.read_text().replace(old, new))
    return read_exercise(scenarios / "training" / "a-mark.yaml")


NOBODY_ASKED = (
    "  - id: walking\n",
    "  - id: unasked\n    happened_on: 2024-05-01\n    what: Nobody asked who lives there.\n"
    "    known: {council: 2024-05-10}\n"
    "    sets: {children.wren.movement.crawls: {unknown: not_asked}}\n"
    "  - id: walking\n",
)


def test_what_is_kept_for_the_reveal_is_not_drawn_before_it(
    pack: Pack, story: Path, tmp_path: Path
) -> None:
    exercise = exercise_with(tmp_path, NOBODY_ASKED)
    before = told_so_far(exercise, 1)
    assert before is not None
    assert "Nobody asked who lives there." not in before.svg
    assert "Nobody asked who lives there." not in str(before.rows)
    after = Revealing(pack).picture(exercise, 1, 30)
    assert after is not None and "Nobody asked who lives there." in after.svg
    later = told_so_far(exercise, 2)
    assert later is not None and "Nobody asked who lives there." in later.svg


def test_what_a_later_stage_keeps_back_is_not_drawn_in_the_reveal_of_an_earlier_one(
    pack: Pack, story: Path, tmp_path: Path
) -> None:
    exercise = exercise_with(
        tmp_path,
        (
            "    nursery: {agency",
            "    police: {agency: police, name: Police, authority: here}\n    nursery: {agency",
        ),
        (
            "  - id: walking\n",
            "  - id: night\n    happened_on: 2024-05-01\n    what: Officers came by night.\n"
            "    known: {police: 2024-05-01, council: 2024-06-01}\n  - id: walking\n",
        ),
        (
            "      told: The nursery rings again.",
            "      keep_back: [night]\n      told: The nursery rings again.",
        ),
    )
    shared = Revealing(pack)
    first, second = (shared.picture(exercise, number, 30) for number in (1, 2))
    assert first is not None and "Officers came" not in first.svg + str(first.rows)
    assert second is not None and "Officers came by night." in second.svg


def test_a_second_decision_of_the_same_day_is_not_in_the_reveal_of_the_first(
    pack: Pack, story: Path, tmp_path: Path
) -> None:
    exercise = exercise_with(
        tmp_path,
        ("2024-06-03, authority", "2024-05-10, authority"),
        ("received_on: 2024-06-03", "received_on: 2024-05-10"),
        ("id: wren-2024-06-03", "id: wren-2024-05-10-b"),
        (
            "decision: child_protection_medical}",
            "decision: child_protection_medical}\n"
            "  children: [{id: wren, movement: {walks: false}}]",
        ),
    )
    walked = replay(exercise.story, "council", pack, [each.decision for each in exercise.stages])
    assert [day.decision.scenario for day in walked.days if day.decision] == [
        "wren-2024-05-10",
        "wren-2024-05-10-b",
    ]
    made = [revealed(exercise, number, walked) for number in (1, 2)]
    new = "A mark on a child who does not walk needs a senior opinion"
    raised = [new in {title for row in each.rows for title in row.prompts} for each in made]
    assert raised == [False, True]


def test_a_picture_before_a_joint_decision_shows_what_each_who_decides_knew(
    story: Path, tmp_path: Path
) -> None:
    exercise = exercise_with(tmp_path, ("known_to: [council]", "known_to: [council, nursery]"))
    made = told_so_far(exercise, 1)
    assert made is not None
    assert "did not walk yet" in made.svg and "The nursery" in made.svg


def test_a_picture_escapes_what_a_story_says(story: Path, tmp_path: Path, pack: Pack) -> None:
    exercise = exercise_with(
        tmp_path, ("The nursery saw a mark", "<script>alert(1)</script> saw a mark")
    )
    made = told_so_far(exercise, 1)
    assert made is not None and "&lt;script&gt;" in made.svg and "<script" not in made.svg


def test_a_run_that_is_started_twice_is_one(web: TestClient) -> None:
    page = web.get("/exercises/a-mark").text
    id_ = page.partition('name="id" value="')[2].partition('"')[0]
    form = {"name": "Tuesday", "groups": "Red", "id": id_}
    first, second = (web.post("/exercises/a-mark/runs", data=form) for _ in range(2))
    assert first.url == second.url
