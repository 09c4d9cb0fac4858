"""One piece of evidence: what it is, and what it is about."""

from fastapi import APIRouter

from authentication.access import may, requires
from endpoints._depends import CurrentProject
from endpoints.projects._project import Project
from endpoints.projects.project_id.evidence._evidence import About, CurrentEvidence, Evidence
from models.evidence import evidence_list

router = APIRouter()


class EvidenceInProject(Evidence):
    project: Project
    about: list[About]


@router.get("/")
@requires(may("evidence:read"))
async def show(project: CurrentProject, evidence: CurrentEvidence) -> EvidenceInProject:
    """With everything that it is attached to."""
    about = [About.model_validate(one["about"]) for one in await evidence_list.about(evidence.id)]
    return EvidenceInProject(**dict(evidence), project=Project.model_validate(project), about=about)
