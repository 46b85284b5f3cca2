"""The organisation's sign-in, by OpenID Connect: where it is, and whom it says somebody is."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from advisor.problems import fault
from advisor.web.settings import ISSUER, Settings, SignIn
from advisor.web.visitors import User

logger = logging.getLogger("advisor.web")

BACK = "/sign-in/back"
"""Where the provider sends somebody back to; it has to be registered there."""

_NAME = "organisation"
_SECONDS = 10
_LONGEST_NAME = 100
_CODES = frozenset(
    {
        "access_denied",
        "consent_required",
        "interaction_required",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "login_required",
        "mismatching_state",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
    }
)
"""The errors of OAuth that are told to a log: whatever else stands there may be anybody's text."""

_SIGNED_BY_PROVIDER = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
"""Signatures that only the provider can make: neither none at all, nor one with our own secret."""


class SignInFailedError(Exception):
    """The provider did not say who somebody is. ``status`` is that of the page that tells it."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__("sign-in failed")


class Provider:
    """An OpenID Connect provider. Nothing is asked of it before somebody signs in.

    Raises:
        InputError: the libraries for sign-in are not installed.
    """

    def __init__(self, sign_in: SignIn, public_url: str) -> None:
        try:
            made = import_module("authlib.integrations.starlette_client").OAuth()
        except ImportError:
            raise fault(
                ISSUER,
                "sign-in needs two libraries more: install referral-triage-advisor[sso]",
            ) from None
        # Authlib tells its log the secrets of a sign-in that is under way.
        logging.getLogger("authlib").setLevel(logging.WARNING)
        self.sign_in, self._public_url = sign_in, public_url
        self._client: Any = made.register(
            _NAME,
            client_id=sign_in.client_id,
            client_secret=sign_in.client_secret,
            server_metadata_url=f"{sign_in.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "timeout": _SECONDS,
            },
        )

    async def redirect(self, request: Request) -> Response:
        """The way to the provider. State, nonce and verifier go into ``request.session``.

        Raises:
            SignInFailedError: the provider cannot be reached, or is not what the settings name.
        """
        try:
            await self._metadata()
            found: Response = await self._client.authorize_redirect(
                request, f"{self._public_url}{BACK}"
            )
        except Exception as error:
            raise _failed(error) from None
        return found

    async def user(self, request: Request) -> User:
        """Whom the provider sent back, with their roles, which may be none.

        The code is traded for an id token, whose signature, issuer, audience, nonce and times hold.

        Raises:
            SignInFailedError: any of that failed, or the user or the provider said no.
        """
        try:
            metadata = await self._metadata()
            options = {
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "value": self.sign_in.client_id},
            }
            token = await self._client.authorize_access_token(request, claims_options=options)
            return user_in(token["userinfo"], self.sign_in)
        except Exception as error:
            raise _failed(error) from None

    async def way_out(self) -> str | None:
        """The address that ends the session at the provider too; None if there is none."""
        try:
            metadata = await self._metadata()
            if not metadata.get("end_session_endpoint"):
                return None
            way = await self._client.create_logout_url(
                post_logout_redirect_uri=f"{self._public_url}/signed-out",
                client_id=self.sign_in.client_id,
            )
        except Exception as error:
            _failed(error)
            return None
        return str(way["url"])

    async def _metadata(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._client.load_server_metadata()
        if str(found.get("issuer")).rstrip("/") != self.sign_in.issuer:
            raise ValueError("the provider says that it is another")
        algorithms = "id_token_signing_alg_values_supported"
        offered = found.get(algorithms) or ()
        found[algorithms] = [each for each in _SIGNED_BY_PROVIDER if each in offered] or ["RS256"]
        return found


def _failed(error: Exception) -> SignInFailedError:
    """What a failure is to whoever signs in. The log gets its kind only, never a token."""
    module, kind = type(error).__module__.partition(".")[0], type(error).__name__
    code = str(getattr(error, "error", ""))
    logger.warning("sign-in did not work: %s %s", kind, code if code in _CODES else "")
    return SignInFailedError(400 if module in ("authlib", "joserfc") else 503)


def user_in(claims: Mapping[str, Any], sign_in: SignIn) -> User:
    """Who the claims of an id token are about.

    The id is made of the provider and its own id of the user, so that it stays the same when their
    name changes, and tells nothing.
    """
    named = claims.get("name") or claims.get("preferred_username")
    name = named if isinstance(named, str) else ""
    shown = "".join(each for each in name if each.isprintable())[:_LONGEST_NAME].strip()
    who = hashlib.sha256(f"{claims['iss']}\n{claims['sub']}".encode()).hexdigest()[:32]
    return User(who, shown, sign_in.roles_of(_groups(claims, sign_in.claim)))


def _groups(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The groups under a claim, of this very name or, by its dots, inside others."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for step in name.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    if isinstance(found, list):
        return frozenset(each for each in found if isinstance(each, str))
    return frozenset()


def provider_of(settings: Settings) -> Provider | None:
    """The provider that the settings name, if they name one; raises InputError."""
    if settings.sign_in is None or settings.public_url is None:
        return None
    return Provider(settings.sign_in, settings.public_url)
