"""Asking history: what was so at an entry, on a day, in a version; who changed what, a page at a time."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit import log_then
from models.audit.audit_chain import HEADS, AuditEntry
from models.audit.log_then import Outline
from models.hazards.hazard_log import CONTROLS, HAZARDS, reference
from models.storage.database import database
from models.users import people
from models.users.people import USERS, Viewer

ENTRIES = AuditEntry.ormar_config.table
BATCH = 250
"""Entries that are read, and merged in a thread, at once: others are served in between."""
OF_PEOPLE = ("owner_id", "owner")
"""Fields that name a person by the key of their account."""
TOLD = ("seq", "at", "action", "entity", "entity_id", "entity_version", "before", "after", "reason")


async def outline(project_id: UUID, last: int) -> Outline:
    """The log of a project after its entry `last` in little, from the entries alone."""
    log = Outline()
    query = sa.select(ENTRIES.c.seq, ENTRIES.c.payload).where(ENTRIES.c.stream == project_id, ENTRIES.c.seq <= last)
    while log.seq < last:
        some = query.where(ENTRIES.c.seq > log.seq).order_by(ENTRIES.c.seq).limit(BATCH)
        async with database.connection() as connection:
            rows = (await connection.execute(some)).all()
        if not rows:
            break
        await asyncio.to_thread(log_then.outline, log, [row.payload for row in rows], rows[0].seq)
    return log


async def last_entry(project_id: UUID) -> int:
    """The number of the newest entry of a project's history."""
    async with database.connection() as connection:
        found = await connection.execute(sa.select(HEADS.c.seq).where(HEADS.c.stream == project_id))
    return found.scalar_one_or_none() or 0


async def last_entry_at(project_id: UUID, moment: datetime) -> int:
    """The number of the newest entry that is not later than a moment; 0 when the project began after it."""
    query = sa.select(ENTRIES.c.seq).where(ENTRIES.c.stream == project_id, ENTRIES.c.at <= moment)
    async with database.connection() as connection:
        found = await connection.execute(query.order_by(ENTRIES.c.seq.desc()).limit(1))
    return found.scalar_one_or_none() or 0


async def entry_of_version(project_id: UUID, hazard_id: UUID, version: int) -> int | None:
    """The number of the entry that made a version of a hazard."""
    query = sa.select(ENTRIES.c.seq).where(
        ENTRIES.c.entity_id == hazard_id,
        ENTRIES.c.project_id == project_id,
        ENTRIES.c.entity == "hazard",
        ENTRIES.c.entity_version == version,
    )
    async with database.connection() as connection:
        return (await connection.execute(query.order_by(ENTRIES.c.seq.desc()).limit(1))).scalar_one_or_none()


async def hazard_at(project_id: UUID, hazard_id: UUID, last: int) -> dict[str, Any] | None:
    """A hazard after an entry of its project; None before it was recorded."""
    return next(iter(await hazards_at(project_id, [str(hazard_id)], last)), None)


