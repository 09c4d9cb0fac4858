"""A hazard as a bow-tie: what causes it, what prevents that, what it does to patients, and what makes that milder."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.controls.controls import ControlTarget
from models.hazards.hazard_log import CAUSES, CONTROLS, LINKS
from models.hazards.hazards import PotentialHarm
from models.storage.database import database

HARMS = PotentialHarm.ormar_config.table
TARGETS = ControlTarget.ormar_config.table


async def of_hazard(hazard_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Causes, harms and controls in their order, each control with the keys of what it acts on: four statements."""
    of_it = sa.select(CAUSES.c.id, CAUSES.c.description, CAUSES.c.status).where(CAUSES.c.hazard_id == hazard_id)
    harms = sa.select(HARMS.c.id, HARMS.c.description).where(HARMS.c.hazard_id == hazard_id)
    named = [CONTROLS.c[name] for name in ("id", "description", "kind", "stage", "state")]
    controls = sa.select(LINKS.c.id.label("link"), *named).join_from(
        LINKS, CONTROLS, CONTROLS.c.id == LINKS.c.control_id
    )
    acts_on = (
        sa.select(TARGETS.c.hazard_control_id, sa.func.coalesce(TARGETS.c.cause_id, TARGETS.c.harm_id).label("target"))
        .join_from(TARGETS, LINKS, LINKS.c.id == TARGETS.c.hazard_control_id)
        .where(LINKS.c.hazard_id == hazard_id)
    )
    async with database.connection() as connection:
        found = {
            "causes": await connection.execute(of_it.order_by(CAUSES.c.position)),
            "harms": await connection.execute(harms.order_by(HARMS.c.position)),
            "controls": await connection.execute(
                controls.where(LINKS.c.hazard_id == hazard_id).order_by(LINKS.c.position)
            ),
        }
        parts = {name: [dict(row) for row in result.mappings()] for name, result in found.items()}
        targets = (await connection.execute(acts_on)).all()
    for control in parts["controls"]:
        control["acts_on"] = [row.target for row in targets if row.hazard_control_id == control["link"]]
    return parts
