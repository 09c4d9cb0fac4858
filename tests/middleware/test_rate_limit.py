"""Reads and writes a minute: for each session and token, else for each address; never for assets and health."""

import asyncio
import time

import httpx
import pytest
from fastapi import FastAPI
from limits.errors import StorageError

from authentication.throttles import caller
from config import ConfigurationError, Settings, load_settings
from main import create_app
from middleware.rate_limit import SWEEP_SECONDS, Memory, RateLimit, storage_at
from tests.clients import BASE_URL, PAGE, Person, connect, environment
from tests.tokens import make, program

READS, WRITES = 8, 4
HERE, ELSEWHERE = "192.0.2.1", "203.0.113.9"


@pytest.fixture
def settings(database_url: str) -> Settings:
    figures = {"RATE_LIMIT_READS_PER_MINUTE": str(READS), "RATE_LIMIT_WRITES_PER_MINUTE": str(WRITES)}
    return load_settings(environment(database_url, RATE_LIMIT_ENABLED="true", **figures))


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Nothing here is in the database."""
    name: str = request.param
    return name


def at(app: FastAPI, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url=BASE_URL)


async def statuses(client: httpx.AsyncClient, path: str, times: int) -> list[int]:
    return [(await client.get(path)).status_code for _ in range(times)]


async def test_reads_of_a_session(app: FastAPI, owner: Person, stranger: Person) -> None:
    assert await statuses(owner.client, "/account/", READS + 2) == [200] * READS + [429] * 2
    assert (await stranger.client.get("/account/")).status_code == 200, "another session"
    assert (await owner.client.post("/projects/create/", json={"name": "Ward"})).status_code == 201, "writes are apart"
    async with connect(app) as client:
        body = {"email_address": owner.email_address, "password": "x"}
        assert (await client.post("/auth/login/", json=body)).status_code == 401, "and so are addresses"


async def test_the_answer_is_an_error_like_any_other(owner: Person) -> None:
    await statuses(owner.client, "/account/", READS)
    answer = await owner.client.get("/account/")
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    page = await owner.client.get("/account/", headers=PAGE)
    assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert 1 <= int(page.headers["retry-after"]) <= 60
    assert "Wait a moment, then try again." in page.text
    assert "default-src" in page.headers["content-security-policy"]


async def test_writes_of_a_session(owner: Person) -> None:
    for _ in range(WRITES):
        assert (await owner.client.post("/projects/create/", json={"name": ""})).status_code == 422
    answer = await owner.client.post("/projects/create/", json={"name": "Ward"})
    assert answer.status_code == 429
    assert (await owner.client.get("/projects/")).json()["data"] == []


async def test_each_token_for_itself(app: FastAPI, owner: Person) -> None:
    tokens = [(await make(owner, "read"))["token"] for _ in range(2)]
    async with program(app, tokens[0]) as client:
        assert await statuses(client, "/account/", READS + 1) == [200] * READS + [429]
    async with program(app, tokens[1]) as client:
        assert await statuses(client, "/account/", 1) == [200]
    assert await statuses(owner.client, "/account/", 1) == [200]


async def test_who_is_not_signed_in_counts_by_address(app: FastAPI) -> None:
    async with at(app, HERE) as here, at(app, ELSEWHERE) as elsewhere:
        assert await statuses(here, "/auth/login/", READS + 1) == [200] * READS + [429]
        assert await statuses(elsewhere, "/auth/login/", 1) == [200]
        assert await statuses(here, "/no/such/page/", 1) == [429]


@pytest.mark.parametrize("path", ["/health/", "/assets/x/app.css"])
async def test_what_is_free(app: FastAPI, path: str) -> None:
    async with at(app, HERE) as client:
        assert 429 not in await statuses(client, path, READS * 2)
        assert await statuses(client, "/auth/login/", 1) == [200]


async def test_a_minute_later_it_begins_anew(app: FastAPI, monkeypatch: pytest.MonkeyPatch, owner: Person) -> None:
    assert (await statuses(owner.client, "/account/", READS + 1))[-1] == 429
    later = time.time() + 61
    monkeypatch.setattr("middleware.rate_limit.time.time", lambda: later)
    assert await statuses(owner.client, "/account/", 1) == [200]
    assert app.state.settings.RATE_LIMIT_ENABLED


async def test_switched_off_nothing_is_counted(database_url: str) -> None:
    off = {"RATE_LIMIT_ENABLED": "false", "RATE_LIMIT_READS_PER_MINUTE": "1"}
    application = create_app(load_settings(environment(database_url, **off)))
    on = create_app(load_settings(environment(database_url, RATE_LIMIT_ENABLED="true")))
    assert "RateLimit" in str(on.user_middleware)
    assert "RateLimit" not in str(application.user_middleware)


async def test_what_cannot_be_counted_is_let_through(caplog: pytest.LogCaptureFixture) -> None:
    """A Redis that is gone must not be the end of the service."""

    class Gone(Memory):
        async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
            raise StorageError(ConnectionError(f"{key} {expiry} {amount}"))

    limit = RateLimit(app=None, storage=Gone(), reads=1, writes=1, whose=caller, free=())  # type: ignore[arg-type]
    for _ in range(3):
        await limit.count(limit.reads, "someone")
    assert "Requests are not counted" in caplog.text
    assert "someone" not in caplog.text


async def test_memory_forgets_who_is_gone() -> None:
    memory = Memory()
    for caller_ in range(100):
        await memory.incr(str(caller_), 0.0)
    memory.sweep_at = 0.0
    await memory.incr("last", SWEEP_SECONDS)
    assert set(memory.storage) == set(memory.expirations) == {"last"}


async def test_no_count_is_lost() -> None:
    memory = Memory()
    await asyncio.gather(*(memory.incr("one", 60) for _ in range(1000)))
    assert await memory.get("one") == 1000


def test_a_redis_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'redis>=5.2'") as refused:
        load_settings(environment("sqlite:///x.db", RATE_LIMIT_STORAGE="redis://:a-password@localhost"))
    assert "a-password" not in str(refused.value)


@pytest.mark.parametrize("wrong", ["Memory", "redis://", "memcached://localhost", "localhost:6379"])
def test_other_storages_are_refused(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="RATE_LIMIT_STORAGE must be memory or begin with redis"):
        load_settings(environment("sqlite:///x.db", RATE_LIMIT_STORAGE=wrong))


def test_memory_is_the_default() -> None:
    assert isinstance(storage_at(load_settings(environment("sqlite:///x.db")).RATE_LIMIT_STORAGE), Memory)
