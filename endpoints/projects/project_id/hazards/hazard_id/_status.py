"""What a page that changes the status of a hazard shows: the hazard, and what stands in the way."""

from pydantic import BaseModel

from endpoints.projects.project_id.hazards._hazard import Hazard, HazardInProject, in_project
from models.enumerations import HazardStatus
from models.hazards import status_rules
from models.projects.projects import VisibleProject


class Hindrance(BaseModel):
    """`field` names what has to be mended: initial, residual, alarp, acceptance, controls or causes."""

    field: str
    message: str


class HazardToDecide(HazardInProject):
    """Nothing is changed while there are `hindrances`."""

    hindrances: list[Hindrance]


async def to_decide(project: VisibleProject, hazard: Hazard, status: HazardStatus) -> HazardToDecide:
    facts = hazard.model_dump(include={"id", "initial", "residual", "residual_evidenced"})
    found = await status_rules.hindrances({**facts, "project_id": project.id}, status)
    hindrances = [Hindrance(field=problem.field, message=problem.message) for problem in found]
    return HazardToDecide(**dict(in_project(project, hazard)), hindrances=hindrances)
