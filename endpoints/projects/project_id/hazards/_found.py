"""The hazard of the path, or 404."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from endpoints._depends import CurrentProject, CurrentViewer
from endpoints.projects.project_id.hazards._hazard import Hazard
from errors import NotFound
from models.hazards import hazard_log


async def find(project: CurrentProject, viewer: CurrentViewer, hazard_id: UUID) -> Hazard:
    """NotFound also for a hazard of another project, whoever may see that one."""
    found = await hazard_log.hazard(project.id, hazard_id, viewer)
    if found is None:
        raise NotFound
    return Hazard.model_validate(found)


CurrentHazard = Annotated[Hazard, Depends(find)]
