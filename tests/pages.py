"""Reading a page of the application as its user would: its forms, links, headings and errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from starlette.testclient import TestClient

_VOID = frozenset({"input", "link", "meta", "br", "hr", "img"})


@dataclass
class Form:
    """A form as it would be sent untouched: its fields in order, and what its buttons add."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    controls: list[tuple[str, str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of every control."""
        return {name for name, _, _ in self.controls}

    def values(self, name: str) -> list[str]:
        """The values that a control of this name can take."""
        return [value for each, value, _ in self.controls if each == name]


class Page(HTMLParser):
    """A page that was answered: status, text, headings, forms and links."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status: int = response.status_code
        self.url = str(response.url)
        self.html: str = response.text
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.text = ""
        self.headings: list[str] = []
        self.title = ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self._select: list[tuple[str, bool]] = []
        self._said = ""
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        form = self.forms[-1] if self.forms and any(t == "form" for t, _ in self._open) else None
        if tag == "form":
            self.forms.append(Form(held.get("action", ""), held.get("method", "get")))
        elif form is not None and tag == "input":
            kind = held.get("type", "text")
            form.controls.append((held.get("name", ""), held.get("value", ""), kind))
            if kind not in ("radio", "checkbox", "file") or "checked" in held:
                form.fields.append((held.get("name", ""), held.get("value", "")))
        elif tag == "select":
            self._select = []
        elif tag == "option":
            self._select.append((held.get("value", ""), "selected" in held))
            if form is not None:
                name = next(a.get("name", "") for t, a in reversed(self._open) if t == "select")
                form.controls.append((name, held.get("value", ""), "option"))
        if tag in ("button", "a", "h1", "h2", "h3", "title", "textarea"):
            self._said = ""
        if tag not in _VOID:
            self._open.append((tag, held))

    def handle_data(self, data: str) -> None:
        self.text += data
        self._said += data

    def handle_endtag(self, tag: str) -> None:
        if not any(each == tag for each, _ in self._open):
            return
        while self._open[-1][0] != tag:
            self._open.pop()
        _, held = self._open.pop()
        said = " ".join(self._said.split())
        inside = any(each == "form" for each, _ in self._open)
        if tag == "a":
            self.links.append((said, held.get("href", "")))
        elif tag in ("h1", "h2", "h3"):
            self.headings.append(said)
        elif tag == "title":
            self.title = said
        elif inside and tag == "select" and self._select:
            chosen = [value for value, picked in self._select if picked] or [self._select[0][0]]
            self.forms[-1].fields.append((held.get("name", ""), chosen[-1]))
        elif inside and tag == "textarea":
            self.forms[-1].controls.append((held.get("name", ""), "", "textarea"))
            self.forms[-1].fields.append((held.get("name", ""), self._said.removeprefix("\n")))
        elif inside and tag == "button":
            button = (said, held.get("name", ""), held.get("value", ""))
            self.forms[-1].buttons.append(button)

    def link(self, words: str) -> str:
        """Where the first link that begins with these words leads."""
        found = [href for said, href in self.links if said.startswith(words)]
        assert found, f"no link {words!r} among {[said for said, _ in self.links]}"
        return urljoin(self.url, found[0])

    def form(self, button: str) -> Form:
        """The form that has a button with these words."""
        for form in self.forms:
            if any(said.startswith(button) for said, _, _ in form.buttons):
                return form
        raise AssertionError(f"no button {button!r}: {[f.buttons for f in self.forms]}")

    def errors(self) -> list[str]:
        """The messages beside the fields at fault."""
        return [part.split("</p>")[0].split("</span>")[-1].strip() for part in self._error_parts()]

    def _error_parts(self) -> Iterator[str]:
        yield from self.html.split('class="govuk-error-message">')[1:]


class Reader:
    """Goes from page to page with a client, as somebody with a browser and no scripts does."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def open(self, path: str) -> Page:
        """The page at a path, after any redirect."""
        return Page(self.client.get(path))

    def follow(self, page: Page, words: str) -> Page:
        """The page to which a link leads."""
        return self.open(page.link(words))

    def send(self, page: Page, button: str, **given: Any) -> Page:
        """The page after a form was sent by one of its buttons, with these fields changed.

        ``answers`` holds fields whose names are no Python names.
        """
        form = page.form(button)
        changed: dict[str, Any] = {**given.pop("answers", {}), **given}
        unknown = set(changed) - form.names()
        assert not unknown, f"the form has no {unknown}; it has {sorted(form.names())}"
        fields = [(name, value) for name, value in form.fields if name not in changed]
        for name, value in changed.items():
            values = value if isinstance(value, list | tuple) else [value]
            fields += [(name, each) for each in values]
        name, value = next((n, v) for said, n, v in form.buttons if said.startswith(button))
        if name:
            fields.append((name, value))
        data: dict[str, list[str]] = {}
        for key, each in fields:
            data.setdefault(key, []).append(each)
        target = urljoin(page.url, form.action) if form.action else page.url
        return Page(self.client.post(target, data=data))
