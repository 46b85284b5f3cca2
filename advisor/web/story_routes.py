"""The routes of stories: replay a chronology, and stage an exercise."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from advisor.chronology.story import Story
from advisor.problems import InputError
from advisor.replay import Replay, replay
from advisor.web import staging
from advisor.web.bodies import body_of, media_type, story_in, unusable_story
from advisor.web.describing import STORY_BODY
from advisor.web.problem_details import RefusedError, not_found, plain_problem
from advisor.web.routes import kept_model, responses, said, service_of
from advisor.web.service import Service

router = APIRouter()


@router.post(
    "/v1/replay",
    operation_id="replay",
    tags=["advice"],
    summary="Walk a case through time",
    responses=responses(Replay, 413, 415, 422, 500),
    openapi_extra={"requestBody": STORY_BODY},
)
async def walk(
    request: Request,
    holder: str | None = Query(default=None, max_length=64, description="Whose knowledge"),
) -> Response:
    """A chronology as one holder came to know it: which prompts stood on each day, and why.

    Nothing is kept. ``holder`` names a holder of the story; where it has one front door only, that
    one is taken.
    """
    kind = media_type(request)
    body = await body_of(request)
    service = service_of(request)
    return said(await run_in_threadpool(lambda: _replayed(service, body, kind, holder)))


def _replayed(service: Service, body: bytes, kind: str, holder: str | None) -> Replay:
    story = story_in(body, kind)
    chosen = _holder(story, holder)
    try:
        return replay(story, chosen, service.ready.pack, ())
    except InputError as error:
        raise unusable_story(story, error) from None


def _holder(story: Story, name: str | None) -> str:
    doors = story.front_doors()
    if name is None and len(doors) == 1:
        return doors[0]
    if name not in story.head.holders:
        detail = "Name one of the story's holders in ?holder=."
        raise RefusedError(plain_problem(422, detail))
    return name


@router.get(
    "/v1/scenarios",
    operation_id="list_scenarios",
    tags=["scenarios"],
    summary="List the exercises and ordinary referrals",
    responses=responses(staging.ScenarioList),
)
async def scenarios(request: Request) -> Response:
    """Every exercise, with how many stages it has, and every ordinary referral, by title."""
    return kept_model(request, await run_in_threadpool(lambda: staging.shared().listed))


@router.get(
    "/v1/scenarios/{id}",
    operation_id="show_scenario",
    tags=["scenarios"],
    summary="Show a scenario as far as it has been decided",
    responses=responses(staging.ScenarioShown, 404, 422),
)
async def scenario(
    request: Request,
    id: str,  # noqa: A002 - the name in the path
    decided: list[str] = Query(
        default=[], max_length=20, description="The option chosen at each stage so far, in order"
    ),
) -> Response:
    """An exercise up to the stage to be decided next, with the reveal of those decided; or a case.

    Nothing of a later stage is given, and no reveal before the decision.
    """
    pack = service_of(request).ready.pack

    def shown() -> staging.ScenarioShown:
        held = staging.shared()
        if id in held.exercises:
            try:
                return staging.exercise_shown(held.exercises[id], pack, decided)
            except staging.DecisionError as error:
                raise RefusedError(plain_problem(422, str(error))) from None
        if id in held.ordinary:
            return staging.ordinary_shown(held.ordinary[id])
        raise not_found("scenario", id, [*held.exercises, *held.ordinary])

    return kept_model(request, await run_in_threadpool(shown))
