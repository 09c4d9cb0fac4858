"""What the page of a hazard tells of its risk: every assessment, ALARP records, acceptances, links to other hazards."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.hazards import hazard_links
from models.hazards.hazard_log import ASSESSMENTS, reference, url
from models.hazards.hazard_log import assessments as ratings
from models.risk import acceptance
from models.risk.acceptance_state import ACCEPTANCES
from models.risk.accepted_content import ALARP, Content, contents
from models.storage.database import database
from models.users import people
from models.users.people import USERS, Viewer


async def of_hazard(project_id: UUID, hazard_id: UUID, viewer: Viewer) -> dict[str, Any]:
    """A fixed number of statements; comparing a stale acceptance with what is there now takes eight more."""
    accepted = await acceptances(hazard_id, viewer)
    _, capacity = await acceptance.capacity_of(project_id, viewer.member_id)
    return {
        "assessments": await assessments(hazard_id, viewer),
        "alarp": await alarp(hazard_id, viewer),
        "acceptance": await compared(hazard_id, accepted),
        "earlier_acceptances": [one for one in accepted if one["withdrawn_date"]],
        "links": [linked(hazard_id, row) for row in await hazard_links.of_hazard(hazard_id)],
        "capacity": capacity,
    }


async def assessments(hazard_id: UUID, viewer: Viewer) -> Sequence[Mapping[Any, Any]]:
    """All of them, superseded ones too, the newest first."""
    query = ratings(viewer).add_columns(ASSESSMENTS.c.superseded_date).where(ASSESSMENTS.c.hazard_id == hazard_id)
    return await rows(query.order_by(ASSESSMENTS.c.created_date.desc(), ASSESSMENTS.c.id.desc()))


async def alarp(hazard_id: UUID, viewer: Viewer) -> Sequence[Mapping[Any, Any]]:
    """The oldest first, as each was written knowing those before it."""
    who = people.name(viewer).label("recorded_by")
    joined = ALARP.outerjoin(USERS, USERS.c.id == ALARP.c.recorded_by_id)
    columns = [ALARP.c[name] for name in ("id", "option", "impracticality", "judgement", "created_date")]
    query = sa.select(*columns, who).select_from(joined).where(ALARP.c.hazard_id == hazard_id)
    return await rows(query.order_by(ALARP.c.created_date, ALARP.c.id))


async def acceptances(hazard_id: UUID, viewer: Viewer) -> Sequence[Mapping[Any, Any]]:
    """The newest first; at most one is in force."""
    who = people.name(viewer).label("accepted_by")
    joined = ACCEPTANCES.outerjoin(USERS, USERS.c.id == ACCEPTANCES.c.accepted_by_id)
    columns = [column for column in ACCEPTANCES.c if column.name != "accepted_by_id"]
    query = sa.select(*columns, who).select_from(joined).where(ACCEPTANCES.c.hazard_id == hazard_id)
    return await rows(query.order_by(ACCEPTANCES.c.created_date.desc(), ACCEPTANCES.c.id.desc()))


async def compared(hazard_id: UUID, accepted: Sequence[Mapping[Any, Any]]) -> dict[str, Any] | None:
    """The acceptance in force, with what was accepted and what is there now, of the fields that changed since."""
    found = next((one for one in accepted if one["withdrawn_date"] is None), None)
    if found is None:
        return None
    before, after = ({}, {}) if found["stale_date"] is None else await changed(hazard_id, found["content"])
    return {**found, "before": before, "after": after}


async def changed(hazard_id: UUID, accepted: Content) -> tuple[Content, Content]:
    now = (await contents([hazard_id]))[hazard_id]
    names = [name for name, value in now.items() if value != accepted.get(name)]
    return {name: accepted.get(name) for name in names}, {name: now[name] for name in names}


def linked(hazard_id: UUID, row: Mapping[Any, Any]) -> dict[str, Any]:
    """A link as it looks from a hazard; one that `points_here` belongs to the other."""
    here = row["other_id"] == hazard_id
    other = row["hazard_id"] if here else row["other_id"]
    kept = {name: row[name] for name in ("id", "kind", "name", "status")}
    told = {"reference": reference(row["number"]), "url": url(row["project_id"], other), "points_here": here}
    return {**kept, "other_id": other, **told}


async def rows(query: sa.Select[Any]) -> Sequence[Mapping[Any, Any]]:
    async with database.connection() as connection:
        return list((await connection.execute(query)).mappings())
