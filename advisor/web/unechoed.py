"""Takes what a caller wrote out of what we say back about it.

Our messages name ids and keys, which is right on a worker's own screen. A response may end up in
somebody's log, so here only words of the vocabulary, or near misses of them, are named.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from advisor.chronology.story import StoryDocument
from advisor.problems import Problem
from advisor.snapshot import Snapshot
from advisor.web.problem_details import MAX_ERRORS, FieldError

HIDDEN = "…"
_STEP = re.compile(r"\[\d{1,6}\]|[^.\[\]]+")
_TOKEN = re.compile(r"[\w-]+")
# Words of our messages. They say nothing of a case, even of one that has them as ids.
_MESSAGES = """
a adult after and any as at before both by child children correct date dates day each fact false
first for from give has have here id if in is it items its keep later leave lies list mean needed
no none not number of on one only or out own person set should such text than that the their there
these they this to true twice unknown use used value values was what where with word write year you
"""
_OURS = frozenset(_MESSAGES.split())
_KEY_TWICE = re.compile(r"the key .* is given twice", re.DOTALL)


@cache
def vocabulary() -> frozenset[str]:
    """Every word of the snapshot's own: names of facts, and the values they may take."""
    story = _words(StoryDocument.model_json_schema())
    return frozenset({"scenario", "case", *_words(Snapshot.model_json_schema()), *story})


def _words(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from schema.get("enum", ())
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _words(part)


def field_errors(problems: tuple[Problem, ...], data: Any = None) -> Iterator[FieldError]:
    """The first problems of a document, without any word of ``data`` that is not our own."""
    given = set(_given(data)) - vocabulary() - _OURS
    for problem in problems[:MAX_ERRORS]:
        message = _KEY_TWICE.sub("this key is given twice", problem.message)
        message = _TOKEN.sub(lambda found: HIDDEN if found[0] in given else found[0], message)
        yield FieldError(
            field=_field(problem.field),
            line=problem.line or None,
            message=message.replace(f" Did you mean {HIDDEN}?", ""),
        )


def _given(data: Any) -> Iterator[str]:
    """Every text in a document that is one word: keys, ids, values, dates."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _TOKEN.findall(key)
            yield from _given(value)
    elif isinstance(data, list):
        for value in data:
            yield from _given(value)
    elif isinstance(data, str) and _TOKEN.fullmatch(data):
        yield data


def _field(name: str) -> str:
    """A path whose every step is a position, a word of the vocabulary or a near miss of one."""
    made = ""
    for step in _STEP.findall(name):
        known = step if step.startswith("[") or _near(step) else HIDDEN
        made += known if known.startswith("[") or not made else f".{known}"
    return made


@cache
def _keys() -> tuple[str, ...]:
    return tuple(sorted(vocabulary()))


def _near(step: str) -> bool:
    if step in vocabulary():
        return True
    if len(step) > 60 or not _TOKEN.fullmatch(step):
        return False
    return bool(difflib.get_close_matches(step, _keys(), n=1, cutoff=0.8))
