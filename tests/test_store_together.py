"""Several at once, and an end without warning: nothing that was acknowledged is ever lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from advisor.store.cases import Cases, NotKept, RevisionMoved
from advisor.store.database import Database
from advisor.store.runs import AlreadyDecided, Decided, Runs
from advisor.store.sessions import Sessions
from tests.store_making import response

pytest_plugins = ["tests.store_fixtures"]

ROOT = Path(__file__).resolve().parents[1]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gives or raises when all are begun together, in their order."""
    start = threading.Barrier(len(works))
    ends: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        start.wait()
        try:
            ends[number] = works[number]()
        except Exception as error:
            ends[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return ends


@contextmanager
def program(text: str, url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs a program on a database."""
    process = subprocess.Popen(
        [sys.executable, "-c", text],
        cwd=ROOT,
        env={**os.environ, "ADVISOR_DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_of_two_writers_one_wins_and_the_other_is_told(database: Database) -> None:
    cases = Cases(database, keep_days=7)
    id_ = cases.create("worker", {"by": "nobody"}).id
    for revision in range(1, 11):
        ends = at_once(
            *(
                partial(cases.save, id_, "worker", {"by": who}, expected=revision)
                for who in (f"first {revision}", f"second {revision}")
            )
        )
        lost = [isinstance(end, RevisionMoved) for end in ends]
        assert sorted(lost) == [False, True]
        winner = ends[lost.index(False)]
        assert winner.revision == revision + 1
        assert cases.get(id_, "worker") == winner
        assert cases.at(id_, revision + 1) == winner.document


def test_a_case_deleted_while_it_is_saved_is_gone(database: Database) -> None:
    cases = Cases(database, keep_days=7)
    for _ in range(10):
        id_ = cases.create("worker", {"a": 1}).id
        _, end = at_once(
            partial(cases.delete, id_, "worker"),
            partial(cases.save, id_, "worker", {"a": 2}, expected=1),
        )
        if isinstance(end, Exception):
            assert isinstance(end, NotKept | RevisionMoved)
        with pytest.raises(NotKept):
            cases.get(id_, None)
    assert cases.dates() == []


def test_responses_given_at_once_are_all_kept(database: Database) -> None:
    cases = Cases(database, keep_days=7)
    id_ = cases.create("worker", {"a": 1}).id
    given = [response(1, "disagree", f"reason {number}") for number in range(8)]
    ends = at_once(*(partial(cases.respond, id_, "worker", each) for each in given))
    assert ends == [None] * 8
    assert sorted(each.reason for each in cases.responses(id_)) == [each.reason for each in given]


def test_of_two_decisions_at_once_one_stands_for_both(database: Database) -> None:
    runs = Runs(database, keep_days=7)
    code = runs.create("trainer", "jack", "Tuesday", ["Blue"]).groups[0].code
    for stage in range(1, 9):
        ends = at_once(
            partial(runs.decide, code, stage, "assess", ""),
            partial(runs.decide, code, stage, "strategy", ""),
        )
        stands = next(end for end in ends if isinstance(end, Decided))
        told = next(end for end in ends if isinstance(end, AlreadyDecided))
        assert told.decided == stands == runs.group(code)[1].decisions[-1]


def test_a_held_form_asked_for_twice_at_once_is_given_once(database: Database) -> None:
    sessions = Sessions(database, idle_minutes=30)
    for _ in range(8):
        id_ = sessions.hold("worker", "/cases", [("a", "b")])
        take = partial(sessions.held, id_, "worker")
        assert sorted(at_once(take, take), key=bool) == [None, ("/cases", [("a", "b")])]


OPEN = """
import os, sys
from advisor.store.database import Database
print("ready", flush=True)
sys.stdin.readline()
Database.open(os.environ["ADVISOR_DATABASE_URL"])
print("opened", flush=True)
"""


def test_processes_may_open_a_new_database_at_once(database_url: str) -> None:
    with (
        program(OPEN, database_url) as first,
        program(OPEN, database_url) as second,
        program(OPEN, database_url) as third,
    ):
        processes = (first, second, third)
        assert [line(each) for each in processes] == ["ready\n"] * 3
        for each in processes:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        assert [line(each) for each in processes] == ["opened\n"] * 3
    Database.open(database_url).close()


WRITE = """
import os
from advisor.store.cases import Cases
from advisor.store.database import Database
cases = Cases(Database.open(os.environ["ADVISOR_DATABASE_URL"]), keep_days=7)
for number in range(1_000_000):
    kept = cases.create("worker", {"number": number, "text": "x" * 5000})
    print("[%r, 1, %d]" % (kept.id, number), flush=True)
    for change in range(3):
        kept = cases.save(
            kept.id, "worker", {"number": -change, "text": "y" * 5000}, expected=kept.revision
        )
        print("[%r, %d, %d]" % (kept.id, kept.revision, -change), flush=True)
"""


@pytest.mark.parametrize("lines", [1, 23, 60])
def test_a_process_that_is_killed_loses_nothing_it_acknowledged(
    database_url: str, lines: int
) -> None:
    with program(WRITE, database_url) as process:
        acknowledged = [line(process) for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        assert process.stdout is not None
        acknowledged += process.stdout.readlines()
        assert process.wait(30) == -signal.SIGKILL
    database = Database.open(database_url)
    cases = Cases(database, keep_days=7)
    whole = [json.loads(each.replace("'", '"')) for each in acknowledged if each.endswith("]\n")]
    assert len(whole) >= lines
    for id_, revision, number in whole:
        assert cases.at(id_, revision)["number"] == number
        assert cases.get(id_, "worker").revision >= revision
    for kept in cases.listed(None):  # and what was not acknowledged is there whole or not at all
        assert cases.at(kept.id, kept.revision) == kept.document
    database.close()
