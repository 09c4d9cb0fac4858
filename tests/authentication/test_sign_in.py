"""A person has at most so many sessions of browsers, also when many begin at once; proof renews the secret."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import revocation, sign_in
from authentication.sessions import SESSIONS, USERS, SessionPolicy, resolve
from authentication.sign_in import Client
from config import Settings, load_settings
from errors import NotSignedIn
from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import Factors, SessionKind
from models.storage.columns import utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.clients import PASSWORD, Person, connect, environment
from tests.tokens import make, program

MOST = 3


@pytest.fixture
def settings(database_url: str) -> Settings:
    return load_settings(environment(database_url, SESSIONS_PER_USER=str(MOST)))


@pytest.fixture
def policy(app: FastAPI) -> SessionPolicy:
    found: SessionPolicy = app.state.sessions
    return found


async def start(policy: SessionPolicy, user_id: UUID, epoch: int = 0) -> tuple[Actor, str]:
    async with database.transaction():
        return await sign_in.start(policy, user_id, epoch, Client("a device", "192.0.2.1", "request"))


async def alive(user_id: UUID) -> list[dict[str, Any]]:
    """The oldest first."""
    return [row for row in await stored.sessions_of(user_id) if row["revoked_at"] is None]


async def works(policy: SessionPolicy, cookie: str) -> bool:
    token = policy.tokens.read(cookie)
    assert token is not None
    return await resolve(policy, token, SessionKind.BROWSER) is not None


async def test_asvs_7_1_2_the_oldest_ends(policy: SessionPolicy, owner: Person) -> None:
    first = await stored.session_id(owner.id)
    began = [await start(policy, owner.id) for _ in range(MOST)]
    assert [row["id"] for row in await alive(owner.id)] == [actor.session_id for actor, _ in began]
    assert (await owner.client.get("/account/")).status_code == 401
    assert [await works(policy, cookie) for _, cookie in began] == [True] * MOST
    (entry,) = await stored.history("session:revoke")
    assert (entry["entity_id"], entry["reason"]) == (first, "the oldest of too many sessions")
    assert (entry["user_id"], entry["session_id"]) == (owner.id, began[-1][0].session_id)


async def test_sessions_of_others_and_tokens_do_not_count(
    app: FastAPI, policy: SessionPolicy, owner: Person, stranger: Person
) -> None:
    tokens = [(await make(owner, "read"))["token"] for _ in range(MOST + 1)]
    for _ in range(MOST - 1):
        await start(policy, owner.id)
    assert (await owner.client.get("/account/")).status_code == 200
    await start(policy, owner.id)
    assert (await owner.client.get("/account/")).status_code == 401
    assert (await stranger.client.get("/account/")).status_code == 200
    for token in tokens:
        async with program(app, token) as client:
            assert (await client.get("/account/")).status_code == 200


async def test_a_session_that_has_ended_takes_no_room(policy: SessionPolicy, owner: Person) -> None:
    for _ in range(MOST * 2):
        actor, _ = await start(policy, owner.id)
        await revocation.revoke(COMMAND_LINE, [SESSIONS.c.id == actor.session_id], "over")
    assert (await owner.client.get("/account/")).status_code == 200


async def test_signing_in_at_once_never_leaves_more(app: FastAPI, owner: Person) -> None:
    """Through the door, and each of those who are told that they are in either is, or was the oldest."""
    body = {"email_address": owner.email_address, "password": PASSWORD}

    async def come_in() -> int:
        async with connect(app) as client:
            return (await client.post("/auth/login/", json=body)).status_code

    for _ in range(3):
        assert set(await asyncio.gather(*(come_in() for _ in range(8)))) == {200}
        assert len(await alive(owner.id)) == MOST


async def test_a_clock_that_is_behind_does_not_end_the_session_that_begins(
    policy: SessionPolicy, owner: Person
) -> None:
    """Another node's clock is ahead, so that what began there looks younger."""
    ahead = sa.update(SESSIONS).values(created_date=utc_now() + timedelta(seconds=5))
    for _ in range(MOST):
        _, cookie = await start(policy, owner.id)
        await stored.change(ahead)
    _, cookie = await start(policy, owner.id)
    assert await works(policy, cookie)
    assert len(await alive(owner.id)) == MOST


async def test_renewing_changes_the_secret_and_nothing_else(policy: SessionPolicy, owner: Person) -> None:
    actor, old = await start(policy, owner.id)
    (before,) = [row for row in await alive(owner.id) if row["id"] == actor.session_id]
    new = await sign_in.renew(policy, actor, Factors.PASSWORD_TOTP)
    assert [await works(policy, cookie) for cookie in (old, new)] == [False, True]
    (after,) = [row for row in await alive(owner.id) if row["id"] == actor.session_id]
    changed = {name for name, value in after.items() if value != before[name]}
    assert changed == {"token_hash", "authenticated_at", "factors", "updated_date"}
    assert after["factors"] == Factors.PASSWORD_TOTP


async def test_what_has_ended_is_not_renewed(policy: SessionPolicy, owner: Person) -> None:
    actor, cookie = await start(policy, owner.id)
    await revocation.revoke(COMMAND_LINE, [SESSIONS.c.id == actor.session_id], "stolen")
    with pytest.raises(NotSignedIn):
        await sign_in.renew(policy, actor, Factors.PASSWORD)
    assert not await works(policy, cookie)


async def test_renewing_races_with_revocation(policy: SessionPolicy, owner: Person) -> None:
    for _ in range(10):
        actor, _ = await start(policy, owner.id)
        which = [SESSIONS.c.id == actor.session_id]
        ended, renewed = await asyncio.gather(
            revocation.revoke(COMMAND_LINE, which, "race"),
            sign_in.renew(policy, actor, Factors.PASSWORD),
            return_exceptions=True,
        )
        assert ended == 1
        assert isinstance(renewed, NotSignedIn) or not await works(policy, str(renewed))


async def test_begun_with_what_was_true_before_it_is_dead(policy: SessionPolicy, owner: Person) -> None:
    """The password was right when it was compared; meanwhile it was changed."""
    epoch = (await stored.rows(sa.select(USERS).where(USERS.c.id == owner.id)))[0]["auth_epoch"]
    await revocation.end_all(COMMAND_LINE, owner.id, "password changed")
    _, cookie = await start(policy, owner.id, epoch)
    assert not await works(policy, cookie)
