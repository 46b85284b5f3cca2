"""A small OpenID Connect provider on this machine, for the tests of sign-in.

It signs in at once whoever ``chosen`` names, or shows a page to choose from. ``fault`` makes it
misbehave in one way; see FAULTS.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx2
import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from advisor.web.settings import ROLES, Settings, SignIn

PUBLIC = "https://advisor.example"
CLIENT_ID, CLIENT_SECRET = "advisor-in-tests", "zz-client-secret-zz"

FAULTS = (
    "denied",
    "another_audience",
    "another_issuer",
    "another_nonce",
    "no_nonce",
    "expired",
    "not_yet",
    "another_key",
    "no_signature",
    "signed_with_the_secret",
    "no_id_token",
    "not_json",
    "server_error",
    "another_state",
    "another_party",
)

GROUPS = {
    "worker": "mash-workers",
    "trainer": "trainers",
    "auditor": "auditors",
    "author": "authors",
}
"""The group of each role."""

USERS: dict[str, dict[str, Any]] = {
    "wanda": {"name": "Wanda Worker", "roles": ["mash-workers", "staff"]},
    "walter": {"preferred_username": "walter@council.example", "roles": "mash-workers"},
    "tom": {"name": "Tom Trainer", "roles": ["trainers"]},
    "ada": {"name": "Ada Auditor", "roles": ["auditors"]},
    "arthur": {"name": "Arthur Author", "roles": ["authors"]},
    "olive": {"name": "Olive Other", "roles": ["staff"]},
    "nobody": {"name": "Norman Nobody"},
}
"""Everybody who has an account: the claims of each beside ``sub``, which is the key."""


class Provider:
    """The state of the provider; its address is ``issuer``."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.users = {name: dict(claims) for name, claims in USERS.items()}
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.has_way_out = True
        self.reset()

    def reset(self) -> None:
        """Forget everything that was asked, and behave."""
        self.chosen: str | None = None
        self.fault = ""
        self.asked: list[dict[str, str]] = []
        self.secrets: list[str] = []
        self.signed_out: list[dict[str, str]] = []
        self._codes: dict[str, tuple[str, dict[str, str]]] = {}

    @property
    def app(self) -> Starlette:
        """The provider as an application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/end", self._end),
            ]
        )

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})

    async def _configuration(self, request: Request) -> Response:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            # As large as a real provider's: what must not be accepted is offered too.
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }
        if self.has_way_out:
            found["end_session_endpoint"] = f"{self.issuer}/end"
        return JSONResponse(found)

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        assert len(asked["nonce"]) > 10 < len(asked["state"])
        self.asked.append(asked)
        who = asked.pop("who", None) or self.chosen
        if who is None:
            ways = [(name, urlencode({**asked, "who": name})) for name in self.users]
            items = "".join(
                f'<li><a href="/authorize?{escape(query)}">{escape(name)}</a></li>'
                for name, query in ways
            )
            body = f"<!DOCTYPE html><html lang=en><title>Who?</title><ul>{items}</ul></html>"
            return HTMLResponse(body)
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(self._answer(who, asked))}")

    def _answer(self, who: str, asked: dict[str, str]) -> dict[str, str]:
        if self.fault == "denied":
            return {"error": "access_denied", "error_description": "no", "state": asked["state"]}
        code = secrets.token_urlsafe(16)
        self.secrets += [code, asked["state"], asked["nonce"]]
        self._codes[code] = (who, asked)
        state = "elsewhere" if self.fault == "another_state" else asked["state"]
        return {"code": code, "state": state}

    async def _token(self, request: Request) -> Response:
        if self.fault == "server_error":
            return Response(status_code=500)
        if self.fault == "not_json":
            return HTMLResponse("<p>We are being repaired")
        sent = dict(parse_qsl((await request.body()).decode()))
        given = f"{CLIENT_ID}:{CLIENT_SECRET}".encode()
        basic = "Basic " + base64.b64encode(given).decode()
        if request.headers.get("authorization") != basic:
            return JSONResponse({"error": "invalid_client"}, 401)
        who, asked = self._codes.pop(sent.get("code", ""), ("", {}))
        verifier = sent.get("code_verifier", "")
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = ("code_challenge", challenge), ("redirect_uri", sent.get("redirect_uri"))
        if not who or any(asked.get(name) != value for name, value in same):
            return JSONResponse({"error": "invalid_grant"}, 400)
        access, token = secrets.token_urlsafe(16), self._id_token(who, asked)
        self.secrets += [verifier, access, token]
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 60}
        if self.fault != "no_id_token":
            answer["id_token"] = token
        return JSONResponse(answer)

    def _id_token(self, who: str, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": who,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **self.users[who],
        }
        changed: dict[str, dict[str, Any]] = {
            "another_audience": {"aud": "somebody-else", "azp": CLIENT_ID},
            "another_issuer": {"iss": "https://elsewhere.example"},
            "another_nonce": {"nonce": "elsewhere"},
            "another_party": {"azp": "somebody-else"},
            "expired": {"iat": now - 7200, "exp": now - 3600},
            "not_yet": {"nbf": now + 3600},
        }
        claims.update(changed.get(self.fault, {}))
        if self.fault == "no_nonce":
            del claims["nonce"]
        if self.fault == "no_signature":
            return jwt.encode(
                {"alg": "none"}, claims, self.key, registry=JWSRegistry(algorithms=["none"])
            )
        if self.fault == "signed_with_the_secret":
            padded = OctKey.import_key(CLIENT_SECRET)
            return jwt.encode(
                {"alg": "HS256"}, claims, padded, registry=JWSRegistry(algorithms=["HS256"])
            )
        wrong = self.fault == "another_key"
        key = RSAKey.generate_key(2048, {"kid": str(self.key.kid)}) if wrong else self.key
        return jwt.encode({"alg": "RS256", "kid": str(self.key.kid)}, claims, key)

    async def _end(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.signed_out.append(asked)
        return RedirectResponse(asked["post_logout_redirect_uri"])


@contextmanager
def serving() -> Iterator[Provider]:
    """The provider, served on a free port of this machine by a thread of this process."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        provider = Provider(listening.getsockname()[1])
        server = uvicorn.Server(uvicorn.Config(provider.app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join()


def settings(
    provider: Provider, *, public: str = PUBLIC, secret: str = CLIENT_SECRET, **more: Any
) -> Settings:
    """Settings of an application whose users this provider signs in."""
    sign_in = SignIn(
        issuer=provider.issuer,
        client_id=CLIENT_ID,
        client_secret=secret,
        claim="roles",
        roles={role: frozenset({GROUPS[role]}) for role in ROLES},
    )
    return Settings(**{"public_url": public, "sign_in": sign_in, **more})


def away(address: str) -> httpx2.Response:
    """What the provider answers to a browser that our application has sent there."""
    return httpx2.get(address, trust_env=False, verify=False)  # in the clear, so none to load


def sign_in(web: TestClient, provider: Provider, who: str, then: str = "/") -> httpx2.Response:
    """Sign in as one of USERS; the application's answer to the browser that comes back."""
    provider.chosen = who
    asked = web.get("/sign-in/go", params={"then": then}, follow_redirects=False)
    assert asked.status_code == 302
    there = away(asked.headers["location"])
    assert there.status_code == 307
    return web.get(there.headers["location"], follow_redirects=False)
