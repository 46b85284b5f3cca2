"""The pages of the library: rules, signals and reviews, search, and what changed.

They hold no case and are the same for everybody, whatever their role.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from advisor.language.documents import Signal
from advisor.language.english import URGENCIES
from advisor.releases import STATUSES
from advisor.searching import LONGEST, QueryError
from advisor.site import Links
from advisor.web.drawing import page
from advisor.web.problem_details import not_found
from advisor.web.shelf import Filter, Shelf, indented, shelf_of
from advisor.web.visitors import require

router = APIRouter(include_in_schema=False)

LINKS = Links("/", "", "/rules?theme=")
_AT_MOST = 50
_COUNTED_IN = 2.0
"""For so many seconds a script waits to be told how many scenarios there are."""


def _page(
    request: Request, shelf: Shelf, template: str, *, status: int = 200, **values: Any
) -> Response:
    return page(
        request,
        f"library/{template}",
        status=status,
        pack=shelf.pack,
        to=LINKS,
        statuses=STATUSES,
        **values,
    )


def _known(what: str, name: str, names: Iterable[str]) -> str:
    """A name that must be one of some; refused with 404 and what is close to it if it is not."""
    known = list(names)
    if name not in known:
        raise not_found(what, name, known)
    return name


def _words(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


@router.get("/rules")
def rules(request: Request, theme: str = "", urgency: str = "", review: str = "") -> Response:
    """Every rule by theme, or those of a theme, an urgency or a review."""
    require(request)
    shelf = shelf_of(request)
    pack, by_theme = shelf.pack, shelf.library.by_theme
    for what, name, names in (
        ("theme", theme, pack.themes),
        ("urgency", urgency, URGENCIES),
        ("review", review, pack.reviews),
    ):
        if name:
            _known(what, name, names)
    chosen = Filter(theme, urgency, review)
    shown = (
        (name, meaning, [rule for rule in found if chosen.takes(rule, pack)])
        for name, meaning, found in by_theme
    )
    groups = [each for each in shown if each[2]]
    return _page(
        request,
        shelf,
        "rules.html",
        chosen=chosen,
        groups=groups,
        count=sum(len(found) for _, _, found in groups),
        themes=[("", "Every theme"), *((name, _words(name)) for name, _, _ in by_theme)],
        soon=[("", "At any time"), *URGENCIES.items()],
        reviews=[("", "Any review"), *((each.id, each.title) for each in pack.reviews.values())],
    )


@router.get("/rules/{name}")
def rule(request: Request, name: str) -> Response:
    """One rule in plain English, with where it comes from and where it is raised."""
    require(request)
    shelf = shelf_of(request)
    _known("rule", name, shelf.pack.rules)
    library, progress = shelf.tried()
    return _page(
        request,
        shelf,
        "rule.html",
        library=library,
        page=library.rule(name),
        progress=progress,
        again=LINKS.rule(name),
    )


@router.get("/signals")
def signals(request: Request) -> Response:
    """Every signal, by what it is about."""
    require(request)
    shelf = shelf_of(request)
    groups: dict[str, list[Signal]] = {}
    for _, signal in sorted(shelf.pack.signals.items()):
        groups.setdefault(signal.about, []).append(signal)
    return _page(request, shelf, "signals.html", groups=groups)


@router.get("/signals/{name}")
def signal(request: Request, name: str) -> Response:
    """One signal: its words, how it is worked out, and who reads it."""
    require(request)
    shelf = shelf_of(request)
    _known("signal", name, shelf.pack.signals)
    return _page(request, shelf, "signal.html", page=shelf.library.signal(name))


@router.get("/reviews")
def reviews(request: Request) -> Response:
    """Every review, with how far its findings are carried."""
    require(request)
    shelf = shelf_of(request)
    return _page(request, shelf, "reviews.html", pages=list(shelf.library.reviews()))


@router.get("/reviews/{name}")
def review(request: Request, name: str) -> Response:
    """One review: how far each theme is carried, every finding with its rules, its decisions."""
    require(request)
    shelf = shelf_of(request)
    _known("review", name, shelf.pack.reviews)
    library, progress = shelf.tried()
    return _page(
        request,
        shelf,
        "review.html",
        page=library.review(name),
        progress=progress,
        again=LINKS.review(name),
    )


@router.get("/search")
def search(request: Request, q: str | None = None) -> Response:
    """What holds every word that was asked for."""
    require(request)
    shelf = shelf_of(request)
    values: dict[str, Any] = {"asked": (q or "")[:LONGEST], "error": "", "hits": None, "count": 0}
    if q is not None:
        try:
            values.update(hits=shelf.index.search(q, _AT_MOST), count=shelf.index.count(q))
        except QueryError as error:
            values["error"] = str(error)
    status = 422 if values["error"] else 200
    return _page(request, shelf, "search.html", status=status, **values)


@router.get("/changes")
def changes(request: Request) -> Response:
    """What changed from one version to another; to the present one if none is named."""
    require(request)
    shelf = shelf_of(request)
    versions = list(shelf.versions)
    words = {name: each.version for name, each in shelf.versions.items()}
    words[versions[-1]] += " (in use)"
    asked = request.query_params
    new = _known("version", asked.get("to", versions[-1]), versions)
    before = versions[versions.index(new) - 1] if new != versions[0] else new
    old = _known("version", asked.get("from", before), versions)
    return _page(
        request,
        shelf,
        "changes.html",
        old=old,
        new=new,
        versions=words,
        changes=shelf.changes(old, new),
        points_of=indented,
    )


@router.get("/library/progress.json")
def progress(request: Request) -> Response:
    """On how many scenarios of how many the rules have been tried, for the script of a page."""
    require(request)
    found = shelf_of(request).trying.progress(_COUNTED_IN)
    # A script comes again for the page as soon as no more is to be done.
    of = max(found.of, 1)
    return JSONResponse({"done": of if found.over else min(found.done, of - 1), "of": of})
