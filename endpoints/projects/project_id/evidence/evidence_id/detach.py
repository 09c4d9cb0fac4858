"""Takes evidence off something that it is not about; the evidence stays, and history tells where it was."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredText
from endpoints.projects.project_id.evidence._evidence import CurrentEvidence, Evidence
from endpoints.projects.project_id.evidence.evidence_id.index import EvidenceInProject, show
from models.evidence import evidence_additions, evidence_list

router = APIRouter()


class Detachment(_fields.Request):
    """`attachment` is the `id` of one of its `about`."""

    attachment: UUID
    justification: RequiredText


class Asked(BaseModel):
    attachment: UUID | None = None


class DetachForm(EvidenceInProject):
    attachment: UUID | None


@router.get("/")
@requires(may("evidence:write"))
@keeps_draft
async def form(project: CurrentProject, evidence: CurrentEvidence, asked: Annotated[Asked, Query()]) -> DetachForm:
    """What the evidence is attached to."""
    return DetachForm(**dict(await show(project, evidence)), attachment=asked.attachment)


@router.post("/")
@requires(may("evidence:write"))
async def detach(
    project: CurrentProject,
    viewer: CurrentViewer,
    evidence: CurrentEvidence,
    actor: CurrentActor,
    detachment: Detachment,
) -> Evidence:
    """404 when it has no such attachment, 409 when the hazard is closed."""
    why = detachment.justification
    await evidence_additions.detach(actor, project.id, evidence.id, detachment.attachment, why)
    return Evidence.model_validate(await evidence_list.find(project.id, evidence.id, viewer))
