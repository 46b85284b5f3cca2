"""Advice as a page: what stands first, what is only counted, and what is never left unsaid."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from advisor.advice import NOTICE, Advice, Effect, NotEvaluated, Prompt, Question, UnknownShown
from advisor.advise import advise
from advisor.pack import Pack, load
from advisor.page import Page
from advisor.report import write_advice, write_questions
from advisor.snapshot import Snapshot
from advisor.telling import NO_PROMPTS

TITLE = "A mark on a child who does not walk needs a senior opinion"


class Terminal(io.StringIO):
    """A file that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def pack(small_pack: Path) -> Pack:
    return load(small_pack)


@pytest.fixture
def advice_on(pack: Pack) -> Callable[..., Advice]:
    """Gives the advice of the small pack on children written as plain data."""

    def advice_on(*children: dict[str, Any]) -> Advice:
        header = {"id": "case-1", "as_of": "2024-06-03"}
        return advise(Snapshot.from_data({"snapshot": header, "children": list(children)}), pack)

    return advice_on


AdviceOn = Callable[..., Advice]
MARK: list[dict[str, Any]] = [{"kind": "bruise", "known_birthmark": False}]
BABY = {"id": "wren", "movement": {"walks": False}, "injuries": MARK}


def page_of(advice: Advice, *, everything: bool = False) -> str:
    out = io.StringIO()
    titles = {"non-mobile-injury.opinion": TITLE, "absent-information.walking": "Find out"}
    write_advice(Page(out), advice, titles, everything=everything)
    return out.getvalue()


def flat(text: str) -> str:
    """The text on one line, so that a test need not know where it was wrapped."""
    return " ".join(text.split())


def many(advice: Advice, number: int) -> Advice:
    """The same advice with its first prompt so many times, under titles of their own."""
    prompts = tuple(
        advice.prompts[0].model_copy(update={"title": f"Title {n}", "text": f"Text {n}."})
        for n in range(1, number + 1)
    )
    return advice.model_copy(update={"prompts": prompts})


def changed(advice: Advice, **changes: Any) -> Advice:
    """The same advice with its first prompt changed."""
    first: Prompt = advice.prompts[0].model_copy(update=changes)
    return advice.model_copy(update={"prompts": (first, *advice.prompts[1:])})


def test_the_page_says_first_what_it_is_and_what_it_is_not(advice_on: AdviceOn) -> None:
    lines = page_of(advice_on(BABY))
    assert lines.startswith("Snapshot case-1, as of 3 June 2024. Rules: small 1.0.0.\n\nThese are")
    assert NOTICE in flat(lines)


def test_the_parts_stand_in_the_order_in_which_a_reader_needs_them(advice_on: AdviceOn) -> None:
    text = page_of(advice_on(BABY, {"id": "robin", "injuries": MARK}, {"id": "lark"}))
    headings = ["\nPrompts\n", "\nAsk next\n", "\nNot looked at\n", "\nCounts\n"]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    assert text.rstrip().endswith("These count rules and say nothing of a child.")


def test_a_prompt_in_full_says_how_soon_what_who_why_from_where_and_its_limits(
    advice_on: AdviceOn,
) -> None:
    prompt = page_of(advice_on(BABY)).split("\nPrompts\n\n")[1].split("\n\n")[0]
    assert prompt == (
        "1. TODAY, Wren: action to consider\n"
        "   Ask a senior paediatrician to look at Wren's mark today.\n"
        "   Who        social worker, with the duty senior paediatrician\n"
        "   Because    Wren has a mark that is not a known birthmark\n"
        "              Wren does not walk yet\n"
        "   Source     A made-up review about Robin (2019), paragraphs 2.1, 2.2: A mark\n"
        "              on a baby who could not move was not shown to a senior doctor.\n"
        "   Limits     It says nothing of a mark that a senior paediatrician has seen.\n"
        "   Rule       non-mobile-injury.opinion, version 2"
    )


def test_a_prompt_that_rests_on_absence_says_so_with_the_question(advice_on: AdviceOn) -> None:
    text = flat(page_of(advice_on({"id": "robin", "injuries": MARK})))
    assert "Not known This rests on something not being known: Does Robin walk yet?" in text


