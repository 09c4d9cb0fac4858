"""Who did what, when, in which session: rows that are only ever added."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ormar
import sqlalchemy as sa
from pydantic_core import to_jsonable_python

from errors import NotSignedIn
from models import many
from models.columns import JSONB, BigPK, NativeUUID, UTCDateTime, utc_now
from models.database import database, table
from models.sessions import Session

SESSIONS = Session.ormar_config.table


class AuditEntry(ormar.Model):
    """History outlives what it tells of, so nothing here refers to another table.

    `at` is its one date: a row that never changes needs no `updated_date`. Triggers refuse every other change.
    """

    ormar_config = table(
        "audit_entries",
        ormar.IndexColumns("project_id", "id", name="ix_audit_entries_project_id_id"),
        ormar.IndexColumns("entity_id", "id", name="ix_audit_entries_entity_id_id"),
    )

    id: int = BigPK()
    at: dt.datetime = UTCDateTime(default=utc_now)
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


ENTRIES = AuditEntry.ormar_config.table
BATCH = 500
"""Entries that are stored at once."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user in a session, or the command line with neither."""

    user_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    request_id: str | None = None


COMMAND_LINE = Actor(request_id="command line")


@dataclass(frozen=True, slots=True)
class Change:
    """One change as history tells it: `action` is entity:verb, `before` and `after` hold only what is different."""

    action: str
    entity: str
    entity_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    version: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str | None = None


async def append(actor: Actor, *changes: Change, fenced: bool = True) -> None:
    """Record changes in the caller's transaction, as its last step.

    It locks the actor's session against revocation until the commit, so that no write of a revoked session becomes
    visible; NotSignedIn when the session has ended. `fenced=False` is for a change that ends that very session.
    RuntimeError outside a transaction: a change and its record stand or fall together.
    """
    if database.get_transaction_connection() is None:
        message = "a change must be recorded inside the transaction that makes it"
        raise RuntimeError(message)
    async with database.connection() as connection:
        if fenced and actor.session_id is not None:
            alive = sa.select(SESSIONS.c.id).where(SESSIONS.c.id == actor.session_id, SESSIONS.c.revoked_at.is_(None))
            if (await connection.execute(alive.with_for_update(read=True))).one_or_none() is None:
                raise NotSignedIn
        for some in many.batches(changes, BATCH):
            await many.insert(connection, ENTRIES, [row_of(actor, change) for change in some])


def row_of(actor: Actor, change: Change) -> dict[str, Any]:
    return {
        "user_id": actor.user_id,
        "session_id": actor.session_id,
        "request_id": actor.request_id,
        "project_id": change.project_id,
        "action": change.action,
        "entity": change.entity,
        "entity_id": change.entity_id,
        "entity_version": change.version,
        "before": to_jsonable_python(change.before),
        "after": to_jsonable_python(change.after),
        "reason": change.reason,
    }
