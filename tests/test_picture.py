"""The picture of a chronology, and its table: as known by a day, whole, legible and harmless."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.advice import PackShown
from advisor.chronology.story import FILE, Entry, Story, StoryHead, read_story
from advisor.data import scenarios_folder
from advisor.document import Document
from advisor.pack import Pack, load
from advisor.picture import NOT_KNOWN, Row, draw, rows, stylesheet
from advisor.picture_contents import Contents, contents
from advisor.picture_layout import RADIUS, RIGHT, layout, stacked
from advisor.replay import DecisionShown, PromptStanding, Replay, ReplayDay, replay
from advisor.scenario import scenarios

SVG = "{http://www.w3.org/2000/svg}"
HERE = "council"
HOLDERS = {
    "police": ("police", "The police"),
    HERE: ("childrens_social_care", "The council"),
    "school": ("school", "The school"),
}
UNTIL = dt.date(2024, 6, 30)


def made(entries: Sequence[Mapping[str, Any]], holders: Mapping[str, Any] = HOLDERS) -> Story:
    """A story of the council, the police and a school; of an entry, what matters is given."""
    head = {
        "id": "made",
        "title": "Made up, 2020 to 2029",
        "holders": {
            each: {"agency": agency, "name": name, "authority": "here", "front_door": each == HERE}
            for each, (agency, name) in holders.items()
        },
    }
    return Story(
        StoryHead.model_validate(head),
        tuple(
            Entry.model_validate({"id": f"e{number}", "what": f"Event number {number}.", **each})
            for number, each in enumerate(entries)
        ),
        Document("made", {}, {}),
    )


def walked(*days: ReplayDay, holder: str = HERE) -> Replay:
    """A replay of the story that ``made`` makes, with these days."""
    return Replay(
        story="made",
        title="Made up",
        holder=holder,
        holder_name="The council",
        pack=PackShown(name="made", version="1", sha256="0" * 64),
        days=days,
        firsts=(),
    )


def on(day: str, *titles: str, state: str = "appears", decision: str | None = None) -> ReplayDay:
    """A day of a replay on which prompts with these titles stand."""
    prompts = [
        {
            "rule": f"made-up.rule-{number}",
            "title": title,
            "children": ("amy",),
            "verdict": "raised",
            "urgency": "today",
            "state": state,
            "text": "Ask today.",
            "because": (),
        }
        for number, title in enumerate(titles)
    ]
    return ReplayDay(
        day=day,
        learnt=(),
        decision=decision
        if decision is None
        else DecisionShown(scenario="d", title=decision, decided="Nothing was done."),
        prompts=tuple(PromptStanding.model_validate(each) for each in prompts),
        gone=(),
    )


def cut(story: Story, day: dt.date, here: str = HERE) -> Story:
    """The story as it was written by a day: no later event, no later knowledge, no later agency."""
    entries = [
        each.model_copy(
            update={"known": {who: since for who, since in each.known.items() if since.last <= day}}
        )
        for each in story.entries
        if each.happened_on is None or each.expected or each.happened_on.first <= day
    ]
    taking_part = {here, *(who for each in entries for who in each.known)}
    holders = {who: held for who, held in story.head.holders.items() if who in taking_part}
    return replace(
        story,
        head=story.head.model_copy(update={"holders": holders}),
        entries=tuple(entries),
    )


def contents_of(story: Story, until: dt.date = UNTIL) -> Contents:
    """What the council's picture shows with others."""
    return contents(story, walked(), until, others=True, prompts=True)


def groups(svg: str, kind: str) -> list[ET.Element]:
    """The groups of a class that have words to them, which those of the key have not."""
    found = (each for each in ET.fromstring(svg).iter(f"{SVG}g") if each.get("class") == kind)
    return [each for each in found if each.find(f"{SVG}title") is not None]


def numbers(svg: str, kind: str) -> list[str]:
    """The numbers of the events that are drawn as ``known`` or ``unknown``."""
    return [
        str(text.text)
        for group in groups(svg, f"event {kind}")
        for text in group.iter(f"{SVG}text")
        if text.get("class") == "number"
    ]


def events(table: Sequence[Row]) -> list[Row]:
    return [row for row in table if row.label != "!"]


