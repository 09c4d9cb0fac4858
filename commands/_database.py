"""The database as commands use it: brought up to date, or open for one task, with errors a person can act on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg
from sqlalchemy.exc import OperationalError

from config import Settings
from errors import TurvaError
from migrations.run import upgrade
from models.database import Database
from models.opening import opened


def migrate(settings: Settings) -> None:
    """Apply what is pending; safe while other nodes do the same. TurvaError when the database cannot be reached."""
    with explained():
        asyncio.run(upgrade(settings.DATABASE_URL, settings.DATABASE_SCHEMA or None))


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Database]:
    """The database, open for one command. TurvaError when it cannot be reached."""
    with explained():
        async with opened(settings) as database:
            yield database


@contextmanager
def explained() -> Iterator[None]:
    """Say in one line what kept us from the database; neither kind of error holds the password."""
    try:
        yield
    except OperationalError as error:
        raise TurvaError(f"The database of DATABASE_URL cannot be used: {error.orig}") from error
    except (OSError, asyncpg.PostgresError) as error:  # raised by asyncpg while it connects, when nothing wraps them
        raise TurvaError(f"The database of DATABASE_URL cannot be reached: {error}") from error
