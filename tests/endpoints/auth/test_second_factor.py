"""The second step of signing in: what a right password alone opens is nothing (OWASP ASVS 5.0, 6.3.3)."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import second_steps
from authentication.cookies import PENDING, PLAIN
from authentication.single_use import TOKENS
from models.enumerations import Factors
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.authentication.factors import SECOND, Clock, first_step, with_app, with_codes
from tests.clients import PAGE, PASSWORD, Person, connect


@pytest.fixture
async def key(owner: Person, clock: Clock) -> str:
    """That of the owner's app."""
    return await with_app(owner, clock)


def wrong(clock: Clock, key: str) -> str:
    return f"{(int(clock.code(key)) + 1) % 10**6:06}"


async def test_asvs_6_3_3_a_password_alone_signs_nobody_in(client: httpx.AsyncClient, owner: Person, key: str) -> None:
    before = await stored.sessions_of(owner.id)
    secret = await first_step(client, owner)
    assert await stored.sessions_of(owner.id) == before
    assert PLAIN not in client.cookies
    for cookie in (PLAIN, f"__Host-{PLAIN}"):
        assert (await client.get("/account/", headers={"Cookie": f"{cookie}={secret}"})).status_code == 401
    bearer = await client.get("/account/", headers={"Authorization": f"Bearer {secret}"})
    assert bearer.status_code == 401


async def test_the_second_step_answers_exactly_the_contract(
    client: httpx.AsyncClient, owner: Person, clock: Clock, key: str
) -> None:
    secret = await first_step(client, owner)
    client.cookies.clear()
    answer = await client.post(SECOND, json={"second_factor": secret, "code": clock.code(key)})
    assert answer.json() == {
        "id": str(owner.id),
        "first_name": "Owner",
        "last_name": "Example",
        "email_address": owner.email_address,
        "is_verified": True,
        "is_cso": False,
    }
    assert (await client.get("/account/")).status_code == 200
    session = (await stored.sessions_of(owner.id))[-1]
    assert session["factors"] is Factors.PASSWORD_TOTP
    assert (await stored.history("session:start"))[-1]["after"] == {"factors": "password_totp"}


async def test_a_browser_takes_both_steps_without_a_script(
    client: httpx.AsyncClient, owner: Person, clock: Clock, key: str
) -> None:
    form = {"email_address": owner.email_address, "password": PASSWORD, "next": "/account/"}
    first = await client.post("/auth/login/", data=form, headers=PAGE)
    assert (first.status_code, first.headers["location"]) == (303, f"{SECOND}?next=%2Faccount%2F")
    cookie = first.headers["set-cookie"].lower()
    assert cookie.startswith(PENDING)
    for attribute in ("httponly", f"path={SECOND}", "samesite=strict"):
        assert attribute in cookie
    page = await client.get(first.headers["location"], headers=PAGE)
    assert 'name="code"' in page.text
    assert 'name="recovery_code"' not in page.text
    refused = await client.post(SECOND, data={"code": wrong(clock, key), "next": "/account/"}, headers=PAGE)
    assert refused.status_code == 401
    assert "The code or passkey is not right" in refused.text
    assert wrong(clock, key) not in refused.text
    answer = await client.post(SECOND, data={"code": f" {clock.code(key)} ", "next": "/account/"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/")
    assert PENDING not in client.cookies
    assert (await client.get("/account/")).status_code == 200


async def test_asvs_6_5_1_a_code_counts_once(client: httpx.AsyncClient, owner: Person, clock: Clock, key: str) -> None:
    code = clock.code(key)
    for status in (200, 401):
        await first_step(client, owner)
        assert (await client.post(SECOND, json={"code": code})).status_code == status
    clock.advance()
    assert (await client.post(SECOND, json={"code": clock.code(key)})).status_code == 200


async def test_the_code_that_set_the_app_up_is_used(client: httpx.AsyncClient, owner: Person, clock: Clock) -> None:
    key = await with_app(owner, clock)
    clock.advance(-30)
    await first_step(client, owner)
    assert (await client.post(SECOND, json={"code": clock.code(key)})).status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (14.9, 200), (15, 401), (-15.1, 401), (30, 401), (-30, 401)])
async def test_asvs_6_5_5_a_code_lives_for_thirty_seconds(
    owner: Person, clock: Clock, key: str, seconds: float, status: int
) -> None:
    """The clock stands in the middle of a step; after and before it the same code is wrong."""
    clock.advance(60)
    code = clock.code(key)
    clock.advance(seconds)
    await first_step(owner.client, owner)
    assert (await owner.client.post(SECOND, json={"code": code})).status_code == status


