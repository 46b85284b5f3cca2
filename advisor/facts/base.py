"""Declaring a fact: its question, who usually holds it, which data set could fill it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from advisor.values import not_recorded_fact, not_recorded_list


def ask(
    question: str, *, hint: str = "", held_by: Sequence[str] = (), data: Sequence[str] = ()
) -> Any:
    """A fact that may be unknown.

    ``question`` is what a worker would ask, with ``{child}`` or ``{adult}`` for the person;
    ``held_by`` the agencies that usually know; ``data`` the items of the sector's data sets
    (``cin:`` census, ``annex_a:`` Ofsted's lists, ``ssd:`` Standard Safeguarding Dataset,
    ``dfe_api:``) that could fill it.
    """
    return Field(
        default_factory=not_recorded_fact, json_schema_extra=_extra(question, hint, held_by, data)
    )


def ask_list(
    question: str, *, hint: str = "", held_by: Sequence[str] = (), data: Sequence[str] = ()
) -> Any:
    """A list that may be unknown or open; arguments as for :func:`ask`."""
    return Field(
        default_factory=not_recorded_list, json_schema_extra=_extra(question, hint, held_by, data)
    )


def _extra(question: str, hint: str, held_by: Sequence[str], data: Sequence[str]) -> dict[str, Any]:
    extra: dict[str, Any] = {"ask": question}
    if hint:
        extra["hint"] = hint
    if held_by:
        extra["held_by"] = list(held_by)
    if data:
        extra["data"] = list(data)
    return extra
