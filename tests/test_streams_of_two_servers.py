"""Two servers on one database: a session that one of them revokes loses its streams on the other, whatever is cut."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing

import asyncpg
import httpx
import pytest

from commands.serve import STOP_SECONDS
from models.users.notices import NAME
from tests.clients import PASSWORD
from tests.servers import served, started
from tests.streaming import PATH
from tests.test_two_servers import ADA, BOSS, add_people

MANY = 100
LONG = 60
"""Seconds that a machine full of other tests may need; what never comes is what fails."""
WITHIN = 2
"""Seconds after which every stream must be closed although the notice could not come (quality.md)."""

CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()
"""


@asynccontextmanager
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, timeout=LONG, limits=httpx.Limits(max_connections=None)) as opened:
        yield opened


async def sign_in(server: httpx.AsyncClient, address: str) -> str:
    """The cookie of a new session."""
    answer = await server.post("/auth/login/", json={"email_address": address, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    server.cookies.clear()
    return answer.headers["set-cookie"].partition(";")[0]


@asynccontextmanager
async def stream(server: httpx.AsyncClient, cookie: str) -> AsyncIterator[AsyncIterator[str]]:
    """The events of an open stream, the first of them read."""
    async with server.stream("GET", PATH, headers={"Cookie": cookie, "Accept": "text/event-stream"}) as answer:
        assert answer.status_code == 200
        events = names(answer)
        assert await anext(events) == "sessions-changed"
        yield events


async def names(answer: httpx.Response) -> AsyncIterator[str]:
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            yield line.removeprefix("event: ")


async def last(events: AsyncIterator[str]) -> str:
    """The last event of a stream that came to a clean end; httpx raises when the end is missing."""
    found = ""
    async for name in events:
        found = name
    return found


async def revoke(server: httpx.AsyncClient, boss: str, **target: object) -> int:
    body = {**target, "reason": "Lost laptop"}
    answer = await server.post("/ops/sessions/revoke/", json=body, headers={"Cookie": boss})
    assert answer.status_code == 200, answer.text
    revoked: int = answer.json()["revoked"]
    return revoked


@asynccontextmanager
async def two(database_url: str) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Clients of two servers on one database, with ADA and BOSS in it."""
    await asyncio.to_thread(add_people, database_url)
    free = {"RATE_LIMIT_ENABLED": "false", "SESSIONS_PER_USER": "100"}
    with served(database_url, **free) as first, served(database_url, **free) as second:
        async with client(first) as a, client(second) as b:
            yield a, b


async def test_all_streams_of_the_other_server_close(database_url: str) -> None:
    """On SQLite, which tells nobody, by the sweep."""
    async with two(database_url) as (here, there), asyncio.timeout(LONG), AsyncExitStack() as held:
        boss = await sign_in(there, BOSS)
        cookies = [await sign_in(here, ADA) for _ in range(MANY)]
        streams = [await held.enter_async_context(stream(here, cookie)) for cookie in cookies]
        assert await revoke(there, boss, email_address=ADA) == MANY
        assert set(await asyncio.gather(*map(last, streams))) == {"session-ended"}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_they_close_when_the_lines_that_bring_notices_are_cut(database_url: str) -> None:
    async with two(database_url) as (here, there), asyncio.timeout(LONG), AsyncExitStack() as held:
        boss = await sign_in(there, BOSS)
        cookies = [await sign_in(here, ADA) for _ in range(20)]
        streams = [await held.enter_async_context(stream(here, cookie)) for cookie in cookies]
        while not await cut_lines(database_url):
            pass  # the server is still about to listen
        assert await revoke(there, boss, email_address=ADA) == len(streams)
        async with asyncio.timeout(WITHIN):
            assert set(await asyncio.gather(*map(last, streams))) == {"session-ended"}


async def cut_lines(database_url: str) -> int:
    """Ends every connection that brings notices; how many those were."""
    connection = await asyncpg.connect(database_url)
    try:
        return len(await connection.fetch(CUT, NAME))
    finally:
        await connection.close()


async def test_they_close_without_any_notice(database_url: str) -> None:
    """Whatever ends a session, also by hand in the database; only the sweep finds it."""
    async with two(database_url) as (here, _), asyncio.timeout(LONG), AsyncExitStack() as held:
        events = await held.enter_async_context(stream(here, await sign_in(here, ADA)))
        await change_everyone(database_url)
        assert await last(events) == "session-ended"


async def change_everyone(database_url: str) -> None:
    """As a program that knows nothing of notices changes what people may do."""
    statement = "UPDATE users SET auth_epoch = auth_epoch + 1"
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file, file:
            file.execute(statement)
        return
    connection = await asyncpg.connect(database_url)
    await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_server_that_is_asked_to_stop_ends_its_streams_at_once(database_url: str, workers: str) -> None:
    """The end is clean and says nothing of the session, which goes on elsewhere."""
    await asyncio.to_thread(add_people, database_url)
    with served(database_url) as other, started(database_url, WORKERS=workers) as server:
        async with client(server.url) as here, client(other) as there, asyncio.timeout(LONG), AsyncExitStack() as held:
            cookie = await sign_in(here, ADA)
            streams = [await held.enter_async_context(stream(here, cookie)) for _ in range(3)]
            server.process.send_signal(signal.SIGTERM)
            assert set(await asyncio.gather(*map(last, streams))) <= {"", "sessions-changed"}
            async with asyncio.timeout(STOP_SECONDS - 1):
                assert await asyncio.to_thread(server.process.wait) in {0, -signal.SIGTERM}
            async with stream(there, cookie) as events:
                await revoke(there, await sign_in(there, BOSS), email_address=ADA)
                assert await last(events) == "session-ended"
