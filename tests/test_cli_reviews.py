"""The commands about reviews: what became of each finding, and whether citations hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Run


def test_reviews_are_listed_with_what_became_of_their_findings(run: Run) -> None:
    code, out, _ = run("reviews", "list")
    assert code == 0
    assert "robin: A made-up review about Robin\n" in out
    assert "3 findings: 1 encoded, 1 partly encoded, 1 not promptable." in out


def test_a_review_shows_each_finding_with_the_rules_that_carry_it(run: Run) -> None:
    code, out, _ = run("reviews", "show", "robin")
    assert code == 0
    first, second, third = out.split("\n\n")[1:]
    assert "robin.mark-not-examined: paragraphs 2.1, 2.2 (encoded)" in first
    assert "Rule non-mobile-injury.opinion: " in first
    assert "Rule absent-information.walking: " in first
    assert "Why: Only walking is asked about here" in second
    assert "robin.leaflet: recommendation 1 (not promptable)" in third
    assert "Rule" not in third


def test_an_unknown_review_gets_a_suggestion(run: Run) -> None:
    code, _, err = run("reviews", "show", "robbin")
    assert (code, err) == (2, "review: there is no review robbin. Did you mean robin?\n")


TEXT = """\
A made-up review

2.1 The baby had a mark on the cheek. Nobody asked a senior doctor about it.

2.2 The mark was seen by two people on the same day.

2.3 No record says what the baby could do.

Recommendation 1
The board should print a leaflet.
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "robin.txt").write_text(TEXT, encoding="utf-8")
    return folder


def test_fingerprints_are_written_once_and_then_verified(
    run: Run, texts: Path, small_pack: Path
) -> None:
    code, _, err = run("reviews", "verify", "--texts", texts)
    assert code == 2
    assert "robin.yaml:8: findings[0].at: no fingerprint: run `advisor reviews finger" in err
    before = (small_pack / "reviews" / "robin.yaml").read_text()
    assert run("reviews", "fingerprint", "--texts", texts) == (0, "3 fingerprints written.\n", "")
    after = (small_pack / "reviews" / "robin.yaml").read_text()
    kept = [line for line in after.splitlines() if "fingerprint: sha256:" not in line]
    assert kept == before.splitlines()
    code, out, err = run("reviews", "verify", "--texts", texts)
    assert (code, err) == (0, "")
    assert out.startswith("3 findings of 1 review: every cited place is there.\n")
    assert out.endswith(" files: none has 8 words in a row from a review.\n")
    assert run("reviews", "fingerprint", "--texts", texts)[1] == "0 fingerprints written.\n"


def test_a_changed_text_is_told_and_renewed_only_on_request(run: Run, texts: Path) -> None:
    run("reviews", "fingerprint", "--texts", texts)
    (texts / "robin.txt").write_text(TEXT.replace("two people", "three people"))
    code, _, err = run("reviews", "verify", "--texts", texts)
    assert code == 2
    assert "findings[0].fingerprint: the text of these places is not as it was" in err
    assert run("reviews", "fingerprint", "--texts", texts)[0] == 2
    assert run("reviews", "fingerprint", "--texts", texts, "--renew")[0] == 0
    assert run("reviews", "verify", "--texts", texts)[0] == 0


def test_a_place_that_is_not_in_the_text_is_told(run: Run, texts: Path, small_pack: Path) -> None:
    path = small_pack / "reviews" / "robin.yaml"
    path.write_text(path.read_text().replace('"2.3"', '"2.9"'))
    code, _, err = run("reviews", "verify", "--texts", texts)
    assert code == 2
    assert "findings[1].at[0]: robin: no 2.9 for pinpoint 2.9" in err


def test_a_review_without_its_text_is_told(run: Run, tmp_path: Path) -> None:
    code, _, err = run("reviews", "verify", "--texts", tmp_path)
    assert code == 2
    assert f"text: there is no text {tmp_path / 'robin.txt'}" in err


COPIED = "a MARK was seen by two\n# people on the same day"


@pytest.mark.parametrize("where", ["pack", "changelog", "scenarios"])
def test_words_copied_from_a_review_are_told_wherever_they_stand(
    run: Run, texts: Path, small_pack: Path, tmp_path: Path, where: str
) -> None:
    run("reviews", "fingerprint", "--texts", texts)
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    path, line = {
        "pack": (small_pack / "themes.yaml", 2),
        "changelog": (small_pack / "CHANGELOG.md", 2),
        "scenarios": (scenarios / "one.yaml", 2),
    }[where]
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"# The first line\n# {COPIED}\n{kept}")
    code, _, err = run("reviews", "verify", "--texts", texts, "--scenarios", scenarios)
    assert code == 2
    assert err == (
        f"{path}:{line}: these words stand in robin.txt, use your own: "
        "MARK was seen by two # people on the same day\n"
    )
