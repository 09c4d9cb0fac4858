"""One change to many hazards with one justification: owner, types, status, or the day of the next review."""

from typing import Annotated
from uuid import UUID

from annotated_types import MaxLen, MinLen
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from authentication.access import may, requires
from authentication.permissions import allows
from endpoints import _fields
from endpoints._depends import CurrentActor, CurrentProject, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import Line, RequiredText
from endpoints._links import Url
from endpoints.projects._project import Project
from endpoints.projects.project_id.hazards._hazard import Hazard
from errors import NotAllowed
from models.hazards import bulk_edits, hazard_log, hazard_types
from models.hazards.bulk_edits import MOST, STATUSES, BulkAction
from models.projects import members

router = APIRouter()

Keys = Annotated[list[UUID], MaxLen(MOST)]


class Chosen(BaseModel):
    """What the log sends: the hazards that were ticked, or with `whole_page` all that it showed."""

    action: BulkAction = BulkAction.OWNER
    hazard_ids: Keys = []
    on_page: Keys = []
    whole_page: bool = False


class Choice(BaseModel):
    user_id: UUID
    name: str


class BulkForm(BaseModel):
    """`types` are those to choose from: of the project's list, or to be removed, of these hazards."""

    project: Project
    action: BulkAction
    hazards: list[Hazard]
    members: list[Choice]
    types: list[str]


class Bulk(_fields.Request):
    hazard_ids: Annotated[Keys, MinLen(1)]
    action: BulkAction
    value: Line = Field("", description="The identifier of a member or `nobody`, a type, or a day; not for a status")
    justification: RequiredText


class Changed(BaseModel):
    """`unchanged` were so already."""

    changed: int
    unchanged: int
    url: Url


@router.get("/")
@requires(may("hazard:write"))
@keeps_draft
async def form(project: CurrentProject, viewer: CurrentViewer, chosen: Annotated[Chosen, Query()]) -> BulkForm:
    """The hazards that would be changed, as they are now."""
    keys = list(dict.fromkeys(chosen.on_page if chosen.whole_page else chosen.hazard_ids))
    found = [one for one in await hazard_log.in_full(keys, viewer) if one["project_id"] == project.id]
    listed = await members.listed(project.id, viewer)
    borne = hazard_log.in_order(name for one in found for name in one["types"])
    return BulkForm(
        project=Project.model_validate(project),
        action=chosen.action,
        hazards=[Hazard.model_validate(one) for one in found],
        members=[Choice(user_id=one["user_id"], name=f"{one['first_name']} {one['last_name']}") for one in listed],
        types=await hazard_types.offered(project.id) if chosen.action is BulkAction.TYPE_ADD else borne,
    )


@router.post("/")
@requires(may("hazard:write"))
async def change(project: CurrentProject, actor: CurrentActor, given: Bulk) -> Changed:
    """All or none: 409 lists the reasons by the references of hazards. Who changes a status needs `hazard:status`."""
    if given.action in STATUSES and not allows("hazard:status", project.role):
        raise NotAllowed
    keys = list(dict.fromkeys(given.hazard_ids))
    done = await bulk_edits.change(actor, project.id, keys, given.action, given.value, given.justification)
    return Changed(changed=len(done), unchanged=len(keys) - len(done), url=f"/projects/{project.id}/hazards/")
