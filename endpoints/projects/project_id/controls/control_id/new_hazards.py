"""Answers whether a control brings new hazards or changes other risks, at first or anew (DCB0129 6.1.2, 6.1.3)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import Version
from endpoints._merge import Boxes, Edited, Merge, is_late, merge_of, texts
from endpoints.projects.project_id.controls import _control
from endpoints.projects.project_id.controls._control import (
    AnswerToAll,
    Control,
    ControlInProject,
    CurrentControl,
    LinkedHazard,
)
from errors import OutOfDate
from models.controls import control_answers, control_edits, control_log
from models.projects.projects import VisibleProject

router = APIRouter()


class NewAnswer(AnswerToAll):
    """`version` is that of the control."""

    version: Version


class AskedControl(ControlInProject):
    raised_hazards: list[LinkedHazard]
    merge: SkipJsonSchema[Merge | None] = Field(None, exclude=True)


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(
    request: Request, project: CurrentProject, viewer: CurrentViewer, control: CurrentControl
) -> AskedControl:
    """The control with the answer that there is; with what to merge, where somebody else was quicker."""
    shown = await asked(project, control)
    references = {str(one.id): one.reference for one in shown.raised_hazards}
    if is_late(request.scope.get("form"), control.version):
        references = await control_answers.references(project.id)
    state = {**control.model_dump(), "raised": [one.id for one in shown.raised_hazards]}
    edited = Edited("control", control.id, project.id, control.version, state, partial(boxes, references))
    shown.merge = await merge_of(request, edited, viewer)
    return shown


async def asked(project: VisibleProject, control: Control) -> AskedControl:
    raised = [LinkedHazard.model_validate(hazard) for hazard in await control_log.raised_by(control.id)]
    return AskedControl(**dict(_control.in_project(project, control)), raised_hazards=raised)


def boxes(references: Mapping[str, str], state: Mapping[str, Any]) -> Boxes:
    """History names hazards by their keys (`raised`), people by their references, in all ways that are understood."""
    found = texts(state, ("brings_hazards", "brings_hazards_reason"))
    if "brings_hazards" in found:
        found["brings_hazards"] = str(found["brings_hazards"]).lower()
    for name in state.keys() & {"raised", "raised_hazards"}:
        keys = [references.get(str(one), control_answers.as_reference(str(one))) for one in state[name]]
        found["raised_hazards"] = list(dict.fromkeys(keys))
    return found


@router.post("/")
@requires(may("hazard:write"))
async def answer(
    project: CurrentProject, viewer: CurrentViewer, control: CurrentControl, actor: CurrentActor, given: NewAnswer
) -> Control:
    """The answer takes the place of the one before it, which history keeps; 409 when `version` is not the current one.

    `current` is then the control with the answer that is there.
    """
    try:
        await control_edits.answer(actor, project.id, control.id, given.version, _control.answer_of(given))
    except OutOfDate as late:
        now = await asked(project, await _control.find(project, viewer, control.id))
        late.current = now.model_dump(mode="json")
        raise
    return await _control.find(project, viewer, control.id)
