"""Gives and takes the roles of a person; it counts from their next request on."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import standing
from authentication.access import administrator, requires
from endpoints._depends import CurrentActor
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints._fields import Line
from endpoints.ops.users import _user
from endpoints.ops.users._user import Because, User

router = APIRouter()


class Roles(Because):
    """Roles that are left out stay. `registration` says where that of a new Clinical Safety Officer is recorded."""

    is_administrator: bool = False
    is_cso: bool = False
    registration: Line = ""


@router.get("/")
@requires(administrator, recent=True)
@keeps_draft
async def form(user_id: UUID) -> User:
    """The person, whose roles are to be changed."""
    return await _user.find(user_id)


@router.post("/", status_code=204, response_class=Response)
@requires(administrator, recent=True)
async def edit(user_id: UUID, actor: CurrentActor, change: Roles) -> Done:
    """All their sessions end; 409 when it would leave the service without an administrator."""
    roles = change.model_dump(include=set(standing.ROLES), exclude_unset=True)
    await standing.change_roles(actor, user_id, roles, change.reason, change.registration)
    return Done(f"/ops/users/{user_id}/")
