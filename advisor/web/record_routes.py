"""The record of a case for the case file: to read and print, as plain text, as JSON."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from advisor.record import as_json
from advisor.record_text import TITLE, as_text, sections
from advisor.web.advised import Place
from advisor.web.drawing import page

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case}/record")
async def record(request: Request, case: str) -> Response:
    """The record for the case file, to read, print and copy."""
    place = Place(request, case, write=False)

    def drawn() -> Response:
        made = place.open().record()
        return page(
            request,
            "advice/record.html",
            case=place.kept,
            title=TITLE,
            sections=sections(made),
            text=as_text(made),
        )

    return await run_in_threadpool(drawn)


@router.get("/cases/{case}/record.txt")
async def record_as_text(request: Request, case: str) -> Response:
    """The record as plain text."""
    place = Place(request, case, write=False)
    text = await run_in_threadpool(lambda: as_text(place.open().record()))
    return Response(text, media_type="text/plain; charset=utf-8", headers=_file("txt"))


@router.get("/cases/{case}/record.json")
async def record_as_json(request: Request, case: str) -> Response:
    """The record as JSON."""
    place = Place(request, case, write=False)
    text = await run_in_threadpool(lambda: as_json(place.open().record()))
    return Response(text, media_type="application/json", headers=_file("json"))


def _file(ending: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'inline; filename="record.{ending}"',
        "Cache-Control": "no-store",
    }