KNOWN_LATE = {"happened_on": "2024-02-01", "known": {"police": "2024-02-01", HERE: "2024-05-01"}}
KNOWN_ELSEWHERE = {"happened_on": "2024-03-01", "known": {"school": "2024-03-02"}}


def test_an_event_stands_with_whoever_knew_first_and_a_line_leads_to_when_it_was_known_here() -> (
    None
):
    story = made([KNOWN_LATE])
    svg = draw(story, walked(), UNTIL, others=True)
    (row,) = rows(story, walked(), UNTIL, others=True)
    assert (row.lane, row.known_here_on) == ("The police", "1 May 2024")
    shapes = [each.get("class") for each in groups(svg, "event known")[0]]
    assert shapes == [None, "gap", "learnt", "mark", "number"]


def test_what_was_known_here_as_soon_as_elsewhere_stands_in_our_own_lane_at_the_top() -> None:
    story = made([{"happened_on": "2024-02-01", "known": dict.fromkeys(HOLDERS, "2024-02-02")}])
    (row,) = rows(story, walked(), UNTIL, others=True)
    assert row.lane == "The council"
    assert next(iter(contents_of(story).lanes)) == HERE


def test_what_others_knew_is_dashed_and_is_left_out_before_the_decision() -> None:
    story = made([KNOWN_LATE, KNOWN_ELSEWHERE])
    after = draw(story, walked(), UNTIL, others=True)
    assert (numbers(after, "known"), numbers(after, "unknown")) == (["1"], ["2"])
    assert rows(story, walked(), UNTIL, others=True)[1].known_here_on == NOT_KNOWN
    before = draw(story, walked(), UNTIL)
    assert (numbers(before, "known"), numbers(before, "unknown")) == (["1"], [])
    assert "police" not in before and "school" not in before


def test_what_became_known_here_later_shows_as_not_known() -> None:
    story, day = made([KNOWN_LATE]), dt.date(2024, 4, 30)
    svg = draw(story, walked(), day, others=True)
    assert (numbers(svg, "known"), numbers(svg, "unknown")) == ([], ["1"])
    assert rows(story, walked(), day, others=True)[0].known_here_on == NOT_KNOWN
    assert rows(story, walked(), day) == []


def test_a_month_of_learning_counts_from_its_last_day() -> None:
    story = made([{"happened_on": "2024-02-01", "known": {HERE: "2024-05"}}])
    assert rows(story, walked(), dt.date(2024, 5, 30)) == []
    (row,) = rows(story, walked(), dt.date(2024, 5, 31))
    assert row.known_here_on == "by the end of May 2024"


def test_what_nobody_knew_by_then_is_not_told_even_if_it_had_happened() -> None:
    story = made([{"happened_on": "2024-02-01", "known": {"police": "2024-07-01"}}])
    assert rows(story, walked(), UNTIL, others=True) == []
    assert "The police" not in draw(story, walked(), UNTIL, others=True)


def test_neither_the_title_of_the_story_nor_how_a_decision_went_tells_what_is_to_come() -> None:
    story = made([{"happened_on": "2024-06-30", "known": {HERE: "2024-06-30"}}])
    walk = walked(on("2024-06-30", "A prompt title", decision="A visit that was never made"))
    svg, table = draw(story, walk, UNTIL, others=True), rows(story, walk, UNTIL, others=True)
    assert "2029" not in svg
    for said in (svg, str(table)):
        assert "never made" not in said and "Nothing was done" not in said
    later = rows(story, walk, dt.date(2024, 7, 1), others=True)
    assert "A visit that was never made" in later[-1].what


def test_days_with_new_prompts_are_marked_in_our_lane_with_their_number() -> None:
    story = made([KNOWN_LATE])
    walk = walked(
        on("2024-05-01", "Ask the police", "Ask the school"),
        on("2024-05-02", "Ask the police", state="persists"),
        on("2024-07-01", "A later prompt"),
    )
    svg, table = draw(story, walk, UNTIL), rows(story, walk, UNTIL)
    (flag,) = groups(svg, "prompt")
    assert [text.text for text in flag.iter(f"{SVG}text")] == ["! 2"]
    (row,) = [each for each in table if each.label == "!"]
    assert row.prompts == ("Ask the police", "Ask the school")
    assert row.what == "2 prompts would have appeared. That day 1 became known here."
    assert "A later prompt" not in svg + str(table)


