"""The pages of a group in an exercise: what was known, its decision, and only then the reveal."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from advisor.exercise import Exercise
from advisor.stages import StagePage
from advisor.store.keeping import NotKept
from advisor.store.runs import AlreadyDecided, Group, Run
from advisor.telling import NO_PROMPTS
from advisor.web import exercise_view as view
from advisor.web import staging
from advisor.web.drawing import page
from advisor.web.forms import Form, form_of
from advisor.web.problem_details import RefusedError, plain_problem
from advisor.web.revealing import (
    STEPS,
    PictureError,
    Revealing,
    pages_of,
    revealing_of,
    told_so_far,
)
from advisor.web.routes import service_of
from advisor.web.visitors import stores_of, user_of

router = APIRouter(include_in_schema=False)

_WAIT_SECONDS = 0.5
"""How long a page is held back for its picture; after that it says that it is being drawn."""


@dataclass(frozen=True)
class _Place:
    """Where a group stands: its run, the exercise, and a stage of it."""

    run: Run
    group: Group
    exercise: Exercise
    shown: StagePage
    first_open: int

    @property
    def number(self) -> int:
        return self.shown.number

    @property
    def decided(self) -> bool:
        return bool(self.choice.option)

    @property
    def choice(self) -> view.Choice:
        return view.choice(self.group, self.exercise, self.number)

    @property
    def path(self) -> str:
        return f"/groups/{self.group.code}/stages/{self.number}"


@router.get("/groups/{code}")
def group(request: Request, code: str) -> Response:
    """Where a group begins, and where it goes on."""
    user = user_of(request)
    run, found = _group(request, code)
    exercise = exercise_of(run)
    return page(
        request,
        "exercises/group.html",
        run=run,
        group=found,
        head=exercise.head,
        invented=exercise.story.head.review is None,
        stages=len(exercise.stages),
        first_open=view.first_open(found, len(exercise.stages)),
        trainer=user is not None and user.id == run.owner and user.may("trainer"),
    )


@router.get("/groups/{code}/stages/{number}")
def stage(request: Request, code: str, number: str, hand: str = "") -> Response:
    """A stage as it was known that day; with ``hand`` what that hand alone held."""
    place = _place(request, code, number)
    if place.number > place.first_open:
        return _to_first_open(place)
    if hand:
        return _hand(request, place, hand)
    _revealing(request).begin(place.exercise, place.number)
    return _stage(request, place)


@router.post("/groups/{code}/stages/{number}")
async def decide(request: Request, code: str, number: str) -> Response:
    """Keep what the group decided; only then does the reveal follow."""
    form = await form_of(request)
    return await run_in_threadpool(_decide, request, code, number, form)


@router.get("/groups/{code}/stages/{number}/reveal")
def reveal(request: Request, code: str, number: str) -> Response:
    """What is told of a stage once the group has decided."""
    place = _place(request, code, number)
    if not place.decided:
        return _to_first_open(place)
    revealing = _revealing(request)
    revealing.begin(place.exercise, place.number)
    told = revealing.reveal(place.exercise, place.number)
    drawn, failed = None, False
    try:
        drawn = revealing.picture(place.exercise, place.number, _WAIT_SECONDS)
    except PictureError:
        failed = True
    if place.number < len(place.exercise.stages):
        revealing.begin(place.exercise, place.number + 1)
    return page(
        request,
        "exercises/reveal.html",
        place=place,
        told=told,
        asked=view.asked(told),
        no_prompts=NO_PROMPTS,
        picture=drawn,
        failed=failed,
        done=revealing.progress(place.exercise, place.number),
        of=STEPS,
        stages=len(place.exercise.stages),
    )


@router.get("/groups/{code}/stages/{number}/progress")
def progress(request: Request, code: str, number: str) -> Response:
    """How far the reveal of a stage has come, for the page that waits for its picture."""
    place = _place(request, code, number)
    if not place.decided:
        return _to_first_open(place)
    done = _revealing(request).progress(place.exercise, place.number)
    return JSONResponse({"done": done, "of": STEPS})


def exercise_of(run: Run) -> Exercise:
    """The exercise of a run; refused with 404 where it no longer ships."""
    held = staging.shared().exercises.get(run.exercise)
    if held is None:
        detail = (
            "The exercise of this run is no longer among those in use. Start a run of another one."
        )
        raise RefusedError(plain_problem(404, detail))
    return held


def _revealing(request: Request) -> Revealing:
    return revealing_of(request, service_of(request).ready.pack)


def _group(request: Request, code: str) -> tuple[Run, Group]:
    try:
        return stores_of(request).runs.group(code)
    except NotKept:
        raise _no_group() from None


def _no_group() -> RefusedError:
    detail = (
        "There is no group under this link. Its run may have been deleted: ask whoever gave you "
        "the link."
    )
    return RefusedError(plain_problem(404, detail))


def _place(request: Request, code: str, number: str) -> _Place:
    run, found = _group(request, code)
    exercise = exercise_of(run)
    known = {str(each.number): each for each in pages_of(exercise)}
    if number not in known:
        raise RefusedError(plain_problem(404, "This exercise has no such stage."))
    first_open = view.first_open(found, len(exercise.stages))
    return _Place(run, found, exercise, known[number], first_open)


def _to_first_open(place: _Place) -> Response:
    """The way to the stage that is to be decided next."""
    return RedirectResponse(f"/groups/{place.group.code}/stages/{place.first_open}", 303)


def _hand(request: Request, place: _Place, hand: str) -> Response:
    slips = {str(number): slip for number, slip in enumerate(place.shown.slips, start=1)}
    if hand not in slips:
        raise RefusedError(plain_problem(404, "This exercise has no such hand."))
    return page(request, "exercises/hand.html", place=place, slip=slips[hand])


def _stage(
    request: Request,
    place: _Place,
    errors: view.Errors | None = None,
    reason: str = "",
    option: str = "",
) -> Response:
    return page(
        request,
        "exercises/stage.html",
        status=422 if errors else 200,
        place=place,
        stages=len(place.exercise.stages),
        head=place.exercise.head,
        invented=place.exercise.story.head.review is None,
        choices=[(each.id, each.text) for each in place.shown.staged.stage.options],
        fold=view.FOLD,
        picture=told_so_far(place.exercise, place.number),
        errors=errors or [],
        faults=dict(reversed(errors or [])),
        option=option,
        reason=reason,
    )


def _decide(request: Request, code: str, number: str, form: Form) -> Response:
    place = _place(request, code, number)
    if place.number > place.first_open:
        return _to_first_open(place)
    options = [each.id for each in place.shown.staged.stage.options]
    option, reason, errors = view.decision_of(form, options)
    if errors and not place.decided:
        return _stage(request, place, errors, reason, option)
    try:
        # The first decision stands; the same form sent twice is one decision.
        stores_of(request).runs.decide(code, place.number, option, reason)
    except NotKept:
        raise _no_group() from None
    except AlreadyDecided:
        _, found = _group(request, code)
        stands = view.choice(found, place.exercise, place.number)
        return page(request, "exercises/decided.html", status=409, place=place, choice=stands)
    return RedirectResponse(f"{place.path}/reveal", 303)
