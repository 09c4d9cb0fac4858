"""The hazard log of a project (DCB0129 3.3.1)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._fields import Line, TextInUrl
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._hazard import Hazard
from models.comments import discussions
from models.enumerations import HazardStatus, Likelihood, Severity, Stage
from models.hazards import hazard_pages
from models.hazards.hazard_filters import HazardFilter
from models.projects.projects import VisibleProject
from models.users.people import Viewer

router = APIRouter()

Sort = Literal[
    "number", "name", "status", "owner", "level", "initial", "residual", "updated",
    "-number", "-name", "-status", "-owner", "-level", "-initial", "-residual", "-updated",
]  # fmt: skip


PERSON = r"^(me|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"


def one_line_end(text: str) -> str:
    """A form sends line ends its own way (HTML Living Standard, 4.10.21.8)."""
    return text.replace("\r\n", "\n")


class Wanted(Paging):
    search: Line = ""
    status: HazardStatus | None = None
    level: int | None = Field(None, ge=1, le=5)
    type: Line | None = None
    owner: Annotated[TextInUrl, AfterValidator(one_line_end)] | None = None
    owner_id: Annotated[str, StringConstraints(pattern=PERSON)] | None = Field(None, description="A user, or me")
    severity: Severity | None = None
    likelihood: Likelihood | None = None
    stage: Stage | None = Field(None, description="Of which rating level, severity and likelihood are")
    unassessed: bool | None = None
    stale: bool | None = Field(None, description="Whether the acceptance in force was given to another state")
    evidence_missing: bool | None = Field(None, description="Whether a control said to be in place lacks evidence")
    overdue: bool | None = Field(None, description="Whether its review or one of its controls is overdue")
    sort: Sort = "number"


class Member(BaseModel):
    id: UUID
    name: str


class HazardLog(Page[Hazard]):
    project: Project
    wanted: Wanted
    owners: list[str]
    types: list[str]
    members: list[Member]


NOBODY = UUID(int=0)


@router.get("/")
@requires(may("hazard:read"))
async def list_hazards(project: CurrentProject, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]) -> HazardLog:
    """Hazards in full, filtered, sorted, in pages; `level` is the current one: residual, else initial."""
    found, total = await hazard_pages.page(project.id, asked(wanted, viewer), wanted.page, wanted.limit, viewer)
    choices = await hazard_pages.choices(project.id)
    members = await hazard_pages.named(choices.members, viewer)
    return HazardLog(
        data=[Hazard.model_validate(hazard) for hazard in await with_unread(project, viewer, found)],
        pagination=pagination(total, wanted.page, wanted.limit),
        project=Project.model_validate(project),
        wanted=wanted,
        owners=choices.owners,
        types=choices.types,
        members=[Member(id=key, name=name) for key, name in members],
    )


def asked(wanted: Wanted, viewer: Viewer) -> HazardFilter:
    """`me` is who asks; who is not signed in owns nothing."""
    given = wanted.model_dump(exclude={"page", "limit"})
    if wanted.owner_id:
        given["owner_id"] = (viewer.user_id or NOBODY) if wanted.owner_id == "me" else UUID(wanted.owner_id)
    return HazardFilter(**given)


async def with_unread(project: VisibleProject, viewer: Viewer, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many comments on each are new to a member: one statement; nobody else sees comments."""
    if project.role is None or viewer.user_id is None:
        return found
    unread = await discussions.unread([hazard["id"] for hazard in found], viewer.user_id)
    return [{**hazard, "unread_comments": unread.get(hazard["id"], 0)} for hazard in found]
