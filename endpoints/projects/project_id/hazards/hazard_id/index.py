"""One hazard in full."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import HazardInProject, in_project

router = APIRouter()


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, hazard: CurrentHazard) -> HazardInProject:
    """A hazard with its causes, controls and current assessments."""
    return in_project(project, hazard)
