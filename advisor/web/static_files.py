"""The style sheets, scripts and icons of the pages: read once, named by what they hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from advisor.picture import stylesheet

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
FOREVER = "public, max-age=31536000, immutable"
"""A file that is named by what it holds never changes under that name."""


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent, and the mark of what it holds."""

    body: bytes
    media_type: str
    mark: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Every file by its path below ``/static/``."""
    found = dict(_below(files("advisor").joinpath("web/static"), ""))
    found["picture.css"] = _file("picture.css", stylesheet().encode())
    return found


def static_url(name: str) -> str:
    """The path of a file, with the mark of what it holds; raises KeyError if there is none."""
    return f"/static/{name}?v={static_files()[name].mark}"


def _below(folder: Traversable, prefix: str) -> list[tuple[str, StaticFile]]:
    found: list[tuple[str, StaticFile]] = []
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{prefix}{each.name}"
        if each.is_dir():
            found.extend(_below(each, f"{name}/"))
        elif any(name.endswith(ending) for ending in _TYPES):
            found.append((name, _file(name, each.read_bytes())))
    return found


def _file(name: str, body: bytes) -> StaticFile:
    ending = name[name.rindex(".") :]
    return StaticFile(body, _TYPES[ending], hashlib.sha256(body).hexdigest()[:12])