async def hazards_at(
    project_id: UUID, keys: Sequence[str], last: int, origins: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Hazards after an entry of their project, from their own entries and those of their controls.

    Only where they share a control that came with another hazard, the whole log has to be followed, unless the
    `origins` of its outline are known.
    """
    own = await payloads(project_id, last, ENTRIES.c.entity_id.in_(UUID(key) for key in keys))
    told = [key for key in (await asyncio.to_thread(log_then.merged, own, keys)).controls if "-" in key]
    entries = own | await payloads(project_id, last, ENTRIES.c.entity_id.in_(UUID(key) for key in told))
    log = await asyncio.to_thread(log_then.merged, sorted(entries), keys)
    if strangers := [key for key in told if "state" not in log.controls[key]]:
        known = origins or (await outline(project_id, last)).origins
        entries |= await payloads(project_id, last, ENTRIES.c.seq.in_(known[key] for key in strangers if key in known))
        log = await asyncio.to_thread(log_then.merged, sorted(entries), keys)
    return [log_then.shown(log, log.hazards[key], project_id) for key in keys if key in log.hazards]


async def payloads(project_id: UUID, last: int, which: sa.ColumnElement[bool]) -> set[tuple[int, bytes]]:
    """The entries of a project up to `last`, by their numbers."""
    query = sa.select(ENTRIES.c.seq, ENTRIES.c.payload).where(ENTRIES.c.stream == project_id, ENTRIES.c.seq <= last)
    async with database.connection() as connection:
        return {(row.seq, row.payload) for row in await connection.execute(query.where(which))}


async def timeline(  # noqa: PLR0913 - each narrows it
    viewer: Viewer,
    project_id: UUID,
    limit: int,
    before: int | None = None,
    *,
    keys: Sequence[UUID] | None = None,
    kinds: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Entries of a project, the newest first, from the one before `before` on: of some entities, of some kinds."""
    columns = [ENTRIES.c[name] for name in TOLD]
    joined = ENTRIES.outerjoin(USERS, USERS.c.id == ENTRIES.c.user_id)
    query = sa.select(*columns, people.name(viewer).label("who")).select_from(joined)
    query = query.where(ENTRIES.c.stream == project_id).order_by(ENTRIES.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(ENTRIES.c.seq < before)
    if keys is not None:
        query = query.where(ENTRIES.c.entity_id.in_(keys))
    if kinds is not None:
        query = query.where(ENTRIES.c.entity.in_(kinds))
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def origin(viewer: Viewer, project_id: UUID, control_id: UUID) -> dict[str, Any] | None:
    """The first version of a control that came with a hazard, as the history of that hazard tells it."""
    columns = [ENTRIES.c[name] for name in TOLD]
    joined = ENTRIES.outerjoin(USERS, USERS.c.id == ENTRIES.c.user_id)
    query = sa.select(*columns, people.name(viewer).label("who")).select_from(joined)
    told = sa.cast(ENTRIES.c.after, sa.Text).contains(str(control_id))
    query = query.where(ENTRIES.c.stream == project_id, ENTRIES.c.entity == "hazard", told)
    async with database.connection() as connection:
        row = (await connection.execute(query.order_by(ENTRIES.c.seq).limit(1))).mappings().one_or_none()
    controls = row["after"].get("controls", ()) if row else ()
    found = next((control for control in controls if control.get("id") == str(control_id)), None)
    if row is None or found is None:
        return None
    after = {name: value for name, value in found.items() if name != "acts_on"}
    return {**row, "entity_version": 1, "before": None, "after": after}


async def called(viewer: Viewer, entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What people and hazards are called now that entries name by their keys alone: one statement."""
    states = [state for entry in entries for state in (entry["before"], entry["after"]) if state]
    users = {key for state in states for name in OF_PEOPLE for key in keys_in(state.get(name))}
    raised = {key for state in states for key in keys_in(state.get("raised"))}
    nothing = sa.literal(None, sa.Integer())
    query = sa.union_all(
        sa.select(USERS.c.id, nothing.label("number"), people.name(viewer).label("name")).where(USERS.c.id.in_(users)),
        sa.select(HAZARDS.c.id, HAZARDS.c.number, HAZARDS.c.name).where(HAZARDS.c.id.in_(raised)),
    )
    async with database.connection() as connection:
        rows = (await connection.execute(query)).all()
    return {str(row.id): f"{reference(row.number)} {row.name}" if row.number else row.name for row in rows}


def keys_in(value: Any) -> list[UUID]:
    """The keys among the texts of a field; an owner may also be told in words."""
    found = []
    for text in value if isinstance(value, list) else [value]:
        with suppress(ValueError, TypeError, AttributeError):
            found.append(UUID(text))
    return found


async def names(entries: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    """What the hazards and controls of entries are called now, by their keys: two statements."""
    keys = {kind: [one["entity_id"] for one in entries if one["entity"] == kind] for kind in ("hazard", "control")}
    hazards = sa.select(HAZARDS.c.id, HAZARDS.c.number, HAZARDS.c.name).where(HAZARDS.c.id.in_(keys["hazard"]))
    controls = sa.select(CONTROLS.c.id, CONTROLS.c.description).where(CONTROLS.c.id.in_(keys["control"]))
    async with database.connection() as connection:
        found = {row.id: f"{reference(row.number)} {row.name}" for row in await connection.execute(hazards)}
        return found | {row.id: row.description for row in await connection.execute(controls)}
