"""The hash chains of the audit trail: one for each project and one for accounts, over the very bytes that are stored.

The format is public and pinned byte by byte by tests/models/audit/test_audit_chain.py; docs/audit.md describes it.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
import ormar
import sqlalchemy as sa
from pydantic_core import to_jsonable_python
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from models.storage import many
from models.storage.columns import JSONB, BigPK, NativeUUID, UTCDateTime, utc_now
from models.storage.database import database, table

VERSION = 1
GENESIS = b"turva-audit-v1-genesis\0"
ENTRY = b"turva-audit-v1\0"
ACCOUNTS = uuid.UUID(int=0)
"""The stream of everything that belongs to no project: accounts, sessions, operations."""
LARGEST_PAYLOAD = 2**30
"""Bytes; PostgreSQL's own limit for a value, said because Ormar wants one."""
BATCH = 500
"""Entries that are read or stored at once."""


class AuditEntry(ormar.Model):
    """History outlives what it tells of, so nothing here refers to another table.

    `payload` is what was hashed. The columns from `at` to `reason` say the same once more, for queries and pages.
    `at` is its one date: a row that never changes needs no `updated_date`. Triggers refuse every other change.
    """

    ormar_config = table(
        "audit_entries",
        ormar.UniqueColumns("stream", "seq"),
        ormar.IndexColumns("entity_id", "id", name="ix_audit_entries_entity_id_id"),
        sa.CheckConstraint(f"stream = coalesce(project_id, '{ACCOUNTS.hex}')", name="stream_of_project"),
        sa.CheckConstraint("length(hash) = 32", name="hash_length"),
    )

    id: int = BigPK()
    stream: uuid.UUID = NativeUUID()
    seq: int = ormar.BigInteger()
    hash: bytes = ormar.LargeBinary(max_length=32, represent_as_base64_str=False)
    payload: bytes = ormar.LargeBinary(max_length=LARGEST_PAYLOAD, represent_as_base64_str=False)
    at: dt.datetime = UTCDateTime()
    project_id: uuid.UUID | None = NativeUUID(nullable=True)
    user_id: uuid.UUID | None = NativeUUID(nullable=True)
    session_id: uuid.UUID | None = NativeUUID(nullable=True)
    request_id: str | None = ormar.Text(nullable=True)
    action: str = ormar.String(max_length=100)
    entity: str = ormar.String(max_length=100)
    entity_id: uuid.UUID | None = NativeUUID(nullable=True)
    entity_version: int | None = ormar.Integer(nullable=True)
    before: dict[str, Any] | None = JSONB(nullable=True)
    after: dict[str, Any] | None = JSONB(nullable=True)
    reason: str | None = ormar.Text(nullable=True)


class AuditHead(ormar.Model):
    """The last entry of a stream, and the lock that its writers queue at; triggers move it, and only forward."""

    ormar_config = table("audit_heads", sa.CheckConstraint("length(hash) = 32", name="hash_length"))

    stream: uuid.UUID = NativeUUID(primary_key=True)
    seq: int = ormar.BigInteger()
    hash: bytes = ormar.LargeBinary(max_length=32, represent_as_base64_str=False)


ENTRIES = AuditEntry.ormar_config.table
HEADS = AuditHead.ormar_config.table
TOLD = (
    "at",
    "user_id",
    "session_id",
    "request_id",
    "action",
    "entity",
    "entity_id",
    "entity_version",
    "before",
    "after",
    "reason",
)
"""What a payload says, all of it each time, beside its version `v`."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a stream has come: its last number, 0 before the first entry, and the hash there."""

    seq: int
    hash: bytes


def genesis(stream: uuid.UUID) -> Head:
    """Where a stream begins; its first entry is the first that refers to it."""
    return Head(0, sha256(GENESIS + stream.bytes).digest())


def follow(head: Head, stream: uuid.UUID, payload: bytes) -> Head:
    """The head after one more entry."""
    seq = head.seq + 1
    sizes = seq.to_bytes(8, "big") + len(payload).to_bytes(8, "big")
    return Head(seq, sha256(ENTRY + head.hash + stream.bytes + sizes + payload).digest())


def payload_of(entry: Mapping[str, Any]) -> bytes:
    """An entry as it is hashed and kept: JSON in UTF-8, keys in the order of their code points, no spaces."""
    return canonical({name: entry[name] for name in TOLD} | {"v": VERSION, "at": instant(entry["at"])})


