"""The chains: their bytes for ever, every entry linked to the one before it, and nothing altered unnoticed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.audit import audit, audit_chain
from models.audit.audit import COMMAND_LINE, Actor, Change
from models.audit.audit_chain import ACCOUNTS, ENTRIES, HEADS, Head
from models.storage.columns import new_id
from models.storage.database import Database
from tests.authentication import stored

PROJECT = UUID("0197f9a2-6b1c-7d3e-8f40-112233445566")
ENTRY: dict[str, Any] = {
    "at": datetime(2026, 11, 20, 19, 0, 0, 7, tzinfo=UTC),
    "user_id": UUID("0197f9a2-0000-7000-8000-000000000001"),
    "session_id": UUID("0197f9a2-0000-7000-8000-000000000002"),
    "request_id": "r1",
    "action": "hazard:edit",
    "entity": "hazard",
    "entity_id": UUID("0197f9a2-0000-7000-8000-000000000003"),
    "entity_version": 2,
    "before": {"name": "Old"},
    "after": {"name": "N\u00e9w", "causes": ["b", "a"]},
    "reason": None,
}
PAYLOAD = (
    '{"action":"hazard:edit","after":{"causes":["b","a"],"name":"N\u00e9w"},"at":"2026-11-20T19:00:00.000007Z",'
    '"before":{"name":"Old"},"entity":"hazard","entity_id":"0197f9a2-0000-7000-8000-000000000003","entity_version":2,'
    '"reason":null,"request_id":"r1","session_id":"0197f9a2-0000-7000-8000-000000000002",'
    '"user_id":"0197f9a2-0000-7000-8000-000000000001","v":1}'
).encode()


def test_the_payload_is_these_bytes() -> None:
    assert audit_chain.payload_of(ENTRY) == PAYLOAD
    elsewhere = ENTRY["at"].astimezone(timezone(timedelta(hours=1)))
    assert audit_chain.payload_of({**ENTRY, "at": elsewhere}) == PAYLOAD


@pytest.mark.parametrize(
    ("stream", "hashes"),
    [
        (
            ACCOUNTS,
            (
                "7fa9cd20cbc405242e38889f3d3b036bf65792f9e9a07a8a8e7739f1754ebf53",
                "9ec51e2e4a78deba2e8cad4054f91126eee2c98b51ea0e6c2191659dfec7fdfb",
                "e92057667e98a53a2afc994ab7050b0a3f6e5fb78e37db7f2ab05e2c856d46d0",
            ),
        ),
        (
            PROJECT,
            (
                "9c7711de4ff5f253e8dbda4982814ccfde97f6d3d823f8ffd03111870dc0da8d",
                "412298eb0c006db67434916757d372766111e9a85192afc515b7de610bcc8a40",
                "d7d1f8f7c0b451169ced926a2f17c8d4447a01eee4d905c05aeab857b1844637",
            ),
        ),
    ],
)
def test_the_hashes_are_these(stream: UUID, hashes: tuple[str, str, str]) -> None:
    head = audit_chain.genesis(stream)
    first = audit_chain.follow(head, stream, PAYLOAD)
    second = audit_chain.follow(first, stream, b"")
    assert [one.hash.hex() for one in (head, first, second)] == list(hashes)
    assert [one.seq for one in (head, first, second)] == [0, 1, 2]


def test_the_format_in_other_words() -> None:
    """As docs/audit.md tells it, so that somebody else's verifier is not a copy of ours."""
    begin = sha256(b"turva-audit-v1-genesis\x00" + bytes.fromhex(PROJECT.hex)).digest()
    numbers = b"\x00\x00\x00\x00\x00\x00\x00\x01" + len(PAYLOAD).to_bytes(8, "big")
    first = sha256(b"turva-audit-v1\x00" + begin + bytes.fromhex(PROJECT.hex) + numbers + PAYLOAD).digest()
    assert audit_chain.follow(audit_chain.genesis(PROJECT), PROJECT, PAYLOAD) == Head(1, first)


async def write(database: Database, *projects: UUID | None, actor: Actor = COMMAND_LINE) -> None:
    """One transaction with an entry for each project, in that order."""
    changes = [
        Change("hazard:edit", "hazard", new_id(), project, number, {"at": ENTRY["at"]}, {"n": number}, "Why")
        for number, project in enumerate(projects)
    ]
    async with database.transaction():
        await audit.append(actor, *changes)


