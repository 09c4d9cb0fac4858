"""Tells every process whose sessions have changed, when it is committed: NOTIFY on PostgreSQL, a call on SQLite.

A notice may be lost with the connection that should have brought it, so nothing may depend on it alone; and it may come
without a reason, as all installations in one PostgreSQL database can send it. It says "look again", the rows decide.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from models.storage import connecting
from models.storage.database import database

log = logging.getLogger(__name__)

Users = frozenset[UUID] | None
"""Whose sessions have changed; None is anyone's."""
Hear = Callable[[Users], None]

NAME = "turva notices"
"""By which the line of each process is known in `pg_stat_activity`."""
ANYONE = "*"
MOST_NAMED = 200
"""Users in one notice; 32 digits each, of the 8,000 bytes that NOTIFY takes. More are anyone."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
"""Seconds between attempts to listen again: soon, as a cut line is made good at once, then less and less often."""
SILENCE = 20.0
"""Seconds after which a line that brought nothing is tried: a network that went away says nothing either."""

hearers: set[Hear] = set()
"""Those of this process, for SQLite."""


async def tell(users: Collection[UUID]) -> None:
    """Have everyone who listens told about these users when the caller's transaction commits."""
    if not users:
        return
    payload = ANYONE if len(users) > MOST_NAMED else ",".join(sorted(user.hex for user in users))
    if database.is_postgresql:
        async with database.connection() as connection:
            await connection.execute(sa.select(sa.func.pg_notify(channel(), payload)))
    else:
        database.after_commit(lambda: deliver(payload))


async def deliver(payload: str) -> None:
    for hear in list(hearers):
        hear(read(payload))


def read(payload: str) -> Users:
    """Whom a notice names; anyone, when it is none of ours."""
    try:
        return None if payload == ANYONE else frozenset(map(UUID, payload.split(",")))
    except ValueError:
        return None


def channel() -> str:
    """Channels belong to a whole database, in which each schema may hold an installation; a name ends at 63 bytes."""
    schema = database.settings.schema if database.settings else None
    return f"turva_{hashlib.sha256((schema or '').encode()).hexdigest()[:16]}"


async def listen(hear: Hear) -> None:
    """Call `hear` with every notice until cancelled; with None whenever some may have been missed."""
    if not database.is_postgresql:
        await _listen_here(hear)
    pause = FIRST_PAUSE
    while database.is_postgresql:
        try:
            async with _line(hear) as (connection, lost):
                pause = FIRST_PAUSE
                hear(None)
                await _end(connection, lost)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("Notices of other processes do not arrive, trying again: %s", error)
        await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - so that not all processes come at once
        pause = min(2 * pause, LONGEST_PAUSE)


async def _listen_here(hear: Hear) -> None:
    hearers.add(hear)
    try:
        await asyncio.Event().wait()
    finally:
        hearers.discard(hear)


@asynccontextmanager
async def _line(hear: Hear) -> AsyncIterator[tuple[Any, asyncio.Event]]:
    """A connection of its own that listens, and what tells that it was lost."""
    connection, lost = await connecting.own_connection(database.settings, NAME), asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(channel(), lambda *heard: hear(read(heard[-1])))
        yield connection, lost
    finally:
        connection.terminate()


async def _end(connection: Any, lost: asyncio.Event) -> None:
    """Return when the line is lost; OSError when it has fallen silent."""
    while not lost.is_set():
        try:
            async with asyncio.timeout(SILENCE):
                await lost.wait()
        except TimeoutError:
            await connection.execute("SELECT 1")
