"""What the controls of a hazard can act on: its causes, which they prevent, and its harms, which they mitigate."""

from typing import Annotated
from uuid import UUID

from annotated_types import MaxLen
from pydantic import BaseModel

from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._hazard import CauseRecord, HarmRecord, Hazard
from models.hazards import hazard_told
from models.projects.projects import VisibleProject

Aims = Annotated[list[UUID], MaxLen(1000)]
"""Keys of causes and harms of the hazard."""


class Aimable(BaseModel):
    """A hazard with what its controls can act on."""

    project: Project
    hazard: Hazard
    causes: list[CauseRecord]
    harms: list[HarmRecord]

    @property
    def aims(self) -> dict[str, str]:
        """All of them in words, by their keys as a form sends them."""
        causes = {str(cause.id): f"Cause: {cause.description}" for cause in self.causes}
        return causes | {str(harm.id): f"Harm: {harm.description}" for harm in self.harms}


async def aimable(project: VisibleProject, hazard: Hazard) -> Aimable:
    lists = await hazard_told.lists(hazard.id)
    return Aimable(
        project=Project.model_validate(project),
        hazard=hazard,
        causes=[CauseRecord.model_validate(told) for told in lists["causes"]],
        harms=[HarmRecord.model_validate(told) for told in lists["harms"]],
    )
