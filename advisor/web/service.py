"""The pack behind the application, and what is answered from it."""

from __future__ import annotations

import datetime as dt
import threading
from typing import NamedTuple

from advisor.advice import Advice, EngineShown, PackShown
from advisor.advise import advise
from advisor.pack import Pack, load
from advisor.snapshot import Snapshot


class Ready(NamedTuple):
    """A pack that was loaded and tried, and the engine that ran it."""

    pack: Pack
    engine: EngineShown

    @property
    def pack_shown(self) -> PackShown:
        """The pack as advice names it."""
        return PackShown(name=self.pack.name, version=self.pack.version, sha256=self.pack.sha256)


class Service:
    """Loads a pack once, tries it, and advises from it. Safe to use from several threads."""

    def __init__(self, pack: Pack | None = None) -> None:
        self._given = pack
        self._ready: Ready | None = None
        self._lock = threading.Lock()

    @property
    def ready(self) -> Ready:
        """The pack and engine; raises InputError or EngineError if they cannot be used."""
        with self._lock:
            if self._ready is None:
                pack = load() if self._given is None else self._given
                # A pack that loads may still not run: better told at the start than to a worker.
                tried = advise(_trial(), pack)
                self._ready = Ready(pack, tried.engine)
            return self._ready

    def advise(self, snapshot: Snapshot) -> Advice:
        """The advice on a snapshot."""
        return advise(snapshot, self.ready.pack)


def _trial() -> Snapshot:
    header = {"id": "trial", "as_of": dt.date.today().isoformat(), "authority": "here"}
    return Snapshot.from_data({"snapshot": header, "children": [{"id": "child"}]})
