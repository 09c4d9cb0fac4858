"""The report of one import."""

from uuid import UUID

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints.projects._project import Project
from endpoints.projects.project_id.imports._report import Report, report_of
from errors import NotFound
from exchange.hazard_log import LAYOUTS
from models.projects.imports import Import

router = APIRouter()


class ReportInProject(Report):
    project: Project
    layout_description: str


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, import_id: UUID) -> ReportInProject:
    """What was read, what was not, and which stored levels the matrix does not give."""
    record = await Import.objects.get_or_none(id=import_id, project=project.id)
    if record is None:
        raise NotFound
    report = report_of(project.id, record)
    # A layout that this version no longer reads keeps its name.
    description = LAYOUTS.get(record.layout, record.layout)
    return ReportInProject(**report, project=Project.model_validate(project), layout_description=description)
