"""Operators end one session, a person's or everyone's, and say why; what they end is dead at its next request."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person, SignUp, connect

WHY = "Lost laptop"
URL = "/ops/sessions/revoke/"


async def alive(*people: Person) -> list[bool]:
    return [(await person.client.get("/account/")).status_code == 200 for person in people]


async def revoke(person: Person, **body: Any) -> httpx.Response:
    return await person.client.post(URL, json={"reason": WHY, **body})


async def test_one(owner: Person, stranger: Person, administrator: Person) -> None:
    answer = await revoke(administrator, session_id=str(await stored.session_id(owner.id)))
    assert (answer.status_code, answer.json()) == (200, {"revoked": 1})
    assert await alive(owner, stranger, administrator) == [False, True, True]


@pytest.mark.parametrize("written", ["owner@example.org", " OWNER@Example.org "])
async def test_all_of_an_address(
    app: FastAPI, owner: Person, stranger: Person, administrator: Person, written: str
) -> None:
    async with connect(app) as tablet:
        await tablet.post("/auth/login/", json={"email_address": owner.email_address, "password": PASSWORD})
        assert (await revoke(administrator, email_address=written)).json() == {"revoked": 2}
        assert (await tablet.get("/account/")).status_code == 401
    assert await alive(owner, stranger, administrator) == [False, True, True]


async def test_everyone_is_everyone(owner: Person, stranger: Person, administrator: Person) -> None:
    """Whoever asked, too: an administrator's session may be the stolen one."""
    assert (await revoke(administrator, everyone=True)).json() == {"revoked": 3}
    assert await alive(owner, stranger, administrator) == [False, False, False]


async def test_who_and_why_are_recorded_for_each(owner: Person, stranger: Person, administrator: Person) -> None:
    acting = await stored.session_id(administrator.id)
    answer = await revoke(administrator, everyone=True)
    ended = {(await stored.session_id(person.id), str(person.id)) for person in (owner, stranger, administrator)}
    entries = await stored.history("session:revoke")
    assert {(entry["entity_id"], entry["after"]["user"]) for entry in entries} == ended
    assert {(entry["user_id"], entry["session_id"]) for entry in entries} == {(administrator.id, acting)}
    assert {(entry["reason"], entry["request_id"]) for entry in entries} == {(WHY, answer.headers["x-request-id"])}
    (session,) = await stored.sessions_of(owner.id)
    assert (session["revoked_by_id"], session["revoked_reason"]) == (administrator.id, WHY)


async def test_what_has_ended_already_keeps_its_own_reason(owner: Person, administrator: Person) -> None:
    session = str(await stored.session_id(owner.id))
    await owner.client.post("/auth/logout/")
    for target in ({"session_id": session}, {"email_address": owner.email_address}, {"session_id": str(new_id())}):
        assert (await revoke(administrator, **target)).json() == {"revoked": 0}
    (entry,) = await stored.history("session:revoke")
    assert entry["reason"] == "signed out"


async def test_a_person_signs_in_anew_afterwards(owner: Person, administrator: Person) -> None:
    await revoke(administrator, everyone=True)
    body = {"email_address": owner.email_address, "password": PASSWORD}
    assert (await owner.client.post("/auth/login/", json=body)).status_code == 200
    assert await alive(owner) == [True]


ONE = {"session_id": "0190d3c2-7c1e-7b3a-9f6e-2b8f6d1c4a55"}
WRONG: dict[str, dict[str, Any]] = {
    "no target": {},
    "no target but words": {"everyone": False, "email_address": ""},
    "two targets": {**ONE, "email_address": "owner@example.org"},
    "one and everyone": {**ONE, "everyone": True},
    "an address and everyone": {"email_address": "owner@example.org", "everyone": True},
    "all three": {**ONE, "email_address": "owner@example.org", "everyone": True},
    "no reason": {**ONE, "reason": None},
    "an empty reason": {**ONE, "reason": ""},
    "a blank reason": {**ONE, "reason": " \n "},
    "no identifier": {"session_id": "x"},
    "an unknown field": {**ONE, "user_id": ONE["session_id"]},
    "everyone by a word": {"everyone": "perhaps"},
}


