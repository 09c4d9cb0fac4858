"""Answers whether a control brings new hazards or changes other risks, at first or anew (DCB0129 6.1.2, 6.1.3)."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints.projects.project_id.controls import _control
from endpoints.projects.project_id.controls._control import (
    AnswerToAll,
    Control,
    ControlInProject,
    CurrentControl,
    LinkedHazard,
)
from models.controls import control_edits, control_log

router = APIRouter()


class AskedControl(ControlInProject):
    raised_hazards: list[LinkedHazard]


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(project: CurrentProject, control: CurrentControl) -> AskedControl:
    """The control with the answer that there is."""
    raised = [LinkedHazard.model_validate(hazard) for hazard in await control_log.raised_by(control.id)]
    return AskedControl(**dict(_control.in_project(project, control)), raised_hazards=raised)


@router.post("/")
@requires(may("hazard:write"))
async def answer(
    project: CurrentProject, viewer: CurrentViewer, control: CurrentControl, actor: CurrentActor, given: AnswerToAll
) -> Control:
    """The answer takes the place of the one before it, which history keeps."""
    await control_edits.answer(actor, project.id, control.id, _control.answer_of(given))
    return await _control.find(project, viewer, control.id)
