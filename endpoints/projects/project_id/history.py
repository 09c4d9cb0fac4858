"""Everything that happened in a project, the newest first."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id._event import OF_MEMBERS, OF_THE_LOG, Event, events
from models.audit import history

router = APIRouter()


class Wanted(BaseModel):
    before: int | None = Field(None, ge=1, le=2**53, description="The number of an entry: only what was before it")
    limit: int = Field(50, ge=1, le=100)


class ProjectHistory(BaseModel):
    """`older` leads on; it is null at the beginning.

    `names` says what people and hazards are called now that entries name by their keys.
    """

    project: Project
    data: list[Event]
    names: dict[str, str]
    older: Url | None


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]) -> ProjectHistory:
    """Changes of hazards and controls; members also see those of the project, its members and imports."""
    kinds = OF_MEMBERS if project.role else OF_THE_LOG
    found = await history.timeline(viewer, project.id, wanted.limit + 1, wanted.before, kinds=kinds)
    some = await events(project.id, found[: wanted.limit])
    here = f"/projects/{project.id}/history/"
    older = f"{here}?before={some[-1].entry}&limit={wanted.limit}" if len(found) > wanted.limit else None
    names = await history.called(viewer, found[: wanted.limit])
    return ProjectHistory(project=Project.model_validate(project), data=some, names=names, older=older)