async def test_exactly_one_target_and_a_reason(owner: Person, administrator: Person) -> None:
    for how, body in WRONG.items():
        answer = await revoke(administrator, **body)
        assert (answer.status_code, answer.json()["code"]) == (422, "VALIDATION_FAILED"), how
    assert await alive(owner, administrator) == [True, True]


async def test_a_reason_must_be_there(administrator: Person) -> None:
    answer = await administrator.client.post(URL, json=ONE)
    assert answer.json()["errors"] == [{"field": "reason", "message": "Enter the reason"}]


async def test_a_form_does_the_same(owner: Person, administrator: Person) -> None:
    form = {"session_id": "", "email_address": owner.email_address, "reason": WHY}
    answer = await administrator.client.post(URL, data=form, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ops/sessions/")
    assert await alive(owner, administrator) == [False, True]


async def test_administrators_only(owner: Person, client: httpx.AsyncClient, administrator: Person) -> None:
    for body in ({"everyone": True}, {"email_address": owner.email_address}, {}):
        assert (await revoke(owner, **body)).status_code == 403
        assert (await client.post(URL, json={"reason": WHY, **body})).status_code == 401
    assert (await owner.client.get(URL)).status_code == 403
    assert await alive(owner, administrator) == [True, True]


async def test_racing_with_itself_counts_each_session_once(
    owner: Person, stranger: Person, administrator: Person
) -> None:
    answers = await asyncio.gather(*(revoke(administrator, email_address=owner.email_address) for _ in range(8)))
    assert sorted(answer.json()["revoked"] for answer in answers) == [0] * 7 + [1]
    assert len(await stored.history("session:revoke")) == 1


async def test_two_administrators_end_everyone_at_once(sign_up: SignUp) -> None:
    """The second finds its own session dead; no deadlock, which would be a 503."""
    for attempt in range(10):
        first, second = [await sign_up(f"{name}{attempt}", is_administrator=True) for name in ("ada", "grace")]
        others = [await sign_up(f"nurse{number}of{attempt}") for number in range(3)]
        answers = await asyncio.gather(revoke(first, everyone=True), revoke(second, everyone=True))
        assert sorted(answer.status_code for answer in answers) == [200, 401]
        (won,) = (answer for answer in answers if answer.status_code == 200)
        assert won.json() == {"revoked": 5}
        assert not any(await alive(first, second, *others))


async def test_everyone_at_once_with_people_signing_out_in_and_on(sign_up: SignUp) -> None:
    """All orders of locking meet here: nobody waits for ever, and all who were signed in before are out after."""
    boss = await sign_up("boss", is_administrator=True)
    people = [await sign_up(f"nurse{number}") for number in range(6)]
    for _ in range(5):
        body = {"email_address": boss.email_address, "password": PASSWORD}
        assert (await boss.client.post("/auth/login/", json=body)).status_code == 200
        before = [person.client.cookies.get("turva_session") for person in people]
        acts = [person.client.post("/auth/logout/") for person in people[:2]]
        acts += [person.client.post("/projects/create/", json={"name": "x"}) for person in people[2:4]]
        acts += [sign_in(person) for person in people]
        answers = await asyncio.gather(*acts, revoke(boss, everyone=True))
        assert {answer.status_code for answer in answers} <= {200, 201, 204, 401}
        assert answers[-1].status_code == 200
        async with connect(boss.client._transport.app) as client:  # type: ignore[attr-defined]
            for cookie in filter(None, before):
                answer = await client.get("/account/", headers={"cookie": f"turva_session={cookie}"})
                assert answer.status_code == 401


async def sign_in(person: Person) -> httpx.Response:
    body = {"email_address": person.email_address, "password": PASSWORD}
    return await person.client.post("/auth/login/", json=body)
