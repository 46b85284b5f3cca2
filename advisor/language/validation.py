"""From a validation error of pydantic to problems that a rule's author can act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from advisor.language.expressions import OPERATORS
from advisor.problems import InputError, Problem, field_name, suggestion
from advisor.reading import Document, Steps

M = TypeVar("M", bound=BaseModel)
_TAGS = frozenset({*OPERATORS, "at_least"})


def make(model: type[M], document: Document, data: Any, at: Steps = ()) -> M:
    """Make a model of a part of a document; raises InputError with the line of each fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(_problems(error, model, document, data, at)) from None


def _problems(
    error: ValidationError, model: type[BaseModel], document: Document, data: Any, at: Steps
) -> Iterator[Problem]:
    for each in error.errors(include_url=False):
        path, value = _as_written(each["loc"], data)
        place = at + path
        message = _message(each, model, path, value)
        yield Problem(document.source, document.line(place), field_name(place), message)


def _as_written(loc: Iterable[Any], data: Any) -> tuple[Steps, Any]:
    path: list[str | int] = []
    steps = list(loc)
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and step < len(data)
        ):
            if _is_tag(steps, number, data):
                continue
            data = data[step]
            path.append(step)
        elif isinstance(data, dict) and last and isinstance(step, str) and "[" not in step:
            path.append(step)
            data = None
    return tuple(path), data


def _is_tag(steps: list[Any], number: int, data: Any) -> bool:
    """Whether a step is the name of the operator chosen, and not yet the key below it."""
    return (
        steps[number] in _TAGS
        and number + 1 < len(steps)
        and isinstance(data, dict)
        and steps[number + 1] in data
    )


def _message(error: Any, model: type[BaseModel], path: Steps, value: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"there is no such key here.{suggestion(path[-1] if path else '', _keys(model))}"
    if kind == "missing":
        return "this is needed; add it"
    if kind == "literal_error":
        options = [option.strip("' ") for option in context["expected"].split(",")]
        options = [part for option in options for part in option.split("' or '")]
        return f"write one of {context['expected']}.{suggestion(value, options)}"
    if kind == "string_pattern_mismatch":
        return "this is not written as such a name is; see docs/language.md"
    if kind == "too_short":
        return "this list needs an entry; see whether one of them is at fault"
    if kind == "string_too_short":
        return f"too short: write at least {context['min_length']} characters"
    return str(error["msg"])


def _keys(model: type[BaseModel]) -> set[str]:
    """Every key that a document of this kind can have anywhere."""
    keys: set[str] = set()
    for part in _models(model, set()):
        for name, field in part.model_fields.items():
            keys.add(field.alias or name)
    return keys


def _models(model: Any, seen: set[Any]) -> Iterator[type[BaseModel]]:
    if model in seen or not (isinstance(model, type) and issubclass(model, BaseModel)):
        return
    seen.add(model)
    yield model
    for operator in OPERATORS.values():
        yield from _models(operator, seen)
    for field in model.model_fields.values():
        for part in _arguments(field.annotation):
            yield from _models(part, seen)


def _arguments(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _arguments(argument)
