"""The cause of the path with its hazard, or 404."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from endpoints._depends import CurrentProject
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import CauseRecord, HazardInProject
from models.hazards import hazard_parts, hazard_told


class CauseOfHazard(HazardInProject):
    cause: CauseRecord


async def find(project: CurrentProject, hazard: CurrentHazard, cause_id: UUID) -> CauseOfHazard:
    """NotFound also for a cause of another hazard."""
    lists = await hazard_told.lists(hazard.id)
    found = CauseRecord.model_validate(hazard_parts.named(lists["causes"], cause_id))
    return CauseOfHazard(**dict(hazard), project=Project.model_validate(project), cause=found)


CurrentCause = Annotated[CauseOfHazard, Depends(find)]
