"""YAML 1.2 core and stricter, from the parser's events, so that nothing YAML-specific is made."""

from __future__ import annotations

import re
from typing import Any

import yaml

from advisor.document import CONTROL, MAX_DEPTH, MAX_TEXT, Document, Steps, safe_key
from advisor.problems import InputError, fault, field_name

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LOOKS_NUMERIC = re.compile(r"[-+]?(0[0-9]+|0[xob][0-9a-fA-F_]+|[0-9][0-9_]*_[0-9_]*)")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?")
_NON_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})


def read_yaml(text: str, source: str) -> Document:
    """Read one YAML document; every fault is an InputError with its line."""
    return _Reader(text, source).read()


class _Reader:
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
            if CONTROL.search(key):
                raise self.fault(event, "a control character in a key; remove it", path)
            plain = not event.style
            if plain and key.lower() in _OLD_BOOLEANS:
                raise self.fault(event, f"{key} as a key is read as true or false: quote it", path)
            if plain and key == "<<":
                raise self.fault(event, "merge keys (<<) are not used here", path)
            if key in made:
                name = safe_key(key)
                raise self.fault(event, f"the key {name} is given twice; keep one", (*path, name))
            self.mark(event, (*path, key))
            made[key] = self.value(events, next(events), (*path, key))
        return made

    def scalar(self, event: Any, path: Steps) -> Any:
        text = event.value
        if len(text) > MAX_TEXT:
            raise self.fault(event, f"a text of over {MAX_TEXT:,} characters", path)
        if CONTROL.search(text):
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
