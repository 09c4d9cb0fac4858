"""The control of the path, which must be one of the hazard of the path, or 404."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Control
from errors import NotFound


async def find(hazard: CurrentHazard, control_id: UUID) -> Control:
    for control in hazard.controls:
        if control.id == control_id:
            return control
    raise NotFound


CurrentControlOfHazard = Annotated[Control, Depends(find)]
