"""The advisor alone: the shipped rules on the shipped cases, a cold start, and memory."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from advisor.advise import advise, engine_for
from advisor.case import Case
from advisor.data import scenarios_folder
from advisor.pack import Pack, load
from advisor.scenario import scenarios
from advisor.snapshot import Snapshot
from benchmarks.timing import Runs, Timed, interleaved
from benchmarks.workload import endless

COLD_CASE = Path("scenarios/reviews/jack/2017-05-facial-mark.yaml")


def shipped(rounds: int) -> tuple[dict[str, Timed], int]:
    """Times of each stage over every shipped scenario, and how many rules are in force."""
    pack = load()
    read = list(scenarios(scenarios_folder()))
    snapshots = [scenario.snapshot for scenario in read]
    advices = [advise(snapshot, pack) for snapshot in snapshots]
    datas = [scenario.whole_case for scenario in read]

    def verdicts(case: Case) -> None:
        engine = engine_for(pack, case.source)
        for child in case.children:
            engine.outcomes(engine.values(case, child))

    runs: Runs = {
        "read a snapshot from plain data": (Snapshot.from_data, datas * 4),
        "verdicts of all its children": (verdicts, [Case(each) for each in snapshots] * 4),
        "advice with reasons": (lambda each: advise(each, pack, ask=False), snapshots * 4),
        "advice with reasons and questions": (lambda each: advise(each, pack), snapshots * 4),
        "that advice as JSON": (lambda each: each.model_dump_json(), advices * 4),
    }
    return interleaved(runs, rounds, 60.0), len(pack.in_force(snapshots[0].as_of.first))


def cold_start(times: int) -> dict[str, float]:
    """Seconds for whole processes, median: Python alone, its imports of ours, and a check."""
    commands = {
        "Python alone": ["-c", "pass"],
        "`advisor --version`": ["-m", "advisor.cli", "--version"],
        "`advisor check` on one case": ["-m", "advisor.cli", "check", str(COLD_CASE)],
    }
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(times + 1):
        for name, arguments in commands.items():
            start = perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            found[name].append(perf_counter() - start)
    return {name: median(each[1:]) for name, each in found.items()}  # the first fills the caches


def memory(number: int) -> list[tuple[str, int, float, float]] | None:
    """For verdicts and for advice: snapshots, then MB resident before and after; None if unknown.

    Each snapshot is new and random, read from plain data, and dropped when it has been answered.
    A tenth of them comes first, uncounted, so that what is kept once is not taken for a leak.
    """
    if _resident() is None:
        return None
    pack = load()
    return [_grown("verdicts", number, pack), _grown("advice", max(number // 50, 10), pack)]


def _grown(what: str, number: int, pack: Pack) -> tuple[str, int, float, float]:
    source = endless(11, 0.6)
    before = 0.0
    for count in range(number + number // 10):
        if count == number // 10:
            gc.collect()
            before = _resident() or 0.0
        snapshot = next(source)
        if what == "advice":
            advise(snapshot, pack)
            continue
        case, engine = Case(snapshot), engine_for(pack, snapshot)
        for child in case.children:
            engine.outcomes(engine.values(case, child))
    gc.collect()
    return what, number, before, _resident() or 0.0


def _resident() -> float | None:
    """Resident memory of this process in MB, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