async def test_of_two_who_use_one_code_at_once_one_gets_in(app: FastAPI, owner: Person, clock: Clock, key: str) -> None:
    async with connect(app) as one, connect(app) as other:
        for _ in range(5):
            clock.advance()
            secrets = [await first_step(client, owner) for client in (one, other)]
            bodies = [{"second_factor": secret, "code": clock.code(key)} for secret in secrets]
            answers = await asyncio.gather(*(one.post(SECOND, json=body) for body in bodies))
            assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_the_secret_between_the_steps_is_spent_once(app: FastAPI, owner: Person, clock: Clock, key: str) -> None:
    """Also by two at once with a right code each, one of the app and one from paper."""
    codes = await with_codes(owner)
    async with connect(app) as client:
        secret = await first_step(client, owner)
        proofs: list[dict[str, str]] = [{"code": clock.code(key)}, {"recovery_code": codes[0]}]
        tries = (client.post(SECOND, json={"second_factor": secret, **proof}) for proof in proofs)
        answers = await asyncio.gather(*tries)
        assert sorted(answer.status_code for answer in answers) == [200, 401]
        clock.advance()
        again = await client.post(SECOND, json={"second_factor": secret, "code": clock.code(key)})
        assert (again.status_code, again.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_five_wrong_tries_end_it_also_at_once(
    client: httpx.AsyncClient, owner: Person, clock: Clock, key: str
) -> None:
    secret = await first_step(client, owner)
    body = {"second_factor": secret, "code": wrong(clock, key)}
    answers = await asyncio.gather(*(client.post(SECOND, json=body) for _ in range(8)))
    told = [answer.json()["code"] for answer in answers]
    assert told.count("WRONG_PROOF") == 5
    assert set(told) <= {"WRONG_PROOF", "NOT_SIGNED_IN", "TOO_MANY_REQUESTS"}
    late = await client.post(SECOND, json={**body, "code": clock.code(key)})
    assert late.status_code in {401, 429}
    assert PLAIN not in client.cookies


async def test_it_lives_for_ten_minutes(client: httpx.AsyncClient, owner: Person, clock: Clock, key: str) -> None:
    """OWASP ASVS 5.0, 6.5.5."""
    assert timedelta(minutes=10) == second_steps.LIFETIME
    for ago, status in ((timedelta(seconds=-5), 200), (timedelta(), 401)):
        await first_step(client, owner)
        await stored.change(sa.update(TOKENS).values(expires_at=utc_now() - ago))
        assert (await client.post(SECOND, json={"code": clock.code(key)})).status_code == status
        clock.advance()


async def test_what_changes_the_account_voids_it(
    client: httpx.AsyncClient, owner: Person, clock: Clock, key: str
) -> None:
    """A changed password or factor, or a closed account: the first step has to be taken again."""
    for change in ({"auth_epoch": 99}, {"is_active": False}):
        await stored.set_user(owner.id, is_active=True)
        await first_step(client, owner)
        await stored.set_user(owner.id, **change)
        answer = await client.post(SECOND, json={"code": clock.code(key)})
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_without_a_first_step_there_is_no_second(client: httpx.AsyncClient, owner: Person) -> None:
    for secret in ("", "x", "\u20ac" * 50, "a" * 43 + "." + "b" * 43):
        answer = await client.post(SECOND, json={"second_factor": secret, "code": "123456"})
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")
    shown = await client.get(SECOND)
    assert (shown.status_code, shown.json()["waiting"]) == (200, False)
    page = await client.get(SECOND, headers=PAGE)
    assert 'href="/auth/login/"' in page.text
    assert "<form" not in page.text.partition("<main")[2]
    both = {"code": "123456", "recovery_code": "x"}
    assert (await client.post(SECOND, json=both)).status_code == 422
    assert (await client.post(SECOND, json={})).status_code == 422


async def test_signing_in_again_ends_the_session_of_that_browser_here_too(
    owner: Person, clock: Clock, key: str
) -> None:
    """OWASP ASVS 5.0, 7.2.4."""
    await first_step(owner.client, owner)
    assert (await owner.client.post(SECOND, json={"code": clock.code(key)})).status_code == 200
    assert [one["revoked_reason"] for one in await stored.sessions_of(owner.id)] == ["signed in again", None]


async def test_confirming_asks_for_both(owner: Person, clock: Clock, key: str) -> None:
    """OWASP ASVS 5.0, 7.5.1: full re-authentication."""
    alone = await owner.client.post("/account/confirm/", json={"password": PASSWORD})
    assert (alone.status_code, alone.json()["code"]) == (401, "WRONG_PROOF")
    code = clock.code(key)
    body = {"password": PASSWORD, "code": code}
    assert (await owner.client.post("/account/confirm/", json={**body, "password": "wrong"})).status_code == 401
    assert (await owner.client.post("/account/confirm/", json=body)).status_code == 204
    assert (await owner.client.post("/account/confirm/", json=body)).status_code == 401
    assert 'name="code"' in (await owner.client.get("/account/confirm/", headers=PAGE)).text
