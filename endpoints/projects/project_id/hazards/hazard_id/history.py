"""Every version of a hazard: who changed what, when and why."""

from typing import Annotated

from fastapi import APIRouter, Query

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id import _versions
from endpoints.projects.project_id._versions import Thing, Versions, Wanted
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Control

router = APIRouter()


class History(Versions):
    """`controls` are those of now, which have histories of their own."""

    id: str
    reference: str
    name: str
    url: Url
    project: Project
    controls: list[Control]


@router.get("/")
@requires(may("hazard:read"))
async def history(
    project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]
) -> History:
    """The newest version first."""
    return History(
        id=str(hazard.id),
        reference=hazard.reference,
        name=hazard.name,
        url=hazard.url,
        project=Project.model_validate(project),
        controls=hazard.controls,
        **await _versions.page(viewer, Thing("hazard", hazard.id, project.id, hazard.url), wanted),
    )
