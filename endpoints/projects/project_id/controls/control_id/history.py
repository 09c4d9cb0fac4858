"""Every version of a control: who changed what, when and why."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id import _versions
from endpoints.projects.project_id._versions import Thing, Versions, Wanted
from endpoints.projects.project_id.controls._control import CurrentControl

router = APIRouter()


class History(Versions):
    """The first version of a control that came with a hazard is what the history of that hazard tells of it."""

    id: UUID
    description: str
    url: Url
    project: Project


@router.get("/")
@requires(may("hazard:read"))
async def history(
    project: CurrentProject, control: CurrentControl, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]
) -> History:
    """The newest version first."""
    return History(
        id=control.id,
        description=control.description,
        url=control.url,
        project=Project.model_validate(project),
        **await _versions.page(viewer, Thing("control", control.id, project.id, control.url), wanted),
    )