def test_prompts_can_be_left_out_while_a_group_is_still_to_decide() -> None:
    story, walk = made([KNOWN_LATE]), walked(on("2024-05-01", "Ask the police"))
    assert "Ask the police" not in draw(story, walk, UNTIL, prompts=False)
    assert [row.label for row in rows(story, walk, UNTIL, prompts=False)] == ["1"]


def test_a_month_is_a_bar_that_ends_no_later_than_somebody_knew() -> None:
    story = made(
        [
            {"happened_on": "2024-03", "known": {HERE: "2024-05-01"}},
            {"happened_on": "2024-06", "known": {HERE: "2024-06-10"}},
            {"happened_on": "2024-05-02", "known": {HERE: "2024-05-02"}},
        ]
    )
    seen = contents_of(story, dt.date(2024, 6, 20)).seen
    assert [(str(each.first), str(each.last)) for each in seen] == [
        ("2024-03-01", "2024-03-31"),
        ("2024-05-02", "2024-05-02"),
        ("2024-06-01", "2024-06-10"),
    ]
    svg = draw(story, walked(), UNTIL)
    barred = [
        number
        for number, group in zip(numbers(svg, "known"), groups(svg, "event known"), strict=True)
        if "bar" in {each.get("class") for each in group}
    ]
    assert barred == ["1", "3"]


def test_what_has_no_day_or_is_still_to_come_is_square_and_stands_where_it_was_known() -> None:
    story = made(
        [
            {"known": {HERE: "2024-02-01"}},
            {"happened_on": "2024-06-20", "expected": "planned", "known": {HERE: "2024-03-01"}},
        ]
    )
    table = rows(story, walked(), dt.date(2024, 4, 1))
    assert [row.happened_on for row in table] == ["no day on record", "planned for 20 June 2024"]
    assert [str(row.day) for row in table] == ["2024-02-01", "2024-03-01"]
    svg = draw(story, walked(), dt.date(2024, 4, 1))
    assert all(group.find(f"{SVG}rect") is not None for group in groups(svg, "event known"))


def test_an_event_of_years_before_does_not_press_the_others_together() -> None:
    story = made(
        [
            {"happened_on": "1990", "known": {HERE: "2024-02-01"}},
            {"happened_on": "2024-02-01", "known": {HERE: "2024-02-01"}},
            {"happened_on": "2024-06-01", "known": {HERE: "2024-06-01"}},
        ]
    )
    placed = layout(contents_of(story))
    assert placed.scale.earlier
    assert placed.marks[2].x - placed.marks[1].x > 400
    assert ">Earlier<" in draw(story, walked(), UNTIL)


def test_two_events_of_one_day_do_not_hide_each_other() -> None:
    same = {"happened_on": "2024-03-01", "known": {HERE: "2024-03-01"}}
    placed = layout(contents_of(made([same, same, same])))
    assert len({each.x for each in placed.marks}) == 1
    heights = sorted(each.y for each in placed.marks)
    assert all(b - a >= 2 * RADIUS for a, b in pairwise(heights))


def test_a_day_before_all_says_that_nothing_was_known() -> None:
    story, day = made([KNOWN_LATE]), dt.date(2023, 1, 1)
    for others in (False, True):
        svg = draw(story, walked(), day, others=others)
        assert "Nothing was known" in svg
        assert numbers(svg, "known") + numbers(svg, "unknown") == []
        assert rows(story, walked(), day, others=others) == []


def test_hostile_words_stay_words() -> None:
    hostile = "\"><script>alert(1)</script></svg>&amp; \x00\x0b\uffff ]]> ' style="
    holders = {HERE: ("childrens_social_care", f"The {hostile} council"), "x": ("gp", hostile)}
    story = made([{**KNOWN_ELSEWHERE, "what": hostile, "known": {"x": "2024-03-01"}}], holders)
    walk = walked(on("2024-05-01", hostile))
    svg = draw(story, walk, UNTIL, others=True)
    svg.encode("utf-8")
    drawn = list(ET.fromstring(svg).iter())
    assert {each.tag.removeprefix(SVG) for each in drawn} == {
        *("svg", "title", "desc", "g", "rect", "circle", "path", "text")
    }
    title = groups(svg, "event unknown")[0].find(f"{SVG}title")
    assert title is not None and "<script>alert(1)</script>" in str(title.text)
    names = {name for each in drawn for name in each.attrib}
    assert not {each for each in names if each == "style" or each.startswith("on")}


