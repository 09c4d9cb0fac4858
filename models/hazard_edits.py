"""Changing a hazard that is there: edit, assess, close; each bumps its version, so that no editor overwrites another."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, NotFound
from models import audit, hazard_log
from models.audit import Actor, Change
from models.columns import new_id, utc_now
from models.database import database
from models.enumerations import ControlStage, HazardStatus, Stage
from models.hazard_additions import (
    ASSESSMENTS,
    CAUSES,
    CONTROLS,
    HAZARDS,
    LINKS,
    TYPES,
    NewControl,
    NewRating,
    cause_rows,
    control_row,
    insert_all,
    rated,
    rating_row,
    type_rows,
)

COLUMNS = frozenset({"name", "description", "effect", "harm", "condition", "owner"})
CONTROL_LISTS = {"existing_controls": ControlStage.EXISTING, "additional_controls": ControlStage.ADDITIONAL}


async def edit(actor: Actor, project_id: UUID, hazard_id: UUID, version: int, fields: Mapping[str, Any]) -> None:
    """Change the fields given. Conflict when `version` is not the current one: then nothing is changed."""
    async with database.transaction():
        hazard = await locked(project_id, hazard_id)
        if hazard["version"] != version:
            raise Conflict
        now = {**hazard, **{name: descriptions(hazard, stage) for name, stage in CONTROL_LISTS.items()}}
        after = {name: value for name, value in fields.items() if value != now[name]}
        if not after:
            return
        await bump(hazard_id, {name: value for name, value in after.items() if name in COLUMNS})
        await replace_lists(project_id, hazard, after)
        before = {name: now[name] for name in after}
        await record(actor, hazard, "hazard:edit", before, after)


async def assess(actor: Actor, project_id: UUID, hazard_id: UUID, matrix: str, stage: Stage, rating: NewRating) -> UUID:
    """Judge a hazard anew; the judgement before it is kept and marked as superseded. The assessment's key."""
    async with database.transaction() as connection:
        hazard = await locked(project_id, hazard_id)
        superseded = hazard[stage.value]
        if superseded:
            await connection.execute(
                sa.update(ASSESSMENTS).where(ASSESSMENTS.c.id == superseded["id"]).values(superseded_date=utc_now())
            )
        row = rating_row(actor, hazard_id, stage, matrix, rating)
        await insert_all({ASSESSMENTS: [row]})
        await bump(hazard_id, {})
        named = ("severity", "likelihood", "level")
        before = {stage: {name: superseded[name] for name in named}} if superseded else None
        await record(actor, hazard, "hazard:assess", before, {stage: rated(rating, matrix)})
    return UUID(str(row["id"]))


async def set_status(actor: Actor, project_id: UUID, hazard_id: UUID, status: HazardStatus, justification: str) -> None:
    """Conflict when the hazard has that status already."""
    async with database.transaction():
        hazard = await locked(project_id, hazard_id)
        if hazard["status"] == status:
            raise Conflict(f"{hazard['reference']} is {status.value} already. Nothing was changed.")
        await bump(hazard_id, {"status": status, "status_justification": justification})
        verb = {HazardStatus.OPEN: "reopen", HazardStatus.CLOSED: "close", HazardStatus.TRANSFERRED: "transfer"}[status]
        await record(
            actor, hazard, f"hazard:{verb}", {"status": hazard["status"]}, {"status": status}, reason=justification
        )


async def locked(project_id: UUID, hazard_id: UUID) -> dict[str, Any]:
    """The hazard in full, its row locked until the commit; NotFound when the project has none such."""
    lock = (
        sa.select(HAZARDS.c.id).where(HAZARDS.c.id == hazard_id, HAZARDS.c.project_id == project_id).with_for_update()
    )
    async with database.connection() as connection:
        if (await connection.execute(lock)).one_or_none() is None:
            raise NotFound
    hazard = await hazard_log.hazard(project_id, hazard_id)
    if hazard is None:
        raise NotFound
    return hazard


async def bump(hazard_id: UUID, columns: Mapping[str, Any]) -> None:
    change = sa.update(HAZARDS).where(HAZARDS.c.id == hazard_id).values(version=HAZARDS.c.version + 1, **columns)
    async with database.connection() as connection:
        await connection.execute(change)


async def record(
    actor: Actor,
    hazard: Mapping[str, Any],
    action: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    version = hazard["version"] + 1
    change = Change(action, "hazard", hazard["id"], hazard["project_id"], version, before, after, reason)
    await audit.append(actor, change)


def descriptions(hazard: Mapping[str, Any], stage: ControlStage) -> list[str]:
    return [control["description"] for control in hazard["controls"] if control["stage"] is stage]


async def replace_lists(project_id: UUID, hazard: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Store the lists that changed; a control that is still named keeps its record and with it its evidence."""
    async with database.connection() as connection:
        for name, table, rows in (("causes", CAUSES, cause_rows), ("types", TYPES, type_rows)):
            if name in after:
                await connection.execute(sa.delete(table).where(table.c.hazard_id == hazard["id"]))
                await insert_all({table: rows(hazard["id"], after[name])})
        if after.keys() & CONTROL_LISTS.keys():
            await connection.execute(sa.delete(LINKS).where(LINKS.c.hazard_id == hazard["id"]))
            await link_controls(project_id, hazard, after)


async def link_controls(project_id: UUID, hazard: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    known = {(control["stage"], control["description"]): control["id"] for control in hazard["controls"]}
    new: list[dict[str, Any]] = []
    linked: list[UUID] = []
    for name, stage in CONTROL_LISTS.items():
        for description in dict.fromkeys(after.get(name, descriptions(hazard, stage))):
            key = known.get((stage, description))
            if key is None:
                new.append(control_row(project_id, NewControl(description, stage)))
                key = new[-1]["id"]
            linked.append(key)
    links = [
        {"id": new_id(), "hazard_id": hazard["id"], "control_id": key, "position": position}
        for position, key in enumerate(linked, 1)
    ]
    await insert_all({CONTROLS: new, LINKS: links})


async def history(project_id: UUID, hazard_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Every version of a hazard, the newest first: who, when, what changed, why."""
    entries, users = audit.ENTRIES, hazard_log.USERS
    who = (users.c.first_name + " " + users.c.last_name).label("who")
    names = ("at", "action", "entity_version", "before", "after", "reason")
    query = (
        sa.select(*(entries.c[name] for name in names), who)
        .select_from(entries.outerjoin(users, users.c.id == entries.c.user_id))
        .where(entries.c.project_id == project_id, entries.c.entity_id == hazard_id)
        .order_by(entries.c.id.desc())
    )
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]
