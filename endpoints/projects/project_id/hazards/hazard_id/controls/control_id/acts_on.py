"""Says anew which causes and harms of a hazard one of its controls acts on."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._faces import Done
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Control
from endpoints.projects.project_id.hazards.hazard_id.controls._aims import Aimable, Aims, aimable
from endpoints.projects.project_id.hazards.hazard_id.controls.control_id._control_of_hazard import (
    CurrentControlOfHazard,
)
from models.controls import control_links
from models.hazards import hazard_parts, hazard_told
from models.hazards.hazard_parts import Place

router = APIRouter()


class NewAims(_fields.Request):
    acts_on: Aims


class AimedControl(Aimable):
    control: Control
    acts_on: list[UUID]


@router.get("/")
@requires(may("hazard:write"))
async def form(project: CurrentProject, hazard: CurrentHazard, control: CurrentControlOfHazard) -> AimedControl:
    """The control, what it acts on, and what it could."""
    lists = await hazard_told.lists(hazard.id)
    acts_on = hazard_parts.named(lists["controls"], control.id).get("acts_on", [])
    return AimedControl(**dict(await aimable(project, hazard)), control=control, acts_on=acts_on)


@router.post("/", status_code=204, response_class=Response)
@requires(may("hazard:write"))
async def aim(
    project: CurrentProject,
    hazard: CurrentHazard,
    control: CurrentControlOfHazard,
    actor: CurrentActor,
    given: NewAims,
) -> Done:
    """What is given takes the place of what was said before."""
    await control_links.act_on(actor, Place(project.id, hazard.id), control.id, given.acts_on)
    return Done(hazard.url)
