"""Changes the words of a hazard; a second editor is told, and keeps their text."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import Day, RequiredLine, Text, Version
from endpoints._merge import Merge, merge_of
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards import _choices, _found
from endpoints.projects.project_id.hazards._choices import HazardChoices
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Hazard, Items, Words
from endpoints.projects.project_id.hazards.hazard_id._merging import edited
from errors import OutOfDate
from models.enumerations import Condition, HazardStatus, IdentificationSource
from models.hazards import hazard_edits, hazard_told

router = APIRouter()


class HazardEdit(_fields.Request):
    """Fields that are left out stay as they are."""

    version: Version
    name: RequiredLine = Field("", validate_default=False)
    description: Text = ""
    effect: Text = ""
    harm: Text = ""
    causes: Items = []
    harms: Items = []
    existing_controls: Items = []
    additional_controls: Items = []
    types: Words = []
    condition: Condition | None = None
    source: IdentificationSource | None = None
    owner: Text = ""
    owner_id: UUID | None = None
    review_date: Day | None = None


class EditableHazard(HazardChoices, Hazard):
    project: Project
    harms: list[str]
    merge: SkipJsonSchema[Merge | None] = Field(None, exclude=True)


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(
    request: Request, project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer
) -> EditableHazard:
    """The hazard as it is now, to be changed; with what to merge, where somebody else was quicker."""
    harms = [told["description"] for told in (await hazard_told.lists(hazard.id))["harms"]]
    closed = hazard.status is HazardStatus.CLOSED
    merge = None if closed else await merge_of(request, edited(project.id, hazard, harms), viewer)
    more = {**dict(await _choices.of(project, viewer)), "project": Project.model_validate(project)}
    return EditableHazard(**dict(hazard), **more, harms=harms, merge=merge)


@router.post("/")
@requires(may("hazard:write"))
async def edit(
    project: CurrentProject, viewer: CurrentViewer, hazard: CurrentHazard, actor: CurrentActor, change: HazardEdit
) -> Hazard:
    """409 when `version` is not the current one; nothing is changed then, and `current` is what is there."""
    fields: dict[str, Any] = change.model_dump(exclude_unset=True, exclude={"version"})
    fields |= await _choices.checked(project.id, change, hazard)
    try:
        await hazard_edits.edit(actor, project.id, hazard.id, change.version, fields)
    except OutOfDate as late:
        late.current = (await _found.find(project, viewer, hazard.id)).model_dump(mode="json")
        raise
    return await _found.find(project, viewer, hazard.id)
