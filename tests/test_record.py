"""The record for the case file: what it holds, what it never says, and how it is laid out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.advice import NOTICE
from advisor.advise import advise
from advisor.pack import Pack, load
from advisor.record import RecordDocument, as_json, record_of
from advisor.record_text import WIDTH, as_text, sections
from advisor.responses import Response
from advisor.snapshot import Snapshot
from advisor.telling import NO_PROMPTS
from tests.making import pack as pack_of
from tests.making import rule

OPINION, WALKING = "non-mobile-injury.opinion", "absent-information.walking"
MARK = [{"kind": "bruise", "known_birthmark": False}]
MADE = dt.datetime(2024, 6, 4, 9, 30, tzinfo=dt.UTC)

Recorded = Callable[..., RecordDocument]


def child(name: str = "wren", walks: bool | None = None, injuries: Any = MARK) -> dict[str, Any]:
    return {"id": name, "movement": {"walks": walks}, "injuries": injuries}


def snapshot(*children: dict[str, Any], **rest: Any) -> Snapshot:
    header = {"id": "case-1", "as_of": "2024-06-03", "authority": "here"}
    return Snapshot.from_data({"snapshot": header, "children": list(children), **rest})


def answer(prompt: str, kind: str = "addressed", **more: Any) -> Response:
    name, _, rest = prompt.partition("@")
    data = {
        "prompt": prompt,
        "rule": name,
        "rule_version": int(rest.partition(":")[0]),
        "answer": kind,
        "revision": 1,
        "snapshot_sha256": "0" * 64,
        "pack_sha256": "0" * 64,
        "given_by": "local",
        "given_at": dt.datetime(2024, 6, 3, 14, 5, tzinfo=dt.UTC),
        **more,
    }
    return Response.model_validate(data)


def recorded(pack: Pack, case: Snapshot, answers: Sequence[Response] = ()) -> RecordDocument:
    return record_of(
        case,
        advise(case, pack),
        answers,
        pack,
        revision=2,
        made_at=MADE,
        made_by="local",
        role="worker",
    )


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


def test_the_text_holds_everything_that_a_case_file_needs(pack: Pack) -> None:
    case = snapshot(child(), referral={"decision": "no_further_action"})
    text = flat(as_text(recorded(pack, case)))
    for expected in (
        NOTICE,
        "Case snapshot case-1, as of 3 June 2024",
        "Decision no further action (the decision proposed, not what came of it)",
        "Made 4 June 2024 at 10:30 BST, by local (worker)",
        "PROMPTS: TODAY",
        "1. A mark on a child who does not walk needs a senior opinion",
        "About Wren: action to consider, if it applies",
        "How soon Today",
        "Prompt Ask a senior paediatrician to look at Wren's mark today.",
        "Who social worker, with the duty senior paediatrician",
        "Because Wren has a mark that is not a known birthmark",
        "Not known Whether this applies depends on what is not known: Does Wren walk yet? (not "
        "recorded)",
        "Settled by Wren walks",
        "Source A made-up review about Robin (2019), paragraphs 2.1, 2.2",
        "Limits It says nothing of a mark that a senior paediatrician has seen.",
        "Rule non-mobile-injury.opinion, version 2",
        "Answer No answer is recorded.",
        "PROMPTS: BEFORE THE DECISION",
        "QUESTIONS STILL OPEN",
        "- Does Wren walk yet? (not recorded)",
        "NOT LOOKED AT",
        "Rules small, version 1.0.0",
        f"sha256 {pack.sha256}",
        "Program advisor 0.1.0, inference by ",
        "Snapshot case-1, revision 2 as it is kept here",
        f"sha256 {case.sha256}",
    ):
        assert expected in text, expected


def test_no_line_is_wider_than_a_case_system_takes(pack: Pack) -> None:
    case = snapshot(
        child("a-child-with-a-name-as-long-as-an-id-may-well-be-in-some-system-0123"[:60])
    )
    prompt = advise(case, pack).prompts[0].id
    text = as_text(recorded(pack, case, [answer(prompt, "disagree", reason="x" * 500)]))
    assert max(map(len, text.splitlines())) <= WIDTH == 76


def test_an_answer_stands_with_its_reason_who_and_by_when(pack: Pack) -> None:
    case = snapshot(child())
    first, second = (prompt.id for prompt in advise(case, pack).prompts)
    awaited = {"who": "duty health visitor", "by": "2024-06-05", "reason": "She rings back"}
    text = flat(
        as_text(
            recorded(
                pack,
                case,
                [
                    answer(first, "disagree", reason="Seen by a consultant."),
                    answer(second, "awaiting", **awaited),
                ],
            )
        )
    )
    assert (
        "Answer We disagree. Seen by a consultant. (local, 3 June 2024 at 15:05 BST) It was given "
        "before the case was last changed." in text
    )
    assert (
        "Answer Awaiting: duty health visitor, by 5 June 2024. She rings back. (local, 3 June"
        in text
    )


def test_an_answer_on_this_very_snapshot_is_not_said_to_be_older(pack: Pack) -> None:
    case = snapshot(child())
    prompt = advise(case, pack).prompts[0].id
    record = recorded(pack, case, [answer(prompt, snapshot_sha256=case.sha256)])
    assert "before the case was last changed" not in flat(as_text(record))


def test_the_latest_answer_stands_first_and_those_before_are_kept(pack: Pack) -> None:
    case = snapshot(child())
    prompt = advise(case, pack).prompts[0].id
    given = [answer(prompt, "disagree", reason="Not now"), answer(prompt, "addressed")]
    record = recorded(pack, case, given)
    first = record.prompts[0]
    assert first.answer is not None
    assert first.answer.answer == "addressed"
    assert [each.answer for each in first.earlier] == ["disagree"]
    assert "Before We disagree. Not now." in flat(as_text(record))


def test_an_answered_prompt_that_is_no_longer_raised_stays_without_reassurance(
    pack: Pack,
) -> None:
    prompt = advise(snapshot(child()), pack).prompts[0].id
    record = recorded(pack, snapshot(child(walks=True)), [answer(prompt)])
    assert record.prompts == ()
    text = flat(as_text(record))
    assert NO_PROMPTS in text
    assert "ANSWERED, AND NO LONGER RAISED" in text
    assert (
        "Now It is not raised on what is entered now. That does not mean that a child is safe."
        in text
    )
    assert "Answer Addressed. (local, 3 June 2024 at 15:05 BST)" in text


def test_an_answer_about_several_children_goes_with_each_of_them(pack: Pack) -> None:
    both = snapshot(child("jay", walks=False), child("wren", walks=False))
    prompt = advise(both, pack).prompts[0].id
    one = snapshot(child("jay", walks=False), child("wren", walks=True))
    record = recorded(pack, one, [answer(prompt)])
    assert record.prompts[0].answer is None
    assert [each.answer for each in record.prompts[0].answered_otherwise] == ["addressed"]
    assert [each.children for each in record.no_longer_raised] == [("wren",)]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (snapshot(child(walks=False, injuries=None)), "can no longer be looked at"),
        (snapshot(child(injuries=[])), "is not raised on what is entered now"),
    ],
)
def test_the_record_says_why_a_prompt_is_no_longer_raised(
    pack: Pack, case: Snapshot, why: str
) -> None:
    prompt = f"{OPINION}@2:wren"
    assert why in flat(as_text(recorded(pack, case, [answer(prompt)])))


def test_a_prompt_taken_in_by_another_names_it() -> None:
    stronger = rule("stronger", ["child.b"], given=["child.b"], replaces=["made-up.weaker"])
    made = pack_of([rule("weaker", ["child.a"]), stronger])
    case = snapshot({"id": "amy", "health": {"disabled": True, "born_early": True}})
    record = recorded(made, case, [answer("made-up.weaker@1:amy")])
    text = flat(as_text(record))
    assert 'It is now part of another prompt: "The rule called stronger".' in text
    assert "Includes The rule called weaker" in text


def test_an_answer_to_a_rule_that_is_gone_from_the_pack_is_kept(pack: Pack) -> None:
    record = recorded(pack, snapshot(child()), [answer("old.rule@3:wren")])
    assert [each.why for each in record.no_longer_raised] == ["not_in_use"]
    assert "Its rule is not in use in the rules that made this record." in flat(as_text(record))


def test_what_a_worker_typed_cannot_pass_for_a_part_of_the_record(pack: Pack) -> None:
    case = snapshot(child())
    prompt = advise(case, pack).prompts[0].id
    forged = "Fine.\n\nNOT LOOKED AT\n-------------\nEverything is safe"
    text = as_text(recorded(pack, case, [answer(prompt, "disagree", reason=forged)]))
    assert [line for line in text.splitlines() if line == "NOT LOOKED AT"] == ["NOT LOOKED AT"]
    assert "We disagree. Fine. NOT LOOKED AT" in flat(text)


def test_nothing_in_the_record_measures_a_child_by_a_count_of_answers(pack: Pack) -> None:
    case = snapshot(child())
    given = [answer(prompt.id) for prompt in advise(case, pack).prompts]
    record = recorded(pack, case, given)
    keys = set(json.loads(as_json(record)))
    assert not keys & {"counts", "score", "answered", "complete"}
    text = flat(as_text(record)).lower()
    for word in ("answered 2", "2 of 2", "all prompts", "%", "score:", "complete"):
        assert word not in text


def test_the_json_has_its_fixed_keys_and_all_of_the_advice(pack: Pack) -> None:
    case = snapshot(child())
    advice = advise(case, pack)
    document = json.loads(as_json(recorded(pack, case, [answer(advice.prompts[0].id)])))
    assert list(document) == [
        "record_version",
        "made",
        "case",
        "notice",
        "prompts",
        "no_longer_raised",
        "questions",
        "not_looked_at",
        "notes",
        "pack",
        "engine",
    ]
    assert document["case"]["snapshot_sha256"] == case.sha256
    assert document["pack"] == {"name": "small", "version": "1.0.0", "sha256": pack.sha256}
    assert [each["prompt"]["id"] for each in document["prompts"]] == [
        prompt.id for prompt in advice.prompts
    ]
    assert document["prompts"][0]["answer"]["answer"] == "addressed"
    assert len(document["questions"]) == len(advice.questions)


def test_the_json_can_be_read_back_whole(pack: Pack) -> None:
    record = recorded(pack, snapshot(child()), [answer(f"{OPINION}@2:wren")])
    assert RecordDocument.model_validate_json(as_json(record)) == record


def test_the_same_case_and_answers_make_the_same_bytes(pack: Pack) -> None:
    given = [answer(f"{OPINION}@2:wren"), answer(f"{WALKING}@1:wren")]
    made = [recorded(pack, snapshot(child()), given) for _ in range(2)]
    assert as_text(made[0]) == as_text(made[1])
    assert as_json(made[0]) == as_json(made[1])


def test_a_record_is_never_made_of_another_snapshots_advice(pack: Pack) -> None:
    other = advise(snapshot(child(walks=True)), pack)
    with pytest.raises(ValueError, match="another"):
        record_of(
            snapshot(child()),
            other,
            (),
            pack,
            revision=1,
            made_at=MADE,
            made_by="local",
            role="worker",
        )


def test_many_questions_and_reasons_are_counted_in_the_text_and_whole_in_the_json(
    pack: Pack,
) -> None:
    record = recorded(pack, snapshot(child()))
    question = record.questions[0]
    many = record.model_copy(
        update={
            "questions": tuple(
                question.model_copy(update={"ask": f"Question {n}?"}) for n in range(1, 15)
            )
        }
    )
    text = flat(as_text(many))
    assert "Question 10?" in text
    assert "Question 11?" not in text
    assert "and 4 more questions: the record as JSON lists them" in text
    assert "Question 14?" in as_json(many)


@given(st.text(max_size=500), st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_whatever_is_typed_the_text_keeps_its_width_and_its_headings(reason: str, who: str) -> None:
    made = pack_of([rule("one", ["child.a"])])
    case = snapshot({"id": "amy", "health": {"disabled": True}})
    given = Response.model_construct(
        **answer("made-up.one@1:amy").model_dump()
        | {"answer": "awaiting", "reason": reason, "who": who, "by": dt.date(2024, 6, 5)}
    )
    record = recorded(made, case, [given])
    lines = as_text(record).splitlines()
    assert max(map(len, lines)) <= WIDTH
    upper = [each.heading.upper() for each in sections(record)]
    assert [line for line in as_text(record).split("\n") if line in upper] == upper
