"""Two people may answer at once, add entries and remove them, and nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.addresses import ABOUT, AddressError, find, owners
from advisor.answering import (
    Answer,
    Answers,
    Field,
    FormError,
    Held,
    add_entry,
    answers_of,
    apply,
    field_at,
    fields,
    merge,
    next_id,
    remove_entry,
)
from advisor.questionnaire import read_questionnaire
from advisor.snapshot import Snapshot
from tests.answer_forms import (
    Plain,
    answered,
    bare,
    child,
    entry_ids,
    every_field,
    few,
    made,
    plain,
    sent,
    text,
)

# Two people at once


def split(answers: Iterable[Answer], chance: random.Random) -> tuple[Answers, Answers]:
    halves: tuple[list[Answer], list[Answer]] = ([], [])
    for answer in answers:
        halves[chance.randint(0, 1)].append(answer)
    return Answers(tuple(halves[0])), Answers(tuple(halves[1]))


@few
@given(st.integers(0, 10_000))
def test_answers_to_different_questions_come_out_the_same_in_either_order(seed: int) -> None:
    document = made(seed)
    base = Snapshot.from_data(bare(document)).plain
    blank = [field_at(field.address, base) for field in every_field(document)]
    answers = answers_of(blank, sent(every_field(document)))
    one, two = split(answers, random.Random(seed))
    first = merge(base, merge(base, base, one).document, two)
    second = merge(base, merge(base, base, two).document, one)
    assert text(first.document) == text(second.document) == text(apply(base, answers))
    assert first.clashes == second.clashes == ()


@few
@given(st.integers(0, 10_000))
def test_an_answer_never_takes_the_place_of_another_that_was_given_meanwhile(seed: int) -> None:
    document = made(seed)
    base = Snapshot.from_data(bare(document)).plain
    blank = [field_at(field.address, base) for field in every_field(document)]
    theirs = tuple(each for each in answers_of(blank, sent(every_field(document))))
    other = Held("unknown", reason="withheld")
    chance = random.Random(seed)
    yours = [each if chance.random() < 0.3 else replace(each, said=other) for each in theirs]
    now = merge(base, base, theirs).document
    found = merge(base, now, yours)
    assert text(found.document) == text(now)
    assert [clash.address for clash in found.clashes] == [
        mine.address for mine, their in zip(yours, theirs, strict=True) if mine.said != their.said
    ]


def test_a_clash_tells_what_was_what_they_say_and_what_you_say() -> None:
    base = child(singled_out=True)
    field = field_at("children.amy.singled_out", base)
    yours = answers_of([field], {field.name: "!not_asked"})
    found = merge(base, child(singled_out=False), yours)
    assert found.document == child(singled_out=False)
    (clash,) = found.clashes
    assert (clash.base.values, clash.theirs and clash.theirs.values) == (("true",), ("false",))
    assert (clash.yours.reason, clash.ask) == ("not_asked", field.ask)


def test_an_answer_about_what_was_removed_meanwhile_is_a_clash() -> None:
    base = plain(
        children=[{"id": "amy"}, {"id": "ben"}],
        adults=[{"id": "dad", "links": [{"child": "ben", "bond": "warm"}]}],
    )
    for address, removed in (
        ("children.ben.singled_out", "children.ben"),
        ("adults.dad.links.ben.cares_alone", "children.ben"),
        ("adults.dad.links.ben.cares_alone", "adults.dad.links.ben"),
    ):
        answers = answers_of([field_at(address, base)], {address: "true"})
        now = remove_entry(base, removed).document
        found = merge(base, now, answers)
        assert found.document == now
        assert [clash.theirs for clash in found.clashes] == [None]


def test_that_is_all_is_not_said_of_an_entry_that_was_added_meanwhile() -> None:
    base = child(plans={"complete": False, "items": [{"id": "p"}]})
    answers = answers_of([field_at("children.amy.plans", base)], {"children.amy.plans": "!all"})
    now, _ = add_entry(base, "children.amy", "plans")
    found = merge(base, now, answers)
    assert found.document == now
    assert len(found.clashes) == 1


def test_a_change_inside_an_entry_is_no_change_of_the_list() -> None:
    base = child(plans={"complete": False, "items": [{"id": "p"}]})
    answers = answers_of([field_at("children.amy.plans", base)], {"children.amy.plans": "!all"})
    now = answered(base, "children.amy.plans.p.working", {"": "true"})
    found = merge(base, now, answers)
    assert not found.clashes
    assert find(found.document, ("children", "amy", "plans")) == [{"id": "p", "working": True}]


def test_a_form_sent_twice_adds_one_entry() -> None:
    base = child()
    field = field_at("children.amy.injuries", base)
    answers = answers_of([field], {field.name: "!add"})
    once = merge(base, base, answers).document
    assert merge(base, once, answers).document == once
    assert entry_ids(find(once, ("children", "amy", "injuries"))) == ["injury-1"]


def test_an_answer_that_they_gave_too_is_no_clash() -> None:
    base = child()
    field = field_at("children.amy.singled_out", base)
    answers = answers_of([field], {field.name: "true"})
    now = apply(base, answers)
    assert merge(base, now, answers) == merge(now, now, Answers())


# Entries


def test_an_entry_is_added_once_however_often_its_form_is_sent() -> None:
    document = plain()
    name = next_id(document, "", "children")
    once, added = add_entry(document, "", "children", name)
    twice, again = add_entry(once, "", "children", name)
    assert (added, again, once) == ("child-1", "child-1", twice)
    assert entry_ids(once["children"]) == ["amy", "child-1"]


def test_a_list_that_was_complete_is_open_once_an_entry_is_added() -> None:
    document, name = add_entry(child(plans=[]), "children.amy", "plans")
    assert find(document, ("children", "amy", "plans")) == {
        "complete": False,
        "items": [{"id": name}],
    }


def test_ids_are_counted_up_in_every_list_and_people_share_theirs() -> None:
    document = plain(children=[{"id": "child-3"}], adults=[{"id": "child-7"}])
    assert next_id(document, "", "children") == "child-8"
    assert next_id(document, "", "adults") == "adult-1"
    assert next_id(document, "referral", "checks") == "agency-check-1"
    assert next_id(child(), "children.amy", "moves") == "move-1"


def test_entries_of_every_kind_can_be_added_and_removed() -> None:
    document = plain(adults=[{"id": "dad"}])
    lists = [
        ("referral", "checks"),
        *(("", name) for name in ("children", "adults", "events", "services", "meetings")),
        *(("children.amy", name) for name in ("injuries", "plans", "orders", "moves")),
        *(("adults.dad", name) for name in ("history", "checks")),
    ]
    for owner, collection in lists:
        more, name = add_entry(document, owner, collection)
        address = ".".join(part for part in (owner, collection, name) if part)
        assert find(more, tuple(address.split("."))) == {"id": name}
        assert fields_for(more, address)
        back = remove_entry(more, address).document
        assert remove_entry(back, address).document == back
        assert find(back, tuple(address.split("."))) is None


def fields_for(document: Plain, owner: str) -> tuple[Field, ...]:
    about = ABOUT[type(_entry(document, owner))]
    first = next(each for each in read_questionnaire().sections if each.about == about)
    return fields(first, document, owner)


def _entry(document: Plain, owner: str) -> Any:
    place: Any = Snapshot.from_data(document)
    for step in owner.split("."):
        if hasattr(place, "items"):
            place = next(item for item in place.items if item.id == step)
        else:
            place = getattr(place, step)
    return place


@pytest.mark.parametrize(
    ("owner", "collection", "name", "message"),
    [
        ("", "children", "Amy Smith", "made-up id"),
        ("", "children", "dad", "Somebody else"),
        ("", "adults", "amy", "Somebody else"),
        ("adults.dad", "links", "ben", "Select a child of this case"),
    ],
)
def test_an_id_that_cannot_be_taken_is_refused(
    owner: str, collection: str, name: str, message: str
) -> None:
    document = plain(adults=[{"id": "dad"}])
    with pytest.raises(FormError, match=message):
        add_entry(document, owner, collection, name)


def test_a_list_has_so_many_entries_and_no_more() -> None:
    document = plain(events=[{"id": f"event-{number}"} for number in range(200)])
    with pytest.raises(FormError, match="200 entries already"):
        add_entry(document, "", "events")


def test_there_is_no_list_where_there_is_none() -> None:
    for owner, collection in (("", "referral"), ("children.amy", "events"), ("", "nothing")):
        with pytest.raises(AddressError):
            add_entry(child(), owner, collection)
    with pytest.raises(AddressError):
        add_entry(child(), "children.ben", "plans")


def test_removing_somebody_takes_every_reference_along_and_tells_which() -> None:
    document = plain(
        referral={"about": ["amy", "ben"]},
        children=[
            {"id": "amy", "voice": {"said_about": ["dad"]}},
            {"id": "ben", "injuries": [{"id": "i", "explained_by": ["dad", "mum"]}]},
        ],
        adults=[
            {"id": "dad", "links": [{"child": "ben"}]},
            {"id": "mum", "partner_of": {"value": "dad", "from": "police"}, "warns_of": ["dad"]},
        ],
        events=[{"id": "e", "children": ["ben"], "adults": {"complete": False, "items": ["dad"]}}],
    )
    without = remove_entry(document, "adults.dad")
    assert set(without.references) == {
        "children.amy.voice.said_about",
        "children.ben.injuries.i.explained_by",
        "adults.mum.partner_of",
        "adults.mum.warns_of",
        "events.e.adults",
    }
    assert "dad" not in text(without.document)
    assert find(without.document, ("children", "ben", "injuries", "i", "explained_by")) == ["mum"]
    child_gone = remove_entry(document, "children.ben")
    assert set(child_gone.references) == {"referral.about", "adults.dad.links.ben"} | {
        "events.e.children"
    }
    assert "ben" not in text(child_gone.document)


def test_a_list_of_which_the_last_entry_is_removed_is_not_known_to_be_empty() -> None:
    document = child(injuries=[{"id": "i"}], voice={"said_about": []})
    assert "injuries" not in remove_entry(document, "children.amy.injuries.i").document["children"]
    assert (
        find(
            remove_entry(document, "children.amy.injuries.i").document,
            ("children", "amy", "injuries"),
        )
        is None
    )


def test_the_only_child_of_a_case_cannot_be_removed() -> None:
    with pytest.raises(FormError, match="at least one child"):
        remove_entry(child(), "children.amy")


@few
@given(st.integers(0, 10_000))
def test_whoever_is_removed_from_any_case_leaves_a_valid_one(seed: int) -> None:
    document = made(seed)
    for address in [*owners(document, "adult"), *owners(document, "child")[1:]]:
        found = remove_entry(document, address)
        assert Snapshot.from_data(found.document).plain == found.document
        name = address.rpartition(".")[2]
        assert f'"{name}"' not in text(found.document)
        assert all(find(document, tuple(each.split("."))) for each in found.references)
