"""Recovery codes: ten of 80 bits, shown once, hashed, each good once, a new set in place of the old one."""

import asyncio
import re

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import drafts, recovery_codes
from tests.authentication import stored
from tests.authentication.factors import CODES, SECOND, Clock, first_step, with_app, with_codes
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, connect
from tests.mailbox import letters

OVERVIEW = "/account/second_factor/"


async def test_asvs_6_5_2_they_are_random_and_stored_as_argon2id(owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    codes = await with_codes(owner)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in codes)
    kept = [row["code_hash"] for row in await stored.rows(sa.select(recovery_codes.CODES))]
    assert len(kept) == 10
    assert all(text.startswith("$argon2id$") for text in kept)
    assert not [code for code in codes if code in str(await stored.history())]


async def test_they_are_shown_once(owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    codes = await with_codes(owner)
    page = (await owner.client.get(CODES, headers=PAGE)).text
    assert len(re.findall(r"<li><code>", page)) == 10
    assert not [code for code in codes if code in page]


async def test_nothing_counts_before_it_was_kept(app: FastAPI, owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    (code, *_) = (await owner.client.get(CODES)).json()["codes"]
    async with connect(app) as client:
        await first_step(client, owner)
        assert (await client.post(SECOND, json={"recovery_code": code})).status_code == 401


async def test_each_works_once_and_its_owner_is_told(app: FastAPI, owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    (code, *_) = await with_codes(owner)
    async with connect(app) as client:
        for status in (200, 401):
            await first_step(client, owner)
            typed = code.replace("-", " ").upper() if status == 200 else code
            assert (await client.post(SECOND, json={"recovery_code": typed})).status_code == status
    assert (await owner.client.get(OVERVIEW)).json()["recovery_codes_left"] == 9
    (letter,) = [one for one in await letters(owner.email_address) if one.template == "recovery_code_used"]
    assert "9 of your codes can still be used" in letter.text


async def test_of_two_who_use_one_at_once_one_gets_in(app: FastAPI, owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    (code, *_) = await with_codes(owner)
    async with connect(app) as one, connect(app) as other:
        secrets = [await first_step(client, owner) for client in (one, other)]
        bodies = [{"second_factor": secret, "recovery_code": code} for secret in secrets]
        tries = (client.post(SECOND, json=body) for client, body in zip((one, other), bodies, strict=True))
        answers = await asyncio.gather(*tries)
    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_a_new_set_replaces_the_old_one_and_ends_other_sessions(
    app: FastAPI, owner: Person, clock: Clock
) -> None:
    key = await with_app(owner, clock)
    (old, *_) = await with_codes(owner)
    async with connect(app) as other:
        await first_step(other, owner)
        assert (await other.post(SECOND, json={"code": clock.code(key)})).status_code == 200
        (new, *_) = await with_codes(owner)
        assert (await other.get("/account/")).status_code == 401
        for code, status in ((old, 401), (new, 200)):
            await first_step(other, owner)
            assert (await other.post(SECOND, json={"recovery_code": code})).status_code == status
    assert len(await stored.history("second_factor:renew_recovery_codes")) == 2


async def test_they_stand_in_for_a_factor_that_is_there(
    owner: Person, stranger: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = (await owner.client.get(CODES)).json()
    assert (await owner.client.post(CODES, json={"draft": fresh["draft"]})).status_code == 409
    await with_app(owner, clock)
    foreign = (await stranger.client.get(CODES)).json()["draft"]
    assert (await owner.client.post(CODES, json={"draft": foreign})).status_code == 409
    monkeypatch.setattr(drafts, "LIFETIME", -drafts.LIFETIME)
    late = (await owner.client.get(CODES)).json()["draft"]
    answer = await owner.client.post(CODES, data={"draft": late}, headers=PAGE)
    assert answer.status_code == 409
    assert "shown too long ago" in answer.text
    await long_ago(owner.id)
    assert (await owner.client.get(CODES)).json()["code"] == "STEP_UP_REQUIRED"


async def test_one_confirms_who_it_is(owner: Person, clock: Clock) -> None:
    await with_app(owner, clock)
    (code, *_) = await with_codes(owner)
    await long_ago(owner.id)
    body = {"password": PASSWORD, "recovery_code": code}
    assert (await owner.client.post("/account/confirm/", json=body)).status_code == 204
    assert (await owner.client.get(CODES)).status_code == 200
