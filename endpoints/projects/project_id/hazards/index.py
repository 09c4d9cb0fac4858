"""The hazard log of a project (DCB0129 3.3.1)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from authentication.access import may, requires
from endpoints._depends import CurrentProject, CurrentViewer
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._filters import Filters, asked
from endpoints.projects.project_id.hazards._hazard import Hazard
from models.comments import discussions
from models.hazards import hazard_pages
from models.projects.projects import VisibleProject
from models.users.people import Viewer

router = APIRouter()

Sort = Literal[
    "number", "name", "status", "owner", "level", "initial", "residual", "updated",
    "-number", "-name", "-status", "-owner", "-level", "-initial", "-residual", "-updated",
]  # fmt: skip


class Wanted(Filters, Paging):
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


@router.get("/")
@requires(may("hazard:read"))
async def list_hazards(project: CurrentProject, viewer: CurrentViewer, wanted: Annotated[Wanted, Query()]) -> HazardLog:
    """Hazards in full, filtered, sorted, in pages; `level` is the current one: residual, else initial."""
    found, total = await hazard_pages.page(
        project.id, asked(wanted, viewer, wanted.sort), wanted.page, wanted.limit, viewer
    )
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


async def with_unread(project: VisibleProject, viewer: Viewer, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many comments on each are new to a member: one statement; nobody else sees comments."""
    if project.role is None or viewer.user_id is None:
        return found
    unread = await discussions.unread([hazard["id"] for hazard in found], viewer.user_id)
    return [{**hazard, "unread_comments": unread.get(hazard["id"], 0)} for hazard in found]
