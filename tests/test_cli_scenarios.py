"""The commands about scenarios: the list, and a story as a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Run
from tests.small_story import write_story


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return write_story(tmp_path / "data")


def picture(run: Run, *words: str | Path) -> tuple[int, str, str]:
    return run("scenario", "picture", *words)


def test_stories_points_and_exercises_are_listed(run: Run, story: Path) -> None:
    code, out, _ = run("scenario", "list", "--scenarios", story.parent.parent, pack=False)
    assert code == 0
    assert "stories/wren: Wren, in the spring of 2024" in out
    assert "10 May 2024: The nursery rings about a mark" in out
    assert "A mark on a cheek (2 stages, 30 minutes)" in out
    assert "1 story, 3 cases, 1 exercise." in out


def test_a_picture_holds_what_was_known_here_by_the_day_and_a_table_of_it(
    run: Run, story: Path, tmp_path: Path
) -> None:
    page = tmp_path / "new" / "wren.html"
    code, out, _ = picture(run, story, "--until", "2024-05-10", "--out", page)
    assert (code, out) == (0, f"{page}\n")
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text and "<table>" in text and "<script" not in text
    assert "saw a mark on the cheek" in text
    assert "did not walk yet" not in text and "The baby walked" not in text


def test_what_others_held_is_drawn_on_request_and_what_came_later_never(
    run: Run, story: Path, tmp_path: Path
) -> None:
    page = tmp_path / "wren.html"
    picture(run, story, "--until", "2024-05-10", "--others", "--out", page)
    text = page.read_text(encoding="utf-8")
    assert "did not walk yet" in text and "not known here" in text
    assert "The baby walked" not in text and "2024-07" not in text and "July" not in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--until", "May"], "--until: write the day as YYYY-MM-DD\n"),
        (["--until", "2024-05-10", "--as", "nursry"], "no holder nursry. Did you mean nursery?\n"),
    ],
)
def test_a_wrong_day_or_holder_is_told_and_nothing_is_written(
    run: Run, story: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    code, _, err = picture(run, story, *words, "--out", tmp_path / "x.html")
    assert code == 2 and err.endswith(message)
    assert not (tmp_path / "x.html").exists()


def test_where_several_decide_the_command_asks_whose_knowledge_is_meant(
    run: Run, story: Path, tmp_path: Path
) -> None:
    path = story / "chronology.yaml"
    text = path.read_text().replace(
        "name: The nursery, authority: here", "name: The nursery, authority: here, front_door: true"
    )
    path.write_text(text)
    code, _, err = picture(run, story, "--until", "2024-05-10", "--out", tmp_path / "x.html")
    assert (code, err) == (2, "--as: say whose knowledge: council, nursery\n")
