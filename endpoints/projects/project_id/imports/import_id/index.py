"""The report of one import."""

from uuid import UUID

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints.projects._project import Project
from endpoints.projects.project_id.imports._report import Report, report_of
from errors import NotFound
from models.imports import Import

router = APIRouter()


class ReportInProject(Report):
    project: Project


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, import_id: UUID) -> ReportInProject:
    """What was read, what was not, and which stored levels the matrix does not give."""
    record = await Import.objects.get_or_none(id=import_id, project=project.id)
    if record is None:
        raise NotFound
    return ReportInProject.model_validate({**report_of(project.id, record), "project": Project.model_validate(project)})