async def heads() -> dict[UUID, int]:
    return {row["stream"]: row["seq"] for row in await stored.rows(sa.select(HEADS))}


async def test_every_project_has_a_stream_and_accounts_have_one(database: Database) -> None:
    other = new_id()
    for projects in ((PROJECT, None, PROJECT), (other, None), (PROJECT,)):
        await write(database, *projects)
    entries = await stored.history()
    assert [(entry["stream"], entry["seq"]) for entry in entries] == [
        (PROJECT, 1),
        (ACCOUNTS, 1),
        (PROJECT, 2),
        (other, 1),
        (ACCOUNTS, 2),
        (PROJECT, 3),
    ]
    assert await heads() == {PROJECT: 3, ACCOUNTS: 2, other: 1}
    assert [await audit_chain.first_bad(stream) for stream in (PROJECT, ACCOUNTS, other, new_id())] == [None] * 4


async def test_columns_say_what_the_payload_says(database: Database) -> None:
    """Pages are made of the columns, and a verifier reads the payload."""
    await write(database, PROJECT, None, actor=Actor(new_id(), None, "r2"))
    for entry in await stored.history():
        said = json.loads(entry["payload"])
        assert said.pop("v") == 1
        assert datetime.fromisoformat(said.pop("at")) == entry["at"]
        assert set(said) == {"action", "entity", "before", "after", "reason", "request_id", "entity_version"} | {
            "user_id",
            "session_id",
            "entity_id",
        }
        for name, value in said.items():
            assert value == (str(entry[name]) if isinstance(entry[name], UUID) else entry[name])


async def test_batches_chain_to_each_other(database: Database) -> None:
    count = 2 * audit_chain.BATCH + 1
    await write(database, *[PROJECT] * count)
    assert [entry["entity_version"] for entry in await stored.history()] == list(range(count))
    assert await heads() == {PROJECT: count}
    assert await audit_chain.first_bad(PROJECT) is None


async def test_what_is_undone_leaves_no_link(database: Database) -> None:
    await write(database, PROJECT)
    async with database.transaction():
        await audit.append(COMMAND_LINE, Change("hazard:edit", "hazard", project_id=PROJECT, version=1))
        with pytest.raises(ValueError, match="second thoughts"):
            await undone(database)
        await audit.append(COMMAND_LINE, Change("hazard:edit", "hazard", project_id=PROJECT, version=3))
    assert [entry["entity_version"] for entry in await stored.history()] == [0, 1, 3]
    assert await heads() == {PROJECT: 3}
    assert await audit_chain.first_bad(PROJECT) is None


async def undone(database: Database) -> None:
    async with database.transaction():
        await audit.append(COMMAND_LINE, Change("hazard:edit", "hazard", project_id=PROJECT, version=2))
        raise ValueError("second thoughts")


@pytest.mark.parametrize("streams", [1, 2, 8])
async def test_writers_of_the_same_streams_wait_and_never_deadlock(database: Database, streams: int) -> None:
    """Each names the streams in another order, in several appends, and at first none of them is there."""
    projects = [None, *(new_id() for _ in range(streams - 1))]

    async def writer(number: int) -> None:
        for round_ in range(15):
            turn = (number + round_) % streams
            order = projects[turn:] + projects[:turn]
            async with database.transaction():
                for project in order if number % 2 else reversed(order):
                    change = Change("hazard:edit", "hazard", project_id=project, version=number)
                    await audit.append(COMMAND_LINE, change)
                    await asyncio.sleep(0)

    await asyncio.gather(*(writer(number) for number in range(8)))
    assert await heads() == {project or ACCOUNTS: 120 for project in projects}
    for project in projects:
        assert await audit_chain.first_bad(project or ACCOUNTS) is None


Tamper = Callable[[Database], Awaitable[None]]
AT = ENTRIES.c.stream == PROJECT


def by(statement: sa.Executable) -> Tamper:
    async def do(database: Database) -> None:
        async with database.transaction() as connection:
            await connection.execute(statement)

    return do


async def swap(database: Database) -> None:
    """Two entries change places with all that they say, hashes included."""
    async with database.transaction() as connection:
        for old, new in ((3, -1), (4, 3), (-1, 4)):
            await connection.execute(sa.update(ENTRIES).where(AT, ENTRIES.c.seq == old).values(seq=new))


