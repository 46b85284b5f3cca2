"""The command that walks a story."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Run
from tests.small_story import write_story


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return write_story(tmp_path / "data")


def test_a_story_is_told_day_by_day_with_what_is_new_and_what_is_settled(
    run: Run, story: Path
) -> None:
    code, out, err = run("replay", story / "chronology.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("Wren, in the spring of 2024: as known to The council\n")
    first, second, last = (
        out.index(day) for day in ("\n2024-05-10\n", "\n2024-06-03\n", "\n2024-07-02\n")
    )
    told = out[first:second]
    assert "Learnt: The nursery saw a mark on the cheek" in told
    assert "(happened\n    2024-05-02)" in told or "(happened 2024-05-02)" in told
    assert "To decide: The nursery rings about a mark" in told
    assert "New: Find out whether a child with a mark can walk" in told
    assert "New: A mark on a child who does not walk needs a senior opinion" in out[second:last]
    assert "Settled: A mark on a child who does not walk" in out[last:]


def test_what_was_held_elsewhere_shows_in_the_first_day_on_which_it_was_knowable(
    run: Run, story: Path
) -> None:
    _, out, _ = run("replay", story)
    told = " ".join(out[out.index("The first day on which") :].split())
    assert (
        "(non-mobile-injury.opinion) on what was held: 2024-06-03; "
        "had all put together what they held: 2024-05-02"
    ) in told


def test_a_decision_point_and_a_shipped_name_lead_to_the_story_too(
    run: Run, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_DATA", str(tmp_path / "data"))
    expected = run("replay", story)
    assert run("replay", story / "2024-05-10-call.yaml") == expected
    assert run("replay", "wren") == expected


def test_another_holder_is_walked_as_they_came_to_know_it(run: Run, story: Path) -> None:
    code, out, _ = run("replay", story, "--as", "nursery")
    assert code == 0
    assert "as known to The nursery" in out and "2024-07-02" not in out


def test_json_is_one_line_for_each_holder(run: Run, story: Path) -> None:
    _, out, _ = run("replay", story, "--format", "json")
    assert json.loads(out)["holder"] == "council" and out.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere: there is no chronology here, and no such story.\n"),
        (
            ["STORY", "--as", "nursry"],
            "--as: the story has no holder nursry. Did you mean nursery?\n",
        ),
    ],
)
def test_what_is_not_there_is_told(run: Run, story: Path, words: list[str], message: str) -> None:
    code, _, err = run("replay", *(str(story) if word == "STORY" else word for word in words))
    assert (code, err) == (2, message)


def test_a_story_in_which_nobody_decides_asks_whose_knowledge_is_meant(
    run: Run, story: Path
) -> None:
    path = story / "chronology.yaml"
    path.write_text(path.read_text().replace(", front_door: true", ""))
    code, _, err = run("replay", path)
    assert code == 2
    assert err == f"{path}: nobody here decides: mark a holder front_door: true, or use --as\n"


def test_two_decisions_of_one_day_are_both_told_and_what_was_learnt_only_once(
    run: Run, story: Path
) -> None:
    text = (story / "2024-05-10-call.yaml").read_text()
    text = text.replace("id: wren-2024-05-10", "id: wren-2024-05-10-night")
    text = text.replace("The nursery rings about a mark", "The night team hears of it")
    (story / "2024-05-10-again.yaml").write_text(text)
    days = json.loads(run("replay", story, "--format", "json")[1])["days"]
    chosen = [day for day in days if day["day"] == "2024-05-10"]
    assert [day["decision"]["title"] for day in chosen] == [
        "The nursery rings about a mark",
        "The night team hears of it",
    ]
    assert [len(day["learnt"]) for day in chosen] == [1, 0]
    assert {each["state"] for each in chosen[1]["prompts"]} == {"persists"}
