"""Adding a passkey: only what a device made for this service, this session and this moment, its person verified."""

import time

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication.passkeys import PASSKEYS
from models.enumerations import Factors
from tests.authentication import stored
from tests.authentication.devices import PRESENT, VERIFIED, Device
from tests.authentication.named import CREATE, with_passkey
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.mailbox import letters


async def test_it_is_kept_told_and_ends_other_sessions(app: FastAPI, owner: Person) -> None:
    async with connect(app) as other:
        body = {"email_address": owner.email_address, "password": PASSWORD}
        assert (await other.post("/auth/login/", json=body)).status_code == 200
        await with_passkey(owner, Device())
        assert (await other.get("/account/")).status_code == 401
    assert (await stored.sessions_of(owner.id))[0]["factors"] is Factors.PASSWORD_PASSKEY
    (entry,) = await stored.history("second_factor:add_passkey")
    assert entry["entity_id"] == owner.id
    assert "A passkey was added" in (await letters(owner.email_address))[-1].text
    page = await owner.client.get("/account/second_factor/", headers=PAGE)
    assert "Remove<span" in page.text


async def test_the_options_demand_what_makes_it_two_factors(owner: Person) -> None:
    options = (await owner.client.get(CREATE)).json()["passkey"]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["rp"] == {"id": "localhost", "name": "Turva"}
    device = Device()
    await with_passkey(owner, device)
    again = (await owner.client.get(CREATE)).json()["passkey"]
    assert len(again["excludeCredentials"]) == 1
    assert again["challenge"] != options["challenge"]


@pytest.mark.parametrize(
    "device",
    [Device(origin="http://evil.example"), Device(rp="evil.example"), Device(flags=PRESENT), Device(flags=VERIFIED)],
    ids=["origin", "service", "not verified", "not present"],
)
async def test_what_is_not_right_is_refused(owner: Person, device: Device) -> None:
    options = (await owner.client.get(CREATE)).json()["passkey"]
    answer = await owner.client.post(CREATE, json={"name": "x", "passkey": device.create(options)})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "passkey")
    assert await stored.rows(sa.select(PASSKEYS)) == []


@pytest.mark.parametrize("garbage", ["", "x", "{}", "[]", "null", '{"id": 1}', '{"id": "a", "rawId": "a"}', "[" * 9000])
async def test_garbage_is_refused(owner: Person, garbage: str) -> None:
    answer = await owner.client.post(CREATE, json={"name": "x", "passkey": garbage})
    assert answer.status_code == 422


async def test_a_challenge_is_one_session_s_lives_five_minutes_and_counts_once(
    owner: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = (await owner.client.get(CREATE)).json()["passkey"]
    body = {"name": "x", "passkey": Device().create(options)}
    assert (await stranger.client.post(CREATE, json=body)).status_code == 422
    assert (await owner.client.post(CREATE, json=body)).status_code == 204
    assert (await owner.client.post(CREATE, json={**body, "passkey": Device().create(options)})).status_code == 409
    late = (await owner.client.get(CREATE)).json()["passkey"]
    now = time.time()
    for seconds, status in ((300, 422), (298, 204)):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: now + seconds)
        sent = {"name": "x", "passkey": Device().create(late)}
        assert (await owner.client.post(CREATE, json=sent)).status_code == status


async def test_one_passkey_is_one_person_s(owner: Person, stranger: Person) -> None:
    device = Device()
    await with_passkey(owner, device)
    options = (await stranger.client.get(CREATE)).json()["passkey"]
    answer = await stranger.client.post(CREATE, json={"name": "x", "passkey": device.create(options)})
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")


async def test_it_needs_recent_proof(owner: Person) -> None:
    await long_ago(owner.id)
    assert (await owner.client.get(CREATE)).json()["code"] == "STEP_UP_REQUIRED"
    assert (await owner.client.post(CREATE, json={})).json()["code"] == "STEP_UP_REQUIRED"
