"""The application: ``app`` for a server, ``create_app`` for a pack or settings of one's own."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from advisor import __version__
from advisor.pack import Pack
from advisor.store.database import StoreError
from advisor.web import (
    advice_routes,
    case_routes,
    exercise_routes,
    library_routes,
    page_routes,
    record_routes,
    routes,
    section_routes,
    signin_routes,
    story_routes,
)
from advisor.web.advices import Advices
from advisor.web.describing import openapi
from advisor.web.door import Door
from advisor.web.guard import Guard, KnownPathsOnly
from advisor.web.problem_details import RefusedError
from advisor.web.provider import provider_of
from advisor.web.refusals import (
    on_http_error,
    on_parameter_error,
    on_refused,
    on_sign_in_needed,
    on_store_error,
)
from advisor.web.service import Service
from advisor.web.settings import Settings
from advisor.web.signin import SignedIn
from advisor.web.visitors import Keeping, SignInNeededError

_DESCRIPTION = """\
Prompts, drawn from published reviews, for whoever decides on a child safeguarding referral in
England. Send what is known of a case at one moment, and what is not; get questions to ask, actions
to consider and assumptions to challenge, each with the paragraph of the review it comes from.

These are not scores, thresholds or decisions. No prompt, or few, does not mean that a child is
safe. Nothing that is sent to these paths is kept, logged or passed on. Send no names: ids are made
up.
"""
_HOUSEKEEPING_SECONDS = 3600.0


class AdvisorApp(FastAPI):
    """The routes over one rule pack, and what is kept under some settings."""

    def __init__(self, service: Service, settings: Settings) -> None:
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
        self.state.settings = settings
        self.state.keeping = Keeping(settings)
        self.state.advices = Advices()
        self.state.provider = provider_of(settings)
        routers = (
            routes.router,
            story_routes.router,
            page_routes.router,
            case_routes.router,
            section_routes.router,
            advice_routes.router,
            record_routes.router,
            exercise_routes.router,
            library_routes.router,
            signin_routes.router,
        )
        paths = (str(getattr(route, "path", "")) for each in routers for route in each.routes)
        self.state.paths = frozenset(path for path in paths if "{" not in path)
        for each in routers:
            self.include_router(each)
        # The last that is added is the first that a request meets.
        self.add_middleware(SignedIn, settings=settings)
        self.add_middleware(Door, settings=settings)
        self.add_middleware(Guard)
        self.add_exception_handler(RefusedError, on_refused)
        self.add_exception_handler(StoreError, on_store_error)
        self.add_exception_handler(SignInNeededError, on_sign_in_needed)
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
    named = {f"{root}/rules/{name}" for root in ("", "/v1") for name in pack.rules}
    named |= {f"{root}/reviews/{name}" for root in ("", "/v1") for name in pack.reviews}
    named |= {f"/signals/{name}" for name in pack.signals}
    gc.collect()
    gc.freeze()  # what is loaded stays, and need not be gone through for garbage at each request
    keep = KnownPathsOnly(app.state.paths | named)
    log = logging.getLogger("uvicorn.access")
    log.addFilter(keep)
    tidying = asyncio.create_task(_tidy(app.state.keeping))
    try:
        yield
    finally:
        tidying.cancel()
        with suppress(asyncio.CancelledError):
            await tidying
        shelf = getattr(app.state, "shelf", None)
        if shelf is not None:
            shelf.trying.stop()
        app.state.keeping.close()
        log.removeFilter(keep)


async def _tidy(keeping: Keeping) -> None:
    """Delete each hour what has been kept for its time."""
    while True:
        await asyncio.sleep(_HOUSEKEEPING_SECONDS)
        if keeping.opened is not None:
            await asyncio.to_thread(keeping.opened.purge)


def create_app(pack: Pack | None = None, settings: Settings | None = None) -> AdvisorApp:
    """The application over a pack and settings; the shipped pack and the environment if not given.

    Raises:
        InputError: a setting in the environment cannot be used.
    """
    return AdvisorApp(Service(pack), Settings.read() if settings is None else settings)


app = create_app()