def canonical(value: Mapping[str, Any]) -> bytes:
    # What orjson does not know, such as the UUIDs of asyncpg, pydantic does.
    return orjson.dumps(dict(value), default=to_jsonable_python, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def written(values: Mapping[str, Any] | orjson.Fragment | None) -> orjson.Fragment | None:
    """What was so before or after a change, written once for its column and for the payload."""
    return orjson.Fragment(canonical(values)) if isinstance(values, Mapping) else values


def instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


async def store(entries: Sequence[Mapping[str, Any]]) -> None:
    """Chain entries to their streams, the last step of a transaction; each has all of TOLD but `at`, and `project_id`.

    It holds the heads of the streams until the commit, locked in one order, so that writers wait and never deadlock.
    """
    async with database.connection() as connection:
        heads = await lock(connection, {stream_of(entry) for entry in entries})
        at = utc_now()
        for some in many.batches(entries, BATCH):
            await many.insert(connection, ENTRIES, [linked(heads, {**entry, "at": at}) for entry in some])


def stream_of(entry: Mapping[str, Any]) -> uuid.UUID:
    project: uuid.UUID | None = entry["project_id"]
    return project or ACCOUNTS


def linked(heads: dict[uuid.UUID, Head], entry: dict[str, Any]) -> dict[str, Any]:
    """The row of an entry, which becomes the head of its stream."""
    stream, payload = stream_of(entry), payload_of(entry)
    head = heads[stream] = follow(heads[stream], stream, payload)
    return {"stream": stream, "seq": head.seq, "hash": head.hash, "payload": payload, **entry}


async def lock(connection: AsyncConnection, streams: Iterable[uuid.UUID]) -> dict[uuid.UUID, Head]:
    """The heads of streams, each locked before the next: whoever needs several takes them in the same order."""
    return {stream: await lock_one(connection, stream) for stream in sorted(streams)}


STREAM: sa.BindParameter[uuid.UUID] = sa.bindparam("stream", type_=sa.Uuid())
LOCK = sa.select(HEADS.c.seq, HEADS.c.hash).where(HEADS.c.stream == STREAM).with_for_update()
BEGIN = postgresql.insert(HEADS).on_conflict_do_nothing()


async def lock_one(connection: AsyncConnection, stream: uuid.UUID) -> Head:
    values = {STREAM.key: stream}
    row = (await connection.execute(LOCK, values)).one_or_none()
    if row is None:
        # Someone else may begin the same stream at this moment: then this waits for their commit.
        begin = BEGIN if connection.dialect.name == "postgresql" else sa.insert(HEADS)
        first = genesis(stream)
        await connection.execute(begin, {"stream": stream, "seq": first.seq, "hash": first.hash})
        row = (await connection.execute(LOCK, values)).one()
    return Head(*row)


async def first_bad(stream: uuid.UUID) -> int | None:
    """The number of the first entry of a stream that is not what was written there; None when all are.

    What it cannot see: a stream that was cut, or written anew from some entry on, together with its head. That takes
    a copy of an earlier head from elsewhere.
    """
    head = genesis(stream)
    async with database.connection() as connection:
        # The head before and after: entries that are added meanwhile lie between.
        kept = await kept_head(connection, stream)
        met = head == kept
        while rows := await following(connection, stream, head.seq):
            for row in rows:
                expected = follow(head, stream, row["payload"])
                if (row["seq"], row["hash"]) != (expected.seq, expected.hash) or not agrees(row):
                    return expected.seq
                head, met = expected, met or expected == kept
        if not met:
            return min(kept.seq, head.seq + 1)
        now = await kept_head(connection, stream)
    return None if head.seq <= now.seq else now.seq + 1


async def kept_head(connection: AsyncConnection, stream: uuid.UUID) -> Head:
    row = (await connection.execute(sa.select(HEADS.c.seq, HEADS.c.hash).where(HEADS.c.stream == stream))).one_or_none()
    return Head(*row) if row else genesis(stream)


async def following(connection: AsyncConnection, stream: uuid.UUID, seq: int) -> list[dict[str, Any]]:
    query = sa.select(ENTRIES).where(ENTRIES.c.stream == stream, ENTRIES.c.seq > seq)
    return [dict(row) for row in (await connection.execute(query.order_by(ENTRIES.c.seq).limit(BATCH))).mappings()]


def agrees(row: Mapping[str, Any]) -> bool:
    """Whether the columns that pages are made of say what was hashed."""
    said, hashed = orjson.loads(payload_of(row)), orjson.loads(row["payload"])
    return bool(said == hashed) and stream_of(row) == row["stream"]
