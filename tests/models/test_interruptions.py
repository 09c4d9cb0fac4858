"""Requests that are cancelled or run out of time leave no half-done work, no lost connection, no poisoned task."""

import asyncio
import contextlib
import gc
import random
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from errors import Unavailable
from models import User
from models.storage.database import Database
from tests.models.samples import make_user

TASKS = 300
CONNECTIONS = 20  # pool_size and max_overflow as configured by default

Work = Callable[[Database, int], Awaitable[object]]


async def write_two(database: Database, number: int) -> None:
    async with database.transaction():
        await make_user(f"{number}@first")
        await make_user(f"{number}@second")


async def write_two_in_savepoints(database: Database, number: int) -> None:
    async with database.transaction():
        async with database.transaction():
            await make_user(f"{number}@first")
        async with database.transaction():
            await make_user(f"{number}@second")


async def read(_: Database, __: int) -> None:
    await User.objects.all()


async def read_with_core(database: Database, _: int) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.select(User.ormar_config.table))


async def read_a_stream(_: Database, __: int) -> None:
    async for _user in User.objects.iterate():
        pass


WORK: list[Work] = [write_two, write_two_in_savepoints, read, read_with_core, read_a_stream]


async def assert_whole(database: Database) -> None:
    """Every connection can be had at once, none is in a transaction, every pair of rows is whole, writing works."""
    all_held = asyncio.Barrier(CONNECTIONS)

    async def hold_one() -> None:
        async with database.connection() as connection:
            await connection.execute(sa.text("SELECT 1"))
            await all_held.wait()

    await asyncio.gather(*(hold_one() for _ in range(CONNECTIONS)))
    gc.collect()  # SQLAlchemy warns, and so fails the test, of a connection that nobody gave back
    if database.is_postgresql:
        idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        async with database.connection() as connection:
            assert (await connection.execute(sa.text(idle))).scalar() == 0
    pairs = [user.email_address.partition("@")[0] for user in await User.objects.all()]
    assert all(pairs.count(number) == 2 for number in pairs)
    await asyncio.gather(*(write_two(database, TASKS + number) for number in range(CONNECTIONS)))
    await database.disconnect()
    # Closing goes on in tasks of its own when it is itself interrupted, and must come to an end.
    closing = asyncio.all_tasks() - {asyncio.current_task()}
    if closing:
        _, pending = await asyncio.wait(closing, timeout=30)
        assert not pending


@pytest.mark.parametrize("work", WORK)
async def test_a_storm_of_cancellations(database: Database, work: Work) -> None:
    chance = random.Random(1)  # noqa: S311 - the same storm every time
    loop = asyncio.get_running_loop()

    async def gust(number: int) -> None:
        task = asyncio.create_task(_of(work(database, number)))
        first = chance.uniform(0, 0.2)
        loop.call_later(first, task.cancel)
        # The second one meets the rollback, or the closing of the connection.
        loop.call_later(first + chance.uniform(0, 0.003), task.cancel)
        with contextlib.suppress(asyncio.CancelledError, Unavailable):
            await task

    await asyncio.gather(*(gust(number) for number in range(TASKS)))
    await assert_whole(database)


async def _of(work: Awaitable[object]) -> None:
    await work


@pytest.mark.parametrize("work", WORK)
async def test_time_limits_that_run_out_anywhere(database: Database, work: Work) -> None:
    """In one task: what a broken-off transaction leaves in its context would meet the next one."""
    chance = random.Random(2)  # noqa: S311 - the same limits every time
    broken_off = 0
    for number in range(TASKS):
        try:
            async with asyncio.timeout(chance.uniform(0, 0.006)):
                await work(database, number)
        except TimeoutError:
            broken_off += 1
        assert database.get_transaction_connection() is None
    assert broken_off
    await assert_whole(database)


async def test_cancelled_while_waiting_for_a_connection(database_url: str) -> None:
    database = Database()
    database.configure(database_url, pool_size=1, max_overflow=0, pool_wait=30)
    await database.connect()
    async with database.transaction():
        waiting = [asyncio.create_task(_of(_begin(database))) for _ in range(5)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert all(task.cancelled() for task in waiting)
    await _begin(database)
    await database.disconnect()


async def _begin(database: Database) -> None:
    async with database.transaction():
        pass
