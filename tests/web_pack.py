"""A client of the web application, and an invented case, for the tests of the routes."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from advisor.pack import Pack
from advisor.web.app import create_app
from advisor.web.settings import Settings

CASE: dict[str, Any] = {
    "snapshot": {"id": "case-1", "as_of": "2024-06-03", "authority": "here"},
    "children": [
        {"id": "baby", "injuries": [{"kind": "bruise"}]},
        {"id": "elder", "movement": {"walks": True}, "injuries": []},
    ],
    "adults": {"complete": False, "items": [{"id": "mother"}]},
}
"""Under the small pack: a mark on a baby of whom nobody recorded whether it walks."""


def client(pack: Pack, settings: Settings | None = None) -> TestClient:
    """A client of the application over a pack; no server and no network."""
    return caller(create_app(pack, settings))


def caller(app: FastAPI, **options: Any) -> TestClient:
    """A client on this machine that sends forms as one of the application's own pages does."""
    return TestClient(
        app,
        base_url="http://127.0.0.1",
        client=("127.0.0.1", 50000),
        headers={"Origin": "http://127.0.0.1"},
        **options,
    )


def case(**children: Any) -> dict[str, Any]:
    """The case, with more facts about its first child."""
    made = copy.deepcopy(CASE)
    made["children"][0].update(children)
    return made


async def answered(
    app: FastAPI, chunks: Callable[[], AsyncIterator[bytes]], headers: dict[str, str]
) -> tuple[int, dict[str, str], Any]:
    """Post a body that arrives in chunks, as a server hands it over: status, headers, answer."""
    given = chunks()
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        try:
            body = await anext(given)
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": body, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/advice",
        "raw_path": b"/v1/advice",
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1"),
            *((name.encode(), value.encode()) for name, value in headers.items()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    start = sent[0]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], told, json.loads(body)
