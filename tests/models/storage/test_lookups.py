"""A lookup finds by the driver what SQLAlchemy finds, and fails as the pool fails: soon, as a 503, and not for long."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa

from errors import Unavailable
from models import User
from models.storage import lookups
from models.storage.database import Database
from models.storage.lookups import Lookup
from tests.models.samples import make_user
from tests.models.test_unavailable import POSTGRESQL, connected, kill_others

USERS = User.ormar_config.table
NAMED = Lookup(
    sa.select(USERS).where(
        USERS.c.email_address == sa.bindparam("address"), USERS.c.is_active == sa.bindparam("active")
    )
)
ASLEEP = Lookup(sa.select(sa.func.pg_sleep(sa.bindparam("seconds", type_=sa.Float())), sa.literal("awake")))
SETTING = Lookup(sa.select(sa.func.current_setting(sa.bindparam("name", type_=sa.Text()))))


async def named(database: Database) -> dict[str, Any] | None:
    found = await database.find(NAMED, address="ada@example.org", active=True)
    return None if found is None else dict(zip(USERS.c.keys(), found, strict=True))


@pytest.fixture
async def quick(database_url: str) -> AsyncIterator[Database]:
    """A database with little patience."""
    async with connected(database_url, pool_wait=0.2, statement_timeout=0.5) as database:
        yield database


async def test_it_finds_what_sqlalchemy_finds(database: Database) -> None:
    assert await named(database) is None
    await make_user("ada@example.org")
    async with database.connection() as connection:
        stored = (await connection.execute(sa.select(USERS))).mappings().one()
    found = await named(database)
    assert found == dict(stored)
    assert {type(value) for value in found.values()} == {type(value) for value in stored.values()}


async def test_inside_a_transaction_it_sees_what_the_transaction_sees(database: Database) -> None:
    async with database.transaction():
        await make_user("ada@example.org")
        assert await named(database)
        assert await asyncio.create_task(named(database)) is None, "another task, another view"


@POSTGRESQL
async def test_many_at_once_share_few_connections(database: Database, database_url: str) -> None:
    found = await asyncio.gather(*(database.find(ASLEEP, seconds=0.01) for _ in range(20)))
    assert {row[1] for row in found if row} == {"awake"}
    async with connected(database_url) as other, other.connection() as connection:
        count = sa.text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        assert (await connection.execute(count)).scalar_one() == lookups.MOST


@POSTGRESQL
async def test_connections_in_use_for_too_long(quick: Database) -> None:
    results = await asyncio.gather(*(quick.find(ASLEEP, seconds=0.4) for _ in range(10)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, Unavailable)]
    assert len(refused) == len(results) - lookups.MOST
    assert all(int(error.headers["Retry-After"]) > 0 for error in refused)
    assert await quick.find(ASLEEP, seconds=0)


@POSTGRESQL
async def test_a_statement_that_takes_too_long(quick: Database) -> None:
    with pytest.raises(Unavailable):
        await quick.find(ASLEEP, seconds=60)
    assert await quick.find(ASLEEP, seconds=0)


@POSTGRESQL
async def test_a_server_that_is_silent(quick: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver gives up by itself; so does a new connection, as the server is still silent."""
    monkeypatch.setattr("models.storage.connecting._milliseconds", lambda _: "0")
    monkeypatch.setattr("models.storage.connecting.GRACE", 0.0)
    with pytest.raises(Unavailable):
        await quick.find(ASLEEP, seconds=60)
    assert await quick.find(ASLEEP, seconds=0)


@POSTGRESQL
async def test_connections_cut_while_they_rest_are_replaced_unnoticed(database: Database, database_url: str) -> None:
    for _ in range(2):
        await asyncio.gather(*(database.find(ASLEEP, seconds=0.01) for _ in range(8)))
        await kill_others(database_url)
        found = await asyncio.gather(*(database.find(ASLEEP, seconds=0) for _ in range(8)))
        assert {row[1] for row in found if row} == {"awake"}


@POSTGRESQL
async def test_news_of_a_cut_that_came_late(database: Database, database_url: str) -> None:
    await asyncio.gather(*(database.find(ASLEEP, seconds=0.01) for _ in range(8)))
    elsewhere = threading.Thread(target=lambda: asyncio.run(kill_others(database_url)))
    elsewhere.start()
    elsewhere.join()  # this loop stands still meanwhile, and has heard of nothing
    assert await database.find(ASLEEP, seconds=0)


@POSTGRESQL
async def test_one_cut_in_the_middle_is_asked_again(database: Database, database_url: str) -> None:
    await database.find(ASLEEP, seconds=0)
    asked = asyncio.create_task(database.find(ASLEEP, seconds=1))
    async with connected(database_url) as other, other.connection() as connection:
        asleep = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        while not (await connection.execute(asleep)).scalar_one():
            pass
    await kill_others(database_url)
    assert await asked


@POSTGRESQL
async def test_the_answer_to_a_cancelled_question_is_nobodys(database: Database) -> None:
    await make_user("ada@example.org")
    for moment in range(20):
        asked = asyncio.create_task(database.find(ASLEEP, seconds=0.01))
        for _ in range(moment):
            await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        found = await asyncio.gather(*(named(database) for _ in range(lookups.MOST)))
        assert {row["email_address"] for row in found if row} == {"ada@example.org"}


@POSTGRESQL
async def test_a_migration_under_way(database: Database) -> None:
    await make_user("ada@example.org")
    before = await named(database)
    async with database.connection() as connection:
        await connection.execute(sa.text("ALTER TABLE users ALTER COLUMN first_name TYPE text"))
    assert await named(database) == before


@POSTGRESQL
async def test_the_settings_of_the_pool_are_its_settings_too(database_url: str) -> None:
    async with connected(database_url, schema="elsewhere", statement_timeout=7, lock_timeout=3) as database:
        wanted = {"search_path": "elsewhere", "statement_timeout": "7s", "lock_timeout": "3s", "TimeZone": "UTC"}
        assert {name: (await database.find(SETTING, name=name) or ("",))[0] for name in wanted} == wanted


async def test_faults_of_ours_pass_unchanged(database: Database) -> None:
    nothing = Lookup(sa.select(sa.column("x")).select_from(sa.table("no_such_table")))
    with pytest.raises(Exception, match="no_such_table") as caught:
        await database.find(nothing)
    assert not isinstance(caught.value, Unavailable)


@POSTGRESQL
async def test_nothing_stays_open(database_url: str) -> None:
    async with connected(database_url) as other:
        async with connected(database_url) as database:
            await asyncio.gather(*(database.find(ASLEEP, seconds=0.01) for _ in range(8)))
            late = asyncio.create_task(database.find(ASLEEP, seconds=0.1))
            await asyncio.sleep(0)
        await late
        async with other.connection() as connection:
            count = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            while (await connection.execute(count)).scalar_one() > 1:
                pass
