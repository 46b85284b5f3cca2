"""What an installation may set, as environment variables. All have defaults that are safe."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request

from advisor.problems import fault
from advisor.store.address import DATABASE_SETTING
from advisor.store.keeping import DEFAULT_KEEP_DAYS, kept_days

IDLE, PUBLIC = "ADVISOR_IDLE_MINUTES", "ADVISOR_PUBLIC_URL"
ISSUER, CLIENT = "ADVISOR_OIDC_ISSUER", "ADVISOR_OIDC_CLIENT_ID"
SECRET, SECRET_FILE = "ADVISOR_OIDC_CLIENT_SECRET", "ADVISOR_OIDC_CLIENT_SECRET_FILE"
CLAIM, COUNCIL = "ADVISOR_OIDC_ROLES_CLAIM", "ADVISOR_COUNCIL"

ROLES = ("worker", "trainer", "auditor", "author")
"""Who may do what: check cases, run exercises, read everybody's records, write rules."""

_ROLE_VARIABLES = {role: f"ADVISOR_ROLE_{role.upper()}" for role in ROLES}
_SIGN_IN = (PUBLIC, ISSUER, CLIENT)
_HOST = re.compile(r"[a-z0-9.:-]+")


@dataclass(frozen=True)
class SignIn:
    """An OpenID Connect provider that says who somebody is, and which of its groups are roles."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str
    roles: Mapping[str, frozenset[str]]

    def roles_of(self, groups: frozenset[str]) -> frozenset[str]:
        """The roles of somebody who is in these groups."""
        return frozenset(role for role, names in self.roles.items() if names & groups)


@dataclass(frozen=True)
class Settings:
    """Where records are kept and for how long, who may come in, and under which address."""

    database_url: str | None = field(default=None, repr=False)
    keep_days: int = DEFAULT_KEEP_DAYS
    idle_minutes: int = 60
    council: str = ""
    public_url: str | None = None
    sign_in: SignIn | None = None

    @property
    def secure(self) -> bool:
        """Whether browsers reach the application over HTTPS."""
        return self.public_url is not None and self.public_url.startswith("https://")

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings in the environment.

        Raises:
            InputError: one of them cannot be used; it is named.
        """
        return cls(
            database_url=environ.get(DATABASE_SETTING, "").strip() or None,
            keep_days=kept_days(environ),
            idle_minutes=_number(environ, IDLE, 60, 5, 720),
            council=environ.get(COUNCIL, "").strip(),
            public_url=_public(environ),
            sign_in=_sign_in(environ),
        )


def settings_of(request: Request) -> Settings:
    """The settings of the application that a request came to."""
    found: Settings = request.app.state.settings
    return found


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    given = environ.get(name, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdecimal()) or not least <= int(given[:9]) <= most:
        raise fault(name, f"write a whole number from {least} to {most}")
    return int(given)


def _public(environ: Mapping[str, str]) -> str | None:
    given = environ.get(PUBLIC, "").strip()
    if not given:
        return None
    scheme, host, rest = _address(given)
    if scheme not in ("http", "https") or not host or rest not in ("", "/"):
        raise fault(PUBLIC, "write the address that browsers use, such as https://advisor.example")
    if not _private(scheme, host):
        raise fault(PUBLIC, "cases may not cross a network in the clear: begin it with https://")
    return f"{scheme}://{host}"


def _address(given: str) -> tuple[str, str, str]:
    """The scheme, the host as browsers name it, and the rest; no host if it is no address."""
    try:
        parts = urlsplit(given)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return "", "", ""
    if "@" in parts.netloc or not _HOST.fullmatch(name):
        return "", "", ""
    name = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = name if port in (None, usual) else f"{name}:{port}"
    return parts.scheme, host, given.partition("://")[2][len(parts.netloc) :]


def _private(scheme: str, host: str) -> bool:
    """Whether nobody on a network can read what goes there."""
    here = host.rpartition(":")[0] if host[-1].isdecimal() and ":" in host else host
    return scheme == "https" or here in ("localhost", "127.0.0.1", "[::1]")


def _sign_in(environ: Mapping[str, str]) -> SignIn | None:
    named = (*_SIGN_IN, SECRET, SECRET_FILE, *_ROLE_VARIABLES.values())
    given = [name for name in named if environ.get(name, "").strip()]
    if not given:
        return None
    secret = _secret(environ)
    missing = [name for name in _SIGN_IN if name not in given]
    if missing or not secret:
        needed = ", ".join([*missing, *([] if secret else [SECRET])])
        raise fault(given[0], f"sign-in needs these too: {needed}")
    scheme, host, _ = _address(environ[ISSUER].strip())
    if scheme not in ("http", "https") or not host or not _private(scheme, host):
        raise fault(ISSUER, "write the provider's own address, which begins with https://")
    roles = {
        role: frozenset(part.strip() for part in environ.get(name, "").split(",") if part.strip())
        for role, name in _ROLE_VARIABLES.items()
    }
    if not any(roles.values()):
        raise fault(
            _ROLE_VARIABLES["worker"],
            "nobody could come in: name the provider's groups that are workers, and those for "
            "trainer, auditor and author likewise",
        )
    return SignIn(
        issuer=environ[ISSUER].strip().rstrip("/"),
        client_id=environ[CLIENT].strip(),
        client_secret=secret,
        claim=environ.get(CLAIM, "").strip() or "roles",
        roles=roles,
    )


def _secret(environ: Mapping[str, str]) -> str:
    path = environ.get(SECRET_FILE, "").strip()
    if not path:
        return environ.get(SECRET, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise fault(SECRET_FILE, "this file cannot be read") from None
