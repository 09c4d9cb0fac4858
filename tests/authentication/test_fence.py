"""No write of a session commits after the session was revoked, and none commits without its line in the history."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import event
from starlette.types import Receive, Scope, Send

from authentication import revocation, sign_in
from authentication.sessions import SESSIONS
from authentication.sign_in import Client
from endpoints._tree import Tree
from errors import NotSignedIn
from middleware.cross_site import SAFE_METHODS
from models.audit import audit
from models.audit.audit import COMMAND_LINE, ENTRIES, Actor, Change
from models.enumerations import Standard
from models.projects import projects
from models.storage.columns import utc_now
from models.storage.database import database
from tests.authentication import stored
from tests.authentication.furnished import database_url, keeper, kept, settings, stage
from tests.authentication.stage import Stage, operations
from tests.authentication.writes import UNRECORDED, WRITES, Write, everything, prepare, send
from tests.clients import Person

__all__ = ["database_url", "keeper", "kept", "settings", "stage"]
pytestmark = pytest.mark.usefixtures("clock")  # codes of apps must not change in mid-test
FENCED = [write for write in WRITES if write.fenced]


def test_the_table_has_every_operation_that_is_not_safe(stage: Stage) -> None:
    served = {found.url for found in operations(stage.app) if not set(found.methods) <= SAFE_METHODS}
    assert served == {write.url for write in [*WRITES, *UNRECORDED]}


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.url)
async def test_every_write_is_recorded(stage: Stage, write: Write) -> None:
    """Without this the tests below could not tell a refusal from a request that changes nothing anyway."""
    path = await prepare(stage, write)
    session = (await stored.sessions_of(stage.user_id or UUID(int=0)))[-1]
    before = len(await stored.history())
    answer = await send(stage, write, path)
    assert answer.status_code in {200, 201, 204}, answer.text
    added = (await stored.history())[before:]
    assert added
    assert {entry["user_id"] for entry in added} <= {stage.user_id, None if not write.fenced else stage.user_id}
    assert {entry["request_id"] for entry in added} == {answer.headers["x-request-id"]}
    if write in FENCED:
        assert {entry["session_id"] for entry in added} == {session["id"]}


@pytest.mark.parametrize("write", [*FENCED, *UNRECORDED], ids=lambda write: write.url)
async def test_a_session_revoked_in_mid_request_writes_nothing(
    stage: Stage, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session passes the check at the door and is revoked before the endpoint begins."""
    path, serve = await prepare(stage, write), Tree.handle
    after_revocation: dict[str, list[str]] = {}

    async def revoked_meanwhile(self: Tree, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["user"].id == stage.user_id
        mine = SESSIONS.c.id == scope["session"].id
        await stored.change(sa.update(SESSIONS).where(mine).values(revoked_at=utc_now(), revoked_reason="stolen"))
        after_revocation.update(await everything())
        await serve(self, scope, receive, send)

    monkeypatch.setattr(Tree, "handle", revoked_meanwhile)
    answer = await send(stage, write, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")
    assert await everything() == after_revocation


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("write", FENCED, ids=lambda write: write.url)
async def test_a_session_revoked_at_the_last_moment_writes_nothing(
    stage: Stage, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of the change is made and only its record is missing; or else the change has locked the session itself."""
    path, append = await prepare(stage, write), audit.append
    held: list[UUID] = []
    after_revocation: dict[str, list[str]] = {}

    async def revoke(session: UUID | None) -> None:
        mine = sa.select(SESSIONS.c.id).where(SESSIONS.c.id == session).with_for_update(skip_locked=True)
        end = sa.update(SESSIONS).where(SESSIONS.c.id.in_(mine), SESSIONS.c.revoked_at.is_(None))
        async with database.transaction() as connection:
            ended = await connection.execute(end.values(revoked_at=utc_now(), revoked_reason="stolen"))
        if ended.rowcount:
            after_revocation.update(await everything())
        elif session:
            held.append(session)

    async def revoked_first(actor: Actor, *changes: Change, fenced: bool = True) -> None:
        await asyncio.create_task(revoke(actor.session_id))
        await append(actor, *changes, fenced=fenced)

    monkeypatch.setattr(audit, "append", revoked_first)
    answer = await send(stage, write, path)
    if held:
        assert (answer.status_code in {200, 201, 204}, after_revocation) == (True, {})
    else:
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")
        assert await everything() == after_revocation


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.url)
async def test_a_change_that_cannot_be_recorded_is_not_made(stage: Stage, write: Write) -> None:
    path, before = await prepare(stage, write), await everything()

    def full(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO audit_entries"):
            raise RuntimeError("the disk is full")

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", full)
    answer = await send(stage, write, path)
    event.remove(engine, "before_cursor_execute", full)
    assert (answer.status_code, answer.headers.get("set-cookie")) == (500, None)
    assert await everything() == before
    assert (await send(stage, write, path)).status_code in {200, 201, 204}, "and the connection is sound"


async def session_of(person: Person, app: FastAPI) -> Actor:
    async with database.transaction():
        actor, _ = await sign_in.start(app.state.sessions, person.id, 0, Client("", "", "race"))
    return actor


@dataclass
class Writer:
    """Writes again and again until it is refused; `acknowledged` is how often it was told that it was done."""

    actor: Actor
    owner: UUID
    acknowledged: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        for _ in range(50):  # without the fence it would never be refused
            try:
                await projects.create(self.actor, self.owner, name="x", standard=Standard.DCB0129)
            except NotSignedIn:
                return
            self.acknowledged += 1
            self.began.set()


async def entries_of(actor: Actor) -> int:
    query = sa.select(sa.func.count()).where(
        ENTRIES.c.session_id == actor.session_id, ENTRIES.c.action != "session:revoke"
    )
    async with database.connection() as connection:
        found: int = (await connection.execute(query)).scalar_one()
    return found


@pytest.mark.parametrize(("backend", "rounds"), [("sqlite", 20), ("postgresql", 300)], indirect=["backend"])
async def test_no_write_becomes_visible_after_a_revocation(app: FastAPI, owner: Person, rounds: int) -> None:
    """Three writers against a revocation, again and again; counted is what others could see before and after it."""
    late = lost = 0
    for _ in range(rounds):
        actor = await session_of(owner, app)
        writers = [Writer(actor, owner.id) for _ in range(3)]
        running = asyncio.gather(*(writer.run() for writer in writers))
        await writers[0].began.wait()
        async with database.transaction():
            assert await revocation.revoke(COMMAND_LINE, [SESSIONS.c.id == actor.session_id], "race") == 1
            visible = await entries_of(actor)
        await running
        late += await entries_of(actor) - visible
        lost += sum(writer.acknowledged for writer in writers) - await entries_of(actor)
    assert (late, lost) == (0, 0)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_revocation_waits_for_a_write_that_has_passed_the_fence(app: FastAPI, owner: Person) -> None:
    """So that a write is either visible when the revocation is acknowledged, or never."""
    actor = await session_of(owner, app)
    async with database.transaction():
        await projects.create(actor, owner.id, name="x", standard=Standard.DCB0129)
        revoking = asyncio.create_task(revocation.revoke(COMMAND_LINE, [SESSIONS.c.id == actor.session_id], "race"))
        await until_someone_waits_for_a_lock()
        assert not revoking.done()
    assert await revoking == 1
    assert await entries_of(actor) == 1


async def until_someone_waits_for_a_lock() -> None:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(30), database.engine.connect() as watching:
        while not (await watching.execute(waiting)).scalar_one():
            await watching.rollback()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_reading_waits_for_no_one(owner: Person) -> None:
    """Activity lies apart: in the session's row its note would wait for every write and every revocation."""
    session = await stored.session_id(owner.id)
    long_ago = utc_now() - timedelta(minutes=5)
    await stored.used(session, at=long_ago)
    async with database.transaction() as connection:
        await connection.execute(sa.select(SESSIONS).with_for_update())
        reading = asyncio.create_task(owner.client.get("/account/"))
        assert (await reading).status_code == 200
        assert await stored.last_use(session) > long_ago


async def test_the_fence_lets_pass_who_has_no_session(app: FastAPI, owner: Person) -> None:
    """The command line, and nobody else, as `Actor` comes from the session that the middleware found."""
    await projects.create(COMMAND_LINE, owner.id, name="x", standard=Standard.DCB0129)
    assert (await stored.history())[-1]["request_id"] == "command line"
