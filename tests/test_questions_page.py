"""The questions as HTML send what they show, and everybody can use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from advisor.answering import (
    Field,
    answers_of,
    field_at,
    fields,
)
from advisor.questionnaire import read_questionnaire
from tests.answer_forms import (
    child,
    every_scenario,
    made,
    page,
    plain,
    sent,
)

# The questions as HTML


@cache
def template() -> Template:
    made = Environment(
        loader=PackageLoader("advisor", "templates/web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.from_string(
        '{% from "questions.html" import question with context %}'
        '{% for each in fields %}{{ question(each, errors.get(each.name, "")) }}{% endfor %}'
    )


def drawn(asked: Iterable[Field], errors: Mapping[str, str] | None = None) -> str:
    return template().render(fields=tuple(asked), errors=errors or {})


def sorted_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((name, value.replace("\r\n", "\n")) for name, value in pairs)


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_a_page_sends_what_is_held_and_changes_nothing(seed: int) -> None:
    document = made(seed)
    for section, owner in read_questionnaire().pages(document):
        asked = fields(section, document, owner)
        found = page(drawn(asked))
        assert sorted_pairs(found.sent) == sorted_pairs(sent(asked))
        assert not answers_of(asked, found.sent)


def test_every_control_has_a_label_and_every_id_is_used_once() -> None:
    document = every_scenario()[3]
    for section, owner in read_questionnaire().pages(document):
        asked = fields(section, document, owner)
        found = page(drawn(asked, {field.name: "Enter a number" for field in asked}))
        assert len(found.ids) == len(set(found.ids))
        assert found.controls <= found.labelled
        assert found.described <= set(found.ids)
        assert {field.name for field in asked} <= set(found.ids)
        assert not any(" " in each for each in found.ids)


def test_a_question_at_fault_says_error_and_is_described_by_it() -> None:
    for address in ("children.amy.singled_out", "referral.source", "children.amy.age"):
        field = field_at(address, child())
        html = drawn([field], {address: "Select <b>one</b> of the answers"})
        assert "govuk-form-group--error" in html
        assert '<span class="govuk-visually-hidden">Error:</span> Select &lt;b&gt;one' in html
        assert f"{address}!error" in page(html).described


def test_what_is_written_in_a_note_is_shown_as_text() -> None:
    document = child(singled_out={"unknown": "declined", "note": '<script>"&</textarea>'})
    html = drawn([field_at("children.amy.singled_out", document)])
    assert "<script>" not in html
    assert '<details class="govuk-details" open>' in html
    assert page(html).sent[-1] == ("children.amy.singled_out!note", '<script>"&</textarea>')


def test_the_reason_and_the_note_are_in_the_page_whatever_is_held() -> None:
    html = drawn([field_at("children.amy.singled_out", child(singled_out=True))])
    assert "children.amy.singled_out!why" in html and "children.amy.singled_out!note" in html
    assert " open>" not in html


def test_a_list_of_many_choices_opens_and_a_short_one_lies_open() -> None:
    assert "<select" in drawn([field_at("referral.source", plain())]).partition("<details")[0]
    few_choices = drawn([field_at("household.conditions", plain())]).partition("<details")[0]
    assert "<select" not in few_choices
    assert few_choices.count('type="radio"') == 5
