"""Copies a hazard of a project that the caller may see into this log, and says where it comes from."""

from uuid import UUID

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentUser, CurrentViewer
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._hazard import Hazard
from errors import NotFound
from models.hazards import hazard_copies, hazard_log
from models.projects import projects

router = APIRouter()


class Source(_fields.Request):
    hazard_id: UUID


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def copy(
    project: CurrentProject, user: CurrentUser, viewer: CurrentViewer, actor: CurrentActor, source: Source
) -> Hazard:
    """Texts, causes and harms as they are; controls as proposals; no ratings. 404 for a hazard that you may not see."""
    its_project = await hazard_copies.project_of(source.hazard_id)
    seen = await projects.visible(its_project, user.member_id) if its_project else None
    hazard = await hazard_log.hazard(seen.id, source.hazard_id) if seen else None
    if seen is None or hazard is None:
        raise NotFound
    key = await hazard_copies.copy(actor, project.id, seen, hazard)
    return await _found.find(project, viewer, key)
