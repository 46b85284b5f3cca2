"""What is wrong with a request, as problem details (RFC 9457). The input is never repeated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from advisor.problems import suggestion

MEDIA_TYPE = "application/problem+json"
UNUSABLE = "/docs#unusable-snapshot"
"""The type of the problem that a snapshot is at fault; the page says what to do about it."""

MAX_ERRORS = 50


class FieldError(BaseModel):
    """One fault of a snapshot: where it stands, and what to do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str = Field(description="The fact, such as children[0].injuries; empty for the whole")
    line: int | None = Field(description="The line of the body, from 1; null where there is none")
    message: str = Field(description="What is wrong and what to do next")


class ProblemDetails(BaseModel):
    """An error, as RFC 9457 has it. It never repeats what was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = Field(default="about:blank", description="Which kind of problem this is")
    title: str
    status: int
    detail: str = Field(description="What to do next")
    errors: tuple[FieldError, ...] = Field(
        default=(), description=f"The faults of a snapshot, the first {MAX_ERRORS} of them"
    )

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """This problem as a response with its own status."""
        body = self.model_dump_json(exclude=set() if self.errors else {"errors"})
        return Response(body, self.status, dict(headers or {}), MEDIA_TYPE)


class RefusedError(Exception):
    """A request that is refused, with the problem that says why."""

    def __init__(self, problem: ProblemDetails, headers: Mapping[str, str] | None = None) -> None:
        self.problem, self.headers = problem, headers
        super().__init__(problem.title)


def plain_problem(status: int, detail: str) -> ProblemDetails:
    """A problem that its HTTP status describes well enough."""
    return ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail)


def unusable_snapshot(errors: Iterable[FieldError], count: int) -> ProblemDetails:
    """The problem of a snapshot that has ``count`` faults, of which ``errors`` are the first."""
    found = tuple(errors)
    detail = "Nothing was advised. Put right what is listed under errors and send it again."
    if count > len(found):
        detail += f" The first {len(found)} of {count} faults are listed."
    return ProblemDetails(
        type=UNUSABLE,
        title="This snapshot cannot be used",
        status=422,
        detail=detail,
        errors=found,
    )


def not_found(what: str, name: str, known: Iterable[str]) -> RefusedError:
    """Refuses a name that nothing has, and suggests one that is close to it."""
    near = suggestion(name, known)
    return RefusedError(plain_problem(404, f"There is no such {what}.{near}"))
