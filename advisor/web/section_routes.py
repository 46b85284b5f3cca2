"""Pages of questions: drawn, answered, merged with what was changed elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from advisor.answering.asked import Field
from advisor.answering.given import FormError, as_posted
from advisor.questionnaire import Questionnaire, read_questionnaire
from advisor.store.cases import Kept
from advisor.web.case_view import relation_ids
from advisor.web.cases import (
    add_adults,
    answered,
    base_of,
    kept_case,
    note_skipped,
)
from advisor.web.drawing import page, see_other
from advisor.web.forms import Form, form_of
from advisor.web.marks import mark
from advisor.web.problem_details import RefusedError, plain_problem
from advisor.web.sheet import Sheet, first_page, page_after, short_path
from advisor.web.visitors import User, require

router = APIRouter(include_in_schema=False)
ADULTS = "adults"
ADDED = "adults!add"
"""The boxes that add adults, on the page that asks who is in the family."""


@dataclass(frozen=True)
class _Place:
    """A page of questions in a case."""

    kept: Kept
    questionnaire: Questionnaire
    sheet: Sheet

    @property
    def step(self) -> str:
        """``Page 2 of 5`` on the short path; nothing beside it."""
        path = [each.keys for each in short_path(self.questionnaire, self.kept.document)]
        if self.sheet.keys not in path:
            return ""
        return f"Page {path.index(self.sheet.keys) + 1} of {len(path)}"


_Find = Callable[[Kept, Questionnaire], Sheet | None]


def _section(section: str, marked: str) -> _Find:
    """One section for one owner."""

    def find(kept: Kept, questionnaire: Questionnaire) -> Sheet | None:
        for each, owner in questionnaire.pages(kept.document):
            if each.id == section and mark(kept.id, owner) == marked:
                return Sheet(((each, owner),))
        return None

    return find


def _person(marked: str) -> _Find:
    """The essential questions about one person or injury."""

    def find(kept: Kept, questionnaire: Questionnaire) -> Sheet | None:
        for sheet in short_path(questionnaire, kept.document):
            if sheet.owner and mark(kept.id, sheet.owner) == marked:
                return sheet
        return None

    return find


def _place(request: Request, case: str, user: User, find: _Find) -> _Place:
    """The place that an address names; refused with 404 if it is not in the case."""
    kept = kept_case(request, case, user)
    questionnaire = read_questionnaire()
    sheet = find(kept, questionnaire)
    if sheet is None:
        detail = "This is not part of the check, or no longer: it may have been removed elsewhere."
        raise RefusedError(plain_problem(404, detail))
    return _Place(kept, questionnaire, sheet)


@router.get("/cases/{case}/sections/{section}/{marked}")
async def ask(request: Request, case: str, section: str, marked: str) -> Response:
    """The questions of a section, with what is held."""
    user = require(request, "worker")
    return await run_in_threadpool(_asked, request, case, user, _section(section, marked))


@router.get("/cases/{case}/about/{marked}")
async def ask_about(request: Request, case: str, marked: str) -> Response:
    """The essential questions about one person or injury, with what is held."""
    user = require(request, "worker")
    return await run_in_threadpool(_asked, request, case, user, _person(marked))


@router.post("/cases/{case}/sections/{section}/{marked}")
async def answer(request: Request, case: str, section: str, marked: str) -> Response:
    """Take the answers of a section, and go on."""
    user = require(request, "worker")
    form = await form_of(request)
    return await run_in_threadpool(_taken, request, case, user, _section(section, marked), form)


@router.post("/cases/{case}/about/{marked}")
async def answer_about(request: Request, case: str, marked: str) -> Response:
    """Take the answers about one person or injury, and go on."""
    user = require(request, "worker")
    form = await form_of(request)
    return await run_in_threadpool(_taken, request, case, user, _person(marked), form)


def _asked(request: Request, case: str, user: User, find: _Find) -> Response:
    place = _place(request, case, user, find)
    return _page(request, place, place.sheet.asked(place.kept.document))


def _without_first(field: Field) -> Field:
    """The question about adults without an answer that adds one: boxes beside it add them."""
    specials = tuple(each for each in field.specials if each[0] != "!add")
    return replace(field, specials=specials) if field.address == ADULTS else field


def _taken(request: Request, case: str, user: User, find: _Find, form: Form) -> Response:
    place = _place(request, case, user, find)
    # As they stood when the form was drawn: whatever differs from that was changed on it.
    parts = place.sheet.asked(base_of(request, place.kept, form))
    asked = tuple(field for _, _, fields in parts for field in fields)
    try:
        done = answered(request, place.kept, user, asked, form)
    except FormError as error:
        return _page(request, place, _again(parts, form), errors=error.messages, status=422)
    if done.clashes:
        now = _Place(done.kept, place.questionnaire, place.sheet)
        again = _again(place.sheet.asked(done.kept.document), done.left(form))
        return _page(request, now, again, errors=done.told, status=409)
    kept = add_adults(request, done.kept, user, form.get(ADDED, ()))
    go = form.one("go")
    if go == "skip" and kept.revision == place.kept.revision:
        note_skipped(request, kept, user, place.sheet.keys)
    return see_other(_next(place, kept, go, done.added))


_Parts = list[tuple[str, str, tuple[Field, ...]]]


def _again(parts: _Parts, form: Form) -> _Parts:
    """The questions with what was posted in their controls."""
    return [(title, intro, as_posted(fields, form)) for title, intro, fields in parts]


def _next(place: _Place, kept: Kept, go: str, added: str | None) -> str:
    if added is not None:
        return first_page(place.questionnaire, kept.id, kept.document, added)
    if go == "list":
        return f"/cases/{kept.id}?said=saved"
    if go == "advice":
        return f"/cases/{kept.id}/advice"
    return page_after(place.questionnaire, kept.id, kept.document, place.sheet)


def _page(
    request: Request,
    place: _Place,
    parts: _Parts,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    errors = errors or {}
    document: dict[str, Any] = place.kept.document
    return page(
        request,
        "cases/section.html",
        status=status,
        case=place.kept,
        title=place.sheet.title(document),
        whose=place.sheet.whose(document),
        back_to=f"/cases/{place.kept.id}#block-{mark(place.kept.id, place.sheet.owner)}",
        step=place.step,
        parts=[(title, intro, tuple(map(_without_first, asked))) for title, intro, asked in parts],
        relations=list(relation_ids(document)),
        errors=errors,
        summary=[(f"#{name}" if name else "", message) for name, message in errors.items()],
    )
