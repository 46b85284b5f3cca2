"""The advice page of the application: every shipped case, drawn for the first time and again."""

from __future__ import annotations

import gc
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from starlette.testclient import TestClient

from advisor.data import scenarios_folder
from advisor.scenario import scenarios
from advisor.web.app import AdvisorApp, create_app
from advisor.web.settings import Settings
from benchmarks.timing import percentile

_HERE = "http://127.0.0.1"


@dataclass(frozen=True)
class Drawn:
    """Milliseconds from request to whole page, over so many pages."""

    p50: float
    p95: float
    p99: float
    pages: int


def drawn(rounds: int) -> dict[str, Drawn]:
    """The advice page of each shipped case: worked out and drawn, then drawn again."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{Path(folder) / 'records.sqlite3'}")
        app = create_app(None, settings)
        with TestClient(
            app, base_url=_HERE, client=("127.0.0.1", 50000), headers={"Origin": _HERE}
        ) as web:
            cases = app.state.keeping.stores.cases
            kept = [
                cases.create("local", each.snapshot.plain).id
                for each in scenarios(scenarios_folder())
            ]
            return _timed(app, web, [f"/cases/{each}/advice" for each in kept], rounds)


def _timed(app: AdvisorApp, web: TestClient, paths: list[str], rounds: int) -> dict[str, Drawn]:
    first: list[float] = []
    again: list[float] = []
    _once(web, paths[0])
    for _ in range(rounds):
        for path in paths:
            app.state.advices.forget(path.split("/")[2])
            gc.collect()
            first.append(_once(web, path))
            again.append(_once(web, path))
    return {"first drawn": _figures(first), "drawn again": _figures(again)}


def _once(web: TestClient, path: str) -> float:
    start = perf_counter()
    answer = web.get(path)
    taken = (perf_counter() - start) * 1000
    assert answer.status_code == 200
    return taken


def _figures(values: list[float]) -> Drawn:
    return Drawn(*(percentile(values, share) for share in (0.5, 0.95, 0.99)), len(values))
