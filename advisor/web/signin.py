"""Sign-in: who a request comes from, and what becomes of one that comes from nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from advisor.store.keeping import utcnow
from advisor.store.sessions import Session, Sessions
from advisor.web.forms import Form, form_of
from advisor.web.problem_details import RefusedError, plain_problem
from advisor.web.problem_pages import for_programs, problem_response
from advisor.web.settings import Settings
from advisor.web.visitors import LOCAL, User, stores_of

LONGEST = dt.timedelta(hours=12)
"""After so long somebody signs in again, however busy they were: their roles may have changed."""

WAS = "was"
"""Under this the session of a sign-in that is under way keeps whose session had expired."""

_OPEN = frozenset(
    {
        "/",
        "/accessibility",
        "/docs",
        "/healthz",
        "/help",
        "/openapi.json",
        "/privacy",
        "/sign-in",
        "/sign-in/back",
        "/sign-in/go",
        "/sign-out",
        "/sign-out/provider",
        "/signed-out",
    }
)
_LINKS = "/groups/"
"""Whoever was given the link of a group in an exercise may use it: not every participant has an
account here. Its code cannot be guessed, and nothing of a case is behind it."""

_FILES = "/static/"
"""Files are the same for everybody: nobody's session needs to be looked for."""

_LONGEST_PATH = 1000


@dataclass(frozen=True)
class Visit:
    """What the cookie of a request stands for: a session, or one that is over, or neither."""

    token: str = ""
    session: Session | None = None
    expired: Session | None = None

    @property
    def user(self) -> User | None:
        """Who is signed in; nobody while a sign-in is under way."""
        if self.session is None or self.session.user is None:
            return None
        return User(self.session.user, self.session.name, self.session.roles)

    @property
    def was(self) -> str | None:
        """The id of the user whose session is over, and who has not signed in again yet."""
        if self.expired is not None:
            return self.expired.user
        found = self.session.data.get(WAS) if self.session is not None else None
        return found if isinstance(found, str) else None


def visit_of(request: Request) -> Visit:
    """What the cookie of a request stands for."""
    found: Visit = getattr(request.state, "visit", Visit())
    return found


def cookie_name(settings: Settings) -> str:
    """The name of the cookie. Browsers keep the one for HTTPS to this very host and to no part."""
    return "__Host-advisor" if settings.secure else "advisor"


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give the browser a token, until it is closed; an empty one takes the last away."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=None if token else 0,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


class SignedIn:
    """Middleware that puts the user into ``request.state.user``.

    Where sign-in is set up, nobody comes past it without having signed in, but to the open pages.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say who asks and pass the request on, or ask them to sign in."""
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            if self.settings.sign_in is None:
                state["user"] = LOCAL
            elif not scope["path"].startswith(_FILES):
                request = Request(scope, receive)
                token = request.cookies.get(cookie_name(self.settings), "")
                if token:
                    sessions = (await run_in_threadpool(stores_of, request)).sessions
                    state["visit"] = await run_in_threadpool(_visit, sessions, token)
                state["user"] = visit_of(request).user
                if state["user"] is None and not _is_open(scope["path"]):
                    response = await ask_to_sign_in(request)
                    await response(scope, receive, send)
                    return
        await self.app(scope, receive, send)


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_LINKS)


def _visit(sessions: Sessions, token: str) -> Visit:
    session = sessions.read(token)
    if session is None:
        return Visit(token, None, sessions.expired(token))
    if utcnow() - session.created_at >= LONGEST:
        return Visit(token, None, session)
    return Visit(token, session)


async def ask_to_sign_in(request: Request) -> Response:
    """The way to the sign-in page, and from there back; for a program, that it has to.

    A form that was sent after its session was over is kept for the user whose session it was.
    """
    if for_programs(request.url.path):
        problem = plain_problem(401, "Sign in first: this service answers nobody unknown.")
        return problem_response(request, problem, {"WWW-Authenticate": "Cookie"})
    if request.method == "GET":
        query = request.url.query
        return to_sign_in(f"{request.url.path}?{query}" if query else request.url.path)
    owner = visit_of(request).was
    if owner is None or not takes_form(request, request.url.path):
        return RedirectResponse("/sign-in?lost=1", 303)
    try:
        form = await form_of(request)
    except RefusedError as error:
        return problem_response(request, error.problem, error.headers)
    held = await run_in_threadpool(_hold, request, owner, form)
    return to_sign_in(f"/held/{held}")


def _hold(request: Request, owner: str, form: Form) -> str:
    return stores_of(request).sessions.hold(owner, request.url.path, form.pairs)


def to_sign_in(then: str) -> Response:
    """The way to the sign-in page, and from there to one of our own paths."""
    then = own_path(then)
    return RedirectResponse("/sign-in" if then == "/" else f"/sign-in?then={quote(then)}", 303)


def own_path(text: str) -> str:
    """A path to go to after sign-in: the one given if it is ours beyond doubt, or the start."""
    unclear = not text.startswith("/") or "//" in text or "\\" in text or len(text) > _LONGEST_PATH
    if unclear or not (text.isascii() and text.isprintable()) or " " in text:
        return "/"
    return "/" if text.startswith(("/sign-", "/signed-out", "/v1/")) else text


def takes_form(request: Request, path: str) -> bool:
    """Whether a form may be sent to a path: a route of ours answers to it."""
    asked: Mapping[str, Any] = {**request.scope, "method": "POST", "path": path}
    routes = request.app.routes
    return any(route.matches(dict(asked))[0] is Match.FULL for route in routes)
