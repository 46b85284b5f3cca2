"""The questionnaire asks for every fact once, in the words of the field, and checks itself."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from advisor.addresses import address_of, asked_as, owner_about, owners, resolve
from advisor.answering import add_entry, fields
from advisor.data import rules_folder
from advisor.facts.shape import Kind, slots
from advisor.language.expressions import facts_read
from advisor.pack import load
from advisor.problems import InputError
from advisor.questionnaire import MOST_ASKED, Questionnaire, read_questionnaire, slot_of
from advisor.snapshot import Snapshot
from advisor.vocabulary import entries

HEADING = {"id": "made", "as_of": "2024-06-03"}


def plain(**parts: Any) -> dict[str, Any]:
    return Snapshot.from_data({"snapshot": HEADING, "children": [{"id": "amy"}], **parts}).plain


def facts_of(questionnaire: Questionnaire) -> list[str]:
    return [item.fact for section in questionnaire.sections for item in section.questions]


def top_lists() -> list[str]:
    return [name for name, slot in slots(Snapshot).items() if slot.kind is Kind.LIST]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "questionnaire.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(tmp_path: Path, text: str) -> list[str]:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_questionnaire(path)
    return [str(each).removeprefix(f"{path}:") for each in caught.value.problems]


def test_every_fact_that_a_rule_or_signal_reads_is_asked_somewhere() -> None:
    read = {fact for signal in load().signals.values() for fact in facts_read(signal.tree)}
    assert len(read) > 200
    assert read_questionnaire().not_asked(read) == []


def test_every_fact_of_the_vocabulary_is_asked_once_and_nothing_else_is() -> None:
    known = {asked_as(each.path) for each in entries()} | set(top_lists()) | {"snapshot.as_of"}
    asked = facts_of(read_questionnaire())
    assert len(asked) == len(set(asked))
    assert set(asked) == known - {"child.due"}


def test_a_fact_that_is_worked_out_is_asked_through_what_it_is_worked_out_from() -> None:
    assert asked_as("child.age_months") == asked_as("sibling.is_unborn") == "child.born"
    assert asked_as("child.weeks_pregnant") == asked_as("child.due") == "child.born"
    assert asked_as("child.decision_is_about") == "referral.about"
    assert asked_as("child.adults") == "adults"
    assert asked_as("child.siblings") == "children"
    assert asked_as("sibling.voice.says") == "child.voice.says"


def test_no_page_is_long_and_the_short_path_is_short() -> None:
    questionnaire = read_questionnaire()
    assert max(len(section.questions) for section in questionnaire.sections) <= 10
    document = plain(adults=[{"id": "dad"}])
    number = sum(
        len(list(section.asked(document, owner)))
        for section, owner in questionnaire.short_path(document)
    )
    assert number <= 35


def test_the_short_path_begins_with_the_referral_and_goes_from_one_person_to_the_next() -> None:
    document = plain(
        children=[{"id": "amy", "injuries": [{"id": "mark"}]}, {"id": "ben"}],
        adults=[{"id": "dad"}],
    )
    path = [(section.id, owner) for section, owner in read_questionnaire().short_path(document)]
    assert path[:2] == [("referral", ""), ("people", "")]
    children = [owner for _, owner in path if owner.startswith("children.")]
    assert children == sorted(children, key=lambda owner: (owner.count("."), owner))
    assert ("injury", "children.amy.injuries.mark") in path
    assert ("adult-and-child", "adults.dad.links.ben") in path
    assert all(section.essential for section, _ in read_questionnaire().short_path(document))


def test_own_words_name_nobody_who_is_not_there_and_are_sentences() -> None:
    for section in read_questionnaire().sections:
        for item in section.questions:
            words = item.ask or slot_of(item.fact).ask
            assert words.endswith("?"), item.fact
            assert section.title[0].isupper() and "{" not in section.title


def test_a_question_is_left_out_only_where_the_earlier_answer_is_known_and_another() -> None:
    section = read_questionnaire().section("milestones")

    def is_asked(**child: Any) -> bool:
        return section.is_asked(plain(children=[{"id": "amy", **child}]), "children.amy")

    assert is_asked()
    assert is_asked(movement={"walks": {"unknown": "not_asked"}})
    assert is_asked(movement={"walks": False})
    assert not is_asked(movement={"walks": True})
    assert not is_asked(due="2024-08")
    assert is_asked(born="2024-01-02", due={"unknown": "declined"})


def test_a_question_that_has_an_answer_stays_in_sight() -> None:
    section = read_questionnaire().section("milestones")
    child = {"id": "amy", "movement": {"walks": True, "crawls": False}}
    asked = [item.fact for item, _ in section.asked(plain(children=[child]), "children.amy")]
    assert asked == ["child.movement.crawls"]


def test_each_kind_of_section_finds_its_owners() -> None:
    document = plain(
        referral={"checks": [{"id": "gp"}]},
        children=[{"id": "amy", "plans": [{"id": "first"}]}, {"id": "ben"}],
        adults={"complete": False, "items": [{"id": "dad", "history": [{"id": "x"}]}]},
    )
    assert owners(document, "case") == ("",)
    assert owners(document, "link") == ("adults.dad.links.amy", "adults.dad.links.ben")
    assert owners(document, "plan") == ("children.amy.plans.first",)
    assert owners(document, "agency_check") == ("referral.checks.gp",)
    assert owners(document, "history") == ("adults.dad.history.x",)
    for section in read_questionnaire().sections:
        for owner in owners(document, section.about):
            assert owner_about(owner) == section.about


def test_an_adult_who_is_linked_to_no_child_is_not_asked_about_one() -> None:
    assert owners(plain(adults=[{"id": "dad", "links": []}]), "link") == ()


def test_the_fact_at_the_address_of_a_question_is_the_fact_asked_for() -> None:
    places = {
        "child": "children.amy",
        "adult": "adults.dad",
        "link": "adults.dad.links.amy",
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
    for section in read_questionnaire().sections:
        for item in section.questions:
            address = address_of(item.fact, places.get(section.about, ""))
            assert address is not None
            found = resolve(address)
            assert (found.fact, found.about) == (item.fact, section.about)


def test_a_pack_with_a_questionnaire_beside_it_is_the_same_pack(small_pack: Path) -> None:
    before = load(small_pack).sha256
    shutil.copy(rules_folder() / "questionnaire.yaml", small_pack / "questionnaire.yaml")
    assert load(small_pack).sha256 == before
    own = read_questionnaire(small_pack / "questionnaire.yaml")
    assert own.sections == read_questionnaire().sections


def test_a_changed_questionnaire_is_read_again(tmp_path: Path) -> None:
    text = "sections: [{id: one, title: Number one, about: child, questions: [child.singled_out]}]"
    path = written(tmp_path, text)
    assert read_questionnaire(path).section("one").title == "Number one"
    path.write_text(text.replace("Number one", "Number ten or so"), encoding="utf-8")
    assert read_questionnaire(path).section("one").title == "Number ten or so"


SECTION = """\
sections:
  - id: first
    title: The first section
    about: child
    questions:
      - child.born
      - child.singled_out
  - id: second
    title: The second section
    about: child
    questions:
      - {}
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("child.singled_out", "section first asks for this already; ask once"),
        ("child.singled_outt", "child has no fact singled_outt. Did you mean singled_out?"),
        ("child.age_months", "this is asked for as child.born; write that"),
        ("child.due", "this is asked for as child.born; write that"),
        ("child.adults", "this is asked for as adults; write that"),
        ("referral.source", "this belongs in a section about: case"),
        ("adult.link.bond", "this belongs in a section about: link"),
        ("{fact: child.private_law_case, ask: Oh}", "too short: write at least 3 characters"),
        ("{fact: child.private_law_case, none: There is none}", "this question has no such answer"),
        ("{fact: child.private_law_case, ask: 'Has {adult} gone?'}", "{adult} stands for nobody"),
        ("{fact: child.private_law_case, aks: What is it}", "there is no such key here"),
        (
            "{fact: child.private_law_case, ask_when: {fact: child.singled_out, is: [maybe]}}",
            "maybe is not one of its values",
        ),
        (
            "{fact: child.private_law_case, ask_when: {fact: child.health.disabled, is: [true]}}",
            "no earlier section asks for this",
        ),
        (
            "{fact: child.private_law_case, ask_when: {fact: child.born, is: ['2024']}}",
            "only a question with yes and no, or with choices, can decide this",
        ),
    ],
)
def test_a_question_at_fault_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, question: str, told: str
) -> None:
    found = faults(tmp_path, SECTION.replace("{}", question))
    assert len(found) == 1
    assert found[0].startswith("12: sections[1].questions[0]")
    assert told in found[0]


