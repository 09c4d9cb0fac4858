"""Changes a control for all hazards that rest on it; a second editor is told, and keeps their text."""

from fastapi import APIRouter
from pydantic import Field

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredText
from endpoints.projects.project_id.controls import _control
from endpoints.projects.project_id.controls._control import (
    Control,
    ControlChoices,
    ControlFields,
    ControlInProject,
    CurrentControl,
)
from errors import OutOfDate
from models import control_edits

router = APIRouter()


class ControlEdit(ControlFields):
    """Fields that are left out stay as they are."""

    version: int = Field(ge=1, le=2**31 - 1, description="The version that you changed")
    description: RequiredText = Field("", validate_default=False)


class EditableControl(ControlInProject):
    choices: ControlChoices


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(project: CurrentProject, viewer: CurrentViewer, control: CurrentControl) -> EditableControl:
    """The control as it is now, to be changed."""
    shown = _control.in_project(project, control)
    return EditableControl(**dict(shown), choices=await _control.choices(project, viewer))


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
