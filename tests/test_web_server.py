"""The application under the server that it is shipped with, over a real socket."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

import advisor.web.app
import api
from advisor.data import OVERRIDE
from advisor.pack import load
from advisor.problems import InputError
from advisor.web.app import create_app
from tests.web_pack import CASE

CANARY = "zzcanaryzz"
JSON = {"Content-Type": "application/json"}
MEGABYTE = b" " * 1_000_000


@pytest.fixture
def port(small_pack: Path) -> Iterator[int]:
    """The port of a server that runs in a thread of this process."""
    config = uvicorn.Config(create_app(load(small_pack)), host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def answer(connection: http.client.HTTPConnection) -> tuple[int, Any]:
    got = connection.getresponse()
    return got.status, json.loads(got.read())


def test_a_body_of_fifty_megabytes_is_refused_and_the_next_case_is_answered(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/v1/advice", MEGABYTE * 50, JSON)
    assert answer(connection)[0] == 413
    connection.close()
    connection.request("POST", "/v1/advice", iter([MEGABYTE] * 50), JSON, encode_chunked=True)
    assert answer(connection)[0] == 413
    connection.close()
    connection.request("POST", "/v1/advice", iter([json.dumps(CASE).encode()]), JSON)
    status, told = answer(connection)
    assert (status, told["snapshot_id"]) == (200, "case-1")
    connection.close()


def test_the_logs_of_the_server_hold_nothing_of_a_case(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {**CASE, "adults": [{"id": CANARY}]}
    for method, path, body in (
        ("POST", "/v1/advice", json.dumps(sent)),
        ("POST", "/v1/advice", json.dumps({**sent, CANARY: CANARY})),
        ("POST", f"/v1/advice?{CANARY}", CANARY),
        ("GET", f"/v1/rules/{CANARY}", None),
        (CANARY, "/v1/rules", None),
    ):
        connection.request(method, path, body, JSON)
        connection.getresponse().read()
    connection.close()
    log = [record for record in caplog.records if record.name == "uvicorn.access"]
    lines = [re.sub(r"^\S+ - ", "", record.getMessage()) for record in log]
    assert lines == [
        '"POST /v1/advice HTTP/1.1" 200',
        '"POST /v1/advice HTTP/1.1" 422',
        '"POST /v1/advice HTTP/1.1" 422',
        '"GET /… HTTP/1.1" 404',
        '"OTHER /v1/rules HTTP/1.1" 405',
    ]
    assert CANARY not in caplog.text


def test_the_application_does_not_start_over_a_broken_pack(
    small_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "data" / "rules"
    broken.parent.mkdir()
    small_pack.rename(broken)
    rule = broken / "absent-information" / "walking.yaml"
    rule.write_text(rule.read_text().replace("child.has_mark", "child.has_mork"))
    monkeypatch.setenv(OVERRIDE, str(broken.parent))
    app = create_app()

    async def start() -> None:
        async with app.router.lifespan_context(app):
            pass

    with pytest.raises(InputError, match=r"walking\.yaml:\d+: .*Did you mean child\.has_mark"):
        asyncio.run(start())


def test_the_pack_is_loaded_once(small_pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Path] = []

    def counted() -> Any:
        loads.append(small_pack)
        return load(small_pack)

    monkeypatch.setattr("advisor.web.service.load", counted)
    service = create_app().state.service
    threads = [threading.Thread(target=lambda: service.ready) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.ready.pack.name == "small"
    assert len(loads) == 1


def test_the_module_at_the_top_gives_servers_the_same_application() -> None:
    assert api.app is advisor.web.app.app
