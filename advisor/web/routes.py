"""The routes: read the request, call, shape the answer."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from advisor.advice import NOTICE, Advice
from advisor.snapshot import Snapshot
from advisor.web import catalogue
from advisor.web.bodies import body_of, media_type, snapshot_of
from advisor.web.describing import SNAPSHOT_BODY, encoded, page, problems
from advisor.web.problem_details import not_found
from advisor.web.service import Service

router = APIRouter()
JSON = "application/json"
SCHEMA = "application/schema+json"


def service_of(request: Request) -> Service:
    """The service of the application that a request came to."""
    service: Service = request.app.state.service
    return service


async def _advice(request: Request) -> Advice:
    """The advice on the snapshot in a request; worked out in a thread, so that others wait less."""
    kind = media_type(request)
    body = await body_of(request)
    service = service_of(request)
    return await run_in_threadpool(lambda: service.advise(snapshot_of(body, kind)))


def said(answer: BaseModel) -> Response:
    """An answer as JSON."""
    return Response(answer.model_dump_json(), media_type=JSON)


def _kept(request: Request, body: bytes, media: str, **headers: str) -> Response:
    """What is the same until the pack changes: a cache may keep it and ask whether it still holds.

    Answers 304 without a body where the caller has these very bytes.
    """
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    kept = {"ETag": tag, "Cache-Control": "no-cache", **headers}
    asked = [part.strip() for part in request.headers.get("if-none-match", "").split(",")]
    if "*" in asked or tag in (part.removeprefix("W/") for part in asked):
        return Response(status_code=304, headers=kept)
    return Response(body, headers=kept, media_type=media)


def kept_model(request: Request, answer: BaseModel) -> Response:
    """An answer as JSON that a cache may keep until the pack changes."""
    return _kept(request, answer.model_dump_json(by_alias=True).encode(), JSON)


def responses(model: type[BaseModel], *statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a route, for its description."""
    told = (model.__doc__ or "").partition("\n")[0]
    return {200: {"model": model, "description": told}, **problems(*statuses)}


@router.post(
    "/v1/advice",
    operation_id="advise",
    tags=["advice"],
    summary="Advise on a case",
    responses=responses(Advice, 413, 415, 422, 500),
    openapi_extra={"requestBody": SNAPSHOT_BODY},
)
async def advice(request: Request) -> Response:
    """The prompts that the rules in force raise on a case snapshot, with reasons and sources.

    Nothing is kept. No prompt, or few, does not mean that a child is safe: read the notice, and
    what could not be evaluated. A scenario file is accepted too, where it holds the whole case.
    """
    return said(await _advice(request))


@router.post(
    "/v1/questions",
    operation_id="ask",
    tags=["advice"],
    summary="Ask what to find out next",
    responses=responses(catalogue.Asked, 413, 415, 422, 500),
    openapi_extra={"requestBody": SNAPSHOT_BODY},
)
async def questions(request: Request) -> Response:
    """The unknown facts of a case worth asking about, and what each answer would change.

    Those that would change most come first.
    """
    found = await _advice(request)
    return said(
        catalogue.Asked(snapshot_id=found.snapshot_id, questions=found.questions, notice=NOTICE)
    )


@router.get(
    "/v1/rules",
    operation_id="list_rules",
    tags=["rules"],
    summary="List the rules",
    responses=responses(catalogue.RuleList),
)
async def rules(request: Request) -> Response:
    """Every rule of the pack in authored order, with the places in reviews that it comes from."""
    ready = service_of(request).ready
    listed = tuple(catalogue.rule_listed(ready.pack, rule) for rule in ready.pack.rules.values())
    return kept_model(request, catalogue.RuleList(pack=ready.pack_shown, rules=listed))


@router.get(
    "/v1/rules/{id}",
    operation_id="show_rule",
    tags=["rules"],
    summary="Show a rule",
    responses=responses(catalogue.RuleShown, 404),
)
async def rule(request: Request, id: str) -> Response:  # noqa: A002 - the name in the path
    """One rule: when it speaks, what it says, and the findings it carries."""
    pack = service_of(request).ready.pack
    if id not in pack.rules:
        raise not_found("rule", id, pack.rules)
    return kept_model(request, catalogue.rule_shown(pack, pack.rules[id]))


@router.get(
    "/v1/reviews",
    operation_id="list_reviews",
    tags=["reviews"],
    summary="List the reviews",
    responses=responses(catalogue.ReviewList),
)
async def reviews(request: Request) -> Response:
    """Every published review that the pack draws on, and how far its findings have come."""
    ready = service_of(request).ready
    listed = tuple(catalogue.review_listed(review) for review in ready.pack.reviews.values())
    return kept_model(request, catalogue.ReviewList(pack=ready.pack_shown, reviews=listed))


@router.get(
    "/v1/reviews/{id}",
    operation_id="show_review",
    tags=["reviews"],
    summary="Show a review",
    responses=responses(catalogue.ReviewShown, 404),
)
async def review(request: Request, id: str) -> Response:  # noqa: A002 - the name in the path
    """What a review teaches, finding by finding in our own words, and the rules that carry it."""
    pack = service_of(request).ready.pack
    if id not in pack.reviews:
        raise not_found("review", id, pack.reviews)
    return kept_model(request, catalogue.review_shown(pack, pack.reviews[id]))


@router.get(
    "/v1/schema/snapshot",
    operation_id="snapshot_schema",
    tags=["schema"],
    summary="The JSON Schema of a case snapshot",
    responses={
        200: {
            "description": "A JSON Schema, 2020-12. Each fact has its question (`ask`), a `hint`, "
            "who usually holds it (`held_by`) and which data sets could fill it (`data`).",
            "content": {SCHEMA: {"schema": {"type": "object"}}},
        },
        **problems(),
    },
)
async def snapshot_schema(request: Request) -> Response:
    """What a case snapshot may hold, fact by fact."""
    return _kept(request, _schema(), SCHEMA)


@cache
def _schema() -> bytes:
    return encoded(Snapshot.model_json_schema())


@router.get(
    "/healthz",
    operation_id="health",
    tags=["service"],
    summary="Which rules and engine answer here",
    responses=responses(catalogue.Serving),
)
async def health(request: Request) -> Response:
    """The name, version and hash of the pack in use, and the inference engine."""
    ready = service_of(request).ready
    return said(catalogue.Serving(pack=ready.pack_shown, engine=ready.engine))


@router.get(
    "/openapi.json",
    operation_id="openapi",
    tags=["service"],
    summary="This description, for programs",
    responses={
        200: {
            "description": "An OpenAPI 3.1 document",
            "content": {JSON: {"schema": {"type": "object"}}},
        },
        **problems(),
    },
)
async def openapi(request: Request) -> Response:
    """The routes, what they take and what they give, as OpenAPI."""
    return _kept(request, encoded(request.app.openapi()), JSON)


@router.get(
    "/docs",
    operation_id="docs",
    tags=["service"],
    summary="This description, for people",
    responses={
        200: {
            "description": "A page without scripts",
            "content": {"text/html": {"schema": {"type": "string"}}},
        },
        **problems(),
    },
)
async def docs(request: Request) -> Response:
    """The routes, what they take and what they give, as a page."""
    made = page(request.app.openapi())
    headers = {"Content-Security-Policy": made.policy}
    return _kept(request, made.html.encode(), "text/html; charset=utf-8", **headers)
