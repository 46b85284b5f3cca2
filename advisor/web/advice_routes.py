"""The advice page of a case, and the answers that are given on it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from advisor.addresses import AddressError
from advisor.advice import Prompt
from advisor.answering.asked import Field, field_at
from advisor.answering.given import FormError, as_posted
from advisor.changes import STILL_NO_REASSURANCE, changed, in_words
from advisor.questionnaire import read_questionnaire
from advisor.record import decision_proposed
from advisor.responses import AnswerError, response_of
from advisor.responses import Response as Answer
from advisor.store.cases import NotKept
from advisor.telling import NO_PROMPTS, NO_QUESTIONS
from advisor.web.advice_view import CHOICES, AdvicePage, Typed
from advisor.web.advices import Looked
from advisor.web.advised import Place
from advisor.web.cases import answered, base_of, gone, held_words
from advisor.web.drawing import page, see_other
from advisor.web.forms import Form, form_of
from advisor.web.marks import mark, part_of
from advisor.web.sheet import first_page
from advisor.web.visitors import stores_of

router = APIRouter(include_in_schema=False)

_ANSWER_FIELDS = ("answer", "reason", "who", "by!day", "by!month", "by!year")
_SAID = {
    "kept": "Your answer is kept. The case was changed meanwhile, and that prompt no longer stands "
    "as it did: the record for the case file holds your answer.",
    "removed": "What you answered about was removed meanwhile. Nothing was changed.",
}
"""What the page may say was done; named in its address, so that nothing else can be put there."""

_NOTHING_CHOSEN = "Select an answer. Nothing was changed"

# Sent twice at once, an answer must be found by the second before the first is forgotten.
_ANSWERING = threading.Lock()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@router.get("/cases/{case}/advice")
async def advice(request: Request, case: str) -> Response:
    """The prompts for a case, what to ask next, and what was not looked at.

    In the address ``since`` is a revision to compare with, ``ask`` the mark of a question to open,
    ``said`` what was done; ``show=all`` folds no prompt away.
    """
    place = Place(request, case, write=False)
    query = request.query_params

    def drawn() -> Response:
        place.open()
        drawing = place.drawing()
        ask = query.get("ask", "")
        opened = part_of(place.kept.id, ask, drawing.addresses()) if ask else None
        everything = query.get("show") == "all"
        return _drawn(
            place,
            drawing.page(opened=opened or "", everything=everything),
            since=_number(query.get("since", "")),
            everything=everything,
            said=_SAID.get(query.get("said", ""), ""),
        )

    return await run_in_threadpool(drawn)


@router.post("/cases/{case}/advice/respond")
async def respond(request: Request, case: str) -> Response:
    """Take an answer to a prompt. The same answer sent twice is kept once."""
    place = Place(request, case)
    form = await form_of(request)

    def taken() -> Response:
        place.open()
        name = form.one("prompt")
        drawn_from = _number(form.one("revision"))
        for revision, looked in ((drawn_from, place.at(drawn_from)), (None, place.now)):
            prompt = _prompt(looked, name)
            if looked is not None and prompt is not None:
                kept_at = place.kept.revision if revision is None else revision
                return _respond(place, form, looked, prompt, kept_at)
        raise gone()

    return await run_in_threadpool(taken)


def _prompt(looked: Looked | None, name: str) -> Prompt | None:
    prompts = looked.advice.prompts if looked is not None else ()
    return next((each for each in prompts if each.id == name), None)


def _respond(place: Place, form: Form, looked: Looked, prompt: Prompt, revision: int) -> Response:
    typed = {name: form.one(name) for name in _ANSWER_FIELDS}
    try:
        response = response_of(
            typed,
            prompt=prompt.id,
            rule=prompt.rule,
            rule_version=prompt.rule_version,
            revision=revision,
            snapshot_sha256=looked.advice.snapshot_sha256,
            pack_sha256=looked.advice.pack.sha256,
            given_by=place.user.id,
            given_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
            earliest=looked.snapshot.as_of.first,
        )
    except AnswerError as error:
        return _at_fault(place, prompt, Typed(typed, error.errors))
    _keep(place, response)
    path = f"/cases/{place.kept.id}/advice"
    if _prompt(place.now, prompt.id) is None:
        return see_other(f"{path}?said=kept")
    return see_other(f"{path}#prompt-{mark(place.kept.id, prompt.id)}")


def _keep(place: Place, response: Answer) -> None:
    """Keep an answer, unless it is the one that stands."""
    apart = {"given_at", "revision"}
    with _ANSWERING:
        same = [each for each in place.responses if each.prompt == response.prompt]
        if same and same[-1].model_dump(exclude=apart) == response.model_dump(exclude=apart):
            return
        try:
            stores_of(place.request).cases.respond(place.kept.id, place.user.id, response)
        except NotKept:
            raise gone() from None


def _at_fault(place: Place, prompt: Prompt, typed: Typed) -> Response:
    """The page with what was typed, and what is wrong with it, at its prompt."""
    shown = place.drawing().page(typed={prompt.id: typed})
    here = shown.prompt(prompt.id)
    errors = here.errors if here else [("", message) for message in typed.errors.values()]
    return _drawn(place, shown, status=422, errors=errors)


@router.post("/cases/{case}/advice/answer")
async def answer(request: Request, case: str) -> Response:
    """Take the answer to one question, and say what it changed."""
    place = Place(request, case)
    form = await form_of(request)
    return await run_in_threadpool(lambda: _answer(place.open(), form))


def _answer(place: Place, form: Form) -> Response:
    address = form.one("question")
    field = _field(place, address, base_of(place.request, place.kept, form))
    field = field or _field(place, address, place.kept.document)
    if field is None:
        raise gone()
    try:
        done = answered(place.request, place.kept, place.user, (field,), form)
    except FormError as error:
        return _wrong(place, field, form, error.messages)
    path = f"/cases/{place.kept.id}/advice"
    if done.clashes:
        place.kept = done.kept
        return _clash(place, form, address, done.clashes[0].theirs, done.clashes[0].yours)
    if not done.changed:
        return _wrong(place, field, form, {field.name: _NOTHING_CHOSEN})
    if done.added is not None:
        questionnaire = read_questionnaire()
        return see_other(first_page(questionnaire, place.kept.id, done.kept.document, done.added))
    drawn_from = _number(form.one("revision"))
    since = drawn_from if drawn_from and drawn_from < done.kept.revision else place.kept.revision
    return see_other(f"{path}?since={since}#what-changed")


def _field(place: Place, address: str, document: Mapping[str, Any]) -> Field | None:
    try:
        return field_at(address, document, read_questionnaire())
    except AddressError:
        return None


def _wrong(place: Place, field: Field, form: Form, messages: Mapping[str, str]) -> Response:
    posted = as_posted((field,), form)[0]
    shown = place.drawing().page(opened=field.address, posted=posted)
    errors = [(f"#{name}" if name == field.name else "", text) for name, text in messages.items()]
    return _drawn(place, shown, status=422, errors=errors, question_errors=messages)


def _clash(place: Place, form: Form, address: str, theirs: Any, yours: Any) -> Response:
    """Both values of a fact that was answered otherwise elsewhere; nothing is overwritten."""
    field = _field(place, address, place.kept.document)
    if field is None or theirs is None:
        return see_other(f"/cases/{place.kept.id}/advice?said=removed")
    return page(
        place.request,
        "advice/clash.html",
        status=409,
        case=place.kept,
        field=as_posted((field,), form)[0],
        theirs=held_words(theirs),
        yours=held_words(yours),
    )


def _drawn(
    place: Place,
    shown: AdvicePage,
    *,
    status: int = 200,
    errors: list[tuple[str, str]] | None = None,
    question_errors: Mapping[str, str] | None = None,
    since: int | None = None,
    everything: bool = False,
    said: str = "",
) -> Response:
    """The page as a response."""
    before = place.at(since)
    advice = place.now.advice
    return page(
        place.request,
        "advice/advice.html",
        status=status,
        case=place.kept,
        advice=advice,
        shown=shown,
        decision=decision_proposed(place.now.snapshot),
        choices=CHOICES,
        no_prompts=NO_PROMPTS,
        no_questions=NO_QUESTIONS,
        may_answer=place.may_answer,
        errors=errors or [],
        question_errors=question_errors or {},
        compared=before is not None,
        changes=_changes(place, before) if before is not None else (),
        still_no_reassurance=STILL_NO_REASSURANCE,
        before=place.kept.revision - 1,
        everything=everything,
        said=said,
    )


def _changes(place: Place, before: Looked) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Each heading with its lines, and the link of each line; empty where it has none."""
    told = in_words(changed(before.advice, place.now.advice), place.titles)
    return tuple(
        (
            words,
            tuple(
                (line.text, f"#prompt-{mark(place.kept.id, line.prompt)}" if line.prompt else "")
                for line in lines
            ),
        )
        for words, lines in told
    )
