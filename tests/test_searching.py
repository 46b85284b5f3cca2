"""Search in rules, signals and findings: what is found, in which order, and what is shown of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.pack import load
from advisor.searching import LONGEST, Hit, Index, QueryError

OPINION = "non-mobile-injury.opinion"


@cache
def shipped() -> Index:
    return Index.of(load())


@pytest.fixture
def small(small_pack: Path) -> Index:
    return Index.of(load(small_pack))


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [each.id for each in hits]


def marked(hit: Hit) -> list[str]:
    return [each.text for each in hit.excerpt if each.matched]


def test_a_paragraph_is_found_by_its_number() -> None:
    found = shipped().search("5.44")
    assert "jack.protocol-needs-paediatric-opinion" in ids(found)
    pack = load()
    for hit in found:
        assert hit.kind == "finding" and "5.44" in pack.findings[hit.id][1].at
        assert hit.within == pack.findings[hit.id][0].id


def test_a_paragraph_asked_for_by_its_whole_number_stands_before_those_that_begin_so(
    small_pack: Path,
) -> None:
    path = small_pack / "reviews" / "robin.yaml"
    path.write_text(path.read_text().replace('["2.1", "2.2"]', '["2.31"]'))
    found = Index.of(load(small_pack)).search("2.3")
    assert ids(found) == ["robin.walking-not-recorded", "robin.mark-not-examined"]


def test_rules_signals_and_findings_are_all_searched(small: Index) -> None:
    assert {hit.kind for hit in small.search("mark")} == {"rule", "signal", "finding"}


def test_what_has_the_word_in_its_title_stands_before_what_has_it_in_its_text(small: Index) -> None:
    found = ids(small.search("senior"))
    assert found == [OPINION, "robin.mark-not-examined"]
    # Both have "walk": one in its title, the other in its text or limits only.
    assert ids(small.search("health visitor")) == ["absent-information.walking"]


def test_every_word_must_stand_somewhere(small: Index) -> None:
    assert ids(small.search("senior paediatrician")) == [OPINION]
    assert small.search("senior leaflet") == ()


def test_the_beginning_of_a_word_is_enough_and_its_middle_is_not(small: Index) -> None:
    assert OPINION in ids(small.search("paediatr"))
    assert small.search("aediatrician") == ()


def test_capitals_accents_and_curly_quotes_make_no_difference(small_pack: Path) -> None:
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    path.write_text(path.read_text().replace("It says nothing", "The Élan café's it says nothing"))
    index = Index.of(load(small_pack))
    for words in ("elan", "ÉLAN", "CAFE’S", "e\u0301lan"):
        assert ids(index.search(words)) == [OPINION], words
    assert marked(index.search("elan")[0]) == ["Élan"]


def test_a_whole_id_finds_what_has_it(small: Index) -> None:
    assert ids(small.search(OPINION))[0] == OPINION
    assert ids(small.search("child.walks"))[0] == "child.walks"


def test_the_excerpt_is_the_text_and_marks_what_was_found(small: Index) -> None:
    hit = next(each for each in small.search("leaflet"))
    whole = "".join(each.text for each in hit.excerpt)
    assert whole == "The board was to print a new leaflet for professionals."
    assert marked(hit) == ["leaflet"]


def test_a_long_text_is_cut_around_what_was_found(small_pack: Path) -> None:
    path = small_pack / "non-mobile-injury" / "opinion.yaml"
    text = f"limits: {'Some words before it. ' * 20}The kingfisher.{' And some after it.' * 20}"
    path.write_text(path.read_text().replace("limits: It says nothing of a", f"{text} A"))
    (hit,) = Index.of(load(small_pack)).search("kingfisher")
    whole = "".join(each.text for each in hit.excerpt)
    assert whole.startswith("… ") and whole.endswith(" …") and len(whole) < 250
    assert marked(hit) == ["kingfisher"]


def test_no_more_is_given_than_was_asked_for_and_the_same_first(small: Index) -> None:
    every = small.search("child", None)
    assert len(every) > 3
    assert small.search("child", 3) == every[:3]


@pytest.mark.parametrize("words", ["", "   ", "?!", "…", "-"])
def test_a_query_without_a_word_is_told_so(small: Index, words: str) -> None:
    with pytest.raises(QueryError, match="Write a word to look for"):
        small.search(words)


def test_an_overlong_query_is_told_so(small: Index) -> None:
    small.search("x" * LONGEST)
    with pytest.raises(QueryError, match="at most 200 characters"):
        small.search("x" * (LONGEST + 1))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered_and_every_excerpt_reads_as_text(words: str) -> None:
    try:
        found = shipped().search(words, 20)
    except QueryError:
        return
    for hit in found:
        assert hit.excerpt and all(each.text for each in hit.excerpt)


WORDS = ("child", "mark", "baby", "police", "5.44", "not", "visit", "opinion")


@given(st.lists(st.sampled_from(WORDS), min_size=1))
def test_another_word_never_finds_more(words: list[str]) -> None:
    index = shipped()
    some, fewer = (
        set(ids(index.search(" ".join(each), None))) for each in (words[:-1] or words, words)
    )
    assert fewer <= some
