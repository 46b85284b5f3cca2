"""Finding cited places in review texts, on small made-up reviews set the way real ones are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.reviews import Pinpoint, PinpointError, ReviewText, fingerprint, shared_runs


def double_spaced(text: str) -> str:
    """Every line followed by an empty one; `~` a blank paragraph, `^` a rule over footnotes."""
    plain = {"~": " \n\n", "^": " " * 60 + "\n"}
    return "".join(plain.get(line, f"{line} \n\n") for line in text.strip("\n").split("\n"))


# Every line spaced, bullets that lost their sign (a leading space), pages that start with a space,
# footnotes under a line of spaces, learning lists under headings, wrapped references.
SPACED = double_spaced("""
 REVIEW INTO THE CARE OF SAM
~
1. Introduction
1.1 Sam was four months old and lived at home with both parents when a visitor first noticed
a mark on his arm1 and told the duty desk about it the next day.
~
1.2   The reasons are set out in the analysis, in particular at paragraph 4.1, and in section
4.10 Nothing further is said about them at this point of the report, which is short.
~
Contact with the family
1.3 Nobody asked who else lived in the flat, although three separate teams had been to the front-
line meeting where that question had been raised by the midwife more than once.
^
1 A small round bruise seen on the
upper arm.
 2. Analysis
Working within procedures
2.1 The first visit was short. The second visit was made by a worker who had not read the notes
 of the first one and who had no reason to think that anything had been missed by colleagues.
~
2.2 Two things stood out:
 was the mark measured and drawn on a chart by anyone who saw it during that whole week?
 did anybody ring the hospital?
~
Learning/findings
 Marks on babies who do not move yet should be looked at by a doctor who knows about them, each
and every time, whatever the explanation.
~
 Notes of the visit before need to be read first.
  A third point begins at the top of a page and therefore has two spaces in front of it, not one,
and runs on.
~
Strategy meetings
2.3 The meeting was late.
3. Recommendations
It is recognised that some of this has been done.
~
Recommendation 1
~
The board should check that marks are seen by a doctor.
~
Recommendation 2
The board should look at recommendation
1 again after a year has passed and everyone has settled.
 Glossary
~
GP  General Practitioner
""")

# A whole paragraph on each line, markdown, footnotes with <sup>, a table of contents.
MARKDOWN = """
# Practice Review

**Ada** (a pseudonym)

## Contents

Report section\tPage
1. Introduction\t1
4. Findings\t3
4.1. The assessment of risk\t3
4.1.1. First look\t4

## 1. Introduction

1.1. This review looks at what was known about Ada<sup>1</sup> before she was hurt. LONG

---

<sup>1</sup> Ada is not her name.

## 4. Findings

1. Reports were asked for from all agencies.

### 4.1. The assessment of risk

4.1.1. The assessment was *thorough* in parts, see 4.1.2. LONG It was finished by the

---

<sup>2</sup> A long note about assessments.

team in the spring of that year.

4.1.2. There were four reasons for this. LONG

- The first reason was a shortage of time.
- The second reason was that nobody had asked her.

Figure 1: A picture

<b>Learning points</b>
Ask who looks after the child on an ordinary day.
Write down what a child says in her own words, and why this
matters to her.

#### 4.2. Moving between areas

4.2.1. Files arrived late. LONG

## 5. Recommendations

5.1. The board should do the following;

1. Share this review with everyone.
2. Look again at how files move.
""".replace("LONG", "It draws on what each agency wrote and on one long meeting. " * 5)

# Findings set out, then repeated in a box with questions; lone footnote and page numbers.
BOXED = """ 1.
1.1

Introduction
Why this case was chosen

The board decided to look at this case because a child was badly hurt and died.
1.2

Summary

1.2.1 Kit lived with his mother and, for some months, with her friend, which is explored
further in Finding 1.
1.2.2 The family moved twice. The tool2 that was used in the first area did not ask about
12

anybody but the parents. The issue of moving is considered in
Finding 2.
Second area
1.2.3 The family was not known to the second area until it was too late, and what was
2

A checklist of twenty questions that is used by many services.
 known in the first area stayed in the first area.

2.1 Findings in detail
FINDING 1: Nobody asks about friends of the family who look after a child for
some of the time. (Professional norms)
Introduction
Friends of a family often look after children and they are seldom asked about at all, as
a good many studies have shown.
It is not hard to ask.
How do we know it is an underlying issue and not something unique to this
case?
Managers in three services said that this was common where they worked as well.
 FINDING 1: Nobody asks about friends of the family who look after a child
