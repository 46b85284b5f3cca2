"""What a change of a case did to the advice on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from advisor.advice import Advice
from advisor.advise import advise
from advisor.changes import Changes, changed, in_words
from advisor.pack import Pack, load
from advisor.snapshot import Snapshot
from tests.making import pack as pack_of
from tests.making import rule, snapshot

OPINION, WALKING = "non-mobile-injury.opinion", "absent-information.walking"
MARK = [{"kind": "bruise", "known_birthmark": False}]


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


def advised(pack: Pack, *children: dict[str, Any]) -> Advice:
    header = {"id": "case-1", "as_of": "2024-06-03"}
    return advise(Snapshot.from_data({"snapshot": header, "children": list(children)}), pack)


def child(name: str, walks: bool | None = None, injuries: Any = MARK) -> dict[str, Any]:
    return {"id": name, "movement": {"walks": walks}, "injuries": injuries}


def told(changes: Changes, pack: Pack) -> dict[str, list[str]]:
    titles = {rule.id: rule.title for rule in pack.rules.values()}
    return {words: [line.text for line in lines] for words, lines in in_words(changes, titles)}


def test_nothing_has_changed_between_equal_advices(pack: Pack) -> None:
    advice = advised(pack, child("wren"))
    changes = changed(advice, advised(pack, child("wren")))
    assert not changes
    assert in_words(changes, {}) == ()


def test_an_answer_turns_a_prompt_that_waited_and_settles_the_question(pack: Pack) -> None:
    before, after = advised(pack, child("wren")), advised(pack, child("wren", walks=False))
    changes = changed(before, after)
    assert changes
    assert [(each.rule, each.was, each.now) for each in changes.verdict] == [
        (OPINION, "needs_information", "raised")
    ]
    assert [(each.rule, each.gone) for each in changes.gone] == [(WALKING, "not_raised")]
    assert [each.ask for each in changes.no_longer_asked] == ["Does Wren walk yet?"]
    assert told(changes, pack) == {
        "Prompts that stand otherwise": [
            "Today, Wren: A mark on a child who does not walk needs a senior opinion. It was not "
            "decided: it needs information. It is now raised."
        ],
        "No longer raised": ["Wren: Find out whether a child with a mark can walk."],
        "No longer asked": ["Does Wren walk yet?"],
    }


def test_a_change_leads_to_the_prompt_that_stands_now(pack: Pack) -> None:
    after = advised(pack, child("wren"))
    changes = changed(advised(pack, child("wren", injuries=[])), after)
    assert [each.prompt for each in changes.new] == [prompt.id for prompt in after.prompts]
    assert {each.was for each in changes.new} == {"not_raised"}


def test_a_prompt_that_speaks_of_fewer_children_has_gone_for_the_others_only(pack: Pack) -> None:
    before = advised(pack, child("jay", walks=False), child("wren", walks=False))
    after = advised(pack, child("jay", walks=False), child("wren", walks=True))
    changes = changed(before, after)
    assert before.prompts[0].children == ("jay", "wren")
    assert [each.children for each in changes.gone] == [("wren",)]
    assert changes.new == changes.verdict == ()


def test_children_for_whom_the_same_changed_are_told_together(pack: Pack) -> None:
    before = advised(pack, child("jay", injuries=[]), child("wren", injuries=[]))
    after = advised(pack, child("jay", walks=False), child("wren", walks=False))
    assert [each.children for each in changed(before, after).new] == [("jay", "wren")]


def test_what_can_no_longer_be_looked_at_is_not_said_to_be_settled(pack: Pack) -> None:
    before = advised(pack, child("wren", walks=False))
    changes = changed(before, advised(pack, child("wren", walks=False, injuries=None)))
    assert [each.gone for each in changes.gone] == ["not_looked_at"]
    assert changes.not_looked_at == (OPINION,)
    words = told(changes, pack)
    assert words["No longer raised"] == [
        "Wren: A mark on a child who does not walk needs a senior opinion. It can no longer be "
        "looked at, because of what is not known."
    ]
    assert words["What can be looked at"] == ["1 rule can no longer be looked at for some child."]


def test_what_can_now_be_looked_at_is_counted_even_where_nothing_is_raised(pack: Pack) -> None:
    before = advised(pack, child("wren", walks=False, injuries=None))
    changes = changed(before, advised(pack, child("wren", walks=False, injuries=[])))
    assert changes
    assert changes.new == changes.gone == ()
    assert told(changes, pack)["What can be looked at"] == [
        "1 rule could not be looked at before for some child, and now can be."
    ]


def test_a_prompt_taken_in_by_a_stronger_one_has_not_gone() -> None:
    stronger = rule("stronger", ["child.b"], given=["child.b"], replaces=["made-up.weaker"])
    made = pack_of([rule("weaker", ["child.a"]), stronger])
    health = {"disabled": True}
    before = advise(snapshot({"health": health}), made)
    after = advise(snapshot({"health": {**health, "born_early": True}}), made)
    changes = changed(before, after)
    assert [(each.gone, each.into) for each in changes.gone] == [("taken_in", "made-up.stronger")]
    assert changes.gone[0].prompt == after.prompts[0].id
    assert told(changes, made)["No longer raised"] == [
        'Amy: The rule called weaker. It is now part of another prompt: "The rule called stronger".'
    ]


def test_a_new_question_is_told_in_its_words(pack: Pack) -> None:
    before = advised(pack, child("wren", walks=True))
    after = advised(pack, child("wren"))
    assert told(changed(before, after), pack)["Now worth asking"] == ["Does Wren walk yet?"]


def test_the_way_back_undoes_what_the_way_there_did(pack: Pack) -> None:
    one, other = advised(pack, child("wren")), advised(pack, child("wren", walks=False))
    there, back = changed(one, other), changed(other, one)
    assert {each.rule for each in there.gone} == {each.rule for each in back.new}
    assert there.no_longer_asked == back.asked
    assert [(e.was, e.now) for e in there.verdict] == [(e.now, e.was) for e in back.verdict]