def test_a_prompt_that_needs_information_does_not_read_as_if_it_applied(
    advice_on: AdviceOn,
) -> None:
    text = flat(page_of(advice_on({"id": "robin", "injuries": MARK})))
    assert "TODAY, Robin: action to consider, if it applies" in text
    assert "Whether this applies depends on what is not known: Does Robin walk yet?" in text


def test_a_prompt_on_precaution_says_so(advice_on: AdviceOn) -> None:
    text = page_of(changed(advice_on(BABY), verdict="raised_on_precaution"))
    assert "This is raised on precaution, because of what is not known:" in flat(text)


def test_a_prompt_names_all_its_children(advice_on: AdviceOn) -> None:
    text = page_of(advice_on(BABY, {**BABY, "id": "robin"}))
    assert "1. TODAY, Robin and Wren: action to consider" in text


def test_five_prompts_stand_in_full_and_the_rest_in_a_line_each(advice_on: AdviceOn) -> None:
    text = page_of(many(advice_on(BABY), 7))
    assert [f"Text {n}." in text for n in range(1, 8)] == [True] * 5 + [False] * 2
    assert "2 more prompts, in short (--all shows them in full)\n" in text
    assert "  6. Today, Wren: Title 6\n  7. Today, Wren: Title 7\n" in text


def test_all_prompts_stand_in_full_on_request(advice_on: AdviceOn) -> None:
    text = page_of(many(advice_on(BABY), 7), everything=True)
    assert all(f"Text {n}." in text for n in range(1, 8))
    assert "in short" not in text


def test_many_unknowns_and_sources_are_shortened_and_whole_on_request(
    advice_on: AdviceOn,
) -> None:
    unknown = tuple(
        UnknownShown(path=f"p{n}", reason="not asked", ask=f"Question {n}?") for n in range(1, 7)
    )
    source = advice_on(BABY).prompts[0].sources[0]
    sources = tuple(source.model_copy(update={"finding": f"Finding {n}."}) for n in range(1, 5))
    advice = changed(advice_on(BABY), unknown=unknown, sources=sources)
    short, whole = flat(page_of(advice)), flat(page_of(advice, everything=True))
    assert "Question 4? (not asked) and 2 more (--all lists them)" in short
    assert "Finding 1." in short
    assert "Finding 2." not in short
    assert short.count("A made-up review about Robin (2019)") == 2
    assert "Also A made-up review about Robin (2019), paragraphs 2.1, 2.2 Limits" in short
    assert "Question 6?" in whole
    assert "Finding 4." in whole


def test_a_prompt_names_the_weaker_ones_that_it_includes(advice_on: AdviceOn) -> None:
    text = page_of(changed(advice_on(BABY), replaces=("absent-information.walking",)))
    assert '   Includes   "Find out"\n' in text


def test_a_prompt_that_builds_on_another_says_so(advice_on: AdviceOn) -> None:
    advice = advice_on(BABY)
    first = advice.prompts[0].because[0]
    because = (first.model_copy(update={"signal": "concern.mark", "says": TITLE}),)
    text = page_of(changed(advice, because=because))
    assert f"Because Another prompt is raised: {TITLE}" in flat(text)


def test_no_prompt_is_said_to_be_no_reassurance(advice_on: AdviceOn) -> None:
    text = page_of(advice_on({"id": "lark"}))
    assert NO_PROMPTS in flat(text)
    assert "not reassurance" in NO_PROMPTS


def test_what_was_not_looked_at_is_grouped_with_its_reason(advice_on: AdviceOn) -> None:
    text = page_of(advice_on({"id": "lark"}, {"id": "jay"}))
    part = flat(text.split("Not looked at")[1])
    assert part.startswith("2 rules could not be looked at, because of what is not known.")
    assert "- Jay and Lark: it is not recorded whether the child has a mark (2 rules)" in part


def test_many_reasons_are_counted_and_all_given_on_request(advice_on: AdviceOn) -> None:
    part = advice_on({"id": "lark"}).not_evaluated[0]
    parts = tuple(
        NotEvaluated(child="lark", rules=(f"a.rule-{n}",), why=f"Reason {n}", unknown=part.unknown)
        for n in range(1, 10)
    )
    advice = advice_on({"id": "lark"}).model_copy(update={"not_evaluated": parts})
    short, whole = page_of(advice), page_of(advice, everything=True)
    assert "Reason 6" in short
    assert "Reason 7" not in short
    assert "- 3 more reasons, for 3 rules (--all lists them)" in short
    assert '- Lark: Reason 9 ("a.rule-9")' in whole


