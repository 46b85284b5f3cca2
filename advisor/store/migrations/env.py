"""Run by Alembic to migrate: on the connection that it was given, in the transaction begun there.

A new revision is a file in ``versions``, named after its number; ``down_revision`` is the one
before it. No revision is changed once it was released.
"""

from __future__ import annotations

from alembic import context

from advisor.store.migrating import VERSION_TABLE
from advisor.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=connection.dialect.name == "sqlite",  # it cannot alter most things in place
)
with context.begin_transaction():
    context.run_migrations()
