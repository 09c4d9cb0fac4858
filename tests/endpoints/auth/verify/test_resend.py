"""The link again, after a wait that grows and is told in plain words."""

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from authentication.single_use import TOKENS
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, Person, SignUp
from tests.mailbox import letters

RESEND = "/auth/verify/resend/"


async def sent(ago: timedelta) -> None:
    """As if every link had been sent so long ago."""
    await stored.change(sa.update(TOKENS).values(created_date=utc_now() - ago))


async def test_a_minute_between_two_then_two(sign_up: SignUp) -> None:
    ada = await sign_up("ada", is_verified=False)
    for count, seconds in enumerate((60, 120, 240)):
        await sent(timedelta(seconds=seconds / 2 + 1))
        assert (await ada.client.post(RESEND)).status_code == 204
        await sent(timedelta(seconds=seconds - 30))
        answer = await ada.client.post(RESEND)
        assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
        assert 0 < int(answer.headers["retry-after"]) <= 30
        assert "wait 1 minute and try again" in answer.json()["detail"]
        assert len(await letters(ada.email_address)) == count + 1


async def test_the_wait_is_an_hour_at_most_and_forgotten_after_a_day(sign_up: SignUp) -> None:
    ada = await sign_up("ada", is_verified=False)
    for _ in range(12):
        await sent(timedelta(minutes=61))
        assert (await ada.client.post(RESEND)).status_code == 204
    assert "wait 60 minutes" in (await ada.client.post(RESEND)).json()["detail"]
    await sent(timedelta(days=1))
    assert (await ada.client.post(RESEND)).status_code == 204
    assert "wait 1 minute " in (await ada.client.post(RESEND)).json()["detail"]


async def test_of_many_at_once_one_is_sent(sign_up: SignUp) -> None:
    ada = await sign_up("ada", is_verified=False)
    answers = await asyncio.gather(*(ada.client.post(RESEND) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204, 429, 429, 429, 429]
    assert len(await letters()) == 1
    (entry,) = await stored.history("user:send_verification")
    assert (entry["user_id"], entry["entity_id"]) == (ada.id, ada.id)


async def test_who_is_verified_needs_none(owner: Person) -> None:
    answer = await owner.client.post(RESEND)
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "Your email address is verified already. There is nothing to do.",
    )
    assert "is verified. There is nothing to do" in (await owner.client.get(RESEND, headers=PAGE)).text
    assert await letters() == []


async def test_the_page_says_where_the_link_goes(sign_up: SignUp) -> None:
    ada = await sign_up("ada", is_verified=False)
    assert (await ada.client.get(RESEND)).json() == {"email_address": "ada@example.org", "is_verified": False}
    done = await ada.client.post(RESEND, data={}, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, "/auth/check_email/")
    again = await ada.client.post(RESEND, data={}, headers=PAGE)
    assert (again.status_code, "We sent you an email just now" in again.text) == (429, True)