def test_that_everything_was_looked_at_is_said_too(advice_on: AdviceOn) -> None:
    text = page_of(advice_on(BABY))
    assert "Not looked at\n  Every rule could be looked at for every child.\n" in text


def test_counts_are_words_about_rules_at_the_end(advice_on: AdviceOn) -> None:
    counts = flat(page_of(advice_on(BABY)).split("\nCounts\n")[1])
    assert counts == (
        "2 rules in force, 2 of them in play; 1 prompt raised, 0 waiting for information. These "
        "count rules and say nothing of a child."
    )


def test_local_changes_are_told(advice_on: AdviceOn) -> None:
    advice = advice_on(BABY).model_copy(update={"notes": ("a.rule: switched off locally",)})
    assert "Changed locally\n  - a.rule: switched off locally\n" in page_of(advice)


def question(number: int, *would: Effect) -> Question:
    return Question(
        path=f"children.wren.fact{number}",
        ask=f"Question {number}?",
        hint="A hint.",
        about="wren",
        who_may_know=("gp", "health_visiting"),
        reason="not asked",
        bears_on=("non-mobile-injury.opinion",),
        would=would,
    )


def test_five_questions_are_asked_with_what_each_answer_would_do(advice_on: AdviceOn) -> None:
    same = {"raises": ("non-mobile-injury.opinion",)}
    effects = (
        Effect(answer="fall_seen", **same),
        Effect(answer="fall_unseen", **same),
        Effect(answer=False, settles=("absent-information.walking",)),
    )
    asked = (question(1, *effects), *(question(n) for n in range(2, 8)))
    text = page_of(advice_on(BABY).model_copy(update={"questions": asked}))
    part = flat(text.split("Ask next")[1].split("Not looked at")[0])
    assert part.startswith(
        "1. Question 1? (not asked) A hint. May know: GP or health visiting "
        f'If fall seen or fall unseen: raises "{TITLE}" If no: settles "Find out" 2. Question 2?'
    )
    assert f'Bears on: "{TITLE}"' in part
    assert part.endswith("and 2 more questions: `advisor ask --all` lists them")
    assert "6. Question" not in part


def test_the_questions_alone_are_ten_or_all_on_request(advice_on: AdviceOn) -> None:
    asked = tuple(question(n) for n in range(1, 14))
    advice = advice_on(BABY).model_copy(update={"questions": asked})
    short, whole = io.StringIO(), io.StringIO()
    write_questions(Page(short), advice, {})
    write_questions(Page(whole), advice, {}, everything=True)
    assert "10. Question 10?" in short.getvalue()
    assert "11. Question 11?" not in short.getvalue()
    assert "and 3 more questions" in short.getvalue()
    assert "13. Question 13?" in whole.getvalue()


def test_a_page_in_a_pipe_is_eighty_columns_of_plain_text(
    advice_on: AdviceOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"COLUMNS": "200", "FORCE_COLOR": "1", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    text = page_of(many(advice_on(BABY, {"id": "robin", "injuries": MARK}), 7))
    assert 70 < max(len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("200", 100), ("20", 40)])
def test_a_page_on_a_terminal_fits_it_and_stays_readable(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert Page(Terminal()).width == width


def test_a_terminal_adds_bold_type_and_nothing_else(
    advice_on: AdviceOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"COLUMNS": "80", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    advice, out = advice_on(BABY), Terminal()
    write_advice(Page(out), advice, {})
    codes = set(re.findall(r"\x1b\[[0-9;]*m", out.getvalue()))
    assert codes == {"\x1b[1m", "\x1b[0m"}
    plain = io.StringIO()
    write_advice(Page(plain), advice, {})
    assert re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()) == plain.getvalue()


def test_no_word_or_number_on_the_page_sums_up_a_child(advice_on: AdviceOn) -> None:
    text = flat(page_of(advice_on(BABY, {"id": "robin", "injuries": MARK}))).replace(NOTICE, "")
    summing_up = r"scores?|scored|risk level|high|medium|low|red|amber|green|safe|percent"
    assert not re.search(rf"\b({summing_up})\b|%", text, re.IGNORECASE)
