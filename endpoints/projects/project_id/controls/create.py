"""Records a control that several hazards may come to rest on; what it brings is asked at once (DCB0129 6.1.2)."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints.projects._project import Project
from endpoints.projects.project_id.controls import _control
from endpoints.projects.project_id.controls._control import Control, ControlChoices, NewControl
from models.controls import control_edits

router = APIRouter()


class Choices(ControlChoices):
    project: Project


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def choices(project: CurrentProject, viewer: CurrentViewer) -> Choices:
    """What a new control may be."""
    found = await _control.choices(project, viewer)
    return Choices(**dict(found), project=Project.model_validate(project))


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def create(project: CurrentProject, viewer: CurrentViewer, actor: CurrentActor, control: NewControl) -> Control:
    """Add a control to the project; it serves no hazard until it is linked to one."""
    fields, answer = _control.fields_of(control), _control.answer_of(control)
    key = await control_edits.create(actor, project.id, fields, answer)
    return await _control.find(project, viewer, key)
