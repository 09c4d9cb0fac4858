"""Opens the database, and what is kept beside it, by the settings, while the application or a command runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from config import Settings
from models.evidence.evidence_store import evidence_store
from models.storage.database import Database, database
from models.storage.sealing import seal


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Connections are made at the first use, so this succeeds while the database is away."""
    database.configure(
        settings.DATABASE_URL,
        schema=settings.DATABASE_SCHEMA or None,
        pool_size=settings.DATABASE_POOL_SIZE,
        max_overflow=settings.DATABASE_MAX_OVERFLOW,
        pool_wait=settings.DATABASE_POOL_WAIT_SECONDS,
        statement_timeout=settings.DATABASE_STATEMENT_TIMEOUT_SECONDS,
    )
    seal.configure(settings.SECRET_KEY)
    evidence_store.configure(settings)
    await database.connect()
    try:
        yield database
    finally:
        await database.disconnect()
