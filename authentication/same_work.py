"""Lets an answer about an address cost the same whether anybody has it: the work is done either way, and undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from models.storage.database import database


class _Undone(Exception):
    """Rolls a savepoint back."""


@asynccontextmanager
async def kept_if(real: bool) -> AsyncIterator[None]:
    """Do what follows, inside the caller's transaction, and unless it is `real` leave nothing of it.

    Statements are the same either way, and the commit too when the caller adds to the history (OWASP ASVS 5.0, 6.3.8).
    """
    with suppress(_Undone):
        async with database.transaction():
            yield
            if not real:
                raise _Undone
