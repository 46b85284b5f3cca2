"""JSON, read strictly: no key twice, no NaN, no number or depth without bounds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from advisor.document import CONTROL, MAX_DEPTH, MAX_TEXT, Document, Steps, safe_key
from advisor.problems import fault, field_name

# Possessive, so that a text that never ends is read once and not tried in every way.
_NESTING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_TOKEN = re.compile(r'\s*+("(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++)')


class _RepeatedKeyError(Exception):
    """Some object of the text has a key twice."""


def read_json(text: str, source: str) -> Document:
    """Read one JSON document; every fault is an InputError."""
    _check_depth(text, source)

    def non_finite(_: str) -> Any:
        raise fault(source, "NaN and Infinity are not numbers of JSON; leave the fact out")

    def whole(digits: str) -> int:
        if len(digits) > 18:
            raise fault(source, "a number is too large; correct it or leave the fact out")
        return int(digits)

    try:
        data = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_constant=non_finite,
            parse_int=whole,
        )
    except json.JSONDecodeError as error:
        raise fault(source, f"this is not JSON: {error.msg}", line=error.lineno) from None
    except _RepeatedKeyError:
        line, key = next(_repeated(text))
        message = "this key is given twice; keep one"
        raise fault(source, message, line=line, field=safe_key(key)) from None
    _check_texts(data, source, ())
    return _JsonDocument(source, data, {}, text)


def _check_depth(text: str, source: str) -> None:
    depth = 0
    for mark in _NESTING.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, mark.start()) + 1
            raise fault(source, f"nested over {MAX_DEPTH} levels deep", line=line)


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(items)
    if len(made) < len(items):
        raise _RepeatedKeyError
    return made


def _check_texts(data: Any, source: str, path: Steps) -> None:
    if isinstance(data, str):
        if len(data) > MAX_TEXT:
            raise fault(source, f"a text of over {MAX_TEXT:,} characters", field=field_name(path))
        if CONTROL.search(data):
            message = "a control character stands here; remove it"
            raise fault(source, message, field=field_name(path))
    elif isinstance(data, dict):
        for key, value in data.items():
            if CONTROL.search(key):
                message = "a control character stands in a key; remove it"
                raise fault(source, message, field=field_name(path))
            _check_texts(value, source, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            _check_texts(value, source, (*path, number))


@dataclass(frozen=True)
class _JsonDocument(Document):
    """JSON is read at full speed; lines are worked out only when a fault is reported."""

    text: str = field(default="", repr=False)

    def line(self, path: Steps) -> int:
        if not self.lines:
            self.lines[()] = 1
            for line, place, _ in _places(self.text):
                self.lines.setdefault(place, line)
        return super().line(path)


def _repeated(text: str) -> Iterator[tuple[int, str]]:
    """The line and name of each key that its object already has."""
    seen: Counter[Steps] = Counter()
    for line, place, is_key in _places(text):
        if is_key:
            seen[place] += 1
            if seen[place] > 1:
                yield line, str(place[-1])


def _places(text: str) -> Iterator[tuple[int, Steps, bool]]:
    """Each key and value of a well-formed text: its line, where it stands, whether it is a key."""
    path: list[str | int] = []
    containers: list[str] = []
    expect_key = False
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", counted, token.start(1))
        counted = token.start(1)
        mark = token[1]
        if mark in "{[":
            yield line, tuple(path), False
            containers.append(mark)
            expect_key = mark == "{"
            path.append(0 if mark == "[" else "")
        elif mark in "}]":
            containers.pop()
            path.pop()
            expect_key = False
        elif mark == ",":
            if containers[-1] == "[":
                path[-1] = int(path[-1]) + 1
            else:
                expect_key = True
        elif mark != ":":
            if expect_key:
                path[-1] = json.loads(mark)
            yield line, tuple(path), expect_key
            expect_key = False
