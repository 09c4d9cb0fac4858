"""The cases in which stock Ormar loses rows or poisons connections, and those that worked and must go on working."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from models import User
from models.storage.database import Database
from tests.databases import Databases
from tests.models.samples import make_user

USERS = User.ormar_config.table


class BrokenOffError(Exception):
    """Raised by a test to break something off."""


async def add(database: Database, *emails: str, broken_off: bool = False) -> None:
    async with database.transaction():
        for email in emails:
            await make_user(email)
        if broken_off:
            raise BrokenOffError


async def count(database: Database) -> int:
    async with database.connection() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(USERS))).scalar_one()


async def test_commits_at_the_end_and_not_before(database: Database) -> None:
    async with database.transaction():
        await make_user()
        assert await count(database) == 1
        assert await asyncio.create_task(count(database)) == 0
    assert await count(database) == 1


async def test_an_exception_rolls_back_everything(database: Database) -> None:
    with pytest.raises(BrokenOffError):
        await add(database, "a@b", "c@d", broken_off=True)
    assert await count(database) == 0


async def test_core_and_ormar_share_the_transaction(database: Database) -> None:
    async with database.transaction() as connection:
        user = await make_user()
        await connection.execute(sa.update(USERS).values(first_name="Eve"))
        assert (await User.objects.get(id=user.id)).first_name == "Eve"


async def test_a_savepoint_takes_back_only_its_own(database: Database) -> None:
    async with database.transaction():
        await make_user("outer@b")
        with pytest.raises(BrokenOffError):
            await add(database, "inner@b", broken_off=True)
        await add(database, "kept@b")
    assert {user.email_address for user in await User.objects.all()} == {"outer@b", "kept@b"}


async def test_what_a_savepoint_kept_goes_with_the_outer_transaction(database: Database) -> None:
    async def nested() -> None:
        async with database.transaction():
            async with database.transaction(), database.transaction():
                await make_user()
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        await nested()
    assert await count(database) == 0


async def test_a_refused_row_inside_a_savepoint_leaves_the_transaction_usable(database: Database) -> None:
    """PostgreSQL refuses all further statements otherwise."""
    async with database.transaction():
        await make_user("a@b")
        with pytest.raises(sa.exc.IntegrityError):
            await add(database, "a@b")
        await make_user("c@d")
    assert await count(database) == 2


async def test_concurrent_tasks_do_not_see_each_others_transactions(database: Database) -> None:
    async def one(number: int) -> int:
        async with database.transaction():
            before = await count(database)
            await make_user(f"{number}@b")
            seen = await count(database) - before
            if number % 2:
                raise BrokenOffError
        return seen

    ended = await asyncio.gather(*(one(number) for number in range(10)), return_exceptions=True)
    assert [isinstance(result, BrokenOffError) for result in ended] == [bool(number % 2) for number in range(10)]
    assert await count(database) == 5


async def test_another_database_inside_a_transaction_is_another_database(
    database: Database, databases: Databases
) -> None:
    url = databases.create()
    other = Database()
    other.configure(url)
    await other.connect()
    async with database.transaction():
        await make_user()
        assert await count(other) == 0
        async with other.transaction() as theirs:
            assert theirs is not database.get_transaction_connection()
        assert await count(database) == 1
    await other.disconnect()
    databases.drop(url)


async def test_a_task_started_inside_has_no_part_in_the_transaction(database: Database) -> None:
    """Neither while the transaction is open nor when it has long ended."""
    looked, ended = asyncio.Event(), asyncio.Event()

    async def child() -> tuple[object, int, int]:
        own, early = database.get_transaction_connection(), await count(database)
        looked.set()
        await ended.wait()
        await make_user("child@b")
        return own, early, await count(database)

    async with database.transaction():
        await make_user("parent@b")
        task = asyncio.create_task(child())
        await looked.wait()
        await make_user("parent@c")
    ended.set()
    assert await task == (None, 0, 3)


async def test_gathered_reads_inside_a_transaction_stand_outside_it(database: Database) -> None:
    async with database.transaction():
        await make_user()
        assert await asyncio.gather(*(count(database) for _ in range(5))) == [0] * 5


async def stop_early(_: Database) -> None:
    async for _user in User.objects.iterate():
        break


async def fail_inside(_: Database) -> None:
    with contextlib.suppress(BrokenOffError):
        async for _user in User.objects.iterate():
            raise BrokenOffError


@pytest.mark.parametrize("leave", [stop_early, fail_inside])
async def test_leaving_a_stream_early_poisons_nothing(
    database: Database, leave: Callable[[Database], Awaitable[None]]
) -> None:
    for number in range(50):
        await make_user(f"{number}@b")
    for number in range(25):  # more often than the pool has connections
        await leave(database)
        assert database.get_transaction_connection() is None
        created = await make_user(f"{number}@after")
        async with database.transaction():
            await make_user(f"{number}@inside")
        assert await asyncio.create_task(User.objects.filter(id=created.id).exists())
    assert await count(database) == 100


async def test_a_stream_inside_a_transaction_sees_its_rows(database: Database) -> None:
    async with database.transaction():
        await make_user()
        assert [user.email_address async for user in User.objects.iterate()] == ["ada@example.org"]


async def test_forty_tasks_that_read_then_write_all_succeed(database: Database) -> None:
    """With a deferred BEGIN, SQLite refuses nearly all: a reader cannot wait to become the writer."""
    user = await make_user()

    async def raise_epoch() -> None:
        async with database.transaction() as connection:
            query = sa.select(USERS.c.auth_epoch).where(USERS.c.id == user.id).with_for_update()
            epoch = (await connection.execute(query)).scalar_one()
            await connection.execute(sa.update(USERS).values(auth_epoch=epoch + 1))

    await asyncio.gather(*(raise_epoch() for _ in range(40)))
    assert (await User.objects.get()).auth_epoch == 40


async def test_a_connection_that_served_single_statements_still_rolls_back(database: Database) -> None:
    """Both kinds of use share one pool; neither may leave its mode behind."""
    for number in range(5):
        await make_user(f"{number}@b")
        with pytest.raises(BrokenOffError):
            await add(database, f"{number}@c", broken_off=True)
        async with database.connection() as connection:
            await connection.execute(sa.update(USERS).values(first_name=str(number)))
        assert await count(database) == number + 1
