"""JSON Schemas (2020-12) that a reader can follow, from those that pydantic writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def bare_or_held(held: Schema, key: str) -> Schema:
    """The schema of a fact (``key`` is value) or list (items) as it may be written.

    That is: the bare value, nothing, or a set of keys that has the value or why it is unknown.
    """
    properties = {name: _lean(value) for name, value in held["properties"].items()}
    bare = _lean(held["properties"][key])
    if key == "value":
        kinds = [part for part in bare["anyOf"] if part != {"type": "null"}]
        bare = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    else:
        properties["complete"]["default"] = True
    either = [{"required": [key]}, {"required": ["unknown"]}]
    whole = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"anyOf": [bare, {"type": "null"}, {**whole, "anyOf": either}]}


def _lean(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name not in ("title", "default")}


def readable(schema: Schema) -> Schema:
    """A whole schema that names its dialect, and each kind of fact or list after what it holds.

    pydantic names them after the whole type, which for a fact with many values is a page long.
    """
    names: dict[str, str] = {}
    for name, part in schema.get("$defs", {}).items():
        short = name
        if name.startswith(("Fact_", "Listing_")):
            kind = name.split("_")[0]
            bare = part["anyOf"][0]
            short = f"{kind}_{_held_name(bare['items'] if kind == 'Listing' else bare)}"
        while short in names.values():
            short += "_"
        names[name] = short
    return {"$schema": DIALECT, **_renamed_keys(schema, names)}


def _held_name(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return f"{schema['enum'][0]}_to_{schema['enum'][-1]}"
    if "anyOf" in schema:
        return "date_or_none" if {"const": "none"} in schema["anyOf"] else "date"
    return "id" if schema["type"] == "string" else str(schema["type"])


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_renamed(each, names) for each in part]
    return _renamed_keys(part, names) if isinstance(part, dict) else part


def _renamed_keys(part: Schema, names: Mapping[str, str]) -> Schema:
    made: Schema = {}
    for key, value in part.items():
        if key == "$ref":
            base, name = value.rsplit("/", 1)
            made[key] = f"{base}/{names.get(name, name)}"
        elif key == "$defs":
            made[key] = {names[name]: _renamed(each, names) for name, each in value.items()}
        else:
            made[key] = _renamed(value, names)
    return made
