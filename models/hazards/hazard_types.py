"""The types that hazards are sorted by: a published list, and what each project adds to it.

The list is that of the Digital Clinical Safety Platform, its slips of the pen mended and its run-together names parted.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from errors import Conflict, FieldProblem, Invalid
from models.audit import audit
from models.audit.audit import Actor, Change
from models.hazards import hazard_log
from models.hazards.hazards import ProjectHazardType
from models.projects import projects
from models.storage.columns import new_id
from models.storage.database import database

ADDED = ProjectHazardType.ormar_config.table
PUBLISHED = (
    "Wrong patient",
    "Wrong demographics",
    "Wrong drug",
    "Wrong drug dose",
    "Drug delay",
    "No treatment",
    "Wrong administration route",
    "Allergy",
    "Wrong surgical site",
    "Wrong surgery",
    "Wrong observation",
    "Wrong observation result",
    "Wrong observation interpretation",
    "Request not received actioned",
    "Wrong investigation",
    "Wrong investigation site",
    "Wrong diagnosis",
    "Referral not received actioned",
    "Wrong referral type",
    "No clinical interaction",
    "No documentation of clinical interaction",
    "Delayed clinical interaction",
    "Wrong clinical interaction",
    "Corrupted data",
    "No access to data",
    "Data breach",
    "System crash",
    "Communication error",
    "Alarm fatigue",
    "Duplicate",
    "Incomplete",
    "General hazard",
)
UNKNOWN = "Type {place} is not in the list of this project. Choose another, or add it to the list at {url} first"


def same(name: str) -> str:
    """What two ways to write a type have in common: WrongPatient is the type Wrong patient."""
    return re.sub(r"[\s_-]+", "", name).casefold()


def spelled(names: Iterable[str]) -> dict[str, str]:
    """How each type is spelled; where there are several ways, the first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(same(name), name)
    return found


async def added(project_id: UUID) -> list[str]:
    """What the project added, by the alphabet."""
    query = sa.select(ADDED.c.name).where(ADDED.c.project_id == project_id)
    async with database.connection() as connection:
        return hazard_log.in_order((await connection.execute(query)).scalars())


async def offered(project_id: UUID) -> list[str]:
    """Every type that a hazard of the project may bear."""
    return hazard_log.in_order([*PUBLISHED, *await added(project_id)])


async def chosen(project_id: UUID, given: Sequence[str], borne: Iterable[str] = ()) -> list[str]:
    """The types given as the list spells them, each once; Invalid where one is neither in it nor `borne` already."""
    known = spelled([*await offered(project_id), *borne])
    problems = [
        FieldProblem(f"types.{place}", UNKNOWN.format(place=place + 1, url=url(project_id)))
        for place, name in enumerate(given)
        if same(name) not in known
    ]
    if problems:
        raise Invalid(problems=problems)
    return list(dict.fromkeys(known[same(name)] for name in given))


def url(project_id: UUID) -> str:
    """Where types are listed and added."""
    return f"/projects/{project_id}/types/"


async def add(actor: Actor, project_id: UUID, name: str) -> None:
    """Extend the list of a project; Conflict when it has the type already, however it is written."""
    async with database.transaction():
        await projects.lock(project_id)
        if same(name) in map(same, await offered(project_id)):
            raise Conflict("This type is in the list already. Nothing was changed.")
        await audit.append(actor, *await extend(project_id, [name]))


async def extend(project_id: UUID, names: Iterable[str]) -> list[Change]:
    """Add those of the names that the list of a project lacks, in the caller's transaction, which records the changes.

    Sure only under the project's lock.
    """
    known = spelled(await offered(project_id))
    missing = {way: name for way, name in spelled(names).items() if way not in known}
    rows: list[Mapping[str, Any]] = [
        {"id": new_id(), "project_id": project_id, "name": name} for name in missing.values()
    ]
    if rows:
        async with database.connection() as connection:
            await connection.execute(sa.insert(ADDED), rows)
    return [Change("type:add", "hazard_type", row["id"], project_id, after={"name": row["name"]}) for row in rows]


async def counted(project_id: UUID) -> dict[str, int]:
    """How many hazards of the project bear each type."""
    types, hazards = hazard_log.TYPES, hazard_log.HAZARDS
    query = (
        sa.select(types.c.name, sa.func.count().label("count_"))
        .join(hazards, hazards.c.id == types.c.hazard_id)
        .where(hazards.c.project_id == project_id)
        .group_by(types.c.name)
    )
    async with database.connection() as connection:
        return {row.name: row.count_ for row in await connection.execute(query)}
