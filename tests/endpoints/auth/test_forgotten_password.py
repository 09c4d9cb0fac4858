"""A forgotten password: one answer and one amount of work for everyone, and few letters for anyone."""

import asyncio
from datetime import timedelta

import httpx
import sqlalchemy as sa

from authentication.single_use import TOKENS
from config import load_settings
from main import create_app
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, Person, SignUp, connect, environment
from tests.endpoints.auth.enumeration import told
from tests.mailbox import letters

FORGOTTEN = "/auth/forgotten_password/"


async def test_a_letter_with_a_link_comes(client: httpx.AsyncClient, owner: Person) -> None:
    answer = await client.post(FORGOTTEN, data={"email_address": " Owner@Example.org "}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/check_email/")
    (letter,) = await letters(owner.email_address)
    assert (letter.template, len(letter.links)) == ("reset_password", 1)
    assert letter.links[0].startswith("http://127.0.0.1:8000/auth/reset_password/?token=")
    (entry,) = await stored.history("user:send_reset")
    assert (entry["user_id"], entry["entity_id"]) == (None, owner.id)
    assert entry["request_id"] == answer.headers["x-request-id"]


async def test_a_username_does_too(client: httpx.AsyncClient, owner: Person) -> None:
    await stored.set_user(owner.id, username="the.owner")
    await client.post(FORGOTTEN, json={"email_address": "The.Owner"})
    assert [letter.to for letter in await letters()] == [owner.email_address]


async def test_asvs_6_3_8_nobody_learns_who_has_an_account(client: httpx.AsyncClient, sign_up: SignUp) -> None:
    people = {name: await sign_up(name) for name in ("known", "closed", "unverified")}
    await stored.set_user(people["closed"].id, is_active=False)
    await stored.set_user(people["unverified"].id, is_verified=False)
    entries = len(await stored.history())
    asked = [f"{name}@example.org" for name in (*people, "nobody", "known")] + ["no address", "x" * 5000, "nul\0"]
    answers = [await told(client, FORGOTTEN, {"email_address": address}) for address in asked]
    assert all(seen == answers[0][0] for seen, _ in answers)
    work = {tuple(sent) for address, (_, sent) in zip(asked, answers, strict=True) if "@" in address}
    assert len(work) == 1, "the statements are the same, whatever comes of them"
    assert {letter.to for letter in await letters()} == {"known@example.org", "unverified@example.org"}
    told_of = [(entry["action"], entry["entity_id"]) for entry in (await stored.history())[entries:]]
    assert len(told_of) == 2 * len(asked)
    assert {("user:send_reset", key) for key in (None, people["known"].id, people["unverified"].id)} == set(told_of)
    assert "nobody@" not in str(await stored.history()), "an address without an account is not even recorded"


async def test_an_empty_box_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.post(FORGOTTEN, data={"email_address": " "}, headers=PAGE)
    assert answer.status_code == 422
    assert "Enter your email address or username" in answer.text


async def test_a_mailbox_is_not_flooded(client: httpx.AsyncClient, owner: Person) -> None:
    """A minute after the first letter, then two: told to nobody, as that would tell who has an account."""
    for minutes, count in ((0, 1), (0, 1), (1.1, 2), (1.1, 2), (1.1, 3), (3, 3), (24 * 60, 4)):
        await earlier(minutes)
        assert (await client.post(FORGOTTEN, json={"email_address": owner.email_address})).status_code == 204
        assert len(await letters()) == count


async def test_who_asks_many_times_at_once_gets_one_letter(client: httpx.AsyncClient, owner: Person) -> None:
    asking = [client.post(FORGOTTEN, json={"email_address": owner.email_address}) for _ in range(5)]
    assert {answer.status_code for answer in await asyncio.gather(*asking)} == {204}
    assert len(await letters()) == 1


async def earlier(minutes: float) -> None:
    """As if so much time had passed since the last secret was sent."""
    sent = {TOKENS.c.created_date: TOKENS.c.created_date}
    for row in await stored.rows(sa.select(TOKENS.c.id, *sent)):
        then = row["created_date"] - timedelta(minutes=minutes)
        assert then < utc_now()
        await stored.change(sa.update(TOKENS).where(TOKENS.c.id == row["id"]).values(created_date=then))


async def test_the_page_asks_and_changes_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get(FORGOTTEN)).json() == {"minutes": 60}
    page = (await client.get(FORGOTTEN, headers=PAGE)).text
    assert 'autocomplete="username"' in page
    assert await letters() == []


async def test_asking_is_throttled_by_what_was_typed(database_url: str) -> None:
    """So that a refusal tells nothing either."""
    app = create_app(load_settings(environment(database_url, RATE_LIMIT_ENABLED="true")))
    async with app.router.lifespan_context(app), connect(app) as client:
        await stored.add_person("ada@example.org", "")
        for address in ("ada@example.org", "nobody@example.org"):
            answers = [await client.post(FORGOTTEN, json={"email_address": address}) for _ in range(5)]
            assert [answer.status_code for answer in answers] == [204, 204, 204, 204, 429]
            assert int(answers[-1].headers["retry-after"]) > 0
