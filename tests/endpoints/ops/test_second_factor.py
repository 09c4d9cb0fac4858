"""Requiring a second factor: in the same moment nobody whom it concerns holds any right without one (ASVS 6.3.3)."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from models.audit.audit import COMMAND_LINE
from models.users import accounts
from models.users.users import User
from tests.authentication import stored
from tests.authentication.factors import Clock, with_app
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, SignUp, connect

REQUIRE = "/ops/second_factor/"


async def require(administrator: Person, *roles: str) -> httpx.Response:
    return await administrator.client.post(REQUIRE, json={"roles": roles, "reason": "Policy"})


@pytest.fixture
async def able(administrator: Person, clock: Clock) -> Person:
    """An administrator with a second factor of their own."""
    await with_app(administrator, clock)
    return administrator


async def test_who_is_concerned_loses_every_right_at_once(able: Person, sign_up: SignUp, clock: Clock) -> None:
    other, cso = await sign_up("other", is_administrator=True), await sign_up("cso", is_cso=True)
    for place in ("/ops/sessions/", "/projects/"):
        assert (await other.client.get(place)).status_code == 200
    assert (await require(able, "administrator")).status_code == 204
    for place in ("/ops/sessions/", "/projects/"):
        answer = await other.client.get(place)
        assert (answer.status_code, answer.json()["code"]) == (403, "SECOND_FACTOR_REQUIRED")
    assert (await other.client.post("/projects/create/", json={"name": "x"})).status_code == 403
    assert (await cso.client.get("/projects/")).status_code == 200
    assert (await able.client.get("/ops/sessions/")).status_code == 200
    await with_app(other, clock)
    assert (await other.client.get("/ops/sessions/")).status_code == 200


@pytest.mark.parametrize(
    ("role", "concerned"),
    [("administrator", {"administrator"}), ("cso", {"cso"}), ("everyone", {"administrator", "cso", "plain"})],
)
async def test_each_role(able: Person, sign_up: SignUp, role: str, concerned: set[str]) -> None:
    people = {"cso": await sign_up("cso", is_cso=True), "plain": await sign_up("plain"), "administrator": able}
    await require(able, role)
    needing = {name for name, person in people.items() if (await User.objects.get(id=person.id)).needs_second_factor}
    assert needing == concerned
    shown = (await able.client.get(REQUIRE)).json()
    assert (shown["roles"], shown["own"]) == ([role], True)
    assert shown["without"] == {"administrator": 0, "cso": 1, "everyone": 2}
    await require(able)
    assert not (await User.objects.get(id=people["cso"].id)).needs_second_factor


async def test_who_requires_it_has_one(administrator: Person) -> None:
    answer = await require(administrator, "administrator")
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    assert (await administrator.client.get("/ops/sessions/")).status_code == 200
    assert "for yourself" in (await administrator.client.get(REQUIRE, headers=PAGE)).text


async def test_it_is_recorded_with_its_reason_and_needs_proof(able: Person) -> None:
    await require(able, "cso", "administrator", "cso")
    (entry,) = await stored.history("second_factor:require")
    assert (entry["before"], entry["after"]) == ({"roles": []}, {"roles": ["administrator", "cso"]})
    assert (entry["user_id"], entry["reason"]) == (able.id, "Policy")
    assert (await able.client.post(REQUIRE, json={"roles": []})).status_code == 422
    page = await able.client.get(REQUIRE, headers=PAGE)
    assert page.text.count(" checked") == 2
    await long_ago(able.id)
    assert (await require(able)).json()["code"] == "STEP_UP_REQUIRED"


async def test_a_form_takes_it_back(able: Person) -> None:
    await require(able, "cso")
    answer = await able.client.post(REQUIRE, data={"reason": "Not yet"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, REQUIRE)
    assert (await able.client.get(REQUIRE)).json()["roles"] == []


async def test_it_follows_a_role_that_is_given_later(able: Person, stranger: Person, app: FastAPI) -> None:
    await require(able, "administrator")
    edit = {"is_administrator": True, "is_cso": False, "reason": "Runs the service"}
    assert (await able.client.post(f"/ops/users/{stranger.id}/edit/", json=edit)).status_code == 204
    async with connect(app) as client:
        body = {"email_address": stranger.email_address, "password": PASSWORD}
        assert (await client.post("/auth/login/", json=body)).status_code == 200
        assert (await client.get("/ops/users/")).json()["code"] == "SECOND_FACTOR_REQUIRED"


async def test_no_new_account_slips_through(able: Person) -> None:
    """Accounts that are made at the very moment count too, whichever commits first."""

    async def make(number: int) -> None:
        names = {"first_name": "A", "last_name": "B"}
        await accounts.create(COMMAND_LINE, email_address=f"p{number}@example.org", password_hash="", **names)

    await asyncio.gather(*(make(number) for number in range(5)), require(able, "everyone"), *map(make, range(5, 10)))
    assert not await User.objects.filter(needs_second_factor=False).count()
