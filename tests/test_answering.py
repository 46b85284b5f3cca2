"""Answers of a form change what they answer and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.addresses import AddressError, find, owners, resolve
from advisor.advise import advise
from advisor.answering import (
    Answer,
    FormError,
    Held,
    add_entry,
    answers_of,
    apply,
    as_posted,
    entry_words,
    field_at,
    fields,
    merge,
    owner_words,
    progress,
    remove_entry,
)
from advisor.answering.asked import TO_CHILDREN, TO_NOBODY
from advisor.facts.shape import Kind, Type
from advisor.pack import load
from advisor.parts import held_of, part_at, part_of
from advisor.problems import InputError
from advisor.questionnaire import read_questionnaire
from advisor.snapshot import Snapshot
from tests.answer_forms import (
    DAY,
    Form,
    Plain,
    answered,
    bare,
    child,
    every_field,
    every_scenario,
    few,
    made,
    plain,
    sent,
    text,
    told,
    without_origins,
)

# A form that is sent as it was drawn


def test_every_scenario_sent_back_unchanged_is_the_same_to_the_byte() -> None:
    number = 0
    for document in every_scenario():
        drawn = every_field(document)
        answers = answers_of(drawn, sent(drawn))
        assert not answers
        assert text(apply(document, answers)) == text(document)
        number += len(drawn)
    assert number > 10_000


@few
@given(st.integers(0, 10_000))
def test_any_case_sent_back_unchanged_is_the_same_to_the_byte(seed: int) -> None:
    document = made(seed)
    drawn = every_field(document)
    answers = answers_of(drawn, sent(drawn))
    assert not answers
    assert text(apply(document, answers)) == text(document)


@few
@given(st.integers(0, 10_000))
def test_whatever_a_case_holds_can_be_entered_by_form(seed: int) -> None:
    document = made(seed)
    empty = Snapshot.from_data(bare(document)).plain
    shown = {field.address: field for field in every_field(document)}
    blank = [field_at(address, empty) for address in shown]
    for section, owner in read_questionnaire().pages(empty):
        assert owner in owners(empty, section.about)
    entered = apply(empty, answers_of(blank, sent(shown.values())))
    assert without_origins(entered) == without_origins(document)


@few
@given(st.integers(0, 10_000))
def test_what_is_written_for_an_answer_says_that_answer(seed: int) -> None:
    document, other = made(seed), made(seed + 1)
    theirs = {field.address: field for field in every_field(other)}
    for field in every_field(document):
        held = field.held
        address = resolve(field.address)
        part = part_at(document, address)
        assert part_of(held, address, part) == part
        if field.kind == "entries" or field.address not in theirs:
            continue
        wanted = theirs[field.address].held
        assert held_of(part_of(wanted, address, part), address) == wanted


def test_a_form_of_which_nothing_was_sent_changes_nothing() -> None:
    document = every_scenario()[0]
    assert not answers_of(every_field(document), {})


# What stands beside a value


SAID = {"value": True, "known_on": "2024-05", "from": "police", "note": "By telephone."}


def test_an_answer_that_stays_keeps_where_it_came_from() -> None:
    document = child(singled_out=SAID)
    same = answered(document, "children.amy.singled_out", {"": "true", "!note": "By telephone."})
    assert same == document
    noted = answered(document, "children.amy.singled_out", {"": "true", "!note": "By letter."})
    assert noted["children"][0]["singled_out"] == {**SAID, "note": "By letter."}
    cleared = answered(document, "children.amy.singled_out", {"": "true", "!note": ""})
    assert cleared["children"][0]["singled_out"] == {
        "value": True,
        "known_on": "2024-05",
        "from": "police",
    }


def test_an_answer_that_changes_loses_where_it_came_from() -> None:
    document = child(singled_out=SAID)
    changed = answered(document, "children.amy.singled_out", {"": "false"})
    assert changed["children"][0]["singled_out"] is False
    unknown = answered(document, "children.amy.singled_out", {"": "!not_known", "!note": "New."})
    assert unknown["children"][0]["singled_out"] == {"unknown": "asked_not_known", "note": "New."}
    taken = answered(document, "children.amy.singled_out", {"": "!blank", "!note": SAID["note"]})
    assert "singled_out" not in taken["children"][0]


def test_a_note_may_stand_where_there_is_no_answer_yet() -> None:
    noted = answered(child(), "children.amy.singled_out", {"!note": "Ask the school."})
    part = noted["children"][0]["singled_out"]
    assert part == {"unknown": "not_recorded", "note": "Ask the school."}
    field = field_at("children.amy.singled_out", noted)
    assert (field.held.state, field.held.note, field.open_details) == ("blank", part["note"], True)


# Each kind of answer


@pytest.mark.parametrize(
    ("address", "form", "part"),
    [
        ("singled_out", {"": "true"}, True),
        ("singled_out", {"": "!not_asked"}, {"unknown": "not_asked"}),
        ("singled_out", {"": "!not_known"}, {"unknown": "asked_not_known"}),
        ("singled_out", {"": "!not_known", "!why": "withheld"}, {"unknown": "withheld"}),
        ("singled_out", {"!why": "declined"}, {"unknown": "declined"}),
        ("interim_safety", {"": "in_place"}, "in_place"),
        ("told_concerns", {"": ["", "neglect"]}, {"complete": False, "items": ["neglect"]}),
        ("told_concerns", {"": ["neglect"], "!complete": "yes"}, ["neglect"]),
        ("told_concerns", {"": ["", "!none"]}, []),
        ("told_concerns", {"": "!not_asked"}, {"unknown": "not_asked"}),
        ("told_concerns", {"": "", "!complete": "no"}, {"complete": False, "items": []}),
        ("health.appointments_missed", {"": ["0", ""]}, 0),
        ("health.appointments_missed", {"": ["007"]}, 7),
        ("health.appointments_missed", {"": ["", "!not_known"]}, {"unknown": "asked_not_known"}),
        ("seen.last_seen_on", {"!day": "3", "!month": "5", "!year": "2024"}, "2024-05-03"),
        ("seen.last_seen_on", {"!day": "", "!month": "05", "!year": "2024"}, "2024-05"),
        ("seen.last_seen_on", {"!year": " 2023 "}, "2023"),
        ("schooling.removed_on", {"": "!none"}, "none"),
    ],
)
def test_each_kind_of_answer_is_written_as_a_snapshot_has_it(
    address: str, form: Form, part: Any
) -> None:
    document = answered(child(), f"children.amy.{address}", form)
    assert find(document, ("children", "amy", *address.split("."))) == part


@pytest.mark.parametrize(
    ("address", "form", "message"),
    [
        ("singled_out", {"": "perhaps"}, "Select one of the answers"),
        ("singled_out", {"": ["true", "false"]}, "Select one answer only"),
        ("singled_out", {"": "!none"}, "Select one of the answers"),
        ("singled_out", {"": "true", "!why": "declined"}, "Select “Not known”"),
        ("singled_out", {"": "!not_known", "!why": "tired"}, "Select why it is not known"),
        ("singled_out", {"": "true", "!note": "x" * 501}, "must be 500 characters or fewer"),
        ("singled_out", {"": "true", "!note": "x\x07"}, "Remove the characters"),
        ("told_concerns", {"": ["neglect", "!none"]}, "“None of these”, not both"),
        ("told_concerns", {"": "", "!complete": "yes"}, "Select at least one answer"),
        ("told_concerns", {"": "neglect", "!complete": "so"}, "Select whether that is all"),
        ("told_concerns", {"": "bad_weather"}, "Select one of the answers"),
        ("health.appointments_missed", {"": "two"}, "Enter a number"),
        ("health.appointments_missed", {"": "-1"}, "Enter a number"),
        ("health.appointments_missed", {"": "100001"}, "Enter a number of 100000 or less"),
        ("health.appointments_missed", {"": "9" * 30}, "Enter a number"),
        ("health.appointments_missed", {"": ["2", "!not_known"]}, "not both"),
        ("seen.last_seen_on", {"!day": "31", "!month": "2", "!year": "2024"}, "Enter a real date"),
        ("seen.last_seen_on", {"!day": "x", "!month": "2", "!year": "2024"}, "Enter a real date"),
        ("seen.last_seen_on", {"!day": "3", "!month": "2"}, "must include a year"),
        ("seen.last_seen_on", {"!day": "3", "!year": "2024"}, "must include a month"),
        ("seen.last_seen_on", {"!year": "24"}, "a year with four digits"),
        ("seen.last_seen_on", {"!year": "2024", "": "!not_asked"}, "not both"),
        ("seen.last_seen_on", {"!year": "2025"}, "The date must be 3 June 2024 or earlier"),
        ("seen.last_seen_on", {"!year": "２０２４"}, "Enter a real date"),
    ],
)
def test_an_answer_at_fault_is_told_by_its_question_and_what_to_do(
    address: str, form: Form, message: str
) -> None:
    assert message in told(child(), f"children.amy.{address}", form)


def test_every_fault_of_a_form_is_told_at_once() -> None:
    drawn = every_field(child())
    form = {
        "children.amy.health.appointments_missed": "many",
        "referral.received_on!year": "soon",
    }
    with pytest.raises(FormError) as caught:
        answers_of(drawn, form)
    assert set(caught.value.messages) == {
        "children.amy.health.appointments_missed",
        "referral.received_on",
    }


def test_a_form_at_fault_is_drawn_again_as_it_was_sent() -> None:
    drawn = [field_at("children.amy.seen.last_seen_on", child())]
    form = {"children.amy.seen.last_seen_on!day": "31", "children.amy.seen.last_seen_on!note": "?"}
    again = as_posted(drawn, form)[0]
    assert (again.shown.text("day"), again.shown.text("note")) == ("31", "?")
    assert again.held == drawn[0].held


def test_what_changed_wins_where_a_button_cannot_be_let_go() -> None:
    address = "children.amy.seen.last_seen_on"
    unknown = child(seen={"last_seen_on": {"unknown": "declined"}})
    typed = {"": "!not_known", "!why": "declined", "!day": "", "!month": "5", "!year": "2024"}
    assert find(answered(unknown, address, typed), tuple(address.split("."))) == "2024-05"
    known = child(seen={"last_seen_on": "2024-05"})
    picked = {"": "!not_asked", "!day": "", "!month": "5", "!year": "2024"}
    assert find(answered(known, address, picked), tuple(address.split("."))) == {
        "unknown": "not_asked"
    }
    assert "not both" in told(known, address, {**picked, "!month": "4"})


def test_a_date_number_or_list_that_is_emptied_is_taken_away() -> None:
    document = child(
        seen={"last_seen_on": "2024-05"},
        health={"appointments_missed": 2},
        told_concerns={"complete": False, "items": ["neglect"]},
    )
    emptied = answered(
        document, "children.amy.seen.last_seen_on", {"!day": "", "!month": "", "!year": ""}
    )
    assert "seen" not in emptied["children"][0]
    emptied = answered(document, "children.amy.health.appointments_missed", {"": ""})
    assert "health" not in emptied["children"][0]
    emptied = answered(document, "children.amy.told_concerns", {"": ""})
    assert "told_concerns" not in emptied["children"][0]


def test_an_authority_is_a_made_up_id_and_never_a_name() -> None:
    document = answered(plain(), "snapshot.authority", {"": "Northshire"})
    assert document["snapshot"]["authority"] == "northshire"
    assert "made-up id" in told(plain(), "snapshot.authority", {"": "St. Mary's Council"})


def test_the_day_of_the_check_is_needed_whole() -> None:
    address = "snapshot.as_of"
    day = {"!day": "4", "!month": "6", "!year": "2024"}
    assert answered(plain(), address, day)["snapshot"]["as_of"] == "2024-06-04"
    assert "whole date" in told(plain(), address, {**day, "!day": ""})
    assert "whole date" in told(plain(), address, {"!day": "", "!month": "", "!year": ""})
    assert "Select one of the answers" in told(plain(), address, {"": "!not_known"})


def test_people_are_offered_by_what_the_case_calls_them() -> None:
    document = plain(
        children=[{"id": "amy"}, {"id": "child-b"}], adults=[{"id": "father"}, {"id": "aunt"}]
    )
    about = field_at("referral.about", document)
    assert about.choices == (("amy", "Amy"), ("child-b", "Child B"))
    partner = field_at("adults.aunt.partner_of", document)
    assert ("father", "the father") in partner.choices
    changed = answered(document, "adults.aunt.partner_of", {"": "father"})
    assert find(changed, ("adults", "aunt", "partner_of")) == "father"
    assert "Select one" in told(document, "adults.aunt.partner_of", {"": "uncle"})


def test_references_are_offered_from_the_people_to_whom_the_snapshot_lets_them_point() -> None:
    seen: set[str] = set()
    for fact in (item.fact for s in read_questionnaire().sections for item in s.questions):
        name = fact.rpartition(".")[2]
        slot = resolve(_somewhere(fact)).slot
        if slot.type is not Type.REFERENCE:
            continue
        seen.add(name)
        stranger = ["zed"] if slot.kind is Kind.LIST else "zed"
        document = bare_with(_somewhere(fact), stranger)
        if name in TO_NOBODY:
            Snapshot.from_data(document)
            continue
        with pytest.raises(InputError) as caught:
            Snapshot.from_data(document)
        kind = "child" if name in TO_CHILDREN else "adult"
        assert f"there is no {kind} zed here" in str(caught.value), fact
    assert seen >= TO_CHILDREN | TO_NOBODY | {"warns_of", "harmed", "in_care_of", "against"}


_PLACES = {
    "child": "children.amy",
    "adult": "adults.dad",
    "injury": "children.amy.injuries.x",
    "plan": "children.amy.plans.x",
    "order": "children.amy.orders.x",
    "move": "children.amy.moves.x",
    "history": "adults.dad.history.x",
    "check": "adults.dad.checks.x",
    "agency_check": "referral.checks.x",
    "event": "events.x",
    "service": "services.x",
    "meeting": "meetings.x",
}


def _somewhere(fact: str) -> str:
    """An address of a fact in some case."""
    name, _, rest = fact.partition(".")
    if fact.startswith("adult.link."):
        return f"adults.dad.links.amy.{fact.removeprefix('adult.link.')}"
    return f"{_PLACES[name]}.{rest}" if name in _PLACES else fact


def bare_with(address: str, part: Any) -> Plain:
    """A case with one fact, whatever it is worth."""
    document: Plain = {
        "snapshot": {"id": "made", "as_of": DAY},
        "children": [{"id": "amy"}],
        "adults": [{"id": "dad"}],
    }
    place: Any = document
    steps = address.split(".")
    for number, step in enumerate(steps[:-1]):
        if isinstance(place, list):
            found = next((item for item in place if item.get("id") == step), None)
            if found is None:
                place.append(found := {"id": step})
            place = found
        else:
            above = step in {"injuries", "plans", "orders", "moves", "history", "checks"}
            entry = above or (number == 0 and step in {"events", "services", "meetings"})
            place = place.setdefault(step, [] if entry else {})
    place[steps[-1]] = part
    return document


# Age


AGE = "children.amy.age"


@pytest.mark.parametrize(
    ("form", "held"),
    [
        ({"": "born", "!year": "2024", "!month": "3"}, {"born": "2024-03"}),
        ({"": "due", "!year": "2024", "!month": "8"}, {"due": "2024-08"}),
        ({"": "age", "!number": "7", "!unit": "weeks"}, {"age": {"weeks": 7}}),
        ({"!number": "3", "!unit": "years"}, {"age": {"years": 3}}),
        ({"": "!not_asked"}, {"born": {"unknown": "not_asked"}}),
        ({"": "!not_known", "!why": "conflicting"}, {"born": {"unknown": "conflicting"}}),
        (
            {"": "age", "!number": "7", "!unit": "weeks", "!note": "By her looks."},
            {"age": {"weeks": 7}, "born": {"unknown": "not_recorded", "note": "By her looks."}},
        ),
    ],
)
@pytest.mark.parametrize(
    "before", [{}, {"born": "2020-01-02"}, {"age": {"years": 4}}, {"due": {"unknown": "declined"}}]
)
def test_a_birth_date_an_age_and_a_due_date_take_each_others_place(
    before: Plain, form: Form, held: Plain
) -> None:
    cleared = {"!day": "", "!month": "", "!year": "", "!number": "", "!unit": ""}
    document = answered(child(**before), AGE, {**cleared, **form})
    facts = {name: part for name, part in document["children"][0].items() if name != "id"}
    assert facts == held


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"!year": "2020"}, "Select date of birth, date due or age"),
        ({"": "born"}, "Enter the date"),
        ({"": "age"}, "Enter the age as a number"),
        ({"": "age", "!number": "3"}, "years, months or weeks"),
        ({"": "age", "!number": "three", "!unit": "years"}, "Enter a number"),
        ({"": "age", "!number": "18", "!unit": "years"}, "Enter a number of 17 or less"),
        ({"": "due", "!year": "2030"}, "Enter a date due that fits the day of the check"),
    ],
)
def test_an_age_at_fault_is_told(form: Form, message: str) -> None:
    assert message in told(child(), AGE, form)


def test_an_age_typed_beside_a_date_of_birth_is_never_passed_over() -> None:
    document = child(born="2020-01-02")
    form = {"": "born", "!day": "2", "!month": "1", "!year": "2020", "!number": "3"}
    assert "Select “Age”" in told(document, AGE, form)
    aged = child(age={"years": 3})
    form = {"": "age", "!number": "3", "!unit": "years", "!year": "2021"}
    assert "Select date of birth, date due" in told(aged, AGE, form)


def test_every_fact_that_is_worked_out_from_age_is_asked_as_age() -> None:
    for name in ("born", "due", "age", "age_months", "age_weeks", "is_unborn", "weeks_pregnant"):
        field = field_at(f"children.amy.{name}", child())
        assert (field.address, field.kind) == (AGE, "age")


# What does not fit


def test_a_fault_lies_with_the_question_on_the_form() -> None:
    document = plain(referral={"received_on": "2024-05-01"})
    form = {AGE: "born", f"{AGE}!year": "2024", f"{AGE}!month": "6", f"{AGE}!day": "1"}
    with pytest.raises(FormError) as caught:
        apply(document, answers_of([field_at(AGE, document)], form))
    assert list(caught.value.messages) == [AGE]
    assert "must not be later than the day this was received" in caught.value.messages[AGE]


def test_a_fault_elsewhere_is_told_for_the_form_as_a_whole_in_words() -> None:
    document = child(born="2024-05-20")
    field = field_at("referral.received_on", document)
    form = {
        f"{field.name}!{end}": part
        for end, part in zip(("month", "year"), ("4", "2024"), strict=True)
    }
    with pytest.raises(FormError) as caught:
        apply(document, answers_of([field], form))
    assert list(caught.value.messages) == [""]
    assert "“When was Amy born?”" in caught.value.messages[""]


def test_an_end_before_the_beginning_is_told_at_the_end() -> None:
    document = child(plans=[{"id": "p", "started_on": "2024-02"}])
    message = told(document, "children.amy.plans.p.ended_on", {"!year": "2023"})
    assert message.startswith("The end must not be earlier than the start")


def test_answers_about_an_entry_that_is_not_there_are_refused() -> None:
    with pytest.raises(AddressError):
        field_at("children.ben.singled_out", child())
    with pytest.raises(AddressError):
        fields(read_questionnaire().section("child"), child(), "children.ben")
    answer = Answer("children.ben.singled_out", "", Held("known", ("true",)), Held())
    with pytest.raises(AddressError):
        apply(child(), [answer])


@pytest.mark.parametrize(
    "address",
    [
        *("", "children.amy", "child.born", "children.amy.nothing", "snapshot.id", "referral"),
        *("children..born", "children.AMY.born", "adults.dad.links", "children.amy.born.value"),
        "x" * 99,
    ],
)
def test_an_address_that_leads_to_no_fact_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        field_at(address, child())


# Any address


def test_every_question_that_advice_asks_can_be_answered_where_it_is_asked() -> None:
    pack = load()
    asked = 0
    for document in every_scenario()[::12]:
        for question in advise(Snapshot.from_data(document), pack).questions:
            field = field_at(question.path, document)
            assert "{" not in field.ask
            asked += 1
    assert asked > 100


def test_a_list_that_advice_asks_about_says_where_an_entry_is_added() -> None:
    field = field_at("children.amy.plans", child())
    assert (field.kind, field.owner, field.collection) == ("entries", "children.amy", "plans")
    assert [value for value, _ in field.specials] == [
        "!add",
        "!none",
        "!not_asked",
        "!not_known",
    ]
    adults = field_at("children.amy.adults", plain(adults=[{"id": "father"}]))
    assert (adults.address, adults.owner, adults.collection) == ("adults", "", "adults")
    assert adults.entries == (("adults.father", "the father"),)


@pytest.mark.parametrize(
    ("before", "form", "part"),
    [
        (None, {"": "!none"}, []),
        (None, {"": "!not_asked"}, {"unknown": "not_asked"}),
        (None, {"": "!not_known", "!why": "awaiting"}, {"unknown": "awaiting"}),
        (None, {"": "!add"}, {"complete": False, "items": [{"id": "plan-1"}]}),
        ([], {"": "!add"}, {"complete": False, "items": [{"id": "plan-1"}]}),
        ([], {"": "!blank"}, None),
        ([{"id": "p"}], {"": "!more"}, {"complete": False, "items": [{"id": "p"}]}),
        ({"complete": False, "items": [{"id": "p"}]}, {"": "!all"}, [{"id": "p"}]),
    ],
)
def test_a_list_of_entries_can_be_said_to_be_empty_complete_or_open(
    before: Any, form: Form, part: Any
) -> None:
    document = answered(child(plans=before), "children.amy.plans", form)
    assert find(document, ("children", "amy", "plans")) == part


def test_a_list_that_has_entries_cannot_be_said_to_have_none() -> None:
    document = child(plans=[{"id": "p"}])
    drawn = field_at("children.amy.plans", child())
    assert "Remove the entries first" in told(document, "children.amy.plans", {"": "!not_asked"})
    answers = answers_of([drawn], {"children.amy.plans": "!none"})
    assert merge(child(), document, answers).clashes[0].address == "children.amy.plans"


def test_an_adult_and_child_can_be_told_of_before_anything_links_them() -> None:
    document = plain(adults=[{"id": "dad"}])
    told_of = answered(document, "adults.dad.links.amy.bond", {"": "strained"})
    assert find(told_of, ("adults", "dad", "links")) == {
        "complete": False,
        "items": [{"child": "amy", "bond": "strained"}],
    }
    with pytest.raises(AddressError):
        field_at("adults.dad.links.ben.bond", document)


# Words


def test_questions_name_the_people_they_are_about() -> None:
    document = plain(
        children=[{"id": "amy"}, {"id": "ben"}],
        adults=[{"id": "dad", "history": [{"id": "x"}]}],
    )
    said = {
        "adults.dad.links.ben.contact": "What contact does Dad have with Ben?",
        "adults.dad.engagement.level": "How does Dad engage with services?",
        "adults.dad.history.x.considered_in_assessment": (
            "Has what this means for Amy and Ben been weighed?"
        ),
    }
    for address, ask in said.items():
        assert field_at(address, document).ask == ask
    many = plain(children=[{"id": name} for name in ("a", "b", "c", "d")], adults=[{"id": "dad"}])
    ask = field_at("adults.dad.told_whom_to_contact", many).ask
    assert ask == "Does Dad know whom to tell about a worry for the children?"


def test_entries_are_called_by_what_they_are() -> None:
    document = plain(
        children=[
            {
                "id": "amy",
                "injuries": [{"id": "injury-1"}, {"id": "m", "kind": "bruise", "seen_on": DAY}],
                "plans": [{"id": "p", "kind": "child_in_need", "started_on": "2024-02"}],
            }
        ],
        services=[{"id": "s", "agency": "gp"}],
    )
    words = {
        "children.amy": "Amy",
        "children.amy.injuries.injury-1": "Injury or mark 1",
        "children.amy.injuries.m": "Bruise, 3 June 2024",
        "children.amy.plans.p": "Child in need, February 2024",
        "services.s": "GP",
    }
    assert {address: entry_words(document, address) for address in words} == words
    assert owner_words(document, "children.amy.injuries.m") == "Amy: bruise, 3 June 2024"
    assert owner_words(document, "") == ""


# Progress


def test_progress_counts_a_reason_as_an_answer_and_a_gap_as_none() -> None:
    document = plain(
        referral={"source": "gp", "received_on": {"unknown": "declined"}, "reports": None}
    )
    first = progress(read_questionnaire(), document)[0]
    assert (first.section.id, first.owner) == ("referral", "")
    assert (first.answered, first.asked) == (2, 8)


def test_progress_tells_of_every_section_for_everybody() -> None:
    document = plain(adults=[{"id": "dad"}])
    found = {(each.section.id, each.owner) for each in progress(read_questionnaire(), document)}
    assert ("adult-and-child", "adults.dad.links.amy") in found
    assert ("health", "children.amy") in found
    assert not any(section == "injury" for section, _ in found)


def test_nothing_given_is_changed_in_place() -> None:
    def untouched() -> Iterator[Plain]:
        document = plain(adults=[{"id": "dad"}], children=[{"id": "amy"}, {"id": "ben"}])
        before = text(document)
        yield document
        assert text(document) == before

    for document in untouched():
        add_entry(document, "children.amy", "plans")
        remove_entry(document, "children.ben")
        answered(document, "adults.dad.links.amy.bond", {"": "warm"})
