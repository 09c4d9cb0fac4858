"""Records why reducing the risk of a hazard further is impractical (guidance, table 10)."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredText
from endpoints._links import Url
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import HazardInProject, in_project
from endpoints.projects.project_id.hazards.hazard_id._risk import CurrentRisk, Risk
from models.risk import alarp, residual_risk
from models.risk.alarp import Impractical

router = APIRouter()


class NewAlarpRecord(_fields.Request):
    """A reduction that was considered, what it would cost or why it cannot be done, and what follows from that."""

    option: RequiredText
    impracticality: RequiredText
    judgement: RequiredText


class RecordedAlarp(BaseModel):
    id: UUID
    url: Url


class HazardToArgue(HazardInProject):
    """`applies` is whether its level is one where this is asked."""

    risk: Risk
    applies: bool


@router.get("/")
@requires(may("hazard:assess"))
@keeps_draft
async def form(project: CurrentProject, hazard: CurrentHazard, risk: CurrentRisk) -> HazardToArgue:
    """The hazard with what was recorded so far."""
    applies = bool(residual_risk.levels(hazard.model_dump()) & alarp.LEVELS)
    return HazardToArgue(**dict(in_project(project, hazard)), risk=risk, applies=applies)


@router.post("/", status_code=201)
@requires(may("hazard:assess"))
async def create(
    project: CurrentProject, hazard: CurrentHazard, actor: CurrentActor, given: NewAlarpRecord
) -> RecordedAlarp:
    """Added to those before it; 409 unless the risk is of level 2 or 3, as claimed or as evidenced."""
    key = await alarp.record(actor, project.id, hazard.id, Impractical(**given.model_dump()))
    return RecordedAlarp(id=key, url=f"{hazard.url}#alarp")
