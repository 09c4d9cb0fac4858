"""One hazard in full."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import HazardInProject, in_project
from endpoints.projects.project_id.hazards.hazard_id.comments._comment import Discussion, discussion

router = APIRouter()


class HazardPage(HazardInProject):
    """`comments` is null for who is no member of the project."""

    comments: Discussion | None


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer) -> HazardPage:
    """A hazard with its causes, controls, current assessments and newest comments."""
    shown = in_project(project, hazard)
    return HazardPage(**dict(shown), comments=await discussion(project, viewer, hazard.id))
