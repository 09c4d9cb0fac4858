"""Disabling: everything of the account ends in the same moment, with a reason, never one's own and never the last."""

import asyncio
from typing import Any

from fastapi import FastAPI

from authentication import single_use, standing
from models.enumerations import Purpose
from tests import mailbox
from tests.authentication import stored
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, SignUp


async def disable(administrator: Person, person: Person, reason: str = "Left") -> Any:
    return await administrator.client.post(f"/ops/users/{person.id}/disable/", json={"reason": reason})


async def test_it_ends_everything_at_once(app: FastAPI, administrator: Person, stranger: Person) -> None:
    tokens = app.state.sessions.tokens
    secret = await single_use.issue(tokens, Purpose.RESET_PASSWORD, standing.WELCOME_LIFETIME, user_id=stranger.id)
    assert (await disable(administrator, stranger)).status_code == 204
    assert (await stranger.client.get("/account/")).status_code == 401
    body = {"email_address": stranger.email_address, "password": PASSWORD}
    assert (await stranger.client.post("/auth/login/", json=body)).status_code == 401
    assert await single_use.look(tokens, secret, Purpose.RESET_PASSWORD) is None
    (session,) = await stored.sessions_of(stranger.id)
    assert (session["revoked_reason"], session["revoked_by_id"]) == ("account disabled", administrator.id)
    (entry,) = await stored.history("user:disable")
    assert (entry["user_id"], entry["entity_id"], entry["reason"]) == (administrator.id, stranger.id, "Left")
    (letter,) = await mailbox.letters(stranger.email_address)
    assert letter.template == "account_disabled"


async def test_twice(administrator: Person, stranger: Person) -> None:
    answers = await asyncio.gather(disable(administrator, stranger), disable(administrator, stranger))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert len(await stored.history("user:disable")) == 1


async def test_nobody_disables_themselves(administrator: Person, sign_up: SignUp) -> None:
    await sign_up("other", is_administrator=True)
    answer = await disable(administrator, administrator)
    assert answer.status_code == 409
    assert "your own account" in answer.json()["detail"]


async def test_two_administrators_who_disable_each_other(administrator: Person, sign_up: SignUp) -> None:
    other = await sign_up("other", is_administrator=True)
    answers = await asyncio.gather(disable(administrator, other), disable(other, administrator))
    assert min(answer.status_code for answer in answers) == 204
    active = [one for one in await stored.rows(stored.every_user()) if one["is_active"]]
    assert len(active) == 1


async def test_an_owner_of_a_project_can_be_shut_out(administrator: Person, owner: Person, project: str) -> None:
    assert (await disable(administrator, owner)).status_code == 204


async def test_what_is_refused(administrator: Person, owner: Person, stranger: Person) -> None:
    assert (await disable(administrator, stranger, " ")).status_code == 422
    assert (await disable(owner, stranger)).status_code == 403
    await long_ago(administrator.id)
    assert (await disable(administrator, stranger)).json()["code"] == "STEP_UP_REQUIRED"
    assert (await stranger.client.get("/account/")).status_code == 200


async def test_the_form(administrator: Person, stranger: Person) -> None:
    here = f"/ops/users/{stranger.id}/disable/"
    assert "signed out everywhere" in (await administrator.client.get(here, headers=PAGE)).text
    assert (await administrator.client.post(here, data={"reason": ""}, headers=PAGE)).status_code == 422
    done = await administrator.client.post(here, data={"reason": "Left"}, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, f"/ops/users/{stranger.id}/")
