"""Strict reading of YAML and JSON files and texts.

YAML is read as YAML 1.2 core and stricter: duplicate keys, tags, anchors, aliases, several
documents, ``yes``/``no``/``on``/``off``, sexagesimal numbers and non-finite numbers are refused,
because each of them has silently changed the meaning of somebody's rules. Dates stay text.
"""

from __future__ import annotations

from pathlib import Path

from advisor.document import CONTROL, MAX_BYTES, MAX_DEPTH, MAX_TEXT, Document, Steps
from advisor.problems import fault
from advisor.strict_json import read_json
from advisor.strict_yaml import read_yaml

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_TEXT",
    "Document",
    "Steps",
    "read_file",
    "read_text",
    "text_of_bytes",
    "text_of_file",
]


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
    found = CONTROL.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise fault(source, "a control character stands here; remove it", line=line)
    return read_json(text, source) if is_json else read_yaml(text, source)
