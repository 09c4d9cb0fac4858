"""What the first page of a project shows beside its counts: who has how much, what waits and what happened."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit.audit import ENTRIES
from models.enumerations import HazardStatus
from models.hazards import hazard_filters
from models.hazards.hazard_log import ASSESSMENTS, CONTROLS, HAZARDS
from models.risk.acceptances import RiskAcceptance
from models.storage.database import database
from models.users import people
from models.users.people import USERS, Viewer

ACCEPTANCES = RiskAcceptance.ormar_config.table
SHOWN = 5
"""Of a list that may be long; its count tells of the rest."""
MOST_OWNERS = 8
MOST_CHANGES = 8
COUNT = sa.func.count().over().label("count")
OF_HAZARD = (HAZARDS.c.id, HAZARDS.c.number, HAZARDS.c.name, HAZARDS.c.status)
Rows = Sequence[Mapping[str, Any]]


async def asked(query: sa.Select[Any]) -> Rows:
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def ratings(project_id: UUID) -> Rows:
    """How many hazards have each severity and likelihood now, at each stage."""
    groups = (ASSESSMENTS.c.stage, ASSESSMENTS.c.severity, ASSESSMENTS.c.likelihood)
    joined = ASSESSMENTS.join(HAZARDS, HAZARDS.c.id == ASSESSMENTS.c.hazard_id)
    current = (HAZARDS.c.project_id == project_id, ASSESSMENTS.c.superseded_date.is_(None))
    counted = sa.select(*groups, sa.func.count().label("count")).select_from(joined)
    return await asked(counted.where(*current).group_by(*groups))


async def owners(project_id: UUID, viewer: Viewer) -> Rows:
    """Who has the most open hazards: a member as `viewer` may see them, else whoever was written; "" is nobody."""
    count = sa.func.count().label("count")
    waiting = (HAZARDS.c.project_id == project_id, HAZARDS.c.status == HazardStatus.OPEN)
    called = sa.func.coalesce(people.name(viewer), HAZARDS.c.owner).label("owner")
    owned = HAZARDS.outerjoin(USERS, USERS.c.id == HAZARDS.c.owner_id)
    each = sa.select(HAZARDS.c.owner_id, called).select_from(owned).where(*waiting).subquery()
    counted = sa.select(*each.c, count).group_by(*each.c)
    return await asked(counted.order_by(count.desc(), each.c.owner, each.c.owner_id).limit(MOST_OWNERS))


async def stale(project_id: UUID) -> Rows:
    """Hazards that left the state in which their risk was accepted, the longest ago first."""
    joined = ACCEPTANCES.join(HAZARDS, HAZARDS.c.id == ACCEPTANCES.c.hazard_id)
    found = (ACCEPTANCES.c.withdrawn_date.is_(None), ACCEPTANCES.c.stale_date.is_not(None))
    query = sa.select(*OF_HAZARD, sa.cast(None, sa.Date).label("due"), COUNT).select_from(joined)
    query = query.where(HAZARDS.c.project_id == project_id, *found)
    return await asked(query.order_by(ACCEPTANCES.c.stale_date, HAZARDS.c.number).limit(SHOWN))


async def late_reviews(project_id: UUID) -> Rows:
    """Hazards whose review was due before today."""
    query = sa.select(*OF_HAZARD, HAZARDS.c.review_date.label("due"), COUNT)
    query = query.where(HAZARDS.c.project_id == project_id, hazard_filters.review_overdue())
    return await asked(query.order_by(HAZARDS.c.review_date, HAZARDS.c.number).limit(SHOWN))


async def late_controls(project_id: UUID) -> Rows:
    """Controls that were to be in place before today."""
    query = sa.select(CONTROLS.c.id, CONTROLS.c.description, CONTROLS.c.due_date.label("due"), COUNT)
    query = query.where(CONTROLS.c.project_id == project_id, hazard_filters.control_overdue())
    return await asked(query.order_by(CONTROLS.c.due_date, CONTROLS.c.id).limit(SHOWN))


async def changes(project_id: UUID, viewer: Viewer) -> Rows:
    """The newest changes of hazards, with who made them."""
    columns = (ENTRIES.c.at, ENTRIES.c.action, HAZARDS.c.id, HAZARDS.c.number, HAZARDS.c.name, HAZARDS.c.status)
    joined = ENTRIES.join(HAZARDS, HAZARDS.c.id == ENTRIES.c.entity_id).outerjoin(
        USERS, USERS.c.id == ENTRIES.c.user_id
    )
    query = sa.select(*columns, people.name(viewer).label("who")).select_from(joined)
    query = query.where(ENTRIES.c.stream == project_id, ENTRIES.c.entity == "hazard")
    return await asked(query.order_by(ENTRIES.c.seq.desc()).limit(MOST_CHANGES))
