"""Rules in plain English: every operator has its words, and a whole rule reads as a page."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from advisor.facts.shape import Kind, Type
from advisor.language import documents
from advisor.language.english import KINDS, URGENCIES, VERDICTS, Line, day, expression, word, words
from advisor.language.expressions import OPERATORS, Expression, FactTest
from advisor.pack import Pack, load
from advisor.rendering import places, rule_in_english, standing
from advisor.vocabulary import entries, place

EXPRESSION: TypeAdapter[Any] = TypeAdapter(Expression)


def english(written: Any, *, negated: bool = False) -> list[str]:
    """The lines for an expression as an author writes it, indented by their depth."""
    lines = expression(EXPRESSION.validate_python(written), {}, negated=negated)
    return ["  " * line.depth + line.text for line in lines]


WALKS = {"fact": "child.movement.walks"}
WALKS_ASKED = '"Does the child walk yet?"'
ENDED = '"When did the plan end?"'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (WALKS, f"yes to {WALKS_ASKED}"),
        ({**WALKS, "is": False}, f"no to {WALKS_ASKED}"),
        ({"not": WALKS}, f"no to {WALKS_ASKED}"),
        ({"not": {"not": WALKS}}, f"yes to {WALKS_ASKED}"),
        ({"known": WALKS["fact"]}, f"the answer to {WALKS_ASKED} is known, whatever it is"),
        ({"unknown": WALKS["fact"]}, f"the answer to {WALKS_ASKED} is not known"),
        ({"not": {"unknown": WALKS["fact"]}}, f"the answer to {WALKS_ASKED} is known, whatever it"),
        (
            {"unknown": WALKS["fact"], "because": ["declined", "awaiting"]},
            "is not known for any of these reasons: declined to say; an answer is awaited",
        ),
        ({"fact": "plan.kind", "is": "child_in_need"}, "is child in need"),
        (
            {"fact": "plan.kind", "in": ["child_in_need", "child_protection"]},
            "is child in need or child protection",
        ),
        ({"fact": "referral.reports", "includes": ["neglect", "housing"]}, "includes neglect or h"),
        ({"fact": "child.age_months", "at_least": 36}, 'in months?" is 36 or more'),
        ({"not": {"fact": "child.age_months", "at_least": 36}}, 'in months?" is less than 36'),
        ({"fact": "child.age_months", "at_most": 6}, 'in months?" is 6 or less'),
        ({"fact": "child.age_months", "at_least": 6, "at_most": 12}, "is from 6 to 12"),
        ({"fact": "plan.ended_on", "is": "none"}, f"the answer to {ENDED} is none"),
        ({"fact": "plan.ended_on", "before": "2024-06-03"}, "is before 3 June 2024"),
        ({"fact": "plan.ended_on", "after": "snapshot.as_of"}, "is after the day of the decision"),
        (
            {"fact": "plan.ended_on", "within": "12 months", "before": "referral.received_on"},
            'falls in the 12 months up to the answer to "When was',
        ),
        ({"fact": "plan.authority", "same_as": "snapshot.authority"}, "is the same as the answer"),
        (
            {"some": "child.injuries", "where": {"fact": "injury.known_birthmark"}},
            "at least one injury or mark of the child, where yes to",
        ),
        ({"some": "child.injuries"}, "at least one injury or mark of the child is recorded"),
        ({"not": {"some": "child.injuries"}}, "no injury or mark of the child is recorded"),
        (
            {"every": "child.plans", "where": {"fact": "plan.working"}},
            "every plan for the child, where yes to",
        ),
        (
            {"count": "child.events", "at_least": 3},
            "at least 3 events that concern the child",
        ),
        (
            {"not": {"count": "child.events", "at_least": 3}},
            "fewer than 3 events that concern the child",
        ),
        (
            {"some": "child.siblings", "where": {"fact": "sibling.movement.walks"}},
            'where yes to "Does the other child walk yet?"',
        ),
        (
            {"all": [{"known": WALKS["fact"]}, WALKS]},
            f"it is on record: yes to {WALKS_ASKED}",
        ),
    ],
)
def test_each_form_of_an_expression_has_its_words(written: Any, said: str) -> None:
    lines = english(written)
    assert len(lines) == 1
    assert said in lines[0]


def test_a_choice_is_followed_by_what_it_is_between_one_step_further_in() -> None:
    crawls = {"fact": "child.movement.crawls"}
    assert english({"any": [WALKS, {"not": crawls}]}) == [
        "at least one of these holds:",
        f"  yes to {WALKS_ASKED}",
        '  no to "Does the child crawl or shuffle on the bottom yet?"',
    ]
    assert english({"not": {"all": [WALKS, crawls]}})[0] == "not all of these hold:"
    assert english({"not": {"any": [WALKS, crawls]}})[0] == "none of these holds:"


def test_the_members_of_a_list_are_described_under_it() -> None:
    both = [{"fact": "injury.known_birthmark"}, {"fact": "injury.examined_by_gp"}]
    lines = english({"some": "child.injuries", "where": {"all": both}})
    assert lines[0] == "at least one injury or mark of the child, where all of these hold:"
    assert [line[:2] for line in lines[1:]] == ["  ", "  "]


def test_a_signal_is_said_in_its_own_words_for_each_value_accepted(small_pack: Path) -> None:
    signals = load(small_pack).signals
    written = EXPRESSION.validate_python({"signal": "child.walks", "is": [False, "unknown"]})
    assert next(expression(written, signals)).text == (
        "the child does not walk yet, or it is not recorded whether the child walks (child.walks)"
    )
    assert next(expression(written, signals, negated=True)).text == (
        "the child walks (child.walks)"
    )
    assert next(expression("child.walks", signals, negated=True)).text == (
        "the child does not walk yet (child.walks)"
    )


def test_a_signal_without_words_of_its_own_is_said_by_its_question(small_pack: Path) -> None:
    path = small_pack / "signals" / "child.yaml"
    kept = [line for line in path.read_text().splitlines() if "does not walk yet" not in line]
    path.write_text("\n".join(kept).replace(" is: false}", " is: true}"))
    signals = load(small_pack).signals
    assert next(expression("child.walks", signals, negated=True)).text == (
        'no to "Does the child walk yet?" (child.walks)'
    )


FACTS = [entry for entry in entries() if entry.path != "snapshot.id"]
LISTS = [each.path for each in FACTS if place(each.path).member is not None]


def trials(path: str, kind: Type | None, choices: tuple[str, ...], *, listed: bool) -> Any:
    """Expressions that test one fact in a way that suits its type."""
    if listed:
        return st.sampled_from([{"fact": path, "includes": choices[0] if choices else "an-id"}])
    by_type: dict[Type | None, list[dict[str, Any]]] = {
        Type.BOOL: [{}, {"is": False}],
        Type.NUMBER: [{"at_least": 2}, {"at_most": 3}, {"at_least": 1, "at_most": 4}, {"is": 2}],
        Type.DATE: [{"before": "2024"}, {"within": "2 years", "before": "snapshot.as_of"}],
        Type.DATE_OR_NONE: [{"is": "none"}, {"after": "referral.received_on"}],
        Type.REFERENCE: [{"same_as": "snapshot.authority"}],
    }
    tests = by_type.get(kind, [{"is": choice} for choice in choices[:2]])
    return st.sampled_from([{"fact": path, **test} for test in tests])


@st.composite
def leaves(draw: st.DrawFn) -> Any:
    entry = draw(st.sampled_from(FACTS))
    slot = entry.slot
    if slot.kind is Kind.LIST and slot.model is not None:
        return draw(st.sampled_from([{"known": entry.path}, {"unknown": entry.path}]))
    listed = slot.kind is Kind.LIST
    whether = st.sampled_from([{"known": entry.path}, {"unknown": entry.path}])
    return draw(st.one_of(trials(entry.path, slot.type, slot.choices, listed=listed), whether))


def quantified(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    path = st.sampled_from(["child.injuries", "child.adults", "child.siblings", "child.events"])
    return st.one_of(
        st.fixed_dictionaries({"some": path, "where": inner}),
        st.fixed_dictionaries({"every": path, "where": inner}),
        st.fixed_dictionaries({"count": path, "at_least": st.integers(1, 5), "where": inner}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
    )


@given(st.recursive(leaves(), quantified, max_leaves=6), st.booleans())
def test_any_expression_can_be_read_and_its_opposite_reads_otherwise(
    written: Any, negated: bool
) -> None:
    lines = english(written, negated=negated)
    assert lines
    assert all(line.strip() for line in lines)
    assert not re.search(r"[{}]|\bNone\b|child\.|FactTest", " ".join(lines))
    assert lines != english(written, negated=not negated)


@given(st.recursive(leaves(), quantified, max_leaves=6))
def test_a_line_is_at_most_one_step_further_in_than_the_one_before(written: Any) -> None:
    lines = list(expression(EXPRESSION.validate_python(written), {}))
    assert lines[0].depth == 0
    for before, line in pairwise(lines):
        assert line.depth <= before.depth + before.text.endswith(":")


def test_every_operator_and_every_test_of_a_fact_is_among_those_tried_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    tests = {field.alias or name for name, field in FactTest.model_fields.items()}
    for name in {*OPERATORS, *tests}:
        assert f'"{name}":' in source, name


@pytest.mark.parametrize("path", [*LISTS, "child.adults", "child.siblings", "child.meetings"])
def test_the_members_of_every_list_have_a_name(path: str) -> None:
    assert english({"some": path})[0].startswith("at least one ")


def test_every_urgency_kind_and_verdict_has_its_words() -> None:
    assert set(URGENCIES) == set(get_args(documents.Urgency))
    assert set(KINDS) == set(get_args(documents.Kind))
    assert set(VERDICTS) == set(get_args(documents.Verdict))


def test_values_and_dates_are_said_as_a_reader_says_them() -> None:
    assert (word(True), word("child_in_need"), word("gp"), word(3)) == (
        "yes",
        "child in need",
        "GP",
        "3",
    )
    assert words(["a", "b", "c"]) == "a, b or c"
    assert words(["a"]) == "a"
    assert (day("2017-05-18"), day("2017-05"), day("2017")) == ("18 May 2017", "May 2017", "2017")


def page_of(pack: Pack, rule: str) -> dict[str, list[Line]]:
    return {each.heading: list(each.lines) for each in rule_in_english(pack.rules[rule], pack)}


def test_a_rule_reads_as_a_page_from_when_it_speaks_to_its_examples(small_pack: Path) -> None:
    page = page_of(load(small_pack), "non-mobile-injury.opinion")
    assert [line.text for line in page["When it speaks"]] == [
        "It is looked at only where this is known to be so:",
        "The child has a mark that is not a known birthmark",
        "It then speaks where this is so:",
        "The child does not walk yet",
    ]
    assert [line.text for line in page["What it says"]] == [
        "Ask a senior paediatrician to look at the child's mark today.",
        "To: social worker, with the duty senior paediatrician.",
        "How soon: today. It is an action to consider.",
    ]
    assert page["What settles it"] == [Line("The child walks")]
    assert page["Where it comes from"] == [
        Line("A made-up review about Robin (2019), paragraphs 2.1, 2.2:"),
        Line("A mark on a baby who could not move was not shown to a senior doctor.", 1),
    ]
    assert page["Limits"][0].text.startswith("It says nothing of a mark")
    assert page["Examples"][0] == Line("A mark on a baby who does not walk: raised")


def test_a_rule_says_what_it_does_about_what_is_not_known(small_pack: Path) -> None:
    pack = load(small_pack)
    rule = pack.rules["non-mobile-injury.opinion"]

    def told(**changes: Any) -> str:
        changed = rule.model_copy(update=changes)
        page = {each.heading: each.lines for each in rule_in_english(changed, pack)}
        return " ".join(line.text for line in page["When something is not known"])

    assert "it asks for what is missing" in told()
    assert "it speaks on precaution" in told(when_unknown="raise")
    silent = told(when_unknown="silent", because="Another rule asks about it already.")
    assert "stays silent" in silent
    assert "Another rule asks about it already." in silent
    accepting = page_of(pack, "absent-information.walking")["When something is not known"]
    assert "they leave nothing open" in accepting[-1].text


def test_a_rule_that_builds_on_others_names_them(small_pack: Path) -> None:
    first = small_pack / "non-mobile-injury" / "opinion.yaml"
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("\nsources:", "\nconcludes: concern.mark\nsources:"))
    second = small_pack / "absent-information" / "walking.yaml"
    text = second.read_text(encoding="utf-8")
    two = "\n    - {at_least: 2, of: [child.has_mark, child.walks, concern.mark]}\nwhen_unknown"
    changed = text.replace("\nwhen_unknown", two, 1)
    second.write_text(
        changed.replace("\nsources:", "\nreplaces: [non-mobile-injury.opinion]\nsources:")
    )
    pack = load(small_pack)
    page = page_of(pack, "absent-information.walking")
    lines = {line.text: line.depth for line in page["When it speaks"]}
    title = "A mark on a child who does not walk needs a senior opinion"
    assert lines["at least 2 of these:"] == 1
    assert lines["one of these rules has been raised:"] == 2
    assert lines[title] == 3
    others = [line.text for line in page["How it goes with other rules"]]
    assert others == [f"It takes the place, for the same child, of: {title}"]
    assert [
        line.text
        for line in page_of(pack, "non-mobile-injury.opinion")["How it goes with other rules"]
    ] == ["When it is raised, these build on it: Find out whether a child with a mark can walk"]


def test_a_rule_says_from_when_until_when_it_is_in_force(small_pack: Path) -> None:
    rule = load(small_pack).rules["non-mobile-injury.opinion"]
    dated = type(rule).model_validate(
        {
            **rule.model_dump(by_alias=True),
            "in_force": {"from": "2024-01-02", "until": "2024-12-31"},
        }
    )
    assert standing(rule) == "non-mobile-injury.opinion, version 2, in use"
    assert standing(dated).endswith("in use, from 2 January 2024, until 31 December 2024")


def test_pinpoints_are_said_as_a_reader_looks_them_up() -> None:
    assert places(["5.43"]) == "paragraph 5.43"
    assert places(["5.43", "5.44"]) == "paragraphs 5.43, 5.44"
    assert places(["5.43", "rec 6"]) == "paragraph 5.43, recommendation 6"
    assert places(["finding 4"]) == "finding 4"
