"""What a hazard may be: the choices that its forms offer, and what no schema can say of what is sent."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from endpoints import _fields
from endpoints.projects.project_id.controls._control import Member
from endpoints.projects.project_id.hazards._hazard import Hazard
from models.enumerations import Condition, IdentificationSource
from models.hazards import hazard_parts, hazard_types
from models.projects import members
from models.projects.projects import VisibleProject
from models.users.people import Viewer


class HazardChoices(BaseModel):
    conditions: list[Condition] = list(Condition)
    sources: list[IdentificationSource] = list(IdentificationSource)
    types_offered: list[str]
    members: list[Member]


async def of(project: VisibleProject, viewer: Viewer) -> HazardChoices:
    found = [Member.model_validate(one) for one in await members.listed(project.id, viewer)]
    return HazardChoices(types_offered=await hazard_types.offered(project.id), members=found)


async def checked(project_id: UUID, given: _fields.Request, now: Hazard | None = None) -> dict[str, Any]:
    """The lists that were given, as they will be stored; Invalid where one says the same twice, or knows no such type.

    A hazard keeps the types it has `now`, and its owner, who may have left the project.
    """
    fields = given.model_dump(exclude_unset=True, include={"causes", "harms", "types", "owner_id"})
    for name in ("causes", "harms"):
        hazard_parts.refuse_same(fields.get(name, []), name)
    owner = fields.pop("owner_id", None)
    if now is None or owner != now.owner_id:
        await members.refuse_stranger(project_id, owner)
    if "types" in fields:
        fields["types"] = await hazard_types.chosen(project_id, fields["types"], now.types if now else [])
    return fields
