"""The heads of the audit trail move with its entries only, and entries that were there before are chained."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.dialects import postgresql, sqlite

from migrations.run import locked_connection, run, upgrade
from models.audit import audit_chain
from models.audit.audit_chain import ACCOUNTS, ENTRIES, HEADS
from models.storage.columns import new_id
from models.storage.database import Database
from models.storage.database import database as global_database
from tests.authentication import stored
from tests.migrations.reflection import inspected, triggers
from tests.models.samples import record

OTHER = new_id()
ZEROS = b"\0" * 32
VALUES = {"stream": ACCOUNTS, "seq": 0, "hash": ZEROS}
PAST = sa.select(ENTRIES.c.hash).where(ENTRIES.c.seq == 1).scalar_subquery()

REFUSED: dict[str, sa.Executable] = {
    "back to an entry that is there": sa.update(HEADS).values(seq=1, hash=PAST),
    "to where it is": sa.update(HEADS).values(seq=HEADS.c.seq),
    "back to the beginning": sa.update(HEADS).values(seq=0),
    "forward to no entry": sa.update(HEADS).values(seq=3),
    "another hash": sa.update(HEADS).values(hash=ZEROS),
    "another stream": sa.update(HEADS).values(stream=OTHER),
    "delete": sa.delete(HEADS),
    "begin in the middle": sa.insert(HEADS).values(stream=OTHER, seq=5, hash=ZEROS),
}
ON_POSTGRESQL: dict[str, sa.Executable] = {
    "truncate": sa.text("TRUNCATE audit_heads"),
    "truncate both": sa.text("TRUNCATE audit_heads, audit_entries"),
    "upsert": postgresql.insert(HEADS).values(VALUES).on_conflict_do_update(index_elements=["stream"], set_=VALUES),
}
ON_SQLITE: dict[str, sa.Executable] = {
    "replace": sa.insert(HEADS).prefix_with("OR REPLACE").values(VALUES),
    "upsert": sqlite.insert(HEADS).values(VALUES).on_conflict_do_update(index_elements=["stream"], set_=VALUES),
}


async def refuse(database: Database, statement: sa.Executable) -> None:
    await record("first", "second")
    before = await stored.rows(sa.select(HEADS))
    assert [row["seq"] for row in before] == [2]
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        async with database.transaction() as connection:
            await connection.execute(statement)
    assert await stored.rows(sa.select(HEADS)) == before


@pytest.mark.parametrize("how", REFUSED)
async def test_a_head_stays(database: Database, how: str) -> None:
    await refuse(database, REFUSED[how])


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("how", ON_POSTGRESQL)
async def test_a_head_stays_on_postgresql(database: Database, how: str) -> None:
    await refuse(database, ON_POSTGRESQL[how])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", ON_SQLITE)
async def test_a_head_stays_on_sqlite(database: Database, how: str) -> None:
    await refuse(database, ON_SQLITE[how])


def rows(*numbers: int, stream: UUID = ACCOUNTS, project: UUID | None = None) -> sa.Executable:
    entry = {"action": "x", "entity": "y", "payload": b"", "hash": ZEROS, "at": datetime(2026, 1, 1, tzinfo=UTC)}
    entry |= {"stream": stream, "project_id": project}
    return sa.insert(ENTRIES).values([{**entry, "seq": number} for number in numbers])


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (rows(2), "append-only"),
        (rows(4), "append-only"),
        (rows(3, 5), "append-only"),
        (rows(1, stream=OTHER, project=OTHER), "append-only"),
        (rows(3, project=OTHER), "stream_of_project"),
    ],
)
async def test_an_entry_continues_its_stream(database: Database, statement: sa.Executable, refusal: str) -> None:
    await record("first", "second")
    with pytest.raises(sa.exc.IntegrityError, match=f"{refusal}|uc_audit_entries_stream_seq"):
        async with database.transaction() as connection:
            await connection.execute(statement)
    assert len(await stored.history()) == 2


async def test_the_next_entry_moves_the_head(database: Database) -> None:
    await record("first", "second")
    async with database.transaction() as connection:
        await connection.execute(rows(3, 4))
    assert [(row["seq"], row["hash"]) for row in await stored.rows(sa.select(HEADS))] == [(4, ZEROS)]


PROJECT = new_id()
OLD = sa.table(
    "audit_entries", *(sa.column(c.name, c.type) for c in ENTRIES.c if c.name in (*audit_chain.TOLD, "project_id"))
)
FIRST: dict[str, Any] = {
    "at": datetime(2026, 11, 1, 8, 0, 0, 5, tzinfo=UTC),
    "action": "hazard:create",
    "entity": "hazard",
    "project_id": PROJECT,
    "user_id": new_id(),
    "session_id": new_id(),
    "entity_id": new_id(),
    "entity_version": 1,
    "request_id": "r1",
    "before": None,
    "after": {"name": "N\u00e9w \N{PILL}", "zones": [1, None, {"b": 1.5, "a": True}]},
    "reason": None,
}
SECOND = dict.fromkeys(FIRST) | {"at": FIRST["at"], "action": "user:create", "entity": "user", "reason": "Why"}


def old_entries() -> Iterable[dict[str, Any]]:
    for number in range(1100):
        yield {**(SECOND if number % 3 == 1 else FIRST), "request_id": str(number)}


async def test_entries_that_were_there_are_chained_as_they_were_written(empty_database_url: str) -> None:
    await upgrade(empty_database_url, revision="0002")
    async with locked_connection(empty_database_url) as connection:
        await connection.execute(sa.insert(OLD), list(old_entries()))
    await upgrade(empty_database_url)
    for _ in range(2):
        await chained_and_continued(empty_database_url)
        await run(lambda configuration: command.downgrade(configuration, "0002"), empty_database_url)
        await upgrade(empty_database_url)


async def chained_and_continued(url: str) -> None:
    global_database.configure(url)
    await global_database.connect()
    try:
        await record("hazard:edit", project_id=PROJECT)
        entries = await stored.history()
        assert [int(entry["request_id"]) for entry in entries[:1100]] == list(range(1100))
        assert [entry["seq"] for entry in entries if entry["stream"] == ACCOUNTS] == list(range(1, 368))
        assert {name: entries[0][name] for name in FIRST if name != "request_id"} == {
            name: value for name, value in FIRST.items() if name != "request_id"
        }
        assert [await audit_chain.first_bad(stream) for stream in (ACCOUNTS, PROJECT)] == [None, None]
    finally:
        await global_database.disconnect()


async def test_down_leaves_the_trail_as_it_was_before(empty_database_url: str, database_url: str) -> None:
    await upgrade(empty_database_url, revision="0002")
    await run(lambda configuration: command.downgrade(configuration, "0002"), database_url)
    assert await inspected(database_url) == await inspected(empty_database_url)
    assert await triggers(database_url) == await triggers(empty_database_url)