async def forge(database: Database) -> None:
    """An entry is written anew with a right hash of its own."""
    third, fourth = (await stored.rows(sa.select(ENTRIES).where(AT).order_by(ENTRIES.c.seq)))[2:4]
    entry = {**fourth, "reason": "Another"}
    payload = audit_chain.payload_of(entry)
    head = audit_chain.follow(Head(3, third["hash"]), PROJECT, payload)
    change = sa.update(ENTRIES).where(AT, ENTRIES.c.seq == 4).values(reason="Another", payload=payload, hash=head.hash)
    await by(change)(database)


async def put_back(database: Database) -> None:
    fifth = (await stored.rows(sa.select(ENTRIES).where(AT, ENTRIES.c.seq == 5)))[0]
    await by(sa.update(HEADS).where(HEADS.c.stream == PROJECT).values(seq=5, hash=fifth["hash"]))(database)


def one(seq: int, **values: Any) -> Tamper:
    return by(sa.update(ENTRIES).where(AT, ENTRIES.c.seq == seq).values(**values))


TAMPERING: dict[str, tuple[Tamper, int]] = {
    "edit the payload": (one(4, payload=PAYLOAD), 4),
    "edit a column that pages show": (one(4, reason="Another"), 4),
    "edit what was so after": (one(4, after={"n": 9}), 4),
    "edit the time": (one(4, at=ENTRY["at"]), 4),
    "edit the hash": (one(4, hash=b"\0" * 32), 4),
    "write one anew": (forge, 5),
    "delete the first": (by(sa.delete(ENTRIES).where(AT, ENTRIES.c.seq == 1)), 1),
    "delete one in the middle": (by(sa.delete(ENTRIES).where(AT, ENTRIES.c.seq == 4)), 4),
    "delete the last": (by(sa.delete(ENTRIES).where(AT, ENTRIES.c.seq == 6)), 6),
    "delete all": (by(sa.delete(ENTRIES).where(AT)), 1),
    "swap two": (swap, 3),
    "move the head back": (by(sa.update(HEADS).where(HEADS.c.stream == PROJECT).values(seq=5)), 5),
    "another hash in the head": (by(sa.update(HEADS).where(HEADS.c.stream == PROJECT).values(hash=b"\0" * 32)), 6),
    "delete the head": (by(sa.delete(HEADS).where(HEADS.c.stream == PROJECT)), 1),
    "move the head back to where it was": (put_back, 6),
}


async def without_triggers(database: Database) -> None:
    """What the owner of the tables can do."""
    async with database.transaction() as connection:
        if database.is_postgresql:
            for table in (ENTRIES, HEADS):
                await connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        else:
            names = await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in names.scalars().all():
                await connection.exec_driver_sql(f"DROP TRIGGER {name}")


@pytest.mark.parametrize("how", TAMPERING)
async def test_tampering_is_found_where_it_was_done(database: Database, how: str) -> None:
    other, (tamper, place) = new_id(), TAMPERING[how]
    for _ in range(6):
        await write(database, PROJECT, other)
    await without_triggers(database)
    assert await audit_chain.first_bad(PROJECT) is None
    await tamper(database)
    assert await audit_chain.first_bad(PROJECT) == place
    assert await audit_chain.first_bad(other) is None


async def test_what_a_chain_alone_cannot_tell(database: Database) -> None:
    """Cut at the end, and the head put back: the limit that docs/audit.md admits."""
    for _ in range(3):
        await write(database, PROJECT)
    await without_triggers(database)
    second = (await stored.history())[1]
    await by(sa.delete(ENTRIES).where(ENTRIES.c.seq == 3))(database)
    await by(sa.update(HEADS).values(seq=2, hash=second["hash"]))(database)
    assert await audit_chain.first_bad(PROJECT) is None


async def test_entries_added_during_the_check_are_no_fault(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await write(database, PROJECT)
    following = audit_chain.following

    async def busy(*arguments: Any) -> Any:
        if len(await stored.history()) < 4:
            await asyncio.create_task(write(database, PROJECT))
        return await following(*arguments)

    monkeypatch.setattr(audit_chain, "following", busy)
    assert await audit_chain.first_bad(PROJECT) is None
    assert len(await stored.history()) == 4
