"""Changes the words of a hazard; a second editor is told, and keeps their text."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredLine, Text
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Hazard, Items, Words
from models import hazard_edits
from models.enumerations import Condition

router = APIRouter()


class HazardEdit(_fields.Request):
    """Fields that are left out stay as they are."""

    version: int = Field(ge=1, le=2**31 - 1, description="The version that you changed")
    name: RequiredLine = Field("", validate_default=False)
    description: Text = ""
    effect: Text = ""
    harm: Text = ""
    causes: Items = []
    existing_controls: Items = []
    additional_controls: Items = []
    types: Words = []
    condition: Condition | None = None
    owner: Text = ""


class EditableHazard(Hazard):
    project: Project
    conditions: list[Condition] = list(Condition)


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(project: CurrentProject, hazard: CurrentHazard) -> EditableHazard:
    """The hazard as it is now, to be changed."""
    return EditableHazard(**dict(hazard), project=Project.model_validate(project))


@router.post("/")
@requires(may("hazard:write"))
async def edit(
    project: CurrentProject, viewer: CurrentViewer, hazard: CurrentHazard, actor: CurrentActor, change: HazardEdit
) -> Hazard:
    """409 when `version` is not the current one; nothing is changed then."""
    fields: dict[str, Any] = change.model_dump(exclude_unset=True, exclude={"version"})
    await hazard_edits.edit(actor, project.id, hazard.id, change.version, fields)
    return await _found.find(project, viewer, hazard.id)
