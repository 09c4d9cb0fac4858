"""Closing one's own account: nobody signs in any more, nothing is deleted, and nothing is left without who answers."""

import asyncio

import pytest
from fastapi import FastAPI

from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person, SignUp, connect
from tests.mailbox import letters

PATH = "/account/deactivate/"
BODY = {"password": PASSWORD}


async def status_of_sign_in(app: FastAPI, person: Person) -> int:
    async with connect(app) as client:
        body = {"email_address": person.email_address, "password": PASSWORD}
        return (await client.post("/auth/login/", json=body)).status_code


async def test_every_session_ends_and_nobody_signs_in(app: FastAPI, stranger: Person) -> None:
    cookies = dict(stranger.client.cookies)
    async with connect(app, cookies=cookies) as copy, connect(app) as other:
        await other.post("/auth/login/", json={"email_address": stranger.email_address, "password": PASSWORD})
        answer = await stranger.client.post(PATH, data=BODY, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login/?after=deactivation")
        assert 'turva_session=""; ' in answer.headers["set-cookie"]
        assert [(await one.get("/account/")).status_code for one in (copy, other)] == [401, 401]
    assert await status_of_sign_in(app, stranger) == 401
    assert [letter.template for letter in await letters(stranger.email_address)] == ["account_deactivated"]
    (entry,) = await stored.history("user:deactivate")
    assert (entry["user_id"], entry["entity_id"], entry["after"]) == (stranger.id, stranger.id, {"is_active": False})


async def test_nothing_is_deleted(owner: Person, stranger: Person, project: str) -> None:
    body = {"email_address": stranger.email_address, "role": "owner"}
    assert (await owner.client.post(f"{project}members/create/", json=body)).status_code == 201
    assert (await owner.client.post(PATH, json=BODY)).status_code == 204
    members = (await stranger.client.get(f"{project}members/")).json()
    assert len(members["data"]) == 2
    assert len(await stored.rows(stored.every_user())) == 2


async def test_the_only_owner_of_a_project_is_told_which_and_what_to_do(owner: Person, project: str) -> None:
    answer = await owner.client.post(PATH, json=BODY)
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    assert "You are the only active owner of 'Ward round'." in answer.json()["detail"]
    assert "Make somebody else an owner" in answer.json()["detail"]
    assert (await owner.client.get(PATH)).json() == {"only_owner_of": ["Ward round"]}
    assert "<form" not in (await owner.client.get(PATH, headers=PAGE)).text.partition("<main")[2]
    assert (await owner.client.get("/account/")).status_code == 200
    assert await letters() == []


async def test_an_owner_who_is_inactive_is_none(owner: Person, stranger: Person, project: str) -> None:
    await owner.client.post(
        f"{project}members/create/", json={"email_address": stranger.email_address, "role": "owner"}
    )
    await stored.set_user(stranger.id, is_active=False)
    assert (await owner.client.post(PATH, json=BODY)).status_code == 409


async def test_many_projects_are_counted(owner: Person) -> None:
    for number in range(8):
        await owner.client.post("/projects/create/", json={"name": f"Ward {number}"})
    assert "'Ward 4' and 3 more" in (await owner.client.post(PATH, json=BODY)).json()["detail"]


async def test_the_last_administrator_stays(administrator: Person, sign_up: SignUp) -> None:
    answer = await administrator.client.post(PATH, json=BODY)
    assert (answer.status_code, "only active administrator" in answer.json()["detail"]) == (409, True)
    await sign_up("second", is_administrator=True)
    assert (await administrator.client.post(PATH, json=BODY)).status_code == 204


async def test_of_two_administrators_who_leave_at_once_one_stays(administrator: Person, sign_up: SignUp) -> None:
    second = await sign_up("second", is_administrator=True)
    leaving = [person.client.post(PATH, json=BODY) for person in (administrator, second)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*leaving)) == [204, 409]


async def test_of_two_owners_who_leave_at_once_one_stays(owner: Person, stranger: Person, project: str) -> None:
    body = {"email_address": stranger.email_address, "role": "owner"}
    await owner.client.post(f"{project}members/create/", json=body)
    leaving = [person.client.post(PATH, json=BODY) for person in (owner, stranger)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*leaving)) == [204, 409]


@pytest.mark.parametrize("wrong", [" ", "wrong"])
async def test_the_password_is_asked_for(app: FastAPI, stranger: Person, wrong: str) -> None:
    answer = await stranger.client.post(PATH, data={"password": wrong}, headers=PAGE)
    assert (answer.status_code, "The password is not right" in answer.text) == (422, True)
    assert await status_of_sign_in(app, stranger) == 200


async def test_a_sign_in_under_way_leaves_no_session(app: FastAPI, stranger: Person) -> None:
    others = [connect(app) for _ in range(4)]
    body = {"email_address": stranger.email_address, "password": PASSWORD}
    tries = asyncio.gather(*(other.post("/auth/login/", json=body) for other in others))
    answer, _ = await asyncio.gather(stranger.client.post(PATH, json=BODY), tries)
    assert answer.status_code == 204
    assert [(await other.get("/account/")).status_code for other in others] == [401] * 4
    for other in others:
        await other.aclose()
