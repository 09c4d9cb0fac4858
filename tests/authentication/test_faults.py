"""Clocks that move, a database that is slow or full, clients that go away: a session stays what it was."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import sessions
from authentication.sessions import RECENT, SESSIONS
from config import load_settings
from main import create_app
from models.storage.columns import utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.clients import PASSWORD, Person, connect, environment
from tests.databases import Databases
from tests.servers import served

ADDRESS = "ada@example.org"


def moved(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """The clock of this node as somebody set it anew; what is stored keeps the times it was stored with."""
    monkeypatch.setattr(sessions, "utc_now", lambda: utc_now() + by)


@pytest.mark.parametrize("hours", [-24, -1, 1, 13, 1000])
async def test_a_clock_that_moves_gives_no_session_more_than_its_limit(
    owner: Person, app: FastAPI, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """Forward ends it by its limits; backward keeps it, and its absolute end stays where it was."""
    (before,) = await stored.sessions_of(owner.id)
    moved(monkeypatch, timedelta(hours=hours))
    assert (await owner.client.get("/account/")).status_code == (200 if hours < 0 else 401)
    monkeypatch.undo()
    (after,) = await stored.sessions_of(owner.id)
    assert (after["absolute_expiry"], after["revoked_at"]) == (before["absolute_expiry"], None)


async def test_proof_from_the_future_is_not_recent(administrator: Person) -> None:
    """A clock set back must not stretch five minutes to hours."""
    drill = {"email_address": "nobody@example.org", "reason": "Drill"}
    assert (await administrator.client.post("/ops/sessions/revoke/", json=drill)).status_code == 200
    await stored.change(sa.update(SESSIONS).values(authenticated_at=utc_now() + 2 * RECENT))
    answer = await administrator.client.post("/ops/sessions/revoke/", json=drill)
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")


@asynccontextmanager
async def running(databases: Databases, **changes: str) -> AsyncIterator[tuple[str, FastAPI, httpx.AsyncClient]]:
    """The application with settings of its own, on PostgreSQL, with somebody signed in."""
    url = databases.create()
    app = create_app(load_settings(environment(url, **changes)))
    async with app.router.lifespan_context(app), connect(app) as client:
        await stored.add_person(ADDRESS, await app.state.passwords.hash(PASSWORD), is_verified=True)
        assert (await sign_in(client)).status_code == 200
        yield url, app, client


async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/auth/login/", json={"email_address": ADDRESS, "password": PASSWORD})


async def test_a_slow_database_is_a_503_and_the_session_is_there_afterwards(postgresql_databases: Databases) -> None:
    async with running(postgresql_databases, DATABASE_STATEMENT_TIMEOUT_SECONDS="1") as (url, _, client):
        slow = await asyncpg.connect(url)
        async with slow.transaction():
            await slow.execute("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
            refused = await client.get("/account/")
        await slow.close()
        assert (refused.status_code, "set-cookie" in refused.headers) == (503, False)
        assert int(refused.headers["retry-after"]) > 0
        assert (await client.get("/account/")).status_code == 200


async def test_a_pool_in_use_is_a_503_and_then_free(postgresql_databases: Databases) -> None:
    few = {"DATABASE_POOL_SIZE": "1", "DATABASE_MAX_OVERFLOW": "0", "DATABASE_POOL_WAIT_SECONDS": "1"}
    async with running(postgresql_databases, **few) as (_, _, client):
        async with database.transaction():
            answers = await asyncio.gather(*(client.get("/projects/") for _ in range(10)))
        assert {answer.status_code for answer in answers} == {503}
        assert all("retry-after" in answer.headers for answer in answers)
        assert (await client.get("/projects/")).status_code == 200


async def test_two_who_sign_in_at_once_have_a_session_each(app: FastAPI, owner: Person) -> None:
    body = {"email_address": owner.email_address, "password": PASSWORD}
    clients = [connect(app) for _ in range(5)]
    answers = await asyncio.gather(*(client.post("/auth/login/", json=body) for client in clients))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({client.cookies["turva_session"] for client in clients}) == 5
    assert [(await client.get("/account/")).status_code for client in clients] == [200] * 5
    for client in clients:
        await client.aclose()


async def test_a_session_of_another_installation_is_none_here(owner: Person, app: FastAPI) -> None:
    """Another SECRET_KEY on the same database, as after a copy for tests: our cookies open nothing there."""
    settings = app.state.settings
    other = create_app(load_settings(environment(settings.DATABASE_URL, SECRET_KEY="another" * 8)))
    async with connect(other, cookies=dict(owner.client.cookies)) as client:
        assert (await client.get("/account/")).status_code == 401
    assert (await owner.client.get("/account/")).status_code == 200


@pytest.mark.parametrize("size", [4_097, 60_000])
async def test_a_huge_cookie_is_nobody(client: httpx.AsyncClient, size: int) -> None:
    answer = await client.get("/account/", headers={"cookie": "turva_session=" + "a" * size})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_clients_that_go_away_in_mid_request_leave_the_server_whole(postgresql_databases: Databases) -> None:
    """Half a head, half a body, and a whole request whose answer nobody waits for; then everybody is served."""
    url = postgresql_databases.create()
    asyncio.run(add_ada(url))
    with served(url, DATABASE_POOL_SIZE="2", DATABASE_MAX_OVERFLOW="0") as base, httpx.Client(base_url=base) as client:
        body = {"email_address": ADDRESS, "password": PASSWORD}
        assert client.post("/auth/login/", json=body).status_code == 200
        asyncio.run(go_away(base, client.cookies["turva_session"], times=100))
        assert client.get("/account/").status_code == 200
        stored_projects = client.get("/projects/", params={"limit": 100}).json()["data"]
        assert {project["name"] for project in stored_projects} <= {"Gone"}, "whole or not at all"
        assert client.post("/projects/create/", json={"name": "Here"}).status_code == 201


async def add_ada(url: str) -> None:
    app = create_app(load_settings(environment(url)))
    async with app.router.lifespan_context(app):
        await stored.add_person(ADDRESS, await app.state.passwords.hash(PASSWORD), is_verified=True)


async def go_away(base: str, cookie: str, times: int) -> None:
    body = b'{"name": "Gone"}'
    head = (
        f"POST /projects/create/ HTTP/1.1\r\nHost: localhost\r\nCookie: turva_session={cookie}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    whole = head + body
    parts = urlsplit(base)
    for sent in (whole[:40], head + body[:5], whole) * times:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(sent)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