def test_a_gate_on_the_same_page_is_refused(tmp_path: Path) -> None:
    gated = "{fact: child.private_law_case, ask_when: {fact: child.movement.walks, is: [true]}}"
    text = SECTION.replace("{}", f"child.movement.walks\n      - {gated}")
    found = faults(tmp_path, text)
    assert [each.split(":")[0] for each in found] == ["13"]
    assert "no earlier section asks for this" in found[0]


def test_what_another_entry_holds_cannot_decide(tmp_path: Path) -> None:
    text = SECTION.replace("{}", "child.private_law_case") + (
        "  - id: third\n    title: The third section\n    about: event\n"
        "    ask_when: {fact: child.singled_out, is: [true]}\n    questions: [event.kind]\n"
    )
    assert "a section about: event cannot see this" in faults(tmp_path, text)[0]


def test_sections_that_are_too_long_or_share_an_id_are_refused(tmp_path: Path) -> None:
    text = SECTION.replace("{}", "child.private_law_case").replace("id: second", "id: first")
    assert "there is a section first already" in faults(tmp_path, text)[0]
    facts = [fact for fact in facts_of(read_questionnaire()) if fact.startswith("child.")]
    many = "\n      - ".join(sorted(set(facts) - {"child.born", "child.singled_out"}))
    found = faults(tmp_path, SECTION.replace("{}", many))
    assert found[0].endswith(f"over {MOST_ASKED} questions; divide this section")


