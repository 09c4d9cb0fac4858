"""A look behind the answers: the audit trail, and every stored row."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from models.audit.audit import ENTRIES
from models.storage.database import database, metadata


def key_of(url: str) -> UUID:
    """The identifier at the end of an address."""
    return UUID(url.rstrip("/").rpartition("/")[2])


def refused(answer: httpx.Response, status: int = 422) -> list[str]:
    """The fields that a refusal names; it has the one shape of every error."""
    body = answer.json()
    assert answer.status_code == status, body
    assert set(body) - {"errors", "current"} == {"detail", "title", "statusCode", "code"}
    assert body["statusCode"] == str(status)
    assert body["detail"]
    return [problem["field"] for problem in body.get("errors", ())]


async def audited(after: int = 0) -> list[dict[str, Any]]:
    """The audit entries with a higher key, the oldest first."""
    query = sa.select(ENTRIES).where(ENTRIES.c.id > after).order_by(ENTRIES.c.id)
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def last_audited() -> int:
    entries = await audited()
    return int(entries[-1]["id"]) if entries else 0


async def stored() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to see that a refusal left no trace; that a session was used is none."""
    async with database.connection() as connection:
        return {
            table.name: sorted(map(tuple, (await connection.execute(sa.select(table))).all()), key=str)
            for table in metadata.sorted_tables
            if table.name != "session_activity"
        }


@asynccontextmanager
async def broken_trail() -> AsyncIterator[None]:
    """Meanwhile no change can be recorded: the audit table is not there."""
    async with database.transaction() as connection:
        await connection.exec_driver_sql("ALTER TABLE audit_entries RENAME TO audit_entries_away")
    try:
        yield
    finally:
        async with database.transaction() as connection:
            await connection.exec_driver_sql("ALTER TABLE audit_entries_away RENAME TO audit_entries")
