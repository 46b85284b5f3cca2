"""The description of the routes, for programs (OpenAPI) and for people (a page without scripts)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from advisor.advice import NOTICE
from advisor.chronology.story import StoryDocument
from advisor.snapshot import Snapshot
from advisor.web.catalogue import Asked
from advisor.web.problem_details import (
    MEDIA_TYPE,
    FieldError,
    ProblemDetails,
    unusable_snapshot,
)
from advisor.web.service import Service

_REF = "#/components/schemas/{model}"
JSON, YAML = "application/json", "application/yaml"

EXAMPLE_YAML = """\
snapshot: {id: example-1, as_of: 2024-06-03, authority: here}
referral: {source: health_visiting, reports: [injury_or_mark], decision: no_further_action}
children:
  - id: baby
    born: 2024-02
    movement: {crawls: false, pulls_to_stand: false, cruises: false, walks: {unknown: not_asked}}
    injuries:
      - {kind: bruise, sites: [face], seen_on: 2024-06-02, known_birthmark: false}
adults:
  complete: false
  items:
    - {id: mother, links: [{child: baby, relation: mother, lives_with_child: true}]}
"""
EXAMPLE: dict[str, Any] = {
    "snapshot": {"id": "example-1", "as_of": "2024-06-03", "authority": "here"},
    "referral": {
        "source": "health_visiting",
        "reports": ["injury_or_mark"],
        "decision": "no_further_action",
    },
    "children": [
        {
            "id": "baby",
            "born": "2024-02",
            "movement": {
                "crawls": False,
                "pulls_to_stand": False,
                "cruises": False,
                "walks": {"unknown": "not_asked"},
            },
            "injuries": [
                {
                    "kind": "bruise",
                    "sites": ["face"],
                    "seen_on": "2024-06-02",
                    "known_birthmark": False,
                }
            ],
        }
    ],
    "adults": {
        "complete": False,
        "items": [
            {
                "id": "mother",
                "links": [{"child": "baby", "relation": "mother", "lives_with_child": True}],
            }
        ],
    },
}
"""An invented case. The two are the same; a test compares them."""

_SNAPSHOT: dict[str, Any] = {
    "anyOf": [
        {"$ref": _REF.format(model="Snapshot")},
        {
            "type": "object",
            "description": "A scenario: only its case is read",
            "required": ["scenario", "case"],
            "properties": {"case": {"$ref": _REF.format(model="Snapshot")}},
        },
    ]
}
SNAPSHOT_BODY: dict[str, Any] = {
    "required": True,
    "description": "A case snapshot, or a scenario document, whose case is then read",
    "content": {
        JSON: {"schema": _SNAPSHOT, "example": EXAMPLE},
        YAML: {"schema": _SNAPSHOT, "example": EXAMPLE_YAML},
        "text/yaml": {"schema": _SNAPSHOT, "example": EXAMPLE_YAML},
    },
}

STORY_YAML = """\
story:
  id: wren
  title: A made-up story
  holders:
    council: {agency: childrens_social_care, name: The council, authority: here, front_door: true}
    nursery: {agency: nursery_or_childminder, name: The nursery, authority: here}
entries:
  - id: family
    what: The council knew of one child, a baby.
    known: {council: 2024-01-10}
    sets: {children: {complete: true, items: [{id: wren, born: 2023-11}]}}
  - id: mark
    happened_on: 2024-05-02
    what: The nursery saw a mark on the baby's cheek, and rang eight days later.
    known: {nursery: 2024-05-02, council: 2024-05-10}
    source: nursery_or_childminder
    reports: [injury_or_mark]
    sets:
      children.wren.injuries.cheek: {kind: mark, sites: [cheek], seen_on: 2024-05-02}
