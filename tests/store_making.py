"""What tests of the store are made of: a clock, documents of a case, and a response."""

from __future__ import annotations

import datetime as dt
from typing import Any

from advisor.responses import Response

FIRST: dict[str, Any] = {"snapshot": {"id": "case-1"}, "children": [{"id": "wren"}]}
SECOND: dict[str, Any] = {**FIRST, "referral": {"decision": "no_further_action"}}


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += dt.timedelta(**units)


def response(revision: int = 1, answer: str = "addressed", reason: str = "") -> Response:
    return Response.model_validate(
        {
            "prompt": "p1",
            "rule": "non-mobile-injury.opinion",
            "rule_version": 1,
            "answer": answer,
            "reason": reason,
            "revision": revision,
            "snapshot_sha256": "a" * 64,
            "pack_sha256": "b" * 64,
            "given_by": "worker",
            "given_at": dt.datetime(2026, 3, 2, 9, 31, 0, 5, tzinfo=dt.UTC),
        }
    )
