"""Signing in, signing out, and the form that was kept meanwhile."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from advisor.store.sessions import NotKept
from advisor.web.drawing import page
from advisor.web.problem_details import RefusedError, plain_problem
from advisor.web.provider import BACK, Provider, SignInFailedError
from advisor.web.settings import Settings
from advisor.web.signin import WAS, own_path, set_cookie, takes_form, visit_of
from advisor.web.visitors import User, require, stores_of, user_of

router = APIRouter(include_in_schema=False)

_THEN, _HELD = "then", "held"
"""What a session keeps: where a sign-in leads, and where held forms are now."""


def _provider(request: Request) -> Provider:
    """The provider; without one there is nothing to sign in to, and so no such page."""
    found: Provider | None = request.app.state.provider
    if found is None:
        raise RefusedError(plain_problem(404, "There is no sign-in here, and none is needed."))
    return found


@router.get("/sign-in")
async def sign_in(request: Request, then: str = "/", lost: str = "") -> Response:
    """The sign-in page."""
    _provider(request)
    then = own_path(then)
    if user_of(request) is not None:
        return RedirectResponse(then, 303)
    go = "/sign-in/go" if then == "/" else f"/sign-in/go?then={quote(then)}"
    kept = then.startswith("/held/")
    return page(request, "signin/sign_in.html", go=go, kept=kept, lost=bool(lost))


@router.get("/sign-in/go")
async def go(request: Request, then: str = "/") -> Response:
    """The way to the organisation's sign-in."""
    provider, then = _provider(request), own_path(then)
    if user_of(request) is not None:
        return RedirectResponse(then, 303)
    visit = visit_of(request)
    data = request.scope["session"] = {_THEN: then, WAS: visit.was}
    try:
        response = await provider.redirect(request)
    except SignInFailedError as error:
        return page(request, "signin/failed.html", status=error.status)
    token = await run_in_threadpool(_begin_sign_in, request, data)
    set_cookie(response, _settings(request), token)
    return response


def _begin_sign_in(request: Request, data: dict[str, Any]) -> str:
    """A session for a sign-in under way. One that expired stays, for what other windows send."""
    sessions, visit = stores_of(request).sessions, visit_of(request)
    if visit.session is not None:
        sessions.end(visit.token)
    return sessions.begin(None, (), data)


@router.get(BACK)
async def back(request: Request) -> Response:
    """Back from the organisation's sign-in, with its word for who somebody is, or without."""
    provider, visit = _provider(request), visit_of(request)
    if user_of(request) is not None:  # a callback that is called again, by reloading or by another
        return RedirectResponse("/", 303)
    data = request.scope["session"] = dict(visit.session.data) if visit.session else {}
    try:
        user = await provider.user(request)
    except SignInFailedError as error:
        await run_in_threadpool(_save, request, data)  # no state now: it is good for one attempt
        return page(request, "signin/failed.html", status=error.status)
    if not user.roles:
        await run_in_threadpool(_end, request)
        response = page(request, "signin/no_role.html", status=403)
        set_cookie(response, _settings(request), "")
        return response
    token = await run_in_threadpool(_begin_anew, request, user)
    response = RedirectResponse(own_path(str(data.get(_THEN, "/"))), 303)
    set_cookie(response, _settings(request), token)
    return response


def _save(request: Request, data: dict[str, Any]) -> None:
    """Keep other data in the session of a request, unless it has ended meanwhile."""
    session = visit_of(request).session
    if session is not None:
        with suppress(NotKept):
            stores_of(request).sessions.save(replace(session, data=data))


def _end(request: Request) -> None:
    """End the session of a request, if it has one."""
    token = visit_of(request).token
    if token:
        stores_of(request).sessions.end(token)


def _begin_anew(request: Request, user: User) -> str:
    """A session for a user. Its token is new: the one before may be known to somebody else."""
    _end(request)
    return stores_of(request).sessions.begin(user.id, user.roles, {}, name=user.name)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session here, and then at the organisation."""
    _provider(request)
    await run_in_threadpool(_end, request)
    # Not straight to the provider: the policy of our pages lets no form lead to another host.
    response = RedirectResponse("/sign-out/provider", 303)
    set_cookie(response, _settings(request), "")
    return response


@router.get("/sign-out/provider")
async def sign_out_there(request: Request) -> Response:
    """On to the organisation's own sign-out, if it has one."""
    way = await _provider(request).way_out()
    if way is None:
        return RedirectResponse("/signed-out", 303)
    response = page(request, "signin/leaving.html", way=way)
    response.headers["Refresh"] = f"0; url={way}"
    return response


@router.get("/signed-out")
async def signed_out(request: Request) -> Response:
    """The page that says that nobody is signed in any more."""
    _provider(request)
    if user_of(request) is not None:
        return RedirectResponse("/", 303)
    return page(request, "signin/signed_out.html")


@router.get("/held/{name}")
async def held(request: Request, name: str) -> Response:
    """A form that was sent after its session was over, for whoever sent it to send again."""
    user = require(request)
    found = await run_in_threadpool(_held, request, name, user)
    if found is None or not takes_form(request, found[0]):
        raise RefusedError(plain_problem(404, "Nothing is kept here for you, or no longer."))
    path, fields = found
    return page(request, "signin/held.html", path=path, fields=fields)


def _held(request: Request, name: str, user: User) -> tuple[str, list[tuple[str, str]]] | None:
    """What is held under a name for a user.

    It is given out once, so it is held anew: a page that is loaded again must not have lost it.
    """
    sessions, session = stores_of(request).sessions, visit_of(request).session
    anew = dict(session.data.get(_HELD, {})) if session is not None else {}
    found = sessions.held(anew.get(name, name), user.id)
    if found is not None:
        anew[name] = sessions.hold(user.id, *found)
        _save(request, {_HELD: anew})
    return found


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found
