"""The advisor and the other engines on the same rules and cases, each answer checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from advisor.inference import AVAILABLE
from advisor.pack import Pack
from advisor.snapshot import Snapshot
from benchmarks.facts import Schema
from benchmarks.ours import Reference, VerdictsOnly, WholeAdvice, questions_of
from benchmarks.timing import Timed, interleaved
from benchmarks.translate_business_rules import BusinessRules
from benchmarks.translate_cel import Cel
from benchmarks.translate_clips import Clips
from benchmarks.translate_json_logic import JsonLogic
from benchmarks.translate_python import Python
from benchmarks.translate_zen import ZenArray, ZenGraph

PEERS: tuple[Any, ...] = (Python, ZenArray, ZenGraph, Clips, Cel, BusinessRules, JsonLogic)


@dataclass(frozen=True)
class Row:
    """One engine: its times, how many answers were checked and how many snapshots were wrong."""

    name: str
    timed: Timed
    checked: int
    wrong: int


def compare(
    pack: Pack, snapshots: Sequence[Snapshot], rounds: int, seconds: float
) -> tuple[list[Row], float]:
    """Time and check every engine; also the mean number of rules raised for a snapshot."""
    reference = Reference(pack)
    questions = questions_of(snapshots)
    expected = [reference.verdicts(question) for question in questions]
    raised = sum(verdicts.count("raised") for verdicts in expected) / len(expected)
    runs: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]] = {}
    checks: dict[str, tuple[int, int]] = {}

    def add(name: str, answer: Any, asked: Sequence[Any], read: Any) -> None:
        end, wrong, checked = perf_counter() + 4 * seconds, 0, 0
        for question, right in zip(asked, expected, strict=True):
            wrong += read(answer(question)) != right
            checked += 1
            if perf_counter() > end:
                break
        runs[name], checks[name] = (answer, asked), (checked, wrong)

    plains = (False, True) if AVAILABLE else (True,)
    ours: list[Any] = [VerdictsOnly(reference, plain=plain) for plain in plains]
    for form in (*ours, WholeAdvice(reference)):
        add(form.name, form.answer, questions, lambda verdicts: verdicts)
    schema = Schema(reference.formulas)
    facts = [schema.read(question.case, question.child) for question in questions]
    for make in PEERS:
        peer = make(reference.formulas, schema)
        add(peer.name, peer.answer, [peer.prepare(each) for each in facts], reference.read)
    timed = interleaved(runs, rounds, seconds)
    return [Row(name, timed[name], *checks[name]) for name in runs], raised
