"""Asking for another address: with the password, answered alike whoever has it, and both mailboxes get a letter."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from authentication.single_use import TOKENS
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, PASSWORD, Person, SignUp
from tests.endpoints.auth.enumeration import told
from tests.mailbox import letters

PATH = "/account/email_address/"
BODY = {"email_address": "new@example.org", "password": PASSWORD}


async def test_a_link_to_the_new_address_and_word_to_the_old(owner: Person) -> None:
    answer = await owner.client.post(PATH, data={**BODY, "email_address": " New@Example.org"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/check_email/")
    link, notice = await letters()
    assert (link.template, link.to) == ("change_email", "new@example.org")
    assert link.links[0].startswith("http://127.0.0.1:8000/account/email_address/confirm/?token=")
    assert (notice.template, notice.to, notice.links) == ("change_email_notice", owner.email_address, [])
    assert "new@example.org" in notice.text
    assert (await owner.client.get("/account/")).json()["email_address"] == owner.email_address
    (entry,) = await stored.history("user:ask_new_address")
    assert (entry["user_id"], entry["after"]) == (owner.id, {"email_address": "new@example.org"})


async def test_asvs_6_3_8_the_answer_does_not_tell_whose_an_address_is(owner: Person, sign_up: SignUp) -> None:
    await sign_up("taken")
    answers = []
    for name in ("taken", "free"):
        seen, _ = await told(owner.client, PATH, {**BODY, "email_address": f"{name}@example.org"})
        answers.append(seen[0])
        await stored.change(sa.update(TOKENS).values(created_date=utc_now() - timedelta(days=2)))
    assert answers[0] == answers[1]
    sent = {letter.to: letter for letter in await letters() if letter.template != "change_email_notice"}
    assert sent["taken@example.org"].template == "address_in_use"
    assert "token" not in sent["taken@example.org"].text
    assert sent["free@example.org"].template == "change_email"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("password", "wrong", "The password is not right"),
        ("email_address", "new", "such as name@example.org"),
        ("email_address", "Owner@Example.org", "different from the current one"),
    ],
)
async def test_what_is_wrong_is_told(owner: Person, field: str, value: str, why: str) -> None:
    answer = await owner.client.post(PATH, data={**BODY, field: value}, headers=PAGE)
    assert (answer.status_code, why in answer.text, f'href="#{field}"' in answer.text) == (422, True, True)
    assert await letters() == []


async def test_it_cannot_be_asked_for_often(owner: Person) -> None:
    answers = await asyncio.gather(*(owner.client.post(PATH, json=BODY) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (refused.headers["retry-after"], "wait 1 minute" in refused.json()["detail"]) == ("60", True)
    assert len(await letters()) == 2


async def test_the_page_shows_the_address_now(owner: Person) -> None:
    assert (await owner.client.get(PATH)).json() == {"email_address": owner.email_address}
