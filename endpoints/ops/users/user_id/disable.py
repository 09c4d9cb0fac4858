"""Shuts an account: every session and token of it is refused from the next request on."""

from uuid import UUID

from fastapi import APIRouter, Response

from authentication import standing
from authentication.access import administrator, requires
from endpoints._depends import CurrentActor
from endpoints._drafts import keeps_draft
from endpoints._faces import Done
from endpoints.ops.users import _user
from endpoints.ops.users._user import Because, User

router = APIRouter()


@router.get("/")
@requires(administrator, recent=True)
@keeps_draft
async def form(user_id: UUID) -> User:
    """The person, and the question why."""
    return await _user.find(user_id)


@router.post("/", status_code=204, response_class=Response)
@requires(administrator, recent=True)
async def disable(user_id: UUID, actor: CurrentActor, order: Because) -> Done:
    """End everything of the account at once; 409 for your own, the last administrator's, and one that is disabled."""
    await standing.set_active(actor, user_id, order.reason, active=False)
    return Done(f"/ops/users/{user_id}/")
