"""The hazard log of a project (DCB0129 3.3.1)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._fields import Line, TextInUrl
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._hazard import Hazard
from models import hazard_log
from models.enumerations import HazardStatus, Likelihood, Severity
from models.hazard_log import HazardFilter

router = APIRouter()

Sort = Literal[
    "number", "name", "status", "owner", "level", "initial", "residual", "updated",
    "-number", "-name", "-status", "-owner", "-level", "-initial", "-residual", "-updated",
]  # fmt: skip


def one_line_end(text: str) -> str:
    """A form sends line ends its own way (HTML Living Standard, 4.10.21.8)."""
    return text.replace("\r\n", "\n")


class Wanted(Paging):
    search: Line = ""
    status: HazardStatus | None = None
    level: int | None = Field(None, ge=1, le=5)
    type: Line | None = None
    owner: Annotated[TextInUrl, AfterValidator(one_line_end)] | None = None
    severity: Severity | None = None
    likelihood: Likelihood | None = None
    sort: Sort = "number"


class HazardLog(Page[Hazard]):
    project: Project
    wanted: Wanted
    owners: list[str]
    types: list[str]


@router.get("/")
@requires(may("hazard:read"))
async def list_hazards(project: CurrentProject, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]) -> HazardLog:
    """Hazards in full, filtered, sorted, in pages; `level` is the current one: residual, else initial."""
    asked = HazardFilter(**wanted.model_dump(exclude={"page", "limit"}))
    found, total = await hazard_log.page(project.id, asked, wanted.page, wanted.limit, viewer)
    owners, types = await hazard_log.owners_and_types(project.id)
    return HazardLog(
        data=[Hazard.model_validate(hazard) for hazard in found],
        pagination=pagination(total, wanted.page, wanted.limit),
        project=Project.model_validate(project),
        wanted=wanted,
        owners=owners,
        types=types,
    )
