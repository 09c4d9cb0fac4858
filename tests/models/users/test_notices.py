"""Notices come at the commit, to every process that listens, and again when some may have been missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from models.storage import connecting
from models.storage.columns import new_id
from models.storage.database import Database
from models.users import notices
from models.users.notices import MOST_NAMED, Users

LONG = 30
Heard = asyncio.Queue[Users]
ON_POSTGRESQL = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[Heard]:
    """What is heard, from the moment on at which notices arrive."""
    heard: Heard = asyncio.Queue()
    task = asyncio.create_task(notices.listen(heard.put_nowait))
    try:
        async with asyncio.timeout(LONG):
            if database.is_postgresql:
                assert await heard.get() is None  # some may have come before
            else:
                await asyncio.sleep(0)  # the task begins
            yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def tell(database: Database, *users: UUID) -> None:
    async with database.transaction():
        await notices.tell(users)


async def test_those_who_are_named_are_heard(database: Database) -> None:
    one, other = new_id(), new_id()
    async with listening(database) as heard:
        await tell(database, one, other)
        assert await heard.get() == frozenset({one, other})


async def test_it_comes_with_the_commit_and_not_before_or_without_it(database: Database) -> None:
    lost, told = new_id(), new_id()
    async with listening(database) as heard:
        with pytest.raises(LookupError):
            async with database.transaction():
                await notices.tell([lost])
                raise LookupError
        async with database.transaction():
            await notices.tell([told])
            assert heard.empty()
        assert await heard.get() == frozenset({told})


async def test_too_many_to_name_are_anyone(database: Database) -> None:
    async with listening(database) as heard:
        await tell(database, *(new_id() for _ in range(MOST_NAMED)))
        await tell(database, *(new_id() for _ in range(MOST_NAMED + 1)))
        assert len(await heard.get() or ()) == MOST_NAMED
        assert await heard.get() is None


async def test_nobody_is_no_notice(database: Database) -> None:
    told = new_id()
    async with listening(database) as heard:
        await tell(database)
        await tell(database, told)
        assert await heard.get() == frozenset({told})


@pytest.mark.parametrize("payload", ["*", "", "x", "../..", f"{UUID(int=1)},"])
def test_what_is_none_of_ours_is_anyone(payload: str) -> None:
    """Whoever may connect to the database may send on its channels: it makes us look, and no more."""
    assert notices.read(payload) is None


async def test_no_listener_is_left_behind(database: Database) -> None:
    async with listening(database):
        pass
    assert notices.hearers == set()


@ON_POSTGRESQL
async def test_each_installation_has_a_channel_of_its_own(database: Database, database_url: str) -> None:
    """The limit of PostgreSQL's names is 63 bytes, of which a schema may have all."""
    channels = {notices.channel()}
    await database.disconnect()
    for schema in ("a" * 63, "a" * 62 + "b"):
        database.configure(database_url, schema=schema)
        channels.add(notices.channel())
    assert len(channels) == 3
    assert max(map(len, channels)) < 63


@ON_POSTGRESQL
async def test_an_installation_hears_its_own_notices_and_no_others(database: Database, database_url: str) -> None:
    lost, told = new_id(), new_id()
    await database.disconnect()
    database.configure(database_url, schema="one")
    await database.connect()
    async with listening(database) as heard:
        connection = await asyncpg.connect(database_url)
        await connection.execute("SELECT pg_notify($1, $2)", f"{notices.channel()[:-1]}x", lost.hex)
        await connection.close()
        await tell(database, told)
        assert await heard.get() == frozenset({told})


@ON_POSTGRESQL
async def test_a_line_that_was_cut_is_made_anew_and_all_is_looked_at(database: Database, database_url: str) -> None:
    told = new_id()
    async with listening(database) as heard:
        for _ in range(3):
            await cut(database_url)
            assert await heard.get() is None
        await tell(database, told)
        assert await heard.get() == frozenset({told})


@ON_POSTGRESQL
async def test_a_line_that_is_silent_is_tried(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that does not answer is given up; this one answers and is kept."""
    monkeypatch.setattr(notices, "SILENCE", 0.01)
    told = new_id()
    async with listening(database) as heard:
        while await last_statements(database_url) != {"SELECT 1"}:
            pass
        await tell(database, told)
        assert await heard.get() == frozenset({told})


@ON_POSTGRESQL
async def test_it_waits_for_a_database_that_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    own_connection, failures = connecting.own_connection, [ConnectionRefusedError("no"), TimeoutError()]

    async def away(settings: object, name: str) -> object:
        if failures:
            raise failures.pop()
        return await own_connection(database.settings, name)

    monkeypatch.setattr(connecting, "own_connection", away)
    async with listening(database):
        assert failures == []
    assert [record.levelname for record in caplog.records if record.name == notices.__name__] == ["WARNING"] * 2


async def cut(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    assert await connection.fetch(f"SELECT pg_terminate_backend(pid) FROM {LINES}")  # noqa: S608 - our own words
    await connection.close()


async def last_statements(database_url: str) -> set[str]:
    connection = await asyncpg.connect(database_url)
    found = await connection.fetch(f"SELECT query FROM {LINES}")  # noqa: S608 - our own words
    await connection.close()
    return {row["query"] for row in found}


LINES = f"pg_stat_activity WHERE datname = current_database() AND application_name = '{notices.NAME}'"
