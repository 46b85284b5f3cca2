"""The stages of an exercise as they are seen, and what each reveals: in words, however shown.

Nothing in a stage depends on a later one, so that none gives a later one away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from advisor.advice import Advice, SourceShown
from advisor.advise import advise
from advisor.chronology.story import Entry, order
from advisor.chronology.views import knows_from
from advisor.exercise import Exercise, Hand, Option, Staged
from advisor.language.documents import Review
from advisor.language.english import day, words
from advisor.pack import Pack
from advisor.problems import fault


@dataclass(frozen=True)
class Row:
    """One thing that is known: when it was, what it is, and since when where that differs."""

    when: str
    what: str
    since: str


@dataclass(frozen=True)
class Slip:
    """What one hand alone holds at a stage: what is new to it, and what it has held before."""

    hand: str
    new: tuple[Row, ...]
    kept: tuple[Row, ...]


@dataclass(frozen=True)
class Elsewhere:
    """Something that hands held and that those who decided did not know."""

    row: Row
    hands: str
    reached: str


@dataclass(frozen=True)
class StagePage:
    """A stage as the participants see it."""

    number: int
    staged: Staged
    date: str
    deciders: str
    told: tuple[Row, ...]
    options: tuple[tuple[str, Option], ...]
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class Reveal:
    """What is told once every group has decided."""

    review: Review | None
    advice: Advice
    unasked: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    silent: tuple[str, ...]
    silent_rules: int


def stage_pages(exercise: Exercise) -> Iterator[StagePage]:
    """Each stage as it is seen; nothing in one depends on a later one."""
    story = exercise.story
    held_before: dict[str, set[str]] = {hand.name: set() for hand in exercise.head.hands}
    for number, staged in enumerate(exercise.stages, start=1):
        known_to = staged.decision.head.known_to
        slips = []
        for hand in exercise.head.hands:
            held = staged.held[hand.name]
            before = held_before[hand.name]
            new = _rows((each for each in held if each.id not in before), hand.holds)
            kept = _rows((each for each in held if each.id in before), hand.holds)
            slips.append(Slip(hand.name, new, kept))
            before |= {entry.id for entry in held}
        yield StagePage(
            number=number,
            staged=staged,
            date=day(str(staged.decision.snapshot.as_of)),
            deciders=words([story.head.holders[name].name for name in known_to], "and")
            if known_to
            else "",
            told=_rows(staged.told, known_to),
            options=tuple(zip("ABCDEFGH", staged.stage.options, strict=False)),
            slips=tuple(slips),
        )


def _rows(entries: Iterable[Entry], holders: Collection[str]) -> tuple[Row, ...]:
    return tuple(_row(entry, holders) for entry in sorted(entries, key=order))


def _row(entry: Entry, holders: Collection[str]) -> Row:
    happened = "" if entry.happened_on is None else str(entry.happened_on)
    when = day(happened) if happened else "No date"
    if entry.expected is not None:
        when = f"{entry.expected.capitalize()} for {when}"
    since = knows_from(entry, holders)
    differs = since is not None and str(since) != happened
    return Row(when, entry.what, day(str(since)) if differs else "")


def reveal_of(exercise: Exercise, page: StagePage, pack: Pack) -> Reveal:
    """What is told of a stage once it is decided; InputError if the pack lacks its review."""
    story, staged = exercise.story, page.staged
    deciders = staged.decision.head.known_to
    holding: dict[str, list[Hand]] = {}
    for hand in exercise.head.hands:
        for entry in staged.held[hand.name]:
            holding.setdefault(entry.id, []).append(hand)
    elsewhere = []
    for entry in sorted((story.by_id[name] for name in holding), key=order):
        hands = holding[entry.id]
        holders = {holder for hand in hands for holder in hand.holds}
        elsewhere.append(
            Elsewhere(
                row=_row(entry, holders),
                hands=words([hand.name for hand in hands], "and"),
                reached=_reached(entry, deciders),
            )
        )
    advice = advise(staged.decision.snapshot, pack, ask=False)
    review = staged.decision.head.review or story.head.review
    return Reveal(
        review=None if review is None else _review(pack, review, exercise),
        advice=advice,
        unasked=tuple(entry.what for entry in sorted(staged.kept_back, key=order)),
        elsewhere=tuple(elsewhere),
        silent=tuple(dict.fromkeys(each.why for each in advice.not_evaluated)),
        silent_rules=len({rule for each in advice.not_evaluated for rule in each.rules}),
    )


def _reached(entry: Entry, deciders: Collection[str]) -> str:
    since = knows_from(entry, deciders)
    return "not within this story" if since is None else day(str(since))


def _review(pack: Pack, name: str, exercise: Exercise) -> Review:
    if name not in pack.reviews:
        raise fault(str(exercise.path), f"the rules in use know nothing of the review {name}")
    return pack.reviews[name]


def by_review(sources: Iterable[SourceShown]) -> list[tuple[SourceShown, list[str]]]:
    """Each review that is cited, once, with all its places."""
    found: dict[str, tuple[SourceShown, dict[str, None]]] = {}
    for each in sources:
        found.setdefault(each.review, (each, {}))[1].update(dict.fromkeys(each.at))
    return [(each, list(at)) for each, at in found.values()]
