"""A stream tells its session's pages to fetch again, and ends with the session."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import streams
from authentication.revocation import revoke
from authentication.sessions import SESSIONS, USERS
from authentication.streams import EVERYONES, MOST_OF_A_SESSION, OWN, Streams
from config import load_settings
from errors import Unavailable
from main import create_app
from models.audit.audit import COMMAND_LINE
from models.storage.columns import utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.clients import PASSWORD, Person, connect, environment
from tests.streaming import PATH, streaming
from tests.tokens import make, program

LONG = 30
"""Seconds that a machine full of other tests may need; what never comes is what fails."""


async def test_the_first_event_comes_at_once(owner: Person) -> None:
    """Whatever happened between the page and its stream, the page fetches again."""
    answer = await owner.client.get(PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
    retry, first, _ = answer.text.split("\n\n")
    assert retry.startswith("retry: ")
    assert first == f"event: {OWN}\ndata: {{}}"


async def test_an_administrator_may_know_of_everyone(administrator: Person) -> None:
    events = (await administrator.client.get(PATH)).text
    assert f"event: {EVERYONES}\n" in events


async def test_nobody_without_a_session(client: httpx.AsyncClient) -> None:
    answer = await client.get(PATH, headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_head_opens_nothing(app: FastAPI, owner: Person) -> None:
    answer = await owner.client.head(PATH)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert list(app.state.streams) == []


async def test_a_client_that_goes_away_leaves_nothing(app: FastAPI, owner: Person) -> None:
    async with asyncio.timeout(LONG), streaming(app, owner.client) as stream:
        assert await stream.event() == OWN
        assert len(list(app.state.streams)) == 1
    assert (stream.statuses, list(app.state.streams), app.state.streams._open) == ([200], [], {})


async def test_a_new_session_is_told_to_its_person_and_to_administrators(
    app: FastAPI, owner: Person, administrator: Person
) -> None:
    async with (
        asyncio.timeout(LONG),
        streaming(app, owner.client) as mine,
        streaming(app, administrator.client) as everyones,
    ):
        assert await mine.event() == OWN
        assert {await everyones.event(), await everyones.event()} == {OWN, EVERYONES}
        async with connect(app) as elsewhere:
            await sign_in(elsewhere, owner)
        assert await mine.event() == OWN
        assert {await everyones.event()} <= {OWN, EVERYONES}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> "asyncio.Queue[frozenset[object]]":
    """Whose pages are told, in place of telling them."""
    queue: asyncio.Queue[frozenset[object]] = asyncio.Queue()
    monkeypatch.setattr(Streams, "_tell", lambda _, whose: queue.put_nowait(frozenset(whose)))
    return queue


async def listens(told: "asyncio.Queue[frozenset[object]]") -> None:
    """Wait until this process hears notices: on PostgreSQL it tells everyone then, as some may have been missed."""
    while database.is_postgresql and None not in await told.get():
        pass


async def test_a_session_that_ended_is_told_to_the_others_of_its_person(
    app: FastAPI, owner: Person, told: "asyncio.Queue[frozenset[object]]"
) -> None:
    async with connect(app) as elsewhere:
        await sign_in(elsewhere, owner)  # before anybody listens
        async with asyncio.timeout(LONG), streaming(app, owner.client) as stream:
            await listens(told)
            assert (await elsewhere.post("/auth/logout/")).status_code == 204
            while owner.id not in await told.get():
                pass
            assert not stream.whole


async def test_a_new_token_is_told_and_opens_no_stream(
    app: FastAPI, owner: Person, told: "asyncio.Queue[frozenset[object]]"
) -> None:
    async with asyncio.timeout(LONG), streaming(app, owner.client):
        await listens(told)
        made = await make(owner, "read")
        while owner.id not in await told.get():
            pass
    async with program(app, made["token"]) as client:
        assert (await client.get(PATH)).status_code == 403


async def sign_in(client: httpx.AsyncClient, person: Person) -> None:
    body = {"email_address": person.email_address, "password": PASSWORD}
    assert (await client.post("/auth/login/", json=body)).status_code == 200


async def revoke_own(person: Person, administrator: Person) -> None:
    session = await stored.session_id(person.id)
    assert (await person.client.post(f"/account/sessions/{session}/revoke/")).status_code == 204


async def sign_out(person: Person, administrator: Person) -> None:
    assert (await person.client.post("/auth/logout/")).status_code == 204


async def revoke_by_operator(person: Person, administrator: Person) -> None:
    body = {"email_address": person.email_address, "reason": "Lost laptop"}
    assert (await administrator.client.post("/ops/sessions/revoke/", json=body)).json() == {"revoked": 1}


async def revoke_everyone(person: Person, administrator: Person) -> None:
    body = {"everyone": True, "reason": "Incident"}
    assert (await administrator.client.post("/ops/sessions/revoke/", json=body)).json() == {"revoked": 2}


async def revoke_by_command(person: Person, administrator: Person) -> None:
    assert await revoke(COMMAND_LINE, [SESSIONS.c.user_id == person.id], "Left the trust") == 1


@pytest.mark.parametrize("end", [revoke_own, sign_out, revoke_by_operator, revoke_everyone, revoke_by_command])
async def test_a_notice_ends_it(
    app: FastAPI,
    owner: Person,
    administrator: Person,
    end: Callable[[Person, Person], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "SWEEP_SECONDS", 3600)
    async with asyncio.timeout(LONG), streaming(app, owner.client) as stream:
        assert await stream.event() == OWN
        await end(owner, administrator)
        assert (await stream.rest())[-1] == "session-ended"
        assert stream.whole


async def unnoticed(person: Person) -> None:
    """As when the notice is lost, or the server that ended it knows of none."""
    await stored.change(sa.update(SESSIONS).where(SESSIONS.c.user_id == person.id).values(revoked_at=utc_now()))


async def deactivated(person: Person) -> None:
    await stored.set_user(person.id, is_active=False)


async def new_epoch(person: Person) -> None:
    await stored.set_user(person.id, auth_epoch=USERS.c.auth_epoch + 1)


async def idle(person: Person) -> None:
    await stored.used(await stored.session_id(person.id), utc_now() - timedelta(minutes=30))


async def past_its_limit(person: Person) -> None:
    past = sa.update(SESSIONS).where(SESSIONS.c.user_id == person.id)
    await stored.change(past.values(absolute_expiry=utc_now()))


@pytest.mark.parametrize("end", [unnoticed, deactivated, new_epoch, idle, past_its_limit])
async def test_the_sweep_ends_it_without_a_notice(
    app: FastAPI, owner: Person, end: Callable[[Person], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "SWEEP_SECONDS", 0.05)
    async with asyncio.timeout(LONG), streaming(app, owner.client) as stream:
        await end(owner)
        assert (await stream.rest())[-1] == "session-ended"
        assert (await owner.client.get("/account/")).status_code == 401


async def test_a_session_that_ends_while_its_stream_opens_has_none(
    app: FastAPI, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check at the door and the stream a notice finds nothing to close."""
    monkeypatch.setattr(streams, "SWEEP_SECONDS", 3600)
    check = Streams.check

    async def late(self: Streams, some: list[streams.Stream]) -> set[object]:
        monkeypatch.setattr(Streams, "check", check)
        await unnoticed(owner)
        return set(await check(self, some))

    monkeypatch.setattr(Streams, "check", late)
    async with asyncio.timeout(LONG), streaming(app, owner.client) as stream:
        assert await stream.rest() == ["session-ended"]


