"""What holds for every response: security headers, HEAD, and errors that say nothing of a case."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.web.problem_details import plain_problem
from advisor.web.problem_pages import problem_response

logger = logging.getLogger("advisor.web")

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every response, unless a route says otherwise."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Guard:
    """Middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an exception becomes a 500 that tells the caller nothing."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headless = scope["method"] == "HEAD"
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif headless:
                message = {**message, "body": b""}
            await send(message)

        try:
            inner = {**scope, "method": "GET"} if headless else scope
            await self.app(inner, receive, guarded)
        except ClientDisconnect:
            return
        except Exception as error:
            reference = secrets.token_hex(4)
            # The message of an exception may hold part of a case, so it is not logged.
            logger.error("%s at %s, reference %s", type(error).__name__, _place(error), reference)
            if not started:
                detail = f"The fault is ours; nothing was advised. Its reference is {reference}."
                response = problem_response(Request(scope), plain_problem(500, detail))
                await response(scope, receive, guarded)


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


class KnownPathsOnly(logging.Filter):
    """Keeps out of Uvicorn's access log any path, query or method that is not one of ours."""

    def __init__(self, paths: frozenset[str]) -> None:
        super().__init__()
        self.paths = paths

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record of one request: client, method, path, version, status."""
        args: Any = record.args
        if isinstance(args, tuple) and len(args) == 5:
            client, method, target, *rest = args
            path = str(target).partition("?")[0]
            method = method if method in _METHODS else "OTHER"
            record.args = (client, method, path if path in self.paths else "/…", *rest)
        return True
