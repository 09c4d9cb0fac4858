"""Lets a control that the project has already serve this hazard too."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Hazard
from endpoints.projects.project_id.hazards.hazard_id.controls._aims import Aimable, Aims, aimable
from errors import FieldProblem, Invalid, NotFound
from models.controls import control_links, control_log
from models.hazards.hazard_parts import Place

router = APIRouter()


class LinkedControl(_fields.Request):
    """`acts_on` are keys of causes and harms of the hazard."""

    control_id: UUID
    acts_on: Aims = []


class Offered(BaseModel):
    id: UUID
    description: str


class Choices(Aimable):
    """`controls` are those of the project that are not on the hazard yet."""

    controls: list[Offered]


@router.get("/")
@requires(may("hazard:write"))
async def choices(project: CurrentProject, hazard: CurrentHazard) -> Choices:
    """Which controls this hazard could rest on too."""
    offered = await control_log.offered(project.id, hazard.id)
    controls = [Offered.model_validate(one, from_attributes=True) for one in offered]
    return Choices(**dict(await aimable(project, hazard)), controls=controls)


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def link(
    project: CurrentProject,
    viewer: CurrentViewer,
    hazard: CurrentHazard,
    actor: CurrentActor,
    given: LinkedControl,
) -> Hazard:
    """409 when the control is on the hazard already or withdrawn; 422 when the project has no such control."""
    try:
        await control_links.link(actor, Place(project.id, hazard.id), given.control_id, given.acts_on)
    except NotFound:
        raise Invalid(problems=[FieldProblem("control_id", "Choose a control of this project")]) from None
    return await _found.find(project, viewer, hazard.id)
