"""Alembic's entry: on the connection that migrations.run gives, or for the `alembic` command on DATABASE_URL."""

import asyncio
import os
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.util import CommandError

from migrations.run import locked_connection
from models.storage.columns import UTCDateTimeType
from models.storage.database import metadata

JSON = "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Plain SQLAlchemy in migrations: an old one must never import what the application has since changed."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTimeType):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return JSON
    return False


def is_described(_: Any, name: str | None, kind: str, *__: Any) -> bool:
    """Whether the models describe it: the index of words is SQL of each database's own."""
    return not (kind in ("table", "index") and str(name).startswith(("hazard_words", "ix_hazard_search_words")))


def migrate(connection: sa.Connection) -> None:
    # Batches, because SQLite alters a table by copying it; the transaction is migrations.run's.
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=True,
        render_item=render_item,
        include_object=is_described,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_from_environment() -> None:
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise CommandError("set DATABASE_URL, for example sqlite:///var/turva.db")
    async with locked_connection(url, os.environ.get("DATABASE_SCHEMA")) as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    raise CommandError("Turva migrates a live database only: --sql is not supported")
bound: sa.Connection | None = context.config.attributes.get("connection")
if bound is not None:
    migrate(bound)
else:
    asyncio.run(migrate_from_environment())
