"""A database that does not answer is a 503: never "signed out", never "signed in"; it comes back without a restart."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from config import load_settings
from main import create_app
from migrations.run import upgrade
from models.storage.database import database
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, connect, environment
from tests.postgresql import Server

ADDRESS = "ada@example.org"
Outage = Callable[[], None]


@contextmanager
def postgresql() -> Iterator[tuple[str, Outage, Outage]]:
    """The URL of a server of its own, how it goes and how it comes back."""
    server = Server()
    try:
        server.start()
        yield server.url("turva"), server.halt, server.start
    finally:
        server.remove()


@contextmanager
def sqlite(folder: Path) -> Iterator[tuple[str, Outage, Outage]]:
    """A file that cannot be opened, as on a disk that is gone: a folder lies in its place."""
    file, aside = folder / "turva.db", folder / "aside.db"

    def go() -> None:
        file.rename(aside)
        file.mkdir()

    def come_back() -> None:
        file.rmdir()
        aside.rename(file)

    yield f"sqlite:///{file}", go, come_back


@pytest.fixture
def outage(backend: str, tmp_path: Path) -> Iterator[tuple[str, Outage, Outage]]:
    with postgresql() if backend == "postgresql" else sqlite(tmp_path) as made:
        yield made


@pytest.fixture
async def app(outage: tuple[str, Outage, Outage]) -> AsyncIterator[FastAPI]:
    url = outage[0]
    if url.startswith("postgresql"):
        admin = await asyncpg.connect(url.replace("/turva?", "/postgres?"))
        await admin.execute("CREATE DATABASE turva")
        # The server of the tests may lose the last commits when it is stopped like this; here they must be there.
        await admin.execute("ALTER DATABASE turva SET synchronous_commit = on")
        await admin.close()
    await upgrade(url)
    application = create_app(load_settings(environment(url)))
    async with application.router.lifespan_context(application):
        yield application


async def forget_connections() -> None:
    """SQLite would go on with the file it holds open; PostgreSQL's dead connections must be noticed by us."""
    if not database.is_postgresql:
        await database.engine.dispose()


async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/auth/login/", json={"email_address": ADDRESS, "password": PASSWORD})


async def refusals(client: httpx.AsyncClient, other: httpx.AsyncClient) -> list[httpx.Response]:
    """What is answered to someone who has a session, and to someone who wants one."""
    paths = ("/account/", "/ops/sessions/", "/health/", "/no/such/page/")
    signed_in = [await client.get(path) for path in paths]
    signed_in += [await client.post("/auth/logout/"), await client.get("/account/", headers=PAGE)]
    return [*signed_in, await sign_in(other), await other.get("/health/")]


async def test_503_while_it_is_gone(app: FastAPI, outage: tuple[str, Outage, Outage]) -> None:
    _, go, come_back = outage
    await stored.add_person(ADDRESS, await app.state.passwords.hash(PASSWORD), is_administrator=True)
    async with connect(app) as client, connect(app) as other, connect(app) as anonymous:
        assert (await sign_in(client)).status_code == 200
        for _ in range(2):
            await forget_connections()
            go()
            refused = await refusals(client, other)
            assert [answer.status_code for answer in refused] == [503] * 8
            assert all(answer.headers["retry-after"] == "5" for answer in refused)
            assert not any("set-cookie" in answer.headers for answer in refused)
            assert (await anonymous.get("/account/")).status_code == 401, "nothing needs to be looked up"
            come_back()
            back = [(await client.get(path)).status_code for path in ("/account/", "/health/")]
            assert back == [200, 200], "the same session, at the first request"
            assert (await sign_in(other)).status_code == 200
