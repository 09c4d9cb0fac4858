"""Attaches evidence that is there to further hazards, controls and assessments."""

from typing import Annotated

from fastapi import APIRouter, Query

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints.projects._project import Project
from endpoints.projects.project_id.evidence._evidence import (
    Choices,
    CurrentEvidence,
    Evidence,
    Keys,
    choices_for,
)
from endpoints.projects.project_id.evidence.create import Asked
from errors import FieldProblem, Invalid
from models.enumerations import EvidencePurpose
from models.evidence import evidence_additions, evidence_list
from models.evidence.evidence_about import Targets

router = APIRouter()


class Attachment(_fields.Request):
    purpose: EvidencePurpose
    hazards: Keys = []
    controls: Keys = []
    assessments: Keys = []


class AttachForm(Choices):
    evidence: Evidence
    project: Project


@router.get("/")
@requires(may("evidence:write"))
async def form(project: CurrentProject, evidence: CurrentEvidence, asked: Annotated[Asked, Query()]) -> AttachForm:
    """With `hazard` (its reference) or `control`, what the evidence may be about there."""
    about = await choices_for(project.id, asked.hazard, asked.control)
    return AttachForm(**about, evidence=evidence, project=Project.model_validate(project))


@router.post("/")
@requires(may("evidence:write"))
async def attach(
    project: CurrentProject,
    viewer: CurrentViewer,
    evidence: CurrentEvidence,
    actor: CurrentActor,
    attachment: Attachment,
) -> Evidence:
    """409 when it is attached to all of them for that purpose already, or when a hazard is closed."""
    targets = Targets(attachment.hazards, attachment.controls, attachment.assessments)
    if not targets.rows():
        raise Invalid(problems=[FieldProblem("hazards", "Choose what it is about")])
    await evidence_additions.attach(actor, project.id, evidence.id, targets, attachment.purpose)
    return Evidence.model_validate(await evidence_list.find(project.id, evidence.id, viewer))
