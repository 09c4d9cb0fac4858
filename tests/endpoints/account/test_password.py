"""Changing your password: with the current one, every other session ends, and this one gets a new secret."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from authentication import revocation
from authentication.sessions import SESSIONS
from errors import NotSignedIn
from models.audit.audit import COMMAND_LINE
from models.enumerations import Factors
from tests.authentication import stored
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.mailbox import letters

PATH = "/account/password/"
NEW = "mango ferry slate"
BODY = {"current_password": PASSWORD, "new_password": NEW}


async def signed_in(app: FastAPI, person: Person, password: str = PASSWORD) -> httpx.AsyncClient:
    other = connect(app)
    body = {"email_address": person.email_address, "password": password}
    assert (await other.post("/auth/login/", json=body)).status_code == 200
    return other


async def alive(*clients: httpx.AsyncClient) -> list[bool]:
    return [(await client.get("/account/")).status_code == 200 for client in clients]


async def test_asvs_7_4_3_every_other_session_ends(app: FastAPI, owner: Person, stranger: Person) -> None:
    other = await signed_in(app, owner)
    assert (await owner.client.post(PATH, json=BODY)).status_code == 204
    assert await alive(owner.client, other, stranger.client) == [True, False, True]
    attempts = [await other.post("/auth/login/", json={"email_address": owner.email_address, "password": one})
                for one in (PASSWORD, NEW)]  # fmt: skip
    assert [answer.status_code for answer in attempts] == [401, 200]
    (letter,) = await letters(owner.email_address)
    assert (letter.template, letter.links) == ("password_changed", ["http://127.0.0.1:8000/auth/forgotten_password/"])


async def test_asvs_7_2_4_this_session_has_a_new_secret(app: FastAPI, owner: Person) -> None:
    old = dict(owner.client.cookies)
    answer = await owner.client.post(PATH, data=BODY, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/?after=password")
    async with connect(app, cookies=old) as thief:
        assert await alive(owner.client, thief) == [True, False]


@pytest.mark.parametrize("wrong", ["", "wrong", PASSWORD + " ", NEW])
async def test_asvs_6_2_3_the_current_password_is_asked_for(app: FastAPI, owner: Person, wrong: str) -> None:
    other = await signed_in(app, owner)
    answer = await owner.client.post(PATH, json={**BODY, "current_password": wrong})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == ["current_password"]
    assert await alive(owner.client, other) == [True, True]
    assert await letters() == []


@pytest.mark.parametrize(
    ("new", "why"), [("short", "12 characters"), ("Owner-Example", "your name"), (PASSWORD, "different")]
)
async def test_what_may_not_be_chosen_is_told_with_the_reason(owner: Person, new: str, why: str) -> None:
    answer = await owner.client.post(PATH, data={**BODY, "new_password": new}, headers=PAGE)
    assert answer.status_code == 422
    assert 'href="#new_password"' in answer.text
    assert why in answer.text
    assert f'value="{new}"' not in answer.text


async def test_a_password_counts_as_it_was_typed(app: FastAPI, owner: Person) -> None:
    """OWASP ASVS 5.0, 6.2.8."""
    odd = "  Mango\tferry \N{COMBINING ACUTE ACCENT}slate  "
    assert (await owner.client.post(PATH, json={**BODY, "new_password": odd})).status_code == 204
    await signed_in(app, owner, odd)
    async with connect(app) as client:
        for near in (odd.strip(), odd.lower(), odd.replace("\N{COMBINING ACUTE ACCENT}", "")):
            body = {"email_address": owner.email_address, "password": near}
            assert (await client.post("/auth/login/", json=body)).status_code == 401


async def test_it_is_recorded_without_either_password(owner: Person) -> None:
    answer = await owner.client.post(PATH, json=BODY)
    (entry,) = await stored.history("user:change_password")
    assert (entry["user_id"], entry["entity_id"]) == (owner.id, owner.id)
    assert entry["request_id"] == answer.headers["x-request-id"]
    history = str(await stored.history())
    assert not any(word in history for word in (PASSWORD, NEW, "$argon2id$"))


async def test_of_two_changes_at_once_one_wins(app: FastAPI, owner: Person) -> None:
    """The second checked a password that is no longer the one."""
    other = await signed_in(app, owner)
    choices = [NEW, "violet anchor bread"]
    changes = [client.post(PATH, json={**BODY, "new_password": one})
               for client, one in zip((owner.client, other), choices, strict=True)]  # fmt: skip
    statuses = [answer.status_code for answer in await asyncio.gather(*changes)]
    assert sorted(statuses) in ([204, 401], [204, 422])
    assert await alive(owner.client, other) == [status == 204 for status in statuses]
    await signed_in(app, owner, choices[statuses.index(204)])


async def test_a_sign_in_under_way_with_the_old_password_leaves_no_session(app: FastAPI, owner: Person) -> None:
    thieves = [connect(app) for _ in range(4)]
    body = {"email_address": owner.email_address, "password": PASSWORD}
    tries = [thief.post("/auth/login/", json=body) for thief in thieves]
    *_, answer = await asyncio.gather(*tries, owner.client.post(PATH, json=BODY))
    assert answer.status_code == 204
    assert await alive(owner.client, *thieves) == [True, *[False] * 4]


async def test_a_revocation_at_the_same_time_wins_or_waits(app: FastAPI, owner: Person) -> None:
    """Either the change was made first, or it was not made: the session is dead after both."""
    session = await stored.session_id(owner.id)
    which = [SESSIONS.c.id == session]
    answer, count = await asyncio.gather(
        owner.client.post(PATH, json=BODY), revocation.revoke(COMMAND_LINE, which, "stolen")
    )
    assert count == 1
    assert answer.status_code in {204, NotSignedIn.status}
    assert await alive(owner.client) == [False]
    async with connect(app) as client:
        password = NEW if answer.status_code == 204 else PASSWORD
        body = {"email_address": owner.email_address, "password": password}
        assert (await client.post("/auth/login/", json=body)).status_code == 200


async def test_asvs_7_5_1_who_has_a_second_factor_shows_it_first(owner: Person) -> None:
    await long_ago(owner.id)
    assert (await owner.client.get(PATH)).status_code == 200, "the password that is asked for is all there is"
    await stored.change(SESSIONS.update().values(factors=Factors.PASSWORD_TOTP))
    answers = [await owner.client.get(PATH), await owner.client.post(PATH, json=BODY)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "STEP_UP_REQUIRED")] * 2


async def test_the_page_asks_for_both(owner: Person) -> None:
    assert (await owner.client.get(PATH)).json() == {"shortest_password": 12, "longest_password": 256}
    page = (await owner.client.get(PATH, headers=PAGE)).text
    for name in ("current-password", "new-password"):
        assert f'autocomplete="{name}"' in page
    assert "onpaste" not in page
