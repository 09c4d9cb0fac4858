"""Says how far a control has come; verified takes evidence that it is there and that it works (DCB0129 6.3)."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredText
from endpoints.projects.project_id.controls import _control
from endpoints.projects.project_id.controls._control import Control, ControlInProject, CurrentControl
from models.controls import control_states
from models.controls.control_states import TRANSITIONS
from models.enumerations import ControlState

router = APIRouter()


class NewState(_fields.Request):
    state: ControlState
    justification: RequiredText


class ControlWithStates(ControlInProject):
    """`next_states` are those that can follow."""

    next_states: list[ControlState]


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(project: CurrentProject, control: CurrentControl) -> ControlWithStates:
    """The control, and what it can become."""
    shown = _control.in_project(project, control)
    return ControlWithStates(**dict(shown), next_states=list(TRANSITIONS[control.state]))


@router.post("/")
@requires(may("hazard:write"))
async def change(
    project: CurrentProject, viewer: CurrentViewer, control: CurrentControl, actor: CurrentActor, given: NewState
) -> Control:
    """409 when the state cannot follow, or with what evidence is missing."""
    await control_states.set_state(actor, project.id, control.id, given.state, given.justification)
    return await _control.find(project, viewer, control.id)
