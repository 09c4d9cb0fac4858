"""Opens a cause again, when something is left to do about it after all."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._hazard import Hazard, Justified
from endpoints.projects.project_id.hazards.hazard_id.causes.cause_id._cause import CauseOfHazard, CurrentCause
from models.enumerations import CauseStatus
from models.hazards import causes
from models.hazards.hazard_parts import Place

router = APIRouter()


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(cause: CurrentCause) -> CauseOfHazard:
    """The cause, and the question why."""
    return cause


@router.post("/")
@requires(may("hazard:write"))
async def reopen(
    project: CurrentProject, viewer: CurrentViewer, cause: CurrentCause, actor: CurrentActor, given: Justified
) -> Hazard:
    """409 when the cause has that status already, or its hazard is closed."""
    place = Place(project.id, cause.id)
    await causes.set_status(actor, place, cause.cause.id, CauseStatus.OPEN, given.justification)
    return await _found.find(project, viewer, cause.id)
