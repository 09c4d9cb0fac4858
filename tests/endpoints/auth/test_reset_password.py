"""A new password by the link of a letter: once, for an hour, and with it every session of the account ends."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication.single_use import TOKENS
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.authentication.devices import Device
from tests.authentication.factors import Clock, with_app, with_codes
from tests.authentication.named import settings, with_passkey
from tests.clients import PAGE, PASSWORD, Person, SignUp, connect
from tests.mailbox import letters

__all__ = ["settings"]
RESET = "/auth/reset_password/"
NEW = "mango ferry slate"
DEAD = (422, "LINK_NOT_VALID")


async def secret_for(client: httpx.AsyncClient, person: Person) -> str:
    await client.post("/auth/forgotten_password/", json={"email_address": person.email_address})
    link = (await letters(person.email_address))[-1].links[0]
    return parse_qs(urlsplit(link).query)["token"][0]


async def sign_in(client: httpx.AsyncClient, address: str, password: str) -> int:
    return (await client.post("/auth/login/", json={"email_address": address, "password": password})).status_code


async def test_the_new_password_signs_in_and_nothing_older_does(client: httpx.AsyncClient, owner: Person) -> None:
    token = await secret_for(client, owner)
    answer = await client.post(RESET, data={"token": token, "password": NEW}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login/?after=reset_password")
    assert "set-cookie" not in answer.headers, "who holds a letter is not signed in by it (ASVS 6.4.3)"
    assert (await owner.client.get("/account/")).status_code == 401
    assert [await sign_in(client, owner.email_address, one) for one in (PASSWORD, NEW)] == [401, 200]
    assert [letter.template for letter in await letters(owner.email_address)] == ["reset_password", "password_changed"]


async def test_it_is_recorded_without_the_secret_or_the_password(client: httpx.AsyncClient, owner: Person) -> None:
    token = await secret_for(client, owner)
    answer = await client.post(RESET, json={"token": token, "password": NEW})
    entries = [entry for entry in await stored.history() if entry["request_id"] == answer.headers["x-request-id"]]
    assert [entry["action"] for entry in entries] == ["session:revoke", "user:reset_password"]
    assert {(entry["user_id"], entry["session_id"]) for entry in entries} == {(owner.id, None)}
    history = str(await stored.history())
    assert not any(word in history for word in (token, token.split(".")[0], NEW, "$argon2id$"))


async def test_the_letter_proves_the_address(client: httpx.AsyncClient, sign_up: SignUp) -> None:
    person = await sign_up("new", is_verified=False)
    await client.post(RESET, json={"token": await secret_for(client, person), "password": NEW})
    assert [row["is_verified"] for row in await stored.rows(stored.every_user())] == [True]


async def test_who_registered_anothers_address_keeps_no_way_in(app: FastAPI, clock: Clock, sign_up: SignUp) -> None:
    """A passkey that signs in alone would outlive the password that the owner of the mailbox chooses."""
    squatter, device = await sign_up("ada", is_verified=False), Device()
    await with_app(squatter, clock)
    await with_codes(squatter)
    await with_passkey(squatter, device)
    async with connect(app) as client:
        await client.post(RESET, json={"token": await secret_for(client, squatter), "password": NEW})
        options = (await client.get("/auth/passkey/")).json()["passkey"]
        answer = await client.post("/auth/passkey/", json={"passkey": device.get(options)})
        assert answer.status_code == 401
        assert await sign_in(client, squatter.email_address, NEW) == 200
        has = (await client.get("/account/second_factor/")).json()
    assert (has["app"], has["passkeys"], has["recovery_codes_left"]) == (False, [], 0)
    (entry,) = await stored.history("user:reset_password")
    assert entry["after"] == {"is_verified": True, "second_factor": False}


async def test_a_verified_owner_keeps_the_second_factor(client: httpx.AsyncClient, owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    await client.post(RESET, json={"token": await secret_for(client, owner), "password": NEW})
    assert await sign_in(client, owner.email_address, NEW) == 202


async def test_it_works_once(client: httpx.AsyncClient, owner: Person) -> None:
    token = await secret_for(client, owner)
    answers = [await client.post(RESET, json={"token": token, "password": NEW}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 422]
    assert (answers[1].status_code, answers[1].json()["code"]) == DEAD


async def test_of_two_at_once_exactly_one_wins(client: httpx.AsyncClient, owner: Person) -> None:
    token = await secret_for(client, owner)
    choices = ["mango ferry slate", "violet anchor bread"]
    tries = [client.post(RESET, json={"token": token, "password": one}) for one in choices]
    answers = await asyncio.gather(*tries)
    assert sorted(answer.status_code for answer in answers) == [204, 422]
    winner = choices[[answer.status_code for answer in answers].index(204)]
    signed_in = [await sign_in(client, owner.email_address, one) for one in choices]
    assert [status == 200 for status in signed_in] == [one == winner for one in choices]


@pytest.mark.parametrize("ago", [59, 61])
async def test_it_works_for_an_hour(client: httpx.AsyncClient, owner: Person, ago: int) -> None:
    token = await secret_for(client, owner)
    expiry = utc_now() + timedelta(minutes=60 - ago)
    await stored.change(sa.update(TOKENS).values(expires_at=expiry))
    assert (await client.get(RESET, params={"token": token})).json()["works"] is (ago < 60)
    answer = await client.post(RESET, json={"token": token, "password": NEW})
    assert answer.status_code == (204 if ago < 60 else 422)


async def test_a_later_change_of_the_account_voids_it(client: httpx.AsyncClient, owner: Person) -> None:
    first = await secret_for(client, owner)
    await stored.change(sa.update(TOKENS).values(created_date=utc_now() - timedelta(hours=2)))
    second = await secret_for(client, owner)
    assert first != second
    assert (await client.post(RESET, json={"token": second, "password": NEW})).status_code == 204
    answer = await client.post(RESET, json={"token": first, "password": "violet anchor bread"})
    assert (answer.status_code, answer.json()["code"]) == DEAD


async def test_an_inactive_account_stays_closed(client: httpx.AsyncClient, owner: Person) -> None:
    token = await secret_for(client, owner)
    await stored.set_user(owner.id, is_active=False)
    answer = await client.post(RESET, json={"token": token, "password": NEW})
    assert (answer.status_code, answer.json()["code"]) == DEAD


@pytest.mark.parametrize("token", ["", "x", "x" * 90, "\0", "a.b"])
async def test_what_is_no_secret_is_one_that_does_not_work(client: httpx.AsyncClient, token: str) -> None:
    assert (await client.get(RESET, params={"token": token})).json()["works"] is False
    answer = await client.post(RESET, json={"token": token, "password": NEW})
    assert (answer.status_code, answer.json()["code"]) == DEAD
    page = await client.post(RESET, params={"token": token}, data={"token": token, "password": NEW}, headers=PAGE)
    assert (page.status_code, "Ask for another link" in page.text) == (422, True)


async def test_a_session_s_secret_is_no_link(client: httpx.AsyncClient, owner: Person) -> None:
    cookie = owner.client.cookies["turva_session"]
    answer = await client.post(RESET, json={"token": cookie, "password": NEW})
    assert (answer.status_code, answer.json()["code"]) == DEAD


async def test_opening_the_link_changes_nothing(client: httpx.AsyncClient, owner: Person) -> None:
    """Mail programs open links to look for harm."""
    token = await secret_for(client, owner)
    for _ in range(3):
        page = await client.get(RESET, params={"token": token}, headers=PAGE)
        assert f'value="{token}"' in page.text
        assert 'autocomplete="new-password"' in page.text
    assert (await owner.client.get("/account/")).status_code == 200
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204


async def test_a_weak_password_is_refused_with_the_reason_and_the_link_goes_on(
    client: httpx.AsyncClient, owner: Person
) -> None:
    token = await secret_for(client, owner)
    for weak, why in (("short", "12 characters"), ("owner.example", "your name"), ("password1234", "most")):
        answer = await client.post(
            RESET, params={"token": token}, data={"token": token, "password": weak}, headers=PAGE
        )
        assert (answer.status_code, why in answer.text, weak in answer.text.replace("name@", "")) == (422, True, False)
        assert 'href="#password"' in answer.text
    assert (await client.post(RESET, json={"token": token, "password": NEW})).status_code == 204


async def test_a_sign_in_under_way_with_the_old_password_leaves_no_session(app: FastAPI, owner: Person) -> None:
    """Whichever comes first: what began with the old password is dead once the new one is stored."""
    async with connect(app) as client:
        token = await secret_for(client, owner)
        thieves = [connect(app) for _ in range(4)]
        tries = asyncio.gather(*(sign_in(thief, owner.email_address, PASSWORD) for thief in thieves))
        answer, _ = await asyncio.gather(client.post(RESET, json={"token": token, "password": NEW}), tries)
        assert answer.status_code == 204
        assert [(await thief.get("/account/")).status_code for thief in thieves] == [401] * 4
        for thief in thieves:
            await thief.aclose()