def test_a_replay_of_another_story_is_refused() -> None:
    other = walked().model_copy(update={"story": "another"})
    with pytest.raises(ValueError, match="another story"):
        draw(made([KNOWN_LATE]), other, UNTIL)
    with pytest.raises(ValueError, match="another story"):
        rows(made([KNOWN_LATE]), walked(holder="nobody"), UNTIL)


def test_sixteen_lanes_and_a_hundred_and_twenty_events_stay_apart() -> None:
    holders = {
        HERE: HOLDERS[HERE],
        **{
            f"h{n}": ("gp", f"The practice with the rather long name number {n}") for n in range(15)
        },
    }
    start = dt.date(2023, 1, 1)
    story = made(
        [
            {
                "happened_on": str(start + dt.timedelta(days=n * 37 % 500)),
                "known": {
                    f"h{n % 15}": str(start + dt.timedelta(days=n * 37 % 500)),
                    **({HERE: "2024-06-01"} if n % 3 else {}),
                },
            }
            for n in range(120)
        ],
        holders,
    )
    svg = draw(story, walked(), UNTIL, others=True)
    root = ET.fromstring(svg)
    assert root.get("width") == "1000"
    assert len(numbers(svg, "known") + numbers(svg, "unknown")) == 120
    assert_apart(story, UNTIL)


def assert_apart(story: Story, until: dt.date) -> None:
    """Every mark stands in its own lane and none lies on another."""
    shown = contents_of(story, until)
    placed = layout(shown)
    bands = dict(zip(shown.lanes, placed.bands, strict=True))
    centres = [(each.x, each.y) for each in placed.marks]
    for number, (x, y) in enumerate(centres):
        assert x <= RIGHT
        band = bands[placed.marks[number].seen.lane]
        assert band.top <= y - RADIUS and y + RADIUS <= band.top + band.height
        for other_x, other_y in centres[:number]:
            assert abs(x - other_x) > 2 * RADIUS or abs(y - other_y) > 2 * RADIUS


days = st.dates(dt.date(2015, 1, 1), dt.date(2024, 12, 31))
precise = st.sampled_from([10, 7, 4])


@st.composite
def entries(draw_from: st.DrawFn) -> dict[str, Any]:
    happened = draw_from(days)
    lags = st.dictionaries(st.sampled_from(list(HOLDERS)), st.integers(0, 900))
    known = {
        who: str(happened + dt.timedelta(days=lag))[: draw_from(precise)]
        for who, lag in draw_from(lags).items()
    }
    dated = draw_from(st.booleans() | st.just(True))
    return {
        "known": known,
        **({"happened_on": str(happened)[: draw_from(precise)]} if dated else {}),
    }


@given(st.lists(entries(), min_size=1, max_size=25), days, st.booleans())
def test_nothing_later_than_the_day_is_in_the_picture_or_the_table(
    written: list[dict[str, Any]], until: dt.date, others: bool
) -> None:
    story = made(written)
    walk = walked(*(on(f"{year}-01-01", f"Prompt of {year}") for year in range(2015, 2025)))
    past = walk.model_copy(
        update={"days": tuple(each for each in walk.days if each.day <= until.isoformat())}
    )
    whole, short = story, cut(story, until)
    assert draw(whole, walk, until, others=others) == draw(short, past, until, others=others)
    assert rows(whole, walk, until, others=others) == rows(short, past, until, others=others)
    assert_apart(story, until)


@given(st.lists(entries(), min_size=1, max_size=25), days, st.booleans())
def test_every_event_that_is_drawn_has_a_row_and_every_row_is_drawn(
    written: list[dict[str, Any]], until: dt.date, others: bool
) -> None:
    story = made(written)
    svg = draw(story, walked(), until, others=others)
    table = rows(story, walked(), until, others=others)
    drawn = {"known": numbers(svg, "known"), "unknown": numbers(svg, "unknown")}
    for kind, found in drawn.items():
        wanted = [
            row.label for row in table if (row.known_here_on == NOT_KNOWN) == (kind == "unknown")
        ]
        assert sorted(found, key=int) == wanted


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 80)), max_size=40))
def test_of_what_is_stacked_nothing_overlaps(given_spans: list[tuple[int, int]]) -> None:
    spans = [(left, left + width) for left, width in given_spans]
    placed = list(zip(stacked(spans), spans, strict=True))
    for number, (row, (left, right)) in enumerate(placed):
        for other, (other_left, other_right) in placed[:number]:
            assert row != other or right < other_left or other_right < left


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


