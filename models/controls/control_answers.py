"""Whether a control brings new hazards or changes other risks, and which (DCB0129 6.1.2, 6.1.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from errors import FieldProblem, Invalid
from models.controls.controls import RaisedHazard
from models.hazards import hazard_log
from models.hazards.hazard_additions import insert_all
from models.hazards.hazard_log import HAZARDS
from models.storage.columns import new_id
from models.storage.database import database

RAISED = RaisedHazard.ormar_config.table


@dataclass(frozen=True)
class Answer:
    """`raised` names the hazards by reference, number or key; that one of them rests on the control is no harm."""

    brings_hazards: bool
    reason: str
    raised: Sequence[str] = ()


async def hazards_named(project_id: UUID, names: Sequence[str]) -> list[UUID]:
    """The keys of hazards of the project, each once, by their numbers; Invalid where there is none of that name."""
    keys = [as_key(name) for name in names]
    numbers = [as_number(name) for name in names]
    wanted = sa.or_(
        HAZARDS.c.number.in_([one for one in numbers if one]), HAZARDS.c.id.in_([one for one in keys if one])
    )
    query = sa.select(HAZARDS.c.id, HAZARDS.c.number).where(HAZARDS.c.project_id == project_id, wanted)
    async with database.connection() as connection:
        rows = (await connection.execute(query.order_by(HAZARDS.c.number))).all()
    known = {key for row in rows for key in (row.id, row.number)}
    problems = [
        FieldProblem(f"raised_hazards.{place}", f"Hazard {place + 1} is not in the log of this project")
        for place, (key, number) in enumerate(zip(keys, numbers, strict=True))
        if (key or number) not in known
    ]
    if problems:
        raise Invalid(problems=problems)
    return [row.id for row in rows]


def as_number(name: str) -> int | None:
    found = hazard_log.REFERENCE.fullmatch(name)
    return int(found["number"]) if found else None


def as_key(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def as_reference(name: str) -> str:
    """As people call a hazard that they named by its number; another name stays."""
    number = as_number(name)
    return hazard_log.reference(number) if number else name


async def references(project_id: UUID) -> dict[str, str]:
    """What people call the hazards of a project, by their keys: one statement over all, for the rare clash of two."""
    query = sa.select(HAZARDS.c.id, HAZARDS.c.number).where(HAZARDS.c.project_id == project_id)
    async with database.connection() as connection:
        rows = (await connection.execute(query)).all()
    return {str(row.id): hazard_log.reference(row.number) for row in rows}


async def raise_hazards(control_id: UUID, hazards: Sequence[UUID]) -> None:
    """Store which hazards a control raises, in the caller's transaction."""
    await insert_all({RAISED: [{"id": new_id(), "control_id": control_id, "hazard_id": one} for one in hazards]})
