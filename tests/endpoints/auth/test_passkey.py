"""Passkeys at sign-in: alone, as the second step, and to confirm; each challenge once, each fault refused alike."""

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from config import load_settings
from main import create_app
from models.enumerations import Factors
from tests.authentication import stored
from tests.authentication.devices import PRESENT, Device
from tests.authentication.factors import SECOND, first_step
from tests.authentication.named import SIGN_IN, settings, with_passkey
from tests.authentication.proof import long_ago
from tests.authentication.writes import everything
from tests.clients import PAGE, PASSWORD, Person, connect, environment

CONFIRM = "/account/confirm/"

__all__ = ["settings"]


@pytest.fixture
async def device(owner: Person) -> Device:
    """That of the owner."""
    made = Device()
    await with_passkey(owner, made)
    return made


async def asked(client: httpx.AsyncClient, place: str = SIGN_IN) -> dict[str, object]:
    options: dict[str, object] = (await client.get(place)).json()["passkey"]
    return options


async def test_a_passkey_alone_is_two_factors(client: httpx.AsyncClient, owner: Person, device: Device) -> None:
    """OWASP ASVS 5.0, 6.3.3."""
    options = await asked(client)
    assert (options["userVerification"], options["allowCredentials"]) == ("required", [])
    answer = await client.post(SIGN_IN, json={"passkey": device.get(options)})
    assert answer.json() == {
        "id": str(owner.id),
        "first_name": "Owner",
        "last_name": "Example",
        "email_address": owner.email_address,
        "is_verified": True,
        "is_cso": False,
    }
    await stored.set_user(owner.id, needs_second_factor=True)
    assert (await client.get("/account/")).status_code == 200
    session = (await stored.sessions_of(owner.id))[-1]
    assert session["factors"] is Factors.PASSKEY
    passkey = (await client.get("/account/second_factor/")).json()["passkeys"][0]
    assert passkey["last_used"]


async def test_a_browser_goes_where_it_wanted(client: httpx.AsyncClient, owner: Person, device: Device) -> None:
    page = await client.get(f"{SIGN_IN}?next=/account/", headers=PAGE)
    assert "need JavaScript" in page.text
    assert f'data-options="{SIGN_IN}"' in page.text
    form = {"passkey": device.get(await asked(client)), "next": "/account/"}
    answer = await client.post(SIGN_IN, data=form, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/")
    refused = await client.post(SIGN_IN, data=form, headers=PAGE)
    assert refused.status_code == 401
    assert "The code or passkey is not right" in refused.text


def changed(**values: object) -> Callable[[Device], None]:
    def change(device: Device) -> None:
        for name, value in values.items():
            setattr(device, name, value)

    return change


FAULTS = {
    "another site": changed(origin="http://evil.example"),
    "another port": changed(origin="http://localhost:81"),
    "another service": changed(rp="evil.example"),
    "nobody verified": changed(flags=PRESENT),
    "another key": changed(key=Device().key),
    "another person": changed(handle=bytes(16)),
    "an unknown passkey": changed(id=bytes(16)),
    "a copy that counts less": changed(count=1),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_refused_alike(client: httpx.AsyncClient, device: Device, fault: str) -> None:
    device.count = 5
    assert (await client.post(SIGN_IN, json={"passkey": device.get(await asked(client))})).status_code == 200
    FAULTS[fault](device)
    answer = await client.post(SIGN_IN, json={"passkey": device.get(await asked(client))})
    assert (answer.status_code, answer.json()["code"]) == (401, "WRONG_PROOF")
    assert len(await stored.history("session:start")) == 2


async def test_a_passkey_that_counts_nothing_is_no_copy(client: httpx.AsyncClient, device: Device) -> None:
    """Devices that share a passkey cannot count; they say 0."""
    device.counts = False
    for _ in range(2):
        assert (await client.post(SIGN_IN, json={"passkey": device.get(await asked(client))})).status_code == 200


async def test_asvs_6_7_2_a_challenge_is_ours_and_counts_once(client: httpx.AsyncClient, device: Device) -> None:
    options = await asked(client)
    first, second = device.get(options), device.get(options)
    answers = await asyncio.gather(*(client.post(SIGN_IN, json={"passkey": one}) for one in (first, second, first)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]
    forged = {**options, "challenge": "A" * len(str(options["challenge"]))}
    assert (await client.post(SIGN_IN, json={"passkey": device.get(forged)})).status_code == 401


async def test_a_challenge_is_for_one_thing(owner: Person, device: Device) -> None:
    """One that was made to sign in confirms nothing, and the other way round."""
    await long_ago(owner.id)
    for made_for, used_for in ((SIGN_IN, CONFIRM), (CONFIRM, SIGN_IN)):
        text = device.get(await asked(owner.client, made_for))
        assert (await owner.client.post(used_for, json={"passkey": text})).status_code == 401


async def test_it_is_a_second_step(client: httpx.AsyncClient, owner: Person, stranger: Person, device: Device) -> None:
    await first_step(client, owner)
    options = await asked(client, SECOND)
    assert len(list(options["allowCredentials"])) == 1  # type: ignore[call-overload]
    foreign = Device()
    await with_passkey(stranger, foreign)
    assert (await client.post(SECOND, json={"passkey": foreign.get(options)})).status_code == 401
    assert (await client.post(SECOND, json={"passkey": device.get(options)})).status_code == 200
    assert (await stored.sessions_of(owner.id))[-1]["factors"] is Factors.PASSWORD_PASSKEY


async def test_it_confirms_without_a_password(owner: Person, device: Device) -> None:
    await long_ago(owner.id)
    assert (await owner.client.post(CONFIRM, json={"password": PASSWORD})).status_code == 401
    text = device.get(await asked(owner.client, CONFIRM))
    assert (await owner.client.post(CONFIRM, json={"passkey": text})).status_code == 204
    assert (await owner.client.get("/account/second_factor/app/")).status_code == 200


async def test_a_disabled_account_is_not_signed_in(client: httpx.AsyncClient, owner: Person, device: Device) -> None:
    await stored.set_user(owner.id, is_active=False)
    assert (await client.post(SIGN_IN, json={"passkey": device.get(await asked(client))})).status_code == 401


async def test_garbage_is_refused(client: httpx.AsyncClient, device: Device) -> None:
    whole = json.loads(device.get(await asked(client)))
    cases = [
        "",
        "x",
        "null",
        "{}",
        "[" * 9000,
        json.dumps({**whole, "rawId": "\u20ac"}),
        json.dumps({**whole, "id": 1}),
    ]
    odd: tuple[object, ...] = ("", "AAAA", 1, [])
    for name in whole["response"]:
        cases += [json.dumps({**whole, "response": {**whole["response"], name: value}}) for value in odd]
    for text in cases:
        answer = await client.post(SIGN_IN, json={"passkey": text})
        assert answer.status_code == 401, text


async def test_asking_stores_nothing(client: httpx.AsyncClient, device: Device) -> None:
    before = await everything()
    await asked(client)
    assert await everything() == before


async def test_without_a_name_there_are_none(database_url: str) -> None:
    app: FastAPI = create_app(load_settings(environment(database_url)))
    async with app.router.lifespan_context(app), connect(app) as client:
        assert (await client.get(SIGN_IN)).json()["passkey"] is None
        assert "PUBLIC_URL" in (await client.get(SIGN_IN, headers=PAGE)).text
        assert (await client.post(SIGN_IN, json={"passkey": "{}"})).status_code == 401
