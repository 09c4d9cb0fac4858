"""Every version of a hazard: who changed what, when and why."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, JsonValue

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._found import CurrentHazard
from models import history as past

router = APIRouter()


class Version(BaseModel):
    """`before` and `after` hold only the fields that changed; `who` is null for the command line.

    Somebody who does not show their name to who asks is "A member of this project".
    """

    entry: int = Field(description="Its number in the history of the project")
    version: int
    at: datetime
    who: str | None
    action: str
    before: dict[str, JsonValue] | None
    after: dict[str, JsonValue] | None
    reason: str | None


class History(BaseModel):
    id: str
    reference: str
    name: str
    url: Url
    project: Project
    versions: list[Version]
    older: Url | None = Field(description="Where the versions before these are; null where there are none")


class Wanted(BaseModel):
    before: int | None = Field(None, ge=1, le=2**53, description="The number of an entry: only what was before it")
    limit: int = Field(100, ge=1, le=100)


@router.get("/")
@requires(may("hazard:read"))
async def history(
    project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]
) -> History:
    """The newest version first."""
    found = await past.timeline(viewer, project.id, wanted.limit + 1, wanted.before, keys=[hazard.id], kinds=["hazard"])
    entries = found[: wanted.limit]
    more = f"{hazard.url}history/?before={entries[-1]['seq']}&limit={wanted.limit}" if found[wanted.limit :] else None
    return History(
        id=str(hazard.id),
        reference=hazard.reference,
        name=hazard.name,
        url=hazard.url,
        project=Project.model_validate(project),
        versions=[
            Version.model_validate({**one, "version": one["entity_version"], "entry": one["seq"]}) for one in entries
        ],
        older=more,
    )
