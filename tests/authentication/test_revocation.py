"""Revocations that meet sign-ins and each other end one after the other, and leave nobody alive who should be dead."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import revocation, sign_in
from authentication.sessions import SESSIONS, USERS, SessionPolicy, page_of_live
from authentication.sign_in import Client
from errors import NotSignedIn
from models.audit.audit import COMMAND_LINE, Actor
from models.storage.database import database
from tests.authentication import stored
from tests.clients import Person
from tests.tokens import make, program

ROUNDS = {"sqlite": 10, "postgresql": 200}
Race = Callable[["Round"], Coroutine[Any, Any, object]]


@pytest.fixture
def rounds(backend: str) -> int:
    return ROUNDS[backend]


class Round:
    """A person with three sessions, the newest of whose actors acts."""

    def __init__(self, policy: SessionPolicy, person: Person, actors: list[Actor]) -> None:
        self.policy, self.person, self.actors = policy, person, actors

    @property
    def newest(self) -> Actor:
        return self.actors[-1]

    async def live(self) -> set[UUID]:
        rows, _ = await page_of_live(self.policy, [SESSIONS.c.user_id == self.person.id], 1, 100)
        return {row["id"] for row in rows}

    async def sign_in(self) -> Actor:
        """With the epoch that is read before, as the password is compared before."""
        epoch = await epoch_of(self.person.id)
        return await start(self.policy, self.person.id, epoch)


async def epoch_of(user_id: UUID) -> int:
    (row,) = await stored.rows(sa.select(USERS).where(USERS.c.id == user_id))
    found: int = row["auth_epoch"]
    return found


async def start(policy: SessionPolicy, user_id: UUID, epoch: int) -> Actor:
    async with database.transaction():
        actor, _ = await sign_in.start(policy, user_id, epoch, Client("", ""))
    return actor


async def a_round(app: FastAPI, person: Person) -> Round:
    policy: SessionPolicy = app.state.sessions
    epoch = await epoch_of(person.id)
    return Round(policy, person, [await start(policy, person.id, epoch) for _ in range(3)])


async def all_of(this: Round) -> int:
    return await revocation.revoke(COMMAND_LINE, [SESSIONS.c.user_id == this.person.id], "race")


async def everyones(this: Round) -> int:
    return await revocation.revoke(this.actors[0], [], "race")


async def all_others(this: Round) -> int:
    others = [SESSIONS.c.user_id == this.person.id, SESSIONS.c.id != this.newest.session_id]
    return await revocation.revoke(this.newest, others, "race")


async def password_changed(this: Round) -> int:
    return await revocation.end_all(this.newest, this.person.id, "race", keep=this.newest.session_id)


async def disabled(this: Round) -> int:
    return await revocation.end_all(COMMAND_LINE, this.person.id, "race")


async def meet(this: Round, *races: Race) -> list[object]:
    """What each came to; NotSignedIn is an answer, every other error is a fault."""
    came = await asyncio.gather(*(race(this) for race in races), return_exceptions=True)
    faults = [one for one in came if isinstance(one, BaseException) and not isinstance(one, NotSignedIn)]
    assert not faults
    return came


@pytest.mark.parametrize(
    "races",
    [
        (all_of, all_of, all_of),
        (all_others, all_of),
        (password_changed, all_of),
        (password_changed, everyones),
        (password_changed, password_changed, all_others),
        (disabled, password_changed, everyones),
    ],
    ids=lambda races: "-".join(race.__name__ for race in races),
)
async def test_revocations_meet(app: FastAPI, owner: Person, rounds: int, races: tuple[Race, ...]) -> None:
    """Nobody waits for anybody who waits for them, and each session is ended and told of once."""
    for _ in range(max(rounds // 4, 5)):
        this = await a_round(app, owner)
        came = await meet(this, *races)
        acted = not isinstance(came[0], NotSignedIn)
        left = await this.live()
        assert left <= {this.newest.session_id}
        if all_of in races or everyones in races or disabled in races:
            assert not left or (acted and races[0] is not all_of)
        entries = await stored.history("session:revoke")
        told = [entry["entity_id"] for entry in entries]
        assert len(told) == len(set(told))
        await revocation.revoke(COMMAND_LINE, [], "next round")


async def test_signing_in_while_the_password_changes(app: FastAPI, owner: Person, rounds: int) -> None:
    """Whoever signed in with the old password is out, whichever came first."""
    for _ in range(rounds):
        this = await a_round(app, owner)
        before = await epoch_of(owner.id)
        began, _ = await asyncio.gather(start(this.policy, owner.id, before), password_changed(this))
        assert await this.live() == {this.newest.session_id}
        assert began.session_id != this.newest.session_id
        await revocation.revoke(COMMAND_LINE, [], "next round")


async def test_signing_in_while_all_are_ended(app: FastAPI, owner: Person, rounds: int) -> None:
    """The new one lives when it began after, and no old one does."""
    for _ in range(rounds):
        this = await a_round(app, owner)
        before = await this.live()
        began, ended = await asyncio.gather(this.sign_in(), all_of(this))
        assert await this.live() == ({began.session_id} if ended == len(before) else set())
        await revocation.revoke(COMMAND_LINE, [], "next round")


async def test_end_all_keeps_the_one_that_acts(app: FastAPI, owner: Person, stranger: Person) -> None:
    token = (await make(owner, "read"))["token"]
    kept = next(row["id"] for row in await stored.sessions_of(owner.id) if row["kind"] == "browser")
    this = await a_round(app, owner)
    assert await revocation.end_all(Actor(owner.id, kept), owner.id, "password changed", keep=kept) == 4
    assert await this.live() == {kept}
    assert (await owner.client.get("/account/")).status_code == 200
    assert (await stranger.client.get("/account/")).status_code == 200
    async with program(app, token) as client:
        assert (await client.get("/account/")).status_code == 401
    reasons = {entry["reason"] for entry in await stored.history("session:revoke")}
    assert reasons == {"password changed"}


async def test_end_all_is_all_or_nothing(app: FastAPI, owner: Person) -> None:
    this = await a_round(app, owner)
    before, live = await epoch_of(owner.id), await this.live()
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            assert await disabled(this) == len(live)
            raise ZeroDivisionError
    assert (await epoch_of(owner.id), await this.live()) == (before, live)


async def test_who_was_ended_ends_nobody(app: FastAPI, owner: Person, stranger: Person) -> None:
    this = await a_round(app, owner)
    await revocation.revoke(COMMAND_LINE, [SESSIONS.c.id == this.newest.session_id], "stolen")
    for act in (all_others, password_changed, everyones):
        with pytest.raises(NotSignedIn):
            await act(Round(this.policy, owner, [this.newest]))
    assert await this.live() >= {actor.session_id for actor in this.actors[:-1]}
    assert (await stranger.client.get("/account/")).status_code == 200