for some of the time. (Professional norms)
This matters because the friend is there on most days and is not in any plan
or on any record.
QUESTIONS FOR THE BOARD TO CONSIDER
 Does the board know how often this is asked about in the
assessments it has looked at?

Whose job is it?
Would it help to add a question?

FINDING 2: Files do not follow children. (Management systems)
Introduction
Files are sent by post.

Appendix 1 – How we worked
1.
1.3 We met twice.
"""

# Roman sub-items, stacked bullets, a stamp on each page, a number used twice, action plans.
ROMAN = """ 5. Analysis
5.1 The following are some examples of what was seen by the people who visited the home:
•
•

A mark was seen in June and nobody wrote down how large it was or what colour it had
at that time.
A second mark was seen in July

SCR K2 FINAL VERSION

7

5.2 The panel was made up of senior people from each of the services that knew the child well.
5.2 Others were asked to send in what they had written at the time, which most of them did.
5.3 The analysis concluded that –
i.

The first plan did not say what had to change. It ended before anything had
changed at all.
Key lessons learned:
 Plans need to say what has to change and by when, and who will look at
whether it has.
 Plans should not end because a date has come.

SCR K2 FINAL VERSION

8

ii.

The second plan was better.
 Key lessons learned:
 Better plans are read more often.
6 Recommendations
6.1 I recommend the following:
i. That the board checks that plans say what has to change.
ii. That the board reads them.
 Appendix 1:
Recommendations
(Children’s Social Care)
i

Plans will be looked at by a manager every month, and this will be
written down.

ii
iii

Visits will be made at meal times.
Workers will ask who else is at home.

Appendix 1:
ACTION PLAN FOR K2
(Children’s Social Care)
No.

1
2

(This should be
lifted directly from
the IMR)
Plans will be
looked at
 Appendix 1:
ACTION PLAN FOR K2
(Local Safeguarding Children Board)
No.

1.

All workers will
know what faltering
growth is

Better care
"""

# Notes numbered in the margin, a section without numbered paragraphs, questions to leaders.
REFLECTIVE = double_spaced("""
4. What we learnt
4.1. Seeing the whole child
4.1.1. Several areas were named by those who came to the workshop and by the family, including;
- Who looked after the child,
- What the child liked.
4.1.2. Research1 says that children whose needs are many are at greater risk than others, and that
this is often forgotten.
^
1 A study of many children, 2020.
2 - 5 Another study, with a number for its title.
 Reflective question for senior leaders:
