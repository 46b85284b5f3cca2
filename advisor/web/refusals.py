"""The responses to requests that a route refused, or that no route takes."""

from __future__ import annotations

import logging

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from advisor.web.problem_details import RefusedError, not_found, plain_problem
from advisor.web.problem_pages import problem_response
from advisor.web.signin import ask_to_sign_in
from advisor.web.visitors import SignInNeededError

logger = logging.getLogger("advisor.web")


async def on_refused(request: Request, error: Exception) -> Response:
    """The response to a request that one of our own functions refused."""
    assert isinstance(error, RefusedError)
    return problem_response(request, error.problem, error.headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    """The response where no route takes the path or the method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        known = sorted(request.app.state.paths)
        return problem_response(request, not_found("path", request.url.path, known).problem)
    headers = dict(error.headers or {})
    detail = "This request cannot be answered."
    if error.status_code == 405:
        allowed = headers.get("Allow", headers.get("allow", ""))
        allowed = allowed.replace("GET", "GET, HEAD")
        headers = {"Allow": allowed}
        detail = f"This path answers to {allowed}."
    return problem_response(request, plain_problem(error.status_code, detail), headers)


async def on_parameter_error(request: Request, error: Exception) -> Response:
    """The response to a parameter of the wrong kind. The framework's own repeats the input."""
    assert isinstance(error, RequestValidationError)
    problem = plain_problem(422, "A parameter of this request is not as described.")
    return problem_response(request, problem)


async def on_store_error(request: Request, error: Exception) -> Response:
    """The response where the database failed; its message holds nothing of what is kept."""
    logger.error("%s", error)
    detail = (
        "What is kept cannot be reached at the moment, so this was not done. What you had saved "
        "is kept: go back and try again in a minute."
    )
    return problem_response(request, plain_problem(503, detail), {"Retry-After": "60"})


async def on_sign_in_needed(request: Request, error: Exception) -> Response:
    """The way to sign in; what was posted is kept until then."""
    assert isinstance(error, SignInNeededError)
    return await ask_to_sign_in(request)
