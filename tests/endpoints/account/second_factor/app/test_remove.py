"""Without the app, nothing but the password is asked for; who needs a factor keeps the last one."""

from fastapi import FastAPI

from tests.authentication import stored
from tests.authentication.factors import APP, Clock, with_app, with_codes
from tests.authentication.proof import long_ago
from tests.clients import PASSWORD, Person, connect
from tests.mailbox import letters

REMOVE = f"{APP}remove/"


async def test_it_is_forgotten_with_its_recovery_codes(app: FastAPI, owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    await with_codes(owner)
    assert (await owner.client.post(REMOVE)).status_code == 204
    has = (await owner.client.get("/account/second_factor/")).json()
    assert (has["app"], has["recovery_codes_left"]) == (False, 0)
    assert len(await stored.history("second_factor:remove_app")) == 1
    assert "The authenticator app was removed" in (await letters(owner.email_address))[-1].text
    async with connect(app) as client:
        body = {"email_address": owner.email_address, "password": PASSWORD}
        assert (await client.post("/auth/login/", json=body)).status_code == 200


async def test_the_last_factor_of_who_needs_one_stays(owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    await stored.set_user(owner.id, needs_second_factor=True)
    answer = await owner.client.post(REMOVE)
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    assert (await owner.client.get("/account/second_factor/")).json()["app"] is True


async def test_there_must_be_one_and_proof(owner: Person, clock: Clock) -> None:
    assert (await owner.client.post(REMOVE)).status_code == 409
    await with_app(owner, clock)
    await long_ago(owner.id)
    assert (await owner.client.post(REMOVE)).json()["code"] == "STEP_UP_REQUIRED"
