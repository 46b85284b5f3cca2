"""The sheets of an exercise: what is on each page, and that no page gives a later one away."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from advisor import sheets
from advisor.exercise import Exercise, exercises, read_exercise
from advisor.pack import Pack, load
from advisor.problems import InputError
from advisor.sheets import BROWSER, facilitator, find_browser, participants, timing, write_sheets
from advisor.telling import NO_PROMPTS
from tests.command_line import Run

STORY = """\
story:
  id: wren
  title: Wren at home
  review: robin
  holders:
    council: {agency: childrens_social_care, name: The council, authority: here, front_door: true}
    clinic: {agency: health_visiting, name: Health visitors, authority: here}
    police: {agency: police, name: The police, authority: here}
entries:
  - id: expecting
    happened_on: 2024-01
    what: A family moved to the town with a baby.
    known: {council: 2024-02-01, clinic: 2024-01}
    sets:
      children.complete: true
      children.wren.movement.walks: false
  - id: mark
    happened_on: 2024-03-04
    what: A nursery worker saw a mark on the cheek.
    known: {council: 2024-03-04}
    sets: {children.wren.injuries: [{id: cheek, kind: bruise, known_birthmark: false}]}
  - id: unasked
    happened_on: 2024-03-04
    what: Nobody asked how the baby moved about.
    known: {council: 2024-03-04}
    sets: {children.wren.movement.crawls: {unknown: not_asked}}
  - id: feeding
    happened_on: 2024-02-10
    what: A health visitor wrote down that feeds were far apart.
    known: {clinic: 2024-02-10, council: 2024-06-01}
  - id: call
    happened_on: 2024-02-11
    what: Officers were called to a quarrel in the street.
    known: {police: 2024-02-11}
  - id: later-told
    happened_on: 2024-05-02
    what: The grandmother rang about a zebra crossing.
    known: {council: 2024-05-02, clinic: 2024-05-02}
  - id: later-held
    happened_on: 2024-05-03
    what: An officer noted a walrus in the hallway.
    known: {police: 2024-05-03}
"""

DECISION = """\
scenario:
  title: TITLE of the decision point
  review: robin
  at: ["2.1"]
  decided: DECIDED to leave it with the family.
  review_says: REVIEW finds that a doctor was not asked.
  known_to: [council]
  ceiling: 5
case:
  snapshot: {id: wren-1, as_of: 2024-03-04, authority: here}
  referral: {received_on: 2024-03-04, source: nursery_or_childminder}
"""

EXERCISE = """\
exercise:
  id: small-marks
  title: Small marks
  story: reviews/wren
  minutes: 90
  about: ABOUT the story and where it leads.
  aims: [AIM of asking a doctor in good time.]
  care: This story may be hard to hear.
  hands:
    - {name: Health visitor, holds: [clinic]}
    - {name: Officer, holds: [police]}
  stages:
    - decision: first
      told: The nursery has rung this morning.
      options: [{id: doctor, text: Ask a doctor}, {id: wait, text: Wait and see}]
      discuss: [DISCUSS who could have known more.]
      after: AFTER that nothing happened for weeks.
    - decision: second
      told: Two months on the phone rings again.
      options: [{id: visit, text: Visit with an okapi}, {id: close, text: Close the case}]
      discuss: [DISCUSS what was different now.]
"""
REVEALED = ("TITLE", "DECIDED", "REVIEW", "ABOUT", "AIM", "DISCUSS", "AFTER", "Nobody asked")
SECOND = ("zebra", "walrus", "okapi", "Two months on", "2 June", "2 May", "3 May")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of scenarios with one story of two decision points, and an exercise on it."""
    folder = tmp_path / "scenarios"
    story = folder / "reviews" / "wren"
    story.mkdir(parents=True)
    (story / "chronology.yaml").write_text(STORY)
    (story / "first.yaml").write_text(DECISION)
    second = DECISION.replace("2024-03-04", "2024-06-02").replace("wren-1", "wren-2")
    (story / "second.yaml").write_text(second)
    (folder / "training").mkdir()
    (folder / "training" / "small.yaml").write_text(EXERCISE)
    return folder


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


def read(folder: Path) -> Exercise:
    return read_exercise(folder / "training" / "small.yaml")


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def section(page: str, name: str) -> str:
    found = re.search(rf'<section [^>]*id="{name}">.*?</section>', page, re.DOTALL)
    assert found is not None, name
    return found[0]


def slip(page: str, stage: int, hand: str) -> str:
    slips = re.findall(
        r'<article class="slip">.*?</article>', section(page, f"slips-{stage}"), re.S
    )
    found: str = next(each for each in slips if f"<h3>{hand} " in each)
    return found


