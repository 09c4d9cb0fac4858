"""When the database is not to be had, callers hear Unavailable (503) soon; when it is back, so are we."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from errors import Unavailable
from migrations.run import upgrade
from models import User
from models.storage.database import Database
from models.storage.database import database as global_database
from tests.models.samples import make_user
from tests.postgresql import Server

USERS = User.ormar_config.table
POSTGRESQL = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@asynccontextmanager
async def connected(url: str, **settings: Any) -> AsyncIterator[Database]:
    database = Database()
    database.configure(url, **settings)
    await database.connect()
    try:
        yield database
    finally:
        await database.disconnect()


async def begin(database: Database) -> None:
    async with database.transaction():
        pass


async def read_with_core(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.text("SELECT 1"))


async def in_own_task(work: Awaitable[object]) -> None:
    async def run() -> None:
        await work

    await asyncio.create_task(run())


async def test_a_pool_in_use_for_too_long(database_url: str) -> None:
    async with connected(database_url, pool_size=1, max_overflow=0, pool_wait=0.5, lock_timeout=0.5) as database:
        async with database.transaction():
            for use in (begin, read_with_core):
                with pytest.raises(Unavailable) as caught:
                    await in_own_task(use(database))
                assert caught.value.status == 503
                assert int(caught.value.headers["Retry-After"]) > 0
        await begin(database)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_locked_file(database_url: str) -> None:
    async with connected(database_url) as holder, connected(database_url, lock_timeout=0.05) as waiter:
        async with holder.transaction():
            with pytest.raises(Unavailable):
                await begin(waiter)
            await read_with_core(waiter)
        await begin(waiter)


@POSTGRESQL
async def test_a_locked_row(database_url: str, database: Database) -> None:
    await make_user()
    async with connected(database_url, lock_timeout=0.05) as waiter:
        async with database.transaction() as connection:
            await connection.execute(sa.update(USERS).values(first_name="Eve"))
            with pytest.raises(Unavailable):
                async with waiter.transaction() as waiting:
                    await waiting.execute(sa.update(USERS).values(first_name="Bob"))
        await begin(waiter)


@POSTGRESQL
async def test_a_statement_that_takes_too_long(database_url: str) -> None:
    async with connected(database_url, statement_timeout=0.5) as database:
        with pytest.raises(Unavailable):
            async with database.connection() as connection:
                await connection.execute(sa.text("SELECT pg_sleep(60)"))
        await begin(database)


@POSTGRESQL
async def test_a_server_that_answers_no_more(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.storage.connecting.GRACE", 0.1)
    async with connected(database_url, statement_timeout=1) as database:
        async with database.connection() as connection:
            process = (await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(Unavailable):
                await read_with_core(database)
        finally:
            os.kill(process, signal.SIGCONT)
        await read_with_core(database)


@POSTGRESQL
async def test_a_deadlock_costs_one_of_the_two(database: Database) -> None:
    one, two = await make_user("one@b"), await make_user("two@b")
    both_hold_one = asyncio.Barrier(2)

    async def lock(first: User, second: User) -> None:
        async with database.transaction() as connection:
            await connection.execute(sa.text("SET LOCAL deadlock_timeout = '20ms'"))
            await connection.execute(sa.select(USERS).where(USERS.c.id == first.id).with_for_update())
            await both_hold_one.wait()
            await connection.execute(sa.select(USERS).where(USERS.c.id == second.id).with_for_update())

    ended = await asyncio.gather(lock(one, two), lock(two, one), return_exceptions=True)
    assert sorted(type(result).__name__ for result in ended) == ["NoneType", "Unavailable"]


KILL_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""


async def kill_others(url: str) -> None:
    async with connected(url) as killer, killer.connection() as connection:
        await connection.execute(sa.text(KILL_OTHERS))


async def write_and_be_cut_off(database: Database, url: str, *later: str) -> None:
    async with database.transaction():
        await make_user()
        await kill_others(url)
        for email in later:
            await make_user(email)


@POSTGRESQL
@pytest.mark.parametrize(
    ("later", "words"),
    [(("later@b",), "Nothing was stored"), ((), "See if it is there")],
    ids=["at a statement", "at the commit"],
)
async def test_a_connection_cut_inside_a_transaction(
    database: Database, database_url: str, later: tuple[str, ...], words: str
) -> None:
    with pytest.raises(Unavailable, match=words):
        await write_and_be_cut_off(database, database_url, *later)
    assert await User.objects.count() == 0
    await make_user()


@POSTGRESQL
@pytest.mark.parametrize("noticed_by", ["driver", "ping"])
async def test_connections_cut_while_idle_are_replaced_unnoticed(
    database: Database, database_url: str, noticed_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.gather(*(User.objects.count() for _ in range(8)))
    await kill_others(database_url)
    if noticed_by == "ping":  # as when the network ate the news
        monkeypatch.setattr("models.storage.connecting._is_closed", lambda _: False)
        monkeypatch.setattr("models.storage.connecting.RESTED", 0)
    assert await asyncio.gather(*(User.objects.count() for _ in range(8))) == [0] * 8


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.remove()


async def read_with_ormar(_: Database) -> None:
    await User.objects.limit(1).all()


USES: list[Callable[[Database], Awaitable[None]]] = [begin, read_with_core, read_with_ormar]


async def test_a_server_that_goes_away_and_comes_back(server: Server) -> None:
    url, database = server.url(), global_database
    await upgrade(url)
    database.configure(url)
    await database.connect()
    await make_user("before@b")

    async def write_meanwhile() -> None:
        async with database.transaction():
            await make_user("meanwhile@b")
            server.halt()
            await make_user("meanwhile@c")

    with pytest.raises(Unavailable):
        await write_meanwhile()
    for use in USES:
        with pytest.raises(Unavailable):
            await use(database)
    server.start()
    await asyncio.gather(*(use(database) for use in USES))
    assert [user.email_address for user in await User.objects.all()] == ["before@b"]
    await database.disconnect()


async def test_a_server_that_never_was() -> None:
    async with connected("postgresql://nobody@/turva?host=/nonexistent") as database:
        with pytest.raises(Unavailable):
            await begin(database)


async def test_faults_of_ours_pass_unchanged(database: Database) -> None:
    await make_user()
    with pytest.raises(sa.exc.IntegrityError):
        await make_user()
    with pytest.raises(sa.exc.DBAPIError, match="no_such_table"):
        async with database.connection() as connection:
            await connection.execute(sa.text("SELECT * FROM no_such_table"))


@pytest.mark.parametrize("error", [OSError("no such file"), TimeoutError(), ConnectionResetError()])
async def test_errors_of_the_work_inside_pass_unchanged(database: Database, error: Exception) -> None:
    """A file that cannot be read inside a transaction says nothing about the database."""
    with pytest.raises(type(error)) as caught:
        async with database.transaction():
            raise error
    assert caught.value is error
