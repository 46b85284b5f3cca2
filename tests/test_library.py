"""The pages of rules, signals and reviews: what is on them, and that nothing leads nowhere."""

from __future__ import annotations

import os
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from advisor.data import scenarios_folder
from advisor.library import Library, Point
from advisor.pack import load
from advisor.problems import InputError
from advisor.scenario import scenarios
from advisor.site import MARK, write
from advisor.trial import Trial, try_on
from tests.command_line import Run


class Page(HTMLParser):
    """The links, ids and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if name in ("href", "src") and value:
                self.links.append(value)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@cache
def shipped() -> Library:
    pack = load()
    return Library(pack, try_on(pack, scenarios(scenarios_folder())))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "pages"
    write(shipped(), folder)
    return folder


@pytest.fixture(scope="module")
def pages(written: Path) -> dict[Path, Page]:
    return {
        path: Page(path.read_text(encoding="utf-8")) for path in sorted(written.rglob("*.html"))
    }


@pytest.fixture
def small(small_pack: Path) -> Library:
    pack = load(small_pack)
    return Library(pack, Trial((), try_on(pack, ()).rules))


def test_there_is_a_page_for_each_rule_signal_and_review(
    written: Path, pages: dict[Path, Page]
) -> None:
    pack = shipped().pack
    wanted = {written / "index.html"}
    wanted |= {written / "rules" / f"{name}.html" for name in pack.rules}
    wanted |= {written / "signals" / f"{name}.html" for name in pack.signals}
    wanted |= {written / "reviews" / f"{name}.html" for name in pack.reviews}
    assert set(pages) == wanted


def test_every_link_leads_to_a_page_or_a_place_on_one(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, (path, link)
            target = Path(os.path.normpath(path.parent / parts.path)) if parts.path else path
            assert target.is_file(), (path, link)
            if parts.fragment:
                assert parts.fragment in pages[target].ids, (path, link)


def test_a_page_needs_no_script_and_nothing_from_elsewhere(written: Path) -> None:
    for path in written.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text and "style=" not in text and "http" not in text, path


def test_every_page_can_be_reached_from_the_first(written: Path, pages: dict[Path, Page]) -> None:
    reached, waiting = set[Path](), [written / "index.html"]
    while waiting:
        path = waiting.pop()
        if path in reached or path not in pages:
            continue
        reached.add(path)
        for link in pages[path].links:
            waiting.append(Path(os.path.normpath(path.parent / urlsplit(link).path)))
    assert reached == set(pages)


def test_a_rule_says_when_it_speaks_and_where_it_comes_from(
    written: Path, pages: dict[Path, Page]
) -> None:
    rule = shipped().pack.rules["non-mobile-injury.senior-paediatric-opinion"]
    page = pages[written / "rules" / f"{rule.id}.html"]
    assert rule.title in page.text and rule.limits in page.text
    for name in rule.sources:
        review, finding = shipped().pack.findings[name]
        assert finding.finding.strip() in page.text
        assert f"../reviews/{review.id}.html#{name}" in page.links


def test_a_review_shows_every_finding_and_what_became_of_it(
    written: Path, pages: dict[Path, Page]
) -> None:
    for review in shipped().pack.reviews.values():
        page = pages[written / "reviews" / f"{review.id}.html"]
        for finding in review.findings:
            assert finding.id in page.ids and finding.finding.strip() in page.text
            assert finding.why is None or finding.why.strip() in page.text


def test_a_signal_says_what_it_rests_on_and_who_reads_it(small: Library) -> None:
    page = next(each for each in small.signals() if each.signal.id == "child.walks")
    assert page.ask == "Does the child walk yet?"
    assert [fact.path for fact in page.facts] == ["child.movement.walks"]
    assert [rule.id for rule in page.rules] == list(small.pack.rules)
    assert page.says[1] == ("false", "The child does not walk yet")


def test_deeper_lines_stand_under_the_line_that_they_explain(small: Library) -> None:
    page = next(small.rules())
    points = dict(page.sections)["When it speaks"]
    assert points == (
        Point(
            "It is looked at only where this is known to be so:",
            (Point("The child has a mark that is not a known birthmark"),),
        ),
        Point("It then speaks where this is so:", (Point("The child does not walk yet"),)),
    )


def test_words_of_a_pack_are_never_read_as_markup(small_pack: Path, tmp_path: Path) -> None:
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    path.write_text(path.read_text().replace("limits: It says", "limits: <b>It</b> & it says"))
    pack = load(small_pack)
    write(Library(pack, try_on(pack, ())), tmp_path / "out")
    text = (tmp_path / "out" / "rules" / "non-mobile-injury.opinion.html").read_text()
    assert "&lt;b&gt;It&lt;/b&gt; &amp; it says" in text


def test_a_folder_of_other_files_is_left_alone(small: Library, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    kept = tmp_path / "out" / "kept.txt"
    kept.write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        write(small, tmp_path / "out")
    assert kept.read_text() == "mine" and len(list((tmp_path / "out").iterdir())) == 1


def test_a_folder_written_before_is_written_again_without_what_is_gone(
    small: Library, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    assert write(small, tmp_path / "out") == 6
    (tmp_path / "out" / "rules" / "gone.html").write_text("old")
    write(small, tmp_path / "out")
    assert not (tmp_path / "out" / "rules" / "gone.html").exists()
    assert (tmp_path / "out" / MARK).is_file()


def test_when_a_page_fails_the_folder_is_as_it_was(
    small: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(small, tmp_path / "out")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    monkeypatch.setattr("advisor.site.places", lambda at: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(small, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_the_command_says_where_to_begin(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("rules", "pages", "--out", tmp_path / "out")
    assert (code, out) == (0, f"6 pages written; begin with {tmp_path / 'out' / 'index.html'}.\n")
