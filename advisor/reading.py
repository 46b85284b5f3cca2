"""Strict reading of YAML and JSON: plain data, and the line on which each part stands.

YAML is read as YAML 1.2 core and stricter: duplicate keys, tags, anchors, aliases, several
documents, ``yes``/``no``/``on``/``off``, sexagesimal numbers and non-finite numbers are refused,
because each of them has silently changed the meaning of somebody's rules. Dates stay text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from advisor.problems import InputError, fault, field_name

MAX_BYTES = 8_000_000
MAX_DEPTH = 40
MAX_TEXT = 20_000

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LOOKS_NUMERIC = re.compile(r"[-+]?(0[0-9]+|0[xob][0-9a-fA-F_]+|[0-9][0-9_]*_[0-9_]*)")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?")
_NON_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One document as read: where from, its data, and the line of each part of it."""

    source: str
    data: Any
    lines: dict[Steps, int] = field(repr=False)

    def line(self, path: Steps) -> int:
        """The line of the part at ``path``, or of the nearest part that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_file(path: Path) -> Document:
    """Read a ``.json`` file as JSON and any other as YAML. Every fault is an InputError."""
    return read_text(text_of_file(path), str(path), is_json=path.suffix.lower() == ".json")


def text_of_file(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark, within the size limit."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise fault(str(path), "there is no such file") from None
    except IsADirectoryError:
        raise fault(str(path), "this is a folder; name a file in it") from None
    except PermissionError:
        raise fault(str(path), "this file may not be read; ask for permission to it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not usable"
        raise fault(str(path), f"this file cannot be read: {reason}") from None
    return text_of_bytes(content, str(path))


def text_of_bytes(content: bytes, source: str) -> str:
    """Decode UTF-8 and refuse what is too large or not text."""
    if len(content) > MAX_BYTES:
        raise fault(source, f"over {MAX_BYTES:,} bytes; give one case a file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise fault(source, "this is not UTF-8 text; save it as UTF-8", line=line) from None


def read_text(text: str, source: str, *, is_json: bool = False) -> Document:
    """Read one document from text. An empty one is refused."""
    if not text.strip():
        raise fault(source, "this is empty; a document was expected")
    found = _CONTROL.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise fault(source, "a control character stands here; remove it", line=line)
    return _read_json(text, source) if is_json else _YamlReader(text, source).read()


def _read_json(text: str, source: str) -> Document:
    depth = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, mark.start()) + 1
            raise fault(source, f"nested over {MAX_DEPTH} levels deep", line=line)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            names = [name for name, _ in items]
            twice = next(name for name in names if names.count(name) > 1)
            raise fault(source, "this key is given twice; keep one", line=0, field=_safe(twice))
        return made

    def non_finite(_: str) -> Any:
        raise fault(source, "NaN and Infinity are not numbers of JSON; leave the fact out")

    def whole(digits: str) -> int:
        if len(digits) > 18:
            raise fault(source, "a number is too large")
        return int(digits)

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=non_finite, parse_int=whole)
    except json.JSONDecodeError as error:
        raise fault(source, f"this is not JSON: {error.msg}", line=error.lineno) from None
    lines: dict[Steps, int] = {}
    _check_texts(data, source, ())
    return _JsonDocument(source, data, lines, text)


def _safe(text: str) -> str:
    return text if re.fullmatch(r"[\w.-]{1,60}", text) else ""


def _check_texts(data: Any, source: str, path: Steps) -> None:
    if isinstance(data, str):
        if len(data) > MAX_TEXT:
            raise fault(source, f"a text of over {MAX_TEXT:,} characters", field=field_name(path))
        if _CONTROL.search(data):
            raise fault(source, "a control character stands here", field=field_name(path))
    elif isinstance(data, dict):
        for key, value in data.items():
            if _CONTROL.search(key):
                raise fault(source, "a control character in a key", field=field_name(path))
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
            _json_lines(self.text, self.lines)
        return super().line(path)


_JSON_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+)')


def _json_lines(text: str, lines: dict[Steps, int]) -> None:
    """The line of each part of a JSON text that is known to be well formed."""
    path: list[str | int] = []
    containers: list[str] = []
    expect_key = False
    line, counted = 1, 0
    for token in _JSON_TOKEN.finditer(text):
        line += text.count("\n", counted, token.start(1))
        counted = token.start(1)
        mark = token[1]
        if mark in "{[":
            lines.setdefault(tuple(path), line)
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
        elif mark == ":":
            continue
        elif expect_key:
            path[-1] = json.loads(mark)
            lines.setdefault(tuple(path), line)
            expect_key = False
        else:
            lines.setdefault(tuple(path), line)


class _YamlReader:
    """Builds plain data from YAML events, so that nothing YAML-specific is ever constructed."""

    def __init__(self, text: str, source: str) -> None:
        self.text, self.source = text, source
        self.lines: dict[Steps, int] = {}

    def fault(self, event: Any, message: str, path: Steps = ()) -> InputError:
        line = event.start_mark.line + 1
        return fault(self.source, message, line=line, field=field_name(path))

    def mark(self, event: Any, path: Steps) -> None:
        self.lines.setdefault(path, event.start_mark.line + 1)

    def read(self) -> Document:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            events = yaml.parse(self.text, Loader=loader)
            next(events)  # stream start
            start = next(events)
            if isinstance(start, yaml.StreamEndEvent):
                raise fault(self.source, "this is empty; a document was expected")
            data = self.value(events, next(events), ())
            next(events)  # document end
            another = next(events)
            if not isinstance(another, yaml.StreamEndEvent):
                raise self.fault(another, "a second document starts here; give one a file")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = 1 if mark is None else mark.line + 1
            what = error.problem or "it cannot be read"
            message = f"this is not YAML: {what}; check the indentation and quotes"
            raise fault(self.source, message, line=line) from None
        except yaml.YAMLError:
            raise fault(self.source, "this is not YAML; check its characters") from None
        return Document(self.source, data, self.lines)

    def value(self, events: Any, event: Any, path: Steps) -> Any:
        self.mark(event, path)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.fault(event, "anchors and aliases (& and *) are not used here", path)
        if event.tag is not None and event.tag != "!":
            raise self.fault(event, "tags (!) are not used here; write the plain value", path)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if len(path) >= MAX_DEPTH:
            raise self.fault(event, f"nested over {MAX_DEPTH} levels deep", path[:3])
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self.value(events, item, (*path, len(items))))
            return items
        return self.mapping(events, path)

    def mapping(self, events: Any, path: Steps) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise self.fault(event, "a key must be plain text", path)
            key = event.value
            if _CONTROL.search(key):
                raise self.fault(event, "a control character in a key; remove it", path)
            plain = not event.style
            if plain and key.lower() in _OLD_BOOLEANS:
                raise self.fault(event, f"{key} as a key is read as true or false: quote it", path)
            if plain and key == "<<":
                raise self.fault(event, "merge keys (<<) are not used here", path)
            if key in made:
                name = _safe(key)
                raise self.fault(event, f"the key {name} is given twice; keep one", (*path, name))
            self.mark(event, (*path, key))
            made[key] = self.value(events, next(events), (*path, key))
        return made

    def scalar(self, event: Any, path: Steps) -> Any:
        text = event.value
        if len(text) > MAX_TEXT:
            raise self.fault(event, f"a text of over {MAX_TEXT:,} characters", path)
        if _CONTROL.search(text):
            raise self.fault(event, "a control character stands here; remove it", path)
        if event.style or event.tag == "!":
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("false", "False", "FALSE"):
            return False
        if text[0] not in "0123456789+-.":
            if text.lower() in _OLD_BOOLEANS:
                raise self.fault(event, "write true or false, or put the word in quotes", path)
            return text
        return self.number(event, text, path)

    def number(self, event: Any, text: str, path: Steps) -> Any:
        if _INT.fullmatch(text):
            if len(text) > 18:
                raise self.fault(event, "this number is too large", path)
            return int(text)
        if _FLOAT.fullmatch(text):
            if len(text) > 40:
                raise self.fault(event, "this number is too long", path)
            return float(text)
        if _NON_FINITE.fullmatch(text):
            raise self.fault(event, "this is not a number; leave the fact out", path)
        if _SEXAGESIMAL.fullmatch(text) or _LOOKS_NUMERIC.fullmatch(text):
            raise self.fault(event, "this may be read as another number: put it in quotes", path)
        return text
