"""Who asks, and what the application keeps for them."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from starlette.requests import Request

from advisor.store.cases import Cases
from advisor.store.database import Database
from advisor.store.runs import Runs
from advisor.store.sessions import Sessions
from advisor.web.problem_details import RefusedError, plain_problem
from advisor.web.settings import ROLES, Settings


@dataclass(frozen=True)
class User:
    """Somebody who uses the application: an opaque id, a name to show, and their roles."""

    id: str
    name: str
    roles: frozenset[str]

    def may(self, *roles: str) -> bool:
        """Whether any of these roles is theirs."""
        return not self.roles.isdisjoint(roles)


LOCAL = User("local", "a user of this machine", frozenset(ROLES))
"""Whoever uses this machine, where no sign-in is set up."""


ROLE_WORDS = {
    "worker": "checking decisions",
    "trainer": "running exercises",
    "auditor": "reading records",
    "author": "writing rules",
}
"""What each role is for, as its holder would say it."""


class SignInNeededError(Exception):
    """Nobody is signed in, or no longer."""


def user_of(request: Request) -> User | None:
    """Who is signed in; where there is no sign-in, whoever uses this machine."""
    user: User | None = getattr(request.state, "user", None)
    return user


def require(request: Request, *roles: str) -> User:
    """The user, who must have one of these roles, or any role if none is named.

    Raises:
        SignInNeededError: nobody is signed in.
        RefusedError: with 403, for a user without such a role.
    """
    user = user_of(request)
    if user is None:
        raise SignInNeededError
    if not user.may(*(roles or ROLES)):
        named = " or ".join(ROLE_WORDS[role] for role in roles or ROLES)
        detail = (
            f"Your account does not have the role for this: {named}. Ask whoever runs this "
            "service at your organisation."
        )
        raise RefusedError(plain_problem(403, detail))
    return user


@dataclass(frozen=True)
class Stores:
    """All that is kept: cases, exercises that are being run, and who is signed in."""

    database: Database
    cases: Cases
    runs: Runs
    sessions: Sessions

    @classmethod
    def open(cls, settings: Settings) -> Stores:
        """Open what the settings name and bring it up to date; raises InputError."""
        database = Database.open(settings.database_url)
        return cls(
            database,
            Cases(database, keep_days=settings.keep_days),
            Runs(database, keep_days=settings.keep_days),
            Sessions(database, idle_minutes=settings.idle_minutes),
        )

    def purge(self) -> None:
        """Delete whatever has been kept for its time."""
        self.cases.purge()
        self.runs.purge()
        self.sessions.purge()


class Keeping:
    """Opens the stores when they are first needed: a program that only advises keeps nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: Stores | None = None
        self._lock = threading.Lock()

    @property
    def stores(self) -> Stores:
        """The stores, opened; raises InputError if they cannot be."""
        with self._lock:
            if self._opened is None:
                self._opened = Stores.open(self._settings)
            return self._opened

    @property
    def opened(self) -> Stores | None:
        """The stores if anybody has needed them yet."""
        return self._opened

    def close(self) -> None:
        """Close what was opened."""
        with self._lock:
            if self._opened is not None:
                self._opened.database.close()
                self._opened = None


def stores_of(request: Request) -> Stores:
    """What the application keeps."""
    keeping: Keeping = request.app.state.keeping
    return keeping.stores
