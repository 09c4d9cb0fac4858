"""Takes a link between two hazards away; the history keeps it."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._faces import Done
from endpoints.projects.project_id.hazards._found import CurrentHazard
from models.hazards import hazard_links

router = APIRouter()


@router.post("/", status_code=204, response_class=Response)
@requires(may("hazard:write"))
async def remove(project: CurrentProject, hazard: CurrentHazard, actor: CurrentActor, link_id: UUID) -> Done:
    """404 unless it is a link of this hazard to another one."""
    await hazard_links.unlink(actor, project.id, hazard.id, link_id)
    return Done(f"{hazard.url}#links")
