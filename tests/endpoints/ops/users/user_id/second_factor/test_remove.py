"""A lost device: an administrator takes the factor away, with a reason, and the person is told."""

from fastapi import FastAPI

from models.storage.columns import new_id
from tests.authentication import stored
from tests.authentication.factors import Clock, with_app, with_codes
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.mailbox import letters

LOST = {"reason": "Their phone was stolen; I know their voice"}


def place(person: Person) -> str:
    return f"/ops/users/{person.id}/second_factor/remove/"


async def test_the_password_is_enough_again_and_every_session_ended(
    app: FastAPI, administrator: Person, owner: Person, clock: Clock
) -> None:
    await with_app(owner, clock)
    await with_codes(owner)
    assert (await administrator.client.get(place(owner), headers=PAGE)).status_code == 200
    answer = await administrator.client.post(place(owner), json=LOST)
    assert answer.status_code == 204
    assert (await owner.client.get("/account/")).status_code == 401
    async with connect(app) as client:
        body = {"email_address": owner.email_address, "password": PASSWORD}
        assert (await client.post("/auth/login/", json=body)).status_code == 200
        assert (await client.get("/account/second_factor/")).json()["recovery_codes_left"] == 0
    (entry,) = await stored.history("second_factor:remove_all")
    assert (entry["user_id"], entry["entity_id"], entry["reason"]) == (administrator.id, owner.id, LOST["reason"])
    assert "by an administrator" in (await letters(owner.email_address))[-1].text


async def test_there_must_be_one_and_another_person(administrator: Person, owner: Person) -> None:
    for person in (owner, administrator):
        assert (await administrator.client.post(place(person), json=LOST)).status_code == 409
    nobody = f"/ops/users/{new_id()}/second_factor/remove/"
    assert (await administrator.client.post(nobody, json=LOST)).status_code == 404
    assert (await administrator.client.post(place(owner), json={})).status_code == 422


async def test_only_administrators_with_proof(administrator: Person, owner: Person) -> None:
    assert (await owner.client.post(place(owner), json=LOST)).status_code == 403
    await long_ago(administrator.id)
    assert (await administrator.client.post(place(owner), json=LOST)).json()["code"] == "STEP_UP_REQUIRED"
