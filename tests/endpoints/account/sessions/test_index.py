"""A person sees where they are signed in, and nothing that could be used in a session's place."""

from datetime import datetime, timedelta

import httpx
from fastapi import FastAPI

from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PASSWORD, Person, connect

FIELDS = {"id", "kind", "label", "created_date", "last_seen", "absolute_expiry", "device", "address", "current"}


async def sign_in(app: FastAPI, person: Person, device: str) -> httpx.AsyncClient:
    client = connect(app)
    body = {"email_address": person.email_address, "password": PASSWORD}
    answer = await client.post("/auth/login/", json=body, headers={"user-agent": device})
    assert answer.status_code == 200
    return client


async def test_own_live_sessions_the_last_used_first(app: FastAPI, owner: Person, stranger: Person) -> None:
    tablet, ended = await sign_in(app, owner, "Tablet"), await sign_in(app, owner, "Ended")
    await ended.post("/auth/logout/")
    now = utc_now()
    (first, second, _) = await stored.sessions_of(owner.id)
    await stored.used(first["id"], at=now - timedelta(seconds=30))
    await stored.used(second["id"], at=now - timedelta(seconds=10))
    page = (await tablet.get("/account/sessions/")).json()
    assert [(one["id"], one["device"] == "Tablet", one["current"]) for one in page["data"]] == [
        (str(second["id"]), True, True),
        (str(first["id"]), False, False),
    ]
    assert page["pagination"]["total"] == 2
    await tablet.aclose()
    await ended.aclose()


async def test_what_is_told_of_a_session(owner: Person) -> None:
    (session,) = (await owner.client.get("/account/sessions/")).json()["data"]
    assert set(session) == FIELDS
    assert (session["kind"], session["address"]) == ("browser", "127.0.0.1")
    assert session["device"].startswith("python-httpx")
    created, end = (datetime.fromisoformat(session[name]) for name in ("created_date", "absolute_expiry"))
    assert end - created == timedelta(hours=12)


async def test_sessions_that_a_limit_ended_are_not_listed(app: FastAPI, owner: Person) -> None:
    other = await sign_in(app, owner, "Idle")
    idle = (await stored.sessions_of(owner.id))[-1]
    await stored.used(idle["id"], at=utc_now() - timedelta(minutes=31))
    assert (await owner.client.get("/account/sessions/")).json()["pagination"]["total"] == 1
    assert (await other.get("/account/sessions/")).status_code == 401
    await other.aclose()


async def test_pages(app: FastAPI, owner: Person) -> None:
    clients = [await sign_in(app, owner, f"Device {number}") for number in range(4)]
    pages = [(await owner.client.get(f"/account/sessions/?limit=2&page={page}")).json() for page in (1, 2, 3, 4)]
    assert [len(page["data"]) for page in pages] == [2, 2, 1, 0]
    assert len({one["id"] for page in pages for one in page["data"]}) == 5
    assert {page["pagination"]["total"] for page in pages} == {5}
    assert (await owner.client.get("/account/sessions/?limit=101")).status_code == 422
    for client in clients:
        await client.aclose()
