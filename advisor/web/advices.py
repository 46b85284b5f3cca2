"""The latest advices on cases that are kept, so that a page can be drawn again at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from starlette.requests import Request

from advisor.advice import Advice
from advisor.advise import advise
from advisor.pack import Pack
from advisor.snapshot import Snapshot


class Looked(NamedTuple):
    """A case as it stood at one revision, and the advice on it."""

    snapshot: Snapshot
    advice: Advice


Key = tuple[str, int, str]
"""A case, its revision, and the hash of a pack. The three decide the advice."""


class Advices:
    """The latest advices, kept in memory so that a page can be drawn again at once.

    Safe to use from several threads. Nothing of it reaches a disk.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Looked] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Looked]) -> Looked:
        """What is kept under a key, else what ``make`` gives, which is then kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def forget(self, case: str) -> None:
        """Keep nothing more of a case."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == case]:
                del self._kept[key]


def advices_of(request: Request) -> Advices:
    """The advices that the application keeps in memory."""
    found: Advices = request.app.state.advices
    return found


def looked_at(document: Mapping[str, Any], pack: Pack) -> Looked:
    """A case that is kept, and the advice of a pack on it."""
    snapshot = Snapshot.from_data(dict(document))
    return Looked(snapshot, advise(snapshot, pack))
