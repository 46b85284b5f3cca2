"""The pages of a trainer: the exercises, the runs of them, and the sheets to print."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from advisor.language.english import day
from advisor.store.keeping import NotKept, new_id
from advisor.store.runs import Run, TakenError
from advisor.web import exercise_view as view
from advisor.web import group_routes, staging
from advisor.web.drawing import page
from advisor.web.forms import Form, form_of
from advisor.web.problem_details import RefusedError, not_found, plain_problem
from advisor.web.revealing import SHEETS, revealing_of
from advisor.web.routes import service_of
from advisor.web.settings import settings_of
from advisor.web.visitors import User, require, stores_of

router = APIRouter(include_in_schema=False)
router.include_router(group_routes.router)

_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
_OUTCOME = frozenset({"facilitator", "reveal"})
"""The sheets that tell how a story goes on."""


@router.get("/exercises")
def exercises(request: Request) -> Response:
    """The exercises that ship, and the runs of this trainer."""
    user = require(request, "trainer")
    shared = staging.shared()
    return page(
        request,
        "exercises/list.html",
        exercises=view.listed(shared, service_of(request).ready.pack),
        runs=stores_of(request).runs.listed(user.id),
        titles={name: each.head.title for name, each in shared.exercises.items()},
    )


@router.get("/exercises/{name}")
def exercise(request: Request, name: str) -> Response:
    """One exercise, and the form that starts a run."""
    require(request, "trainer")
    return _exercise(request, _named(request, name))


@router.post("/exercises/{name}/runs")
async def start(request: Request, name: str) -> Response:
    """Start a run; its first reveal begins to be worked out."""
    user = require(request, "trainer")
    form = await form_of(request)
    return await run_in_threadpool(_start, request, user, name, form)


@router.get("/exercises/{name}/sheets/{which}")
def sheet(request: Request, name: str, which: str, open: str = "") -> Response:  # noqa: A002
    """A sheet to print; one that tells the outcome stands behind a page that says so."""
    require(request, "trainer")
    found = _named(request, name)
    if which not in SHEETS:
        raise not_found("sheet", which, SHEETS)
    if which in _OUTCOME and open != "1":
        return page(request, "exercises/sheet.html", head=found.exercise.head, which=which)
    if not found.usable:
        raise RefusedError(plain_problem(409, _UNUSABLE))
    pack = service_of(request).ready.pack
    html = revealing_of(request, pack).sheet(found.exercise, which)
    return Response(html, 200, {"Content-Security-Policy": _policy(html)}, "text/html")


@router.get("/runs/{code}")
def run(request: Request, code: str, all: str = "") -> Response:  # noqa: A002
    """A run: its groups, how far each has come, and what they decided."""
    return _run(request, _own(request, code), unfinished=all == "1")


@router.post("/runs/{code}/groups")
async def add_group(request: Request, code: str) -> Response:
    """Add a group to a run."""
    require(request, "trainer")
    form = await form_of(request)
    return await run_in_threadpool(_add_group, request, code, form)


@router.get("/runs/{code}/delete")
def ask_to_delete(request: Request, code: str) -> Response:
    """Ask whether a run is to go."""
    return page(request, "exercises/delete.html", run=_own(request, code))


@router.post("/runs/{code}/delete")
def delete(request: Request, code: str) -> Response:
    """Delete a run with all that its groups decided."""
    found = _own(request, code)
    with _still_kept():
        stores_of(request).runs.delete(found.id, found.owner)
    return RedirectResponse("/exercises", 303)


_UNUSABLE = (
    "This exercise is on a review that the rules in use do not know, so its reveal cannot be "
    "given. Ask whoever runs this service to use the rules that it came with."
)


def _named(request: Request, name: str) -> view.Listed:
    held = staging.shared().exercises
    if name not in held:
        raise not_found("exercise", name, held)
    return view.listed_as(held[name], service_of(request).ready.pack)


def _own(request: Request, code: str) -> Run:
    user = require(request, "trainer")
    with _still_kept():
        return stores_of(request).runs.get(code, user.id)


@contextmanager
def _still_kept() -> Iterator[None]:
    """Answer 404 where a run is not there, or not any more."""
    try:
        yield
    except NotKept:
        detail = "There is no such run among yours. It may have been deleted when its time was up."
        raise RefusedError(plain_problem(404, detail)) from None


def _exercise(
    request: Request,
    found: view.Listed,
    errors: view.Errors | None = None,
    name: str = "",
    groups: str = "",
) -> Response:
    return page(
        request,
        "exercises/exercise.html",
        status=422 if errors else 200,
        listed=found,
        head=found.exercise.head,
        errors=errors or [],
        faults=dict(reversed(errors or [])),
        name=name,
        groups=groups,
        unusable=_UNUSABLE,
        id=new_id(),
    )


def _start(request: Request, user: User, exercise_id: str, form: Form) -> Response:
    found = _named(request, exercise_id)
    if not found.usable:
        raise RefusedError(plain_problem(409, _UNUSABLE))
    name, groups, errors = view.run_of(form)
    if errors:
        return _exercise(request, found, errors, form.one("name"), form.one("groups"))
    runs, id_ = stores_of(request).runs, form.one("id")
    try:
        made = runs.create(user.id, exercise_id, name, groups, id_=id_ or None)
    except TakenError:
        # The same form, sent again: what it began the first time is there.
        made = _own(request, id_)
    revealing_of(request, service_of(request).ready.pack).begin(found.exercise, 1)
    return RedirectResponse(f"/runs/{made.id}", 303)


def _add_group(request: Request, code: str, form: Form) -> Response:
    found = _own(request, code)
    name, errors = view.name_of(form, [each.name for each in found.groups])
    if errors:
        return _run(request, found, errors=errors, name=name)
    with _still_kept():
        stores_of(request).runs.add_group(found.id, found.owner, name)
    return RedirectResponse(f"/runs/{found.id}", 303)


def _run(
    request: Request,
    found: Run,
    *,
    unfinished: bool = False,
    errors: view.Errors | None = None,
    name: str = "",
) -> Response:
    held = group_routes.exercise_of(found)
    settings = settings_of(request)
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    stages = len(held.stages)
    standings = view.standings(found, held, settings.public_url or own)
    return page(
        request,
        "exercises/run.html",
        status=422 if errors else 200,
        run=found,
        delete_on=day(found.delete_on.isoformat()),
        head=held.head,
        standings=standings,
        stages=stages,
        compared=view.compared(found, held, unfinished=unfinished),
        apart=len({each.stage for each in standings}) > 1,
        unfinished=unfinished,
        full=len(found.groups) >= view.MAX_GROUPS,
        only_here=settings.public_url is None,
        errors=errors or [],
        faults=dict(reversed(errors or [])),
        name=name,
    )


def _policy(html: str) -> str:
    """The policy under which a sheet looks as it should: its own style, and nothing else."""
    digests = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(html))
    styles = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in digests)
    return f"default-src 'none'; style-src {styles}; base-uri 'none'; frame-ancestors 'none'"
