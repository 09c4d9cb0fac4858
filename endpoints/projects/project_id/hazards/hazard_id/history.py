"""Every version of a hazard: who changed what, when and why."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, JsonValue

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._found import CurrentHazard
from models import hazard_edits

router = APIRouter()


class Version(BaseModel):
    """`before` and `after` hold only the fields that changed; `who` is null for the command line.

    Somebody who does not show their name to who asks is "A member of this project".
    """

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


@router.get("/")
@requires(may("hazard:read"))
async def history(project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer) -> History:
    """The newest version first."""
    entries = await hazard_edits.history(project.id, hazard.id, viewer)
    return History(
        id=str(hazard.id),
        reference=hazard.reference,
        name=hazard.name,
        url=hazard.url,
        project=Project.model_validate(project),
        versions=[Version.model_validate({**entry, "version": entry["entity_version"]}) for entry in entries],
    )