class Tags(HTMLParser):
    """Reads a page and fails on an element that is closed in the wrong place, or never."""

    VOID = frozenset({"meta", "input", "br", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.seen: set[str] = set()
        self.ids: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_stage_shows_its_date_what_all_are_told_and_the_options(folder: Path, pack: Pack) -> None:
    page = section(participants(read(folder), pack), "stage-1")
    assert "4 March 2024" in page
    assert "The nursery has rung this morning." in page
    assert "A nursery worker saw a mark on the cheek." in page
    assert "<td>January 2024<small>known since 1 February 2024</small></td>" in page
    assert page.count('type="checkbox"') == 2
    assert "Ask a doctor" in page and "Wait and see" in page
    assert "The decision lies with: The council" in page


def test_a_stage_tells_only_what_is_new_since_the_one_before(folder: Path, pack: Pack) -> None:
    page = section(participants(read(folder), pack), "stage-2")
    assert "zebra" in page and "feeds were far apart" in page
    assert "mark on the cheek" not in page


def test_no_page_before_its_time_shows_anything_of_a_later_stage(folder: Path, pack: Pack) -> None:
    whole = participants(read(folder), pack)
    for name in ("cover", "stage-1", "slips-1"):
        assert [word for word in SECOND if word in section(whole, name)] == [], name
    before = whole[: whole.index('id="stage-2"')]
    assert [word for word in SECOND if word in before] == []
    assert all(word in whole for word in ("zebra", "walrus", "okapi"))


def test_nothing_of_the_reveal_is_on_the_participants_sheet(folder: Path, pack: Pack) -> None:
    page = participants(read(folder), pack)
    assert [word for word in REVEALED if word in page] == []
    for rule in pack.rules.values():
        assert rule.title not in page
    assert pack.reviews["robin"].title not in page


def test_what_comes_later_does_not_change_an_earlier_page_by_a_byte(
    folder: Path, pack: Pack
) -> None:
    before = participants(read(folder), pack)
    story = folder / "reviews" / "wren"
    change(
        story / "chronology.yaml",
        ("a zebra crossing", "a crossing and much more besides"),
        ("An officer noted a walrus", "Two officers noted a walrus"),
        ("2024-05-03", "2024-04-30"),
        ("known: {police: 2024-02-11}", "known: {police: 2024-02-11, council: 2024-05-20}"),
    )
    with (story / "chronology.yaml").open("a") as file:
        file.write(
            "  - {id: more, what: Something else came to be known., known: {council: 2024-05-30}}\n"
        )
    change(story / "second.yaml", ("DECIDED", "DECIDED otherwise"), ("2024-06-02", "2024-07-01"))
    change(story / "first.yaml", ("DECIDED", "DECIDED otherwise"), ("REVIEW", "REVIEW also"))
    change(
        folder / "training" / "small.yaml",
        ("Two months on", "Ten weeks on"),
        ("Visit with an okapi", "Visit at once"),
        ("AFTER that", "AFTER this"),
        ("DISCUSS who", "DISCUSS whether anybody"),
    )
    after = participants(read(folder), pack)
    assert before != after
    assert before[: before.index('id="stage-2"')] == after[: after.index('id="stage-2"')]
    assert section(before, "slips-1") == section(after, "slips-1")
    assert section(before, "stage-2") != section(after, "stage-2")
    assert section(before, "slips-2") != section(after, "slips-2")


def test_a_slip_holds_only_what_its_own_hand_knows(folder: Path, pack: Pack) -> None:
    page = participants(read(folder), pack)
    nurse, officer = slip(page, 1, "Health visitor"), slip(page, 1, "Officer")
    assert "feeds were far apart" in nurse and "quarrel" not in nurse
    assert "quarrel" in officer and "feeds were far apart" not in officer
    for each in (nurse, officer):
        assert "mark on the cheek" not in each and "moved to the town" not in each
    assert "quarrel" not in section(page, "stage-1") and "feeds" not in section(page, "stage-1")


def test_a_later_slip_says_what_is_new_and_drops_what_all_have_been_told(
    folder: Path, pack: Pack
) -> None:
    page = participants(read(folder), pack)
    new, kept = slip(page, 2, "Officer").split("Held since an earlier stage")
    assert "walrus" in new and "quarrel" in kept
    nurse = slip(page, 2, "Health visitor")
    assert "feeds were far apart" not in nurse and "zebra" not in nurse
    assert "You hold nothing beyond what everybody is told." in nurse


def test_a_slip_leaves_out_what_all_were_told_though_those_who_now_decide_did_not_know_it(
    folder: Path, pack: Pack
) -> None:
    change(
        folder / "reviews" / "wren" / "second.yaml",
        ("[council]", "[police]"),
        ("case:\n", "case:\n  children: [{id: wren}]\n"),
    )
    nurse = slip(participants(read(folder), pack), 2, "Health visitor")
    assert "moved to the town" not in nurse and "zebra" in nurse


def test_a_decision_of_which_others_hear_that_day_is_not_on_their_slips_of_that_day(
    folder: Path, pack: Pack
) -> None:
    with (folder / "reviews" / "wren" / "chronology.yaml").open("a") as file:
        file.write(
            "  - id: advised\n    happened_on: 2024-03-04\n"
            "    what: The council said that it would wait and see.\n"
            "    known: {clinic: 2024-03-04, council: 2024-03-05}\n"
        )
    page = participants(read(folder), pack)
    assert "would wait" not in page[: page.index('id="stage-2"')]
    assert "would wait" not in section(page, "slips-1")
    assert "would wait" in section(page, "stage-2")
    assert "would wait" not in section(facilitator(read(folder), pack), "stage-1")


def test_what_nobody_asked_is_kept_for_the_reveal(folder: Path, pack: Pack) -> None:
    what = "Nobody asked how the baby moved about."
    assert what not in participants(read(folder), pack)
    visible, revealed = section(facilitator(read(folder), pack), "stage-1").split("The reveal")
    assert what not in visible and what in revealed


def test_what_is_only_feared_is_not_told_as_if_it_had_happened(folder: Path, pack: Pack) -> None:
    change(
        folder / "reviews" / "wren" / "chronology.yaml",
        ("  - id: mark\n    happened_on: 2024-03-04", "  - id: mark\n    happened_on: 2024-09"),
        ("    what: A nursery worker saw", "    expected: feared\n    what: A nursery worker saw"),
    )
    page = section(participants(read(folder), pack), "stage-1")
    assert "<td>Feared for September 2024<small>known since 4 March 2024</small></td>" in page


def test_the_facilitator_sees_all_that_is_seen_and_then_the_reveal(
    folder: Path, pack: Pack
) -> None:
    page = facilitator(read(folder), pack)
    for word in (*REVEALED[1:6], "This story may be hard to hear.", "Health visitors"):
        assert word in page, word
    visible, revealed = section(page, "stage-1").split("The reveal")
    for what in ("The nursery has rung", "mark on the cheek", "feeds were far apart", "quarrel"):
        assert what in visible, what
    assert "DISCUSS who could have known more." in visible and "DECIDED" not in visible
    assert "DECIDED to leave it with the family." in revealed
    assert "REVIEW finds" in revealed and "paragraph 2.1" in revealed
    assert "AFTER that nothing happened for weeks." in revealed
    assert "Mind hindsight." in section(page, "debrief")


def test_the_reveal_gives_the_prompts_with_reason_urgency_and_source(
    folder: Path, pack: Pack
) -> None:
    revealed = section(facilitator(read(folder), pack), "stage-1").split("The reveal")[1]
    assert "A mark on a child who does not walk needs a senior opinion" in revealed
    assert "Today, Wren: action to consider" in revealed
    assert "Ask a senior paediatrician to look at Wren&#39;s mark today." in revealed
    assert "<dd>Wren does not walk yet</dd>" in revealed
    assert "A made-up review about Robin (2019), paragraphs 2.1, 2.2" in revealed
    assert pack.findings["robin.mark-not-examined"][1].finding in revealed


def test_the_reveal_tells_what_others_held_and_when_it_reached_those_who_decided(
    folder: Path, pack: Pack
) -> None:
    page = facilitator(read(folder), pack)
    held = section(page, "stage-1").split("What others held")[1]
    rows = re.findall(r"<tr><td>(.*?)<small>.*?</td><td>(.*?)</td><td>(.*?)</td></tr>", held)
    assert rows == [
        (
            "Health visitor",
            "A health visitor wrote down that feeds were far apart.",
            "1 June 2024",
        ),
        ("Officer", "Officers were called to a quarrel in the street.", "not within this story"),
    ]
    assert "feeds" not in section(page, "stage-2").split("What others held")[1]


def test_where_no_prompt_is_raised_that_is_no_reassurance(folder: Path, pack: Pack) -> None:
    change(folder / "reviews" / "wren" / "chronology.yaml", ("kind: bruise, ", ""))
    change(
        folder / "reviews" / "wren" / "chronology.yaml",
        ("[{id: cheek, known_birthmark: false}]", "[]"),
    )
    page = section(facilitator(read(folder), pack), "stage-1")
    assert NO_PROMPTS in page


def test_what_could_not_be_looked_at_is_said(folder: Path, pack: Pack) -> None:
    change(
        folder / "reviews" / "wren" / "chronology.yaml",
        ("[{id: cheek, kind: bruise, known_birthmark: false}]", "{unknown: not_recorded}"),
    )
    page = section(facilitator(read(folder), pack), "stage-1")
    assert "1 rule could not be looked at, because of what was not known, and is silent" in page
    assert "for that reason: It is not recorded whether Wren has a mark." in page


def test_an_invented_story_is_said_to_be_invented(folder: Path, pack: Pack) -> None:
    story = folder / "reviews" / "wren"
    change(story / "chronology.yaml", ("  review: robin\n", ""))
    for name in ("first.yaml", "second.yaml"):
        change(
            story / name,
            ('  review: robin\n  at: ["2.1"]\n', ""),
            ("  review_says: REVIEW finds that a doctor was not asked.\n", ""),
        )
    page = facilitator(read(folder), pack)
    assert "no review tells of it" in section(page, "cover")
    assert "so there is no review of it" in section(page, "stage-1")
    assert "The story is invented." in participants(read(folder), pack)


def test_a_story_of_a_review_is_not_called_invented(folder: Path, pack: Pack) -> None:
    for page in (participants(read(folder), pack), facilitator(read(folder), pack)):
        assert "invented" not in page


def test_hostile_text_is_never_read_as_markup(folder: Path, pack: Pack) -> None:
    evil = "<script>alert(1)</script><b onclick=x>"
    story = folder / "reviews" / "wren"
    change(
        story / "chronology.yaml",
        ("A nursery worker saw", f"{evil} A nursery worker saw"),
        ("Officers were called", f"{evil} Officers were called"),
        ("name: Health visitors", f"name: '{evil} nurses'"),
    )
    change(story / "first.yaml", ("DECIDED", f"{evil} DECIDED"), ("REVIEW", f"{evil} REVIEW"))
    change(
        folder / "training" / "small.yaml",
        ("title: Small marks", f"title: '{evil}'"),
        ("care: This", f"care: '{evil}' This".replace("'", "")),
        ("name: Officer", f"name: '{evil}'"),
        ("text: Ask a doctor", f"text: '{evil}'"),
        ("AFTER", f"{evil} AFTER"),
        ("[DISCUSS who could", f"[{evil} DISCUSS who could"),
    )
    for page in (participants(read(folder), pack), facilitator(read(folder), pack)):
        assert "&lt;script&gt;" in page
        tags = Tags(page)
        assert "script" not in tags.seen and "onclick" not in tags.attributes


def test_both_sheets_are_whole_pages_that_need_nothing_else(folder: Path, pack: Pack) -> None:
    for page in (participants(read(folder), pack), facilitator(read(folder), pack)):
        tags = Tags(page)
        assert not tags.seen & {"script", "link", "img", "iframe", "object", "a"}
        assert not tags.attributes & {"style", "src", "href", "action"}
        assert not re.search(r"https?:|url\(|@import", page)
        assert len(tags.ids) == len(set(tags.ids))
        assert page.startswith("<!doctype html>") and "@page" in page


def test_the_minutes_are_divided_without_remainder(folder: Path) -> None:
    for minutes in (15, 17, 90, 240):
        change(
            folder / "training" / "small.yaml",
            (f"minutes: {read(folder).head.minutes}\n", f"minutes: {minutes}\n"),
        )
        exercise = read(folder)
        found = timing(exercise)
        assert found.begin + found.stage * 2 + found.close == minutes
        assert min(found.begin, found.stage, found.close) > 0


def test_the_same_exercise_gives_the_same_bytes(folder: Path, pack: Pack) -> None:
    assert participants(read(folder), pack) == participants(read(folder), pack)
    assert facilitator(read(folder), pack) == facilitator(read(folder), pack)


def test_a_review_that_the_rules_do_not_know_is_an_error(folder: Path, pack: Pack) -> None:
    for name in ("first.yaml", "second.yaml"):
        change(folder / "reviews" / "wren" / name, ("review: robin", "review: wagtail"))
    with pytest.raises(InputError, match="know nothing of the review wagtail"):
        facilitator(read(folder), pack)


def test_sheets_are_written_beside_other_files_and_again(
    folder: Path, pack: Pack, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "out"
    paths = write_sheets(read(folder), pack, out, False)
    assert [path.name for path in paths] == [
        "small-marks-participants.html",
        "small-marks-facilitator.html",
    ]
    (out / "kept.txt").write_text("mine")
    paths[0].write_text("old")
    assert write_sheets(read(folder), pack, out, False) == paths
    assert paths[0].read_text() == participants(read(folder), pack)
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["kept.txt", *(path.name for path in paths)]
    )


def test_a_file_in_the_place_of_the_folder_is_an_error(
    folder: Path, pack: Pack, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match="cannot be written here"):
        write_sheets(read(folder), pack, tmp_path / "out", False)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_in_the_place_of_a_sheet_is_an_error_and_nothing_is_written(
    folder: Path, pack: Pack, tmp_path: Path
) -> None:
    (tmp_path / "out" / "small-marks-facilitator.html").mkdir(parents=True)
    with pytest.raises(InputError, match="a folder of this name is in the way"):
        write_sheets(read(folder), pack, tmp_path / "out", False)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small-marks-facilitator.html"]


def test_without_a_browser_nothing_is_written_and_it_is_said_what_to_do(
    folder: Path, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(BROWSER, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(InputError) as caught:
        write_sheets(read(folder), pack, tmp_path / "out", True)
    assert len(caught.value.problems) == 1
    assert BROWSER in str(caught.value) and "leave --pdf out" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_the_browser_that_is_named_is_used_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "printer"
    named.write_text("#!/bin/sh\n")
    named.chmod(0o755)
    monkeypatch.setenv(BROWSER, str(named))
    assert find_browser() == str(named)
    monkeypatch.setenv(BROWSER, str(tmp_path / "missing"))
    with pytest.raises(InputError, match=f"{BROWSER}: there is no such program"):
        find_browser()


@pytest.mark.parametrize("script", ["exit 0", "exit 1", "exec sleep 30"])
def test_when_the_browser_prints_nothing_nothing_is_left_behind(
    folder: Path, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    named = tmp_path / "printer"
    named.write_text(
        f"#!/bin/sh\nexec {script}\n" if "sleep" in script else f"#!/bin/sh\n{script}\n"
    )
    named.chmod(0o755)
    monkeypatch.setenv(BROWSER, str(named))
    monkeypatch.setattr(sheets, "_PRINTING_SECONDS", 0.5)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(InputError, match="printed nothing"):
        write_sheets(read(folder), pack, tmp_path / "out", True)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_browser_prints_both_sheets(folder: Path, pack: Pack, tmp_path: Path) -> None:
    try:
        find_browser()
    except InputError:
        pytest.skip("there is no browser on this machine that prints")
    paths = write_sheets(read(folder), pack, tmp_path / "out", True)
    printed = [path for path in paths if path.suffix == ".pdf"]
    assert len(printed) == 2 and sorted((tmp_path / "out").iterdir()) == sorted(paths)
    for path in printed:
        data = path.read_bytes()
        assert data.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type\s*/Page\b", data)) >= 2


def test_every_exercise_that_is_shipped_gives_both_sheets() -> None:
    from advisor.data import scenarios_folder

    pack = load()
    for exercise in exercises(scenarios_folder()):
        for page in (participants(exercise, pack), facilitator(exercise, pack)):
            Tags(page)
            assert exercise.head.id in page


def test_the_command_writes_the_sheets_and_names_them(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    file, out = folder / "training" / "small.yaml", tmp_path / "out"
    code, said, err = run("scenario", "sheet", file, "--out", out)
    assert (code, err) == (0, "")
    assert said.split() == [
        str(out / "small-marks-participants.html"),
        str(out / "small-marks-facilitator.html"),
    ]


def test_the_command_refuses_a_file_that_is_no_exercise(
    run: Run, folder: Path, case: Path, tmp_path: Path
) -> None:
    code, said, err = run("scenario", "sheet", case, "--out", tmp_path / "out")
    assert (code, said) == (2, "")
    assert err == f"{case}:1: this is no exercise: it has no exercise: key\n"
    assert not (tmp_path / "out").exists()


def test_the_list_names_stories_decision_points_and_exercises(run: Run, folder: Path) -> None:
    code, out, _ = run("scenario", "list", "--scenarios", folder, pack=False)
    assert code == 0
    assert "reviews/wren: Wren at home\n  4 March 2024: TITLE of the decision point" in out
    assert "    first.yaml\n" in out and "    second.yaml\n" in out
    assert "  Small marks (2 stages, 90 minutes)\n" in out
    assert "1 story, 2 cases, 1 exercise." in out


def test_the_list_tells_that_there_is_no_such_folder(run: Run, tmp_path: Path) -> None:
    code, out, err = run("scenario", "list", "--scenarios", tmp_path / "no", pack=False)
    assert (code, out) == (2, "")
    assert err == f"{tmp_path / 'no'}: there is no such folder of scenarios\n"
