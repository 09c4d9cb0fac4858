"""One change to many hazards with one justification: owner, types, status, or the day of the next review.

They are chosen one by one, or are all that a filter of the log finds.
"""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from annotated_types import MaxLen
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
from endpoints.projects.project_id.hazards._filters import Filters, asked
from endpoints.projects.project_id.hazards._hazard import Hazard
from errors import FieldProblem, Invalid, NotAllowed
from models.hazards import bulk_choices, bulk_edits, hazard_log, hazard_types
from models.hazards.bulk_edits import MOST, STATUSES, BulkAction
from models.projects import members
from models.storage.database import database

router = APIRouter()

Keys = Annotated[list[UUID], MaxLen(MOST)]


class FoundBy(Filters):
    """The filter of the log that led here; with `all_found` it names the hazards."""

    all_found: bool = False


class Chosen(FoundBy):
    """What the log sends: hazards that were ticked, with `whole_page` all it showed, with `all_found` all it has."""

    action: BulkAction = BulkAction.OWNER
    hazard_ids: Keys = []
    on_page: Keys = []
    whole_page: bool = False


class Choice(BaseModel):
    user_id: UUID
    name: str


class BulkForm(BaseModel):
    """`types` are those to choose from: of the project's list, or to be removed, of these hazards.

    `found` is how many the filter finds, where it names them; more than `most` cannot be changed, and none is listed.
    """

    project: Project
    action: BulkAction
    hazards: list[Hazard]
    found: int | None
    most: int = MOST
    members: list[Choice]
    types: list[str]


class Bulk(_fields.Request):
    hazard_ids: Keys = Field([], description="With `all_found`, what its person was shown; empty for whatever is found")
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
    keys, total = list(dict.fromkeys(chosen.on_page if chosen.whole_page else chosen.hazard_ids)), None
    if chosen.all_found:
        keys, total = await bulk_choices.found(project.id, asked(chosen, viewer), viewer)
    found = [one for one in await hazard_log.in_full(keys, viewer) if one["project_id"] == project.id]
    listed = await members.listed(project.id, viewer)
    borne = hazard_log.in_order(name for one in found for name in one["types"])
    return BulkForm(
        project=Project.model_validate(project),
        action=chosen.action,
        hazards=[Hazard.model_validate(one) for one in found],
        found=total,
        members=[Choice(user_id=one["user_id"], name=f"{one['first_name']} {one['last_name']}") for one in listed],
        types=await hazard_types.offered(project.id) if chosen.action is BulkAction.TYPE_ADD else borne,
    )


@router.post("/")
@requires(may("hazard:write"))
async def change(
    project: CurrentProject,
    viewer: CurrentViewer,
    actor: CurrentActor,
    found_by: Annotated[FoundBy, Query()],
    given: Bulk,
) -> Changed:
    """All or none: 409 lists the reasons by the references of hazards. Who changes a status needs `hazard:status`.

    With `all_found` in the query, and the filter of the log, it is 409 as well when other hazards are found than those
    that `hazard_ids` says were seen.
    """
    if given.action in STATUSES and not allows("hazard:status", project.role):
        raise NotAllowed
    keys = list(dict.fromkeys(given.hazard_ids))
    async with database.transaction():
        if found_by.all_found:
            keys = await bulk_choices.settled(project.id, asked(found_by, viewer), keys, viewer)
        elif not keys:
            raise Invalid(problems=[FieldProblem("hazard_ids", "Choose at least one hazard")])
        done = await bulk_edits.change(actor, project.id, keys, given.action, given.value, given.justification)
    back = f"/projects/{project.id}/hazards/?after=hazards&{urlencode(found_by.pairs())}".rstrip("&")
    return Changed(changed=len(done), unchanged=len(keys) - len(done), url=back)
