"""Reading a snapshot from the body of a request: its media type, its size, its text."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from advisor.chronology.story import Story, story_of
from advisor.problems import InputError
from advisor.reading import MAX_BYTES, read_text, text_of_bytes
from advisor.scenario import snapshot_in
from advisor.snapshot import Snapshot
from advisor.web.problem_details import RefusedError, plain_problem, unusable_snapshot
from advisor.web.unechoed import field_errors

JSON = "application/json"
YAML = ("application/yaml", "text/yaml")
ACCEPTED = ", ".join((JSON, *YAML))


def media_type(request: Request) -> str:
    """The media type of the body, one of those accepted; anything else is refused with 415."""
    name, *parameters = (
        part.strip().lower() for part in request.headers.get("content-type", "").split(";")
    )
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if name not in (JSON, *YAML):
        detail = f"Send a snapshot as {ACCEPTED}, and say so in Content-Type."
    elif any(charset not in ("utf-8", "us-ascii") for charset in charsets):
        detail = "Send a snapshot as UTF-8 text."
    elif encoding != "identity":
        detail = "Send a snapshot without compression."
    else:
        return name
    raise RefusedError(plain_problem(415, detail), {"Accept-Post": ACCEPTED})


async def body_of(request: Request) -> bytes:
    """The body, if it is within the limit; refused with 413 as soon as it is known not to be."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > MAX_BYTES:
        raise _too_large()
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise _too_large()
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large() -> RefusedError:
    detail = f"Send at most {MAX_BYTES:,} bytes: one case, not several."
    return RefusedError(plain_problem(413, detail))


def snapshot_of(body: bytes, kind: str) -> Snapshot:
    """The snapshot in a body of the given media type, or the case of a scenario; else 422."""
    try:
        document = read_text(text_of_bytes(body, "body"), "body", is_json=kind == JSON)
    except InputError as error:
        raise _unusable(error) from None
    try:
        return snapshot_in(document)
    except InputError as error:
        raise _unusable(error, document.data) from None


def story_in(body: bytes, kind: str) -> Story:
    """The chronology in a body of the given media type; else 422."""
    try:
        document = read_text(text_of_bytes(body, "body"), "body", is_json=kind == JSON)
    except InputError as error:
        raise _unusable(error) from None
    try:
        return story_of(document)
    except InputError as error:
        raise _unusable(error, document.data) from None


def unusable_story(story: Story, error: InputError) -> RefusedError:
    """The refusal of a chronology whose facts make no snapshot on some day."""
    return _unusable(error, story.document.data)


def _unusable(error: InputError, data: Any = None) -> RefusedError:
    errors = field_errors(error.problems, data)
    return RefusedError(unusable_snapshot(errors, len(error.problems)))
