"""Records a new control for a hazard and says what of it the control acts on (DCB0129 6.1.1, 6.1.2)."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints.projects.project_id.controls import _control
from endpoints.projects.project_id.controls._control import ControlChoices, NewControl
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Hazard
from endpoints.projects.project_id.hazards.hazard_id.controls._aims import Aimable, Aims, aimable
from models.controls import control_links
from models.hazards.hazard_parts import Place

router = APIRouter()


class NewControlOfHazard(NewControl):
    """`acts_on` are keys of causes and harms of the hazard."""

    acts_on: Aims = []


class Choices(Aimable, ControlChoices):
    """What a new control of this hazard may be."""


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def choices(project: CurrentProject, viewer: CurrentViewer, hazard: CurrentHazard) -> Choices:
    """What a new control may be and act on."""
    return Choices(**dict(await aimable(project, hazard)), **dict(await _control.choices(project, viewer)))


@router.post("/", status_code=201)
@requires(may("hazard:write"))
async def create(
    project: CurrentProject,
    viewer: CurrentViewer,
    hazard: CurrentHazard,
    actor: CurrentActor,
    control: NewControlOfHazard,
) -> Hazard:
    """Add a control to the project and to this hazard, which makes a version of the hazard."""
    fields, answer = _control.fields_of(control), _control.answer_of(control)
    await control_links.add(actor, Place(project.id, hazard.id), fields, answer, control.acts_on)
    return await _found.find(project, viewer, hazard.id)
