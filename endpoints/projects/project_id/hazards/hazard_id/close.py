"""Closes a hazard, all of whose actions are completed."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Hazard, Justified
from endpoints.projects.project_id.hazards.hazard_id._status import HazardToDecide, to_decide
from models.enumerations import HazardStatus
from models.hazards import hazard_edits

router = APIRouter()


@router.get("/")
@requires(may("hazard:status"))
@keeps_draft
async def form(project: CurrentProject, hazard: CurrentHazard) -> HazardToDecide:
    """The hazard, what stands in the way, and the question why."""
    return await to_decide(project, hazard, HazardStatus.CLOSED)


@router.post("/")
@requires(may("hazard:status"))
async def close(
    project: CurrentProject, viewer: CurrentViewer, hazard: CurrentHazard, actor: CurrentActor, given: Justified
) -> Hazard:
    """409 when the hazard has that status already, and when something stands in the way: `errors` has the reasons."""
    await hazard_edits.set_status(actor, project.id, hazard.id, HazardStatus.CLOSED, given.justification)
    return await _found.find(project, viewer, hazard.id)
