"""Signing out ends the session in the database, not only in the browser."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person


async def test_a_program_gets_204_and_a_browser_goes_to_sign_in(owner: Person, stranger: Person) -> None:
    assert (await owner.client.post("/auth/logout/")).status_code == 204
    answer = await stranger.client.post("/auth/logout/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login/")


async def test_the_cookie_is_dead_and_not_only_forgotten(owner: Person, client: httpx.AsyncClient) -> None:
    """Someone who kept a copy has nothing."""
    kept = {"cookie": f"turva_session={owner.client.cookies['turva_session']}"}
    assert (await client.get("/account/", headers=kept)).status_code == 200
    await owner.client.post("/auth/logout/")
    assert not owner.client.cookies
    assert (await client.get("/account/", headers=kept)).status_code == 401
    assert (await client.post("/projects/create/", headers=kept, json={"name": "x"})).status_code == 401


async def test_who_and_why_are_recorded(owner: Person) -> None:
    answer = await owner.client.post("/auth/logout/")
    (session,) = await stored.sessions_of(owner.id)
    assert session["revoked_at"] is not None
    assert (session["revoked_by_id"], session["revoked_reason"]) == (owner.id, "signed out")
    (entry,) = await stored.history("session:revoke")
    assert (entry["entity_id"], entry["user_id"], entry["session_id"]) == (session["id"], owner.id, session["id"])
    assert (entry["reason"], entry["request_id"]) == ("signed out", answer.headers["x-request-id"])


async def test_other_sessions_of_the_person_go_on(owner: Person, stranger: Person, client: httpx.AsyncClient) -> None:
    other = {"cookie": f"turva_session={owner.client.cookies['turva_session']}"}
    body = {"email_address": owner.email_address, "password": PASSWORD}
    await client.post("/auth/login/", json=body)
    await client.post("/auth/logout/")
    client.cookies.clear()
    assert (await client.get("/account/", headers=other)).status_code == 200
    assert (await stranger.client.get("/account/")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_a_link_cannot_sign_anyone_out(owner: Person, method: str) -> None:
    assert (await owner.client.request(method, "/auth/logout/")).status_code == 405
    assert (await owner.client.get("/account/")).status_code == 200


async def test_another_site_cannot_sign_anyone_out(owner: Person) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert (await owner.client.post("/auth/logout/", headers=headers)).status_code == 403
    assert (await owner.client.get("/account/")).status_code == 200


async def test_without_a_session_there_is_nothing_to_end(client: httpx.AsyncClient) -> None:
    assert (await client.post("/auth/logout/")).status_code == 401


async def test_twice_at_once_ends_it_once(owner: Person) -> None:
    """Also when all of them passed the check before the first was committed."""
    answers = await asyncio.gather(*(owner.client.post("/auth/logout/") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204, 401, 401, 401, 401]
    assert len(await stored.history("session:revoke")) == 1


async def test_requests_under_way_do_not_bring_it_back(owner: Person) -> None:
    """Each of them has activity to note, which is what brings sessions back where both are one record."""
    body = {"email_address": owner.email_address, "password": PASSWORD}
    for _ in range(30):
        assert (await owner.client.post("/auth/login/", json=body)).status_code == 200
        kept = {"cookie": f"turva_session={owner.client.cookies['turva_session']}"}
        session = (await stored.sessions_of(owner.id))[-1]["id"]
        await stored.used(session, at=utc_now() - timedelta(minutes=5))
        others = [owner.client.get("/account/", headers=kept) for _ in range(4)]
        answers = await asyncio.gather(*others[:2], owner.client.post("/auth/logout/", headers=kept), *others[2:])
        assert {answer.status_code for answer in answers} <= {200, 204, 401}
        assert (await owner.client.get("/account/", headers=kept)).status_code == 401