@pytest.mark.parametrize(("name", "holder"), [("jack", "cambridgeshire"), ("child-j", "ealing")])
def test_a_published_story_shows_on_each_day_of_a_decision_what_was_known_then(
    name: str, holder: str, pack: Pack
) -> None:
    folder: Path = scenarios_folder() / "reviews" / name
    story, decisions = read_story(folder / FILE), list(scenarios(folder))
    walk = replay(story, holder, pack, decisions)
    decided = [dt.date.fromisoformat(each.day) for each in walk.days if each.decision is not None]
    for day in (decided[0], decided[len(decided) // 2]):
        short = cut(story, day, holder)
        past = replay(
            short, holder, pack, [each for each in decisions if each.snapshot.as_of.last <= day]
        )
        for others in (False, True):
            svg = draw(story, walk, day, others=others)
            assert svg == draw(short, past, day, others=others)
            table = rows(story, walk, day, others=others)
            assert table == rows(short, past, day, others=others)
            told = events(table)
            assert sorted(numbers(svg, "known") + numbers(svg, "unknown"), key=int) == [
                row.label for row in told
            ]
            assert len(groups(svg, "prompt")) == len(table) - len(told)
            known = {row.label for row in told if row.known_here_on != NOT_KNOWN}
            assert set(numbers(svg, "known")) == known


def test_the_same_story_gives_the_same_picture_in_whole_pixels() -> None:
    story = made([KNOWN_LATE, KNOWN_ELSEWHERE])
    turned = made(
        [
            {**each, "known": dict(reversed(each["known"].items()))}  # type: ignore[attr-defined]
            for each in (KNOWN_LATE, KNOWN_ELSEWHERE)
        ]
    )
    svg = draw(story, walked(), UNTIL, others=True)
    assert svg == draw(turned, walked(), UNTIL, others=True)
    drawn = ET.fromstring(svg).iter()
    places = [
        value
        for each in drawn
        for name, value in each.items()
        if name in ("x", "y", "cx", "cy", "r", "d", "width", "height", "viewBox")
    ]
    assert places and not any(re.search(r"\d\.\d", each) for each in places)


def test_the_picture_has_a_name_and_a_description_and_takes_its_looks_from_classes() -> None:
    svg = draw(made([KNOWN_LATE, KNOWN_ELSEWHERE]), walked(), UNTIL, others=True)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert [each.tag for each in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert "The council" in str(root[0].text)
    assert "Known to others and not here: 1." in str(root[1].text)
    assert root.get("aria-labelledby") == root[0].get("id")
    assert root.get("aria-describedby") == root[1].get("id")
    classes = {name for each in root.iter() for name in str(each.get("class", "")).split()}
    assert {each for each in classes if f".{each}" not in stylesheet()} == {
        "event",
        "lane",
        "prompt",
    }
    painted = {"style", "fill", "stroke"}
    assert not painted & {name for each in root.iter() for name in each.attrib}


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("known .number", "known .mark"),
        ("unknown .number", "unknown .mark"),
        ("count", "flag"),
        ("tick", "paper"),
    ],
)
def test_letters_stand_out_from_what_is_behind_them(text: str, ground: str) -> None:
    def light(name: str) -> float:
        found = re.search(rf"\.picture \.{re.escape(name)} {{[^}}]*fill: #(\w{{6}})", stylesheet())
        assert found is not None, name
        parts = [int(found[1][at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(text), light(ground)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_known_and_not_known_differ_in_shape_and_not_in_colour_alone() -> None:
    style = stylesheet()
    assert re.search(r"\.unknown \.mark {[^}]*stroke-dasharray", style)
    assert not re.search(r"\.known \.mark {[^}]*stroke-dasharray", style.replace(".unknown", ""))
