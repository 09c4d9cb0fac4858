"""One control with the hazards that rest on it and those it brings."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints.projects._project import Project
from endpoints.projects.project_id.controls._control import ControlInProject, CurrentControl, LinkedHazard
from endpoints.projects.project_id.evidence._evidence import AttachedEvidence
from models.controls import control_log
from models.controls.control_states import TRANSITIONS
from models.evidence import evidence_list

router = APIRouter()


class ControlPage(ControlInProject):
    """`next_states` are those that can follow; `attached` are the files and links that show that it works."""

    hazards: list[LinkedHazard]
    raised_hazards: list[LinkedHazard]
    next_states: list[str]
    attached: list[AttachedEvidence]


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, viewer: CurrentViewer, control: CurrentControl) -> ControlPage:
    """A control in full."""
    resting, raised = await control_log.resting_on(control.id), await control_log.raised_by(control.id)
    return ControlPage(
        **dict(control),
        project=Project.model_validate(project),
        hazards=[LinkedHazard.model_validate(hazard) for hazard in resting],
        raised_hazards=[LinkedHazard.model_validate(hazard) for hazard in raised],
        next_states=list(TRANSITIONS[control.state]),
        attached=[AttachedEvidence.model_validate(row) for row in await evidence_list.of_control(control.id, viewer)],
    )
