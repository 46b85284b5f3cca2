"""What a worker answers to a prompt, as it is kept with the case and printed in the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from advisor.document import CONTROL

Answer = Literal["addressed", "already_done", "does_not_apply", "disagree", "awaiting"]
"""What a worker may say to a prompt."""

NEEDS_REASON: tuple[Answer, ...] = ("does_not_apply", "disagree")
"""The answers that set a prompt aside, and must say why."""

MAX_REASON = 500
"""The longest reason, in characters."""

MAX_WHO = 100
"""The longest role, in characters."""

_Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Response(BaseModel):
    """One answer to one prompt. It is never changed: a later answer stands beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    prompt: str
    """The id of the prompt."""
    rule: str
    rule_version: int = Field(ge=1)
    answer: Answer
    reason: str = Field(default="", max_length=MAX_REASON)
    who: str = Field(default="", max_length=MAX_WHO)
    """Whose answer is awaited: a role, never a name. Empty unless awaiting."""
    by: dt.date | None = None
    """The day by which it is awaited. None unless awaiting."""
    revision: int = Field(ge=1)
    """The revision of the case that the prompt was about."""
    snapshot_sha256: _Sha256
    pack_sha256: _Sha256
    given_by: str
    given_at: AwareDatetime

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.answer in NEEDS_REASON and not self.reason.strip():
            raise ValueError("this answer needs a reason")
        awaiting = self.answer == "awaiting"
        if awaiting != bool(self.who.strip()) or awaiting != (self.by is not None):
            raise ValueError("who and by are given for what is awaited, and for nothing else")
        return self


class AnswerError(ValueError):
    """An answer that cannot be taken. ``errors`` has a sentence for each field at fault."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))


def response_of(
    fields: Mapping[str, str],
    *,
    prompt: str,
    rule: str,
    rule_version: int,
    revision: int,
    snapshot_sha256: str,
    pack_sha256: str,
    given_by: str,
    given_at: dt.datetime,
    earliest: dt.date | None = None,
) -> Response:
    """The response in a posted form; raises :class:`AnswerError` with every fault.

    Fields read: ``answer``, ``reason``, ``who``, and the day as ``by`` (YYYY-MM-DD) or as
    ``by!day``, ``by!month`` and ``by!year``. What was typed under "awaiting" is dropped when
    another answer is chosen. A day before ``earliest`` (the day of the snapshot) is a fault.
    """
    errors: dict[str, str] = {}
    answer = fields.get("answer", "")
    if answer not in get_args(Answer):
        errors["answer"] = "Choose what you did about this prompt"
    reason = _text(fields, "reason", MAX_REASON, "The reason", errors)
    if answer in NEEDS_REASON and not reason:
        errors.setdefault("reason", "Say why, in a sentence")
    who, by = "", None
    if answer == "awaiting":
        who = _text(fields, "who", MAX_WHO, "The role", errors)
        if not who:
            errors.setdefault("who", "Give the role of whoever is to answer, and not a name")
        by = _day(fields, errors, earliest)
    if errors:
        raise AnswerError(errors)
    return Response.model_validate(
        {
            "prompt": prompt,
            "rule": rule,
            "rule_version": rule_version,
            "answer": answer,
            "reason": reason,
            "who": who,
            "by": by,
            "revision": revision,
            "snapshot_sha256": snapshot_sha256,
            "pack_sha256": pack_sha256,
            "given_by": given_by,
            "given_at": given_at,
        }
    )


def _text(
    fields: Mapping[str, str], name: str, longest: int, called: str, errors: dict[str, str]
) -> str:
    """A typed text without the spaces around it; a browser's line ends count as one character."""
    text = fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > longest:
        errors[name] = f"{called} must be {longest} characters or fewer; it has {len(text)}"
    elif CONTROL.search(text):
        errors[name] = f"{called} has characters that cannot be kept; type it again"
    return text


def _day(
    fields: Mapping[str, str], errors: dict[str, str], earliest: dt.date | None
) -> dt.date | None:
    parts = [fields.get(f"by!{part}", "").strip() for part in ("year", "month", "day")]
    written = parts if any(parts) else fields.get("by", "").strip().split("-")
    if not any(written):
        errors["by"] = "Give the day by which you expect an answer"
        return None
    try:
        day = dt.date(*_numbers(written))
    except ValueError:
        errors["by"] = "The day must be a real date, such as 27 3 2026"
        return None
    if earliest is not None and day < earliest:
        errors["by"] = f"The day must not be before {earliest:%d/%m/%Y}, the day of this snapshot"
        return None
    return day


def _numbers(parts: list[str]) -> tuple[int, int, int]:
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise ValueError("not a date")
    year, month, day = (int(part) for part in parts)
    if year < 1900:
        raise ValueError("a year has four figures")
    return year, month, day