async def test_it_does_not_keep_an_idle_session_alive(app: FastAPI, owner: Person) -> None:
    """An open page is not a person."""
    session = await stored.session_id(owner.id)
    long_ago = utc_now() - timedelta(minutes=20)
    await stored.used(session, long_ago)
    for headers in ({"Accept": "text/event-stream"}, {"X-Unattended": "true"}):
        assert (await owner.client.get(PATH, headers=headers)).status_code == 200
        assert (await owner.client.get("/account/sessions/", headers=headers)).status_code == 200
    assert await stored.last_use(session) == long_ago
    assert (await owner.client.get("/account/sessions/")).status_code == 200
    assert await stored.last_use(session) > long_ago


async def test_the_oldest_of_a_session_gives_way(app: FastAPI, owner: Person, stranger: Person) -> None:
    async with asyncio.timeout(LONG), AsyncExitStack() as held:
        another = await held.enter_async_context(streaming(app, stranger.client))
        mine = [await held.enter_async_context(streaming(app, owner.client)) for _ in range(MOST_OF_A_SESSION + 2)]
        for stream in mine[:2]:
            assert (await stream.rest())[-1] == "superseded"
        for stream in (*mine[2:], another):
            assert await stream.event() == OWN
            assert not stream.whole


async def test_it_holds_no_connection(database_url: str) -> None:
    """One connection serves a request beside any number of streams."""
    application = create_app(
        load_settings(environment(database_url, DATABASE_POOL_SIZE="1", DATABASE_MAX_OVERFLOW="0"))
    )
    async with application.router.lifespan_context(application), connect(application) as client:
        hashed = await application.state.passwords.hash(PASSWORD)
        person = Person(await stored.add_person("ada@example.org", hashed), "ada@example.org", client)
        await sign_in(client, person)
        async with asyncio.timeout(LONG), AsyncExitStack() as held:
            for _ in range(MOST_OF_A_SESSION):
                stream = await held.enter_async_context(streaming(application, client))
                assert await stream.event() == OWN
            assert (await client.get("/account/")).status_code == 200
            assert len(list(application.state.streams)) == MOST_OF_A_SESSION


async def test_no_database_is_an_answer_before_the_stream_begins(
    app: FastAPI, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: Streams, some: object) -> set[object]:
        raise Unavailable

    monkeypatch.setattr(Streams, "check", away)
    answer = await owner.client.get(PATH)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert list(app.state.streams) == []


async def test_the_end_of_the_process_is_no_end_of_the_session(app: FastAPI, owner: Person) -> None:
    async with asyncio.timeout(LONG), streaming(app, owner.client) as stream:
        assert await stream.event() == OWN
        app.state.streams.stop()
        assert "session-ended" not in await stream.rest()
        assert stream.whole
        answer = await owner.client.get(PATH)
        assert (answer.status_code, "event:" in answer.text) == (200, False)


async def test_the_log_has_its_line_when_it_ends(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """And no error, although the client left in the middle of an answer."""
    caplog.set_level("INFO")
    application = create_app(load_settings(environment(database_url, ACCESS_LOG="true")))
    async with application.router.lifespan_context(application), connect(application) as client:
        hashed = await application.state.passwords.hash(PASSWORD)
        person = Person(await stored.add_person("ada@example.org", hashed), "ada@example.org", client)
        await sign_in(client, person)
        async with asyncio.timeout(LONG), streaming(application, client) as stream:
            assert await stream.event() == OWN
            assert lines(caplog) == []
    (line,) = lines(caplog)
    assert line.startswith(f"GET {PATH} 200 ")
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if PATH in record.getMessage()]
