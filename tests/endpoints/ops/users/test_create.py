"""An account that an administrator makes: its owner gets a link, and nobody else a way in."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from authentication import single_use
from models.enumerations import Purpose
from tests import mailbox
from tests.authentication import stored
from tests.authentication.proof import long_ago
from tests.clients import PAGE, Person

HERE = "/ops/users/create/"
NEW = {"first_name": "Ada", "last_name": "Example", "email_address": "Ada@Example.org", "reason": "Joined the team"}


async def create(person: Person, **changes: Any) -> Any:
    return await person.client.post(HERE, json={**NEW, **changes})


async def test_a_new_account(app: FastAPI, administrator: Person) -> None:
    answer = await create(administrator, is_administrator=True)
    assert answer.status_code == 201
    url = answer.headers["location"]
    made = (await administrator.client.get(url)).json()
    assert (made["email_address"], made["is_administrator"], made["is_cso"]) == ("ada@example.org", True, False)
    (letter,) = await mailbox.letters("ada@example.org")
    assert letter.template == "welcome"
    (link,) = letter.links
    assert urlsplit(link).path == "/auth/reset_password/"
    token = parse_qs(urlsplit(link).query)["token"][0]
    issued = await single_use.look(app.state.sessions.tokens, token, Purpose.RESET_PASSWORD)
    assert issued is not None
    assert str(issued.user_id) == made["id"]
    (entry,) = [one for one in await stored.history("user:create") if one["user_id"] == administrator.id]
    assert (entry["reason"], entry["after"]["is_administrator"]) == ("Joined the team", True)
    assert token not in str(await stored.history())


async def test_its_owner_chooses_a_password_and_signs_in(administrator: Person, stranger: Person) -> None:
    await create(administrator)
    ((link,),) = [one.links for one in await mailbox.letters("ada@example.org")]
    token = parse_qs(urlsplit(link).query)["token"][0]
    chosen = "a ladder behind the green shed"
    answer = await stranger.client.post("/auth/reset_password/", json={"token": token, "password": chosen})
    assert answer.status_code == 204, answer.text
    body = {"email_address": "ada@example.org", "password": chosen}
    answer = await stranger.client.post("/auth/login/", json=body)
    assert (answer.status_code, answer.json()["is_verified"]) == (200, True)


@pytest.mark.parametrize("password", ["", "the same work for an unknown user"])
async def test_nobody_signs_in_before_a_password_is_chosen(administrator: Person, password: str) -> None:
    """Where there is no hash, that of nobody is compared; its password must open nothing."""
    await create(administrator)
    body = {"email_address": "ada@example.org", "password": password}
    assert (await administrator.client.post("/auth/login/", json=body)).status_code == 401


async def test_an_address_in_use_is_told(administrator: Person, owner: Person) -> None:
    answer = await create(administrator, email_address="OWNER@example.org ")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "email_address", "message": "There is an account with this email address already"}
    ]
    assert await mailbox.letters() == []


async def test_what_is_refused(administrator: Person) -> None:
    for changes, field in (
        ({"email_address": "ada"}, "email_address"),
        ({"first_name": " "}, "first_name"),
        ({"reason": ""}, "reason"),
        ({"is_cso": True}, "registration"),
        ({"password_hash": "x"}, "password_hash"),
    ):
        answer = await create(administrator, **changes)
        assert answer.status_code == 422
        assert [problem["field"] for problem in answer.json()["errors"]] == [field]


async def test_a_cso_whose_registration_is_recorded_elsewhere(administrator: Person) -> None:
    answer = await create(administrator, is_cso=True, registration="Register of the NMC, checked on 3 March")
    assert answer.status_code == 201
    entry = (await stored.history("user:create"))[-1]
    assert entry["after"]["registration_recorded"] == "Register of the NMC, checked on 3 March"


async def test_the_form(administrator: Person) -> None:
    page = await administrator.client.get(HERE, headers=PAGE)
    assert "works for 3 days" in page.text
    body = {**NEW, "is_administrator": "false", "is_cso": "true", "registration": ""}
    refused = await administrator.client.post(HERE, data=body, headers=PAGE)
    assert refused.status_code == 422
    assert 'href="#registration"' in refused.text
    assert 'value="Ada"' in refused.text
    done = await administrator.client.post(HERE, data={**body, "registration": "Seen"}, headers=PAGE)
    assert done.status_code == 303


async def test_it_needs_recent_proof(administrator: Person) -> None:
    await long_ago(administrator.id)
    answer = await create(administrator)
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")


async def test_what_is_missing_is_told_in_the_order_of_the_boxes(administrator: Person) -> None:
    answer = await administrator.client.post(HERE, data=dict.fromkeys(NEW, ""), headers=PAGE)
    assert answer.status_code == 422
    summary = answer.text.partition("nhsuk-error-summary__list")[2].partition("</ul>")[0]
    assert re.findall('href="#([a-z_]+)"', summary) == list(NEW)
