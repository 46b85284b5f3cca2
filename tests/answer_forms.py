"""Small cases, what a browser sends of their forms, and what a page of HTML would send."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import settings

from advisor.addresses import entry_id, items
from advisor.answering import (
    Field,
    FormError,
    answers_of,
    apply,
    field_at,
    fields,
)
from advisor.data import scenarios_folder
from advisor.facts.shape import Kind, Type, slots, walk
from advisor.questionnaire import read_questionnaire
from advisor.scenario import scenarios
from advisor.snapshot import Snapshot
from advisor.values import Model, UnknownReason
from tests.generation import SnapshotMaker

Plain = dict[str, Any]
DAY = "2024-06-03"
Form = Mapping[str, Any]
few = settings(max_examples=30)  # each example is a whole case with some hundred questions


Sent = list[tuple[str, str]]


def sent(fields: Iterable[Field]) -> Sent:
    """What a browser sends of these questions if nothing in the page is touched."""
    pairs: Sent = []
    for field in fields:
        pairs += _sent(field)
    return pairs


def _sent(field: Field) -> Sent:
    name, shown = field.name, field.shown
    pairs: Sent = []
    if field.kind in ("many", "references"):
        pairs.append((name, ""))
    if field.kind in ("number", "text"):
        pairs.append((name, shown.text("")))
    if field.by_select and not shown.chosen:
        pairs.append((name, ""))
    pairs += [(name, value) for value in shown.chosen]
    typed = []
    if field.kind in ("date", "age"):
        typed += ["day", "month", "year"]
    if field.kind == "age":
        typed += ["number", "unit"]
    if not field.required:
        typed += ["why", "note"]
    pairs += [(f"{name}!{end}", shown.text(end)) for end in typed]
    if shown.text("complete"):
        pairs.append((f"{name}!complete", shown.text("complete")))
    return pairs


class _Page(HTMLParser):
    """Collects the controls of a page, its ids, and what refers to them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: set[str] = set()
        self.described: set[str] = set()
        self._select = self._area = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {key: value or "" for key, value in attrs}
        self.ids += [held["id"]] if "id" in held else []
        self.described |= set(held.get("aria-describedby", "").split())
        self.described |= set(held.get("aria-labelledby", "").split())
        self.labelled |= {held["for"]} if tag == "label" else set()
        assert not {key for key in held if key.startswith("on") or key == "style"}
        if tag in ("input", "select", "textarea") and held.get("type") != "hidden":
            self.controls.add(held["id"])
        if tag == "input":
            ticked = held.get("type") not in ("radio", "checkbox") or "checked" in held
            self.sent += [(held["name"], held["value"])] if ticked else []
        elif tag == "select":
            self._select = held["name"]
            self.sent.append((self._select, ""))
        elif tag == "option" and "selected" in held:
            self.sent[-1] = (self._select, held["value"])
        elif tag == "textarea":
            self._area, self._text = held["name"], ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.sent.append((self._area, self._text.removeprefix("\n").replace("\n", "\r\n")))


def page(html: str) -> _Page:
    """A page of HTML as a browser takes it."""
    found = _Page()
    found.feed(html)
    return found


def bare(data: Mapping[str, Any], model: type[Model] = Snapshot) -> dict[str, Any]:
    """A case without its facts: its heading, and every entry by its id."""
    made: dict[str, Any] = {}
    for name, slot in slots(model).items():
        part = data.get(name)
        if name in ("id", "child", "snapshot", "as_of") and part is not None:
            made[name] = part
        elif slot.kind is Kind.GROUP and slot.model is not None and part:
            made[name] = bare(part, slot.model)
        elif slot.type is Type.ENTITY and slot.model is not None and items(part):
            held = [bare(item, slot.model) for item in items(part)]
            made[name] = {"complete": False, "items": held}
    return made


def without_origins(part: Any) -> Any:
    """Plain data without what stands beside values, and without lists known to hold nothing."""
    if isinstance(part, list):
        return [without_origins(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    beside = ("known_on", "known_to", "from")
    kept = {key: without_origins(each) for key, each in part.items() if key not in beside}
    if set(kept) == {"value"}:
        return kept["value"]
    if kept == {"complete": True, "items": kept.get("items")}:
        return kept["items"]
    return {key: each for key, each in kept.items() if not _empty(key, each)}


def _empty(name: str, part: Any) -> bool:
    """Whether nothing is said: an open list of entries without any, an unknown not recorded."""
    if part in ({}, {"unknown": "not_recorded"}):
        return True
    entities = ("injuries", "plans", "orders", "moves", "history", "checks", "events", "adults")
    empty = {"complete": False, "items": []}
    return name in (*entities, "services", "meetings", "links") and part == empty


def entry_ids(part: Any) -> list[str]:
    """The ids in a list of entries."""
    return [entry_id(item) for item in items(part)]


def plain(**parts: Any) -> Plain:
    heading = {"id": "made", "as_of": DAY}
    return Snapshot.from_data({"snapshot": heading, "children": [{"id": "amy"}], **parts}).plain


def child(**facts: Any) -> Plain:
    return plain(children=[{"id": "amy", **facts}])


def made(seed: int) -> Plain:
    """A random valid case, with notes beside some of its facts."""
    maker = SnapshotMaker(seed, missing=0.3)
    snapshot = Snapshot.from_data(maker.snapshot())
    for path, slot, value in walk(snapshot):
        told_of = value.unknown is not UnknownReason.NOT_RECORDED and slot.type is not Type.ENTITY
        if told_of and path[-1] not in ("born", "due") and maker.random.random() < 0.05:
            value.note = "Asked again\non the second day."
    return Snapshot.from_data(snapshot.plain).plain


def every_field(document: Mapping[str, Any]) -> list[Field]:
    """The questions of every section for everybody in a case."""
    pages = read_questionnaire().pages(document)
    return [field for section, owner in pages for field in fields(section, document, owner)]


def text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)


def answered(document: Plain, address: str, form: Any) -> Plain:
    """The document after a form with this one question."""
    field = field_at(address, document)
    pairs = {f"{address}{end}": value for end, value in form.items()}
    return apply(document, answers_of([field], pairs))


def told(document: Plain, address: str, form: Any) -> str:
    """What a form with this one question is told."""
    field = field_at(address, document)
    pairs = {f"{address}{end}": value for end, value in form.items()}
    with pytest.raises(FormError) as caught:
        apply(document, answers_of([field], pairs))
    messages: dict[str, str] = caught.value.messages
    assert list(messages) == [field.name]
    assert field.ask in messages[field.name] or "Date of birth" in field.ask
    return messages[field.name]


@cache
def every_scenario() -> list[Plain]:
    return [each.snapshot.plain for each in scenarios(scenarios_folder())]
