"""What waits for one person, over all projects that they are a member of: owned, to decide, to read, stale, overdue."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.comments.comments import Reading
from models.enumerations import ControlStage, ControlState, HazardStatus, Role, Standard
from models.hazards.hazard_filters import ACCEPTANCES, WAITING, stale
from models.hazards.hazard_log import CONTROLS, HAZARDS, INITIAL, LEVEL, LINKS, RATED, RESIDUAL, reference, url
from models.projects.projects import MEMBERS, PROJECTS
from models.risk.acceptances import AlarpRecord
from models.storage.columns import utc_now
from models.storage.database import database

ALARP = AlarpRecord.ormar_config.table
READINGS = Reading.ormar_config.table

SHOWN = 10
"""Hazards of a group that are listed; the others are counted, project by project."""
DECIDE = (Role.OWNER, Role.CSO)
TOLERABLE, WITH_ALARP = 2, 3
Condition = sa.ColumnElement[bool]
MINE = RATED.join(PROJECTS, PROJECTS.c.id == HAZARDS.c.project_id).join(MEMBERS, MEMBERS.c.project_id == PROJECTS.c.id)

QUERIES = {
    "owned": "?owner_id=me&status=open",
    "to_accept": "?status=open&sort=-level",
    "to_read": "?sort=-updated",
    "stale": "?stale=true",
    "overdue": "?overdue=true",
}
"""Each group, and the list in the log of one project that comes nearest to it."""


async def groups(user_id: UUID, *, is_cso: bool) -> dict[str, dict[str, Any]]:
    """Each group with how many hazards are in it, in which projects, and the worst of them: ten statements."""
    return {name: await group(user_id, name, where) for name, where in conditions(user_id, is_cso=is_cso).items()}


def conditions(user_id: UUID, *, is_cso: bool) -> Mapping[str, Condition]:
    is_open = HAZARDS.c.status == HazardStatus.OPEN
    return {
        "owned": sa.and_(HAZARDS.c.owner_id == user_id, is_open),
        "to_accept": sa.and_(is_open, may_accept(is_cso=is_cso), acceptable()),
        "to_read": sa.and_(
            MEMBERS.c.role == Role.REVIEWER, HAZARDS.c.status != HazardStatus.CLOSED, changed_since_read(user_id)
        ),
        "stale": sa.and_(MEMBERS.c.role.in_(DECIDE), stale()),
        "overdue": overdue(user_id),
    }


def may_accept(*, is_cso: bool) -> Condition:
    """Whether who looks accepts risk there: its Clinical Safety Officer, or who deploys (DCB0160 2.2.2)."""
    manufacturer = sa.and_(PROJECTS.c.standard == Standard.DCB0129, MEMBERS.c.role.in_(DECIDE), sa.literal(is_cso))
    return sa.or_(manufacturer, sa.and_(PROJECTS.c.standard == Standard.DCB0160, MEMBERS.c.is_executive))


def acceptable() -> Condition:
    """Nothing is left to do and no acceptance in force: the level as evidenced allows one, and no control waits."""
    recorded = sa.exists().where(ALARP.c.hazard_id == HAZARDS.c.id)
    in_force = sa.exists().where(ACCEPTANCES.c.hazard_id == HAZARDS.c.id, ACCEPTANCES.c.withdrawn_date.is_(None))
    waits = controlled(CONTROLS.c.stage == ControlStage.ADDITIONAL, CONTROLS.c.state.in_(WAITING))
    level = decided_on()
    return sa.and_(sa.or_(level <= TOLERABLE, sa.and_(level == WITH_ALARP, recorded)), ~in_force, ~waits)


def decided_on() -> sa.ColumnElement[int]:
    """The level that an acceptance would be of, NULL where it is not known; as models/risk/residual_risk.py has it."""
    additional = CONTROLS.c.stage == ControlStage.ADDITIONAL
    unverified = controlled(additional, CONTROLS.c.state.in_((*WAITING, ControlState.IMPLEMENTED)))
    borne_out = sa.and_(controlled(additional, CONTROLS.c.state == ControlState.VERIFIED), ~unverified)
    initial, claimed = INITIAL.c.level, RESIDUAL.c.level
    return sa.case(
        (sa.or_(initial.is_(None), claimed.is_(None)), initial),
        (sa.or_(borne_out, initial <= claimed), claimed),
        else_=initial,
    )


def changed_since_read(user_id: UUID) -> Condition:
    read = (READINGS.c.user_id == user_id, READINGS.c.read_date >= HAZARDS.c.updated_date)
    return ~sa.exists().where(READINGS.c.hazard_id == HAZARDS.c.id, *read)


def overdue(user_id: UUID) -> Condition:
    """Whose review, or whose control, was due before today (UTC), for who owns either or decides in the project."""
    today, own = utc_now().date(), sa.or_(HAZARDS.c.owner_id == user_id, MEMBERS.c.role.in_(DECIDE))
    late = (CONTROLS.c.state.in_(WAITING), CONTROLS.c.due_date < today)
    theirs = controlled(CONTROLS.c.owner_id == user_id, *late)
    reviewed_late = HAZARDS.c.review_date < today
    open_still = HAZARDS.c.status != HazardStatus.CLOSED
    return sa.and_(open_still, sa.or_(theirs, sa.and_(own, sa.or_(reviewed_late, controlled(*late)))))


def controlled(*controls: Condition) -> Condition:
    """Whether a hazard has such a control."""
    mine = sa.select(LINKS.c.id).join(CONTROLS, CONTROLS.c.id == LINKS.c.control_id)
    return mine.where(LINKS.c.hazard_id == HAZARDS.c.id, *controls).exists()


async def group(user_id: UUID, name: str, where: Condition) -> dict[str, Any]:
    mine = (MEMBERS.c.user_id == user_id, PROJECTS.c.archived_date.is_(None), where)
    project = (PROJECTS.c.id, PROJECTS.c.name)
    counts = sa.select(*project, sa.func.count().label("count")).select_from(MINE).where(*mine).group_by(*project)
    columns = [HAZARDS.c[key] for key in ("id", "project_id", "number", "name", "status", "updated_date")]
    worst = (
        sa.select(*columns, PROJECTS.c.name.label("project"), LEVEL.label("level"))
        .select_from(MINE)
        .where(*mine)
        .order_by(sa.func.coalesce(LEVEL, 0).desc(), HAZARDS.c.updated_date, HAZARDS.c.id)
        .limit(SHOWN)
    )
    async with database.connection() as connection:
        counted = (await connection.execute(counts)).all()
        hazards = (await connection.execute(worst)).mappings().all()
    projects = [
        {"id": row.id, "name": row.name, "count": row.count, "url": f"/projects/{row.id}/hazards/{QUERIES[name]}"}
        for row in sorted(counted, key=lambda row: (row.name.casefold(), row.id))
    ]
    return {
        "total": sum(one["count"] for one in projects),
        "projects": projects,
        "hazards": [
            {**row, "reference": reference(row["number"]), "url": url(row["project_id"], row["id"])} for row in hazards
        ],
    }
