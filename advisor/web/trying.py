"""Trying the rules on the scenarios behind the pages of the library, which takes some seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from advisor.pack import Pack
from advisor.scenario import Scenario
from advisor.trial import Trial, Tried, trial_of, try_each

logger = logging.getLogger("advisor.web")


class Progress(NamedTuple):
    """How far it has come: on how many scenarios of how many, and what was found so far.

    As long as it is ``reading``, nobody knows how many scenarios there are.
    """

    state: Literal["reading", "trying", "done", "failed"]
    done: int = 0
    of: int = 0
    trial: Trial = Trial((), {})

    @property
    def over(self) -> bool:
        """Whether nothing more is to come."""
        return self.state in ("done", "failed")


class Trying:
    """Tries a pack on scenarios, once, in a thread of its own that starts at first need.

    Whoever asks is told what was found so far and never waits for the rest.
    """

    def __init__(self, pack: Pack, read: Callable[[], Iterable[Scenario]]) -> None:
        self._pack, self._read = pack, read
        self._lock = threading.Lock()
        self._counted = threading.Event()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._progress = Progress("reading")

    def stop(self) -> None:
        """Give up what is left, so that the program can end; what was found stays."""
        self._stopped = True

    def progress(self, wait: float = 0.0) -> Progress:
        """What was found so far. Starts the work if nobody has asked before.

        It waits at most so many seconds until it is known how many scenarios there are.
        """
        with self._lock:
            if self._thread is None:
                # No daemon: one that is stopped inside the rule engine takes the program with it.
                self._thread = threading.Thread(target=self._work, name="trying")
                self._thread.start()
        self._counted.wait(wait)
        return self._progress

    def finish(self) -> Progress:
        """Everything, waiting for as long as it takes."""
        self.progress()
        if self._thread is not None:
            self._thread.join()
        return self._progress

    def _work(self) -> None:
        tried: list[Tried] = []
        try:
            given = [each for each in self._read() if _suits(self._pack, each)]
            self._progress = Progress("trying", 0, len(given))
            self._counted.set()
            for each in try_each(self._pack, given):
                if self._stopped:
                    return
                tried.append(each)
                so_far = Trial(tuple(tried), {})
                self._progress = Progress("trying", len(tried), len(given), so_far)
            whole = trial_of(self._pack, tuple(tried))
            self._progress = Progress("done", len(tried), len(given), whole)
        except Exception as error:
            # A page that cannot say where a rule is raised still says all the rest.
            logger.error("the scenarios could not be tried: %s", type(error).__name__)
            self._progress = self._progress._replace(state="failed")
        finally:
            self._counted.set()


def _suits(pack: Pack, scenario: Scenario) -> bool:
    """Whether the pack has the review and the rules that a scenario speaks of."""
    head = scenario.head
    return (head.review is None or head.review in pack.reviews) and all(
        name in pack.rules for name in head.must_raise
    )
