"""The application: ``app`` for a server, ``create_app`` for a pack of one's own."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from advisor import __version__
from advisor.pack import Pack
from advisor.web import routes, story_routes
from advisor.web.describing import openapi
from advisor.web.guard import Guard, KnownPathsOnly
from advisor.web.problem_details import (
    RefusedError,
    on_http_error,
    on_parameter_error,
    on_refused,
)
from advisor.web.service import Service

_DESCRIPTION = """\
Prompts, drawn from published reviews, for whoever decides on a child safeguarding referral in
England. Send what is known of a case at one moment, and what is not; get questions to ask, actions
to consider and assumptions to challenge, each with the paragraph of the review it comes from.

These are not scores, thresholds or decisions. No prompt, or few, does not mean that a child is
safe. Nothing that is sent is kept, logged or passed on. Send no names: ids are made up.
"""


class AdvisorApp(FastAPI):
    """The routes over one rule pack."""

    def __init__(self, service: Service) -> None:
        # No page of the framework's own: those load scripts from another host.
        super().__init__(
            title="Referral triage advisor",
            version=__version__,
            description=_DESCRIPTION,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=_lifespan,
        )
        self.state.service = service
        routers = (routes.router, story_routes.router)
        paths = (str(getattr(route, "path", "")) for each in routers for route in each.routes)
        self.state.paths = frozenset(path for path in paths if "{" not in path)
        for each in routers:
            self.include_router(each)
        self.add_middleware(Guard)
        self.add_exception_handler(RefusedError, on_refused)
        self.add_exception_handler(HTTPException, on_http_error)
        self.add_exception_handler(RequestValidationError, on_parameter_error)

    @cached_property
    def _described(self) -> dict[str, Any]:
        return openapi(self, self.state.service)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of these routes."""
        return self._described


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load and try the pack before the first request; a broken one stops the start."""
    pack = app.state.service.ready.pack
    named = {f"/v1/rules/{name}" for name in pack.rules}
    named |= {f"/v1/reviews/{name}" for name in pack.reviews}
    gc.collect()
    gc.freeze()  # what is loaded stays, and need not be gone through for garbage at each request
    keep = KnownPathsOnly(app.state.paths | named)
    log = logging.getLogger("uvicorn.access")
    log.addFilter(keep)
    try:
        yield
    finally:
        log.removeFilter(keep)


def create_app(pack: Pack | None = None) -> AdvisorApp:
    """The application over a pack; the one that comes with the product if none is given."""
    return AdvisorApp(Service(pack))


app = create_app()
