"""Runs the benchmarks and prints their tables as Markdown, ratios first."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version

from benchmarks.pages import drawn
from benchmarks.peers import Row, compare
from benchmarks.replay import replayed
from benchmarks.whole import cold_start, memory, shipped
from benchmarks.workload import cases_of, pack_of

PACKAGES = (
    "durable-rules", "zen-engine", "clipspy", "common-expression-language", "business-rules",
    "panzi-json-logic",
)  # fmt: skip


def main() -> int:
    """Run everything; 1 if any engine gave a wrong answer."""
    options = _options()
    print(f"Python {platform.python_version()}; {_versions()}\n")
    wrong = 0
    snapshots = cases_of(options.snapshots)
    for title, silent in (("Raised or not", True), ("Every verdict", False)):
        pack = pack_of(options.rules, silent=silent)
        rows, raised = compare(pack, snapshots, options.rounds, options.seconds)
        print(f"## {title}: {options.rules} rules, {len(snapshots)} snapshots")
        print(f"\n{raised:.1f} rules are raised for a snapshot on average.\n")
        _table(rows)
        wrong += sum(row.wrong for row in rows)
    wrong += _replay(options)
    _alone(options)
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rules", type=int, default=100, help="rules in the generated pack (100)")
    parser.add_argument("--snapshots", type=int, default=1000, help="random snapshots (1000)")
    parser.add_argument("--quick", action="store_true", help="a look, in about half a minute")
    options = parser.parse_args()
    quick = options.quick
    options.snapshots = min(options.snapshots, 60) if quick else options.snapshots
    options.rounds, options.seconds = (2, 0.3) if quick else (5, 0.8)
    options.entries, options.walks = (100, 1) if quick else (500, 5)
    options.cold, options.kept = (3, 1_000) if quick else (10, 100_000)
    return options


def _versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES)


def _table(rows: list[Row]) -> None:
    """Each engine beside our own verdicts: a ratio under 1 means that ours took less time."""
    ours = rows[0]
    print("| engine | ours / it, p50 | ours / it, p99 | p50 ms | p99 ms | checked | wrong |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for row in rows:
        half, tail = ours.timed.p50 / row.timed.p50, ours.timed.p99 / row.timed.p99
        times = f"{row.timed.p50:.3f} | {row.timed.p99:.3f}"
        print(f"| {row.name} | {half:.2f} | {tail:.2f} | {times} | {row.checked} | {row.wrong} |")
    print()


def _replay(options: argparse.Namespace) -> int:
    """A walk beside an evaluation from scratch; how many engines gave another verdict."""
    found = replayed(options.entries, options.walks)
    print(f"## A story of {options.entries} entries, replayed for the verdicts of every day\n")
    print("| engine | walk / from scratch | walk, ms | from scratch, ms | same verdicts |")
    print("|---|--:|--:|--:|---|")
    for each in found:
        times = f"{each.walk:.0f} | {each.scratch:.0f} | {'yes' if each.same else 'NO'}"
        print(f"| {each.engine} | {each.walk / each.scratch:.3f} | {times} |")
    print()
    return sum(not each.same for each in found)


def _alone(options: argparse.Namespace) -> None:
    stages, rules = shipped(options.rounds)
    print(f"## The shipped rules ({rules}) on the shipped cases\n")
    print("| one snapshot | p50 ms | p95 ms | p99 ms | asked a round |\n|---|--:|--:|--:|--:|")
    for name, timed in stages.items():
        times = f"{timed.p50:.2f} | {timed.p95:.2f} | {timed.p99:.2f}"
        print(f"| {name} | {times} | {timed.asked} |")
    print("\n## The advice page of those cases, from request to whole page\n")
    print("| page | p50 ms | p95 ms (reach: 50) | p99 ms | pages |\n|---|--:|--:|--:|--:|")
    for name, page in drawn(options.walks).items():
        print(f"| {name} | {page.p50:.1f} | {page.p95:.1f} | {page.p99:.1f} | {page.pages} |")
    print(f"\n## A whole process, median of {options.cold}\n\n| | s |\n|---|--:|")
    for name, seconds in cold_start(options.cold).items():
        print(f"| {name} | {seconds:.2f} |")
    print("\n## Memory\n")
    found = memory(options.kept)
    if found is None:
        print("This system does not tell how much memory a process holds.")
        return
    print("| shipped rules, random snapshots | snapshots | MB before | MB after |")
    print("|---|--:|--:|--:|")
    for what, number, before, after in found:
        print(f"| {what} | {number:,} | {before:.1f} | {after:.1f} |")


if __name__ == "__main__":
    raise SystemExit(main())
