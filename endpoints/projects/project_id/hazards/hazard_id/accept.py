"""Accepts the risk of a hazard as it is now, by who answers for it (DCB0129 6.4.1, DCB0160 2.2.2).

It is somebody's own act, so they have just proved who they are, and no token does it for them.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import Line, RequiredText
from endpoints._links import Url
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import Assessment, HazardInProject, in_project
from endpoints.projects.project_id.hazards.hazard_id import _risk
from endpoints.projects.project_id.hazards.hazard_id._risk import Acceptance, CurrentRisk, Fact, Risk, facts
from endpoints.projects.project_id.hazards.hazard_id._status import Hindrance
from models.risk import acceptance, residual_risk
from models.risk.acceptance import WHO, Reasons
from models.risk.accepted_content import Content, contents, digest

router = APIRouter()


class NewAcceptance(_fields.Request):
    rationale: RequiredText
    alternatives: RequiredText
    judgement: RequiredText
    content_hash: Line = Field("", description="Of what you read: 409 when the hazard is no longer that")


async def content_of(_project: CurrentProject, hazard_id: UUID) -> Content:
    """Read before all else that is shown: a change in between is one that who accepts has not seen."""
    return (await contents([hazard_id])).get(hazard_id, {})


CurrentContent = Annotated[Content, Depends(content_of)]


class AcceptedRisk(Acceptance):
    url: Url


class HazardToAccept(HazardInProject):
    """`to_accept` is the assessment that counts: the claimed one once it is evidenced, else the worse of it and the
    initial one. `hindrance` is why it cannot be accepted, `who` in words who may accept in this project.

    `facts` are all that would be accepted beside the ratings, and `content_hash` is of both.
    """

    risk: Risk
    to_accept: Assessment | None
    hindrance: Hindrance | None
    who: str
    facts: list[Fact]
    content_hash: str


@router.get("/")
@requires(may("hazard:accept"), recent=True)
@keeps_draft
async def form(
    project: CurrentProject, content: CurrentContent, hazard: CurrentHazard, risk: CurrentRisk
) -> HazardToAccept:
    """The hazard with what was judged and accepted so far."""
    told = hazard.model_dump()
    hindrance = acceptance.hindrance(told, argued=bool(risk.alarp))
    shown = dict(in_project(project, hazard))
    return HazardToAccept(
        **shown,
        risk=risk,
        to_accept=Assessment.model_validate(residual_risk.decided_on(told)) if residual_risk.decided_on(told) else None,
        hindrance=Hindrance.model_validate(hindrance, from_attributes=True) if hindrance else None,
        who=WHO[project.standard],
        facts=facts(content),
        content_hash=digest(content),
    )


@router.post("/", status_code=201)
@requires(may("hazard:accept"), recent=True)
async def accept(
    project: CurrentProject, viewer: CurrentViewer, hazard: CurrentHazard, actor: CurrentActor, given: NewAcceptance
) -> AcceptedRisk:
    """403 for who may not, 409 for a risk that is not acceptable or is no longer what was read.

    The acceptance before this one is withdrawn.
    """
    reasons = Reasons(**given.model_dump(exclude={"content_hash"}))
    await acceptance.accept(actor, project.id, hazard.id, reasons, read=given.content_hash)
    risk = await _risk.find(project, hazard, viewer)
    return AcceptedRisk.model_validate({**dict(risk.acceptance or ()), "url": hazard.url})
