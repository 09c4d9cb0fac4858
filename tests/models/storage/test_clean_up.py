"""What has served is removed when its time has passed, never earlier, by one node at a time; history stays whole."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from config import Settings
from models.enumerations import Purpose, SessionKind
from models.storage import clean_up, scheduled_runs
from models.storage.clean_up import ACTIVITY, MESSAGES, SESSIONS, THROTTLES, TOKENS
from models.storage.columns import new_id, utc_now
from models.storage.database import Database, database, metadata
from tests.authentication import stored
from tests.clients import Person, SignUp
from tests.models.samples import make_user

DAY = timedelta(days=1)
NONE = {"sessions": 0, "links": 0, "throttles": 0, "letters": 0, "drafts": 0, "files": 0}
pytestmark = pytest.mark.usefixtures("store")
AT_ONCE = timedelta()


async def insert(table: sa.Table, **values: Any) -> None:
    async with database.connection() as connection:
        await connection.execute(sa.insert(table).values(**values))


async def keys(table: sa.Table) -> set[Any]:
    async with database.connection() as connection:
        return set((await connection.execute(sa.select(next(iter(table.primary_key.columns))))).scalars())


async def make_session(user_id: UUID, *, expired: datetime, revoked: datetime | None = None) -> UUID:
    key = new_id()
    await insert(
        SESSIONS,
        id=key,
        token_hash=(b"%032d" % (key.int % 10**32)),
        user_id=user_id,
        auth_epoch=0,
        kind=SessionKind.BROWSER,
        absolute_expiry=expired,
        revoked_at=revoked,
    )
    await insert(ACTIVITY, session_id=key, last_seen=expired)
    return key


async def test_sessions_that_ended_long_ago(database: Database, settings: Settings) -> None:
    now, user = utc_now(), (await make_user()).id
    kept = timedelta(days=settings.SESSION_RETENTION_DAYS)
    long_ago, lately = now - kept - DAY, now - kept + DAY
    await make_session(user, expired=long_ago)
    await make_session(user, expired=now + DAY, revoked=long_ago)
    staying = {
        await make_session(user, expired=now + DAY),
        await make_session(user, expired=lately),
        await make_session(user, expired=lately, revoked=lately),
        await make_session(user, expired=now + DAY, revoked=lately),
    }
    assert await clean_up.clean_up(settings, AT_ONCE) == {**NONE, "sessions": 2}
    assert await keys(SESSIONS) == staying
    assert await keys(ACTIVITY) == staying
    (entry,) = await stored.history("session:remove")
    assert (entry["after"], entry["request_id"]) == ({"removed": 2, "kept_days": kept.days}, "clean-up")
    assert await clean_up.clean_up(settings, AT_ONCE) == NONE
    assert len(await stored.history("session:remove")) == 1


async def test_links_that_were_used_or_ran_out(database: Database, settings: Settings) -> None:
    now = utc_now()
    long_ago, lately = now - clean_up.TOKENS_KEPT - DAY, now - clean_up.TOKENS_KEPT + DAY
    cases: Mapping[bytes, tuple[datetime, datetime | None]] = {
        b"ran out": (long_ago, None),
        b"was used": (now + DAY, long_ago),
        b"works": (now + DAY, None),
        b"ran out lately": (lately, None),
        b"was used lately": (now + DAY, lately),
    }
    for name, (expires, used) in cases.items():
        token = {"id": new_id(), "token_hash": name.ljust(32), "purpose": Purpose.INVITATION}
        await insert(TOKENS, **token, expires_at=expires, used_at=used)
    assert await clean_up.clean_up(settings, AT_ONCE) == {**NONE, "links": 2}
    async with database.connection() as connection:
        left = {name.strip() for name in (await connection.execute(sa.select(TOKENS.c.token_hash))).scalars()}
    assert left == {b"works", b"ran out lately", b"was used lately"}


async def test_throttles_that_slow_nobody_down(database: Database, settings: Settings) -> None:
    now = utc_now()
    await insert(THROTTLES, subject="old", failures=9, last_failure=now - clean_up.THROTTLES_KEPT - DAY)
    await insert(THROTTLES, subject="young", failures=9, last_failure=now - clean_up.THROTTLES_KEPT + DAY)
    assert await clean_up.clean_up(settings, AT_ONCE) == {**NONE, "throttles": 1}
    assert await keys(THROTTLES) == {"young"}


async def test_letters_that_went_or_never_will(database: Database, settings: Settings) -> None:
    now, kept = utc_now(), timedelta(days=settings.MAIL_RETENTION_DAYS)
    long_ago, lately = now - kept - DAY, now - kept + DAY
    cases: Mapping[str, dict[str, datetime]] = {
        "sent": {"sent_at": long_ago},
        "failed": {"failed_at": long_ago},
        "sent lately": {"sent_at": lately},
        "failed lately": {"failed_at": lately},
        "waits": {"next_attempt_at": long_ago},
    }
    for name, times in cases.items():
        await insert(MESSAGES, id=new_id(), template=name, sealed=b"", **times)
    assert await clean_up.clean_up(settings, AT_ONCE) == {**NONE, "letters": 2}
    async with database.connection() as connection:
        left = set((await connection.execute(sa.select(MESSAGES.c.template))).scalars())
    assert left == {"sent lately", "failed lately", "waits"}


async def test_more_than_one_batch(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean_up, "BATCH", 3)
    for number in range(7):
        old = utc_now() - clean_up.THROTTLES_KEPT - DAY
        await insert(THROTTLES, subject=str(number), failures=1, last_failure=old)
    assert await clean_up.clean_up(settings, AT_ONCE) == {**NONE, "throttles": 7}


async def test_one_at_a_time(database: Database, settings: Settings) -> None:
    runs = await asyncio.gather(*(clean_up.clean_up(settings) for _ in range(8)))
    assert sorted(runs, key=str) == [NONE, *[None] * 7] or sorted(runs, key=str) == [*[None] * 7, NONE]


async def test_again_after_a_day(database: Database, settings: Settings) -> None:
    assert await clean_up.clean_up(settings) == NONE
    assert await clean_up.clean_up(settings) is None
    run = await scheduled_runs.last(clean_up.NAME)
    assert run is not None
    assert run.outcome == NONE
    assert not scheduled_runs.is_due(run, clean_up.EVERY)
    await stored.change(sa.update(scheduled_runs.RUNS).values(finished_at=utc_now() - clean_up.EVERY))
    assert scheduled_runs.is_due(await scheduled_runs.last(clean_up.NAME), clean_up.EVERY)
    assert await clean_up.clean_up(settings) == NONE


async def test_the_turn_of_a_node_that_died_comes_to_an_end(database: Database, settings: Settings) -> None:
    assert await scheduled_runs.claim(clean_up.NAME, clean_up.EVERY, clean_up.LEASE)
    assert await clean_up.clean_up(settings) is None
    await stored.change(sa.update(scheduled_runs.RUNS).values(claimed_until=utc_now()))
    assert await clean_up.clean_up(settings) == NONE


def test_whatever_refers_to_a_removed_row_goes_first(settings: Settings) -> None:
    """Who adds a table that refers to sessions, links or letters decides here what becomes of it."""
    rules = clean_up.rules(settings).values()
    referring = {key.parent for table in metadata.tables.values() for key in table.foreign_keys if _removed(key, rules)}
    assert referring == {column for rule in rules for column in rule.parts}


def _removed(key: sa.ForeignKey, rules: Any) -> bool:
    return any(key.column.table is rule.table for rule in rules)


async def test_history_and_pages_do_without_the_session(
    app: FastAPI, settings: Settings, sign_up: SignUp, administrator: Person
) -> None:
    ada = await sign_up("ada")
    session = await stored.session_id(ada.id)
    assert (await ada.client.post("/projects/create/", json=PROJECT)).status_code == 201
    assert (await ada.client.post("/auth/logout/")).status_code == 204
    before = await stored.history()
    long_ago = utc_now() - timedelta(days=settings.SESSION_RETENTION_DAYS + 1)
    await stored.change(sa.update(SESSIONS).where(SESSIONS.c.id == session).values(revoked_at=long_ago))
    assert await clean_up.clean_up(settings, AT_ONCE) == {**NONE, "sessions": 1}
    assert (await stored.history())[: len(before)] == before
    told = {entry["action"] for entry in before if entry["session_id"] == session}
    assert told >= {"session:start", "project:create", "session:revoke"}
    assert (await ada.client.get("/account/")).status_code == 401
    assert (await administrator.client.get("/ops/sessions/")).status_code == 200
    gone = {"session_id": str(session), "reason": "Lost laptop"}
    assert (await administrator.client.post("/ops/sessions/revoke/", json=gone)).status_code in {200, 404}


PROJECT = {"name": "Ward round", "description": "", "standard": "DCB0129", "visibility": "private"}
