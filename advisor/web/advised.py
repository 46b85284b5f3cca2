"""A kept case as a user sees it, with the advice on it and the answers to its prompts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from advisor.questionnaire import read_questionnaire
from advisor.record import RecordDocument, record_of
from advisor.responses import Response as Answer
from advisor.store.cases import Kept, NotKept
from advisor.web.advice_view import Drawing
from advisor.web.advices import Looked, advices_of, looked_at
from advisor.web.cases import kept_case
from advisor.web.routes import service_of
from advisor.web.visitors import User, require, stores_of


class Place:
    """A kept case as a user sees it, and the advice on it."""

    def __init__(self, request: Request, case: str, *, write: bool = True) -> None:
        self.request = request
        self.user: User = require(request, *(("worker",) if write else ("worker", "auditor")))
        self._case, self._write = case, write
        self.pack = service_of(request).ready.pack
        self.titles = {rule.id: rule.title for rule in self.pack.rules.values()}

    def open(self) -> Place:
        """Read the case; refused with 404 if it is not there for this user."""
        self.kept: Kept = kept_case(self.request, self._case, self.user, write=self._write)
        return self

    @property
    def may_answer(self) -> bool:
        """Whether the user may change the case, and not only read it."""
        return self.user.may("worker") and self.kept.owner == self.user.id

    @property
    def names(self) -> dict[str, str]:
        """What to call the user, by the id under which answers are kept."""
        return {self.user.id: self.user.name} if self.user.name else {}

    @property
    def now(self) -> Looked:
        """The case as it is, and the advice on it."""
        return self._looked(self.kept.revision, self.kept.document)

    def at(self, revision: int | None) -> Looked | None:
        """The case as it was at an earlier revision; None if that is not kept."""
        if revision is None or not 1 <= revision < self.kept.revision:
            return None
        try:
            document = stores_of(self.request).cases.at(self.kept.id, revision)
        except NotKept:
            return None
        return self._looked(revision, document)

    def _looked(self, revision: int, document: Mapping[str, Any]) -> Looked:
        key = (self.kept.id, revision, self.pack.sha256)
        return advices_of(self.request).get(key, lambda: looked_at(document, self.pack))

    @property
    def responses(self) -> tuple[Answer, ...]:
        """Every answer given to a prompt of the case, oldest first."""
        found: tuple[Answer, ...] = stores_of(self.request).cases.responses(self.kept.id)
        return found

    def drawing(self) -> Drawing:
        """The page of the case as it is."""
        return Drawing(
            self.kept.id,
            self.now,
            self.responses,
            self.titles,
            read_questionnaire(),
            names=self.names,
        )

    def record(self) -> RecordDocument:
        """The record of the case as it is."""
        return record_of(
            self.now.snapshot,
            self.now.advice,
            self.responses,
            self.pack,
            revision=self.kept.revision,
            made_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
            made_by=self.user.name or self.user.id,
            role="worker" if self.may_answer else "auditor",
            names=self.names,
        )
