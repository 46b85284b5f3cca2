"""The pages of a case: starting, the list of what can be entered, one section at a time."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import yaml
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from advisor.addresses import AddressError
from advisor.answering.entries import add_entry, remove_entry
from advisor.answering.given import FormError
from advisor.questionnaire import read_questionnaire
from advisor.store.cases import Cases, Kept, NotKept, TakenError
from advisor.store.keeping import new_id
from advisor.web import starting
from advisor.web.advices import advices_of
from advisor.web.case_view import (
    Tasks,
    adding_child,
    entries,
    mentions,
    relation_ids,
    removing,
)
from advisor.web.cases import add_adults, change, kept_case
from advisor.web.drawing import page, see_other
from advisor.web.forms import Form, form_of
from advisor.web.marks import part_of
from advisor.web.problem_details import RefusedError, plain_problem
from advisor.web.settings import settings_of
from advisor.web.sheet import first_page
from advisor.web.visitors import User, require, stores_of

router = APIRouter(include_in_schema=False)


@router.get("/cases")
async def listed(request: Request, deleted: bool = False) -> Response:
    """The checks that are kept: one's own; for an auditor everybody's."""
    user = require(request, "worker", "auditor")
    others = not user.may("worker")
    stores = stores_of(request)
    kept = await run_in_threadpool(stores.cases.listed, None if others else user.id)
    return page(
        request,
        "cases/list.html",
        kept=kept,
        others=others,
        may_start=user.may("worker"),
        deleted=deleted,
        keep_days=settings_of(request).keep_days,
    )


@router.get("/cases/new")
async def new(request: Request) -> Response:
    """The form that starts a check."""
    require(request, "worker")
    return await run_in_threadpool(_new_page, request, Form())


@router.post("/cases/new")
async def begin(request: Request) -> Response:
    """Start a check from the form, from a snapshot, or from an example."""
    user = require(request, "worker")
    form = await form_of(request)
    stores = stores_of(request)

    def started() -> Response:
        try:
            document = _document(form)
        except starting.StartError as error:
            return _new_page(request, form, error)
        kept = _begun(stores.cases, user, document, form.one("id"))
        if form.one("how") in ("text", "example"):
            return see_other(f"/cases/{kept.id}")
        return see_other(first_page(read_questionnaire(), kept.id, document, ""))

    return await run_in_threadpool(started)


def _begun(cases: Cases, user: User, document: dict[str, Any], id_: str) -> Kept:
    """The new case; of a form that was sent twice, the one that it began the first time."""
    try:
        return cases.create(user.id, document, id_=id_ or None)
    except TakenError:
        pass
    try:
        if cases.at(id_, 1) == document:
            return cases.get(id_, user.id)
    except NotKept:
        pass
    return cases.create(user.id, document)


def _document(form: Form) -> dict[str, Any]:
    how = form.one("how")
    if how == "example":
        return starting.example(form.one("example"))
    if how == "text":
        sent = form.one("file")
        source = form.one("file!name") if sent else ""
        return starting.pasted(sent or form.one("text"), source or "what you pasted")
    return starting.blank(form, dt.date.today())


def _new_page(request: Request, form: Form, error: starting.StartError | None = None) -> Response:
    errors = {} if error is None else error.errors
    today = dt.date.today()
    return page(
        request,
        "cases/new.html",
        status=200 if error is None else 422,
        form=form,
        errors=errors,
        summary=_summary(error),
        groups=starting.by_group(),
        day={"day": today.day, "month": today.month, "year": today.year},
        keep_days=settings_of(request).keep_days,
        id=new_id(),
    )


_PROBLEMS_SHOWN = 20


def _summary(error: starting.StartError | None) -> list[tuple[str, str]]:
    """Each message with the field that it leads to; faults of a snapshot by their lines."""
    if error is None:
        return []
    found = [(f"#{name}", message) for name, message in error.errors.items()]
    for problem in error.problems[:_PROBLEMS_SHOWN]:
        line = f"Line {problem.line}: " if problem.line else ""
        field = f"{problem.field}: " if problem.field else ""
        found.append(("", f"{line}{field}{problem.message}"))
    left = len(error.problems) - _PROBLEMS_SHOWN
    return [*found, ("", f"And {left} more: put these right first")] if left > 0 else found


@router.get("/cases/{case}")
async def tasks(request: Request, case: str, said: str = "") -> Response:
    """Everything that can be entered about a case, and how far each section has come."""
    user = require(request, "worker")
    kept = await run_in_threadpool(kept_case, request, case, user)
    questionnaire = read_questionnaire()
    skipped = frozenset(kept.progress.get("skipped", ()))
    blocks = Tasks(questionnaire, case, kept.document, skipped).blocks()
    return page(
        request,
        "cases/tasks.html",
        case=kept,
        blocks=blocks,
        relations=list(relation_ids(kept.document)),
        another_child=adding_child(kept.document),
        said=_SAID.get(said, ""),
    )


_SAID = {
    "removed": "It is removed, with every mention of it.",
    "saved": "Your answers are kept.",
}
"""What a page may say was done; named in its address, so that nothing else can be put there."""


@router.post("/cases/{case}/entries/add")
async def add(request: Request, case: str) -> Response:
    """Add a child, an adult, or an entry such as an injury; sent twice, it adds one."""
    user = require(request, "worker")
    form = await form_of(request)
    owner, collection, name = form.one("owner"), form.one("collection"), form.one("id")
    relation = form.one("relation")

    def added() -> Response:
        if collection == "adults":
            kept = add_adults(request, kept_case(request, case, user), user, [relation])
            where = f"adults.{relation.partition(':')[2]}"
            return see_other(first_page(read_questionnaire(), case, kept.document, where))
        try:
            kept = change(
                request, case, user, lambda held: add_entry(held, owner, collection, name)[0]
            )
        except (FormError, AddressError) as error:
            raise RefusedError(plain_problem(422, _not_added(error))) from None
        where = ".".join(part for part in (owner, collection, name) if part)
        return see_other(first_page(read_questionnaire(), case, kept.document, where))

    return await run_in_threadpool(added)


def _not_added(error: FormError | AddressError) -> str:
    if isinstance(error, FormError):
        return next(iter(error.messages.values()))
    return "There is no such list in this check. Go back and load the page again."


@router.get("/cases/{case}/entries/{marked}/remove")
async def ask_to_remove(request: Request, case: str, marked: str) -> Response:
    """Ask whether an entry is to be removed, and say what goes with it."""
    user = require(request, "worker")
    kept = await run_in_threadpool(kept_case, request, case, user)
    entry = _entry(kept, marked)
    try:
        removal = remove_entry(kept.document, entry)
    except FormError as error:
        raise RefusedError(plain_problem(422, error.messages[""])) from None
    return page(
        request,
        "cases/remove.html",
        case=kept,
        words=removing(kept.document, entry),
        gone=mentions(kept.document, removal),
    )


@router.post("/cases/{case}/entries/{marked}/remove")
async def remove(request: Request, case: str, marked: str) -> Response:
    """Remove an entry and every mention of it."""
    user = require(request, "worker")

    def removed() -> Response:
        entry = _entry(kept_case(request, case, user), marked)
        change(request, case, user, lambda document: remove_entry(document, entry).document)
        return see_other(f"/cases/{case}?said=removed")

    return await run_in_threadpool(removed)


def _entry(kept: Kept, marked: str) -> str:
    """The address of the entry that a mark stands for; refused with 404 if it is gone."""
    entry = part_of(kept.id, marked, entries(kept.document))
    if entry is None:
        raise RefusedError(plain_problem(404, "This is not part of the check, or no longer."))
    return entry


@router.get("/cases/{case}/delete")
async def ask_to_delete(request: Request, case: str) -> Response:
    """Ask whether a case is to be deleted."""
    user = require(request, "worker")
    kept = await run_in_threadpool(kept_case, request, case, user)
    return page(request, "cases/delete.html", case=kept)


@router.post("/cases/{case}/delete")
async def delete(request: Request, case: str) -> Response:
    """Delete a case with all that is kept of it."""
    user = require(request, "worker")

    def deleted() -> Response:
        kept_case(request, case, user)
        stores_of(request).cases.delete(case, user.id)
        advices_of(request).forget(case)
        return see_other("/cases?deleted=1")

    return await run_in_threadpool(deleted)


@router.get("/cases/{case}/snapshot.yaml")
async def as_yaml(request: Request, case: str) -> Response:
    """The case as a snapshot that can be pasted again, or given to the commands."""
    user = require(request, "worker", "auditor")
    kept = await run_in_threadpool(lambda: kept_case(request, case, user, write=False))
    text = yaml.safe_dump(kept.document, sort_keys=False, allow_unicode=True, width=100)
    return Response(text, media_type="application/yaml; charset=utf-8", headers=_file("yaml"))


@router.get("/cases/{case}/snapshot.json")
async def as_json(request: Request, case: str) -> Response:
    """The same as JSON."""
    user = require(request, "worker", "auditor")
    kept = await run_in_threadpool(lambda: kept_case(request, case, user, write=False))
    text = json.dumps(kept.document, indent=2, ensure_ascii=False)
    return Response(text, media_type="application/json", headers=_file("json"))


def _file(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="snapshot.{ending}"'}
