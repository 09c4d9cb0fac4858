"""Ten thousand sessions are ended while they write: the order of the audit trail tells what came after the revocation.

All of it goes to one stream, whose numbers are given under a lock that lasts until the commit: a greater number than
that of the revocation is a write that became visible after it.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import revocation
from authentication.sessions import SESSIONS
from errors import NotSignedIn
from models.audit import audit, audit_chain
from models.audit.audit import COMMAND_LINE, ENTRIES, Actor, Change
from models.audit.audit_chain import ACCOUNTS
from models.enumerations import SessionKind
from models.projects.projects import PROJECTS
from models.storage import many
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.clients import PASSWORD, Person, connect
from tests.models.samples import make_user

LANES, TOGETHER = 3, 5
"""Revocations at once, and sessions that each ends."""
MOST = 40
"""Writes after which a session that nobody refuses gives up: without the fence that is every one."""
WRITE = Change("race:write", "race")
ONLY_POSTGRESQL = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.fixture
async def connected(database_url: str) -> AsyncIterator[None]:
    """A connection for each that writes or ends at once, and patience: a busy machine is no finding."""
    database.configure(database_url, pool_size=LANES * (TOGETHER + 1), pool_wait=60, lock_timeout=60)
    await database.connect()
    yield
    await database.disconnect()


async def open_sessions(number: int) -> list[Actor]:
    user, now = (await make_user(f"{secrets.token_hex(8)}@example.org")).id, utc_now()
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "token_hash": secrets.token_bytes(32),
            "user_id": user,
            "auth_epoch": 0,
            "kind": SessionKind.BROWSER,
            "absolute_expiry": now,
            "authenticated_at": now,
            **dict.fromkeys(("device", "address", "label", "scopes"), ""),
            "factors": "password",
        }
        for _ in range(number)
    ]
    async with database.transaction() as connection:
        await many.insert(connection, SESSIONS, rows)
    return [Actor(user, row["id"]) for row in rows]


class Race:
    """Sessions that write until they are refused, and their revocations; counts what each was told is done."""

    def __init__(self) -> None:
        self.acknowledged: Counter[UUID | None] = Counter()

    async def run(self, actors: Sequence[Actor]) -> None:
        waiting = many.batches(actors, TOGETHER)
        await asyncio.gather(*(self.lane(waiting) for _ in range(LANES)))

    async def lane(self, waiting: Iterator[Sequence[Actor]]) -> None:
        for some in waiting:
            all_wrote = asyncio.Barrier(len(some) + 1)
            async with asyncio.TaskGroup() as running:
                for actor in some:
                    running.create_task(self.write(actor, all_wrote))
                await all_wrote.wait()
                await revocation.revoke(COMMAND_LINE, [SESSIONS.c.id.in_([one.session_id for one in some])], "race")

    async def write(self, actor: Actor, all_wrote: asyncio.Barrier) -> None:
        await self.write_once(actor)
        await all_wrote.wait()
        for _ in range(MOST):
            try:
                await self.write_once(actor)
            except NotSignedIn:
                return

    async def write_once(self, actor: Actor) -> None:
        async with database.transaction():
            await audit.append(actor, WRITE)
        self.acknowledged[actor.session_id] += 1


async def late() -> int:
    """Writes that became visible after the revocation of their session."""
    told = await stored.rows(sa.select(*(ENTRIES.c[name] for name in ("seq", "action", "session_id", "entity_id"))))
    ended = {row["entity_id"]: row["seq"] for row in told if row["action"] == "session:revoke"}
    return sum(row["seq"] > ended[row["session_id"]] for row in told if row["action"] == WRITE.action)


async def written_by_session() -> Counter[UUID | None]:
    return Counter(row["session_id"] for row in await stored.history(WRITE.action))


@pytest.mark.parametrize(
    ("backend", "rounds", "part"),
    [("sqlite", 100, 0), *(("postgresql", 2_500, part) for part in range(4))],
    indirect=["backend"],
)
@pytest.mark.usefixtures("connected")
async def test_no_write_becomes_visible_after_its_session_was_ended(rounds: int, part: int) -> None:
    """In four parts, which processes of the tests share among them."""
    race = Race()
    await race.run(await open_sessions(rounds))
    assert await late() == 0
    assert await written_by_session() == race.acknowledged, "what was acknowledged is there, and nothing else"
    assert len(race.acknowledged) == rounds, part
    assert len(await stored.history("session:revoke")) == rounds
    assert await audit_chain.first_bad(ACCOUNTS) is None


@ONLY_POSTGRESQL
@pytest.mark.usefixtures("connected")
async def test_without_the_lock_of_the_fence_late_writes_appear(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a look at the session that locks nothing is not enough, and this test would see it."""
    alive = (SESSIONS.c.id == audit.SESSION) & SESSIONS.c.revoked_at.is_(None)
    monkeypatch.setattr(audit, "FENCE", sa.select(SESSIONS.c.id).where(alive))
    for _ in range(50):
        await Race().run(await open_sessions(30))
        if await late():
            return
    pytest.fail("no late write in 50 times 30 rounds: the race is no race")


async def count_of_projects() -> int:
    return len(await stored.rows(sa.select(PROJECTS.c.id)))


async def create_until_refused(client: httpx.AsyncClient, began: asyncio.Event) -> int:
    """How often the answer was that it is done."""
    for done in range(MOST):
        answer = await client.post("/projects/create/", json={"name": "Race"})
        if answer.status_code == 401:
            return done
        assert answer.status_code == 201, answer.text
        began.set()
    return MOST


async def test_over_http_too(app: FastAPI, owner: Person, administrator: Person) -> None:
    """A person creates projects from three tabs while an administrator ends the session."""
    late_ones = acknowledged = 0
    for _ in range(20):
        async with connect(app) as client:
            who = {"email_address": owner.email_address, "password": PASSWORD}
            assert (await client.post("/auth/login/", json=who)).status_code == 200
            session = str((await stored.sessions_of(owner.id))[-1]["id"])
            began = asyncio.Event()
            writing = asyncio.gather(*(create_until_refused(client, began) for _ in range(3)))
            await began.wait()
            order = {"session_id": session, "reason": "Race"}
            answer = await administrator.client.post("/ops/sessions/revoke/", json=order)
            assert (answer.status_code, answer.json()) == (200, {"revoked": 1})
            visible = await count_of_projects()
            acknowledged += sum(await writing)
            late_ones += await count_of_projects() - visible
    assert (late_ones, await count_of_projects()) == (0, acknowledged)
