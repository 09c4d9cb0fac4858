"""Registration: as far as the setting lets, an unverified account and a letter, and nobody learns who has one."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication.single_use import TOKENS
from config import Settings, load_settings
from main import create_app
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person, SignUp, connect, environment
from tests.endpoints.auth.enumeration import seen
from tests.mailbox import letters

REGISTER = "/auth/register/"
ADA = {"first_name": "Ada", "last_name": "Lovelace", "email_address": "ada@example.org", "password": PASSWORD}
NAMES = {name: ADA[name] for name in ("first_name", "last_name", "password")}


@pytest.fixture
def settings(database_url: str) -> Settings:
    return load_settings(environment(database_url, REGISTRATION="open"))


@asynccontextmanager
async def with_registration(database_url: str, how: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(load_settings(environment(database_url, REGISTRATION=how)))
    async with app.router.lifespan_context(app), connect(app) as client:
        yield client


async def people() -> list[tuple[str, bool]]:
    return sorted((row["email_address"], row["is_verified"]) for row in await stored.rows(stored.every_user()))


async def invitation(administrator: Person, address: str = "ada@example.org") -> str:
    answer = await administrator.client.post("/ops/invitations/create/", json={"email_address": address})
    assert answer.status_code == 204
    return parse_qs(urlsplit((await letters(address))[-1].links[0]).query)["invitation"][0]


async def test_an_unverified_account_and_a_letter(client: httpx.AsyncClient) -> None:
    answer = await client.post(REGISTER, data={**ADA, "email_address": " Ada@Example.org"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/check_email/")
    assert "set-cookie" not in answer.headers
    assert await people() == [("ada@example.org", False)]
    (letter,) = await letters()
    assert (letter.template, letter.to) == ("verify_email", "ada@example.org")
    assert letter.links[0].startswith("http://127.0.0.1:8000/auth/verify/?token=")
    entries = await stored.history()
    assert [entry["action"] for entry in entries] == ["user:create", "user:register"]
    assert {(entry["user_id"], entry["request_id"]) for entry in entries} == {(None, answer.headers["x-request-id"])}
    assert PASSWORD not in str(entries)


async def test_the_new_account_signs_in_and_may_do_little(client: httpx.AsyncClient) -> None:
    await client.post(REGISTER, json=ADA)
    body = {"email_address": ADA["email_address"], "password": PASSWORD}
    answer = await client.post("/auth/login/", json=body)
    assert (answer.status_code, answer.json()["is_verified"]) == (200, False)
    assert (await client.post("/projects/create/", json={"name": "Ward round"})).status_code == 403


async def test_asvs_6_3_8_nobody_learns_who_has_an_account(client: httpx.AsyncClient, sign_up: SignUp) -> None:
    names = ("known", "closed", "unverified")
    for name in names:
        person = await sign_up(name)
        await stored.set_user(person.id, is_active=name != "closed", is_verified=name != "unverified")
    answers = []
    for name in (*names, "known", "nobody"):
        body = {**ADA, "email_address": f"{name}@example.org"}
        both = [await client.post(REGISTER, json=body), await client.post(REGISTER, data=body, headers=PAGE)]
        answers.append([seen(answer) for answer in both])
    assert all(both == answers[0] for both in answers)
    told = [(letter.template, letter.to) for letter in await letters()]
    assert sorted(told) == [
        ("account_exists", "known@example.org"),
        ("account_exists", "nobody@example.org"),  # the second time it was one
        ("account_exists", "unverified@example.org"),
        ("verify_email", "nobody@example.org"),
    ]


async def test_asvs_6_3_8_a_password_is_hashed_either_way(
    app: FastAPI, client: httpx.AsyncClient, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: it is what costs time."""
    hashed: list[str] = []
    hash_ = app.state.passwords._hasher.hash

    class Counting:
        def hash(self, password: str) -> str:
            hashed.append(password)
            return str(hash_(password))

    monkeypatch.setattr(app.state.passwords, "_hasher", Counting())
    for address in (owner.email_address, "nobody@example.org"):
        await client.post(REGISTER, json={**ADA, "email_address": address})
    assert hashed == [PASSWORD, PASSWORD]


async def test_the_account_that_is_there_is_not_touched(client: httpx.AsyncClient, owner: Person) -> None:
    before = await stored.rows(stored.every_user())
    await client.post(REGISTER, json={**ADA, "email_address": owner.email_address, "password": "violet anchor bread"})
    assert await stored.rows(stored.every_user()) == before
    assert (await owner.client.get("/account/")).status_code == 200


