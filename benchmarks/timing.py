"""Timing several engines in turn, so that what disturbs the machine disturbs each of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, perf_counter_ns
from typing import Any

Runs = Mapping[str, tuple[Callable[[Any], Any], Sequence[Any]]]
"""For each engine: what answers, and the questions it is asked."""


@dataclass(frozen=True)
class Timed:
    """Milliseconds: the median over the rounds of each round's p50, p95 and p99."""

    p50: float
    p95: float
    p99: float
    asked: int


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def interleaved(runs: Runs, rounds: int, seconds: float) -> dict[str, Timed]:
    """Time each engine once a round, for at most so many seconds each time.

    What the benchmark itself holds is frozen, as a service freezes what it has loaded: else its
    size, and not an answer, would decide how long each full garbage collection takes.
    """
    kept: dict[str, list[list[float]]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, (answer, questions) in runs.items():
            gc.collect()
            gc.freeze()
            kept[name].append(_once(answer, questions, seconds))
    gc.unfreeze()
    return {
        name: Timed(
            median(percentile(each, 0.5) for each in found),
            median(percentile(each, 0.95) for each in found),
            median(percentile(each, 0.99) for each in found),
            min(len(each) for each in found),
        )
        for name, found in kept.items()
    }


def _once(answer: Callable[[Any], Any], questions: Sequence[Any], seconds: float) -> list[float]:
    answer(questions[0])
    found = []
    end = perf_counter() + seconds
    for question in questions:
        start = perf_counter_ns()
        answer(question)
        found.append((perf_counter_ns() - start) / 1e6)
        if perf_counter() > end:
            break
    return found
