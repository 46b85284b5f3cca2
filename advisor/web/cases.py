"""Reading and changing a kept case on behalf of a user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from advisor.addresses import entry_id, find, ids, items
from advisor.answering.asked import Field
from advisor.answering.entries import add_entry
from advisor.answering.given import Answer, Answers, FormError, answers_of
from advisor.answering.merging import Clash, apply, merge
from advisor.language.english import day, word
from advisor.parts import Held
from advisor.store.cases import Kept, NotKept, RevisionMoved
from advisor.values import UnknownReason
from advisor.web.forms import Form
from advisor.web.problem_details import RefusedError, plain_problem
from advisor.web.visitors import User, stores_of

_ATTEMPTS = 20
_Document = dict[str, Any]


def kept_case(request: Request, case: str, user: User, *, write: bool = True) -> Kept:
    """A case that is kept: the user's own; to read, for an auditor anybody's; else 404."""
    anybody = not write and user.may("auditor")
    try:
        return stores_of(request).cases.get(case, None if anybody else user.id)
    except NotKept:
        raise gone() from None


def gone() -> RefusedError:
    """There is no such case, or no longer, or it is somebody else's: which of them is not told."""
    detail = "There is no such check here. It may have been deleted, or kept for its time."
    return RefusedError(plain_problem(404, detail))


def change(
    request: Request, case: str, user: User, changed: Callable[[_Document], _Document]
) -> Kept:
    """Change a case, and again from what it then is if it was changed meanwhile elsewhere."""
    cases = stores_of(request).cases
    for _ in range(_ATTEMPTS):
        kept = kept_case(request, case, user)
        try:
            return cases.save(case, user.id, changed(kept.document), expected=kept.revision)
        except RevisionMoved:
            continue
        except NotKept:
            raise gone() from None
    raise RefusedError(plain_problem(409, "This is being changed elsewhere. Try again."))


@dataclass(frozen=True)
class Answered:
    """What came of a form: the case as it now is, and what was changed elsewhere meanwhile."""

    kept: Kept
    changed: bool
    clashes: tuple[Clash, ...] = ()
    added: str | None = None

    @property
    def told(self) -> dict[str, str]:
        """For each field that clashes, what it was changed to elsewhere, and what to do."""
        return {clash.address: _told(clash) for clash in self.clashes}

    def left(self, form: Form) -> Form:
        """The part of a form that was not taken, because it clashes."""
        names = tuple(clash.address for clash in self.clashes)
        return Form(
            {name: value for name, value in form.items() if name.partition("!")[0] in names}
        )


def base_of(request: Request, kept: Kept, form: Form) -> Mapping[str, Any]:
    """The case as it stood when a form was drawn; as it is now if that is not known."""
    given = form.one("revision")
    if given.isascii() and given.isdecimal() and int(given[:9]) != kept.revision:
        try:
            return stores_of(request).cases.at(kept.id, int(given[:9]))
        except NotKept:
            return kept.document
    return kept.document


def answered(
    request: Request, kept: Kept, user: User, asked: tuple[Field, ...], form: Form
) -> Answered:
    """Take the answers of a form to these questions, drawn from the revision that it names.

    What was changed elsewhere since then, to something else, is left as it is and told.

    Raises:
        FormError: an answer is at fault, or does not fit the rest; nothing is changed.
    """
    answers = answers_of(asked, form)
    if not answers:
        return Answered(kept, False)
    base = base_of(request, kept, form)
    clashes: tuple[Clash, ...] = ()

    def changed(document: _Document) -> _Document:
        nonlocal clashes
        merged = merge(base, document, answers)
        clashes = merged.clashes
        return merged.document

    saved = change(request, kept.id, user, changed)
    return Answered(saved, True, clashes, _added(saved.document, answers))


def _added(document: Mapping[str, Any], answers: Answers) -> str | None:
    """The address of the first entry of a list of which a form said that it has one."""
    for each in answers:
        if each.add:
            held = items(find(document, tuple(each.address.split("."))))
            return f"{each.address}.{entry_id(held[0])}" if held else None
    return None


def _told(clash: Clash) -> str:
    if clash.theirs is None:
        return f"This was removed meanwhile, in another tab or by somebody else: “{clash.ask}”"
    return (
        f"Meanwhile “{clash.ask}” was answered elsewhere: {held_words(clash.theirs)}. That is kept "
        "so far. Your answer stands below: save again to put it in its place."
    )


def held_words(held: Held) -> str:
    """What is held of a fact, in words."""
    if held.state == "unknown":
        return UnknownReason(held.reason).words
    if held.state == "blank":
        return "nothing recorded"
    said = [_value_words(value) for value in held.values]
    return ", ".join(said) or ("none" if held.complete else "nothing recorded so far")


def _value_words(value: str) -> str:
    if value in ("true", "false"):
        return "yes" if value == "true" else "no"
    return day(value) if value[:4].isdecimal() and "-" in value else word(value)


def note_skipped(request: Request, kept: Kept, user: User, sections: Iterable[str]) -> None:
    """Remember that sections were skipped, so that the list says so."""
    skipped = sorted({*kept.progress.get("skipped", ()), *sections})
    progress = {**kept.progress, "skipped": skipped}
    stores_of(request).cases.note_progress(kept.id, user.id, progress)


def add_adults(request: Request, kept: Kept, user: User, sent: Iterable[str]) -> Kept:
    """Add adults by ``relation:id`` as a form sends them; of an id that there is, none again."""
    wanted = [each.partition(":")[::2] for each in sent if ":" in each]
    if not wanted:
        return kept

    def adding(document: _Document) -> _Document:
        for relation, name in wanted:
            document, _ = add_entry(document, "", "adults", name)
            document = related(document, name, relation)
        return document

    try:
        return change(request, kept.id, user, adding)
    except FormError as error:
        message = next(iter(error.messages.values()))
        raise RefusedError(plain_problem(422, message)) from None


def related(document: _Document, adult: str, relation: str) -> _Document:
    """The document with an adult's relation to every child, where it is not on record yet."""
    answers = []
    for child in ids(document, "children"):
        address = f"adults.{adult}.links.{child}.relation"
        if find(document, tuple(address.split("."))) is None:
            answers.append(Answer(address, "", Held("known", (relation,)), Held()))
    return apply(document, answers)