"""
_STORY = {"$ref": _REF.format(model="StoryDocument")}
STORY_BODY: dict[str, Any] = {
    "required": True,
    "description": "A chronology: who takes part, what happened, and who knew of it since when",
    "content": {
        JSON: {"schema": _STORY},
        YAML: {"schema": _STORY, "example": STORY_YAML},
        "text/yaml": {"schema": _STORY, "example": STORY_YAML},
    },
}

_MEANINGS = {
    404: "There is none of that name; a near one is suggested",
    413: "The body is too large",
    415: "The body is of another media type",
    422: "The snapshot cannot be used; every fault is listed",
    500: "The fault is ours; nothing was advised",
}
_UNUSABLE = unusable_snapshot(
    [
        FieldError(
            field="children[0].injuires",
            line=7,
            message="there is no such fact here. Did you mean injuries?",
        )
    ],
    count=1,
)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of a route, for its description."""
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemDetails")}}}
    made: dict[int | str, dict[str, Any]] = {
        status: {"description": _MEANINGS[status], "content": content} for status in statuses
    }
    if 422 in made:
        example = {"example": _UNUSABLE.model_dump(mode="json")}
        made[422] = {**made[422], "content": {MEDIA_TYPE: {**content[MEDIA_TYPE], **example}}}
    made["default"] = {"description": "Any other error", "content": content}
    return made


def encoded(document: dict[str, Any]) -> bytes:
    """A document as JSON, the same bytes each time."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def openapi(app: FastAPI, service: Service) -> dict[str, Any]:
    """The OpenAPI document. Its examples of answers are what this pack says of the example case."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=app.summary,
        description=app.description,
        routes=app.routes,
    )
    schemas = made["components"]["schemas"]
    for model in (Snapshot, StoryDocument, ProblemDetails):
        for name, schema in _definitions(model).items():
            if schemas.setdefault(name, schema) != schema:
                raise RuntimeError(f"two schemas are called {name}")
    advice = service.advise(Snapshot.from_data(EXAMPLE))
    asked = Asked(snapshot_id=advice.snapshot_id, questions=advice.questions, notice=NOTICE)
    for path, answer in (("/v1/advice", advice), ("/v1/questions", asked)):
        content = made["paths"][path]["post"]["responses"]["200"]["content"][JSON]
        content["example"] = answer.model_dump(mode="json")
    return made


def _definitions(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=_REF)
    schema.pop("$schema", None)
    return {**schema.pop("$defs", {}), model.__name__: schema}


class Page(NamedTuple):
    """An HTML page, and the content security policy under which it looks as it should."""

    html: str
    policy: str


_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem; color: #0b0c0c }
code, pre { font: 0.95rem/1.4 monospace } pre { background: #f3f2f1; padding: 1rem; overflow: auto }
h2 { border-top: 1px solid #505a5f; padding-top: 1rem } dt { font-weight: bold }
"""


def page(document: dict[str, Any]) -> Page:
    """The OpenAPI document as a page that needs no script and no other host."""
    body = "\n".join(_parts(document))
    html = (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document['info']['title'])}: routes</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    return Page(html, policy)


def _parts(document: dict[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield f"<h1>{escape(info['title'])}, version {escape(info['version'])}</h1>"
    yield from _paragraphs(info["description"])
    yield '<p>For programs: <a href="/openapi.json">this description as OpenAPI</a> and '
    yield '<a href="/v1/schema/snapshot">the JSON Schema of a case snapshot</a>.</p>'
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p><strong>{escape(operation['summary'])}.</strong></p>"
            yield from _paragraphs(operation["description"])
            if "requestBody" in operation:
                kinds = ", ".join(operation["requestBody"]["content"])
                yield f"<p>Takes {escape(kinds)}.</p>"
            yield "<dl>"
            for status, response in operation["responses"].items():
                kinds = ", ".join(response.get("content", {}))
                told = f"{response['description']} ({kinds})"
                yield f"<dt>{escape(status)}</dt><dd>{escape(told)}</dd>"
            yield "</dl>"
    yield "<h2>An example: a case snapshot, as YAML</h2>"
    yield f'<pre tabindex="0">{escape(EXAMPLE_YAML)}</pre>'
    yield '<h2 id="unusable-snapshot">When a snapshot cannot be used</h2>'
    yield "<p>The answer has status 422 and lists each fault with its field, its line and what to "
    yield "do. Nothing was advised. What was sent is not repeated, nor kept.</p>"
    unusable = json.dumps(_UNUSABLE.model_dump(mode="json"), indent=2)
    yield f'<pre tabindex="0">{escape(unusable)}</pre>'


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield f"<p>{escape(' '.join(paragraph.split()))}</p>"
