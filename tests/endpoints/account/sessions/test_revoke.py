"""Ending many sessions of one's own: all others, or all (ASVS 7.4.3, 7.5.2)."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.authentication import stored
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.tokens import make, program

REVOKE = "/account/sessions/revoke/"


async def sign_in_again(app: FastAPI, person: Person) -> dict[str, str]:
    """The cookies of another device."""
    async with connect(app) as client:
        body = {"email_address": person.email_address, "password": PASSWORD}
        assert (await client.post("/auth/login/", json=body)).status_code == 200
        return dict(client.cookies)


async def statuses(app: FastAPI, *devices: dict[str, str]) -> list[int]:
    found = []
    for cookies in devices:
        async with connect(app, cookies=cookies) as client:
            found.append((await client.get("/account/")).status_code)
    return found


async def test_asvs_7_5_2_all_others(app: FastAPI, owner: Person, stranger: Person) -> None:
    devices = [await sign_in_again(app, owner) for _ in range(2)]
    token = (await make(owner, "read"))["token"]
    assert (await owner.client.get(REVOKE)).json() == {"others": 3}
    answer = await owner.client.post(REVOKE, json={"others": True})
    assert (answer.status_code, answer.json()) == (200, {"revoked": 3})
    assert await statuses(app, *devices, dict(owner.client.cookies), dict(stranger.client.cookies)) == [
        401,
        401,
        200,
        200,
    ]
    async with program(app, token) as client:
        assert (await client.get("/account/")).status_code == 401
    entries = await stored.history("session:revoke")
    assert {(entry["user_id"], entry["reason"]) for entry in entries} == {(owner.id, "all others, by their owner")}
    assert (await owner.client.get(REVOKE)).json() == {"others": 0}
    assert (await owner.client.post(REVOKE, json={"others": True})).json() == {"revoked": 0}


async def test_all_of_them(app: FastAPI, owner: Person, stranger: Person) -> None:
    device, here = await sign_in_again(app, owner), dict(owner.client.cookies)
    answer = await owner.client.post(REVOKE, json={"all": True})
    assert answer.json() == {"revoked": 2}
    assert 'turva_session=""' in answer.headers["set-cookie"]
    assert await statuses(app, device, here, dict(stranger.client.cookies)) == [401, 401, 200]


@pytest.mark.parametrize(("choice", "goes_to"), [("others", "/account/sessions/"), ("all", "/auth/login/")])
async def test_the_page_does_both(app: FastAPI, owner: Person, choice: str, goes_to: str) -> None:
    device = await sign_in_again(app, owner)
    page = await owner.client.get(REVOKE, headers=PAGE)
    assert "You have 1 other session." in page.text
    assert f'name="{choice}" value="true"' in page.text
    answer = await owner.client.post(REVOKE, data={choice: "true"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, goes_to)
    assert ("set-cookie" in answer.headers) is (choice == "all")
    assert await statuses(app, device) == [401]


@pytest.mark.parametrize("body", [{}, {"others": True, "all": True}, {"others": False}, {"others": True, "x": 1}])
async def test_exactly_one(owner: Person, body: dict[str, Any]) -> None:
    assert (await owner.client.post(REVOKE, json=body)).status_code == 422
    assert (await owner.client.get("/account/")).status_code == 200


@pytest.mark.parametrize("choice", ["others", "all"])
async def test_asvs_7_5_2_it_needs_recent_proof(app: FastAPI, owner: Person, choice: str) -> None:
    device = await sign_in_again(app, owner)
    await long_ago(owner.id)
    answer = await owner.client.post(REVOKE, json={choice: True})
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert await statuses(app, device) == [200]


async def test_the_list_leads_there(owner: Person) -> None:
    assert f'href="{REVOKE}"' in (await owner.client.get("/account/sessions/", headers=PAGE)).text