def test_a_file_that_is_no_questionnaire_says_how_one_begins(tmp_path: Path) -> None:
    assert faults(tmp_path, "[1, 2]") == ["1: a questionnaire begins with sections:"]
    found = faults(tmp_path, "section: []")
    assert found[0] == "1: section: there is no such key here. Did you mean sections?"
    assert found[1] == "1: sections: this is needed; add it"


def test_a_section_and_a_condition_need_something_in_them(tmp_path: Path) -> None:
    text = "sections: [{id: one, title: Number one, about: child, questions: []}]"
    assert "this section asks nothing; name a fact" in faults(tmp_path, text)[0]
    assert "this asks nothing; write a section" in faults(tmp_path, "sections: []")[0]
    gate = "{fact: child.private_law_case, ask_when: {fact: child.singled_out, is: []}}"
    found = faults(tmp_path, SECTION.replace("{}", gate))
    assert found[0].endswith("is: write the answers for which this is asked")


def test_no_two_answers_of_one_question_read_the_same() -> None:
    document = Snapshot.from_data(
        {"snapshot": {"id": "a", "as_of": "2024-06-03"}, "children": [{"id": "wren"}]}
    ).plain
    for collection, owner in (("adults", ""), ("events", ""), ("services", ""), ("meetings", "")):
        document, _ = add_entry(document, owner, collection)
    for collection in ("injuries", "plans", "orders", "moves"):
        document, _ = add_entry(document, "children.wren", collection)
    for collection in ("history", "checks"):
        document, _ = add_entry(document, "adults.adult-1", collection)
    document, _ = add_entry(document, "", "referral.checks")
    seen = set()
    for section, owner in read_questionnaire().pages(document):
        for each in fields(section, document, owner):
            words = [text for _, text in (*each.choices, *each.specials)]
            assert len(words) == len(set(words)), (each.address, words)
            seen.add(each.fact)
    assert {"adult.identity", "agency_check.state", "injury.explanation"} <= seen


def test_words_for_a_value_that_there_is_not_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "questionnaire.yaml"
    path.write_text(
        """\
sections:
  - id: one
    title: One
    about: case
    questions:
      - {fact: referral.disagreement, words: {nonw: Nobody has}}
""",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"nonw is not one of its values\. Did you mean none"):
        read_questionnaire(path)
