"""Accepting the risk of a hazard as it is evidenced now: who may, of which levels, on what state (DCB0129 6.4.1)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, NotAllowed
from models.audit import audit
from models.audit.audit import Actor
from models.enumerations import Capacity, Role, Standard
from models.hazards import status_rules
from models.hazards.hazard_additions import insert_all
from models.hazards.hazard_edits import bump, editable, next_version
from models.projects.projects import MEMBERS, PROJECTS
from models.risk import acceptance_state, residual_risk
from models.risk.acceptance_state import ACCEPTANCES
from models.risk.accepted_content import contents, digest
from models.storage.columns import new_id
from models.storage.database import database
from models.users.people import USERS

WHO = {
    Standard.DCB0129: "Only an owner or Clinical Safety Officer of the project who is designated as a Clinical Safety "
    "Officer accepts its risks.",
    Standard.DCB0160: "Only a member with the authority of the organisation accepts its risks. An owner names them.",
}


@dataclass(frozen=True)
class Reasons:
    rationale: str
    alternatives: str
    judgement: str


CHANGED = FieldProblem("content_hash", "The hazard changed while you read it. Read it again before you accept its risk")


async def accept(actor: Actor, project_id: UUID, hazard_id: UUID, reasons: Reasons, *, read: str = "") -> UUID:
    """Accept the risk, as far as it is evidenced, in place of what was accepted before; the key of the acceptance.

    `read` is the hash of what who accepts looked at, empty if they did not say. NotAllowed for who may not in a project
    of this standard, Conflict for a risk that is not acceptable, or is not what was read.
    """
    async with database.transaction():
        hazard = await editable(project_id, hazard_id)
        standard, capacity = await capacity_of(project_id, actor.user_id)
        if capacity is None:
            raise NotAllowed(WHO[standard])
        content = (await contents([hazard_id]))[hazard_id]
        if read and read != digest(content):
            raise Conflict("Nothing was accepted.", problems=[CHANGED])
        rating = acceptable(hazard, content)
        given: dict[str, Any] = {"level": rating["level"], "capacity": capacity, **asdict(reasons)}
        row: dict[str, Any] = {"id": new_id(), **given, "content_hash": digest(content)}
        made = {"hazard_id": hazard_id, "assessment_id": rating["id"], "accepted_by_id": actor.user_id}
        before = (await acceptance_state.withdraw(hazard_id)).get(hazard_id)
        await insert_all({ACCEPTANCES: [{**row, **made, "content": content}]})
        await bump(hazard_id, {})
        change = next_version(hazard, "hazard:accept", before={"acceptance": before}, after={"acceptance": row})
        await audit.append(actor, change)
    return UUID(str(row["id"]))


def acceptable(hazard: Mapping[str, Any], content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The rating to accept; Conflict where there is none, or none that may be accepted."""
    rating = residual_risk.decided_on(hazard)
    problem = hindrance(hazard, argued=bool(content["alarp"]))
    if rating is None or problem is not None:
        raise Conflict("The risk cannot be accepted as it is now.", problems=[problem] if problem else ())
    return rating


def hindrance(hazard: Mapping[str, Any], *, argued: bool) -> FieldProblem | None:
    """Why the risk cannot be accepted as it is, by the rule that closing goes by.

    `argued` is that an ALARP record is there (guidance, table 10).
    """
    return next(status_rules.unacceptable(hazard, has_alarp=argued, acceptance_stale=False), None)


async def capacity_of(project_id: UUID, user_id: UUID | None) -> tuple[Standard, Capacity | None]:
    """The standard of a project, and in which capacity a person may accept its risks, if in any."""
    member = sa.and_(MEMBERS.c.project_id == PROJECTS.c.id, MEMBERS.c.user_id == user_id)
    joined = PROJECTS.outerjoin(MEMBERS, member).outerjoin(USERS, USERS.c.id == MEMBERS.c.user_id)
    columns = (PROJECTS.c.standard, MEMBERS.c.role, MEMBERS.c.is_executive, USERS.c.is_cso)
    query = sa.select(*columns).select_from(joined).where(PROJECTS.c.id == project_id)
    async with database.connection() as connection:
        found = (await connection.execute(query)).one()
    if found.standard is Standard.DCB0129:
        able = found.is_cso and found.role in {Role.OWNER, Role.CSO}
        return found.standard, Capacity.CSO if able else None
    return found.standard, Capacity.EXECUTIVE if found.is_executive else None
