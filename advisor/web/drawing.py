"""Draws the pages from their templates, each under a policy that lets nothing foreign in."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from advisor.advice import NOTICE
from advisor.language.english import KINDS, URGENCIES, day, generic, word
from advisor.rendering import places
from advisor.web.settings import settings_of
from advisor.web.static_files import static_url
from advisor.web.visitors import LOCAL, user_of
from advisor.wording import people, person

SERVICE = "Referral triage advisor"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

NAVIGATION = (
    ("Check a decision", "/cases", ("worker",)),
    ("Records", "/cases", ("auditor",)),
    ("Exercises", "/exercises", ("trainer",)),
    ("Library", "/rules", ()),
    ("Help", "/help", ()),
)
"""What stands at the head of every page, where it leads, and for which roles; () is for all."""

_LIBRARY = ("/rules", "/signals", "/reviews", "/search", "/changes")


@cache
def environment() -> Environment:
    """The templates of the web application, with the words that they share."""
    made = Environment(
        loader=PackageLoader("advisor", "templates/web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        day=day, generic=generic, people=people, person=person, places=places, word=word
    )
    made.globals.update(
        kinds=KINDS, notice_text=NOTICE, service=SERVICE, static=static_url, urgencies=URGENCIES
    )
    return made


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page of the application as a response."""
    settings = settings_of(request)
    user = user_of(request)
    html = (
        environment()
        .get_template(template)
        .render(
            council=settings.council,
            navigation=list(_navigation(request)),
            signed_in=user if user is not None and user is not LOCAL else None,
            **values,
        )
    )
    headers = {"Content-Security-Policy": POLICY}
    return Response(html, status, headers, "text/html; charset=utf-8")


def see_other(path: str) -> Response:
    """To another page after a form was taken, so that going back or reloading sends nothing."""
    return RedirectResponse(path, 303)


def _navigation(request: Request) -> list[tuple[str, str, bool]]:
    """The entries that this user may follow: words, path, and whether this page is below it."""
    user = user_of(request)
    path = request.url.path
    found: dict[str, tuple[str, str, bool]] = {}
    for words, href, roles in NAVIGATION:
        if user is None or (roles and not user.may(*roles)):
            continue
        roots = _LIBRARY if href == "/rules" else (href,)
        roots = (*roots, "/runs", "/groups") if href == "/exercises" else roots
        here = any(path == root or path.startswith(f"{root}/") for root in roots)
        found.setdefault(href, (words, href, here))
    return list(found.values())
