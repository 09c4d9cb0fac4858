"""An address is verified by a button, never by opening the link, and the link works once, for a day."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from authentication.single_use import TOKENS
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, Person, SignUp
from tests.mailbox import letters

VERIFY = "/auth/verify/"


@pytest.fixture
async def ada(sign_up: SignUp) -> Person:
    return await sign_up("ada", is_verified=False)


async def secret_of(person: Person) -> str:
    assert (await person.client.post("/auth/verify/resend/")).status_code == 204
    return parse_qs(urlsplit((await letters(person.email_address))[-1].links[0]).query)["token"][0]


async def is_verified(person: Person) -> bool:
    found: bool = (await person.client.get("/account/")).json()["is_verified"]
    return found


async def test_a_button_verifies_and_the_session_goes_on(ada: Person) -> None:
    token = await secret_of(ada)
    for _ in range(2):
        page = await ada.client.get(VERIFY, params={"token": token}, headers=PAGE)
        assert f'value="{token}"' in page.text
        assert "ada@example.org" in page.text
        assert not await is_verified(ada)
    answer = await ada.client.post(VERIFY, data={"token": token}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/?after=verification")
    assert await is_verified(ada)
    assert (await ada.client.post("/projects/create/", json={"name": "Ward round"})).status_code == 201
    (entry,) = await stored.history("user:verify")
    assert (entry["user_id"], entry["session_id"]) == (ada.id, await stored.session_id(ada.id))
    assert entry["after"] == {"is_verified": True}


async def test_of_several_at_once_exactly_one_wins(ada: Person) -> None:
    token = await secret_of(ada)
    answers = await asyncio.gather(*(ada.client.post(VERIFY, json={"token": token}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422, 422]
    assert len(await stored.history("user:verify")) == 1


@pytest.mark.parametrize(
    "values", [{"expires_at": utc_now() - timedelta(days=1)}, {"used_at": utc_now()}, {"auth_epoch": 7}]
)
async def test_a_link_that_works_no_more(ada: Person, values: dict[str, object]) -> None:
    token = await secret_of(ada)
    await stored.change(sa.update(TOKENS).values(**values))
    assert (await ada.client.get(VERIFY, params={"token": token})).json() == {
        "works": False, "token": "", "email_address": "",
    }  # fmt: skip
    answer = await ada.client.post(VERIFY, params={"token": token}, data={"token": token}, headers=PAGE)
    assert (answer.status_code, "This link does not work any more" in answer.text) == (422, True)
    assert not await is_verified(ada)


async def test_it_expires_after_a_day(ada: Person) -> None:
    await secret_of(ada)
    (row,) = await stored.rows(sa.select(TOKENS))
    assert row["expires_at"] - row["created_date"] == pytest.approx(timedelta(days=1), abs=timedelta(minutes=1))


async def test_a_secret_for_another_purpose_verifies_nothing(ada: Person) -> None:
    await ada.client.post("/auth/forgotten_password/", json={"email_address": ada.email_address})
    token = parse_qs(urlsplit((await letters())[-1].links[0]).query)["token"][0]
    for text in (token, "", "x", "\0"):
        assert (await ada.client.post(VERIFY, json={"token": text})).status_code == 422
    assert not await is_verified(ada)


async def test_the_letter_alone_verifies_nothing(client: httpx.AsyncClient, ada: Person, stranger: Person) -> None:
    """Its reader may not be who made the account and knows its password."""
    token = await secret_of(ada)
    assert (await client.post(VERIFY, json={"token": token})).status_code == 401
    page = await client.get(VERIFY, params={"token": token}, headers=PAGE)
    assert parse_qs(urlsplit(page.headers["location"]).query)["next"] == [f"{VERIFY}?token={token}"]
    assert (await stranger.client.get(VERIFY, params={"token": token})).json()["works"] is False
    assert (await stranger.client.post(VERIFY, json={"token": token})).status_code == 422
    assert not await is_verified(ada)
    assert (await ada.client.post(VERIFY, json={"token": token})).status_code == 204, "it still works for her"


async def test_who_has_to_set_up_a_second_factor_may_verify_first(ada: Person) -> None:
    token = await secret_of(ada)
    await stored.set_user(ada.id, needs_second_factor=True)
    assert (await ada.client.post(VERIFY, json={"token": token})).status_code == 204
