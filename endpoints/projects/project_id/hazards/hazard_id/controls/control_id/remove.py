"""Takes a control off a hazard; the control stays with the project."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Hazard
from endpoints.projects.project_id.hazards.hazard_id.controls.control_id._control_of_hazard import (
    CurrentControlOfHazard,
)
from models.controls import control_links
from models.hazards.hazard_parts import Place

router = APIRouter()


@router.post("/")
@requires(may("hazard:write"))
async def remove(
    project: CurrentProject,
    viewer: CurrentViewer,
    hazard: CurrentHazard,
    control: CurrentControlOfHazard,
    actor: CurrentActor,
) -> Hazard:
    """409 when the hazard is closed."""
    await control_links.take_off(actor, Place(project.id, hazard.id), control.id)
    return await _found.find(project, viewer, hazard.id)
