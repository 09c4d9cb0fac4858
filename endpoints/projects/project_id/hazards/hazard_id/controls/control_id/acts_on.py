"""Says anew which causes and harms of a hazard one of its controls acts on; a second editor is told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._faces import Done
from endpoints._fields import Version
from endpoints._merge import Boxes, Edited, Merge, merge_of
from endpoints.projects.project_id.hazards import _found
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Control
from endpoints.projects.project_id.hazards.hazard_id.controls._aims import Aimable, Aims, aimable
from endpoints.projects.project_id.hazards.hazard_id.controls.control_id._control_of_hazard import (
    CurrentControlOfHazard,
)
from errors import OutOfDate
from models.controls import control_links
from models.hazards import hazard_parts, hazard_told
from models.hazards.hazard_parts import Place

router = APIRouter()


class NewAims(_fields.Request):
    """`version` is that of the hazard."""

    version: Version
    acts_on: Aims


class AimedControl(Aimable):
    control: Control
    acts_on: list[UUID]
    merge: SkipJsonSchema[Merge | None] = Field(None, exclude=True)


@router.get("/")
@requires(may("hazard:write"))
async def form(
    request: Request,
    project: CurrentProject,
    viewer: CurrentViewer,
    hazard: CurrentHazard,
    control: CurrentControlOfHazard,
) -> AimedControl:
    """The control, what it acts on, and what it could; with what to merge, where somebody else was quicker."""
    lists = await hazard_told.lists(hazard.id)
    acts_on = hazard_parts.named(lists["controls"], control.id).get("acts_on", [])
    shown = AimedControl(**dict(await aimable(project, hazard)), control=control, acts_on=acts_on)

    def boxes(state: Mapping[str, Any]) -> Boxes:
        """As the form holds them, of those that are still there, or as history tells them of the control."""
        told = [one for one in state.get("controls", ()) if str(one["id"]) == str(control.id)]
        if "controls" in state:
            state = {"acts_on": told[0].get("acts_on", []) if told else []}
        ticked = {str(key) for key in state.get("acts_on", ())}
        return {"acts_on": [key for key in shown.aims if key in ticked]} if "acts_on" in state else {}

    edited = Edited("hazard", hazard.id, project.id, hazard.version, {"acts_on": acts_on}, boxes)
    shown.merge = await merge_of(request, edited, viewer)
    return shown


@router.post("/", status_code=204, response_class=Response)
@requires(may("hazard:write"))
async def aim(  # noqa: PLR0913 - each is asked for by its name
    project: CurrentProject,
    viewer: CurrentViewer,
    hazard: CurrentHazard,
    control: CurrentControlOfHazard,
    actor: CurrentActor,
    given: NewAims,
) -> Done:
    """What is given takes the place of what was said before; 409 when the hazard has another `version` by now."""
    try:
        await control_links.act_on(actor, Place(project.id, hazard.id), control.id, given.version, given.acts_on)
    except OutOfDate as late:
        late.current = (await _found.find(project, viewer, hazard.id)).model_dump(mode="json")
        raise
    return Done(hazard.url)