async def test_who_registers_twice_at_once_has_one_account(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.post(REGISTER, json=ADA) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {204}
    assert await people() == [("ada@example.org", False)]
    assert sorted(letter.template for letter in await letters()) == ["account_exists", "verify_email"]


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("first_name", "", "Enter the first name"),
        ("last_name", "x" * 151, "150 characters or fewer"),
        ("email_address", "ada", "such as name@example.org"),
        ("password", "short", "12 characters or more"),
        ("password", "Ada-Lovelace", "made of your name"),
    ],
)
async def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    client: httpx.AsyncClient, field: str, value: str, why: str
) -> None:
    answer = await client.post(REGISTER, data={**ADA, field: value}, headers=PAGE)
    assert answer.status_code == 422
    assert why in answer.text
    assert f'href="#{field}"' in answer.text
    assert 'value="Ada"' in answer.text or field == "first_name"
    assert PASSWORD not in answer.text
    assert (await people(), await letters()) == ([], [])


async def test_what_is_wrong_is_told_all_at_once_in_the_order_of_the_boxes(client: httpx.AsyncClient) -> None:
    answer = await client.post(REGISTER, data=dict.fromkeys(ADA, ""), headers=PAGE)
    summary = answer.text.partition("nhsuk-error-summary__list")[2].partition("</ul>")[0]
    assert re.findall('href="#([a-z_]+)"', summary) == ["first_name", "last_name", "email_address", "password"]


async def test_an_invitation_that_does_not_work_is_told_where_none_is_needed(client: httpx.AsyncClient) -> None:
    shown = await client.get(REGISTER, params={"invitation": "used"}, headers=PAGE)
    assert "The invitation was used already" in shown.text
    assert "invitation was used" not in (await client.get(REGISTER, headers=PAGE)).text


async def test_an_invitation_makes_a_verified_account_of_its_address(
    database_url: str, app: FastAPI, client: httpx.AsyncClient, administrator: Person
) -> None:
    token = await invitation(administrator)
    shown = (await client.get(REGISTER, params={"invitation": token})).json()
    assert (shown["may_register"], shown["email_address"]) == (True, "ada@example.org")
    page = (await client.get(REGISTER, params={"invitation": token}, headers=PAGE)).text
    assert f'name="invitation" value="{token}"' in page
    assert 'name="email_address"' not in page
    body = {**NAMES, "invitation": token, "email_address": "mallory@example.org"}
    answer = await client.post(REGISTER, data=body, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login/?after=registration")
    assert await people() == [("ada@example.org", True), ("administrator@example.org", True)]
    again = await client.post(REGISTER, json=body)
    assert (again.status_code, again.json()["code"]) == (422, "LINK_NOT_VALID")


async def test_an_invitation_works_once_at_once(client: httpx.AsyncClient, administrator: Person) -> None:
    body = {**NAMES, "invitation": await invitation(administrator)}
    answers = await asyncio.gather(*(client.post(REGISTER, json=body) for _ in range(3)))
    assert [answer.status_code for answer in answers].count(204) == 1
    assert len(await people()) == 2


async def test_an_invitation_that_is_too_old_or_withdrawn_is_none(
    client: httpx.AsyncClient, administrator: Person
) -> None:
    for values in ({"expires_at": utc_now() - timedelta(seconds=1)}, {"used_at": utc_now()}):
        token = await invitation(administrator)
        await stored.change(sa.update(TOKENS).values(**values))
        shown = (await client.get(REGISTER, params={"invitation": token})).json()
        assert (shown["invitation"], shown["email_address"]) == ("", "")
        answer = await client.post(REGISTER, json={**NAMES, "invitation": token})
        assert (answer.status_code, answer.json()["code"]) == (422, "LINK_NOT_VALID")


async def test_an_invitation_of_who_has_got_an_account_meanwhile(
    client: httpx.AsyncClient, administrator: Person, sign_up: SignUp
) -> None:
    """Its holder reads that mailbox, so this tells them nothing that is not theirs."""
    token = await invitation(administrator)
    await sign_up("ada")
    answer = await client.post(REGISTER, json={**NAMES, "invitation": token})
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")


@pytest.mark.parametrize("token", ["x", "\0", "x" * 90])
async def test_what_is_no_invitation(database_url: str, token: str) -> None:
    async with with_registration(database_url, "invitation") as client:
        assert (await client.get(REGISTER, params={"invitation": token})).json()["may_register"] is False
        assert "You need an invitation" in (await client.get(REGISTER, headers=PAGE)).text
        answers = [await client.post(REGISTER, json={**ADA, **more}) for more in ({}, {"invitation": token})]
        assert [answer.json()["code"] for answer in answers] == ["VALIDATION_FAILED", "LINK_NOT_VALID"]
        assert (await people(), await letters()) == ([], [])


async def test_it_may_be_switched_off(database_url: str) -> None:
    async with with_registration(database_url, "off") as client:
        assert "Nobody can register here" in (await client.get(REGISTER, headers=PAGE)).text
        answer = await client.post(REGISTER, json=ADA)
        assert (answer.status_code, "Ask an administrator" in answer.json()["detail"]) == (403, True)
        assert (await people(), await letters()) == ([], [])
