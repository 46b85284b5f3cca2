"""Who may reach the application: from where, under which name, and from whose pages."""

from __future__ import annotations

import ipaddress

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from advisor.web.problem_details import plain_problem
from advisor.web.problem_pages import problem_response
from advisor.web.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""What a proxy adds. Whoever stands behind one is not on this machine, whatever it looks like."""


class Door:
    """Middleware that turns away requests before any route sees them.

    Without sign-in only this machine's own addresses are served, under its own names: another
    name that leads here is a page of another site that was pointed at us. A write must come from
    one of our own pages, or from a program, which names no page at all.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self._public = (settings.public_url or "").lower()
        self._open = settings.sign_in is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 403."""
        if scope["type"] == "http":
            refusal = self._refusal(scope)
            if refusal:
                response = problem_response(Request(scope), plain_problem(403, refusal))
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if self._open:
            if host != self._public.partition("://")[2]:
                return "This service answers under its own address only."
        elif (
            not _loopback(scope.get("client"))
            or _host_alone(host) not in _HERE
            or any(name in headers for name in _PASSED_ON)
        ):
            return (
                "Without sign-in this service answers on its own machine only, as 127.0.0.1 or "
                "localhost. To share it, set up sign-in first."
            )
        if scope["method"] not in _SAFE and not self._own(headers, host, scope["path"]):
            return "This was sent from another site's page, so it was not done."
        return ""

    def _own(self, headers: Headers, host: str, path: str) -> bool:
        """Whether a write comes from our own pages, or for the interface of programs from none."""
        fetched = headers.get("sec-fetch-site")
        if fetched is not None:
            return fetched in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is not None:
            return origin.lower() == (self._public if self._open else f"http://{host}")
        # A browser names the page that a form was on; a program does not, and has its own paths.
        return path.startswith("/v1/")


def _loopback(client: object) -> bool:
    if not isinstance(client, tuple | list) or not client:
        return False
    try:
        return ipaddress.ip_address(str(client[0])).is_loopback
    except ValueError:
        return False


def _host_alone(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        name, end, _ = host.partition("]")
        return name + end
    return host.partition(":")[0]
