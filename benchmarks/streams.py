"""Ending a session on one server: how soon its open stream on another closes, also when no notice can come."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx

from benchmarks import _filled
from benchmarks._report import Ratio
from benchmarks._serving import ALL_CORES, database_server, turva
from models.users.notices import NAME

ROUNDS, PEOPLE = 3, 100
GOAL, GOAL_WHEN_CUT = 100.0, 2000.0
"""Milliseconds, of quality.md: for 99 of 100 streams, and for all of them when the notice channel was cut."""
CHEAP_HASHES = {"ARGON2_TIME_COST": "1", "ARGON2_MEMORY_KIB": "64", "ARGON2_PARALLELISM": "1"}
EVENTS = "/account/events/"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"


@dataclass(frozen=True)
class Held:
    """A person's open stream on one server, and when it closed."""

    cookie: str
    closed: "asyncio.Task[float]"


def measure(people: int = PEOPLE, rounds: int = ROUNDS) -> list[Ratio]:
    """Two servers with all cores, as this is about waiting; a stream a person, from the answer to signing out on."""
    one_by_one, at_once = [], []
    with ExitStack() as running:
        server = running.enter_context(database_server(ALL_CORES))
        database = asyncio.run(_filled.new_database(server, "turva"))
        asyncio.run(_filled.add_people(database, people, CHEAP_HASHES))
        here, there = (running.enter_context(turva(database, ALL_CORES, **CHEAP_HASHES)) for _ in range(2))
        for _ in range(rounds):
            one_by_one.append(asyncio.run(in_turn(here, there, people)))
            at_once.append(asyncio.run(all_at_once(here, there, people, database)))
    median, late = [statistics.median(one) for one in one_by_one], [high(one) for one in one_by_one]
    last = [max(one) for one in at_once]
    return [
        Ratio(f"{people} streams close, the median", "100 ms", median, [GOAL] * rounds, "ms", at_most=1),
        Ratio(f"{people} streams close, p99", "100 ms", late, [GOAL] * rounds, "ms", at_most=1),
        Ratio(f"the last of {people}, listeners cut", "2 s", last, [GOAL_WHEN_CUT] * rounds, "ms", at_most=1),
    ]


def high(found: list[float]) -> float:
    return sorted(found)[max(0, round(len(found) * 0.99) - 1)]


async def in_turn(here: str, there: str, people: int) -> list[float]:
    """Milliseconds for each of the streams here, whose sessions end there one after the other."""
    async with streams(here, people) as held, client(there) as other:
        return [await late(one, await sign_out(other, one)) for one in held]


async def all_at_once(here: str, there: str, people: int, database: str) -> list[float]:
    """The same for all together, just after every connection that listens was ended."""
    async with streams(here, people) as held, client(there) as other:
        connection = await asyncpg.connect(database)
        assert await connection.fetch(CUT, NAME)
        await connection.close()
        ended = await asyncio.gather(*(sign_out(other, one) for one in held))
        return [await late(one, when) for one, when in zip(held, ended, strict=True)]


async def late(one: Held, ended: float) -> float:
    """Milliseconds between an answer and the end of a stream; a stream may be quicker than the answer."""
    async with asyncio.timeout(60):
        return max(0.0, (await one.closed - ended) * 1000)


async def sign_out(server: httpx.AsyncClient, one: Held) -> float:
    answer = await server.post("/auth/logout/", headers={"Cookie": one.cookie})
    assert answer.status_code == 204, answer.text
    return time.perf_counter()


def client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=60, limits=httpx.Limits(max_connections=None))


@asynccontextmanager
async def streams(url: str, people: int) -> AsyncIterator[list[Held]]:
    """An open stream of a new session for everyone; on the way out whatever is still open is closed."""
    async with client(url) as server, AsyncExitStack() as opened, asyncio.TaskGroup() as reading:
        held = []
        for address in _filled.addresses(people):
            answer = await server.post("/auth/login/", json={"email_address": address, "password": _filled.PASSWORD})
            server.cookies.clear()
            cookie = answer.headers["set-cookie"].partition(";")[0]
            headers = {"Cookie": cookie, "Accept": "text/event-stream"}
            stream = await opened.enter_async_context(server.stream("GET", EVENTS, headers=headers))
            held.append(Held(cookie, reading.create_task(end_of(stream))))
        yield held


async def end_of(stream: httpx.Response) -> float:
    assert stream.status_code == 200, stream.status_code
    last = ""
    async for line in stream.aiter_lines():
        last = line if line.startswith("event: ") else last
    assert last == "event: session-ended", last
    return time.perf_counter()