~
Which data tell you that every child who should have been seen has been seen by now?
~
Is that enough? Who would disagree?
~
5. Summary of learning
Bias is part of being human and has to be looked for on purpose, again and again, by people who are
paid to look for it.
~
Children are part of a family.
6. Closing
6.1. This is the end of it.
""")


@pytest.fixture(scope="module")
def spaced() -> ReviewText:
    return ReviewText(SPACED, "sam")


@pytest.fixture(scope="module")
def markdown() -> ReviewText:
    return ReviewText(MARKDOWN, "ada")


@pytest.fixture(scope="module")
def boxed() -> ReviewText:
    return ReviewText(BOXED, "kit")


@pytest.fixture(scope="module")
def roman() -> ReviewText:
    return ReviewText(ROMAN, "k2")


@pytest.fixture(scope="module")
def reflective() -> ReviewText:
    return ReviewText(REFLECTIVE, "jo")


# --- pinpoints ------------------------------------------------------------------------------------


FORMS = """5|5.43|4.1.2|3.3/2|5.49+3|22.4.iv|22.4.iv+2|rec 6|rec 6+1|finding 4|finding 4+2
finding 4 q 2|4.5.12 q 1|app csc 3"""
MALFORMED = """|5.|.5|5.43.|05.1|5.049|5.49+0|5.49+|+3|5.49 + 3|5.iiii|5.vv|5.43/1|rec|rec six|Rec 6
recommendation 6|finding|app csc|app 3|page 7|5.43-5.44|5.49+3 q 1|5.43; 5.44"""


@pytest.mark.parametrize("text", re.split("[|\n]", FORMS))
def test_every_documented_form_is_read_and_written_back_the_same(text: str) -> None:
    assert str(Pinpoint.parse(text)) == text


def test_white_space_in_a_pinpoint_does_not_matter() -> None:
    assert Pinpoint.parse("  rec   6 ") == Pinpoint("rec 6")


@pytest.mark.parametrize("text", re.split("[|\n]", MALFORMED))
def test_a_malformed_pinpoint_is_refused_with_the_forms_that_exist(text: str) -> None:
    with pytest.raises(PinpointError, match=re.escape(repr(text)) + r".*rec 6"):
        Pinpoint.parse(text)


# --- numbered paragraphs --------------------------------------------------------------------------


def test_a_paragraph_is_given_on_one_line_without_its_number_or_footnote_mark(
    spaced: ReviewText,
) -> None:
    assert spaced.passage("1.1") == (
        "Sam was four months old and lived at home with both parents when a visitor first noticed "
        "a mark on his arm and told the duty desk about it the next day."
    )


def test_a_reference_that_wraps_to_the_start_of_a_line_is_not_the_paragraph(
    spaced: ReviewText,
) -> None:
    assert "Nothing further is said" in spaced.passage("1.2")
    with pytest.raises(PinpointError):
        spaced.passage("4.10")


@pytest.mark.parametrize(
    "before", ["as we say in", "compare", "which, at", "(see", "and paragraph"]
)
def test_a_wrapped_reference_to_a_later_paragraph_is_not_taken_for_it(before: str) -> None:
    review = ReviewText(
        f"5.1 One thing, {before}\n5.2 and more of it.\n5.2 The real one stands here.\n"
    )
    assert review.passage("5.2") == "The real one stands here."
    assert review.line("5.2") == 3


def test_a_wrapped_reference_before_a_capital_is_not_taken_for_the_paragraph() -> None:
    review = ReviewText(
        "5.1 This is set out in\n5.2 Sam's chapter.\n5.2 The real one stands here.\n"
    )
    assert review.passage("5.2") == "The real one stands here."


def test_a_paragraph_after_a_sentence_without_a_full_stop_is_still_found() -> None:
    review = ReviewText("5.1 A quotation ends on page\n5.2 The next one stands here.\n")
    assert review.passage("5.2") == "The next one stands here."


def test_4_1_and_4_10_are_different_paragraphs() -> None:
    text = "".join(f"4.{n} Paragraph number {n} says this.\n" for n in range(1, 11))
    assert ReviewText(text).passage("4.1") == "Paragraph number 1 says this."
    assert ReviewText(text).passage("4.10") == "Paragraph number 10 says this."
    shorter = ReviewText("".join(text.splitlines(keepends=True)[:1]))
    with pytest.raises(PinpointError):
        shorter.passage("4.10")
    only_ten = ReviewText("4.10 Only this one is here.\n")
    with pytest.raises(PinpointError):
        only_ten.passage("4.1")


def test_a_paragraph_goes_on_over_a_page_break_and_its_footnotes(
    spaced: ReviewText, markdown: ReviewText
) -> None:
    assert spaced.passage("2.1").endswith("not read the notes of the first one and who had no "
                                          "reason to think that anything had been missed by "
                                          "colleagues.")  # fmt: skip
    assert markdown.passage("4.1.1").endswith("finished by the team in the spring of that year.")
    assert not any("long note" in markdown.passage(p) for p in markdown.pinpoints())


def test_a_word_broken_at_a_line_end_is_joined_and_footnotes_are_gone(spaced: ReviewText) -> None:
    assert "the front-line meeting" in spaced.passage("1.3")
    assert spaced.passage("1.3").endswith("more than once.")


def test_a_heading_between_paragraphs_belongs_to_neither(spaced: ReviewText) -> None:
    assert spaced.passage("1.2").endswith("which is short.")
    assert "1.2+1" not in spaced.pinpoints()
    assert "2.2+6" not in spaced.pinpoints()


def test_lone_footnote_and_page_numbers_and_the_notes_are_gone(boxed: ReviewText) -> None:
    assert boxed.passage("1.2.2") == (
        "The family moved twice. The tool that was used in the first area did not ask about "
        "anybody but the parents. The issue of moving is considered in Finding 2."
    )
    assert boxed.passage("1.2.3").endswith(
        "and what was known in the first area stayed in the first area."
    )


def test_a_number_used_twice_can_be_told_apart(roman: ReviewText) -> None:
    assert roman.passage("5.2").startswith("The panel was made up")
    assert roman.passage("5.2/2").startswith("Others were asked")


def test_contents_are_not_the_paragraphs_they_list(markdown: ReviewText) -> None:
    assert markdown.line("4.1") == MARKDOWN.split("\n").index("### 4.1. The assessment of risk") + 1
    assert markdown.passage("4.1") == "The assessment of risk"


def test_numbers_in_an_appendix_are_not_paragraphs(boxed: ReviewText) -> None:
    with pytest.raises(PinpointError):
        boxed.passage("1.3")


def test_converter_marks_are_taken_out(markdown: ReviewText) -> None:
    assert markdown.passage("4.1.1").startswith("The assessment was thorough in parts, see 4.1.2.")
    assert "about Ada before" in markdown.passage("1.1")


def test_form_feeds_and_windows_line_ends_change_nothing_and_keep_line_numbers() -> None:
    plain = "1.1 One is here.\n 1.2 Two is here and it runs over\n the end of its page.\n"
    fed = plain.replace("\n ", "\n\f").replace("\n", "\r\n")
    for text in (plain, fed):
        review = ReviewText(text)
        assert review.passage("1.2") == "Two is here and it runs over the end of its page."
        assert review.line("1.2") == 2


# --- items, lists, questions ----------------------------------------------------------------------


def test_bullets_that_lost_their_sign_are_counted_from_one(spaced: ReviewText) -> None:
    assert spaced.passage("2.2") == "Two things stood out:"
    assert spaced.passage("2.2+2") == "did anybody ring the hospital?"
    assert spaced.passage("2.2+3").endswith("each and every time, whatever the explanation.")
    assert spaced.passage("2.2+4") == "Notes of the visit before need to be read first."
    assert spaced.passage("2.2+5").endswith("not one, and runs on.")
    assert SPACED.split("\n")[spaced.line("2.2+5") - 1].startswith("  A third point")


@pytest.mark.parametrize("bullet", ["\uf0b7 ", "• ", "- ", "o ", "\uf0b7\n", "•\n\n"])
def test_any_bullet_sign_starts_an_item_and_is_not_part_of_it(bullet: str) -> None:
    review = ReviewText(
        f"1.1 Two things:\n{bullet}first thing\n{bullet}second thing\n1.2 End here.\n"
    )
    assert [review.passage(p) for p in ("1.1", "1.1+1", "1.1+2", "1.2")] == [
        "Two things:",
        "first thing",
        "second thing",
        "End here.",
    ]


def test_stacked_bullets_are_matched_with_their_texts(roman: ReviewText) -> None:
    assert roman.passage("5.1+1").endswith("or what colour it had at that time.")
    assert roman.passage("5.1+2") == "A second mark was seen in July"


def test_learning_points_without_bullets_are_items(markdown: ReviewText) -> None:
    assert markdown.passage("4.1.2+1") == "The first reason was a shortage of time."
    assert markdown.passage("4.1.2+3") == "Ask who looks after the child on an ordinary day."
    assert markdown.passage("4.1.2+4").endswith("in her own words, and why this matters to her.")
    assert "4.1.2+5" not in markdown.pinpoints()


def test_a_section_without_numbers_is_cited_by_its_items(reflective: ReviewText) -> None:
    assert reflective.passage("5") == "Summary of learning"
    assert reflective.passage("5+1").startswith("Bias is part of being human")
    assert reflective.passage("5+2") == "Children are part of a family."


def test_reflective_questions_are_numbered_after_their_paragraph(reflective: ReviewText) -> None:
    assert reflective.passage("4.1.2").endswith("and that this is often forgotten.")
    assert reflective.passage("4.1.2 q 1").startswith("Which data tell you")
    assert reflective.passage("4.1.2 q 2") == "Is that enough? Who would disagree?"
    assert reflective.passage("4.1.1+2") == "What the child liked."


def test_recommendations_are_found_under_headings_and_in_lists(
    spaced: ReviewText, markdown: ReviewText
) -> None:
    assert spaced.passage("rec 1") == "The board should check that marks are seen by a doctor."
    assert spaced.passage("rec 2").endswith("everyone has settled.")
    assert markdown.passage("rec 2") == markdown.passage("5.1+2")
    assert "Look again at how files move." in markdown.passage("rec 2")


def test_roman_items_have_lessons_of_their_own(roman: ReviewText) -> None:
    assert roman.passage("5.3") == "The analysis concluded that –"
    assert roman.passage("5.3.i").endswith("It ended before anything had changed at all.")
    assert roman.passage("5.3.i+1").endswith("and who will look at whether it has.")
    assert roman.passage("5.3.i+2") == "Plans should not end because a date has come."
    assert roman.passage("5.3.ii+1") == "Better plans are read more often."
    assert roman.passage("6.1.ii") == "That the board reads them."


def test_page_stamps_are_in_no_passage(roman: ReviewText) -> None:
    assert not any("FINAL VERSION" in roman.passage(p) for p in roman.pinpoints())


# --- findings and action plans --------------------------------------------------------------------


def test_a_finding_is_its_box_and_its_items_are_the_discussion(boxed: ReviewText) -> None:
    assert boxed.passage("finding 1") == (
        "Nobody asks about friends of the family who look after a child for some of the time. "
        "(Professional norms) This matters because the friend is there on most days and is not in "
        "any plan or on any record."
    )
    assert BOXED.split("\n")[boxed.line("finding 1") - 1].startswith(" FINDING 1")
    assert boxed.passage("finding 1+1").endswith("as a good many studies have shown.")
    assert boxed.passage("finding 1+2") == "It is not hard to ask."
    assert boxed.passage("finding 1+3").startswith("Managers in three services")
    assert "finding 1+4" not in boxed.pinpoints()


def test_a_finding_named_once_is_its_statement(boxed: ReviewText) -> None:
    assert boxed.passage("finding 2") == "Files do not follow children. (Management systems)"
    assert boxed.passage("finding 2+1") == "Files are sent by post."


def test_questions_to_the_board_are_numbered_under_their_finding(boxed: ReviewText) -> None:
    questions = [p for p in boxed.pinpoints() if p.startswith("finding 1 q")]
    assert [boxed.passage(p) for p in questions] == [
        "Does the board know how often this is asked about in the assessments it has looked at?",
        "Whose job is it?",
        "Would it help to add a question?",
    ]


def test_action_plans_are_cited_by_agency_and_number(roman: ReviewText) -> None:
    assert roman.passage("app csc 1").endswith("and this will be written down.")
    assert roman.passage("app csc 2") == "Visits will be made at meal times."
    assert roman.passage("app csc 3") == "Workers will ask who else is at home."
    assert roman.passage("app lscb 1") == "All workers will know what faltering growth is"
    assert ROMAN.split("\n")[roman.line("app csc 3") - 1] == "Workers will ask who else is at home."


# --- what holds for all ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["spaced", "markdown", "boxed", "roman", "reflective"])
def test_every_pinpoint_listed_resolves_to_a_short_passage_that_starts_on_its_line(
    name: str, request: pytest.FixtureRequest
) -> None:
    review: ReviewText = request.getfixturevalue(name)
    text = {"spaced": SPACED, "markdown": MARKDOWN, "boxed": BOXED, "roman": ROMAN}
    lines = text.get(name, REFLECTIVE).split("\n")
    listed = review.pinpoints()
    assert len(listed) == len(set(listed)) > 8
    for pinpoint in listed:
        passage = review.passage(Pinpoint.parse(pinpoint))
        assert 0 < len(passage) < 500 and "\n" not in passage and "  " not in passage
        start = " ".join(lines[review.line(pinpoint) - 1 :][:5])
        assert passage.split()[0].strip("*") in start, pinpoint


def test_a_place_that_is_not_there_is_reported_with_the_nearest(spaced: ReviewText) -> None:
    with pytest.raises(PinpointError, match=r"sam: no 2\.9 for pinpoint 2\.9\+1; .*2\.3, 2\.2"):
        spaced.passage("2.9+1")
    with pytest.raises(PinpointError, match=r"no rec 7.*rec 2, rec 1"):
        spaced.line("rec 7")
    with pytest.raises(PinpointError, match="it has none of that kind"):
        spaced.passage("finding 1")


def test_an_item_beyond_the_last_is_reported_with_the_last(spaced: ReviewText) -> None:
    with pytest.raises(PinpointError, match=r"sam: no 2\.2\+6: 5 .* last is 2\.2\+5"):
        spaced.passage("2.2+6")
    with pytest.raises(PinpointError, match=r"0 questions follow 2\.2$"):
        spaced.passage("2.2 q 1")


def test_an_agency_that_is_there_is_offered_its_own_recommendations(roman: ReviewText) -> None:
    with pytest.raises(PinpointError, match="nearest are app csc 3, app csc 2, app csc 1"):
        roman.passage("app csc 9")


def test_a_file_is_read_and_named_by_its_stem(tmp_path: Path) -> None:
    path = tmp_path / "kit.txt"
    path.write_text(BOXED, encoding="utf-8")
    review = ReviewText.from_file(path)
    assert review.name == "kit"
    assert review.pinpoints() == ReviewText(BOXED).pinpoints()


@given(st.text(alphabet="1234.i \n\f•-Aab?:", max_size=200))
def test_any_text_can_be_read_and_all_it_lists_resolves(text: str) -> None:
    review = ReviewText(text)
    for pinpoint in review.pinpoints():
        assert review.passage(pinpoint)
        assert 1 <= review.line(pinpoint) <= text.count("\n") + 1


# --- fingerprints ---------------------------------------------------------------------------------


def test_a_fingerprint_is_sha256_in_hex() -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", fingerprint(["Some passage."]))


def test_a_fingerprint_does_not_see_how_a_passage_is_set() -> None:
    one = "• A mark – ‘small’ – on a pre-mobile baby’s arm."
    other = "\uf0b7  A mark -  'small' —\non a pre-\nmobile baby's   arm.\n"
    assert fingerprint([one]) == fingerprint([other])


def test_a_fingerprint_sees_words_case_and_where_passages_part() -> None:
    known = fingerprint(["A mark on the arm.", "Seen in May."])
    assert known != fingerprint(["A mark on the leg.", "Seen in May."])
    assert known != fingerprint(["a mark on the arm.", "Seen in May."])
    assert known != fingerprint(["A mark on the arm. Seen in May."])
    assert known != fingerprint(["Seen in May.", "A mark on the arm."])


def test_a_fingerprint_is_the_same_whichever_way_the_review_is_set() -> None:
    plain = "1.1 A mark was seen on the arm and\nnobody asked about it.\n1.2 Next it went.\n"
    wide = double_spaced(plain)
    assert fingerprint([ReviewText(plain).passage("1.1")]) == fingerprint(
        [ReviewText(wide).passage("1.1")]
    )


@given(st.lists(st.text(alphabet="abAB.'", min_size=1, max_size=5), min_size=1, max_size=8))
def test_line_breaks_never_change_a_fingerprint(words: list[str]) -> None:
    assert fingerprint([" ".join(words)]) == fingerprint(["\n ".join(words)])


# --- shared runs ----------------------------------------------------------------------------------

THEIRS = "The worker had not read the notes of the first visit, and did not know it was needed."


def test_a_run_of_eight_shared_words_is_found_whatever_case_and_punctuation() -> None:
    ours = "We ask: Did the WORKER have it? Had not “read the notes” of\nthe first visit?"
    assert shared_runs(ours, THEIRS) == ["Had not “read the notes” of the first visit"]


def test_seven_shared_words_are_not_a_run() -> None:
    assert shared_runs("had not read the notes of the second visit", THEIRS) == []


def test_a_run_is_as_long_as_it_goes_and_is_told_once() -> None:
    ours = f"Before. {THEIRS} Between it all. {THEIRS}"
    assert shared_runs(ours, THEIRS) == [THEIRS.rstrip(".")]


def test_two_runs_that_only_meet_in_ours_are_two() -> None:
    assert shared_runs("a b c d e f", "c d e f x a b c", words=3) == ["a b c", "c d e f"]


def test_apostrophes_of_either_kind_are_the_same() -> None:
    assert shared_runs("the child's own bed", "The child’s own bed", words=4) == [
        "the child's own bed"
    ]


def test_a_run_of_no_words_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        shared_runs("a", "a", words=0)


words_of = st.lists(st.sampled_from("abc"), max_size=14)


@given(words_of, words_of, st.integers(1, 4))
def test_runs_are_exactly_the_words_that_stand_in_both(
    ours: list[str], theirs: list[str], words: int
) -> None:
    runs = shared_runs(" ".join(ours), " ".join(theirs), words)
    ours_text, theirs_text = f" {' '.join(ours)} ", f" {' '.join(theirs)} "
    for run in runs:
        assert len(run.split()) >= words
        assert f" {run} " in ours_text and f" {run} " in theirs_text
    for i in range(len(ours) - words + 1):
        gram = f" {' '.join(ours[i : i + words])} "
        assert (gram in theirs_text) == any(gram in f" {run} " for run in runs)
