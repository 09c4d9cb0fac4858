"""Changes a control for all hazards that rest on it; a second editor is told, and keeps their text."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredText, Version
from endpoints._merge import Boxes, Edited, Merge, merge_of, texts
from endpoints.projects.project_id.controls import _control
from endpoints.projects.project_id.controls._control import (
    Control,
    ControlChoices,
    ControlFields,
    ControlInProject,
    CurrentControl,
)
from errors import OutOfDate
from models.controls import control_edits

router = APIRouter()


class ControlEdit(ControlFields):
    """Fields that are left out stay as they are."""

    version: Version
    description: RequiredText = Field("", validate_default=False)


class EditableControl(ControlInProject):
    choices: ControlChoices
    merge: SkipJsonSchema[Merge | None] = Field(None, exclude=True)


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(
    request: Request, project: CurrentProject, viewer: CurrentViewer, control: CurrentControl
) -> EditableControl:
    """The control as it is now, to be changed; with what to merge, where somebody else was quicker."""
    shown = _control.in_project(project, control)
    edited = Edited("control", control.id, project.id, control.version, control.model_dump(), boxes)
    merge = await merge_of(request, edited, viewer)
    return EditableControl(**dict(shown), choices=await _control.choices(project, viewer), merge=merge)


def boxes(state: Mapping[str, Any]) -> Boxes:
    return texts(state, ("description", *ControlFields.model_fields))


@router.post("/")
@requires(may("hazard:write"))
async def edit(
    project: CurrentProject, viewer: CurrentViewer, control: CurrentControl, actor: CurrentActor, change: ControlEdit
) -> Control:
    """409 when `version` is not the current one, or when a closed hazard rests on the control."""
    fields = change.model_dump(exclude_unset=True, exclude={"version"})
    try:
        await control_edits.edit(actor, project.id, control.id, change.version, fields)
    except OutOfDate as late:
        late.current = (await _control.find(project, viewer, control.id)).model_dump(mode="json")
        raise
    return await _control.find(project, viewer, control.id)
