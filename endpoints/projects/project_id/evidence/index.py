"""The evidence of a project."""

from typing import Annotated

from fastapi import APIRouter, Query

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._fields import Line
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id.evidence._evidence import Evidence
from models.enumerations import EvidenceKind, EvidencePurpose
from models.evidence import evidence_list
from models.evidence.evidence_list import EvidenceFilter

router = APIRouter()


class Wanted(Paging):
    search: Line = ""
    kind: EvidenceKind | None = None
    purpose: EvidencePurpose | None = None


class EvidencePage(Page[Evidence]):
    project: Project
    search: str
    kind: EvidenceKind | None
    purpose: EvidencePurpose | None
    kinds: list[EvidenceKind] = list(EvidenceKind)
    purposes: list[EvidencePurpose] = list(EvidencePurpose)


@router.get("/")
@requires(may("evidence:read"))
async def list_evidence(
    project: CurrentProject, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]
) -> EvidencePage:
    """The newest first; `purpose` is what it is attached for anywhere."""
    asked = wanted.model_dump(include={"search", "kind", "purpose"})
    found, total = await evidence_list.page(project.id, EvidenceFilter(**asked), wanted.page, wanted.limit, viewer)
    return EvidencePage(
        data=[Evidence.model_validate(row) for row in found],
        pagination=pagination(total, wanted.page, wanted.limit),
        project=Project.model_validate(project),
        **asked,
    )
