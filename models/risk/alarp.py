"""Why reducing a risk further is impractical: added to at levels 2 and 3, never edited (guidance, table 10)."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict
from models.audit import audit
from models.audit.audit import Actor
from models.hazards.hazard_additions import insert_all
from models.hazards.hazard_edits import bump, editable, next_version
from models.risk import residual_risk
from models.risk.accepted_content import ALARP, picked
from models.storage.columns import new_id
from models.storage.database import database

LEVELS = frozenset({2, 3})
"""Where the matrix makes acceptability depend on what a further reduction would take."""
TOLD = ("id", "option", "impracticality", "judgement")


@dataclass(frozen=True)
class Impractical:
    """A further reduction that was considered: what, what it would cost or why it cannot be done, and the verdict."""

    option: str
    impracticality: str
    judgement: str


async def record(actor: Actor, project_id: UUID, hazard_id: UUID, given: Impractical) -> UUID:
    """Conflict unless the risk is of level 2 or 3, as claimed or as evidenced. The key of the record."""
    async with database.transaction():
        hazard = await editable(project_id, hazard_id)
        if not residual_risk.levels(hazard) & LEVELS:
            raise Conflict("Nothing was recorded: only at levels 2 and 3 does it matter whether less is practical.")
        before = await told(hazard_id)
        row: dict[str, Any] = {"id": new_id(), **asdict(given)}
        await insert_all({ALARP: [{**row, "hazard_id": hazard_id, "recorded_by_id": actor.user_id}]})
        await bump(hazard_id, {})
        change = next_version(hazard, "hazard:alarp", before={"alarp": before}, after={"alarp": [*before, row]})
        await audit.append(actor, change)
    return UUID(str(row["id"]))


async def told(hazard_id: UUID) -> list[dict[str, Any]]:
    """The records of a hazard as history tells them, the oldest first."""
    query = sa.select(ALARP).where(ALARP.c.hazard_id == hazard_id).order_by(ALARP.c.created_date, ALARP.c.id)
    async with database.connection() as connection:
        return [picked(row, TOLD) for row in (await connection.execute(query)).mappings()]
