"""Runs Alembic on a database, in one transaction, while other nodes wait for their turn."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from models.storage.connecting import checked_schema, driver_url

CONFIGURATION = Path(__file__).parent.parent / "alembic.ini"

# Any number that no other program on the same database takes for its own lock: "turva" in ASCII.
LOCK = 0x7475727661

# Seconds that a node waits while another one migrates the same SQLite file.
SQLITE_WAIT = 60


async def upgrade(url: str, schema: str | None = None, revision: str = "head") -> None:
    """Bring the database to `revision`; all of it or nothing. Several nodes may call this at once.

    A missing SQLite folder or PostgreSQL schema is made. ValueError for a URL or schema that cannot work.
    """
    await run(lambda configuration: command.upgrade(configuration, revision), url, schema)


async def run(act: Callable[[Config], object], url: str, schema: str | None = None) -> None:
    """Give `act` an Alembic configuration bound to a locked connection: for downgrade, check, current."""

    def bound(connection: sa.Connection) -> None:
        configuration = Config(CONFIGURATION)
        configuration.attributes["connection"] = connection
        act(configuration)

    async with locked_connection(url, schema) as connection:
        await connection.run_sync(bound)


@asynccontextmanager
async def locked_connection(url: str, schema: str | None = None) -> AsyncIterator[AsyncConnection]:
    """The one transaction of a migration, alone on the database; foreign keys are whole before it commits."""
    engine = _engine(driver_url(url), checked_schema(url, schema))
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
                await _make_schema(connection, schema)
            yield connection
            if engine.dialect.name == "sqlite":
                await _check_foreign_keys(connection)
    finally:
        await engine.dispose()


async def _make_schema(connection: AsyncConnection, schema: str | None) -> None:
    # IF NOT EXISTS alone asks for the right to create one, also where an administrator made it beforehand.
    known = sa.text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
    if schema and not (await connection.execute(known, {"name": schema})).first():
        await connection.execute(sa.schema.CreateSchema(schema))


async def _check_foreign_keys(connection: AsyncConnection) -> None:
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).mappings().all()
    if broken:
        places = ", ".join(sorted({f"{row['table']} -> {row['parent']}" for row in broken}))
        raise RuntimeError(f"the migration left references without their target: {places}; nothing was changed")


def _engine(url: URL, schema: str | None) -> AsyncEngine:
    """Not the application's engine: on SQLite its foreign keys would delete the children of an altered table."""
    if url.get_backend_name() == "postgresql":
        # The schema alone, not public after it: else a version table in public would pass for this schema's.
        settings = {"application_name": "turva migration"} | ({"search_path": schema} if schema else {})
        return create_async_engine(url, poolclass=NullPool, connect_args={"server_settings": settings})
    Path(url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # hazards are nobody else's business
    engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": SQLITE_WAIT})
    event.listen(engine.sync_engine, "connect", _leave_transactions_to_us)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _leave_transactions_to_us(connection: DBAPIConnection, _record: object) -> None:
    """Python's sqlite3 would commit before DDL; without it DDL is part of the transaction."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
