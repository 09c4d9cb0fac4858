"""A project with a hazard of two causes and a harm, and a control, for the tests of what is done about hazards."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit.audit import COMMAND_LINE, ENTRIES, Actor
from models.controls import control_edits
from models.controls.control_answers import Answer
from models.enumerations import ControlStage, HazardStatus, Standard, Visibility
from models.hazards import hazard_additions, hazard_told
from models.hazards.hazard_additions import NewHazard
from models.hazards.hazard_log import HAZARDS
from models.hazards.hazard_parts import Place
from models.projects import projects
from models.storage.columns import utc_now
from models.storage.database import database
from models.users import accounts

NO_NEW = Answer(brings_hazards=False, reason="It only reads")
ALARM = {"description": "Alarm", "stage": ControlStage.ADDITIONAL}


@dataclass(frozen=True)
class Scene:
    actor: Actor
    project: UUID
    hazard: UUID
    control: UUID

    @property
    def place(self) -> Place:
        return Place(self.project, self.hazard)

    async def lists(self) -> hazard_told.Lists:
        return await hazard_told.lists(self.hazard)

    async def key(self, name: str, place: int = 0) -> UUID:
        return UUID(str((await self.lists())[name][place]["id"]))


async def begin() -> Scene:
    names = {"first_name": "Ada", "last_name": "Example"}
    user = await accounts.create(COMMAND_LINE, email_address="ada@example.org", password_hash="none", **names)
    actor = Actor(user)
    project = await new_project(actor)
    hazard = await new_hazard(actor, project)
    return Scene(actor, project, hazard, await control_edits.create(actor, project, ALARM, NO_NEW))


async def new_project(actor: Actor) -> UUID:
    about = {"name": "Controls", "description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
    assert actor.user_id
    return await projects.create(actor, actor.user_id, **about)


async def new_hazard(actor: Actor, project: UUID, **fields: Any) -> UUID:
    hazard = NewHazard("Late result", causes=["Queue grows", "Clock is wrong"], harms=["Late treatment"], **fields)
    return (await hazard_additions.create(actor, project, [hazard]))[0]


async def close(scene: Scene) -> None:
    """Without all that it takes to close one by the rules."""
    closed = {"status": HazardStatus.CLOSED, "updated_date": utc_now()}
    async with database.transaction() as connection:
        await connection.execute(sa.update(HAZARDS).where(HAZARDS.c.id == scene.hazard).values(**closed))


async def entries(entity_id: UUID) -> list[dict[str, Any]]:
    """What history tells of one thing, the oldest first."""
    query = sa.select(ENTRIES).where(ENTRIES.c.entity_id == entity_id).order_by(ENTRIES.c.id)
    async with database.connection() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]
