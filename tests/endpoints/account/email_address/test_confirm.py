"""A new address comes into use by its letter and a session of the account; other sessions end, both are told."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication.single_use import TOKENS
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person, SignUp, connect
from tests.mailbox import letters

PATH = "/account/email_address/confirm/"
DEAD = (422, "LINK_NOT_VALID")


async def secret_for(person: Person, address: str = "new@example.org") -> str:
    body = {"email_address": address, "password": PASSWORD}
    assert (await person.client.post("/account/email_address/", json=body)).status_code == 204
    return parse_qs(urlsplit((await letters(address))[-1].links[0]).query)["token"][0]


async def address_of(person: Person) -> str:
    (found,) = [row["email_address"] for row in await stored.rows(stored.every_user()) if row["id"] == person.id]
    return str(found)


async def test_the_address_changes_and_other_sessions_end(app: FastAPI, owner: Person) -> None:
    async with connect(app) as other:
        await other.post("/auth/login/", json={"email_address": owner.email_address, "password": PASSWORD})
        token = await secret_for(owner)
        answer = await owner.client.post(PATH, data={"token": token}, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/?after=email_address")
        assert (await owner.client.get("/account/")).json()["email_address"] == "new@example.org"
        assert (await other.get("/account/")).status_code == 401
        for address, status in ((owner.email_address, 401), ("new@example.org", 200)):
            signing_in = await other.post("/auth/login/", json={"email_address": address, "password": PASSWORD})
            assert signing_in.status_code == status
    told = [letter for letter in await letters() if letter.template == "email_changed"]
    assert sorted(letter.to for letter in told) == ["new@example.org", "owner@example.org"]
    (entry,) = await stored.history("user:change_address")
    assert (entry["before"], entry["after"]) == (
        {"email_address": "owner@example.org"},
        {"email_address": "new@example.org"},
    )


async def test_the_letter_proves_the_new_address(sign_up: SignUp) -> None:
    person = await sign_up("ada", is_verified=False)
    await person.client.post(PATH, json={"token": await secret_for(person)})
    assert (await person.client.get("/account/")).json()["is_verified"] is True


async def test_who_got_the_letter_by_mistake_can_do_nothing_with_it(
    app: FastAPI, owner: Person, stranger: Person
) -> None:
    """A mistyped address would else be a way into the account."""
    token = await secret_for(owner)
    async with connect(app) as anonymous:
        assert (await anonymous.post(PATH, json={"token": token})).status_code == 401
    assert (await stranger.client.get(PATH, params={"token": token})).json()["works"] is False
    answer = await stranger.client.post(PATH, json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == DEAD
    assert await address_of(owner) == owner.email_address
    assert await address_of(stranger) == stranger.email_address
    assert (await owner.client.post(PATH, json={"token": token})).status_code == 204, "it was not used up either"


async def test_of_two_at_once_exactly_one_wins(owner: Person) -> None:
    token = await secret_for(owner)
    answers = await asyncio.gather(*(owner.client.post(PATH, json={"token": token}) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422]
    assert len(await stored.history("user:change_address")) == 1


async def test_an_address_that_was_registered_meanwhile(owner: Person, sign_up: SignUp) -> None:
    """The answer is that of any link that works no more; the mailbox is told."""
    token = await secret_for(owner)
    await sign_up("new")
    answer = await owner.client.post(PATH, json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == DEAD
    again = await owner.client.post(PATH, json={"token": token})
    assert (again.status_code, again.json()) == (answer.status_code, answer.json())
    assert await address_of(owner) == owner.email_address
    assert (await letters("new@example.org"))[-1].template == "address_in_use"
    assert (await owner.client.get("/account/")).status_code == 200


async def test_two_accounts_that_want_one_address_at_once(owner: Person, stranger: Person) -> None:
    people = [owner, stranger]
    tokens = [await secret_for(person) for person in people]
    pairs = zip(people, tokens, strict=True)
    answers = await asyncio.gather(*(person.client.post(PATH, json={"token": token}) for person, token in pairs))
    assert sorted(answer.status_code for answer in answers) == [204, 422]
    taken = [await address_of(person) for person in people]
    assert taken.count("new@example.org") == 1


async def test_a_later_change_of_the_account_voids_it(owner: Person) -> None:
    token = await secret_for(owner)
    body = {"current_password": PASSWORD, "new_password": "mango ferry slate"}
    assert (await owner.client.post("/account/password/", json=body)).status_code == 204
    answer = await owner.client.post(PATH, json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == DEAD


@pytest.mark.parametrize("ago", [timedelta(hours=23), timedelta(hours=25)])
async def test_it_works_for_a_day(owner: Person, ago: timedelta) -> None:
    token = await secret_for(owner)
    await stored.change(sa.update(TOKENS).values(expires_at=TOKENS.c.created_date))
    await stored.change(sa.update(TOKENS).values(expires_at=utc_now() + timedelta(days=1) - ago))
    works = ago < timedelta(days=1)
    assert (await owner.client.get(PATH, params={"token": token})).json()["works"] is works
    assert (await owner.client.post(PATH, json={"token": token})).status_code == (204 if works else 422)


async def test_opening_the_link_changes_nothing(owner: Person) -> None:
    token = await secret_for(owner)
    page = (await owner.client.get(PATH, params={"token": token}, headers=PAGE)).text
    assert f'value="{token}"' in page
    assert await address_of(owner) == owner.email_address
    for wrong in ("", "x", "\0"):
        shown = await owner.client.get(PATH, params={"token": wrong}, headers=PAGE)
        assert "This link does not work any more" in shown.text
