"""A person ends their own sessions, from any device, and nobody else's."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person, connect


@pytest.fixture
async def tablet(app: FastAPI, owner: Person) -> httpx.AsyncClient:
    """The owner's second device."""
    client = connect(app)
    await client.post("/auth/login/", json={"email_address": owner.email_address, "password": PASSWORD})
    return client


async def alive(*clients: httpx.AsyncClient) -> list[bool]:
    return [(await client.get("/account/")).status_code == 200 for client in clients]


async def test_another_device_is_refused_at_its_next_request(owner: Person, tablet: httpx.AsyncClient) -> None:
    target = (await stored.sessions_of(owner.id))[-1]
    answer = await owner.client.post(f"/account/sessions/{target['id']}/revoke/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await alive(owner.client, tablet) == [True, False]
    (entry,) = await stored.history("session:revoke")
    mine = (await stored.sessions_of(owner.id))[0]["id"]
    assert (entry["user_id"], entry["session_id"], entry["entity_id"]) == (owner.id, mine, target["id"])
    assert entry["reason"] == "ended by its owner"


async def test_the_own_one(owner: Person, tablet: httpx.AsyncClient) -> None:
    target = await stored.sessions_of(owner.id)
    answer = await tablet.post(f"/account/sessions/{target[-1]['id']}/revoke/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/sessions/")
    assert await alive(owner.client, tablet) == [True, False]


async def test_not_someone_elses(owner: Person, stranger: Person, administrator: Person) -> None:
    """404, so that not even the existence of a session is told; administrators have /ops/sessions/."""
    target = await stored.session_id(owner.id)
    unknown = [await one.client.post(f"/account/sessions/{new_id()}/revoke/") for one in (stranger, administrator)]
    answers = [await one.client.post(f"/account/sessions/{target}/revoke/") for one in (stranger, administrator)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.json() for answer in answers] == [answer.json() for answer in unknown]
    assert await alive(owner.client) == [True]
    assert await stored.history("session:revoke") == []


async def test_once(owner: Person, tablet: httpx.AsyncClient) -> None:
    target = (await stored.sessions_of(owner.id))[-1]
    url = f"/account/sessions/{target['id']}/revoke/"
    assert [(await owner.client.post(url)).status_code for _ in range(3)] == [204, 404, 404]
    assert (await stored.sessions_of(owner.id))[-1]["revoked_reason"] == "ended by its owner"


@pytest.mark.parametrize("session", ["x", "1", "0190d3c2", "%00", "..%2F..%2Fops"])
async def test_what_is_no_identifier_is_404(owner: Person, session: str) -> None:
    assert (await owner.client.post(f"/account/sessions/{session}/revoke/")).status_code == 404


async def test_racing_with_itself_ends_it_once(owner: Person, tablet: httpx.AsyncClient) -> None:
    target = (await stored.sessions_of(owner.id))[-1]
    url = f"/account/sessions/{target['id']}/revoke/"
    answers = await asyncio.gather(*(owner.client.post(url) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [204] + [404] * 7
    assert len(await stored.history("session:revoke")) == 1


async def test_two_devices_that_end_each_other(owner: Person, tablet: httpx.AsyncClient) -> None:
    """Exactly one wins, for the other is dead by then; neither waits for the other for ever."""
    first, second = (session["id"] for session in await stored.sessions_of(owner.id))
    answers = await asyncio.gather(
        owner.client.post(f"/account/sessions/{second}/revoke/"), tablet.post(f"/account/sessions/{first}/revoke/")
    )
    assert sorted(answer.status_code for answer in answers) == [204, 401]
    assert sorted(await alive(owner.client, tablet)) == [False, True]
