"""The tables. Their rows stay inside this package: callers get frozen dataclasses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, cast

from sqlalchemy import (
    JSON,
    CursorResult,
    DateTime,
    Delete,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
    TypeDecorator,
    Update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

_UNKEPT = re.compile("[\x00\ud800-\udfff]")


class Moment(TypeDecorator[dt.datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is put on again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """The moment as the database keeps it; ValueError without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """The moment with its time zone."""
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


class Words(TypeDecorator[str]):
    """Text that every database can keep: SQLite alone would take a null character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The same text; ValueError, without it, if it cannot be kept."""
        if value is not None and _UNKEPT.search(value):
            raise ValueError("a text has characters that cannot be kept")
        return value


class Base(DeclarativeBase):
    """What the tables have in common: their names for keys, and how Python types are kept."""

    # Named keys, so that a later migration can drop or change one on any database.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # JSON and not JSONB, which would put the keys of a document in another order.
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        dt.datetime: Moment(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        str: Words(),
    }


_Id = String(32)


class CaseRow(Base):
    """A case. Its documents are its revisions."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int]
    progress: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime] = mapped_column(index=True)


class RevisionRow(Base):
    """The document of a case as it stood at one revision."""

    __tablename__ = "case_revisions"

    case_id: Mapped[str] = mapped_column(
        _Id, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]]
    saved_at: Mapped[dt.datetime]


class ResponseRow(Base):
    """An answer to a prompt; numbered from 1 in each case, in the order given."""

    __tablename__ = "case_responses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["case_id", "revision"],
            ["case_revisions.case_id", "case_revisions.revision"],
            ondelete="CASCADE",
        ),
    )

    case_id: Mapped[str] = mapped_column(_Id, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    response: Mapped[dict[str, Any]]


class RunRow(Base):
    """An exercise being run."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    exercise: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime] = mapped_column(index=True)


class GroupRow(Base):
    """A group in a run; numbered from 1 in each run."""

    __tablename__ = "run_groups"

    code: Mapped[str] = mapped_column(_Id, primary_key=True)
    run_id: Mapped[str] = mapped_column(_Id, ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    name: Mapped[str]


class DecisionRow(Base):
    """What a group decided at a stage."""

    __tablename__ = "run_decisions"

    code: Mapped[str] = mapped_column(
        _Id, ForeignKey("run_groups.code", ondelete="CASCADE"), primary_key=True
    )
    stage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    option: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[dt.datetime]


class SessionRow(Base):
    """Who is using the application from one browser. Of the token only its hash is kept."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str | None]
    name: Mapped[str]
    roles: Mapped[list[Any]]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime] = mapped_column(index=True)


class HeldFormRow(Base):
    """A form that was posted after its session had ended, until its owner signs in again."""

    __tablename__ = "held_forms"

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    owner: Mapped[str]
    path: Mapped[str]
    fields: Mapped[list[Any]]
    held_at: Mapped[dt.datetime] = mapped_column(index=True)


def affected(session: Session, statement: Update | Delete) -> int:
    """Run a statement; how many rows it changed or deleted."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount
