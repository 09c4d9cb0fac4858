"""An authenticator app: nothing is stored until a code shows that it was scanned, and then it is asked for."""

import re
from typing import Any

import httpx
import pyotp
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import drafts, totp
from models.enumerations import Factors
from tests.authentication import stored
from tests.authentication.factors import APP, Clock, with_app
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.mailbox import letters


async def secrets() -> list[dict[str, Any]]:
    return await stored.rows(sa.select(totp.SECRETS))


async def test_the_page_shows_the_key_as_picture_and_text(owner: Person) -> None:
    page = await owner.client.get(APP, headers=PAGE)
    setup = (await owner.client.get(APP)).json()
    assert page.text.count('class="app-qr"') == 1
    assert not re.search(r"<svg[^>]*(style|script|on\w+)=", page.text)
    assert pyotp.parse_uri(setup["uri"]).secret == setup["key"]
    assert (pyotp.parse_uri(setup["uri"]).issuer, len(setup["key"])) == ("Turva", 32)
    assert owner.email_address.replace("@", "%40") in setup["uri"]
    assert await secrets() == []


async def test_a_code_confirms_it_and_the_seed_is_sealed(owner: Person, clock: Clock) -> None:
    key = await with_app(owner, clock)
    (stored_secret,) = await secrets()
    assert key.encode() not in stored_secret["sealed"]
    (entry,) = await stored.history("second_factor:add_app")
    assert (entry["entity_id"], entry["user_id"]) == (owner.id, owner.id)
    assert key not in str(await stored.history())
    (letter,) = await letters(owner.email_address)
    assert letter.template == "second_factor_changed"
    assert "An authenticator app was set up" in letter.text


async def test_a_wrong_code_keeps_the_same_picture(owner: Person, clock: Clock) -> None:
    setup = (await owner.client.get(APP)).json()
    wrong = f"{(int(clock.code(setup['key'])) + 1) % 10**6:06}"
    answer = await owner.client.post(APP, data={"draft": setup["draft"], "code": wrong}, headers=PAGE)
    assert answer.status_code == 422
    assert "Enter the code that the app shows now" in answer.text
    assert f'value="{setup["draft"]}"' in answer.text
    assert wrong not in answer.text
    assert await secrets() == []


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666", "0" * 100])
async def test_what_is_no_code_is_refused(owner: Person, clock: Clock, code: str) -> None:
    setup = (await owner.client.get(APP)).json()
    answer = await owner.client.post(APP, json={"draft": setup["draft"], "code": code})
    assert (answer.status_code, await secrets()) == (422, [])


async def test_a_draft_is_one_person_s_and_grows_old(
    owner: Person, stranger: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = (await owner.client.get(APP)).json()
    body = {"draft": setup["draft"], "code": clock.code(setup["key"])}
    for refused in (
        await stranger.client.post(APP, json=body),
        await owner.client.post(APP, json={**body, "draft": "gAAAAA"}),
        await owner.client.post(APP, json={**body, "draft": "\u20ac"}),
    ):
        assert refused.status_code == 422
    monkeypatch.setattr(drafts, "LIFETIME", -drafts.LIFETIME)
    old = (await owner.client.get(APP)).json()
    answer = await owner.client.post(APP, json={"draft": old["draft"], "code": clock.code(old["key"])})
    assert "open for too long" in answer.json()["errors"][0]["message"]
    assert await secrets() == []


async def test_it_needs_recent_proof(owner: Person) -> None:
    """OWASP ASVS 5.0, 7.5.1."""
    await long_ago(owner.id)
    assert (await owner.client.get(APP)).json()["code"] == "STEP_UP_REQUIRED"
    answer = await owner.client.post(APP, json={"draft": "", "code": ""})
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")


async def test_other_sessions_end_and_this_one_has_proved_it(app: FastAPI, owner: Person, clock: Clock) -> None:
    """OWASP ASVS 5.0, 7.4.3 and 7.2.4."""
    before = dict(owner.client.cookies)
    async with connect(app) as other, connect(app, cookies=before) as thief:
        body = {"email_address": owner.email_address, "password": PASSWORD}
        assert (await other.post("/auth/login/", json=body)).status_code == 200
        await with_app(owner, clock)
        assert (await other.get("/account/")).status_code == 401
        assert (await thief.get("/account/")).status_code == 401
    assert (await owner.client.get("/account/")).status_code == 200
    assert [one["factors"] for one in await stored.sessions_of(owner.id) if one["revoked_at"] is None] == [
        Factors.PASSWORD_TOTP
    ]


async def test_a_new_device_takes_the_place_of_the_old_one(
    client: httpx.AsyncClient, owner: Person, clock: Clock
) -> None:
    first = await with_app(owner, clock)
    second = await with_app(owner, clock)
    assert len(await secrets()) == 1
    confirm = {"password": PASSWORD}
    wrong = await owner.client.post("/account/confirm/", json={**confirm, "code": clock.code(first)})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "WRONG_PROOF")
    right = await owner.client.post("/account/confirm/", json={**confirm, "code": clock.code(second)})
    assert right.status_code == 204
