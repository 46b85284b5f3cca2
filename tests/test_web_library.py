"""The pages of the library: what is on them, that nothing leads nowhere, and that nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from advisor.pack import Pack, load
from advisor.releases import Release, record_of
from advisor.scenario import Scenario, read_scenario
from advisor.searching import LONGEST
from advisor.trial import Tried, try_each
from advisor.web.app import create_app
from advisor.web.shelf import Shelf, indented
from tests.test_library import Page
from tests.web_pack import caller

OPINION, WALKING = "non-mobile-injury.opinion", "absent-information.walking"

CASE = """\
scenario:
  title: {title}
  {expects}
  ceiling: 3
case:
  snapshot: {{id: {name}, as_of: 2024-06-03, authority: here}}
  children:
    - id: wren
      movement: {{walks: {walks}}}
      injuries: [{{kind: bruise, known_birthmark: false}}]
"""


@dataclass
class Site:
    """The application over the small pack, with a client of it."""

    app: FastAPI
    client: TestClient
    pack: Pack

    def shelve(self, *cases: Scenario, recorded: tuple[Release, ...] = ()) -> Shelf:
        """Put these scenarios and records in the place of those shipped."""
        self.app.state.shelf = Shelf(self.pack, lambda: cases, lambda: recorded)
        shelf: Shelf = self.app.state.shelf
        return shelf

    def page(self, path: str, status: int = 200) -> Page:
        """A page, which must have been answered with this status."""
        response = self.client.get(path)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        return Page(response.text)


@pytest.fixture
def site(small_pack: Path) -> Site:
    pack = load(small_pack)
    app = create_app(pack)
    made = Site(app, caller(app), pack)
    made.shelve()
    return made


@pytest.fixture
def point(tmp_path: Path) -> Scenario:
    """A decision point of the made-up review, at which the opinion is due."""
    expects = f'review: robin\n  at: ["2.1"]\n  must_raise: [{OPINION}]'
    return scenario(tmp_path, "point", "The visit in May", expects)


@pytest.fixture
def ordinary(tmp_path: Path) -> Scenario:
    """An ordinary referral."""
    return scenario(tmp_path, "ordinary", "A grazed knee", "must_raise: []", walks="true")


def scenario(
    folder: Path, name: str, title: str, expects: str, *, walks: str = "false"
) -> Scenario:
    path = folder / f"{name}.yaml"
    text = CASE.format(title=title, expects=expects, name=name, walks=walks)
    path.write_text(text, encoding="utf-8")
    return read_scenario(path)


def test_every_page_of_the_library_is_reached_from_the_rules_and_no_link_leads_nowhere(
    site: Site, point: Scenario
) -> None:
    site.shelve(point).trying.finish()
    roots = ("/rules", "/signals", "/reviews", "/search", "/changes")
    seen: dict[str, Page] = {}
    waiting = ["/rules"]
    wanted: list[tuple[str, str, str]] = []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen[path] = site.page(path)
        for link in seen[path].links:
            target, _, place = (path + link if link.startswith("#") else link).partition("#")
            if target.startswith(roots):
                wanted.append((path, target, place))
                waiting.append(target)
    assert {f"/rules/{name}" for name in site.pack.rules} <= set(seen)
    assert {f"/signals/{name}" for name in site.pack.signals} <= set(seen)
    assert {"/signals", "/reviews/robin", "/search", "/changes"} <= set(seen)
    for path, target, place in wanted:
        assert not place or place in seen[target].ids, (path, target, place)


def test_a_rule_is_told_in_plain_english_with_its_sources_limits_and_examples(site: Site) -> None:
    text = site.page(f"/rules/{OPINION}").text
    rule = site.pack.rules[OPINION]
    for part in (rule.title, rule.limits, "The child does not walk yet"):
        assert part in text
    assert "Ask a senior paediatrician to look at the child's mark today." in text
    assert "A made-up review about Robin (2019), paragraphs 2.1, 2.2" in text
    assert "A mark on a baby who could not move was not shown to a senior doctor." in text
    assert "A child who walks is not this rule: not raised" in text


def test_rules_can_be_narrowed_by_theme_urgency_and_review(site: Site) -> None:
    def shown(query: str) -> set[str]:
        links = site.page(f"/rules?{query}").links
        return {link.removeprefix("/rules/") for link in links if link.startswith("/rules/")}

    assert shown("") == {OPINION, WALKING}
    assert shown("theme=&urgency=&review=") == {OPINION, WALKING}
    assert shown("theme=absent-information") == {WALKING}
    assert shown("urgency=today") == {OPINION}
    assert shown("review=robin") == {OPINION, WALKING}
    assert shown("theme=absent-information&urgency=today") == set()


def test_what_was_chosen_stays_chosen_and_can_be_taken_away(site: Site) -> None:
    text = site.client.get("/rules?urgency=today").text
    assert '<option value="today" selected>' in text
    assert "1 of 2 rules" in text
    assert "Show every rule" in text and "Show every rule" not in site.page("/rules").text


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/rules/non-mobile-injury.opinoin", "Did you mean non-mobile-injury.opinion?"),
        ("/signals/child.walk", "Did you mean child.walks?"),
        ("/reviews/robbin", "Did you mean robin?"),
        ("/rules?theme=absent-informatoin", "Did you mean absent-information?"),
        ("/rules?urgency=tody", "Did you mean today?"),
        ("/changes?to=1.0.9", "Did you mean 1.0.0?"),
    ],
)
def test_an_unknown_name_is_told_with_what_is_near_to_it(site: Site, path: str, near: str) -> None:
    assert near in site.page(path, 404).text


def test_a_signal_tells_its_words_and_what_it_rests_on(site: Site) -> None:
    page = site.page("/signals/child.walks")
    assert "It is not recorded whether the child walks" in page.text
    assert "child.movement.walks" in page.text and f"/rules/{OPINION}" in page.links


def test_a_review_shows_its_findings_by_what_became_of_them_and_a_map(site: Site) -> None:
    page = site.page("/reviews/robin")
    for finding in site.pack.reviews["robin"].findings:
        assert finding.id in page.ids and finding.finding in page.text
    order = [
        page.text.index(words) for words in ("(1) Paragraphs 2.1", "of it (1)", "carry it (1) R")
    ]
    assert order == sorted(order)
    # The map: the theme, then encoded, partly, not promptable, and all.
    assert "Absent information 0 1 1 2" in page.text
    assert "Non mobile injury 1 0 0 1" in page.text
    assert page.tags.count("svg") == 2


def test_search_finds_marks_and_leads_to_the_place(site: Site) -> None:
    response = site.client.get("/search", params={"q": "senior"})
    assert "2 were found" in response.text
    assert "<mark>senior</mark>" in response.text
    assert "/reviews/robin#robin.mark-not-examined" in Page(response.text).links


def test_words_that_are_searched_for_are_never_read_as_markup(site: Site) -> None:
    text = site.client.get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text
    assert "Nothing was found" in text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "Write a word to look for"),
        ("?", "Write a word to look for"),
        ("x" * (LONGEST + 1), "Write fewer words"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(site: Site, asked: str, told: str) -> None:
    response = site.client.get("/search", params={"q": asked})
    assert response.status_code == 422
    assert "<title>Error: Search" in response.text and told in response.text
    assert "#q" in Page(response.text).links


def test_the_search_page_asks_before_anything_was_searched_for(site: Site) -> None:
    text = site.page("/search").text
    assert "Nothing was found" not in text and "There is a problem" not in text


def test_where_a_rule_is_raised_is_shown_when_it_is_worked_out(
    site: Site, point: Scenario, ordinary: Scenario
) -> None:
    site.shelve(point, ordinary).trying.finish()
    text = site.page(f"/rules/{OPINION}").text
    assert "It must be raised at The visit in May (A made-up review about Robin, " in text
    assert "It is raised on none of the 1 ordinary referrals." in text
    assert "so far" not in text
    review = site.page("/reviews/robin")
    assert "The visit in May (paragraph 2.1)" in review.text
    assert review.links.count(f"/rules/{OPINION}") > 1


class Slowly:
    """Scenarios of which each but the first waits to be let through."""

    def __init__(self, *cases: Scenario) -> None:
        self.cases, self.go, self.first = cases, threading.Event(), threading.Event()


@pytest.fixture
def slow(
    site: Site, point: Scenario, ordinary: Scenario, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Slowly]:
    """Scenarios that are tried one after the other, the second only when it is let through."""
    made = Slowly(point, ordinary)

    def one_by_one(pack: Pack, given: Iterable[Scenario]) -> Iterator[Tried]:
        for number, each in enumerate(try_each(pack, given)):
            yield each
            if number == 0:
                made.first.set()
                assert made.go.wait(10)

    monkeypatch.setattr("advisor.web.trying.try_each", one_by_one)
    site.shelve(*made.cases)
    yield made
    made.go.set()
    site.app.state.shelf.trying.finish()


def test_nobody_waits_for_the_scenarios_to_be_tried(site: Site, slow: Slowly) -> None:
    path = f"/rules/{OPINION}"
    site.page(path)
    assert slow.first.wait(10)
    response = site.client.get(path)
    page = Page(response.text)
    assert "Worked out on 1 of 2 cases so far." in page.text
    assert "The visit in May" in page.text
    assert path in page.links and 'http-equiv="refresh"' not in response.text
    # What is not yet known of ordinary referrals must not read as if it were.
    assert "none of the" not in page.text
    assert site.client.get("/library/progress.json").json() == {"done": 1, "of": 2}
    slow.go.set()
    site.app.state.shelf.trying.finish()
    assert site.client.get("/library/progress.json").json() == {"done": 2, "of": 2}
    text = site.page(path).text
    assert "so far" not in text and "none of the 1 ordinary referrals" in text


def test_scenarios_are_tried_once_however_many_ask(
    site: Site, point: Scenario, ordinary: Scenario
) -> None:
    reads = []

    def read() -> tuple[Scenario, ...]:
        reads.append(1)
        return point, ordinary

    site.app.state.shelf = Shelf(site.pack, read, tuple)
    callers = [threading.Thread(target=site.page, args=(f"/rules/{OPINION}",)) for _ in range(4)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    site.app.state.shelf.trying.finish()
    assert reads == [1]


def test_scenarios_that_cannot_be_read_leave_the_rest_of_the_page(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    def read() -> tuple[Scenario, ...]:
        raise ValueError("wren has a bruise")

    shelf = Shelf(site.pack, read, tuple)
    site.app.state.shelf = shelf
    shelf.trying.finish()
    text = site.page(f"/rules/{OPINION}").text
    assert "This could not be worked out." in text and "none of the" not in text
    assert site.pack.rules[OPINION].limits in text
    said = site.client.get("/library/progress.json").json()
    assert said["done"] == said["of"]
    assert "ValueError" in caplog.text and "wren" not in caplog.text


def test_scenarios_of_rules_or_reviews_that_the_pack_lacks_are_left_out(
    site: Site, tmp_path: Path, ordinary: Scenario
) -> None:
    other = scenario(tmp_path, "other", "Another", 'review: jack\n  at: ["5.43"]')
    unknown = scenario(tmp_path, "unknown", "Unknown", "must_raise: [pre-birth.plan]")
    assert site.shelve(other, unknown, ordinary).trying.finish().of == 1


def test_what_changed_since_the_version_before_is_told(site: Site) -> None:
    now = record_of(site.pack)
    rule = now.rules[OPINION].model_copy(
        update={"urgency": "during_assessment", "text": "It was so."}
    )
    review = now.reviews["robin"]
    earlier = review.model_copy(
        update={
            "findings": {"robin.mark-not-examined": "pending", "robin.leaflet": "not_promptable"}
        }
    )
    before = now.model_copy(
        update={
            "version": "0.9.0",
            "sha256": "0" * 64,
            "rules": {OPINION: rule},
            "reviews": {"robin": earlier},
        }
    )
    site.shelve(recorded=(before,))
    page = site.page("/changes")
    assert "From 0.9.0 to 1.0.0 (in use)" in page.text
    assert {"new", "sooner", "wording", "findings"} <= page.ids
    assert "During the assessment Now Today" in page.text
    assert "It was so." in page.text
    assert "Paragraphs 2.1, 2.2 : not yet looked at before, a rule carries it now" in page.text
    back = site.page("/changes?from=1.0.0&to=0.9.0")
    assert {"gone", "later"} <= back.ids
    assert "This is the same version twice" in site.page("/changes?from=0.9.0&to=0.9.0").text


def test_where_there_is_no_other_version_the_page_says_so(site: Site) -> None:
    other = record_of(site.pack).model_copy(update={"name": "another", "sha256": "0" * 64})
    site.shelve(recorded=(record_of(site.pack), other))
    assert "There is no record of another version of these rules" in site.page("/changes").text


def test_a_pack_that_differs_from_the_record_of_its_version_stands_beside_it(site: Site) -> None:
    recorded = record_of(site.pack).model_copy(update={"sha256": "0" * 64, "rules": {}})
    site.shelve(recorded=(recorded,))
    page = site.page("/changes")
    assert "From 1.0.0 to 1.0.0 (in use)" in page.text and "new" in page.ids


def test_lines_of_a_record_become_points_inside_one_another() -> None:
    first, second = indented(("one:", "  two:", "    three", "four"))
    assert (first.text, first.under[0].text, first.under[0].under[0].text) == (
        "one:",
        "two:",
        "three",
    )
    assert second.text == "four" and not second.under


def test_the_shipped_library_is_drawn_without_a_fault() -> None:
    pack = load()
    app = create_app(pack)
    site = Site(app, caller(app), pack)
    app.state.shelf = Shelf(pack, tuple)
    for name in pack.rules:
        site.page(f"/rules/{name}")
    for name in pack.reviews:
        site.page(f"/reviews/{name}")
    assert "From 0.1.0 to" in site.page("/changes?from=0.1.0").text
    assert len(site.page("/signals").links) > len(pack.signals)
