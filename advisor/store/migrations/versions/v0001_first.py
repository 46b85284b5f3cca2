"""The first tables: cases with their revisions and responses, runs, sessions, held forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_ID = sa.String(32)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _cases()
    _runs()
    _sessions()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("progress", sa.JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_owner", "cases", ["owner"])
    op.create_index("ix_cases_changed_at", "cases", ["changed_at"])
    op.create_table(
        "case_revisions",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "revision", name="pk_case_revisions"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_case_revisions_cases", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "case_responses",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("response", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_responses"),
        sa.ForeignKeyConstraint(
            ["case_id", "revision"],
            ["case_revisions.case_id", "case_revisions.revision"],
            name="fk_case_responses_case_revisions",
            ondelete="CASCADE",
        ),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_owner", "runs", ["owner"])
    op.create_index("ix_runs_changed_at", "runs", ["changed_at"])
    op.create_table(
        "run_groups",
        sa.Column("code", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_run_groups"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name="fk_run_groups_runs", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_run_groups_run_id", "run_groups", ["run_id"])
    op.create_table(
        "run_decisions",
        sa.Column("code", _ID, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False),
        sa.Column("option", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("code", "stage", name="pk_run_decisions"),
        sa.ForeignKeyConstraint(
            ["code"], ["run_groups.code"], name="fk_run_decisions_run_groups", ondelete="CASCADE"
        ),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Text, nullable=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_sha256", name="uq_sessions_token_sha256"),
    )
    op.create_index("ix_sessions_used_at", "sessions", ["used_at"])
    op.create_table(
        "held_forms",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("held_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_held_forms"),
    )
    op.create_index("ix_held_forms_held_at", "held_forms", ["held_at"])
