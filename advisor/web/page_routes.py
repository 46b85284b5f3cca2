"""The pages that hold no case: the start, help, and the files that every page needs."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from advisor.web.drawing import page
from advisor.web.problem_details import not_found
from advisor.web.routes import service_of
from advisor.web.settings import settings_of
from advisor.web.static_files import FOREVER, static_files
from advisor.web.visitors import user_of

router = APIRouter(include_in_schema=False)


class _Way(NamedTuple):
    """A way in from the start page: for which role, its words, and where it leads."""

    role: str
    title: str
    text: str
    action: str
    href: str


_WAYS = (
    _Way(
        "worker",
        "Check a decision",
        "Before you decide on a referral: enter what is known and what is not, and see which "
        "questions published reviews say went unasked. Two minutes for a short referral.",
        "Check a decision",
        "/cases",
    ),
    _Way(
        "trainer",
        "Run an exercise",
        "A course of events, real or invented, told as it was known then. A group decides at each "
        "step, and only then sees what was found.",
        "Choose an exercise",
        "/exercises",
    ),
    _Way(
        "auditor",
        "Read the records",
        "What was checked, which prompts stood, and what was answered to each, as it is kept here.",
        "Read the records",
        "/cases",
    ),
    _Way(
        "author",
        "Read the rules",
        "Every rule, signal and finding in plain English, with the paragraph of the review, and "
        "what changed between versions.",
        "Open the library",
        "/rules",
    ),
)


@router.get("/")
async def start(request: Request) -> Response:
    """The start page: what this is, and the ways in."""
    user = user_of(request)
    here = [way for way in _WAYS if user is None or user.may(way.role) or way.role == "author"]
    # On one's own machine everybody is everything: one way to the cases is enough.
    ways = [way for way in here if way.href not in {w.href for w in here[: here.index(way)]}]
    return page(request, "start.html", ways=ways, pack=service_of(request).ready.pack)


@router.get("/help")
async def help_page(request: Request) -> Response:
    """How to use the application, and what advice means."""
    return page(request, "help.html")


@router.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """How far the pages meet the accessibility guidelines, and what was not tried."""
    return page(request, "accessibility.html")


@router.get("/privacy")
async def privacy(request: Request) -> Response:
    """What is kept, where and for how long."""
    settings = settings_of(request)
    return page(request, "privacy.html", settings=settings)


@router.get("/static/{name:path}")
async def static(request: Request, name: str, v: str = "") -> Response:
    """A style sheet, script or icon."""
    found = static_files().get(name)
    if found is None:
        raise not_found("file", name, static_files())
    caching = FOREVER if v == found.mark else "no-cache"
    headers = {"Cache-Control": caching, "ETag": f'"{found.mark}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type=found.media_type)
