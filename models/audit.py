"""Who did what, when, in which session: rows that are only ever added."""

import datetime as dt
import uuid
from typing import Any

import ormar

from models.columns import JSONB, BigPK, NativeUUID, UTCDateTime, utc_now
from models.database import table


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
