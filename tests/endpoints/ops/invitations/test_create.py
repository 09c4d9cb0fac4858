"""Invitations: one working link to an address, in a letter and nowhere else."""

from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI

from authentication import single_use
from models.enumerations import Purpose
from tests import mailbox
from tests.authentication import stored
from tests.authentication.proof import long_ago
from tests.clients import PAGE, Person

HERE = "/ops/invitations/create/"


async def invite(person: Person, address: str) -> httpx.Response:
    return await person.client.post(HERE, json={"email_address": address})


async def test_a_link_in_a_letter(app: FastAPI, administrator: Person) -> None:
    assert (await invite(administrator, " New@Example.org")).status_code == 204
    (letter,) = await mailbox.letters()
    assert (letter.template, letter.to) == ("invitation", "new@example.org")
    (link,) = letter.links
    assert urlsplit(link).path == "/auth/register/"
    token = parse_qs(urlsplit(link).query)["invitation"][0]
    issued = await single_use.look(app.state.sessions.tokens, token, Purpose.INVITATION)
    assert issued is not None
    assert (issued.user_id, issued.email_address) == (None, "new@example.org")
    (entry,) = await stored.history("invitation:create")
    assert entry["after"] == {"email_address": "new@example.org"}
    assert token not in (await administrator.client.get("/ops/invitations/")).text


async def test_another_takes_the_place_of_the_first(administrator: Person) -> None:
    for _ in range(2):
        await invite(administrator, "new@example.org")
    assert (await administrator.client.get("/ops/invitations/")).json()["pagination"]["total"] == 1


async def test_what_is_refused(administrator: Person, owner: Person) -> None:
    refused = {"": "Enter an email", "new": "Enter an email", "OWNER@example.org": "There is an account"}
    for address, said in refused.items():
        answer = await invite(administrator, address)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["message"].startswith(said)
    assert (await invite(owner, "new@example.org")).status_code == 403
    await long_ago(administrator.id)
    assert (await invite(administrator, "new@example.org")).json()["code"] == "STEP_UP_REQUIRED"
    assert await mailbox.letters() == []


async def test_the_form(administrator: Person) -> None:
    assert "for 7 days" in (await administrator.client.get(HERE, headers=PAGE)).text
    done = await administrator.client.post(HERE, data={"email_address": "new@example.org"}, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, "/ops/invitations/")
