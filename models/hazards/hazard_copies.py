"""Copies a hazard into a log: its texts and controls, never its ratings, and where it comes from."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit.audit import Actor
from models.enumerations import ControlStage, Visibility
from models.hazards import hazard_additions
from models.hazards.hazard_additions import HARMS, HAZARDS, NewControl, NewHazard
from models.projects.projects import VisibleProject
from models.storage.columns import utc_now
from models.storage.database import database

KEPT = ("name", "description", "effect", "harm", "condition", "causes", "types")
UNNAMED = "a private project"
"""Who reads the copy need not know that project; who may see it finds its name at the URL."""


async def project_of(hazard_id: UUID) -> UUID | None:
    async with database.connection() as connection:
        query = sa.select(HAZARDS.c.project_id).where(HAZARDS.c.id == hazard_id)
        found: UUID | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def copy(actor: Actor, project_id: UUID, source: VisibleProject, hazard: Mapping[str, Any]) -> UUID:
    """Add a hazard that says what this one of `source` says; its key.

    Nobody has judged it in its new place, and what is in place elsewhere is a proposal here: it comes open and unrated,
    and its controls, existing ones too, as additional ones that are proposed, without their evidence.
    """
    query = sa.select(HARMS.c.description).where(HARMS.c.hazard_id == hazard["id"]).order_by(HARMS.c.position)
    async with database.connection() as connection:
        harms = (await connection.execute(query)).scalars().all()
    controls = [
        NewControl(control["description"], ControlStage.ADDITIONAL, control["kind"]) for control in hazard["controls"]
    ]
    told = source.visibility is Visibility.PUBLIC or source.id == project_id
    copied_from = {
        "project": source.name if told else UNNAMED,
        "reference": hazard["reference"],
        "version": str(hazard["version"]),
        "date": utc_now().date().isoformat(),
        "url": hazard["url"],
    }
    texts = {name: hazard[name] for name in KEPT}
    [key] = await hazard_additions.create(
        actor, project_id, [NewHazard(**texts, harms=harms, controls=controls, copied_from=copied_from)]
    )
    return key
