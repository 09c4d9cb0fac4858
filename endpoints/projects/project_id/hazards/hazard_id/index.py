"""One hazard in full."""

from uuid import UUID

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._bow_tie import BowTie
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints.projects.project_id._event import Event
from endpoints.projects.project_id.checks._finding import Check, checks_of
from endpoints.projects.project_id.evidence._evidence import AttachedEvidence
from endpoints.projects.project_id.hazards._found import CurrentHazard
from endpoints.projects.project_id.hazards._hazard import CauseRecord, HarmRecord, HazardInProject, in_project
from endpoints.projects.project_id.hazards.hazard_id import _bow_tie
from endpoints.projects.project_id.hazards.hazard_id._history import latest
from endpoints.projects.project_id.hazards.hazard_id._next_step import next_step
from endpoints.projects.project_id.hazards.hazard_id._risk import CurrentRisk, Risk
from endpoints.projects.project_id.hazards.hazard_id.comments._comment import Discussion, discussion
from models.evidence import evidence_list
from models.hazards import hazard_told
from models.projects import quality_checks

router = APIRouter()


class HazardPage(HazardInProject):
    """`acts_on` says by control which causes and harms it acts on; `comments` is null for who is no member.

    `evidence` is that of the hazard, its assessments and its controls, `latest` their changes.
    """

    cause_records: list[CauseRecord]
    harms: list[HarmRecord]
    acts_on: dict[UUID, list[UUID]]
    checks: list[Check]
    risk: Risk
    comments: Discussion | None
    bow_tie: BowTie
    next_step: str
    evidence: list[AttachedEvidence]
    latest: list[Event]


@router.get("/")
@requires(may("hazard:read"))
async def show(project: CurrentProject, hazard: CurrentHazard, viewer: CurrentViewer, risk: CurrentRisk) -> HazardPage:
    """A hazard with its causes, controls, all that was judged of its risk, evidence, checks and newest comments."""
    shown, lists = in_project(project, hazard), await hazard_told.lists(hazard.id)
    comments = await discussion(project, viewer, hazard.id)
    told = {**dict(shown), "unread_comments": comments.unread if comments else None}
    return HazardPage(
        **told,
        risk=risk,
        cause_records=[CauseRecord.model_validate(cause) for cause in lists["causes"]],
        harms=[HarmRecord.model_validate(harm) for harm in lists["harms"]],
        acts_on={control["id"]: control["acts_on"] for control in lists["controls"] if "acts_on" in control},
        checks=checks_of(await quality_checks.of_hazard(project.id, hazard.id)),
        comments=comments,
        bow_tie=await _bow_tie.of_hazard(hazard),
        next_step=next_step(hazard, risk.acceptance, argued=bool(risk.alarp)),
        evidence=[AttachedEvidence.model_validate(row) for row in await evidence_list.of_hazard(hazard.id, viewer)],
        latest=await latest(project.id, hazard, viewer),
    )
