"""Reading a posted form: its size, its fields, its text. Nothing of it is written to disk."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from advisor.document import CONTROL, MAX_BYTES
from advisor.web.bodies import body_of
from advisor.web.problem_details import RefusedError, plain_problem

MAX_FIELDS = 1000
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class Form(dict[str, tuple[str, ...]]):
    """The fields of a form: each name with every value that was sent for it, in order."""

    def one(self, name: str) -> str:
        """The last value of a field without the spaces around it; empty if there is none."""
        values = self.get(name, ())
        return values[-1].strip() if values else ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every name with each of its values."""
        return [(name, value) for name, values in self.items() for value in values]

    @classmethod
    def of(cls, pairs: list[tuple[str, str]]) -> Form:
        """A form of names and values, in order."""
        made = cls()
        for name, value in pairs:
            made[name] = (*made.get(name, ()), value)
        return made


async def form_of(request: Request) -> Form:
    """The form in a request; one that is too large, or no form, is refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await body_of(request)
    if kind == _URLENCODED:
        pairs = _urlencoded(body)
    elif kind == _MULTIPART:
        pairs = await _multipart(request.headers, body)
    else:
        raise RefusedError(plain_problem(415, "Send this form from its own page."))
    return Form.of([(name, _lines(value)) for name, value in pairs])


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise _unreadable() from None


class _InMemory(MultiPartParser):
    """Keeps an uploaded file in memory: what it holds is a case, which must not reach a disk."""

    spool_max_size = MAX_BYTES + 1


async def _multipart(headers: Headers, body: bytes) -> list[tuple[str, str]]:
    async def whole() -> AsyncGenerator[bytes, None]:
        yield body

    parser = _InMemory(headers, whole(), max_files=1, max_fields=20, max_part_size=MAX_BYTES)
    try:
        found = await parser.parse()
    except (MultiPartException, ValueError, KeyError):
        raise _unreadable() from None
    try:
        return [pair for name, value in found.multi_items() for pair in await _part(name, value)]
    finally:
        await found.close()


async def _part(name: str, value: str | UploadFile) -> list[tuple[str, str]]:
    """A field, or an uploaded file as its text and, under ``name!name``, what it is called."""
    if isinstance(value, str):
        return [(name, value)]
    try:
        text = (await value.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        detail = "The file is not UTF-8 text. Save it as UTF-8 and send it again."
        raise RefusedError(plain_problem(422, detail)) from None
    return [(name, text), (f"{name}!name", value.filename or "")]


def _lines(value: str) -> str:
    """Text with one kind of line end, as every browser's own would have it."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def readable(text: str) -> bool:
    """Whether a text holds nothing that a reader could not see."""
    return CONTROL.search(text) is None


def _unreadable() -> RefusedError:
    return RefusedError(plain_problem(400, "This form cannot be read. Go back and send it again."))
