"""What is wrong with a request, as a page for people or as problem details for programs."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from advisor.web.drawing import page
from advisor.web.problem_details import ProblemDetails

_FOR_PROGRAMS = ("/v1/", "/healthz", "/openapi.json")
_TITLES = {
    403: "You cannot do this here",
    404: "There is no such page",
    405: "This page cannot do that",
    409: "This was changed meanwhile",
    413: "This is too large",
    500: "Something went wrong on our side",
    503: "The service cannot keep anything at the moment",
}


def for_programs(path: str) -> bool:
    """Whether a path belongs to the interface of programs, which are answered in JSON."""
    return path.startswith(_FOR_PROGRAMS)


def problem_response(
    request: Request, problem: ProblemDetails, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem as whoever asked can read it; neither form repeats what was sent."""
    if for_programs(request.url.path):
        return problem.response(headers)
    made = page(
        request,
        "problem.html",
        status=problem.status,
        title=_TITLES.get(problem.status, "This could not be done"),
        problem=problem,
    )
    made.headers.update(dict(headers or {}))
    return made
