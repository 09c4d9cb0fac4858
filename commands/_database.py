"""The database as commands use it: brought up to date, or open for one task, with errors a person can act on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError

from config import Settings
from errors import TurvaError
from mail import hazard_notices
from mail.outbox import outbox
from migrations.run import upgrade
from models.storage.database import Database
from models.storage.opening import opened

UNDEFINED_TABLE = "42P01"
"""PostgreSQL's SQLSTATE; SQLite's word for it is an OperationalError."""


def migrate(settings: Settings) -> None:
    """Apply what is pending; safe while other nodes do the same. TurvaError when the database cannot be reached."""
    with explained():
        asyncio.run(upgrade(settings.DATABASE_URL, settings.DATABASE_SCHEMA or None))


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Database]:
    """The database, open for one command. TurvaError when it cannot be reached."""
    outbox.configure(settings)
    hazard_notices.bind()
    with explained():
        async with opened(settings) as database:
            yield database


@contextmanager
def explained() -> Iterator[None]:
    """Say in one line what kept us from the database; what the drivers say of it never holds the password."""
    try:
        yield
    except DBAPIError as error:
        # Without a statement it failed while connecting; any other error of a statement is a fault of ours.
        unmigrated = getattr(error.orig, "sqlstate", None) == UNDEFINED_TABLE
        if error.statement is not None and not isinstance(error, OperationalError) and not unmigrated:
            raise
        raise TurvaError(f"The database of DATABASE_URL cannot be used: {error.orig}") from error
    except OSError as error:  # SQLAlchemy does not wrap it
        raise TurvaError(f"The database of DATABASE_URL cannot be reached: {error}") from error
